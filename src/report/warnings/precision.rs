//! Whether there is enough data: messages for quantiles, replications for narrow intervals.

use super::observed::{ResultView, percent};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::model::Metric;

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

pub(super) fn check(view: &ResultView, found: &mut Gathering) {
    too_few(view, found);
    imprecise(view, found);
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

fn imprecise(view: &ResultView, found: &mut Gathering) {
    let mut wide: Vec<(Metric, f64)> =
        METRICS.iter().filter_map(|metric| Some((*metric, width(view, *metric)?))).collect();
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
