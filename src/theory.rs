//! Closed forms: the values that a simulation must measure, computed without simulating.
//!
//! [`expected`] gives, for one scenario, the value of every metric that has a closed form under it. The forms hold in
//! the steady state. Each is given only under these conditions:
//!
//! - No timeout can fire (except in the `closed` module). A delay without an upper bound counts as never above the
//!   value that it exceeds with probability 5 × 10⁻¹⁰, so at most one request in 10⁹ could time out.
//! - The run has forgotten its start when the window opens. The `steady` module states the rule, which leaves a bias of
//!   at most 0.05 %.
//! - Ratios (per reply, per message) are ratios of long-run rates, and percentiles are percentiles of the long-run
//!   distribution. The ratio of the sums over all replications, and the percentile of all their messages together, tend
//!   to these, however few messages each replication has.
//!
//! A metric that is an extreme of random samples (peaks, minimum and maximum of a continuous latency) has no form.

mod bursts;
mod closed;
mod cost;
mod cycle;
mod delay;
mod long_poll;
mod looks;
mod mixes;
mod mixture;
mod notify;
mod path;
mod pool;
mod short_poll;
mod source;
mod steady;
mod stream;
mod tally;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wait;
mod wire;

use crate::model::metric::Metric;
use crate::model::scenario::{Check, Scenario, TransportConfig};
use crate::units::Time;
pub use mixes::of_population as expected_of_population;
pub use path::pollaczek_khinchine;
pub use pool::{engset, erlang_b, erlang_c};
use source::Feed;

/// The closed forms that hold under one scenario, in the order of the result columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    values: Vec<(Metric, f64)>,
}

impl Expected {
    /// The value of a metric, in the unit that its name states; `None` if no closed form holds.
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

    /// Leaves out the metrics that depend on how messages cluster; a constant latency does not.
    fn drop_what_gathers(&mut self) {
        let constant =
            self.get(Metric::LatencyMin).is_some() && self.get(Metric::LatencyMin) == self.get(Metric::LatencyMax);
        self.values.retain(|&(metric, _)| match metric {
            Metric::RequestsPerMessage | Metric::HttpBytesPerMessage => false,
            _ => constant || wait::PERCENTILES.iter().all(|(percentile, _)| *percentile != metric),
        });
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

/// A quantity without a closed form. It propagates through arithmetic, and [`Expected::put`] leaves it out.
const UNKNOWN: f64 = f64::NAN;

/// The closed form of every metric that has one under this scenario (steady state); metrics without are absent.
pub fn expected(scenario: &Scenario) -> Expected {
    if scenario.is_mix() {
        return mixes::of_all(scenario);
    }
    if path::is_needed(scenario) {
        return path::expected(scenario);
    }
    if !wire::stays_open(scenario) {
        return Expected::default();
    }
    let mut out = if pool::is_without_effect(scenario) { of_transport(scenario) } else { Expected::default() };
    if out.is_empty() {
        // A client that gives up or is refused closes its connection, and opening another takes time.
        if scenario.wire.is_none() {
            out = pool::expected(scenario);
        }
    } else {
        pool::put_without_effect(&mut out, scenario);
    }
    let feed = Feed::new(scenario);
    if feed.as_ref().is_some_and(Feed::gathers) {
        out.drop_what_gathers();
    }
    cost::put(&mut out, scenario);
    wire::put(&mut out, scenario);
    if let Some(created) =
        feed.filter(|_| !scenario.clients.come_and_go()).and_then(|feed| feed.created_whatever_happens(scenario))
    {
        out.put(Metric::MessagesCreated, created);
    }
    out
}

/// The closed forms of the transport on a server without limits and without timeouts.
fn of_transport(scenario: &Scenario) -> Expected {
    match &scenario.transport {
        TransportConfig::ShortPoll(poll) => short_poll::expected(scenario, *poll),
        TransportConfig::LongPoll(poll) => match poll.check {
            Check::Every { every, count, first } => {
                long_poll::expected(scenario, poll, looks::Schedule { every, count, first })
            }
            Check::Notify { hold } if poll.linger == Time::ZERO => notify::expected(scenario, poll, hold),
            Check::Notify { .. } => Expected::default(),
        },
        // No closed form is known.
        TransportConfig::AdaptivePoll(_) => Expected::default(),
        TransportConfig::Streaming(stream) => stream::expected(scenario, stream),
        TransportConfig::Sse(sse) => stream::expected(scenario, &sse.stream),
        TransportConfig::WebSocket(socket) => stream::expected(scenario, &socket.stream),
    }
}
