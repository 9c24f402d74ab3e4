//! Whether the second half of the window is like the first.

use super::observed::{ResultView, percent};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::model::Half;
use crate::stats::student_t_quantile;

/// A change below this fraction is negligible.
const CHANGE: f64 = 0.05;
/// The probability of an error in any of the comparisons of an experiment.
const CHANCE: f64 = 0.01;

type Reading = fn(&Half) -> Option<f64>;

const METRICS: [(&str, Reading); 5] = [
    ("latency_mean_s", |half| half.latency_mean_s),
    ("http_bytes_per_s", |half| half.http_bytes_per_s),
    ("requests_per_s", |half| half.requests_per_s),
    ("messages_delivered", |half| half.delivered_per_s),
    ("held_requests_mean", |half| half.held),
];

/// Compares the halves over the replications; `groups` is the number of groups to compare.
pub(super) fn check(view: &ResultView, groups: usize, found: &mut Gathering) {
    if view.scenario.is_meant_to_change() {
        return;
    }
    let comparisons = (groups * METRICS.len()) as f64;
    let change = |(name, reading): &(&'static str, Reading)| Some((*name, change(view, *reading, comparisons)?));
    let mut changes: Vec<(&str, f64)> = METRICS.iter().filter_map(change).collect();
    changes.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    let Some((name, largest)) = changes.first().copied() else { return };
    let mut details = Vec::new();
    if changes.len() > 1 {
        let others: Vec<String> = changes[1..].iter().map(|(name, _)| format!("`{name}`")).collect();
        details.push(format!("also different: {}", others.join(", ")));
    }
    let (lower, higher) = if largest > 0.0 { ("first", "second") } else { ("second", "first") };
    let size = largest.abs();
    let what = Diagnosis {
        kind: WarningKind::NotSteady,
        cause: String::new(),
        weight: size,
        message: format!("`{name}` is {} lower in the {lower} half of the window than in the {higher}", percent(size)),
        details,
        help: "write a longer warmup; there is no steady state where the load is more than can be carried".to_owned(),
    };
    view.add(found, what);
}

/// The change from the first half to the second, as a fraction of the larger, if it is significant and not negligible.
fn change(view: &ResultView, reading: Reading, comparisons: f64) -> Option<f64> {
    let halves = view.group.replications.iter().map(|replication| &replication.halves);
    let pairs: Vec<(f64, f64)> =
        halves.filter_map(|[first, second]| Some((reading(first)?, reading(second)?))).collect();
    let count = pairs.len() as f64;
    let degrees = u32::try_from(pairs.len().checked_sub(1)?).ok().filter(|degrees| *degrees > 0)?;
    let sums = pairs.iter().fold((0.0, 0.0), |sums, (first, second)| (sums.0 + first, sums.1 + second));
    let level = f64::max(sums.0, sums.1) / count;
    let mean = pairs.iter().map(|(first, second)| second - first).sum::<f64>() / count;
    let squares: f64 = pairs.iter().map(|(first, second)| (second - first - mean).powi(2)).sum();
    let t = student_t_quantile(1.0 - CHANCE / comparisons / 2.0, degrees);
    let half_width = t * (squares / f64::from(degrees) / count).sqrt();
    if mean.abs() > half_width && mean.abs() > CHANGE * level { Some(mean / level) } else { None }
}
