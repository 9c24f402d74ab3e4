//! The columns of a table of results.

use super::display_unit::DisplayUnit;
use crate::experiment::Experiment;
use crate::model::Metric;

/// The metrics that every table has, with the words over their columns.
const USUAL: [(Metric, &str); 6] = [
    (Metric::LatencyMean, "mean latency"),
    (Metric::LatencyP95, "p95 latency"),
    (Metric::HttpBytesPerSecond, "traffic"),
    (Metric::HttpBytesPerMessage, "bytes per message"),
    (Metric::RequestsPerMessage, "requests per message"),
    (Metric::ArrivedFraction, "arrived"),
];

/// A column of a table of results.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Its metric.
    pub metric: Metric,
    /// The words over it.
    pub label: String,
    /// The unit of its numbers.
    pub unit: DisplayUnit,
    /// Whether it may be left out where the screen is too narrow.
    pub is_extra: bool,
}

/// The metrics of a table where none are asked for: the usual ones, then those of the charts.
pub(super) fn usual_metrics(experiment: &Experiment) -> Vec<Metric> {
    let mut metrics: Vec<Metric> = USUAL.iter().map(|(metric, _)| *metric).collect();
    for chart in experiment.charts() {
        let names = chart.y.iter().chain(&chart.x).chain(&chart.value);
        for metric in names.filter_map(|name| Metric::from_name(name)) {
            // The same amount in other units says nothing new.
            let is_known =
                metrics.contains(&metric) || [Metric::HttpMbitPerSecond, Metric::HttpMibitPerSecond].contains(&metric);
            if !is_known {
                metrics.push(metric);
            }
        }
    }
    metrics
}

/// Whether a metric is one that every table has.
pub(super) fn is_usual(metric: Metric) -> bool {
    USUAL.iter().any(|(usual, _)| *usual == metric)
}

/// The words over the column of a metric.
pub(super) fn label(metric: Metric) -> String {
    let usual = USUAL.iter().find(|(usual, _)| *usual == metric);
    usual.map_or(metric.labels()[0], |(_, label)| *label).to_owned()
}
