//! A quantile of all values of all replications together, and its confidence interval.

use super::histogram::{Histogram, Packed};
use super::{Estimate, Interval, Jackknifed, student_t_quantile};

/// The quantile of order `p` of all values of the replications `parts`, whose sum is `pooled`, in the unit of the
/// values; `None` without a value.
///
/// The interval is Woodruff's ("Confidence intervals for medians and other position measures", JASA 47, 1952), with the
/// replications as clusters. Of N values in R replications let q be the quantile and F the fraction of values up to q.
/// In replication r, `A_r` of `n_r` values are up to q; `d_r = A_r - F n_r`. The standard error of F is
/// se = √(Σ `d_r²` / (R (R - 1))) / (N / R), and the ends are the order statistics of ranks ⌊(p - t se) N⌋ and
/// ⌈(p + t se) N⌉ with t = t((1 + `confidence`) / 2, R - 1). If the lower rank is below 1, the lower end is the smallest
/// value; if the upper rank is above N, there is no interval. If many values are equal, se is the larger of the standard
/// errors for values up to q and for values below q. The ends are bucket edges, so the width is never less than the
/// resolution.
pub fn pooled_quantile<'a>(
    pooled: &Histogram,
    parts: impl Iterator<Item = &'a Packed>,
    p: f64,
    confidence: f64,
) -> Option<Estimate> {
    PooledQuantile::of(pooled, parts, p).map(|quantile| quantile.estimate(confidence))
}

/// A quantile of all values of all replications together, and how the values of each replication lie about it.
#[derive(Clone, Debug)]
pub struct PooledQuantile<'a> {
    pooled: &'a Histogram,
    p: f64,
    value: f64,
    /// How many replications have a value.
    samples: usize,
    /// The differences `d_r` of all replications for values below the quantile, and for values up to it.
    differences: [Vec<f64>; 2],
}

impl<'a> PooledQuantile<'a> {
    /// The quantile of order `p` of the replications `parts`, whose sum is `pooled`; `None` without a value.
    pub fn of<'b>(
        pooled: &'a Histogram,
        parts: impl Iterator<Item = &'b Packed>,
        p: f64,
    ) -> Option<PooledQuantile<'a>> {
        let value = pooled.quantile(p)? as f64;
        let bucket = pooled.bucket_at(pooled.rank(p))?;
        let below = bucket.checked_sub(1);
        let ends = [below.unwrap_or(0), bucket];
        let (shares, count) = (pooled.up_to(ends), pooled.count() as f64);
        let mut samples = 0;
        let mut differences = [Vec::new(), Vec::new()];
        for part in parts {
            samples += usize::from(part.count() > 0);
            for ((differences, found), share) in differences.iter_mut().zip(part.up_to(ends)).zip(shares) {
                differences.push(found as f64 - share as f64 / count * part.count() as f64);
            }
        }
        if below.is_none() {
            differences[0].fill(0.0);
        }
        Some(PooledQuantile { pooled, p, value, samples, differences })
    }

    /// The value with its interval of this confidence, as [`pooled_quantile`] says.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        let interval = self.degrees().and_then(|degrees| {
            let runs = f64::from(degrees) + 1.0;
            let [below, up_to] = self.squares();
            let error = (f64::max(below, up_to) / (runs * (runs - 1.0))).sqrt() / (self.pooled.count() as f64 / runs);
            let factor = student_t_quantile(f64::midpoint(1.0, confidence), degrees);
            ends(self.pooled, self.p, factor * error)
        });
        Estimate { value: self.value, interval, samples: self.samples }
    }

    /// The value with leave-one-out values; `None` where there is no interval.
    ///
    /// A histogram is too coarse for the quantile without one replication. So the values are linearised (Francisco and
    /// Fuller, "Quantile estimation with a complex survey design", Annals of Statistics 19, 1991): where more of the
    /// values of replication r are up to q (`d_r` > 0), its own quantile is lower, by an amount in proportion. The factor
    /// is such that the standard error is that of the interval: half of its width / t.
    pub fn without_each(&self) -> Option<Jackknifed> {
        let degrees = self.degrees()?;
        let error = self.estimate(0.95).half_width()? / student_t_quantile(0.975, degrees);
        let [below, up_to] = self.squares();
        let differences = &self.differences[usize::from(up_to >= below)];
        let runs = f64::from(degrees) + 1.0;
        let spread = (f64::max(below, up_to) / (runs * (runs - 1.0))).sqrt();
        let factor = if spread > 0.0 { error / spread } else { 0.0 };
        let others = differences.iter().map(|difference| self.value + difference * factor / (runs - 1.0)).collect();
        Some(Jackknifed { value: self.value, others, resolution: self.resolution() })
    }

    /// How far the representative of the bucket may be from the value that has this rank.
    fn resolution(&self) -> f64 {
        let rank = self.pooled.rank(self.p);
        if rank == 1 || rank == self.pooled.count() {
            return 0.0;
        }
        let edges = self.pooled.edges_at(rank);
        edges.map_or(0.0, |(low, high)| f64::max(self.value - low as f64, high as f64 - self.value))
    }

    /// One less than the number of replications, if there are at least two.
    fn degrees(&self) -> Option<u32> {
        match self.differences[1].len() {
            0 | 1 => None,
            count => Some(u32::try_from(count - 1).unwrap_or(u32::MAX)),
        }
    }

    /// The sums of the squares of both kinds of differences.
    fn squares(&self) -> [f64; 2] {
        [0, 1].map(|kind| self.differences[kind].iter().fold(0.0, |sum, difference| sum + difference * difference))
    }
}

/// The values at the ranks of `p` ± `margin`.
fn ends(pooled: &Histogram, p: f64, margin: f64) -> Option<Interval> {
    let count = pooled.count() as f64;
    let (low, high) = (libm::floor((p - margin) * count), libm::ceil((p + margin) * count));
    if high > count {
        return None;
    }
    let low = if low < 1.0 { pooled.min()? } else { pooled.edges_at(low as u64)?.0 };
    let high = pooled.edges_at(f64::max(high, 1.0) as u64)?.1;
    Some(Interval::between(low as f64, high as f64))
}
