//! A histogram in few bytes: one per replication is kept until all replications of its point and transport are there.

use super::{Histogram, bucket};

/// The non-empty buckets of a histogram: for each the distance from the previous one and its count, in LEB128. Two to
/// four bytes per bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    bytes: Box<[u8]>,
    count: u64,
}

impl Packed {
    /// The number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The number of values of at most `limit`, and of those in its bucket.
    pub fn at_most(&self, limit: u64) -> u64 {
        let [count] = self.up_to([bucket(limit)]);
        count
    }

    /// The number of values below `limit`, without those in its bucket.
    pub fn below(&self, limit: u64) -> u64 {
        let [count] = bucket(limit).checked_sub(1).map_or([0], |last| self.up_to([last]));
        count
    }

    /// The number of values in buckets up to and including each of `last`, which rises.
    pub(crate) fn up_to<const N: usize>(&self, last: [u32; N]) -> [u64; N] {
        let mut found = [0; N];
        let (mut bucket, mut bytes) = (0_u64, self.bytes.iter());
        while let (Some(step), Some(times)) = (number(&mut bytes), number(&mut bytes)) {
            bucket += step;
            for (sum, end) in found.iter_mut().zip(last) {
                *sum += if bucket <= u64::from(end) { times } else { 0 };
            }
        }
        found
    }
}

impl From<&Histogram> for Packed {
    fn from(histogram: &Histogram) -> Packed {
        let mut bytes = Vec::new();
        let mut before = 0;
        for (bucket, times) in histogram.buckets() {
            push(&mut bytes, u64::from(bucket - before));
            push(&mut bytes, times);
            before = bucket;
        }
        Packed { bytes: bytes.into(), count: histogram.count() }
    }
}

fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn number<'a>(bytes: &mut impl Iterator<Item = &'a u8>) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_counted_as_before() {
        let mut histogram = Histogram::new();
        for value in (0..5_000).map(|i| i * i * 977 + i % 3) {
            histogram.record(value);
            histogram.record(value / 1000);
        }
        let packed = Packed::from(&histogram);
        assert_eq!(packed.count(), 10_000);
        let buckets: Vec<u32> = histogram.buckets().map(|(bucket, _)| bucket).collect();
        for (place, &bucket) in buckets.iter().enumerate() {
            let naive: u64 = histogram.buckets().take(place + 1).map(|(_, times)| times).sum();
            assert_eq!(packed.up_to([bucket, u32::MAX]), [naive, 10_000]);
        }
        assert_eq!((packed.at_most(u64::MAX), packed.at_most(0)), (10_000, 3));
        assert!(packed.bytes.len() <= 4 * buckets.len());
        assert_eq!(Packed::from(&Histogram::new()).up_to([7]), [0]);
    }
}
