//! Packets and acknowledgements on TCP connections that stay open.
//!
//! A request and its reply are one packet each. The server acknowledges a request separately if it holds it for longer
//! than its delay of acknowledgements, and the client a reply if it asks again later than its own delay d: 2 to 4
//! packets per cycle. A pushed message is one packet, and is acknowledged together with the next one if that comes
//! within d: for Poisson messages (rate λ) an acknowledgement covers 1 + (1 - e^(-λd)) of them on average.

use super::arrival_process::{ArrivalProcess, Law};
use super::delay::DelayDistribution;
use super::expected::Expected;
use crate::model::metric::Metric;
use crate::model::scenario::{Arrivals, Check, Delay, FirstCheck, Pace, PushStream, Scenario, TransportConfig, Wire};
use crate::units::Time;

/// Whether a connection, once open, stays open unless a client gives up, and all are open before the window: then
/// handshakes delay nothing that is measured.
pub fn stays_open(scenario: &Scenario) -> bool {
    let Some(wire) = &scenario.wire else { return true };
    let trip: f64 = DelayDistribution::both_ways(scenario).iter().map(|law| law.high_nanos).sum();
    let first_polls = scenario.transport.short_poll().map_or(Time::ZERO, |poll| poll.interval);
    let first = scenario.clients.start_within.max(first_polls);
    let is_open_in_time = first.0 as f64 + 3.0 * trip < scenario.window.warmup.0 as f64;
    is_open_in_time && is_never_idle_for_long(scenario, wire)
}

/// Whether a client asks again before its connection is closed.
fn is_never_idle_for_long(scenario: &Scenario, wire: &Wire) -> bool {
    match &scenario.transport {
        TransportConfig::LongPoll(poll) => matches!(poll.turnaround, Delay::Constant(pause) if pause < wire.keep_alive),
        TransportConfig::ShortPoll(poll) => {
            let trip = round_trip(scenario);
            let is_alone = trip.is_some_and(|trip| poll.pace == Pace::AfterReply || trip < poll.interval);
            poll.pace != Pace::Poisson && is_alone && poll.interval < wire.keep_alive
        }
        pushing => pushing.stream().is_some_and(|stream| stream.recycle_after.is_none()),
    }
}

/// Up and down, if both are constant.
fn round_trip(scenario: &Scenario) -> Option<Time> {
    let [up, down] = DelayDistribution::both_ways(scenario);
    if !up.is_constant() || !down.is_constant() {
        return None;
    }
    Some(Time((up.high_nanos + down.high_nanos) as u64))
}

/// Puts the metrics that follow from the rates already there.
pub fn put(out: &mut Expected, scenario: &Scenario) {
    let Some(wire) = scenario.wire else { return };
    if !stays_open(scenario) || out.get(Metric::Timeouts) != Some(0.0) {
        return;
    }
    out.put(Metric::ConnectionsOpened, 0.0);
    let of_cycles = per_cycle(scenario, &wire).zip(out.get(Metric::RequestsPerSecond));
    let packets = of_cycles.map(|(packets, cycles)| packets * cycles).or_else(|| per_push(scenario, &wire));
    let (Some(packets), None, Some(bytes)) = (packets, wire.tls, out.get(Metric::HttpBytesPerSecond)) else { return };
    let all = bytes + packets * wire.header.0 as f64;
    out.put(Metric::PacketsPerSecond, packets);
    out.put(Metric::WireBytesPerSecond, all);
    out.put(Metric::WireMbitPerSecond, all * 8.0 / 1e6);
}

/// Packets for a request and its reply, which fit into one each.
fn per_cycle(scenario: &Scenario, wire: &Wire) -> Option<f64> {
    let http = &scenario.http;
    let Arrivals::InRequest { .. } = scenario.source.arrivals else { return None };
    let request = http.request_header.0 + http.request_body.0;
    let found = scenario.source.payload.0 + http.message_framing.0;
    let sizes = [request, http.response_header.0 + found, http.response_header.0 + http.empty_body.0];
    if sizes.iter().any(|size| *size == 0 || *size > wire.segment.0) || scenario.server.service.is_some() {
        return None;
    }
    let trip = round_trip(scenario)?;
    let (hold, pause) = match &scenario.transport {
        TransportConfig::LongPoll(poll) => match (poll.check, &poll.turnaround) {
            (Check::Every { every, first: FirstCheck::AfterSleep, .. }, Delay::Constant(pause)) => (every, *pause),
            (Check::Every { .. } | Check::Notify { .. }, _) => return None,
        },
        TransportConfig::ShortPoll(poll) if poll.pace == Pace::AfterReply => (Time::ZERO, poll.interval),
        TransportConfig::ShortPoll(poll) => (Time::ZERO, poll.interval.since(trip)),
        _ => return None,
    };
    let by_itself = |wait: Time, delay: Time| if wait > delay { 1.0 } else { 0.0 };
    let of_server = by_itself(hold, wire.server_ack_delay);
    if hold > Time::ZERO && of_server <= 0.0 {
        return None;
    }
    Some(2.0 + of_server + by_itself(pause, wire.ack_delay))
}

/// Packets per second for messages that are pushed one by one, with their acknowledgements.
fn per_push(scenario: &Scenario, wire: &Wire) -> Option<f64> {
    let stream = scenario.transport.stream()?;
    let arrivals = ArrivalProcess::new(scenario)?;
    let Law::Poisson(rate) = arrivals.law else { return None };
    let together = -libm::expm1(-rate * wire.ack_delay.as_secs_f64());
    let messages = arrivals.created(scenario) / scenario.window.duration.as_secs_f64();
    if !push_fits(scenario, wire) || !pushes_evenly(scenario, stream) || arrivals.latest {
        return None;
    }
    Some(messages * (1.0 + 1.0 / (1.0 + together)))
}

/// Whether a push of one message is one packet. The largest frame header has 10 bytes, the longest chunk some more.
pub fn push_fits(scenario: &Scenario, wire: &Wire) -> bool {
    scenario.source.payload.0 + scenario.http.message_framing.0 + 40 <= wire.segment.0
}

/// Whether nothing but messages is pushed, on connections that never end, and all of it takes the same time.
pub fn pushes_evenly(scenario: &Scenario, stream: &PushStream) -> bool {
    let is_endless = stream.recycle_after.is_none() && stream.keep_alive.is_none();
    is_endless && DelayDistribution::new(&scenario.network.down).is_constant()
}
