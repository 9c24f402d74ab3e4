//! The network between clients and server: links, packet loss, HTTP/2, and sends.
//!
//! Each alone has closed forms. For two of them together none is given.

use super::expected::Expected;
use super::{http2, links, loss, sends};
use crate::model::scenario::{Arrivals, Scenario};

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
        [false, false, false, true, false] => http2::as_http1(scenario).as_ref().map(of_one),
        [false, false, false, false, true] => sends::expected(scenario),
        _ => None,
    };
    found.unwrap_or_default()
}
