//! A distribution function in few points.

use crate::stats::Histogram;

/// Steps of the fraction at which a point is kept, in the middle of the distribution.
const STEPS: f64 = 200.0;
/// Towards 1 a point is kept whenever the rest has shrunk by this factor.
const TAIL: f64 = 0.8;

/// Latency in nanoseconds and the fraction of deliveries that took at most as long: the first, the last, and as many in
/// between as a curve needs, finer towards the tail. The last latency is the largest one.
pub(super) fn thinned(latency: &Histogram) -> Vec<(u64, f64)> {
    let count = latency.count() as f64;
    let mut kept: Vec<(u64, f64)> = Vec::new();
    for (nanos, cumulative) in latency.distribution() {
        let fraction = cumulative as f64 / count;
        let is_needed = match kept.last() {
            None => true,
            Some((_, last)) => {
                let rest = 1.0 - fraction;
                fraction - last >= 1.0 / STEPS || rest <= (1.0 - last) * TAIL || cumulative == latency.count()
            }
        };
        if is_needed {
            kept.push((nanos, fraction));
        }
    }
    kept
}
