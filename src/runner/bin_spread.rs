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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    /// Two bins of 10 ns with so many requests in each.
    fn requests(counts: [usize; 2]) -> Bins {
        let mut bins = Bins::new(Time(10), Time(20));
        for (at, count) in [Time(0), Time(10)].into_iter().zip(counts) {
            (0..count).for_each(|_| bins.request(bins.places().of(at), 3));
        }
        bins
    }

    fn half_widths(replications: &[Bins]) -> Vec<[f64; 4]> {
        let (mut spread, mut pooled) = (BinSpread::default(), replications[0].clone());
        for (before, bins) in replications.iter().enumerate().skip(1) {
            spread.add(bins, &pooled, before);
            pooled.merge(bins);
        }
        spread.half_widths(replications.len())
    }

    /// 1, 2 and 6 requests: mean 3, variance (4 + 1 + 9) / 2 = 7, and t(0.975, 2) = 4.30265.
    #[test]
    fn a_bin_has_the_interval_of_its_replications() {
        let half = half_widths(&[[1, 7], [2, 7], [6, 7]].map(requests));
        let by_hand = 4.302_652_729_749_46 * (7.0_f64 / 3.0).sqrt();
        assert!((half[0][0] - by_hand).abs() < 1e-9 && (half[0][1] - 3.0 * by_hand).abs() < 1e-8, "{half:?}");
        assert_eq!((half[0][2..].to_vec(), half[1]), (vec![0.0; 2], [0.0; 4]));
        assert!(half_widths(&[requests([1, 7])]).is_empty());
    }
}
