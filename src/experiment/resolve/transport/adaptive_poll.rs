//! `adaptive_poll`: polls at an interval that follows the messages.

use super::node::KindTable;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::model::scenario::{AdaptivePoll, AdaptiveRule};
use crate::units::Time;

pub(super) fn read(table: KindTable, diagnostics: &mut Diagnostics) -> AdaptivePoll {
    let (min, max) = (table.read::<Time>("min").max(Time(1)), table.read::<Time>("max"));
    if max < min {
        let problem = Problem::new("`adaptive_poll.max` must not be below `min`");
        let problem = problem.at(table.span("max"), format!("below {min}"));
        diagnostics.error(problem.help("exchange them, or write a longer max"));
    }
    let factor: f64 = table.read("factor");
    if factor < 1.0 {
        let problem = Problem::new("`adaptive_poll.factor` must be at least 1");
        diagnostics.error(problem.at(table.span("factor"), "would poll faster").help("write factor = 2"));
    }
    let by_rate = table.word("on_data") == "rate";
    let rule = if by_rate { AdaptiveRule::Rate(table.read("weight")) } else { AdaptiveRule::Reset };
    AdaptivePoll { min, max: max.max(min), factor: factor.max(1.0), rule, piggyback: table.read("piggyback") }
}
