//! Latency metrics from the distributions of the wait at the server and of the delay down.

use super::delay::DelayDistribution;
use super::expected::{Expected, UNKNOWN};
use super::mixture::Mixture;
use crate::model::metric::Metric;

/// The percentiles that are reported.
pub const PERCENTILES: [(Metric, f64); 4] =
    [(Metric::LatencyP50, 0.5), (Metric::LatencyP90, 0.9), (Metric::LatencyP95, 0.95), (Metric::LatencyP99, 0.99)];

/// Whether a metric is one of these percentiles.
pub fn is_percentile(metric: Metric) -> bool {
    PERCENTILES.iter().any(|(percentile, _)| *percentile == metric)
}

/// Puts the latency if no message waits at the server: it is the delay down.
pub fn put_delay(out: &mut Expected, down: &DelayDistribution) {
    out.put(Metric::LatencyMean, down.mean);
    for (metric, q) in PERCENTILES {
        out.put(metric, down.quantile(q));
    }
    let only = if down.is_constant() { down.mean } else { UNKNOWN };
    out.put(Metric::LatencyMin, only);
    out.put(Metric::LatencyMax, only);
}

/// Puts mean and percentiles of a wait followed by the delay down; the percentiles only if the delay is constant.
pub fn put_wait(out: &mut Expected, wait: &Mixture, down: &DelayDistribution) {
    out.put(Metric::LatencyMean, wait.mean() + down.mean);
    if down.is_constant() {
        for (metric, q) in PERCENTILES {
            out.put(metric, wait.quantile(q) + down.mean);
        }
    }
}

/// Leaves out the percentiles if the phase of a lattice of messages takes too few values: a client sees waits `step`
/// apart within each `period` (nanoseconds), and `phases` clients see unrelated ones. An empirical percentile is then
/// off by up to about `step / phases`; up to a thousandth of the period, the resolution of the histogram, is accepted.
pub fn keep_percentiles_of_even_phases(out: &mut Expected, period: u64, step: u64, phases: u32) {
    if step as f64 > 1e-3 * period as f64 * f64::from(phases) {
        out.leave_out(is_percentile);
    }
}
