//! The serialised form of a histogram: the non-empty buckets, checked when read.

use serde::{Deserialize, Serialize};

use super::{Histogram, LAST_BUCKET, bounds, bucket};

/// The stored form: the non-empty buckets.
#[derive(Serialize, Deserialize)]
pub(super) struct Sparse {
    pub(super) sum: u128,
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) buckets: Vec<(u32, u64)>,
}

/// Why stored data is not a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistogramError {
    /// Buckets must have valid indices that rise, and counts above 0 whose sum fits 64 bits.
    #[error("the buckets of the histogram are damaged")]
    Buckets,
    /// Smallest value, largest value and sum must fit the buckets.
    #[error("smallest value, largest value or sum of the histogram contradict its buckets")]
    Totals,
}

impl From<Histogram> for Sparse {
    fn from(h: Histogram) -> Sparse {
        Sparse { sum: h.sum, min: h.min().unwrap_or(0), max: h.max, buckets: h.buckets().collect() }
    }
}

impl TryFrom<Sparse> for Histogram {
    type Error = HistogramError;

    fn try_from(stored: Sparse) -> Result<Histogram, HistogramError> {
        let mut h = Histogram::new();
        let (Some(&(low, _)), Some(&(high, _))) = (stored.buckets.first(), stored.buckets.last()) else {
            let empty = stored.sum == 0 && stored.min == 0 && stored.max == 0;
            return if empty { Ok(h) } else { Err(HistogramError::Totals) };
        };
        let rising = stored.buckets.is_sorted_by(|a, b| a.0 < b.0) && high <= LAST_BUCKET;
        if !rising || stored.buckets.iter().any(|&(_, times)| times == 0) {
            return Err(HistogramError::Buckets);
        }
        h.reserve(low, high);
        let (mut least, mut most) = (0_u128, 0_u128);
        for &(bucket, times) in &stored.buckets {
            h.counts[(bucket - h.first) as usize] = times;
            h.count = h.count.checked_add(times).ok_or(HistogramError::Buckets)?;
            least += u128::from(bounds(bucket).0) * u128::from(times);
            most += u128::from(bounds(bucket).1) * u128::from(times);
        }
        let ends = bucket(stored.min) == low && bucket(stored.max) == high && stored.min <= stored.max;
        if !ends || !(least..=most).contains(&stored.sum) {
            return Err(HistogramError::Totals);
        }
        (h.sum, h.min_complement, h.max) = (stored.sum, !stored.min, stored.max);
        Ok(h)
    }
}
