//! The network between the server and the clients of one population.

use super::loss::Losses;
use crate::model::delay::DelaySampler;
use crate::model::scenario::{Http2, Link, Scenario};

/// The network of one population.
#[derive(Debug)]
pub(in crate::model::world) struct NetworkPath {
    /// Delays to the server.
    pub up: DelaySampler,
    /// Delays to the client.
    pub down: DelaySampler,
    /// `None` for HTTP/1.1 and for a WebSocket.
    pub http2: Option<Http2>,
    /// The client closes the TCP connection of each request after the response: a WebSocket.
    pub closes_connection: bool,
    /// The link of each client, which the tabs of a browser share.
    pub(super) link: Option<Link>,
    pub(super) losses: Option<Losses>,
}

impl NetworkPath {
    pub fn new(
        scenario: &Scenario,
        (up, down): (DelaySampler, DelaySampler),
        closes_connection: bool,
        replication: u32,
    ) -> NetworkPath {
        NetworkPath {
            up,
            down,
            http2: if closes_connection { None } else { scenario.http.http2 },
            closes_connection,
            link: scenario.network.client_link,
            losses: Losses::new(scenario, replication),
        }
    }
}
