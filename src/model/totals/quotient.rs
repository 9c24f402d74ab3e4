//! The metrics that are ratios: their numerators and denominators.

use super::Totals;
use crate::model::metric::Metric;
use crate::model::scenario::Scenario;
use crate::stats::Ratio;

/// A metric that is a ratio of sums: numerator / denominator / divisor + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotient {
    /// Numerator and denominator.
    pub ratio: Ratio,
    /// Turns the ratio into the unit of the metric.
    pub divisor: f64,
    /// What there is without any numerator.
    pub offset: f64,
}

impl Quotient {
    /// The metric; `None` where there is nothing in the denominator.
    pub fn value(&self) -> Option<f64> {
        self.ratio.value().map(|ratio| self.in_unit(ratio))
    }

    /// A ratio in the unit of the metric.
    pub fn in_unit(&self, ratio: f64) -> f64 {
        ratio / self.divisor + self.offset
    }
}

impl Totals {
    /// Numerator and denominator of a metric that is a ratio; `None` for any other, and where the scenario does not have it.
    pub fn quotient(&self, metric: Metric, scenario: &Scenario) -> Option<Quotient> {
        let http_bytes = self.http_up_bytes + self.http_down_bytes;
        let served = &self.served;
        match metric {
            Metric::EmptyReplyFraction => count(self.empty_replies, self.replies - served.other_replies),
            Metric::RequestsPerMessage => count(self.requests, self.delivered),
            Metric::HttpBytesPerMessage => count(http_bytes, self.delivered),
            Metric::ArrivedFraction => count(self.arrived, self.created),
            Metric::PendingFraction => count(self.open, self.created),
            Metric::LatencyMean => mean(self.latency.sum(), self.latency.count()),
            Metric::AgeMean => nanos(self.age_area_doubled, 2 * self.age_nanos),
            Metric::HoldMean => mean(self.hold_nanos, self.holds),
            Metric::QueueWaitMean => served.pool.and_then(|pool| mean(pool.wait_nanos, pool.started)),
            Metric::BrowserWaitMean => served.browser_waits.and_then(|waits| mean(waits.nanos, waits.count)),
            Metric::LockWaitMean => served.lock_waits.and_then(|waits| mean(waits.nanos, waits.count)),
            Metric::UpLinkWaitMean => served.up_link.and_then(|link| mean(link.wait_nanos, link.messages)),
            Metric::DownLinkWaitMean => served.down_link.and_then(|link| mean(link.wait_nanos, link.messages)),
            Metric::PhoneCurrentMean => self.phone_current(scenario),
            _ => None,
        }
    }
}

/// Of two counts.
#[expect(clippy::unnecessary_wraps, reason = "it stands where there may be none")]
fn count(above: u64, below: u64) -> Option<Quotient> {
    let ratio = Ratio { above: above.into(), below: below.into() };
    Some(Quotient { ratio, divisor: 1.0, offset: 0.0 })
}

/// The mean of so many spans of time, in seconds.
fn mean(sum_nanos: u128, count: u64) -> Option<Quotient> {
    nanos(sum_nanos, count.into())
}

/// A ratio in nanoseconds, as a metric in seconds.
#[expect(clippy::unnecessary_wraps, reason = "it stands where there may be none")]
fn nanos(above: u128, below: u128) -> Option<Quotient> {
    Some(Quotient { ratio: Ratio { above, below }, divisor: 1e9, offset: 0.0 })
}
