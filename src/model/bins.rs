//! Time bins: what happened when, exact and mergeable.

use serde::{Deserialize, Serialize};

use crate::model::divisor::Divisor;
use crate::model::scenario::Window;
use crate::units::Time;

/// Counters per time bin, from t = 0 to the horizon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bins {
    width: Time,
    horizon: Time,
    counts: Vec<Bin>,
}

/// How instants are divided into bins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    width: Divisor,
}

/// The bin of an instant, and the time from there to the end of the bin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    bin: usize,
    rest: u64,
}

impl Places {
    #[inline]
    pub fn of(self, now: Time) -> Place {
        let bin = self.width.quotient(now.0);
        Place { bin: bin as usize, rest: (bin + 1).wrapping_mul(self.width.divisor()).wrapping_sub(now.0) }
    }
}

/// What is counted in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Bin {
    requests: u64,
    http_bytes: u64,
    delivered: u64,
    /// Requests held at the end of the bin less those at its start.
    held_change: i64,
    /// What the requests that opened or closed in the bin add to the time held in it, against their change taking
    /// place at the end of the bin; in nanoseconds.
    held_part: i128,
}

/// What happened in one time bin, in all replications that were merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinTotals {
    /// Start of the bin.
    pub start: Time,
    /// Width of the bin; the last one is cut at the horizon.
    pub width: Time,
    /// Requests sent.
    pub requests: u64,
    /// HTTP bytes sent, both ways.
    pub http_bytes: u64,
    /// Messages delivered.
    pub delivered: u64,
    /// Integral of the requests held at the server over the bin, in request-nanoseconds.
    pub held_nanos: u128,
}

impl Bins {
    /// Empty bins of `width` that cover `[0, horizon)`.
    pub(crate) fn new(width: Time, horizon: Time) -> Bins {
        Bins { width, horizon, counts: vec![Bin::default(); horizon.0.div_ceil(width.0) as usize] }
    }

    /// Memory of the bins of a run over `window`, in bytes.
    pub(crate) fn bytes(window: &Window) -> usize {
        window.horizon().0.div_ceil(window.bin.0) as usize * size_of::<Bin>()
    }

    /// How instants are divided into bins.
    pub(crate) fn places(&self) -> Places {
        Places { width: Divisor::new(self.width.0) }
    }

    #[inline]
    pub(crate) fn request(&mut self, at: Place, bytes: u64) {
        let bin = &mut self.counts[at.bin];
        bin.requests += 1;
        bin.http_bytes += bytes;
    }

    #[inline]
    pub(crate) fn reply(&mut self, at: Place, bytes: u64) {
        self.counts[at.bin].http_bytes += bytes;
    }

    #[inline]
    pub(crate) fn delivered(&mut self, at: Place) {
        self.counts[at.bin].delivered += 1;
    }

    #[inline]
    pub(crate) fn hold_opens(&mut self, at: Place) {
        let bin = &mut self.counts[at.bin];
        bin.held_change += 1;
        bin.held_part += i128::from(at.rest);
    }

    #[inline]
    pub(crate) fn hold_closes(&mut self, at: Place) {
        let bin = &mut self.counts[at.bin];
        bin.held_change -= 1;
        bin.held_part -= i128::from(at.rest);
    }

    /// Adds what happened elsewhere in the same bins.
    pub(crate) fn merge(&mut self, other: &Bins) {
        assert_eq!((self.width, self.horizon), (other.width, other.horizon), "bins of different runs");
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.requests += theirs.requests;
            mine.http_bytes += theirs.http_bytes;
            mine.delivered += theirs.delivered;
            mine.held_change += theirs.held_change;
            mine.held_part += theirs.held_part;
        }
    }

    /// The bins in the order of time.
    pub fn iter(&self) -> impl Iterator<Item = BinTotals> {
        let mut held = 0i64;
        self.counts.iter().enumerate().map(move |(index, bin)| {
            let start = self.width.times(index as u64);
            let width = self.width.min(self.horizon.since(start));
            // The change is counted to the full width, also in the bin that the horizon cuts.
            let beyond = i128::from(self.width.0 - width.0) * i128::from(held + bin.held_change);
            let area = i128::from(held) * i128::from(self.width.0) + bin.held_part - beyond;
            held += bin.held_change;
            BinTotals {
                start,
                width,
                requests: bin.requests,
                http_bytes: bin.http_bytes,
                delivered: bin.delivered,
                held_nanos: u128::try_from(area).unwrap_or(0),
            }
        })
    }

    /// The bins that lie wholly in `[from, horizon)`.
    pub(crate) fn whole_bins(&self, from: Time) -> impl Iterator<Item = BinTotals> {
        self.iter().filter(move |bin| bin.start >= from && bin.width == self.width)
    }

    /// The sum of the bins that lie wholly in `[from, to)`; `None` where none does.
    pub(crate) fn between(&self, from: Time, to: Time) -> Option<BinTotals> {
        let inside = self.iter().filter(|bin| bin.start >= from && bin.start.plus(bin.width) <= to);
        inside.reduce(|sum, bin| BinTotals {
            start: sum.start,
            width: sum.width.plus(bin.width),
            requests: sum.requests + bin.requests,
            http_bytes: sum.http_bytes + bin.http_bytes,
            delivered: sum.delivered + bin.delivered,
            held_nanos: sum.held_nanos + bin.held_nanos,
        })
    }

    /// Writes the counters of a fingerprint to `sink`, little-endian: those that there were when the results version began.
    pub(crate) fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        for bin in self.iter() {
            for count in [bin.requests, bin.http_bytes, bin.delivered] {
                sink(&count.to_le_bytes());
            }
            sink(&bin.held_nanos.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_are_spread_over_the_bins_they_cover() {
        let mut bins = Bins::new(Time(10), Time(35));
        bins.hold_opens(bins.places().of(Time(4)));
        bins.hold_closes(bins.places().of(Time(22)));
        bins.hold_opens(bins.places().of(Time(20)));
        bins.hold_opens(bins.places().of(Time(31)));
        bins.hold_closes(bins.places().of(Time(34)));
        let held: Vec<u128> = bins.iter().map(|bin| bin.held_nanos).collect();
        assert_eq!(held, [6, 10, 2 + 10, 5 + 3]);
        let widths: Vec<u64> = bins.iter().map(|bin| bin.width.0).collect();
        assert_eq!(widths, [10, 10, 10, 5]);
        assert_eq!(bins.whole_bins(Time(5)).map(|bin| bin.start.0).collect::<Vec<_>>(), [10, 20]);
    }

    #[test]
    fn merged_bins_add_up() {
        let (mut one, mut two, mut both) =
            (Bins::new(Time(10), Time(30)), Bins::new(Time(10), Time(30)), Bins::new(Time(10), Time(30)));
        for bins in [&mut one, &mut both] {
            bins.request(bins.places().of(Time(3)), 100);
            bins.hold_opens(bins.places().of(Time(5)));
        }
        for bins in [&mut two, &mut both] {
            bins.reply(bins.places().of(Time(12)), 7);
            bins.delivered(bins.places().of(Time(29)));
            bins.hold_opens(bins.places().of(Time(2)));
            bins.hold_closes(bins.places().of(Time(12)));
        }
        one.merge(&two);
        assert_eq!(one, both);
    }
}
