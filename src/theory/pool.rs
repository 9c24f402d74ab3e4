//! A limited server: classical formulas of queueing theory, and the conditions under which they hold.

use super::closed_network;
use super::delay::DelayDistribution;
use super::expected::{Expected, FAILURES};
use super::queueing::{engset, erlang_b, erlang_c};
use crate::model::metric::Metric;
use crate::model::scenario::{Backoff, Delay, OnError, OnTimeout, Pace, Scenario, ShortPoll, TransportConfig};
use crate::units::Time;

/// Whether workers, service and proxy leave the closed forms of the transport as they are.
pub fn is_without_effect(scenario: &Scenario) -> bool {
    let server = &scenario.server;
    let (transport, clients) = (&scenario.transport, scenario.clients.count);
    let is_large_enough = server.pool.is_none_or(|pool| pool.workers >= clients && !transport.is_open_loop());
    !changes_the_model(scenario)
        && !transport.polls_at_random()
        && server.service.is_none()
        && is_large_enough
        && server.read_timeout.is_none_or(|timeout| timeout >= transport.longest_check())
}

/// Whether the scenario has a limit without a known closed form.
pub fn changes_the_model(scenario: &Scenario) -> bool {
    let (server, clients) = (&scenario.server, &scenario.clients);
    server.session_lock
        || server.check_drift.is_some()
        || server.restart.is_some()
        || clients.browsers.is_some()
        || clients.come_and_go()
}

/// Adds the metrics of a pool and a proxy without effect: no request waits or is refused.
pub fn put_without_effect(out: &mut Expected, scenario: &Scenario) {
    let Some(held) = out.get(Metric::HeldRequestsMean) else { return };
    if scenario.server.read_timeout.is_some() {
        out.put(Metric::GatewayTimeouts, 0.0);
    }
    if scenario.server.pool.is_some() {
        out.put(Metric::WorkersBusyMean, held);
        out.put_zeros(&[Metric::Refused, Metric::QueueLengthMean, Metric::QueueWaitMean]);
    }
}

/// The closed forms of a scenario in which the limits of the server have an effect. With packets there are none: a
/// client that gives up or is refused closes its connection, and opening another takes time.
pub fn expected(scenario: &Scenario) -> Option<Expected> {
    match &scenario.transport {
        _ if changes_the_model(scenario) || scenario.wire.is_some() => None,
        TransportConfig::LongPoll(poll) => closed_network::expected(scenario, poll),
        TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson => polls_on_workers(scenario, *poll),
        TransportConfig::ShortPoll(poll) => refused_polls(scenario, *poll),
        _ => None,
    }
}

/// Short polls paced after the reply, on workers without a backlog: Engset's formula, where a client that was refused
/// waits as long as one that was served. It holds for any distributions of service and wait (Cohen, "The generalized
/// Engset formulae", Philips Telecommunication Review 18, 1957), if only the service varies.
fn refused_polls(scenario: &Scenario, poll: ShortPoll) -> Option<Expected> {
    let (server, clients) = (&scenario.server, scenario.clients.count);
    let pool = server.pool.filter(|pool| pool.backlog == Some(0) && pool.workers < clients)?;
    let service = DelayDistribution::new(server.service.as_ref()?);
    let backoff = Backoff { first: poll.interval, factor: 1.0, max: poll.interval, jitter: 0.0 };
    let waits_alike = matches!(scenario.clients.on_error, OnError::Retry(retry) if retry.max >= poll.interval
        && Backoff { max: poll.interval, ..retry } == backoff);
    let no_delay =
        [&scenario.network.up, &scenario.network.down].iter().all(|delay| **delay == Delay::Constant(Time::ZERO));
    let longest = Time(libm::ceil(service.high_nanos) as u64);
    let in_time = longest <= scenario.clients.timeout && server.read_timeout.is_none_or(|timeout| longest <= timeout);
    let settled = scenario.window.warmup >= poll.interval.times(10);
    if poll.pace != Pace::AfterReply || !waits_alike || !no_delay || !in_time || !settled || service.is_constant() {
        return None;
    }
    let think = poll.interval.as_secs_f64();
    let refused = engset(clients, pool.workers, service.mean / think);
    let served = 1.0 - refused;
    let rate = f64::from(clients) / (think + served * service.mean);
    let duration = scenario.window.duration.as_secs_f64();
    let mut out = Expected::default();
    out.put(Metric::RequestsPerSecond, rate);
    out.put(Metric::RepliesPerSecond, rate);
    out.put(Metric::GoodputPerSecond, rate * served);
    out.put(Metric::Refused, rate * refused * duration);
    out.put(Metric::WorkersBusyMean, rate * served * service.mean);
    out.put(Metric::HeldRequestsMean, rate * served * service.mean);
    out.put(Metric::ServerChecksPerSecond, rate * served);
    out.put_zeros(&[Metric::QueueLengthMean, Metric::QueueWaitMean]);
    out.put_zeros(FAILURES);
    Some(out)
}

/// Polls that leave at random: together a Poisson process, whatever their delays. With exponential service Erlang's C
/// formula holds for an unlimited backlog, and the mean wait is `C / (w / E[S] - rate)`. Without a backlog Erlang's B
/// formula holds for any distribution of the service.
fn polls_on_workers(scenario: &Scenario, poll: ShortPoll) -> Option<Expected> {
    let (server, clients) = (&scenario.server, &scenario.clients);
    if clients.on_timeout == OnTimeout::Stop || (scenario.may_fail() && clients.on_error == OnError::Stop) {
        return None;
    }
    let rate = f64::from(scenario.clients.count) / poll.interval.as_secs_f64();
    let duration = scenario.window.duration.as_secs_f64();
    let mut out = Expected::default();
    out.put(Metric::RequestsPerSecond, rate);
    let request = scenario.http.request_header.0 + scenario.http.request_body.0;
    out.put(Metric::HttpUpBytesPerSecond, rate * request as f64);
    let at_once = Delay::Constant(Time::ZERO);
    let law = server.service.as_ref().unwrap_or(&at_once);
    let service = DelayDistribution::new(law);
    let keeps_all = !server.notices_disconnect && !server.is_behind_proxy();
    let Some(pool) = server.pool else { return Some(out) };
    if !keeps_all || service.mean <= 0.0 {
        return Some(out);
    }
    let (workers, load) = (f64::from(pool.workers), rate * service.mean);
    // The slowest mode of M/M/c decays at this rate per service time (Morse, "Queues, inventories and maintenance",
    // 1958).
    let pace = libm::sqrt(workers) - libm::sqrt(load);
    let settles_in = service.mean / (pace * pace).min(1.0);
    let is_settled = scenario.window.warmup.as_secs_f64() >= 20.0 * settles_in.max(service.mean);
    match pool.backlog {
        None if load < workers && is_settled && matches!(law, Delay::Exponential(_)) => {
            let wait = erlang_c(pool.workers, load) / (workers / service.mean - rate);
            out.put(Metric::WorkersBusyMean, load);
            out.put(Metric::QueueWaitMean, wait);
            out.put(Metric::QueueLengthMean, rate * wait);
            out.put(Metric::HeldRequestsMean, load + rate * wait);
            out.put(Metric::Refused, 0.0);
            out.put(Metric::RepliesPerSecond, rate);
            out.put(Metric::ServerChecksPerSecond, rate);
        }
        Some(0) if is_settled => {
            let refused = erlang_b(pool.workers, load);
            out.put(Metric::WorkersBusyMean, load * (1.0 - refused));
            out.put(Metric::HeldRequestsMean, load * (1.0 - refused));
            out.put(Metric::Refused, rate * refused * duration);
            out.put_zeros(&[Metric::QueueLengthMean, Metric::QueueWaitMean]);
            out.put(Metric::ServerChecksPerSecond, rate * (1.0 - refused));
        }
        _ => {}
    }
    Some(out)
}
