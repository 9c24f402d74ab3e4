//! The network between clients and server: links, packet loss, HTTP/2, and sends.
//!
//! Each alone has closed forms. For two of them together none is given.

use super::delay::DelayDistribution;
use super::expected::Expected;
use super::push::delays_only;
use super::{links, loss, packets, pool, sends};
use crate::model::scenario::{Arrivals, Http, Http2, Pace, Scenario};
use crate::units::{Bytes, Time};

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

/// The closed forms of a scenario with one such thing; none with more. `of_one` gives those of a scenario with none.
pub fn expected(scenario: &Scenario, of_one: fn(&Scenario) -> Expected) -> Expected {
    let found = match beyond(scenario) {
        [true, false, false, false, false] => links::through_server_link(scenario),
        [false, true, false, false, false] => links::through_client_links(scenario),
        [false, false, true, false, false] => loss::expected(scenario),
        [false, false, false, true, false] => as_http1(scenario).as_ref().map(of_one),
        [false, false, false, false, true] => sends::expected(scenario),
        _ => None,
    };
    found.unwrap_or_default()
}

/// Polls over HTTP/2 at a fixed rate, at least a second apart, so that each response has its own date. They have the
/// forms of HTTP/1.1 with other sizes: of this scenario.
fn as_http1(scenario: &Scenario) -> Option<Scenario> {
    let sizes = scenario.http.http2?;
    let poll = scenario.transport.short_poll()?;
    let Arrivals::InRequest { .. } = scenario.source.arrivals else { return None };
    let laws = DelayDistribution::both_ways(scenario);
    let trip: f64 = laws.iter().map(|law| law.high_nanos).sum();
    let first = poll.interval.0 as f64 + trip;
    let is_even = laws.iter().all(DelayDistribution::is_constant) && poll.pace == Pace::FixedRate;
    if !is_even || poll.interval < Time::from_secs(1) || first >= scenario.window.warmup.0 as f64 {
        return None;
    }
    let http = &scenario.http;
    let found = scenario.source.payload.0 + http.message_framing.0;
    let around = |body: u64| Bytes(Http2::framed(body));
    let mut alike = delays_only(scenario);
    alike.wire = None;
    // With packets, costs count the bytes of packets.
    if scenario.wire.is_some() {
        alike.cost = None;
    }
    alike.http = Http {
        request_header: sizes.request,
        response_header: Bytes(sizes.response.0 + sizes.date.0),
        request_body: around(http.request_body.0),
        empty_body: around(http.empty_body.0),
        message_framing: Bytes(around(found).0 - scenario.source.payload.0),
        ..Http::default()
    };
    let is_plain = !alike.server.is_limited() && !pool::changes_the_model(&alike) && packets::stays_open(scenario);
    if is_plain { Some(alike) } else { None }
}
