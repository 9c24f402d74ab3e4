//! `adaptive_poll`: polls at an interval that follows the messages.

use super::node::KindTable;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::values;
use crate::model::scenario::{AdaptivePoll, AdaptiveRule};
use crate::units::Time;

pub(super) fn read(table: KindTable, diagnostics: &mut Diagnostics) -> AdaptivePoll {
    let (min, max) = (table.time("min").unwrap_or_default().max(Time(1)), table.time("max").unwrap_or_default());
    if max < min {
        let problem = Problem::new("`adaptive_poll.max` must not be below `min`");
        let problem = problem.at(table.span("max"), format!("below {min}"));
        diagnostics.error(problem.help("exchange them, or write a longer max"));
    }
    let factor = table.node("factor").map_or(2.0, values::checked_number);
    if factor < 1.0 {
        let problem = Problem::new("`adaptive_poll.factor` must be at least 1");
        diagnostics.error(problem.at(table.span("factor"), "would poll faster").help("write factor = 2"));
    }
    let weight = table.node("weight").and_then(|node| values::share("weight", node).ok()).unwrap_or(0.5);
    let rule = if table.word("on_data") == "rate" { AdaptiveRule::Rate(weight) } else { AdaptiveRule::Reset };
    AdaptivePoll { min, max: max.max(min), factor: factor.max(1.0), rule, piggyback: table.flag("piggyback") }
}
