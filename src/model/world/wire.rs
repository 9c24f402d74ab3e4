//! The TCP connections of each client, their packets and acknowledgements.

use super::{Slot, World};
use crate::model::account::Account;
use crate::model::ahead::Sampler;
use crate::model::client::Ending;
use crate::model::mail::Mail;
use crate::model::network::DelayLaw;
use crate::model::scenario::{self, Scenario};
use crate::model::transport::{Pushing, Transport};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The connections of all clients.
#[derive(Debug)]
pub(super) struct Wire {
    rules: scenario::Wire,
    handshakes: Family,
    /// By place of the client; few have more than one.
    connections: Vec<Vec<Connection>>,
}

/// One open connection of a client.
#[derive(Clone, Copy, Debug)]
struct Connection {
    /// The number of the request that uses it; `None` while it is idle.
    request: Option<u64>,
    idle_since: Time,
    client: Receiver,
    server: Receiver,
}

/// One end of a connection: since when it has received a packet that it has not acknowledged.
///
/// Every second packet with data is acknowledged at once, any other with the next packet that leaves, but not later than
/// after the delay (RFC 5681, section 4.2).
#[derive(Clone, Copy, Debug)]
struct Receiver(Time);

impl Receiver {
    const NOTHING: Receiver = Receiver(Time::NEVER);

    /// An acknowledgement that had to leave before `now` by itself has left.
    fn pass(&mut self, now: Time, rules: &scenario::Wire, account: &mut Account) {
        let due = self.0.plus(rules.ack_delay);
        if self.0 != Time::NEVER && due < now {
            account.packets(due, 1, rules.header.0);
            self.0 = Time::NEVER;
        }
    }

    fn receive(&mut self, packets: u64, now: Time, rules: &scenario::Wire, account: &mut Account) {
        self.pass(now, rules, account);
        let open = packets + u64::from(self.0 != Time::NEVER);
        account.packets(now, open / 2, open / 2 * rules.header.0);
        if packets > 0 {
            self.0 = if open % 2 == 1 { now } else { Time::NEVER };
        }
    }

    fn send(&mut self, packets: u64, now: Time, rules: &scenario::Wire, account: &mut Account) {
        self.pass(now, rules, account);
        if packets > 0 {
            self.0 = Time::NEVER;
        }
    }
}

/// Which end of a connection does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Client,
    Server,
}

impl Wire {
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Wire> {
        let handshakes = Family::new(scenario.seed, replication, Purpose::Handshake);
        scenario.wire.map(|rules| Wire { rules, handshakes, connections: Vec::new() })
    }

    /// Memory of a client with one connection.
    pub const CLIENT_BYTES: usize = size_of::<Vec<Connection>>() + size_of::<Connection>();

    pub fn clear(&mut self, clients: usize) {
        self.connections.clear();
        self.connections.resize_with(clients, Vec::new);
    }

    /// Gives a request a connection: the idle one that was used last, or a new one. Returns whether it is new.
    fn connect(&mut self, place: usize, request: u64, now: Time, account: &mut Account) -> bool {
        let rules = self.rules;
        let connections = &mut self.connections[place];
        connections.retain_mut(|connection| {
            let is_open = connection.request.is_some() || now.since(connection.idle_since) < rules.keep_alive;
            if !is_open {
                connection.close(now, &rules, account);
            }
            is_open
        });
        let idle = (0..connections.len()).filter(|index| connections[*index].request.is_none());
        if let Some(index) = idle.max_by_key(|index| connections[*index].idle_since) {
            connections[index].request = Some(request);
            return false;
        }
        let (client, server) = (Receiver::NOTHING, Receiver::NOTHING);
        connections.push(Connection { request: Some(request), idle_since: Time::ZERO, client, server });
        account.connection_opened(now);
        let (packets, up, down) = rules.handshake();
        account.packets(now, packets, up + down);
        true
    }

    /// How long it takes to open a connection for a request: the round trips of TCP and TLS.
    fn handshake(&self, client: u32, request: u64, up: &DelayLaw, down: &DelayLaw) -> Time {
        let stream = self.handshakes.stream(u64::from(client));
        let trips = if self.rules.tls.is_some() { 2 } else { 1 };
        (0..trips).fold(Time::ZERO, |sum, trip| {
            let first = 4 * request + 2 * trip;
            sum.plus(Time(up.value(stream.at(first)))).plus(Time(down.value(stream.at(first + 1))))
        })
    }

    fn of_request(&mut self, place: usize, request: u64) -> Option<&mut Connection> {
        self.connections[place].iter_mut().find(|connection| connection.request == Some(request))
    }
}

impl Connection {
    /// The acknowledgements that had to leave before `now` have left; all others are in vain.
    fn close(&mut self, now: Time, rules: &scenario::Wire, account: &mut Account) {
        self.client.pass(now, rules, account);
        self.server.pass(now, rules, account);
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Counts the bytes of a request that leaves. One that needs a new connection takes longer.
    #[inline]
    pub(super) fn count_request(&mut self, place: usize, slot: Slot, now: Time) {
        let mut header = self.kind.http.request_header.0;
        if LIMITED && let Some(rules) = self.kind.transport.stream() {
            header = rules.request_header(&self.kind.http, self.mail.known(&self.clients[place].mail));
        }
        self.account.request_sent(now, header, self.kind.http.request_body.0);
        if LIMITED && self.wire.is_some() {
            self.send_on_wire(place, slot, now, header + self.kind.http.request_body.0);
        }
    }

    /// A request of so many bytes leaves, once it has a connection.
    fn send_on_wire(&mut self, place: usize, slot: Slot, now: Time, bytes: u64) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let Some(wire) = &mut self.wire else { return };
        let mut opening = Time::ZERO;
        if wire.connect(place, number, now, &mut self.account) {
            opening = wire.handshake(client, number, self.kind.up.law(), self.kind.down.law());
        }
        let packets = self.put_on_wire(End::Client, place, number, now, bytes);
        let request = self.request(place, slot);
        request.due = request.due.plus(opening);
        request.looks_left = packets;
    }

    /// One end sends so many bytes on the connection of a request. Returns the packets.
    pub(super) fn put_on_wire(&mut self, end: End, place: usize, request: u64, now: Time, bytes: u64) -> u32 {
        let Some(wire) = &mut self.wire else { return 0 };
        let (packets, all) = wire.rules.packets(bytes);
        let rules = wire.rules;
        self.account.packets(now, packets, all);
        if let Some(connection) = wire.of_request(place, request) {
            let sender = if end == End::Client { &mut connection.client } else { &mut connection.server };
            sender.send(packets, now, &rules, &mut self.account);
        }
        u32::try_from(packets).unwrap_or(u32::MAX)
    }

    /// One end receives packets on the connection of a request.
    pub(super) fn take_from_wire(&mut self, end: End, place: usize, request: u64, now: Time, packets: u32) {
        let Some(wire) = &mut self.wire else { return };
        let rules = wire.rules;
        if let Some(connection) = wire.of_request(place, request) {
            let receiver = if end == End::Client { &mut connection.client } else { &mut connection.server };
            receiver.receive(u64::from(packets), now, &rules, &mut self.account);
        }
    }

    /// A reply that is no error has reached the client.
    pub(super) fn end_reply_on_wire(&mut self, place: usize, slot: Slot, now: Time) {
        let (number, request) = (self.request_number(place, slot), *self.request(place, slot));
        if request.awaited && request.ending == Ending::Reply {
            self.end_on_wire(place, number, now, request.looks_left);
        }
    }

    /// The client has the whole response to a request, in whose last part there were so many packets. A response that ends
    /// without any has been cut off.
    pub(super) fn end_on_wire(&mut self, place: usize, request: u64, now: Time, packets: u32) {
        self.take_from_wire(End::Client, place, request, now, packets);
        if packets == 0 || self.kind.transport.stream().is_some_and(Pushing::closes_connection) {
            self.close_on_wire(place, request, now);
        } else if let Some(connection) = self.wire.as_mut().and_then(|wire| wire.of_request(place, request)) {
            connection.request = None;
            connection.idle_since = now;
        }
    }

    /// The connection of a request is closed.
    pub(super) fn close_on_wire(&mut self, place: usize, request: u64, now: Time) {
        let Some(wire) = &mut self.wire else { return };
        let rules = wire.rules;
        let account = &mut self.account;
        wire.connections[place].retain_mut(|connection| {
            let is_closed = connection.request == Some(request);
            if is_closed {
                connection.close(now, &rules, account);
            }
            !is_closed
        });
    }

    /// At the horizon: what had to be acknowledged before it has been.
    pub(super) fn settle_wire(&mut self, place: usize, horizon: Time) {
        let Some(wire) = &mut self.wire else { return };
        let rules = wire.rules;
        for connection in &mut wire.connections[place] {
            connection.close(horizon, &rules, &mut self.account);
        }
    }
}
