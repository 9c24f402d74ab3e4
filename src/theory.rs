//! Closed forms: what a simulation must measure, worked out without simulating.
//!
//! [`expected`] gives, for one scenario, the value of every metric that has a closed form under it. The forms are those
//! of the steady state, and each is given only where it holds:
//!
//! - No timeout can fire. A delay without an upper bound counts as never above the value that it exceeds with
//!   probability 5 × 10⁻¹⁰, so at most one request in 10⁹ could time out.
//! - The run has forgotten how it started when the window opens; the `steady` module states the rule, which leaves at
//!   most 0.05 % of bias.
//! - Ratios (per reply, per message) are ratios of long-run rates, and percentiles are those of the long-run law. In a
//!   window with few events the mean over replications may differ by the order of one event.
//!
//! A metric that is an extreme of random samples (peaks, minimum and maximum of a continuous latency) has no form.

mod cycle;
mod delay;
mod long_poll;
mod looks;
mod mixture;
mod notify;
mod short_poll;
mod source;
mod steady;
mod tally;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wait;

use crate::model::metric::Metric;
use crate::model::scenario::{Check, Scenario, Transport};

/// The closed forms that hold under one scenario, in the order of the result columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    values: Vec<(Metric, f64)>,
}

impl Expected {
    /// The value of a metric, in the unit that its name states; `None` where no closed form holds.
    pub fn get(&self, metric: Metric) -> Option<f64> {
        let place = self.values.binary_search_by_key(&metric, |&(known, _)| known).ok()?;
        self.values.get(place).map(|&(_, value)| value)
    }

    /// All values, in the order of the result columns.
    pub fn iter(&self) -> impl Iterator<Item = (Metric, f64)> + '_ {
        self.values.iter().copied()
    }

    /// Whether no closed form holds at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Sets a value; one that is not finite ([`UNKNOWN`], or an infinite mean) is left out.
    fn put(&mut self, metric: Metric, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.values.binary_search_by_key(&metric, |&(known, _)| known) {
            Ok(place) => self.values[place].1 = value,
            Err(place) => self.values.insert(place, (metric, value)),
        }
    }
}

/// Stands for a quantity without a closed form: it spreads through arithmetic, and [`Expected::put`] leaves it out.
const UNKNOWN: f64 = f64::NAN;

/// The closed form of every metric that has one under this scenario (steady state); metrics without are absent.
pub fn expected(scenario: &Scenario) -> Expected {
    match scenario.transport {
        Transport::ShortPoll(poll) => short_poll::expected(scenario, poll),
        Transport::LongPoll(poll) => match poll.check {
            Check::Every { every, count, first } => {
                long_poll::expected(scenario, &poll, looks::Schedule { every, count, first })
            }
            Check::Notify { hold } => notify::expected(scenario, &poll, hold),
        },
    }
}
