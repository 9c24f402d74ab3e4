//! Latency metrics from the distributions of the wait at the server and of the delay down.

use super::delay::DelayDistribution;
use super::expected::{Expected, UNKNOWN};
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

/// A mixture of uniform distributions: the wait of messages for the check that takes them. Pieces of probability mass,
/// each spread evenly over `[low, high]` seconds (an atom if they are equal); the masses need not add up to one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mixture {
    pieces: Vec<(f64, f64, f64)>,
}

impl Mixture {
    /// One piece.
    pub fn uniform(low: f64, high: f64) -> Mixture {
        Mixture::default().with(low, high, 1.0)
    }

    /// The mixture with one more piece.
    #[must_use]
    pub fn with(mut self, low: f64, high: f64, mass: f64) -> Mixture {
        if mass > 0.0 {
            self.pieces.push((low, high, mass));
        }
        self
    }

    /// The total mass.
    pub fn mass(&self) -> f64 {
        self.pieces.iter().map(|&(_, _, mass)| mass).sum()
    }

    /// The mean, in seconds.
    pub fn mean(&self) -> f64 {
        self.pieces.iter().map(|&(low, high, mass)| mass * low.midpoint(high)).sum::<f64>() / self.mass()
    }

    /// The mass at or below `x`.
    fn below(&self, x: f64) -> f64 {
        let share = |&(low, high, mass): &(f64, f64, f64)| {
            if x >= high {
                mass
            } else if x <= low {
                0.0
            } else {
                mass * (x - low) / (high - low)
            }
        };
        self.pieces.iter().map(share).sum()
    }

    /// The least `x` with a share of at least `q` at or below it.
    pub fn quantile(&self, q: f64) -> f64 {
        let target = q * self.mass();
        let mut corners: Vec<f64> = self.pieces.iter().flat_map(|&(low, high, _)| [low, high]).collect();
        corners.sort_by(f64::total_cmp);
        let Some(place) = corners.iter().position(|&corner| self.below(corner) >= target) else {
            return corners.last().copied().unwrap_or(UNKNOWN);
        };
        let high = corners[place];
        let Some(&low) = place.checked_sub(1).and_then(|before| corners.get(before)) else {
            return high;
        };
        let atom: f64 =
            self.pieces.iter().filter(|piece| piece.0 >= high && piece.1 <= high).map(|piece| piece.2).sum();
        let (start, end) = (self.below(low), self.below(high) - atom);
        if end > start && target < end { low + (high - low) * (target - start) / (end - start) } else { high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_uniform_piece_has_a_linear_quantile() {
        let law = Mixture::uniform(1.0, 3.0);
        assert!((law.quantile(0.25) - 1.5).abs() < 1e-12);
        assert!((law.mean() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_atom_takes_its_share_and_the_rest_is_spread() {
        let law = Mixture::default().with(0.0, 0.0, 3.0).with(0.0, 2.0, 1.0);
        assert!(law.quantile(0.5).abs() < 1e-12);
        assert!((law.quantile(0.875) - 1.0).abs() < 1e-12);
        assert!((law.mean() - 0.25).abs() < 1e-12);
    }

    #[test]
    fn overlapping_pieces_agree_with_a_bisection_of_the_mass() {
        let law = Mixture::default().with(0.0, 4.0, 2.0).with(1.0, 2.0, 5.0).with(0.5, 3.0, 1.0).with(2.5, 2.5, 0.7);
        for step in 1..100 {
            let q = f64::from(step) / 100.0;
            let (mut low, mut high) = (0.0, 4.0);
            for _ in 0..80 {
                let middle = f64::midpoint(low, high);
                if law.below(middle) < q * law.mass() { low = middle } else { high = middle }
            }
            assert!((law.quantile(q) - high).abs() < 1e-9, "q = {q}: {} against {high}", law.quantile(q));
        }
    }
}
