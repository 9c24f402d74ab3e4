//! Whether there is enough data: messages for quantiles, replications for narrow intervals.

use super::observed::{ResultView, percent};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::experiment::{Goal, HalfWidth, Precision};
use crate::model::Metric;
use crate::stats::LookAhead;

/// Quantiles, and the number of messages that each needs: ten of them are above it.
const QUANTILES: [(Metric, f64); 4] = [
    (Metric::LatencyP50, 50.0),
    (Metric::LatencyP90, 100.0),
    (Metric::LatencyP95, 200.0),
    (Metric::LatencyP99, 1000.0),
];

/// An interval whose half-width is above this fraction of its value gets a warning.
const WIDE: f64 = 0.05;

const METRICS: [Metric; 3] = [Metric::LatencyMean, Metric::LatencyP95, Metric::HttpBytesPerSecond];

/// Warns of too few data; `precision` has the goals of the experiment.
pub(super) fn check(view: &ResultView, precision: Option<&Precision>, found: &mut Gathering) {
    too_few(view, found);
    let goals = precision.map_or(&[][..], |precision| &precision.goals);
    not_reached(view, goals, found);
    imprecise(view, goals, found);
}

/// More replications than this are no advice.
const MOST: f64 = 1e6;

/// A goal that was missed.
struct Missed {
    metric: Metric,
    /// The half-width as a multiple of the goal; infinite without an interval.
    excess: f64,
    /// The half-width that was reached, and the goal, in words.
    half_widths: Option<[String; 2]>,
}

impl Missed {
    /// `None` if the goal is met.
    fn of(view: &ResultView, goal: &Goal) -> Option<Missed> {
        let metric = goal.metric;
        let estimate = view.group.estimate(metric);
        let half = estimate.and_then(|estimate| estimate.half_width());
        let (Some(estimate), Some(half)) = (estimate, half) else {
            return Some(Missed { metric, excess: f64::INFINITY, half_widths: None });
        };
        let (wanted, half_widths) = match goal.half_width {
            HalfWidth::Fraction(fraction) => {
                let reached = half / estimate.value.abs();
                (
                    fraction * estimate.value.abs(),
                    [reached, fraction].map(|share| format!("{} %", short(100.0 * share))),
                )
            }
            HalfWidth::Absolute(wanted) => {
                (wanted, [half, wanted].map(|half| format!("{} {}", short(half), metric.unit()).trim_end().to_owned()))
            }
        };
        // A value of 0 has no percentage of itself.
        let excess = if half <= 0.0 { 0.0 } else { half / wanted };
        if excess > 1.0 { Some(Missed { metric, excess, half_widths: Some(half_widths) }) } else { None }
    }

    fn words(&self) -> String {
        let name = self.metric.name();
        match &self.half_widths {
            Some([reached, wanted]) => format!("`{name}` is known within {reached}, not within {wanted}"),
            None => format!("`{name}` has no interval"),
        }
    }
}

/// Three significant digits.
fn short(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn not_reached(view: &ResultView, goals: &[Goal], found: &mut Gathering) {
    let mut missed: Vec<Missed> = goals.iter().filter_map(|goal| Missed::of(view, goal)).collect();
    missed.sort_by(|one, other| other.excess.total_cmp(&one.excess));
    let Some(worst) = missed.first() else { return };
    let count = view.group.replications.len();
    // The half-width falls with the square root of the number.
    let needed = (count as f64 * worst.excess * worst.excess).ceil();
    let help = if needed <= MOST {
        let most = LookAhead::confirmed(needed as u32);
        format!("write max_replications = {most} in [experiment], a longer duration, or a wider half_width")
    } else {
        "write a longer duration, or a wider half_width".to_owned()
    };
    let what = Diagnosis {
        kind: WarningKind::PrecisionNotReached,
        cause: String::new(),
        weight: worst.excess,
        message: format!("after {count} replications {}", worst.words()),
        details: missed[1..].iter().map(Missed::words).collect(),
        help,
    };
    view.add(found, what);
}

fn too_few(view: &ResultView, found: &mut Gathering) {
    let (arrived, whole) = (view.totals.latency.count(), &view.group.pooled);
    let lacks = |metric: Metric| !view.totals.suffice(metric, &view.scenario, whole);
    let lacking: Vec<_> = QUANTILES.iter().filter(|(metric, _)| lacks(*metric)).collect();
    let (Some((_, most)), true) = (lacking.last(), arrived > 0) else { return };
    let independent = view.totals.independent_messages(&view.scenario, whole);
    let named: Vec<String> = lacking.iter().map(|(metric, needed)| format!("`{}` ({needed})", metric.name())).collect();
    let mut details = vec![format!("too few for the interval of {}", named.join(", "))];
    if independent < arrived {
        details.push(format!("what goes to many, or comes in a burst, counts once: {independent} are independent"));
    }
    let replications = view.group.replications.len() as f64;
    let what = Diagnosis {
        kind: WarningKind::TooFewMessages,
        cause: String::new(),
        weight: -(independent as f64),
        message: format!("{arrived} messages arrived in all replications together"),
        details,
        help: format!(
            "write replications = {} or more, or a longer duration",
            (most * replications / independent.max(1) as f64).ceil()
        ),
    };
    view.add(found, what);
}

/// A metric with a goal is as precise as it is meant to be, or the goal was missed.
fn imprecise(view: &ResultView, goals: &[Goal], found: &mut Gathering) {
    let has_goal = |metric: &&Metric| goals.iter().any(|goal| goal.metric == **metric);
    let others = METRICS.iter().filter(|metric| !has_goal(metric));
    let mut wide: Vec<(Metric, f64)> = others.filter_map(|metric| Some((*metric, width(view, *metric)?))).collect();
    wide.retain(|(_, width)| *width > WIDE);
    wide.sort_by(|one, other| other.1.total_cmp(&one.1));
    let Some((widest, width)) = wide.first().copied() else { return };
    let replications = view.group.replications.len() as f64;
    let mut details: Vec<String> = Vec::new();
    if wide.len() > 1 {
        let others = wide[1..].iter().map(|(metric, width)| format!("of `{}` by {}", metric.name(), percent(*width)));
        details.push(format!("that {}", others.collect::<Vec<_>>().join(", that ")));
    }
    let what = Diagnosis {
        kind: WarningKind::Imprecise,
        cause: String::new(),
        weight: width,
        message: format!("the 95 % interval of `{}` reaches {} of it to either side", widest.name(), percent(width)),
        details,
        help: format!(
            "write replications = {} for 5 %, or a longer duration",
            (replications * (width / WIDE).powi(2)).ceil()
        ),
    };
    view.add(found, what);
}

/// The half-width as a fraction of the value.
fn width(view: &ResultView, metric: Metric) -> Option<f64> {
    let estimate = view.group.estimate(metric)?;
    Some(estimate.half_width()? / estimate.value.abs()).filter(|width| width.is_finite())
}
