//! Polls and pushes through links of finite capacity: M/G/1 queues.

use super::arrival_process::{ArrivalProcess, Law};
use super::delay::DelayDistribution;
use super::expected::Expected;
use super::pool;
use super::push::{delays_only, pushed_except_latency};
use super::queueing::pollaczek_khinchine;
use crate::model::metric::Metric;
use crate::model::scenario::{Arrivals, Scenario};
use crate::units::BitRate;

/// All clients on one link: polls that leave at random, or messages that are pushed.
pub fn through_server_link(scenario: &Scenario) -> Option<Expected> {
    let link = scenario.server_link?;
    if scenario.transport.polls_at_random() {
        return polls_through_link(scenario);
    }
    if link.up.is_some() || scenario.source.is_broadcast() {
        return None;
    }
    pushed_through(scenario, link.down?, scenario.clients.count)
}

/// Messages that are pushed, each client on a link of its own.
pub fn through_client_links(scenario: &Scenario) -> Option<Expected> {
    pushed_through(scenario, scenario.network.client_link?.down?, 1)
}

/// Polls that leave at random reach the link as a Poisson process, whatever their delay. They leave it at least one
/// transmission apart, so replies that take no longer do not wait. Without a limit on the way up the replies are a
/// Poisson process of one or two sizes.
fn polls_through_link(scenario: &Scenario) -> Option<Expected> {
    let (link, http) = (scenario.server_link?, &scenario.http);
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return None };
    let poll = scenario.transport.short_poll()?;
    if scenario.server.is_limited() || pool::changes_the_model(scenario) || scenario.wire.is_some() {
        return None;
    }
    let mut out = pool::expected(&delays_only(scenario)).unwrap_or_default();
    let rate = f64::from(scenario.clients.count) / poll.interval.as_secs_f64();
    let up = link.up.map_or(0.0, |capacity| seconds(capacity, http.request_header.0 + http.request_body.0));
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
        // Replies with one message, which they have with probability `hit`, or without.
        let found = http.response_header.0 + scenario.source.payload.0 + http.message_framing.0;
        let empty = http.response_header.0 + http.empty_body.0;
        let kinds = [(hit.as_f64(), seconds(capacity, found)), (1.0 - hit.as_f64(), seconds(capacity, empty))];
        let mean: f64 = kinds.iter().map(|(share, time)| share * time).sum();
        let square: f64 = kinds.iter().map(|(share, time)| share * time * time).sum();
        let longest = kinds[0].1.max(kinds[1].1);
        let is_settled = settles(scenario, rate * mean, longest);
        if is_settled {
            out.put(Metric::DownLinkBusy, rate * mean);
        }
        if is_settled && link.up.is_none() {
            out.put(Metric::DownLinkWaitMean, pollaczek_khinchine(rate, mean, square));
        } else if longest <= up {
            out.put(Metric::DownLinkWaitMean, 0.0);
        }
    }
    Some(out)
}

/// The time that a link takes for bytes of HTTP.
fn seconds(capacity: BitRate, bytes: u64) -> f64 {
    capacity.time_of(bytes).as_secs_f64()
}

/// Whether the queue of a link has forgotten that it was empty at first: its slowest mode decays within
/// `s / (1 - √ρ)²` (Morse, "Queues, inventories and maintenance", 1958).
fn settles(scenario: &Scenario, load: f64, time: f64) -> bool {
    let pace = 1.0 - libm::sqrt(load);
    load < 1.0 && scenario.window.warmup.as_secs_f64() >= 20.0 * (time / (pace * pace)).max(1e-9)
}

/// Messages pushed to `clients` clients over connections that stay open, through a link that they share. Independent
/// Poisson processes add up to one, and each message takes the same time.
fn pushed_through(scenario: &Scenario, capacity: BitRate, clients: u32) -> Option<Expected> {
    let arrivals = ArrivalProcess::new(scenario)?;
    let rate = f64::from(clients) * arrivals.rate;
    let mut out = pushed_except_latency(scenario)?;
    let bytes = out.get(Metric::HttpBytesPerMessage)?;
    let is_poisson = matches!(arrivals.law, Law::Poisson(_)) && !arrivals.latest && scenario.source.spread.is_none();
    let time = seconds(capacity, bytes as u64);
    if !is_poisson || scenario.wire.is_some() || !settles(scenario, rate * time, time) {
        return None;
    }
    let delay = DelayDistribution::new(&scenario.network.down).mean;
    let wait = pollaczek_khinchine(rate, time, time * time);
    out.put(Metric::LatencyMean, delay + wait + time);
    if scenario.server_link.is_some() {
        out.put(Metric::DownLinkWaitMean, wait);
        out.put(Metric::DownLinkBusy, rate * time);
    }
    Some(out)
}
