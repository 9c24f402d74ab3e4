//! A number in a table of results.

use super::head::Head;
use super::sheet::SheetRow;
use crate::model::Metric;
use crate::model::metric::Aggregation;
use crate::report::digits::{Digits, fixed};
use crate::report::survivors::falls_with;
use crate::stats::Estimate;

/// A number with what makes it honest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SheetCell {
    /// The number.
    pub value: String,
    /// Its interval.
    pub spread: Spread95,
    /// Whether the data are too few for an interval.
    pub is_rough: bool,
    /// Whether it may look better as not all messages arrived.
    pub is_of_few: bool,
}

/// A 95 % interval in digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Spread95 {
    /// There is none, or its ends are equal.
    #[default]
    Nothing,
    /// The half-width.
    Half(String),
    /// Its ends.
    Ends(String, String),
}

impl SheetCell {
    /// The cell under a head, with at most `most` significant digits if its interval allows more; `None` without a value.
    pub fn new(row: &SheetRow, place: usize, head: &Head, most: Option<i32>) -> Option<SheetCell> {
        let estimate = head.unit.convert(&row.estimates[place]?);
        let digits = Digits::of(&estimate);
        let written = most.map_or(digits, |most| digits.at_most(most, estimate.value));
        let bound = match is_nearly_all(head.metric, &estimate) {
            true => Some(NEARLY_ALL.to_owned()),
            false => head.unit.nearly_nothing(estimate.value),
        };
        let is_bound = bound.is_some();
        Some(SheetCell {
            value: bound.unwrap_or_else(|| written.write(estimate.value)),
            spread: if is_bound { Spread95::Nothing } else { spread(head.metric, &estimate, digits) },
            is_rough: digits == Digits::Rough && needs_interval(head.metric, estimate.value) && !is_bound,
            is_of_few: row.survivors.is_some() && falls_with(head.metric.name()),
        })
    }
}

/// What is shown of a share that is nearly, but not quite, all, if its interval is not known.
const NEARLY_ALL: &str = ">99.9";

fn is_nearly_all(metric: Metric, shown: &Estimate) -> bool {
    let is_share = metric.aggregation() == Aggregation::Fraction;
    is_share && shown.interval.is_none() && shown.value > 99.9 && shown.value < 100.0
}

fn spread(metric: Metric, estimate: &Estimate, digits: Digits) -> Spread95 {
    let (Digits::Decimals(decimals), Some(interval)) = (digits, estimate.interval) else { return Spread95::Nothing };
    match metric.aggregation() {
        Aggregation::Quantile(_) => Spread95::Ends(fixed(interval.low, decimals), fixed(interval.high, decimals)),
        _ => Spread95::Half(fixed(interval.half_width, decimals)),
    }
}

/// Whether a value without an interval has to say so. The extremes and sums of a run are what they are; that nothing, or
/// everything, of a count was seen is said by the value.
fn needs_interval(metric: Metric, shown: f64) -> bool {
    match metric.aggregation() {
        Aggregation::Minimum | Aggregation::Maximum | Aggregation::Sum => false,
        Aggregation::Fraction => shown > 0.0 && shown < 100.0,
        _ => shown != 0.0,
    }
}
