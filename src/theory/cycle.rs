//! A long poll in the steady state: one request after the other, as a renewal process.

use super::arrival_process::ArrivalProcess;
use super::checks::{RequestChecks, mean_of};
use super::delay::DelayDistribution;
use super::expected::{Expected, UNKNOWN};
use super::expected_counts::ExpectedCounts;
use crate::model::metric::Metric;
use crate::model::scenario::{Arrivals, FirstCheck, LongPoll, Scenario, Ticks};

/// The means over one cycle, from one request to the next; seconds. [`UNKNOWN`] if no closed form holds.
#[derive(Clone, Copy, Debug)]
pub struct Cycle {
    /// `E[H]`, the hold.
    pub hold: f64,
    /// `C = E[H] + g`, from request to request.
    pub length: f64,
    /// `P(no data)`.
    pub no_data: f64,
    /// Messages that the reply takes.
    pub carried: f64,
    /// Checks.
    pub checks: f64,
    /// Checks that are events of their own.
    pub check_events: f64,
}

impl Cycle {
    /// The cycle of requests with checks of several kinds, each with its fraction, and `pause` seconds between them.
    pub fn of_checks(scenario: &Scenario, kinds: &[(f64, RequestChecks)], pause: f64, carried: f64) -> Cycle {
        let [hold, no_data, checks] =
            [RequestChecks::hold, RequestChecks::no_data, RequestChecks::checks].map(|of| mean_of(kinds, of));
        let check_events = match (scenario.ticks, kinds[0].1.schedule.first) {
            (Ticks::Each, _) => checks,
            (Ticks::Skip, FirstCheck::AfterSleep) => 1.0,
            (Ticks::Skip, FirstCheck::OnArrival) => 1.0 - no_data,
        };
        Cycle { hold, length: hold + pause, no_data, carried, checks, check_events }
    }

    /// Every metric that follows from the means: the long-run rate of anything is its mean per cycle / C.
    pub fn metrics(&self, scenario: &Scenario) -> Expected {
        let clients = f64::from(scenario.clients.count);
        let cycles = clients * scenario.window.duration.as_secs_f64() / self.length;
        let arrivals = ArrivalProcess::new(scenario);
        let carried = cycles * self.carried;
        let created = arrivals.as_ref().map_or(carried, |arrivals| arrivals.created(scenario));
        let superseded = match &arrivals {
            // A difference within rounding counts as 0.
            Some(arrivals) if arrivals.latest && created - carried > 1e-9 * created => created - carried,
            _ => 0.0,
        };
        let counts = ExpectedCounts {
            requests: cycles,
            replies: cycles,
            empty: cycles * self.no_data,
            carried,
            returns: cycles,
            created,
            delivered: carried,
            superseded,
            duplicated: 0.0,
            checks: cycles * self.checks,
            source_and_check_events: cycles * self.check_events
                + arrivals.map_or(0.0, |arrivals| arrivals.events(scenario)),
            payload: scenario.source.payload.0 as f64,
        };
        let mut out = counts.metrics(scenario);
        out.put(Metric::HoldMean, self.hold);
        out.put(Metric::HeldRequestsMean, clients * self.hold / self.length);
        out
    }
}

/// The network and the client around a long poll: delays up and down, and the turnaround.
#[derive(Clone, Debug)]
pub struct RoundTrip {
    pub up: DelayDistribution,
    pub down: DelayDistribution,
    /// From a reply to the next request.
    turnaround: DelayDistribution,
}

impl RoundTrip {
    /// The round trip of a scenario; `None` if a request held for `longest_hold` nanoseconds could time out.
    pub fn without_timeouts(scenario: &Scenario, poll: &LongPoll) -> Option<RoundTrip> {
        let [up, down] = DelayDistribution::both_ways(scenario);
        let longest = poll.check.longest_hold().0 as f64 + up.high_nanos + down.high_nanos;
        let turnaround = DelayDistribution::new(&poll.turnaround);
        if longest <= scenario.clients.timeout.0 as f64 { Some(RoundTrip { up, down, turnaround }) } else { None }
    }

    /// `E[g]`: from the answer of one request to the arrival of the next, in seconds.
    pub fn mean(&self) -> f64 {
        self.up.mean + self.down.mean + self.turnaround.mean
    }

    /// The longest g that counts, in seconds.
    pub fn longest(&self) -> f64 {
        (self.up.high_nanos + self.down.high_nanos + self.turnaround.high_nanos) / 1e9
    }

    /// `Var[g]`.
    pub fn variance(&self) -> f64 {
        self.up.variance + self.down.variance + self.turnaround.variance
    }

    /// `E[exp(-rate × g)]`.
    pub fn laplace(&self, rate: f64) -> f64 {
        self.up.laplace(rate) * self.down.laplace(rate) * self.turnaround.laplace(rate)
    }

    /// The round trip in nanoseconds, if it is constant.
    pub fn constant_nanos(&self) -> Option<u64> {
        let parts = [&self.up, &self.down, &self.turnaround];
        let nanos = |part: &&DelayDistribution| if part.is_constant() { Some(part.low_nanos as u64) } else { None };
        parts.iter().map(nanos).sum()
    }
}

/// Gaps between replies that carry data: some empty cycles (probability `no_data` each), then one with data.
#[derive(Clone, Copy, Debug)]
pub struct DataGap {
    /// `P(no data)` of a cycle.
    pub no_data: f64,
    /// Mean and variance of an empty cycle.
    pub empty: (f64, f64),
    /// Mean and variance of a cycle with data.
    pub data: (f64, f64),
}

impl DataGap {
    /// `E[Y²] / 2 E[Y]` of the gap Y: the mean time since the last reply with data.
    pub fn mean_since(&self) -> f64 {
        let success = 1.0 - self.no_data;
        let (repeats, spread) = (self.no_data / success, self.no_data / (success * success));
        let mean = repeats * self.empty.0 + self.data.0;
        let variance = repeats * self.empty.1 + spread * self.empty.0 * self.empty.0 + self.data.1;
        (variance + mean * mean) / (2.0 * mean)
    }
}

/// The smallest expected number of replies with data before the window for the age of information to have a form:
/// a client counts from its first delivery on, and fewer than one in a million starts late then.
const REPLIES_BEFORE_AGE: f64 = 14.0;

/// `mean` if the warm-up brings data to almost every client, at `rate` replies with data per second.
pub fn age_after_warmup(scenario: &Scenario, rate: f64, mean: f64) -> f64 {
    if rate * scenario.window.warmup.as_secs_f64() >= REPLIES_BEFORE_AGE { mean } else { UNKNOWN }
}

/// Puts the mean number of pending messages, by Little's law: creation rate × mean latency. The window opens and closes
/// at fixed instants, so the process of messages must be stationary, and so must the clients (the caller checks that).
/// Not for mailboxes that keep only the newest message. If no latency is above `longest` seconds, and that is shorter
/// than the window, the messages pending at its end were created in it.
pub fn put_pending(out: &mut Expected, scenario: &Scenario, longest: f64) {
    let even = ArrivalProcess::new(scenario).is_none_or(|arrivals| arrivals.is_stationary() && !arrivals.latest);
    if let (true, Some(created), Some(latency)) = (even, out.get(Metric::MessagesCreated), out.get(Metric::LatencyMean))
    {
        let pending = created / scenario.window.duration.as_secs_f64() * latency;
        out.put(Metric::MessagesPendingStart, pending);
        out.put(Metric::MessagesPendingEnd, pending);
        let nothing_else = [Metric::MessagesLost, Metric::MessagesSuperseded].map(|fate| out.get(fate));
        if longest <= scenario.window.duration.as_secs_f64() && nothing_else == [Some(0.0); 2] && created > 0.0 {
            out.put(Metric::PendingFraction, pending / created);
            out.put(Metric::ArrivedFraction, 1.0 - pending / created);
        }
    }
}

/// Probability of a hit with scope `request`.
pub fn request_hit(scenario: &Scenario) -> Option<f64> {
    match scenario.source.arrivals {
        Arrivals::InRequest { hit } => Some(hit.as_f64()),
        _ => None,
    }
}
