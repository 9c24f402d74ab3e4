//! `short_poll`: polls at an interval.

use super::node::KindTable;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Pace, Phase, ShortPoll};
use crate::units::Time;

/// Reads its table at `node`; `None` without an interval.
pub(super) fn read(table: KindTable, node: &Node, diagnostics: &mut Diagnostics) -> Option<ShortPoll> {
    let inner = node.as_table()?;
    if inner.get("interval").is_none() {
        // A misspelled interval has been reported.
        if !keys::has_unknown("transport.short_poll", inner) {
            let problem = Problem::new("`short_poll` needs an interval").at(node.span, "no interval");
            diagnostics.error(problem.help("write short_poll = { interval = \"1 s\" }"));
        }
        return None;
    }
    Some(ShortPoll {
        interval: table.read::<Time>("interval").max(Time(1)),
        pace: match table.word("pace") {
            "after-reply" => Pace::AfterReply,
            "poisson" => Pace::Poisson,
            _ => Pace::FixedRate,
        },
        phase: match table.word("phase") {
            "random" => Phase::Random,
            _ => Phase::At(table.read("phase")),
        },
        piggyback: table.read("piggyback"),
    })
}
