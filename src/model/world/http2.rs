//! The HTTP/2 connection of each browser, which all its requests share.

use super::World;
use super::outstanding::Outstanding;
use super::sends::Sends;
use super::wire::{End, Ends, Receiver, ends_at};
use crate::engine::Class;
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::recorder::Recorder;
use crate::model::request::{Awaited, Ending, Origin, Request, Stage};
use crate::model::scenario::{self, Http2, Scenario};
use crate::model::transport::Transport;
use crate::units::Time;

/// The connections of all browsers.
#[derive(Debug)]
pub(super) struct Multiplexed {
    /// Clients that share a browser.
    tabs: usize,
    browsers: Vec<Connection>,
}

/// The connection of one browser.
#[derive(Clone, Copy, Debug)]
struct Connection {
    is_open: bool,
    /// Requests that their clients wait for.
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

/// What was sent last in one direction: nothing overtakes it.
#[derive(Clone, Copy, Debug)]
struct Last {
    arrival: Time,
    /// Its client and the number of its request: the order of events at one instant.
    of: (ClientIndex, RequestNumber),
}

impl Last {
    const NOTHING: Last = Last { arrival: Time::ZERO, of: (ClientIndex(0), RequestNumber::of_poll(0)) };

    /// When something of `of` arrives behind it, which would arrive at `arrival` by itself. At the same instant, or a
    /// nanosecond later where events would take client in another order than that in which they were sent.
    fn before(&self, of: (ClientIndex, RequestNumber), arrival: Time) -> Time {
        let earliest = if of < self.of { self.arrival.plus(Time(1)) } else { self.arrival };
        arrival.max(earliest)
    }
}

impl Connection {
    /// A connection that has been idle for too long by now, or that the restart of the server ended, is closed at the
    /// server.
    fn expire(&self, now: Time, restart: Option<Time>, rules: &scenario::Wire, recorder: &mut Recorder) {
        let idle = if self.requests == 0 { self.idle_since.plus(rules.keep_alive) } else { Time::NEVER };
        let end = ends_at(idle, self.opened, restart);
        if self.is_open && end <= now {
            recorder.connection_closes(end);
        }
    }

    const CLOSED: Connection = Connection {
        is_open: false,
        requests: 0,
        opened: Time::ZERO,
        idle_since: Time::ZERO,
        has_requested: false,
        date: None,
        event_id: None,
        up: Last::NOTHING,
        down: Last::NOTHING,
        ends: Ends::NOTHING,
    };
}

impl Multiplexed {
    /// What a browser takes.
    pub const BROWSER_BYTES: usize = size_of::<Connection>();

    /// `None` where nobody speaks HTTP/2.
    pub fn new(scenario: &Scenario) -> Option<Multiplexed> {
        let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs as usize);
        scenario.uses_http2().then(|| Multiplexed { tabs, browsers: Vec::new() })
    }

    /// Nothing is open, for so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.browsers.clear();
        self.browsers.resize(clients.div_ceil(self.tabs), Connection::CLOSED);
    }

    fn of(&mut self, client: ClientIndex) -> &mut Connection {
        &mut self.browsers[client.position() / self.tabs]
    }

    /// One end of the connection of a client.
    pub fn receiver(&mut self, end: End, client: ClientIndex) -> &mut Receiver {
        self.of(client).ends.at(end)
    }

    /// When the connection of a client was opened.
    pub fn opened(&mut self, client: ClientIndex) -> Time {
        self.of(client).opened
    }

    /// A client asks. Returns whether that opens a connection. `closing`: since when there are no connections any more that
    /// were opened before, and since when the client knows that.
    fn connect(
        &mut self,
        client: ClientIndex,
        now: Time,
        closing: Option<(Time, Time)>,
        wire: Option<&scenario::Wire>,
        recorder: &mut Recorder,
    ) -> bool {
        let connection = self.of(client);
        let keeps = |wire: &scenario::Wire| now.since(connection.idle_since) < wire.keep_alive;
        let is_closed = closing.is_some_and(|(closed, known)| connection.opened < closed && known <= now);
        let stays = connection.is_open && !is_closed && (connection.requests > 0 || wire.is_none_or(keeps));
        if !stays {
            if let Some(rules) = wire {
                let restart = closing.map(|(closed, _)| closed);
                connection.expire(now, restart, rules, recorder);
                recorder.connection_opens(now);
                connection.ends.close(now, rules, recorder);
            }
            let requests = connection.requests;
            *connection = Connection { is_open: true, requests, opened: now, ..Connection::CLOSED };
        }
        connection.requests += 1;
        !stays
    }

    /// At the horizon: what had to be acknowledged before it has been. It counts with the first client of a browser.
    pub fn settle(
        &mut self,
        client: ClientIndex,
        horizon: Time,
        restart: Option<Time>,
        rules: &scenario::Wire,
        recorder: &mut Recorder,
    ) {
        if client.position().is_multiple_of(self.tabs) {
            let connection = self.of(client);
            connection.expire(horizon, restart, rules, recorder);
            connection.ends.close(horizon, rules, recorder);
        }
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The HTTP/2 connection of a client that speaks it.
    fn shared(&mut self, client: ClientIndex) -> Option<(Http2, &mut Connection)> {
        let sizes = self.population.http2?;
        self.multiplexed.as_mut().map(|multiplexed| (sizes, multiplexed.of(client)))
    }

    /// A client that speaks HTTP/2 asks. Returns whether that opens a connection.
    pub(super) fn connect_multiplexed(
        &mut self,
        client: ClientIndex,
        now: Time,
        closing: Option<(Time, Time)>,
    ) -> bool {
        let rules = self.wire.as_ref().map(|wire| wire.rules);
        let Some(multiplexed) = &mut self.multiplexed else { return false };
        multiplexed.connect(client, now, closing, rules.as_ref(), &mut self.recorder)
    }

    /// Header and body of a request of this origin that leaves.
    pub(super) fn request_size(&mut self, client: ClientIndex, origin: Origin) -> (u64, u64) {
        let http = self.population.http;
        let sent = self.sends.as_ref().filter(|_| origin == Origin::Send).map(Sends::payload);
        // A connection on which the server pushes is asked for with a GET, which has no body.
        let of_request = if self.population.transport.push().is_some() { 0 } else { http.request_body.0 };
        let body = sent.unwrap_or(of_request);
        let stream = if sent.is_none() { self.population.transport.push() } else { None };
        let known = stream.map_or(0, |_| self.store.known(&self.clients[client].messages));
        if let Some((sizes, connection)) = self.shared(client) {
            let has_requested = std::mem::replace(&mut connection.has_requested, true);
            let header = if has_requested { sizes.request } else { sizes.first_request };
            let event_id = stream.and_then(|protocol| protocol.named_event(known));
            let named = event_id.map_or(0, |id| Http2::last_event_id(connection.event_id.replace(id), id));
            return (header.0 + named, Http2::framed(body));
        }
        (stream.map_or(http.request_header.0, |protocol| protocol.request_header(&http, known)), body)
    }

    /// Header and body of a reply that leaves, with so many bytes in the body.
    pub(super) fn reply_size(&mut self, client: ClientIndex, now: Time, body: u64) -> (u64, u64) {
        let header = self.population.http.response_header.0;
        let Some((sizes, connection)) = self.shared(client) else { return (header, body) };
        let second = now.0 / Time::from_secs(1).0;
        let header = match connection.date.replace(second) {
            None => sizes.first_response.0,
            Some(before) if before == second => sizes.response.0,
            Some(_) => sizes.response.0 + sizes.date.0,
        };
        (header, Http2::framed(body))
    }

    /// When something arrives at the server, which overtakes nothing on its connection. `number` is that of its request.
    pub(super) fn in_order_up(&mut self, client: ClientIndex, number: RequestNumber, arrival: Time) -> Time {
        let Some((_, connection)) = self.shared(client) else { return arrival };
        let of = (client, number);
        connection.up = Last { arrival: connection.up.before(of, arrival), of };
        connection.up.arrival
    }

    /// When so many bytes arrive at the client.
    pub(super) fn in_order_down(
        &mut self,
        client: ClientIndex,
        number: RequestNumber,
        arrival: Time,
        bytes: u64,
    ) -> Time {
        let Some((_, connection)) = self.shared(client) else { return arrival };
        let of = (client, number);
        let arrival = connection.down.before(of, arrival);
        if bytes > 0 {
            connection.down = Last { arrival, of };
        }
        arrival
    }

    /// A client waits for one request less. `broken`: the connection has turned out to be closed, if it was opened before that
    /// instant.
    pub(super) fn end_multiplexed(&mut self, client: ClientIndex, now: Time, broken: Option<Time>) {
        let (has_wire, restart) = (self.wire.is_some(), self.restart.map(|restart| restart.at));
        if let Some((_, connection)) = self.shared(client) {
            connection.requests -= 1;
            connection.idle_since = now;
            if connection.is_open && broken.is_some_and(|before| connection.opened < before) {
                connection.is_open = false;
                let end = ends_at(now, connection.opened, restart);
                if has_wire {
                    self.recorder.connection_closes(end);
                }
            }
        }
    }

    /// A client that gives up a request resets it: a frame that takes as long as its request did.
    pub(super) fn reset_multiplexed(&mut self, client: ClientIndex, number: RequestNumber, now: Time) {
        if self.population.http2.is_none() {
            return;
        }
        self.recorder.answered_push(now, Http2::RESET);
        let size = self.put_on_wire(End::Client, client, number, now, Http2::RESET);
        let delay = Time(self.population.up.of(self.number_of(client), number.name()));
        let due = self.in_order_up(client, number, now.plus(delay));
        let awaited = Awaited::Nothing;
        let request = Request { stage: Stage::Up, since: now, awaited, ..Request::departing(due) };
        let reset = Outstanding { number, origin: Origin::Reset, gateway_due: Time::NEVER, size, request };
        self.older.insert(self.clients.len(), client, reset);
        self.end_multiplexed(client, now, None);
    }

    /// The server gets a reset: it sends no reply any more (RFC 9113, section 5.1).
    pub(super) fn take_reset(&mut self, client: ClientIndex, index: usize) {
        let number = self.older.of(client)[index].number;
        self.older.remove(client, index);
        let is_meant = |older: &&mut Outstanding<M::Request>| {
            older.number == number && older.origin.is_request() && older.request.stage.class() == Class::Server
        };
        if let Some(older) = self.older.of_mut(client).iter_mut().find(is_meant)
            && older.request.ending != Ending::Unconnected
        {
            older.request.ending = Ending::Nowhere;
        }
    }
}
