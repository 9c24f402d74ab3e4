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

/// The mapping of instants to bins.
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

impl Place {
    /// The number of the bin.
    pub fn bin(self) -> usize {
        self.bin
    }

    /// The time to the end of the bin, in nanoseconds.
    pub fn rest(self) -> u64 {
        self.rest
    }
}

impl Places {
    #[inline]
    pub fn of(self, now: Time) -> Place {
        let bin = self.width.quotient(now.0);
        Place { bin: bin as usize, rest: (bin + 1).wrapping_mul(self.width.divisor()).wrapping_sub(now.0) }
    }
}

/// The counters of one bin.
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
    /// Latencies of the messages delivered, added up, in nanoseconds.
    latency: u128,
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
    /// Latencies of the messages delivered, added up, in nanoseconds; in no fingerprint.
    pub latency_nanos: u128,
}

impl BinTotals {
    /// Requests, HTTP bytes, request-nanoseconds at the server, messages delivered.
    pub fn counts(&self) -> [u128; 4] {
        [self.requests.into(), self.http_bytes.into(), self.held_nanos, self.delivered.into()]
    }
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

    /// The mapping of instants to bins.
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
    pub(crate) fn delivered(&mut self, at: Place, latency: u64) {
        let bin = &mut self.counts[at.bin];
        bin.delivered += 1;
        bin.latency += u128::from(latency);
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

    /// Adds the counters of other clients or replications.
    pub(crate) fn merge(&mut self, other: &Bins) {
        assert_eq!((self.width, self.horizon), (other.width, other.horizon), "bins of different runs");
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.requests += theirs.requests;
            mine.http_bytes += theirs.http_bytes;
            mine.delivered += theirs.delivered;
            mine.held_change += theirs.held_change;
            mine.held_part += theirs.held_part;
            mine.latency += theirs.latency;
        }
    }

    /// The bins in the order of time.
    pub fn iter(&self) -> impl Iterator<Item = BinTotals> {
        let mut held = 0i64;
        self.counts.iter().enumerate().map(move |(index, bin)| {
            let start = self.width.times(index as u64);
            let width = self.width.min(self.horizon.since(start));
            // A change counts to the full width, even in the bin that the horizon cuts.
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
                latency_nanos: bin.latency,
            }
        })
    }

    /// The sum of the bins wholly inside `[from, to)`; `None` without any.
    pub(crate) fn between(&self, from: Time, to: Time) -> Option<BinTotals> {
        let inside = self.iter().filter(|bin| bin.start >= from && bin.start.plus(bin.width) <= to);
        inside.reduce(|sum, bin| BinTotals {
            start: sum.start,
            width: sum.width.plus(bin.width),
            requests: sum.requests + bin.requests,
            http_bytes: sum.http_bytes + bin.http_bytes,
            delivered: sum.delivered + bin.delivered,
            held_nanos: sum.held_nanos + bin.held_nanos,
            latency_nanos: sum.latency_nanos + bin.latency_nanos,
        })
    }

    /// Writes the counters of a fingerprint to `sink`, little-endian: the counters of the first results of this
    /// version.
    pub(crate) fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        for bin in self.iter() {
            for count in [bin.requests, bin.http_bytes, bin.delivered] {
                sink(&count.to_le_bytes());
            }
            sink(&bin.held_nanos.to_le_bytes());
        }
    }
}

/// The greatest rate over the pieces into which bins cut the window. `values` are the values of the bins from t = 0 on,
/// `total` is the value of the window, and `rate` computes a rate from the value and the width of a piece.
pub(crate) fn peak(
    window: &Window,
    values: impl Iterator<Item = u128>,
    total: u128,
    rate: impl Fn(u128, Time) -> f64,
) -> f64 {
    let rates = pieces(window, values, total).into_iter().map(|(width, value)| rate(value, width));
    // If all rates are equal, rounding may leave the mean above them.
    rates.fold(rate(total, window.duration), f64::max)
}

/// The pieces into which bins cut the window, each with its width and its value. A piece at an edge that is shorter
/// than half a bin joins its neighbour, so that no short piece makes a peak, and no part of the window is left out.
fn pieces(window: &Window, values: impl Iterator<Item = u128>, total: u128) -> Vec<(Time, u128)> {
    let bins = (0..).zip(values).map(|(index, value)| (window.bin.times(index), value));
    let mut pieces: Vec<(Time, u128)> = bins
        .filter(|(start, _)| *start >= window.warmup)
        .map(|(start, value)| (window.bin.min(window.horizon().since(start)), value))
        .collect();
    // The rest belongs to the bin in which the window opens.
    let first = pieces.iter().fold((window.duration, total), |left, piece| (left.0.since(piece.0), left.1 - piece.1));
    if first.0 > Time::ZERO {
        pieces.insert(0, first);
    }
    let join = |piece: &mut (Time, u128), other: (Time, u128)| *piece = (piece.0.plus(other.0), piece.1 + other.1);
    let is_short = |piece: (Time, u128)| piece.0.times(2) < window.bin;
    if pieces.len() > 1 && is_short(pieces[0]) {
        let edge = pieces.remove(0);
        join(&mut pieces[0], edge);
    }
    if let [.., before, last] = &mut pieces[..]
        && is_short(*last)
    {
        join(before, *last);
        pieces.pop();
    }
    pieces
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
    }

    /// Bins of 10 ns: a cut bin counts by itself from 5 ns on, else with its neighbour.
    #[test]
    fn the_edges_of_the_window_are_in_its_pieces() {
        let cut = |warmup, duration, values: &[u128], total| {
            let window = Window { warmup: Time(warmup), duration: Time(duration), bin: Time(10) };
            let pieces = pieces(&window, values.iter().copied(), total);
            pieces.into_iter().map(|(width, value)| (width.0, value)).collect::<Vec<_>>()
        };
        // [0, 10), [10, 20), [20, 30).
        assert_eq!(cut(10, 20, &[7, 1, 2], 3), [(10, 1), (10, 2)]);
        // [14, 20), [20, 30), [30, 36): 6, 10 and 6 ns. Of the 9 in the bin of the first, 4 lie in the window.
        assert_eq!(cut(14, 22, &[0, 9, 2, 3], 9), [(6, 4), (10, 2), (6, 3)]);
        // [16, 20) and [30, 34) join their neighbours.
        assert_eq!(cut(16, 18, &[0, 9, 2, 3], 9), [(18, 9)]);
        assert_eq!(cut(16, 28, &[0, 9, 2, 3, 1], 10), [(14, 6), (14, 4)]);
        // A window in one bin, and one over the edge of two.
        assert_eq!(cut(12, 3, &[0, 9], 5), [(3, 5)]);
        assert_eq!(cut(17, 6, &[0, 9, 4], 5), [(6, 5)]);
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
            bins.delivered(bins.places().of(Time(29)), 4);
            bins.hold_opens(bins.places().of(Time(2)));
            bins.hold_closes(bins.places().of(Time(12)));
        }
        one.merge(&two);
        assert_eq!(one, both);
        one.delivered(one.places().of(Time(20)), 3);
        let latencies: Vec<u128> = one.iter().map(|bin| bin.latency_nanos).collect();
        assert_eq!(latencies, [0, 0, 4 + 3]);
    }
}
