//! The columns of a table of results.

use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::display_unit::DisplayUnit;
use crate::report::metric_words::usual;

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
    let mut metrics = usual().to_vec();
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
