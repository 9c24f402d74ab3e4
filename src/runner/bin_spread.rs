//! How far apart the replications of a group are in each time bin.

use crate::model::Bins;
use crate::stats::student_t_quantile;

/// Per time bin and count, the sum of the squared deviations of the replications from their mean; empty before the second
/// replication.
#[derive(Clone, Debug, Default)]
pub(super) struct BinSpread(Vec<[f64; 4]>);

impl BinSpread {
    /// Takes a replication that comes after `count` others, whose merged bins are `pooled`.
    pub fn add(&mut self, bins: &Bins, pooled: &Bins, count: usize) {
        let runs = count as f64;
        self.0.resize(bins.iter().count(), [0.0; 4]);
        for (squares, (one, sums)) in self.0.iter_mut().zip(bins.iter().zip(pooled.iter())) {
            for (square, (one, sum)) in squares.iter_mut().zip(one.counts().into_iter().zip(sums.counts())) {
                // From n to n + 1 replications the sum grows by (n x - Σ)² / (n (n + 1)) (Welford, Technometrics 4, 1962).
                // The difference is one of whole numbers: equal replications give exactly 0.
                let apart = (one * count as u128).abs_diff(sum) as f64;
                *square += apart * apart / (runs * (runs + 1.0));
            }
        }
    }

    /// Half-widths of the 95 % intervals of the mean counts of so many replications: Student's t over the replications.
    pub fn half_widths(self, replications: usize) -> Vec<[f64; 4]> {
        let degrees = u32::try_from(replications.saturating_sub(1)).unwrap_or(u32::MAX);
        let t = student_t_quantile(0.975, degrees);
        let divisor = f64::from(degrees) * replications as f64;
        self.0.into_iter().map(|squares| squares.map(|sum| t * (sum / divisor).sqrt())).collect()
    }
}
