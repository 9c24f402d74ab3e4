//! When the metrics of a run settle, by its time bins.

use crate::model::scenario::Window;
use crate::model::{BinTotals, Scenario, Totals};
use crate::stats::{Matters, Transient, transient};
use crate::units::Time;

/// The metrics that time bins show.
pub const SETTLING_METRICS: usize = METRICS.len();

/// A value per time bin; `None` if there is nothing to measure.
type BinValues = fn(&[BinTotals]) -> Option<Vec<f64>>;

const METRICS: [(&str, BinValues); 5] = [
    ("latency_mean_s", latencies),
    ("http_bytes_per_s", |bins| Some(bins.iter().map(|bin| bin.http_bytes as f64).collect())),
    ("requests_per_s", |bins| Some(bins.iter().map(|bin| bin.requests as f64).collect())),
    ("messages_delivered", |bins| Some(bins.iter().map(|bin| bin.delivered as f64).collect())),
    ("held_requests_mean", |bins| Some(bins.iter().map(|bin| bin.held_nanos as f64).collect())),
];

/// What each bin contributes to the mean latency: R + (l - R m) / M with the latencies l of the m messages of a bin, and
/// with the ratio R of sums and the mean M of m in the second half. The mean of these is the mean latency, to first
/// order. A mean for each bin would count each message of a busy bin for less than one of another.
fn latencies(bins: &[BinTotals]) -> Option<Vec<f64>> {
    let settled = &bins[bins.len() / 2..];
    let messages = settled.iter().map(|bin| bin.delivered).sum::<u64>() as f64;
    if messages == 0.0 {
        return None;
    }
    let ratio = settled.iter().map(|bin| bin.latency_nanos).sum::<u128>() as f64 / messages;
    let of_each = messages / settled.len() as f64;
    let value = |bin: &BinTotals| ratio + (bin.latency_nanos as f64 - ratio * bin.delivered as f64) / of_each;
    Some(bins.iter().map(value).collect())
}

/// A metric whose initial transient reaches into the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Late {
    /// The name of the metric.
    pub metric: &'static str,
    /// When it settles; `None`: not in the first half of the run.
    pub until: Option<Time>,
    /// What the transient adds to its mean over the window, as a fraction; zero if it does not settle.
    pub bias: f64,
}

/// How strict a comparison is.
#[derive(Clone, Copy, Debug)]
pub struct Strictness {
    /// The probability of an error in one metric.
    pub chance: f64,
    /// What a bias must exceed.
    pub matters: Matters,
}

/// The metrics that settle only after the warm-up of `window`, in the time bins of `totals`, which may be those of
/// several replications.
pub fn late_metrics(totals: &Totals, window: &Window, strictness: Strictness) -> Vec<Late> {
    let bins: Vec<BinTotals> = totals.bins.iter().filter(|bin| bin.width == window.bin).collect();
    let skipped = bins.partition_point(|bin| bin.start < window.warmup);
    let late = |(metric, reading): &(&'static str, BinValues)| {
        let values = reading(&bins)?;
        match transient(&values, skipped, strictness.chance, strictness.matters) {
            Transient::None => None,
            Transient::Until { observation, bias } => Some(Late { metric, until: Some(bins[observation].start), bias }),
            Transient::Unsettled => Some(Late { metric, until: None, bias: 0.0 }),
        }
    };
    METRICS.iter().filter_map(late).collect()
}

/// The totals of clients with the same settings: of the populations of a mix that have any, or of all clients.
pub(super) fn alike<'a>(scenario: &Scenario, totals: &'a Totals) -> Vec<&'a Totals> {
    if !scenario.is_mix() {
        return vec![totals];
    }
    let is_there = |(population, _): &(&crate::model::scenario::Population, &Totals)| population.count > 0;
    let parts = scenario.populations.iter().zip(&totals.parts).filter(is_there);
    parts.map(|(_, totals)| totals).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(delivered: u64, latency_nanos: u128) -> BinTotals {
        let (start, width) = (Time::ZERO, Time::from_secs(1));
        BinTotals { start, width, requests: 0, http_bytes: 0, delivered, held_nanos: 0, latency_nanos }
    }

    #[test]
    fn bins_count_by_their_messages() {
        // Second half: 4 messages with 60 ns in 2 bins, so R = 15 and M = 2.
        let bins = [bin(1, 50), bin(0, 0), bin(1, 20), bin(3, 40)];
        assert_eq!(latencies(&bins).unwrap(), [15.0 + 35.0 / 2.0, 15.0, 15.0 + 5.0 / 2.0, 15.0 - 5.0 / 2.0]);
        assert_eq!(latencies(&[bin(5, 9), bin(0, 0)]), None);
        assert_eq!(latencies(&[]), None);
    }
}
