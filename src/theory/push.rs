//! Push connections.
//!
//! A message takes one transit, whatever comes before or after it. A connection that is recycled after T leaves a gap
//! of g = delay down + retry + delay up until the next one is open at the server. The cycle is C = T + g, and a message
//! of the gap waits for its end: the mean latency is delay down + g² / 2C for stationary messages.

use super::arrival_process::{ArrivalProcess, Law};
use super::delay::DelayDistribution;
use super::expected::{Expected, FAILURES, UNKNOWN};
use super::expected_counts::put_http_rate;
use super::latency::put_delay;
use super::{packets, pool};
use crate::model::metric::Metric;
use crate::model::scenario::{Network, PushStream, Scenario, TransportConfig};
use crate::units::Time;

/// The closed forms of a push connection.
pub fn expected(scenario: &Scenario, stream: &PushStream) -> Option<Expected> {
    let trip = DelayDistribution::both_ways(scenario);
    let longest_trip = trip[0].high_nanos + trip[1].high_nanos;
    let is_plain = stream.recycle_bytes.is_none() && scenario.server.idle_timeout.is_none();
    let arrivals = ArrivalProcess::new(scenario)?;
    let opened = scenario.clients.start_within.0 as f64 + longest_trip;
    let in_time = longest_trip <= scenario.clients.timeout.0 as f64 && opened < scenario.window.warmup.0 as f64;
    match stream.recycle_after {
        _ if !is_plain || !in_time => None,
        None => Some(unbroken(scenario, stream, &arrivals, &trip[1])),
        Some(after) => recycled(scenario, stream, after, &arrivals),
    }
}

/// Connections that never end, all of them open before the window.
fn unbroken(scenario: &Scenario, stream: &PushStream, arrivals: &ArrivalProcess, down: &DelayDistribution) -> Expected {
    let mut out = Expected::default();
    let (clients, duration) = (f64::from(scenario.clients.count), scenario.window.duration.as_secs_f64());
    out.put_zeros(FAILURES);
    out.put_zeros(&[Metric::MessagesLost, Metric::MessagesSuperseded, Metric::MessagesDuplicated]);
    out.put_zeros(&[Metric::RequestsPerSecond, Metric::RepliesPerSecond, Metric::GoodputPerSecond]);
    out.put_zeros(&[Metric::ServerChecksPerSecond, Metric::HeaderBytesPerSecond]);
    out.put(Metric::HeldRequestsMean, clients);
    out.put(Metric::HeldRequestsPeak, clients);
    let created = arrivals.created(scenario);
    out.put(Metric::MessagesCreated, created);
    // A later push may have to wait for an earlier one, unless all take the same time.
    if down.is_constant() {
        put_delay(&mut out, down);
    }
    let (http, size) = (&scenario.http, scenario.source.payload.0);
    let is_even = arrivals.is_stationary();
    if is_even {
        out.put(Metric::MessagesDelivered, created);
        out.put(Metric::RequestsPerMessage, 0.0);
        out.put(Metric::PayloadBytesPerSecond, created * size as f64 / duration);
    }
    let bytes = match stream.keep_alive {
        None if is_even => per_push(&scenario.transport, size + http.message_framing.0),
        _ => UNKNOWN,
    };
    out.put(Metric::HttpBytesPerMessage, bytes);
    out.put(Metric::HttpUpBytesPerSecond, bytes * 0.0);
    out.put(Metric::HttpDownBytesPerSecond, created * bytes / duration);
    put_http_rate(&mut out, created * bytes / duration);
    out
}

/// The HTTP bytes of a push of one message, by the formulas of the standards, independent of the model: a chunk is
/// its length in hexadecimal digits and two line ends (RFC 9112, section 7.1), an event `data: ` and two line feeds
/// (WHATWG HTML, section 9.2.6), a frame has a header of 2, 4 or 10 bytes (RFC 6455, section 5.2).
fn per_push(transport: &TransportConfig, message: u64) -> f64 {
    let chunk = |bytes: u64| format!("{bytes:x}\r\n\r\n").len() as f64 + bytes as f64;
    match transport {
        TransportConfig::Streaming(_) => chunk(message),
        TransportConfig::Sse(sse) if sse.ids => UNKNOWN,
        TransportConfig::Sse(_) => chunk(message + 8),
        TransportConfig::WebSocket(_) if message <= 125 => message as f64 + 2.0,
        TransportConfig::WebSocket(_) if message <= 65_535 => message as f64 + 4.0,
        TransportConfig::WebSocket(_) => message as f64 + 10.0,
        TransportConfig::ShortPoll(_) | TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_) => UNKNOWN,
    }
}

/// Connections that are recycled after a time, with constant delays.
fn recycled(scenario: &Scenario, stream: &PushStream, after: Time, arrivals: &ArrivalProcess) -> Option<Expected> {
    let [up, down] = DelayDistribution::both_ways(scenario);
    let (open, gap) = (after.as_secs_f64(), (up.mean + down.mean) + stream.retry.as_secs_f64());
    let cycle = open + gap;
    // Cycles of one length never spread by themselves, so the starts must be spread over whole cycles.
    let spread = scenario.clients.start_within.as_secs_f64();
    let is_steady = (spread / cycle - 1.0).abs() < 1e-9 && scenario.window.duration.as_secs_f64() >= cycle;
    if !(up.is_constant() && down.is_constant() && is_steady) {
        return None;
    }
    let mut out = Expected::default();
    let clients = f64::from(scenario.clients.count);
    for metric in [Metric::RequestsPerSecond, Metric::RepliesPerSecond, Metric::GoodputPerSecond] {
        out.put(metric, clients / cycle);
    }
    out.put(Metric::HeldRequestsMean, clients * open / cycle);
    out.put(Metric::HoldMean, open);
    out.put(Metric::MessagesCreated, arrivals.created(scenario));
    if matches!(arrivals.law, Law::Poisson(_)) && !arrivals.latest {
        out.put(Metric::LatencyMean, down.mean + gap * gap / (2.0 * cycle));
    }
    out.put_zeros(&[Metric::MessagesLost, Metric::MessagesDuplicated, Metric::Timeouts]);
    Some(out)
}

/// The scenario with nothing but delays between clients and server.
pub fn delays_only(scenario: &Scenario) -> Scenario {
    let mut plain = scenario.clone();
    plain.server_link = None;
    plain.http.http2 = None;
    plain.clients.sends = None;
    plain.network = Network::delays(plain.network.up, plain.network.down);
    plain
}

/// The closed forms of endless connections on which the server pushes, with constant delays, except those of the
/// latency.
pub fn pushed_except_latency(scenario: &Scenario) -> Option<Expected> {
    let plain = delays_only(scenario);
    let stream = plain.transport.stream()?;
    if !packets::pushes_evenly(&plain, stream) || !pool::is_without_effect(&plain) || !packets::stays_open(&plain) {
        return None;
    }
    let mut out = expected(&plain, stream)?;
    out.leave_out(|metric| metric.name().starts_with("latency") || metric == Metric::AgeMean);
    Some(out)
}
