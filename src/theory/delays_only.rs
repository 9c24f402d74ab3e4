//! A scenario without links, losses, HTTP/2 and sends, from which the forms of these start.

use super::delay::DelayDistribution;
use super::expected::Expected;
use super::{packets, pool, push};
use crate::model::metric::Metric;
use crate::model::scenario::{Network, Scenario};

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
    let is_endless = stream.recycle_after.is_none() && stream.keep_alive.is_none();
    let is_constant = DelayDistribution::new(&plain.network.down).is_constant();
    if !is_endless || !is_constant || !pool::is_without_effect(&plain) || !packets::stays_open(&plain) {
        return None;
    }
    let mut out = push::expected(&plain, stream);
    if out.is_empty() {
        return None;
    }
    out.leave_out(|metric| metric.name().starts_with("latency") || metric == Metric::AgeMean);
    Some(out)
}
