//! Push connections.
//!
//! A message takes one transit, whatever comes before or after it. A connection that is recycled after T leaves a gap
//! of g = delay down + retry + delay up until the next one is open at the server. The cycle is C = T + g, and a message
//! of the gap waits for its end: the mean latency is delay down + g² / 2C for stationary messages.

use super::arrival_process::{ArrivalProcess, Law};
use super::delay::DelayDistribution;
use super::expected::{Expected, UNKNOWN};
use super::latency::put_delay;
use crate::model::metric::Metric;
use crate::model::scenario::{PushStream, Scenario, TransportConfig};
use crate::units::Time;

/// The closed forms of a push connection.
pub fn expected(scenario: &Scenario, stream: &PushStream) -> Expected {
    let (up, down) = (DelayDistribution::new(&scenario.network.up), DelayDistribution::new(&scenario.network.down));
    let longest_trip = up.high_nanos + down.high_nanos;
    let is_plain = stream.recycle_bytes.is_none() && scenario.server.idle_timeout.is_none();
    let (true, Some(arrivals)) = (is_plain, ArrivalProcess::new(scenario)) else { return Expected::default() };
    let opened = scenario.clients.start_within.0 as f64 + longest_trip;
    if longest_trip > scenario.clients.timeout.0 as f64 || opened >= scenario.window.warmup.0 as f64 {
        return Expected::default();
    }
    match stream.recycle_after {
        None => unbroken(scenario, stream, &arrivals, &down),
        Some(after) => recycled(scenario, stream, after, &arrivals),
    }
}

/// Connections that never end, all of them open before the window.
fn unbroken(scenario: &Scenario, stream: &PushStream, arrivals: &ArrivalProcess, down: &DelayDistribution) -> Expected {
    let mut out = Expected::default();
    let (clients, duration) = (f64::from(scenario.clients.count), scenario.window.duration.as_secs_f64());
    for never in [
        Metric::RequestsPerSecond,
        Metric::RepliesPerSecond,
        Metric::MessagesLost,
        Metric::MessagesSuperseded,
        Metric::MessagesDuplicated,
        Metric::Timeouts,
        Metric::ClientsStopped,
        Metric::OrphanRequests,
        Metric::GhostRequests,
        Metric::ServerChecksPerSecond,
        Metric::HeaderBytesPerSecond,
        Metric::GoodputPerSecond,
    ] {
        out.put(never, 0.0);
    }
    out.put(Metric::HeldRequestsMean, clients);
    out.put(Metric::HeldRequestsPeak, clients);
    let created = arrivals.created(scenario);
    out.put(Metric::MessagesCreated, created);
    // A later push may have to wait for an earlier one, unless all take the same time.
    if down.is_constant() {
        put_delay(&mut out, down);
    }
    let (http, size) = (&scenario.http, scenario.source.payload.0);
    let is_even = arrivals.is_stationary() && !matches!(arrivals.law, Law::Trace(_));
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
    for metric in [Metric::HttpBytesPerSecond, Metric::HttpDownBytesPerSecond] {
        out.put(metric, created * bytes / duration);
    }
    out.put(Metric::HttpMbitPerSecond, created * bytes / duration * 8.0 / 1e6);
    out.put(Metric::HttpMibitPerSecond, created * bytes / duration * 8.0 / 1_048_576.0);
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
fn recycled(scenario: &Scenario, stream: &PushStream, after: Time, arrivals: &ArrivalProcess) -> Expected {
    let mut out = Expected::default();
    let (up, down) = (DelayDistribution::new(&scenario.network.up), DelayDistribution::new(&scenario.network.down));
    let (open, gap) = (after.as_secs_f64(), (up.mean + down.mean) + stream.retry.as_secs_f64());
    let cycle = open + gap;
    // Cycles of one length never spread by themselves, so the starts must be spread over whole cycles.
    let spread = scenario.clients.start_within.as_secs_f64();
    let duration = scenario.window.duration.as_secs_f64();
    let is_steady = (spread / cycle - 1.0).abs() < 1e-9 && duration >= cycle;
    if !(up.is_constant() && down.is_constant() && is_steady) {
        return out;
    }
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
    for never in [Metric::MessagesLost, Metric::MessagesDuplicated, Metric::Timeouts] {
        out.put(never, 0.0);
    }
    out
}
