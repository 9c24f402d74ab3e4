//! The words of tables and options for metrics.

use crate::experiment::near::{near_metrics, near_names};
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

/// The metrics that every table has, in the order of their columns.
pub fn usual() -> [Metric; 6] {
    USUAL.map(|(metric, _)| metric)
}

/// Whether a metric is one that every table has.
pub fn is_usual(metric: Metric) -> bool {
    USUAL.iter().any(|(usual, _)| *usual == metric)
}

/// The words over the column of a metric.
pub fn label(metric: Metric) -> &'static str {
    let usual = USUAL.iter().find(|(usual, _)| *usual == metric);
    usual.map_or(metric.labels()[0], |(_, label)| *label)
}

/// The metric of a column or of the words over it; else the nearest name, if there is one.
///
/// # Errors
/// If no metric has this name.
pub fn named(text: &str) -> Result<Metric, Option<&'static str>> {
    let folded = |word: &str| word.trim().to_lowercase().replace(['_', '-'], " ");
    let is_meant = |metric: &&Metric| folded(label(**metric)) == folded(text);
    Metric::from_name(text.trim()).or_else(|| Metric::ALL.iter().find(is_meant).copied()).ok_or_else(|| {
        let words = USUAL.iter().map(|(_, label)| *label);
        near_metrics(text.trim()).first().copied().or_else(|| near_names(text.trim(), words).first().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_the_words_over_them_name_a_metric() {
        assert_eq!(named("arrived_fraction"), Ok(Metric::ArrivedFraction));
        assert_eq!(named("arrived"), Ok(Metric::ArrivedFraction));
        assert_eq!(named("Bytes per message"), Ok(Metric::HttpBytesPerMessage));
        assert_eq!(named("p95_latency"), Ok(Metric::LatencyP95));
        assert_eq!(named("latncy_p95_s"), Err(Some("latency_p95_s")));
    }

    #[test]
    fn the_words_over_the_usual_columns_differ_from_all_others() {
        for metric in usual() {
            let same = Metric::ALL.iter().filter(|other| label(**other) == label(metric)).count();
            assert_eq!(same, 1, "{}", label(metric));
        }
    }
}
