//! The TCP connections of HTTP/1.1 and of each WebSocket, and the packets of every message.

use super::connection::{AckRules, Ends, Receiver, end_at_server};
use super::message::{Exchange, Packets, Side};
use crate::model::footprint;
use crate::model::ids::{ClientIndex, PerClient, RequestNumber};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::scenario::{Scenario, Wire};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The connections of all clients, except those of HTTP/2.
#[derive(Debug)]
pub(in crate::model::world) struct Tcp {
    pub(super) rules: Wire,
    pub(super) acks: AckRules,
    /// When the restart of the server closes all connections; `NEVER` without one.
    restart: Time,
    pub(super) handshakes: Family,
    /// By client; few have more than one.
    connections: PerClient<Vec<TcpConnection>>,
}

/// An open connection of a client.
#[derive(Clone, Copy, Debug)]
struct TcpConnection {
    /// The number of the request that uses it; `None` while it is idle.
    request: Option<RequestNumber>,
    opened: Time,
    idle_since: Time,
    ends: Ends,
}

impl TcpConnection {
    /// It is closed at `now`, or was closed before. Acknowledgements that were not due before `now` are not sent.
    fn close(&mut self, now: Time, restart: Time, rules: &Wire, recorder: &mut Recorder<impl Observer>) {
        let end = if self.request.is_none() { now.min(self.idle_since.plus(rules.keep_alive)) } else { now };
        recorder.connection_closes(end_at_server(end, self.opened, restart));
        self.ends.close(now, AckRules::new(rules), recorder);
    }
}

impl Tcp {
    /// Memory of the list of a client's connections, without any.
    pub const LIST_BYTES: usize = size_of::<Vec<TcpConnection>>();
    /// Memory of a client's only connection.
    pub const CONNECTION_BYTES: usize = size_of::<TcpConnection>();

    /// `None` without packets.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Tcp> {
        scenario.wire.map(|rules| Tcp {
            rules,
            acks: AckRules::new(&rules),
            restart: scenario.server.restart.map_or(Time::NEVER, |restart| restart.at),
            handshakes: Family::new(scenario.seed, replication, Purpose::Handshake),
            connections: PerClient::new(),
        })
    }

    /// Memory of all connections, in bytes.
    pub fn bytes(&self) -> usize {
        self.connections.iter().map(|list| footprint::of_list::<TcpConnection>(list.capacity())).sum()
    }

    /// No client has a connection.
    pub fn clear(&mut self, clients: usize) {
        self.connections.reset(clients, Vec::new());
    }

    /// Gives a request a connection: the idle one that was used last, or a new one. Returns whether it is new
    /// and when it was opened. From `restart_known` on the client knows which connections the restart has closed.
    pub fn connect(
        &mut self,
        exchange: Exchange,
        now: Time,
        restart_known: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> (bool, Time) {
        let (rules, restart) = (self.rules, self.restart);
        let connections = &mut self.connections[exchange.client];
        connections.retain_mut(|connection| {
            let is_closed = connection.opened < restart && restart_known <= now;
            let stays = now.since(connection.idle_since) < rules.keep_alive && !is_closed;
            let is_open = connection.request.is_some() || stays;
            if !is_open {
                connection.close(now, restart, &rules, recorder);
            }
            is_open
        });
        let idle = connections.iter_mut().filter(|connection| connection.request.is_none());
        if let Some(connection) = idle.max_by_key(|connection| connection.idle_since) {
            connection.request = Some(exchange.number);
            return (false, connection.opened);
        }
        recorder.connection_opens(now);
        connections.push(TcpConnection {
            request: Some(exchange.number),
            opened: now,
            idle_since: Time::ZERO,
            ends: Ends::NEW,
        });
        (true, now)
    }

    #[inline]
    fn connection(&mut self, exchange: Exchange) -> Option<&mut TcpConnection> {
        self.connections[exchange.client].iter_mut().find(|connection| connection.request == Some(exchange.number))
    }

    /// One end of the connection of a request, if it is open.
    #[inline]
    pub fn receiver(&mut self, end: Side, exchange: Exchange) -> Option<&mut Receiver> {
        self.connection(exchange).map(|connection| connection.ends.at(end))
    }

    /// The client has the response to a request, and keeps the connection.
    #[inline]
    pub fn release(&mut self, exchange: Exchange, now: Time) {
        if let Some(connection) = self.connection(exchange) {
            connection.request = None;
            connection.idle_since = now;
        }
    }

    /// The connection of a request is closed.
    pub fn close(&mut self, exchange: Exchange, now: Time, recorder: &mut Recorder<impl Observer>) {
        let (rules, restart) = (self.rules, self.restart);
        self.connections[exchange.client].retain_mut(|connection| {
            let is_closed = connection.request == Some(exchange.number);
            if is_closed {
                connection.close(now, restart, &rules, recorder);
            }
            !is_closed
        });
    }

    /// Counts the acknowledgements and the ends of connections before the horizon on the connections of `client`.
    pub fn settle(&mut self, client: ClientIndex, horizon: Time, recorder: &mut Recorder<impl Observer>) {
        for connection in &mut self.connections[client] {
            connection.close(horizon, self.restart, &self.rules, recorder);
        }
    }

    /// The packets of a message with this number of bytes of HTTP.
    #[inline]
    pub fn packets(&self, bytes: u64) -> Packets {
        self.full_packets(self.rules.packets(bytes))
    }

    #[inline]
    fn full_packets(&self, (count, bytes): (u64, u64)) -> Packets {
        Packets { count, bytes, full: self.rules.segment.0 + self.rules.header.0 }
    }

    /// The packets that open a connection, from the client and from the server in turn.
    pub fn flights(&self) -> impl Iterator<Item = Packets> + use<> {
        let opening = Packets { count: 1, bytes: self.rules.header.0 + 8, full: 0 };
        let tls = self
            .rules
            .tls
            .map(|tls| [tls.client, tls.server].map(|bytes| self.full_packets(self.rules.packets_of(bytes.0))));
        [opening; 2].into_iter().chain(tls.into_iter().flatten())
    }
}
