//! The HTTP/2 connection of each browser, which all its requests share.

use super::World;
use super::sends::Sends;
use super::wire::{End, Receiver};
use crate::model::account::Account;
use crate::model::client::is_send;
use crate::model::mail::Mail;
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
    /// When the last that was sent arrives, up and down: nothing overtakes it.
    last_up: Time,
    last_down: Time,
    client: Receiver,
    server: Receiver,
}

impl Connection {
    const CLOSED: Connection = Connection {
        is_open: false,
        requests: 0,
        opened: Time::ZERO,
        idle_since: Time::ZERO,
        has_requested: false,
        date: None,
        last_up: Time::ZERO,
        last_down: Time::ZERO,
        client: Receiver::NOTHING,
        server: Receiver::NOTHING,
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

    fn of(&mut self, place: usize) -> &mut Connection {
        &mut self.browsers[place / self.tabs]
    }

    /// One end of the connection of a client.
    pub fn receiver(&mut self, end: End, place: usize) -> &mut Receiver {
        let connection = self.of(place);
        if end == End::Client { &mut connection.client } else { &mut connection.server }
    }

    /// When the connection of a client was opened.
    pub fn opened(&mut self, place: usize) -> Time {
        self.of(place).opened
    }

    /// A client asks. Returns whether that opens a connection. `closing`: since when there are no connections any more that
    /// were opened before, and since when the client knows that.
    fn connect(
        &mut self,
        place: usize,
        now: Time,
        closing: Option<(Time, Time)>,
        wire: Option<&scenario::Wire>,
        account: &mut Account,
    ) -> bool {
        let connection = self.of(place);
        let keeps = |wire: &scenario::Wire| now.since(connection.idle_since) < wire.keep_alive;
        let is_closed = closing.is_some_and(|(closed, known)| connection.opened < closed && known <= now);
        let stays = connection.is_open && !is_closed && (connection.requests > 0 || wire.is_none_or(keeps));
        if !stays {
            if let Some(rules) = wire {
                connection.client.pass(now, rules, account);
                connection.server.pass(now, rules, account);
            }
            let requests = connection.requests;
            *connection = Connection { is_open: true, requests, opened: now, ..Connection::CLOSED };
        }
        connection.requests += 1;
        !stays
    }

    /// At the horizon: what had to be acknowledged before it has been. It counts with the first client of a browser.
    pub fn settle(&mut self, place: usize, horizon: Time, rules: &scenario::Wire, account: &mut Account) {
        if place.is_multiple_of(self.tabs) {
            let connection = self.of(place);
            connection.client.pass(horizon, rules, account);
            connection.server.pass(horizon, rules, account);
        }
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The HTTP/2 connection of a client that speaks it.
    fn shared(&mut self, place: usize) -> Option<(Http2, &mut Connection)> {
        let sizes = self.kind.http2?;
        self.multiplexed.as_mut().map(|multiplexed| (sizes, multiplexed.of(place)))
    }

    /// A client that speaks HTTP/2 asks. Returns whether that opens a connection.
    pub(super) fn connect_multiplexed(&mut self, place: usize, now: Time, closing: Option<(Time, Time)>) -> bool {
        let rules = self.wire.as_ref().map(|wire| wire.rules);
        let Some(multiplexed) = &mut self.multiplexed else { return false };
        multiplexed.connect(place, now, closing, rules.as_ref(), &mut self.account)
    }

    /// Header and body of the request with this number, which leaves.
    pub(super) fn request_size(&mut self, place: usize, number: u64) -> (u64, u64) {
        let http = self.kind.http;
        let sent = self.sends.as_ref().filter(|_| is_send(number)).map(Sends::payload);
        let body = sent.unwrap_or(http.request_body.0);
        if let Some((sizes, connection)) = self.shared(place) {
            let has_requested = std::mem::replace(&mut connection.has_requested, true);
            let header = if has_requested { sizes.request } else { sizes.first_request };
            return (header.0, Http2::framed(body));
        }
        match self.kind.transport.stream().filter(|_| sent.is_none()) {
            Some(rules) => (rules.request_header(&http, self.mail.known(&self.clients[place].mail)), body),
            None => (http.request_header.0, body),
        }
    }

    /// Header and body of a reply that leaves, with so many bytes in the body.
    pub(super) fn reply_size(&mut self, place: usize, now: Time, body: u64) -> (u64, u64) {
        let header = self.kind.http.response_header.0;
        let Some((sizes, connection)) = self.shared(place) else { return (header, body) };
        let second = now.0 / Time::from_secs(1).0;
        let header = match connection.date.replace(second) {
            None => sizes.first_response.0,
            Some(before) if before == second => sizes.response.0,
            Some(_) => sizes.response.0 + sizes.date.0,
        };
        (header, Http2::framed(body))
    }

    /// When something arrives at the server, which nothing on its connection overtakes.
    pub(super) fn in_order_up(&mut self, place: usize, arrival: Time) -> Time {
        let Some((_, connection)) = self.shared(place) else { return arrival };
        connection.last_up = connection.last_up.max(arrival);
        connection.last_up
    }

    /// When so many bytes arrive at the client.
    pub(super) fn in_order_down(&mut self, place: usize, arrival: Time, bytes: u64) -> Time {
        let Some((_, connection)) = self.shared(place) else { return arrival };
        let arrival = arrival.max(connection.last_down);
        if bytes > 0 {
            connection.last_down = arrival;
        }
        arrival
    }

    /// A client waits for one request less. `is_broken`: its connection has turned out to be closed.
    pub(super) fn end_multiplexed(&mut self, place: usize, now: Time, is_broken: bool) {
        if let Some((_, connection)) = self.shared(place) {
            connection.requests -= 1;
            connection.idle_since = now;
            connection.is_open &= !is_broken;
        }
    }

    /// A client that gives up a request resets it.
    pub(super) fn reset_multiplexed(&mut self, place: usize, number: u64, now: Time) {
        if self.kind.http2.is_none() {
            return;
        }
        self.account.answered_push(now, Http2::RESET);
        let size = self.put_on_wire(End::Client, place, number, now, Http2::RESET);
        self.take_from_wire(End::Server, place, number, now, size);
        self.end_multiplexed(place, now, false);
    }
}
