//! Whether the precision that an experiment asks for was reached.

use super::readings::ReadRow;
use super::tabled::Tabled;
use crate::experiment::{Goal, HalfWidth};
use crate::report::digits::significant;

/// Says how precise the metrics with a goal are, and after how many replications, if all goals are met; a warning names
/// those that are not.
pub(super) fn reached(tabled: &Tabled) -> Option<String> {
    let experiment = &*tabled.experiment;
    if experiment.search().is_some() || experiment.quick() {
        return None;
    }
    let goals = experiment.precision()?.goals;
    let parts: Vec<String> = goals.iter().map(|goal| of_goal(tabled, goal)).collect::<Option<_>>()?;
    let count = match tabled.readings.replications()? {
        (fewest, most) if fewest == most => fewest.to_string(),
        (fewest, most) => format!("{fewest} to {most}"),
    };
    if parts.is_empty() {
        None
    } else {
        Some(format!("Precision reached: {}, after {count} replications.", parts.join("; ")))
    }
}

/// `latency_p95_s within 0.48 % (asked for: 0.5 %)`: the widest half-width of all rows; `None` if a row misses the goal.
fn of_goal(tabled: &Tabled, goal: &Goal) -> Option<String> {
    let widths = tabled.readings.wholes().map(|row| width(row, goal)).collect::<Option<Vec<f64>>>()?;
    let widest = widths.into_iter().reduce(f64::max)?;
    let metric = goal.metric;
    let (wanted, scale, unit) = match goal.half_width {
        HalfWidth::Fraction(fraction) => (fraction, 100.0, "%"),
        HalfWidth::Absolute(wanted) => (wanted, 1.0, metric.unit()),
    };
    if widest > wanted {
        return None;
    }
    let words = |width: f64| format!("{} {unit}", significant(width * scale, 2)).trim_end().to_owned();
    let asked = format!("{} {unit}", wanted * scale);
    Some(format!("{} within {} (asked for: {})", metric.name(), words(widest), asked.trim_end()))
}

/// The half-width of a row, as the goal counts it; a value of 0 has no percentage of itself.
fn width(row: &ReadRow, goal: &Goal) -> Option<f64> {
    let estimate = row.estimate(goal.metric)?;
    let half = estimate.half_width()?;
    Some(match goal.half_width {
        HalfWidth::Fraction(_) if half <= 0.0 => 0.0,
        HalfWidth::Fraction(_) => half / estimate.value.abs(),
        HalfWidth::Absolute(_) => half,
    })
}
