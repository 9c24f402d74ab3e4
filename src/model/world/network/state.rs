//! The connections and links of all clients.

use super::connection::Receiver;
use super::http2::Http2Connections;
use super::links::{ClientLinks, LinkQueues};
use super::message::{Exchange, Side};
use super::path::NetworkPath;
use super::tcp::Tcp;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::scenario::{Link, Scenario};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The connections and links of all clients.
#[derive(Debug)]
pub(in crate::model::world) struct NetworkState {
    /// `None` without packets.
    pub(super) tcp: Option<Tcp>,
    /// `None` if no client uses HTTP/2.
    pub(super) http2: Option<Http2Connections>,
    pub(super) server_link: Option<(Link, LinkQueues)>,
    pub(super) client_links: Option<ClientLinks>,
    /// Whether the network has more than delays, so that sizes of messages matter.
    pub has_sizes: bool,
    /// Bytes on the way of the newest request of each client, or of its reply; empty where sizes do not matter.
    pub sizes: PerClient<u64>,
    /// When the restart of the server closes all connections; `NEVER` without one.
    pub(super) restart: Time,
    /// When clients learn that the restart has closed an idle connection.
    pub(super) closings: Family,
    first_client: ClientNumber,
    /// Bounds the work for one message: a run that is only an estimate must end soon.
    pub is_bounded: bool,
    /// Whether a bound was met, so that losses were left out.
    pub is_shortened: bool,
}

impl NetworkState {
    pub fn new(scenario: &Scenario, replication: u32) -> NetworkState {
        let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs as usize);
        NetworkState {
            tcp: Tcp::new(scenario, replication),
            http2: if scenario.uses_http2() { Some(Http2Connections::new(scenario, tabs)) } else { None },
            server_link: scenario.server_link.map(|link| (link, LinkQueues::EMPTY)),
            client_links: if scenario.has_client_links() { Some(ClientLinks::new(tabs)) } else { None },
            has_sizes: needs_sizes(scenario),
            sizes: PerClient::new(),
            restart: scenario.server.restart.map_or(Time::NEVER, |restart| restart.at),
            closings: Family::new(scenario.seed, replication, Purpose::Closing),
            first_client: ClientNumber(0),
            is_bounded: false,
            is_shortened: false,
        }
    }

    /// Closes all connections and empties all links, for clients with consecutive numbers.
    pub fn clear(&mut self, first_client: ClientNumber, clients: usize) {
        self.first_client = first_client;
        if self.has_sizes {
            self.sizes.reset(clients, 0);
        }
        if let Some(tcp) = &mut self.tcp {
            tcp.clear(clients);
        }
        if let Some(http2) = &mut self.http2 {
            http2.clear(clients);
        }
        if let Some((_, queues)) = &mut self.server_link {
            *queues = LinkQueues::EMPTY;
        }
        if let Some(links) = &mut self.client_links {
            links.clear(clients);
        }
    }

    /// Whether all clients share a link to the server.
    pub fn has_server_link(&self) -> bool {
        self.server_link.is_some()
    }

    /// Whether connections of TCP are counted.
    pub fn has_connections(&self) -> bool {
        self.tcp.is_some()
    }

    /// Counts the acknowledgements and the ends of connections before the horizon on the connections of `client`.
    pub fn settle(&mut self, client: ClientIndex, horizon: Time, recorder: &mut Recorder<impl Observer>) {
        let Some(tcp) = &mut self.tcp else { return };
        if let Some(http2) = &mut self.http2 {
            http2.settle(client, horizon, recorder);
        }
        tcp.settle(client, horizon, recorder);
    }

    /// Memory of all TCP connections, in bytes. It varies during a run.
    pub fn bytes(&self) -> usize {
        self.tcp.as_ref().map_or(0, Tcp::bytes)
    }

    /// One end of the connection of a request, if it is open.
    #[inline]
    pub(super) fn receiver(&mut self, path: &NetworkPath, end: Side, exchange: Exchange) -> Option<&mut Receiver> {
        match &mut self.http2 {
            Some(http2) if path.http2.is_some() => Some(http2.receiver(end, exchange.client)),
            _ => self.tcp.as_mut()?.receiver(end, exchange),
        }
    }

    #[inline]
    pub(super) fn number(&self, client: ClientIndex) -> ClientNumber {
        ClientNumber(self.first_client.0 + client.0)
    }

    /// Memory of a client, in bytes, without TCP connections.
    pub fn client_bytes(scenario: &Scenario) -> usize {
        let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs as usize);
        let has = usize::from;
        has(needs_sizes(scenario)) * size_of::<u64>()
            + has(scenario.wire.is_some()) * Tcp::LIST_BYTES
            + has(scenario.uses_http2()) * Http2Connections::BROWSER_BYTES / tabs
            + has(scenario.has_client_links()) * ClientLinks::BROWSER_BYTES / tabs
    }

    /// Memory of a TCP connection, in bytes, if there are any.
    pub fn connection_bytes(scenario: &Scenario) -> usize {
        if scenario.wire.is_some() { Tcp::CONNECTION_BYTES } else { 0 }
    }
}

/// Whether the network has more than delays, so that sizes of messages matter.
fn needs_sizes(scenario: &Scenario) -> bool {
    scenario.wire.is_some() || scenario.server_link.is_some() || scenario.has_client_links() || scenario.uses_http2()
}
