//! The network between clients and server: links, packet loss, HTTP/2, and sends.
//!
//! Each alone has closed forms. For two of them together none is given.

use super::delay::DelayLaw;
use super::source::{Feed, Law};
use super::{Expected, pool, stream, wire};
use crate::model::metric::Metric;
use crate::model::scenario::{
    Arrivals, Http, Http2, Loss, Network, Pace, Process, Scenario, ShortPoll, TransportConfig,
};
use crate::units::{BitRate, Bytes, Time};

/// Mean wait in an M/G/1 queue under a load below 1, from mean and mean square of the service: the formula of Pollaczek
/// (1930) and Khinchine (1932). With constant service it is the M/D/1 queue, `ρ s / 2 (1 - ρ)` (Erlang, 1909).
pub fn pollaczek_khinchine(rate: f64, mean: f64, square: f64) -> f64 {
    rate * square / (2.0 * (1.0 - rate * mean))
}

/// The features of a scenario beyond delays.
fn beyond(scenario: &Scenario) -> [bool; 5] {
    let in_groups = matches!(scenario.source.arrivals, Arrivals::Group { .. });
    [
        scenario.server_link.is_some(),
        scenario.network.client_link.is_some(),
        scenario.network.loss.is_some(),
        scenario.http.http2.is_some(),
        scenario.clients.sends.is_some() || in_groups,
    ]
}

/// Whether there is anything but delays between clients and server.
pub fn is_needed(scenario: &Scenario) -> bool {
    beyond(scenario).contains(&true)
}

/// The closed forms of a scenario with one such thing; none with more.
pub fn expected(scenario: &Scenario) -> Expected {
    let found = match beyond(scenario) {
        [true, false, false, false, false] => behind_server_link(scenario),
        [false, true, false, false, false] => {
            let capacity = scenario.network.client_link.and_then(|link| link.down);
            let rate = |feed: &Feed| feed.rate();
            capacity.and_then(|capacity| pushed_through(scenario, capacity, rate))
        }
        [false, false, true, false, false] => scenario.network.loss.and_then(|loss| pushed_with_loss(scenario, &loss)),
        [false, false, false, true, false] => scenario.http.http2.and_then(|sizes| under_http2(scenario, &sizes)),
        [false, false, false, false, true] => sent(scenario),
        _ => None,
    };
    found.unwrap_or_default()
}

/// The scenario with nothing but delays.
fn plain(scenario: &Scenario) -> Scenario {
    let mut plain = scenario.clone();
    plain.server_link = None;
    plain.http.http2 = None;
    plain.clients.sends = None;
    plain.network = Network { client_link: None, loss: None, ..plain.network };
    plain
}

/// All clients on one link: polls that leave at random, or messages that are pushed.
fn behind_server_link(scenario: &Scenario) -> Option<Expected> {
    let link = scenario.server_link?;
    match &scenario.transport {
        TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson => random_polls(scenario, *poll),
        _ if link.up.is_none() && !scenario.source.is_broadcast() => {
            let clients = f64::from(scenario.clients.count);
            pushed_through(scenario, link.down?, |feed| clients * feed.rate())
        }
        _ => None,
    }
}

/// Polls that leave at random reach the link as a Poisson process, whatever their delay. They leave it at least one
/// transmission apart, so replies that take no longer do not wait. Without a limit on the way up the replies are a
/// Poisson process of one or two sizes.
fn random_polls(scenario: &Scenario, poll: ShortPoll) -> Option<Expected> {
    let (link, http) = (scenario.server_link?, &scenario.http);
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return None };
    if scenario.server.is_limited() || pool::changes_the_model(scenario) || scenario.wire.is_some() {
        return None;
    }
    let mut out = pool::expected(&plain(scenario));
    let rate = f64::from(scenario.clients.count) / poll.interval.as_secs_f64();
    let found = http.response_header.0 + scenario.source.payload.0 + http.message_framing.0;
    let empty = http.response_header.0 + http.empty_body.0;
    let time = |capacity: BitRate, bytes: u64| capacity.time_of(bytes).as_secs_f64();
    let up = link.up.map_or(0.0, |capacity| time(capacity, http.request_header.0 + http.request_body.0));
    if !settles(scenario, rate * up, up) {
        return None;
    }
    if link.up.is_some() {
        out.put(Metric::UpLinkWaitMean, pollaczek_khinchine(rate, up, up * up));
        out.put(Metric::UpLinkBusy, rate * up);
    }
    out.put(Metric::RepliesPerSecond, rate);
    out.put(Metric::ServerChecksPerSecond, rate);
    if let Some(capacity) = link.down {
        let sizes = [(hit.as_f64(), time(capacity, found)), (1.0 - hit.as_f64(), time(capacity, empty))];
        let mean: f64 = sizes.iter().map(|(share, time)| share * time).sum();
        let square: f64 = sizes.iter().map(|(share, time)| share * time * time).sum();
        let longest = sizes.iter().map(|(_, time)| *time).fold(0.0, f64::max);
        if settles(scenario, rate * mean, longest) {
            out.put(Metric::DownLinkBusy, rate * mean);
        }
        if settles(scenario, rate * mean, longest) && link.up.is_none() {
            out.put(Metric::DownLinkWaitMean, pollaczek_khinchine(rate, mean, square));
        } else if longest <= up {
            out.put(Metric::DownLinkWaitMean, 0.0);
        }
    }
    Some(out)
}

/// Whether the queue of a link has forgotten that it was empty at first: its slowest mode decays within
/// `s / (1 - √ρ)²` (Morse, "Queues, inventories and maintenance", 1958).
fn settles(scenario: &Scenario, load: f64, time: f64) -> bool {
    let pace = 1.0 - libm::sqrt(load);
    load < 1.0 && scenario.window.warmup.as_secs_f64() >= 20.0 * (time / (pace * pace)).max(1e-9)
}

/// Messages pushed over connections that stay open, through a link. Independent Poisson processes add up to one, and
/// each message takes the same time.
fn pushed_through(scenario: &Scenario, capacity: BitRate, rate: impl Fn(&Feed) -> f64) -> Option<Expected> {
    let feed = Feed::new(scenario)?;
    let plain = plain(scenario);
    let mut out = pushed(&plain)?;
    let bytes = out.get(Metric::HttpBytesPerMessage)?;
    let is_poisson = matches!(feed.law, Law::Poisson(_)) && !feed.latest && scenario.source.spread.is_none();
    let time = capacity.time_of(bytes as u64).as_secs_f64();
    if !is_poisson || scenario.wire.is_some() || !settles(scenario, rate(&feed) * time, time) {
        return None;
    }
    forget_latency(&mut out);
    let delay = DelayLaw::new(&scenario.network.down).mean;
    let wait = pollaczek_khinchine(rate(&feed), time, time * time);
    out.put(Metric::LatencyMean, delay + wait + time);
    if scenario.server_link.is_some() {
        out.put(Metric::DownLinkWaitMean, wait);
        out.put(Metric::DownLinkBusy, rate(&feed) * time);
    }
    Some(out)
}

/// The closed forms of connections that stay open, without packets.
fn pushed(plain: &Scenario) -> Option<Expected> {
    let stream =
        plain.transport.stream().filter(|stream| stream.recycle_after.is_none() && stream.keep_alive.is_none())?;
    let is_constant = DelayLaw::new(&plain.network.down).is_constant();
    if !is_constant || !pool::is_without_effect(plain) || !wire::stays_open(plain) {
        return None;
    }
    Some(stream::expected(plain, stream)).filter(|out| !out.is_empty())
}

fn forget_latency(out: &mut Expected) {
    out.values.retain(|(metric, _)| !metric.name().starts_with("latency") && *metric != Metric::AgeMean);
}

/// Poisson messages of one packet each, delivered in order. A message alone takes X: it is lost n times with
/// probability `(1 - p) p^n`, and then takes `D_n`, the geometric series of the timeouts. In order it arrives no
/// earlier than its predecessors: `P(L <= x) = F(x) exp(-λ ∫_x^∞ (1 - F(u)) du)`, the void probability of a Poisson
/// process of marked points. F is a step function, so the integral of the tail is a sum.
fn pushed_with_loss(scenario: &Scenario, loss: &Loss) -> Option<Expected> {
    let feed = Feed::new(scenario)?;
    let mut out = pushed(&plain(scenario))?;
    let Law::Poisson(rate) = feed.law else { return None };
    let wire = scenario.wire.filter(|wire| wire.tls.is_none())?;
    // The largest frame header has 10 bytes, the longest chunk some more.
    let fits = scenario.source.payload.0 + scenario.http.message_framing.0 + 40 <= wire.segment.0;
    let p = loss.rate.as_f64();
    let lasts = loss.delay(30).as_secs_f64();
    if !fits || feed.latest || scenario.source.spread.is_some() || lasts * libm::pow(p, 30.0) > 1e-6 {
        return None;
    }
    if scenario.window.warmup.as_secs_f64() < 2.0 * loss.delay(6).as_secs_f64() {
        return None;
    }
    forget_latency(&mut out);
    let delay = DelayLaw::new(&scenario.network.down).mean;
    if !scenario.source.is_broadcast() {
        out.put(Metric::LatencyMean, delay + in_order_delay(loss, rate));
    }
    out.put(Metric::PacketsLost, feed.created(scenario) * p / (1.0 - p));
    out.put(Metric::ConnectionsOpened, 0.0);
    // The messages held up at the edges of the window differ from run to run.
    for metric in [Metric::MessagesPendingStart, Metric::MessagesPendingEnd] {
        out.values.retain(|(known, _)| *known != metric);
    }
    Some(out)
}

/// `∫_0^∞ (1 - P(L <= x)) dx`, over the steps of F.
fn in_order_delay(loss: &Loss, rate: f64) -> f64 {
    let p = loss.rate.as_f64();
    let delay = |losses: u64| loss.delay(losses).as_secs_f64();
    let steps: Vec<(f64, f64)> = (0..120).map(|n| (libm::pow(p, n as f64 + 1.0), delay(n + 1) - delay(n))).collect();
    let mut left: f64 = steps.iter().map(|(tail, length)| tail * length).sum();
    let mut sum = 0.0;
    for (tail, length) in steps {
        let growth = rate * tail * length;
        sum += length - (1.0 - tail) * libm::exp(-rate * left) * libm::expm1(growth) / (rate * tail);
        left -= tail * length;
        if tail < 1e-15 {
            break;
        }
    }
    sum
}

/// Polls at a fixed rate, at least a second apart, so that each response has its own date. They have the forms of
/// HTTP/1.1 with other sizes.
fn under_http2(scenario: &Scenario, sizes: &Http2) -> Option<Expected> {
    let TransportConfig::ShortPoll(poll) = &scenario.transport else { return None };
    let Arrivals::InRequest { .. } = scenario.source.arrivals else { return None };
    let laws = [&scenario.network.up, &scenario.network.down].map(DelayLaw::new);
    let trip: f64 = laws.iter().map(|law| law.high_nanos).sum();
    let first = poll.interval.0 as f64 + trip;
    let is_even = laws.iter().all(DelayLaw::is_constant) && poll.pace == Pace::FixedRate;
    if !is_even || poll.interval < Time::from_secs(1) || first >= scenario.window.warmup.0 as f64 {
        return None;
    }
    let http = &scenario.http;
    let found = scenario.source.payload.0 + http.message_framing.0;
    let around = |body: u64| Bytes(Http2::framed(body));
    let mut alike = plain(scenario);
    alike.wire = None;
    // With packets, costs count the bytes of packets.
    alike.cost = alike.cost.filter(|_| scenario.wire.is_none());
    alike.http = Http {
        request_header: sizes.request,
        response_header: Bytes(sizes.response.0 + sizes.date.0),
        request_body: around(http.request_body.0),
        empty_body: around(http.empty_body.0),
        message_framing: Bytes(around(found).0 - scenario.source.payload.0),
        ..Http::default()
    };
    let is_plain = !alike.server.is_limited() && !pool::changes_the_model(&alike) && wire::stays_open(scenario);
    is_plain.then(|| super::expected(&alike))
}

/// Sends at random, without failures.
fn sent(scenario: &Scenario) -> Option<Expected> {
    let sends = scenario.clients.sends.as_ref()?;
    let Process::Poisson { rate } = sends.process else { return None };
    let (up, down) = (DelayLaw::new(&scenario.network.up), DelayLaw::new(&scenario.network.down));
    let trip = up.high_nanos + down.high_nanos;
    let first = match &scenario.transport {
        TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson => return None,
        TransportConfig::ShortPoll(poll) => poll.interval,
        _ => scenario.clients.start_within,
    };
    let is_limited = scenario.server.is_limited() || pool::changes_the_model(scenario);
    let hold = scenario.transport.longest_hold().0 as f64;
    let asks_in_time = 3.0 * trip + hold <= scenario.clients.timeout.0 as f64;
    if is_limited || !asks_in_time || first.0 as f64 + 3.0 * trip >= scenario.window.warmup.0 as f64 {
        return None;
    }
    let mut out = Expected::default();
    let duration = scenario.window.duration.as_secs_f64();
    let messages = f64::from(scenario.clients.count) * rate.per_second() * duration;
    out.put(Metric::MessagesSent, messages);
    for never in [Metric::SendsFailed, Metric::Timeouts, Metric::ClientsStopped, Metric::MessagesLost] {
        out.put(never, 0.0);
    }
    if let Arrivals::Group { size } = scenario.source.arrivals
        && scenario.clients.count.is_multiple_of(size)
    {
        out.put(Metric::MessagesCreated, messages * f64::from(size));
        let is_frame = matches!(&scenario.transport, TransportConfig::WebSocket(socket)
            if socket.stream.recycle_after.is_none() && socket.stream.recycle_bytes.is_none());
        if is_frame && up.is_constant() && down.is_constant() && scenario.server.idle_timeout.is_none() {
            for metric in [Metric::LatencyMean, Metric::LatencyMin, Metric::LatencyMax] {
                out.put(metric, up.mean + down.mean);
            }
            out.put(Metric::RequestsPerSecond, 0.0);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Probability;

    /// A message without predecessors takes the geometric series: for p = 1/4 and no longest timeout
    /// `r p / (1 - 2 p)`.
    #[test]
    fn a_lone_packet_takes_the_geometric_series() {
        let rate = Probability::new(1, 4).unwrap();
        let loss = Loss { rate, timeout: Time::from_secs(1), max_timeout: Time(1 << 60) };
        assert!((in_order_delay(&loss, 1e-12) - 0.5).abs() < 1e-6);
        let capped = Loss { max_timeout: Time::from_secs(1), ..loss };
        assert!((in_order_delay(&capped, 1e-12) - 1.0 / 3.0).abs() < 1e-9);
        // The higher the rate, the longer they wait for each other.
        assert!(in_order_delay(&capped, 10.0) > in_order_delay(&capped, 1.0));
    }

    /// M/M/1 has the mean wait `ρ² / λ (1 - ρ)`, M/D/1 half of it.
    #[test]
    fn the_formula_gives_what_is_known() {
        let (rate, mean) = (0.8, 1.0);
        assert!((pollaczek_khinchine(rate, mean, 2.0) - 4.0).abs() < 1e-12);
        assert!((pollaczek_khinchine(rate, mean, 1.0) - 2.0).abs() < 1e-12);
    }
}
