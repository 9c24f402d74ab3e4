//! Polls over HTTP/2.

use super::delay::DelayDistribution;
use super::delays_only::delays_only;
use super::{packets, pool};
use crate::model::scenario::{Arrivals, Http, Http2, Pace, Scenario};
use crate::units::{Bytes, Time};

/// Polls at a fixed rate, at least a second apart, so that each response has its own date. They have the forms of
/// HTTP/1.1 with other sizes: of this scenario.
pub fn as_http1(scenario: &Scenario) -> Option<Scenario> {
    let sizes = scenario.http.http2?;
    let poll = scenario.transport.short_poll()?;
    let Arrivals::InRequest { .. } = scenario.source.arrivals else { return None };
    let laws = [&scenario.network.up, &scenario.network.down].map(DelayDistribution::new);
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
