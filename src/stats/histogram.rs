//! A log-linear histogram of integers: exact merging, bounded relative error.
//!
//! Values below 2048 have a bucket each. From there on every octave [2^e, 2^(e+1)) has 1024 buckets, so a bucket is at
//! most 2^-10 of its lower bound wide and its middle is within 2^-11 (0.05 %) of every value in it. `HdrHistogram` uses
//! the same scheme (Tene, hdrhistogram.org).

mod packed;
mod stored;

use serde::{Deserialize, Serialize};

pub use packed::Packed;
pub use stored::HistogramError;
use stored::Sparse;

/// The number of buckets in an octave is 2 to this power.
const OCTAVE_BITS: u32 = 10;
/// The bucket of `u64::MAX`.
const LAST_BUCKET: u32 = bucket(u64::MAX);
/// Storage starts and ends at multiples of this.
const BLOCK: u32 = 64;

/// Counts of `u64` values in log-linear buckets, with exact count, sum, smallest and largest.
///
/// Two histograms are equal if they hold the same counts, however these were added.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Sparse", into = "Sparse")]
pub struct Histogram {
    /// The bucket of `counts[0]`.
    first: u32,
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    /// The complement of the smallest value (0 while empty), so that an empty histogram is all zeros.
    min_complement: u64,
    max: u64,
}

impl Histogram {
    /// An empty histogram. It allocates nothing.
    pub fn new() -> Histogram {
        Histogram::default()
    }

    /// Adds one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        let bucket = bucket(value);
        match self.counts.get_mut(bucket.wrapping_sub(self.first) as usize) {
            Some(slot) => *slot += 1,
            None => self.record_outside(bucket),
        }
        self.count += 1;
        self.sum += u128::from(value);
        self.min_complement = self.min_complement.max(!value);
        self.max = self.max.max(value);
    }

    /// Adds all values of `other`. The result does not depend on how values were split over histograms.
    pub fn merge(&mut self, other: &Histogram) {
        let (Some((low, _)), Some((high, _))) = (other.buckets().next(), other.buckets().next_back()) else { return };
        self.reserve(low, high);
        for (bucket, times) in other.buckets() {
            self.counts[(bucket - self.first) as usize] += times;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min_complement = self.min_complement.max(other.min_complement);
        self.max = self.max.max(other.max);
    }

    /// The number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The exact sum of the values.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The exact smallest value.
    pub fn min(&self) -> Option<u64> {
        if self.count > 0 { Some(!self.min_complement) } else { None }
    }

    /// The exact largest value.
    pub fn max(&self) -> Option<u64> {
        if self.count > 0 { Some(self.max) } else { None }
    }

    /// The mean of the values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The quantile of order `q`: the smallest recorded value v such that at least ceil(q n) of the n values are <= v,
    /// within 0.05 % (exact below 2048). `q` is clamped to [0, 1]; order 0 is the smallest value, order 1 the largest.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let rank = self.rank(q);
        if rank == 1 {
            return self.min();
        }
        if rank == self.count {
            return self.max();
        }
        self.iter().find(|&(_, cumulative)| cumulative >= rank).map(|(value, _)| value)
    }

    /// The rank of the quantile of order `q` among the values, from 1.
    pub(crate) fn rank(&self, q: f64) -> u64 {
        // The factor undoes the rounding of q and of the product: 0.07 * 100 is 7.000000000000001.
        let rank = libm::ceil(q * self.count as f64 * (1.0 - 2.0 * f64::EPSILON)) as u64;
        rank.clamp(1, self.count.max(1))
    }

    /// The bucket of the value of this rank, from 1.
    pub(crate) fn bucket_at(&self, rank: u64) -> Option<u32> {
        let mut cumulative = 0;
        let mut reaches = |times: u64| {
            cumulative += times;
            cumulative >= rank
        };
        self.buckets().find(|&(_, times)| reaches(times)).map(|(bucket, _)| bucket)
    }

    /// The bounds of the value of this rank.
    pub(crate) fn edges_at(&self, rank: u64) -> Option<(u64, u64)> {
        let (low, high) = bounds(self.bucket_at(rank)?);
        Some((low.max(!self.min_complement), high.min(self.max)))
    }

    /// The number of values in buckets up to and including each of `last`.
    pub(crate) fn up_to<const N: usize>(&self, last: [u32; N]) -> [u64; N] {
        last.map(|last| self.buckets().take_while(|&(bucket, _)| bucket <= last).map(|(_, times)| times).sum())
    }

    /// The empirical distribution function: for every bucket that is not empty, in rising order, its representative
    /// and the number of values up to and including this bucket (at last the count).
    ///
    /// The representative is the middle of the bucket, clamped to [smallest, largest].
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let (min, max) = (!self.min_complement, self.max);
        self.buckets().scan(0, move |cumulative, (bucket, times)| {
            *cumulative += times;
            Some((middle(bucket).clamp(min, max), *cumulative))
        })
    }

    /// As [`Histogram::iter`], with the upper end of each bucket as its representative, so that the number of values up
    /// to it is exact. The last is the largest value.
    pub fn distribution(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.buckets().scan(0, move |cumulative, (bucket, times)| {
            *cumulative += times;
            Some((bounds(bucket).1.min(self.max), *cumulative))
        })
    }

    /// Writes the content in a canonical form, for a fingerprint: count, sum, smallest, largest (both 0 if empty),
    /// then bucket index and count of every bucket that is not empty, all little-endian (8, 16, 8, 8, then 4 and 8
    /// bytes each).
    pub fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        sink(&self.count.to_le_bytes());
        sink(&self.sum.to_le_bytes());
        sink(&self.min().unwrap_or(0).to_le_bytes());
        sink(&self.max.to_le_bytes());
        for (bucket, times) in self.buckets() {
            sink(&bucket.to_le_bytes());
            sink(&times.to_le_bytes());
        }
    }

    /// Index and count of every bucket that is not empty, in rising order.
    fn buckets(&self) -> impl DoubleEndedIterator<Item = (u32, u64)> + '_ {
        let indexed = self.counts.iter().enumerate().filter(|&(_, &times)| times > 0);
        indexed.map(|(i, &times)| (self.first + i as u32, times))
    }

    #[cold]
    fn record_outside(&mut self, bucket: u32) {
        self.reserve(bucket, bucket);
        self.counts[(bucket - self.first) as usize] += 1;
    }

    /// Makes room for the buckets `low` to `high`. It grows downwards by at least a quarter, as a vector grows upwards
    /// by doubling, so the cost of copying is amortised.
    #[cold]
    fn reserve(&mut self, low: u32, high: u32) {
        if self.counts.is_empty() {
            self.first = low / BLOCK * BLOCK;
        }
        if low < self.first {
            let slack = self.counts.len() as u32 / 4;
            let first = low.min(self.first.saturating_sub(slack)) / BLOCK * BLOCK;
            self.counts.splice(0..0, core::iter::repeat_n(0, (self.first - first) as usize));
            self.first = first;
        }
        let wanted = ((high / BLOCK + 1) * BLOCK - self.first) as usize;
        if wanted > self.counts.len() {
            self.counts.resize(wanted, 0);
        }
    }
}

/// Shows the exact totals, not thousands of buckets.
impl core::fmt::Debug for Histogram {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut fields = f.debug_struct("Histogram");
        fields.field("count", &self.count).field("sum", &self.sum).field("min", &self.min()).field("max", &self.max());
        fields.finish_non_exhaustive()
    }
}

impl PartialEq for Histogram {
    fn eq(&self, other: &Histogram) -> bool {
        let exact = |h: &Histogram| (h.count, h.sum, h.min(), h.max());
        exact(self) == exact(other) && self.buckets().eq(other.buckets())
    }
}

impl Eq for Histogram {}

/// The bucket of a value.
#[inline]
const fn bucket(value: u64) -> u32 {
    // The octave of values below 2048 is 0: their lowest bit is kept.
    let shift = (63 - OCTAVE_BITS) - (value | 1 << OCTAVE_BITS).leading_zeros();
    (shift << OCTAVE_BITS) + (value >> shift) as u32
}

/// The smallest and the largest value of a bucket.
fn bounds(bucket: u32) -> (u64, u64) {
    let shift = (bucket >> OCTAVE_BITS).saturating_sub(1);
    let low = u64::from(bucket - (shift << OCTAVE_BITS)) << shift;
    (low, low + ((1 << shift) - 1))
}

/// The middle of a bucket, rounded down.
fn middle(bucket: u32) -> u64 {
    let (low, high) = bounds(bucket);
    low + (high - low) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_tile_the_integers() {
        let mut next = 0_u64;
        for index in 0..=LAST_BUCKET {
            let (low, high) = bounds(index);
            assert_eq!(low, next, "bucket {index}");
            assert!((high - low + 1) << OCTAVE_BITS <= low || low == high, "bucket {index}");
            assert_eq!((bucket(low), bucket(high)), (index, index));
            next = high.wrapping_add(1);
        }
        assert_eq!((next, LAST_BUCKET), (0, 56_319));
    }

    #[test]
    fn storage_covers_only_what_was_seen() {
        let mut h = Histogram::new();
        h.record(2_000_000_000);
        assert_eq!(h.counts.len(), 64);
        h.record(1_000_000_000);
        assert!(h.counts.len() <= 1280);
        let before = (h.counts.as_ptr(), h.counts.capacity());
        (1_000_000_000..2_000_000_000).step_by(1_000_003).for_each(|v| h.record(v));
        assert_eq!(before, (h.counts.as_ptr(), h.counts.capacity()), "no allocation within the range");
    }

    #[test]
    fn damaged_data_is_refused() {
        let good = || Sparse { sum: 5009, min: 3, max: 5000, buckets: vec![(3, 3), (3298, 1)] };
        assert_eq!(Histogram::try_from(good()).map(|h| h.count()), Ok(4));
        for buckets in [vec![(3298, 1), (3, 3)], vec![(3, 0), (3298, 1)], vec![(3, u64::MAX), (3298, 1)]] {
            assert_eq!(Histogram::try_from(Sparse { buckets, ..good() }), Err(HistogramError::Buckets));
        }
        let beyond = Sparse { buckets: vec![(LAST_BUCKET + 1, 1)], ..good() };
        assert_eq!(Histogram::try_from(beyond), Err(HistogramError::Buckets));
        for wrong in [
            Sparse { sum: 5013, ..good() },
            Sparse { min: 4, ..good() },
            Sparse { max: 9000, ..good() },
            Sparse { buckets: vec![], ..good() },
        ] {
            assert_eq!(Histogram::try_from(wrong), Err(HistogramError::Totals));
        }
    }
}
