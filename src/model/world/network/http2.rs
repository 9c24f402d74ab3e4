//! The HTTP/2 connection of each browser, which all its requests share.

use super::connection::{AckRules, Ends, Receiver, end_at_server};
use super::message::{Exchange, Side};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::scenario::{Http2, Scenario, Wire};
use crate::units::Time;

/// The connections of all browsers.
#[derive(Debug)]
pub(in crate::model::world) struct Http2Connections {
    /// Clients that share a browser.
    tabs: usize,
    /// `None` without packets.
    rules: Option<Wire>,
    /// When the restart of the server closes all connections; `NEVER` without one.
    restart: Time,
    browsers: Vec<Http2Connection>,
}

/// The connection of one browser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Http2Connection {
    is_open: bool,
    /// Requests whose clients await the response.
    requests: u32,
    opened: Time,
    idle_since: Time,
    has_requested: bool,
    /// The second of the last response.
    date: Option<u64>,
    /// The event that was named last.
    event_id: Option<u64>,
    up: Last,
    down: Last,
    ends: Ends,
}

/// The last message in one direction. No message overtakes it.
#[derive(Clone, Copy, Debug)]
struct Last {
    arrival: Time,
    exchange: Exchange,
}

impl Last {
    const NOTHING: Last =
        Last { arrival: Time::ZERO, exchange: Exchange { client: ClientIndex(0), number: RequestNumber::of_poll(0) } };

    /// When a later message of `exchange` arrives, which would arrive at `arrival` alone: not before the last one, and
    /// a nanosecond after it if the events of one instant would run in the wrong order.
    fn delay(&self, exchange: Exchange, arrival: Time) -> Time {
        let earliest = if exchange < self.exchange { self.arrival.plus(Time(1)) } else { self.arrival };
        arrival.max(earliest)
    }
}

impl Http2Connection {
    const CLOSED: Http2Connection = Http2Connection {
        is_open: false,
        requests: 0,
        opened: Time::ZERO,
        idle_since: Time::ZERO,
        has_requested: false,
        date: None,
        event_id: None,
        up: Last::NOTHING,
        down: Last::NOTHING,
        ends: Ends::NEW,
    };

    /// Header of a request that leaves, which may name an event.
    pub fn request_header(&mut self, sizes: Http2, event_id: Option<u64>) -> u64 {
        let has_requested = std::mem::replace(&mut self.has_requested, true);
        let header = if has_requested { sizes.request } else { sizes.first_request };
        header.0 + event_id.map_or(0, |id| Http2::last_event_id(self.event_id.replace(id), id))
    }

    /// Header of a response that leaves.
    pub fn response_header(&mut self, sizes: Http2, now: Time) -> u64 {
        let second = now.0 / Time::from_secs(1).0;
        match self.date.replace(second) {
            None => sizes.first_response.0,
            Some(before) if before == second => sizes.response.0,
            Some(_) => sizes.response.0 + sizes.date.0,
        }
    }

    /// When a message arrives at the server, which would arrive at `arrival` alone.
    pub fn in_order_up(&mut self, exchange: Exchange, arrival: Time) -> Time {
        self.up = Last { arrival: self.up.delay(exchange, arrival), exchange };
        self.up.arrival
    }

    /// When a message arrives at the client, which would arrive at `arrival` alone. One without bytes delays no other.
    pub fn in_order_down(&mut self, exchange: Exchange, arrival: Time, bytes: u64) -> Time {
        let arrival = self.down.delay(exchange, arrival);
        if bytes > 0 {
            self.down = Last { arrival, exchange };
        }
        arrival
    }

    /// Counts that it was closed at the server, if it was by now: it was idle for too long, or the server has
    /// restarted. Sends the acknowledgements that were due.
    fn expire(&mut self, now: Time, restart: Time, rules: &Wire, recorder: &mut Recorder<impl Observer>) {
        let idle = if self.requests == 0 { self.idle_since.plus(rules.keep_alive) } else { Time::NEVER };
        let end = end_at_server(idle, self.opened, restart);
        if self.is_open && end <= now {
            recorder.connection_closes(end);
        }
        self.ends.close(now, AckRules::new(rules), recorder);
    }
}

impl Http2Connections {
    /// Memory of one browser.
    pub const BROWSER_BYTES: usize = size_of::<Http2Connection>();

    /// `tabs` clients share a browser.
    pub fn new(scenario: &Scenario, tabs: usize) -> Http2Connections {
        let restart = scenario.server.restart.map_or(Time::NEVER, |restart| restart.at);
        Http2Connections { tabs, rules: scenario.wire, restart, browsers: Vec::new() }
    }

    /// No connection is open, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.browsers.clear();
        self.browsers.resize(clients.div_ceil(self.tabs), Http2Connection::CLOSED);
    }

    /// The connection of `client`.
    pub fn of(&mut self, client: ClientIndex) -> &mut Http2Connection {
        &mut self.browsers[client.position() / self.tabs]
    }

    /// One end of the connection of `client`.
    pub fn receiver(&mut self, end: Side, client: ClientIndex) -> &mut Receiver {
        self.of(client).ends.at(end)
    }

    /// A request leaves. Returns whether that opens a connection, and when it was opened. From `restart_known` on the
    /// client knows that the restart has closed it.
    pub fn connect(
        &mut self,
        client: ClientIndex,
        now: Time,
        restart_known: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> (bool, Time) {
        let (rules, restart) = (self.rules, self.restart);
        let connection = self.of(client);
        let keeps = |wire: Wire| now.since(connection.idle_since) < wire.keep_alive;
        let is_closed = connection.opened < restart && restart_known <= now;
        let stays = connection.is_open && !is_closed && (connection.requests > 0 || rules.is_none_or(keeps));
        if !stays {
            if let Some(rules) = rules {
                connection.expire(now, restart, &rules, recorder);
                recorder.connection_opens(now);
            }
            let requests = connection.requests;
            *connection = Http2Connection { is_open: true, requests, opened: now, ..Http2Connection::CLOSED };
        }
        connection.requests += 1;
        (!stays, connection.opened)
    }

    /// A client no longer awaits the response to a request.
    pub fn release(&mut self, client: ClientIndex, now: Time) {
        let connection = self.of(client);
        connection.requests -= 1;
        connection.idle_since = now;
    }

    /// The connection has turned out to be closed, if it was opened before this instant.
    pub fn close_broken(
        &mut self,
        client: ClientIndex,
        now: Time,
        before: Time,
        recorder: &mut Recorder<impl Observer>,
    ) {
        let (has_packets, restart) = (self.rules.is_some(), self.restart);
        let connection = self.of(client);
        if connection.is_open && connection.opened < before {
            connection.is_open = false;
            if has_packets {
                recorder.connection_closes(end_at_server(now, connection.opened, restart));
            }
        }
    }

    /// Counts the acknowledgements and the ends of connections before the horizon, with the first client of a browser.
    pub fn settle(&mut self, client: ClientIndex, horizon: Time, recorder: &mut Recorder<impl Observer>) {
        let (rules, restart) = (self.rules, self.restart);
        if let (true, Some(rules)) = (client.position().is_multiple_of(self.tabs), rules) {
            self.of(client).expire(horizon, restart, &rules, recorder);
        }
    }
}
