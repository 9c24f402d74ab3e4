//! The first half of the window against the second: whether the state is steady.

use super::Totals;
use crate::model::scenario::Window;

/// Measurements in one half of the window; `None` without a whole time bin, or without a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Half {
    /// Requests sent per second, in the time bins wholly inside this half; so for the next three.
    pub requests_per_s: Option<f64>,
    /// HTTP bytes sent per second, both ways.
    pub http_bytes_per_s: Option<f64>,
    /// Messages delivered per second.
    pub delivered_per_s: Option<f64>,
    /// Time average of the requests held at the server.
    pub held: Option<f64>,
    /// Mean latency of the messages delivered in this half, in seconds.
    pub latency_mean_s: Option<f64>,
}

impl Totals {
    /// The halves of the window, in one replication.
    pub fn halves(&self, window: &Window) -> [Half; 2] {
        let middle = window.middle();
        let late = self.delivered - self.early;
        let late_nanos = self.latency.sum() - self.early_nanos;
        [(window.warmup, middle, self.early, self.early_nanos), (middle, window.horizon(), late, late_nanos)].map(
            |(from, to, count, nanos)| {
                let bins = self.bins.between(from, to);
                Half {
                    requests_per_s: bins.map(|bins| bins.requests as f64 / bins.width.as_secs_f64()),
                    http_bytes_per_s: bins.map(|bins| bins.http_bytes as f64 / bins.width.as_secs_f64()),
                    delivered_per_s: bins.map(|bins| bins.delivered as f64 / bins.width.as_secs_f64()),
                    held: bins.map(|bins| bins.held_nanos as f64 / bins.width.0 as f64),
                    latency_mean_s: (count > 0).then(|| nanos as f64 / count as f64 / 1e9),
                }
            },
        )
    }
}
