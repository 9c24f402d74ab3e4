//! Whether there is enough to tell: messages for quantiles, replications for narrow intervals.

use super::{View, What, percent};
use crate::experiment::warning::{Gathering, Kind};
use crate::model::Metric;

/// Quantiles, and the messages that each needs: ten of them lie beyond it.
const QUANTILES: [(&str, f64); 4] =
    [("latency_p50_s", 20.0), ("latency_p90_s", 100.0), ("latency_p95_s", 200.0), ("latency_p99_s", 1000.0)];

/// An interval that is wider than this share of its value, to either side, is worth a warning.
const WIDE: f64 = 0.05;

const METRICS: [Metric; 3] = [Metric::LatencyMean, Metric::LatencyP95, Metric::HttpBytesPerSecond];

pub(super) fn look(view: &View, found: &mut Gathering) {
    too_few(view, found);
    imprecise(view, found);
}

fn too_few(view: &View, found: &mut Gathering) {
    let messages = view.totals.latency.count() as f64 / view.bunch();
    let lacking: Vec<_> = QUANTILES.iter().filter(|(_, needed)| messages < *needed).collect();
    let (Some((_, most)), true) = (lacking.last(), messages > 0.0) else { return };
    let named: Vec<String> = lacking.iter().map(|(name, needed)| format!("`{name}` ({needed})")).collect();
    let each = messages / view.group.replications.len() as f64;
    view.add(
        found,
        What {
            kind: Kind::TooFewMessages,
            cause: String::new(),
            weight: -messages,
            message: format!("{messages:.0} messages arrived in all replications together"),
            details: vec![format!(
                "too few for {}{}",
                named.join(", "),
                if view.bunch() > 1.0 { "; what many get at once counts once" } else { "" }
            )],
            help: format!("write replications = {} or more, or a longer duration", (most / each).ceil()),
        },
    );
}

fn imprecise(view: &View, found: &mut Gathering) {
    let mut wide: Vec<(Metric, f64)> = METRICS.iter().filter_map(|metric| Some((*metric, width(view, *metric)?))).collect();
    wide.retain(|(_, width)| *width > WIDE);
    wide.sort_by(|one, other| other.1.total_cmp(&one.1));
    let Some((widest, width)) = wide.first().copied() else { return };
    let replications = view.group.replications.len() as f64;
    let mut details: Vec<String> = Vec::new();
    if wide.len() > 1 {
        let others = wide[1..].iter().map(|(metric, width)| format!("of `{}` by {}", metric.name(), percent(*width)));
        details.push(format!("that {}", others.collect::<Vec<_>>().join(", that ")));
    }
    view.add(
        found,
        What {
            kind: Kind::Imprecise,
            cause: String::new(),
            weight: width,
            message: format!(
                "the 95 % interval of `{}` reaches {} of it to either side",
                widest.name(),
                percent(width)
            ),
            details,
            help: format!(
                "write replications = {} for 5 %, or a longer duration",
                (replications * (width / WIDE).powi(2)).ceil()
            ),
        },
    );
}

/// The half-width as a share of the value.
fn width(view: &View, metric: Metric) -> Option<f64> {
    let place = Metric::ALL.iter().position(|other| *other == metric)?;
    let summary = view.group.summary(place)?;
    Some(summary.half_width? / summary.mean.abs()).filter(|width| width.is_finite())
}
