//! Long polling with scope `request` in which each request follows the previous one at once: no delays, no turnaround.
//!
//! The population is then closed: each of C clients always has one request at the server. H is the hold, and B the time
//! of a request on a worker: its service and its hold.
//!
//! - w workers: all requests except w wait. Throughput `X = min(C, w) / E[B]`, cycle `max(1, C/w) E[B]`. (One station
//!   in a closed network; operational laws: Denning & Buzen, ACM Computing Surveys 10(3), 1978.)
//! - Clients that give up after a time T, and enough workers: `C / E[min(H, T)]` requests per second. The server holds
//!   each for H, whether its client waits or not: `C E[H] / E[min(H, T)]` on average.

use super::checks::{MOST_TERMS, RequestChecks, Schedule};
use super::cycle::{Cycle, request_hit};
use super::delay::DelayDistribution;
use super::expected::Expected;
use super::latency::put_delay;
use super::steady_state::{RenewalCycle, is_steady};
use crate::model::metric::Metric;
use crate::model::scenario::{Check, Delay, FirstCheck, LongPoll, OnLostReply, OnTimeout, Scenario};
use crate::units::Time;

/// A closed population and its checks.
struct Closed<'a> {
    scenario: &'a Scenario,
    checks: RequestChecks,
}

/// The closed forms; `None` if the population is not closed, or not in one of these two ways.
pub fn expected(scenario: &Scenario, poll: &LongPoll) -> Option<Expected> {
    let Check::Every { every, count, first } = poll.check else { return None };
    let empty = 1.0 - request_hit(scenario)?;
    let delays = [&scenario.network.up, &scenario.network.down, &poll.turnaround];
    if delays.iter().any(|delay| **delay != Delay::Constant(Time::ZERO)) {
        return None;
    }
    let checks = RequestChecks { schedule: Schedule { every, count, first }, first_empty: empty, step_empty: empty };
    let closed = Closed { scenario, checks };
    if scenario.clients.timeout >= poll.check.longest_hold() { closed.on_workers() } else { closed.with_timeouts() }
}

impl Closed<'_> {
    fn clients(&self) -> f64 {
        f64::from(self.scenario.clients.count)
    }

    /// What follows from a cycle of this length, if it is steady: `None` if not. No message waits for the network.
    fn steady(&self, length: f64, renewal: RenewalCycle) -> Option<Expected> {
        if !is_steady(self.scenario, renewal) {
            return None;
        }
        let of_checks = Cycle::of_checks(self.scenario, &[(1.0, self.checks)], 0.0, 1.0 - self.checks.no_data());
        let mut out = Cycle { length, ..of_checks }.metrics(self.scenario);
        put_delay(&mut out, &DelayDistribution::new(&Delay::Constant(Time::ZERO)));
        Some(out)
    }

    /// No request ever times out; workers take one request after the other.
    fn on_workers(&self) -> Option<Expected> {
        let (server, clients) = (&self.scenario.server, self.scenario.clients.count);
        let workers = server.pool.map_or(clients, |pool| pool.workers.min(clients));
        let waiting = clients - workers;
        if server.pool.and_then(|pool| pool.backlog).is_some_and(|backlog| backlog < waiting) {
            return None;
        }
        let service = DelayDistribution::new(server.service.as_ref().unwrap_or(&Delay::Constant(Time::ZERO)));
        let longest = self.checks.longest() + service.high_nanos / 1e9;
        let longest_cycle = f64::from(clients.div_ceil(workers)) * longest;
        let waits = |patience: Time| patience.as_secs_f64() >= longest_cycle;
        if !waits(self.scenario.clients.timeout) || !server.read_timeout.is_none_or(waits) {
            return None;
        }
        let busy = self.checks.hold() + service.mean;
        let share = f64::from(workers) / self.clients();
        let spread = self.scenario.clients.start_within.as_secs_f64() * share;
        let (capped, step) = match service.is_constant() {
            true => (self.checks.held_longest(), self.checks.schedule.every.as_secs_f64()),
            false => (0.0, 0.0),
        };
        let variance = self.checks.hold_variance() + service.variance;
        let renewal = RenewalCycle { mean: busy, variance, longest, capped, spread, step, step_spread: spread };
        let mut out = self.steady(busy / share, renewal)?;
        // Each client always has a request at the server: waiting, in service or held.
        out.put(Metric::HeldRequestsMean, self.clients());
        let throughput = f64::from(workers) / busy;
        if let (Some(events), Some(_)) = (out.get(Metric::Events), &server.service) {
            out.put(Metric::Events, events + throughput * self.scenario.window.duration.as_secs_f64());
        }
        if server.read_timeout.is_some() {
            out.put(Metric::GatewayTimeouts, 0.0);
        }
        if server.pool.is_some() {
            out.put(Metric::Refused, 0.0);
            out.put(Metric::WorkersBusyMean, f64::from(workers));
            out.put(Metric::WorkersBusyPeak, f64::from(workers));
            out.put(Metric::QueueLengthMean, f64::from(waiting));
            out.put(Metric::QueueWaitMean, f64::from(waiting) / throughput);
        }
        Some(out)
    }

    /// Clients give up; there are workers for all requests that can be open.
    fn with_timeouts(&self) -> Option<Expected> {
        let (scenario, checks) = (self.scenario, &self.checks);
        let server = &scenario.server;
        let timeout = scenario.clients.timeout.as_secs_f64();
        let most_open = self.clients() * (1.0 + libm::ceil(checks.longest() / timeout));
        let is_plain = server.service.is_none() && !server.is_behind_proxy() && !server.notices_disconnect;
        let has_room = server.pool.is_none_or(|pool| f64::from(pool.workers) >= most_open);
        let drops = server.on_lost_reply == OnLostReply::Drop;
        if scenario.clients.on_timeout != OnTimeout::Retry || !is_plain || !has_room || !drops {
            return None;
        }
        let part = self.in_time()?;
        let spread = scenario.clients.start_within.as_secs_f64();
        let renewal = RenewalCycle {
            mean: part.mean,
            variance: part.variance,
            longest: checks.longest(),
            capped: part.late,
            spread,
            step: checks.schedule.every.as_secs_f64(),
            step_spread: spread,
        };
        let mut out = self.steady(part.mean, renewal)?;
        let requests = self.clients() / part.mean * scenario.window.duration.as_secs_f64();
        let carried = 1.0 - checks.no_data();
        out.put(Metric::MessagesDelivered, requests * part.data);
        out.put(Metric::MessagesLost, requests * (carried - part.data));
        out.put(Metric::Timeouts, requests * part.late);
        out.put(Metric::OrphanRequests, requests * part.late);
        out.put(Metric::GoodputPerSecond, self.clients() / part.mean * (1.0 - part.late));
        for (metric, of) in [
            (Metric::RequestsPerMessage, Metric::RequestsPerSecond),
            (Metric::HttpBytesPerMessage, Metric::HttpBytesPerSecond),
        ] {
            let delivered = requests * part.data / scenario.window.duration.as_secs_f64();
            out.put(metric, out.get(of)? / delivered);
        }
        if let Some(events) = out.get(Metric::Events) {
            out.put(Metric::Events, events + requests * part.late);
        }
        if server.pool.is_some() {
            out.put_zeros(&[Metric::Refused, Metric::QueueLengthMean, Metric::QueueWaitMean]);
            out.put(Metric::WorkersBusyMean, self.clients() * checks.hold() / part.mean);
        }
        Some(out)
    }

    /// The requests as their client sees them, term by term over the checks; `None` for too many checks.
    fn in_time(&self) -> Option<InTime> {
        let checks = &self.checks;
        let Schedule { every, count, first } = checks.schedule;
        if count > MOST_TERMS {
            return None;
        }
        let (step, timeout) = (every.as_secs_f64(), self.scenario.clients.timeout);
        let mut sums = InTime::default();
        let (mut square, mut reached) = (0.0, 1.0);
        let mut add = |sleeps: u32, chance: f64, has_data: bool| {
            let hold = every.times(u64::from(sleeps));
            let seen = hold.min(timeout).as_secs_f64();
            sums.mean += chance * seen;
            square += chance * seen * seen;
            sums.late += if hold > timeout { chance } else { 0.0 };
            sums.data += if has_data && hold <= timeout { chance } else { 0.0 };
        };
        let skipped = u32::from(first == FirstCheck::OnArrival);
        for check in 1..=count {
            add(check - skipped, reached * (1.0 - checks.step_empty), true);
            reached *= checks.step_empty;
        }
        add(count, reached, false);
        sums.variance = (square - sums.mean * sums.mean).max(0.0);
        if sums.mean > 0.0 && step > 0.0 { Some(sums) } else { None }
    }
}

/// The requests as their client sees them.
#[derive(Clone, Copy, Debug, Default)]
struct InTime {
    /// `E[min(H, T)]`.
    mean: f64,
    /// Its variance.
    variance: f64,
    /// `P(H > T)`.
    late: f64,
    /// `P(data, H <= T)`.
    data: f64,
}
