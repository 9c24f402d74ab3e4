//! The TCP connections of each client, their packets and acknowledgements.

use super::loss::{Flow, Packets};
use super::{Slot, World};
use crate::model::footprint;
use crate::model::ids::{ClientIndex, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::prefetched_draws::Sampler;
use crate::model::recorder::Recorder;
use crate::model::request::{Awaited, Ending, Origin};
use crate::model::scenario::{self, Scenario};
use crate::model::transport::{Push, Transport};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The connections of all clients.
#[derive(Debug)]
pub(super) struct Wire {
    pub rules: scenario::Wire,
    handshakes: Family,
    /// Few clients have more than one.
    connections: PerClient<Vec<Connection>>,
}

/// One open connection of a client.
#[derive(Clone, Copy, Debug)]
struct Connection {
    /// The number of the request that uses it; `None` while it is idle.
    request: Option<RequestNumber>,
    opened: Time,
    idle_since: Time,
    ends: Ends,
}

/// One end of a connection: since when it has received a packet that it has not acknowledged.
///
/// Every second packet with data is acknowledged at once, any other with the next packet that leaves, but not later than
/// after the delay (RFC 5681, section 4.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver(Time);

impl Receiver {
    const NOTHING: Receiver = Receiver(Time::NEVER);

    /// An acknowledgement that had to leave before `now` by itself has left.
    fn pass(&mut self, now: Time, acks: Acks, recorder: &mut Recorder) {
        let due = self.0.plus(acks.delay);
        if self.0 != Time::NEVER && due < now {
            recorder.packets(acks.is_up, due, 1, acks.bytes);
            self.0 = Time::NEVER;
        }
    }

    fn receive(&mut self, packets: u64, now: Time, acks: Acks, recorder: &mut Recorder) {
        self.pass(now, acks, recorder);
        let open = packets + u64::from(self.0 != Time::NEVER);
        recorder.packets(acks.is_up, now, open / 2, open / 2 * acks.bytes);
        if packets > 0 {
            self.0 = if open % 2 == 1 { now } else { Time::NEVER };
        }
    }

    fn send(&mut self, packets: u64, now: Time, acks: Acks, recorder: &mut Recorder) {
        self.pass(now, acks, recorder);
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

/// The acknowledgements of one end.
#[derive(Clone, Copy, Debug)]
struct Acks {
    is_up: bool,
    /// How long they wait for something to go with.
    delay: Time,
    /// Bytes of a packet that does nothing else.
    bytes: u64,
}

impl Acks {
    fn of(end: End, rules: &scenario::Wire) -> Acks {
        let delay = if end == End::Client { rules.ack_delay } else { rules.server_ack_delay };
        Acks { is_up: end == End::Client, delay, bytes: rules.header.0 }
    }
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    client: Receiver,
    server: Receiver,
}

impl Ends {
    pub const NOTHING: Ends = Ends { client: Receiver::NOTHING, server: Receiver::NOTHING };

    pub fn at(&mut self, end: End) -> &mut Receiver {
        if end == End::Client { &mut self.client } else { &mut self.server }
    }

    /// The acknowledgements that had to leave before `now` have left; all others are in vain.
    pub fn close(&mut self, now: Time, rules: &scenario::Wire, recorder: &mut Recorder) {
        for end in [End::Client, End::Server] {
            self.at(end).pass(now, Acks::of(end, rules), recorder);
        }
    }
}

impl Wire {
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Wire> {
        let handshakes = Family::new(scenario.seed, replication, Purpose::Handshake);
        scenario.wire.map(|rules| Wire { rules, handshakes, connections: PerClient::new() })
    }

    /// Memory of the list of a client's connections, without any.
    pub const LIST_BYTES: usize = size_of::<Vec<Connection>>();
    /// Memory of a client's only connection.
    pub const CONNECTION_BYTES: usize = size_of::<Connection>();

    /// Memory of all connections, in bytes.
    pub fn bytes(&self) -> usize {
        self.connections.iter().map(|list| footprint::of_list::<Connection>(list.capacity())).sum()
    }

    pub fn clear(&mut self, clients: usize) {
        self.connections.reset(clients, Vec::new());
    }

    /// Gives a request a connection: the idle one that was used last, or a new one. Returns whether it is new.
    /// `closing`: since when there are no connections any more that were opened before, and since when the client knows that.
    fn connect(
        &mut self,
        client: ClientIndex,
        request: RequestNumber,
        now: Time,
        closing: Option<(Time, Time)>,
        recorder: &mut Recorder,
    ) -> bool {
        let rules = self.rules;
        let connections = &mut self.connections[client];
        connections.retain_mut(|connection| {
            let is_closed = closing.is_some_and(|(closed, known)| connection.opened < closed && known <= now);
            let stays = now.since(connection.idle_since) < rules.keep_alive && !is_closed;
            let is_open = connection.request.is_some() || stays;
            if !is_open {
                connection.close(now, closing.map(|(closed, _)| closed), &rules, recorder);
            }
            is_open
        });
        let idle = (0..connections.len()).filter(|index| connections[*index].request.is_none());
        if let Some(index) = idle.max_by_key(|index| connections[*index].idle_since) {
            connections[index].request = Some(request);
            return false;
        }
        recorder.connection_opens(now);
        connections.push(Connection {
            request: Some(request),
            opened: now,
            idle_since: Time::ZERO,
            ends: Ends::NOTHING,
        });
        true
    }

    /// The packets of a message of so many bytes of HTTP.
    pub fn packets(&self, bytes: u64) -> Packets {
        self.packets_of(self.rules.data(bytes))
    }

    /// The packets of so many bytes of data.
    fn packets_of(&self, data: u64) -> Packets {
        let (header, segment) = (self.rules.header.0, self.rules.segment.0);
        let count = data.div_ceil(segment);
        Packets { count, full: segment + header, last: data - count.saturating_sub(1) * segment + header }
    }

    /// How many packets make up so many bytes.
    fn count_of(&self, size: u64) -> u64 {
        size.div_ceil(self.rules.segment.0 + self.rules.header.0)
    }

    /// The packets that open a connection: back and forth in turn.
    fn flights(&self) -> impl Iterator<Item = Packets> + use<> {
        let opening = Packets { count: 1, full: 0, last: self.rules.header.0 + 8 };
        let tls = self.rules.tls.map(|tls| [tls.client, tls.server].map(|bytes| self.packets_of(bytes.0)));
        [opening; 2].into_iter().chain(tls.into_iter().flatten())
    }

    fn of_request(&mut self, client: ClientIndex, request: RequestNumber) -> Option<&mut Connection> {
        self.connections[client].iter_mut().find(|connection| connection.request == Some(request))
    }
}

/// When a connection that would end at `end` is no more at the server, which ends all of them when it restarts.
pub(super) fn ends_at(end: Time, opened: Time, restart: Option<Time>) -> Time {
    match restart {
        Some(restart) if opened < restart => end.min(restart),
        _ => end,
    }
}

impl Connection {
    /// The acknowledgements that had to leave before `now` have left; all others are in vain.
    fn close(&mut self, now: Time, restart: Option<Time>, rules: &scenario::Wire, recorder: &mut Recorder) {
        let end = if self.request.is_none() { now.min(self.idle_since.plus(rules.keep_alive)) } else { now };
        recorder.connection_closes(ends_at(end, self.opened, restart));
        self.ends.close(now, rules, recorder);
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Counts the bytes of a request that leaves. One that has more than a delay before it takes longer.
    #[inline]
    pub(super) fn count_request(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if LIMITED {
            self.send_request(client, slot, now);
        } else {
            self.recorder.request_sent(now, self.population.http.request_header.0, self.population.http.request_body.0);
        }
    }

    /// A request leaves, once it has a connection.
    fn send_request(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let number = self.request_number(client, slot);
        let opening = self.open_connection(client, number, now);
        if let Some((closed, _)) = self.closing(client)
            && closed <= now
            && self.connection_opened(client, number).is_some_and(|opened| opened < closed)
        {
            self.request(client, slot).ending = Ending::Unconnected;
        }
        let origin = self.origin(client, slot);
        let (header, body) = self.request_size(client, origin);
        self.recorder.request_sent(now, header, body);
        if let Some(sends) = self.sends.as_ref().filter(|_| origin == Origin::Send) {
            self.recorder.payload_sent(now, sends.payload());
        }
        self.recorder.work_on_request(now, header + body);
        self.wake(client, now);
        if !self.has_path {
            return;
        }
        let arrival = self.request(client, slot).due.plus(opening);
        let (arrival, size) = self.send_up(client, number, now, header + body, arrival);
        self.request(client, slot).due = self.in_order_up(client, number, arrival);
        self.set_size(client, slot, size);
    }

    /// When the connection of a request was opened.
    fn connection_opened(&mut self, client: ClientIndex, number: RequestNumber) -> Option<Time> {
        if self.population.http2.is_some() {
            return self.multiplexed.as_mut().map(|multiplexed| multiplexed.opened(client));
        }
        self.wire.as_mut()?.of_request(client, number).map(|connection| connection.opened)
    }

    /// Gives a request a connection. Returns how long that takes.
    fn open_connection(&mut self, client: ClientIndex, number: RequestNumber, now: Time) -> Time {
        let closing = self.closing(client);
        let is_new = match &mut self.wire {
            _ if self.population.http2.is_some() => self.connect_multiplexed(client, now, closing),
            Some(wire) => wire.connect(client, number, now, closing, &mut self.recorder),
            None => return Time::ZERO,
        };
        if is_new { self.shake_hands(client, number, now) } else { Time::ZERO }
    }

    /// Opens a connection: the round trips of TCP and TLS. Returns how long they take.
    fn shake_hands(&mut self, client: ClientIndex, number: RequestNumber, now: Time) -> Time {
        let Some(wire) = &self.wire else { return Time::ZERO };
        self.recorder.connection_opened(now);
        let (packets, up, down) = wire.rules.handshake();
        self.recorder.packets(true, now, packets, up);
        self.recorder.packets(false, now, 0, down);
        let stream = wire.handshakes.stream(u64::from(self.number_of(client).0));
        let mut length = Time::ZERO;
        for (flight, packets) in (0..).zip(wire.flights()) {
            let name = number.name().wrapping_mul(4).wrapping_add(flight);
            let law = if flight % 2 == 0 { self.population.up.law() } else { self.population.down.law() };
            let delay = Time(law.value(stream.at(name)));
            length = length.plus(delay).plus(self.lose(client, (Flow::Handshake, name), now, packets));
        }
        length
    }

    /// One end sends so many bytes of HTTP on the connection of a request. Returns their size on the way.
    pub(super) fn put_on_wire(
        &mut self,
        end: End,
        client: ClientIndex,
        request: RequestNumber,
        now: Time,
        bytes: u64,
    ) -> u64 {
        let Some(wire) = &self.wire else { return bytes };
        let (packets, all) = wire.rules.packets(bytes);
        let rules = wire.rules;
        self.recorder.packets(end == End::Client, now, packets, all);
        if let Some((receiver, recorder)) = self.receiver(end, client, request) {
            receiver.send(packets, now, Acks::of(end, &rules), recorder);
        }
        all
    }

    /// One end receives a message of this size on the connection of a request.
    pub(super) fn take_from_wire(
        &mut self,
        end: End,
        client: ClientIndex,
        request: RequestNumber,
        now: Time,
        size: u64,
    ) {
        let Some(wire) = &self.wire else { return };
        let (rules, packets) = (wire.rules, wire.count_of(size));
        if let Some((receiver, recorder)) = self.receiver(end, client, request) {
            receiver.receive(packets, now, Acks::of(end, &rules), recorder);
        }
    }

    /// One end of the connection of a request, if it is open.
    fn receiver(
        &mut self,
        end: End,
        client: ClientIndex,
        request: RequestNumber,
    ) -> Option<(&mut Receiver, &mut Recorder)> {
        if let Some(multiplexed) = self.multiplexed.as_mut().filter(|_| self.population.http2.is_some()) {
            return Some((multiplexed.receiver(end, client), &mut self.recorder));
        }
        // A frame takes the connection that is open.
        let is_frame = request.is_of_send() && self.population.transport.push().is_some_and(Push::closes_connection);
        let newest = RequestNumber::of_poll(self.clients[client].requests.wrapping_sub(1));
        let request = if is_frame { newest } else { request };
        let connection = self.wire.as_mut()?.of_request(client, request)?;
        Some((connection.ends.at(end), &mut self.recorder))
    }

    /// A reply has reached the client. Over HTTP/2 its connection is open, and takes what nobody waits for too.
    pub(super) fn end_reply_on_wire(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = *self.request(client, slot);
        if request.is_awaited() && matches!(request.ending, Ending::Reply | Ending::Cut) {
            self.end_on_wire(client, slot, now, request.ending);
        } else if !request.is_awaited() && self.population.http2.is_some() {
            let (number, size) = (self.request_number(client, slot), self.size(client, slot));
            self.take_from_wire(End::Client, client, number, now, size);
        }
    }

    /// The client has the whole response to a request. One that ends without any byte has been cut off.
    pub(super) fn end_on_wire(&mut self, client: ClientIndex, slot: Slot, now: Time, ending: Ending) {
        let (number, size) = (self.request_number(client, slot), self.size(client, slot));
        self.take_from_wire(End::Client, client, number, now, size);
        let is_cut_off = size == 0;
        if self.population.http2.is_some() {
            // The connection on which the request left is closed. Where the response had begun, the restart has closed it.
            let request = *self.request(client, slot);
            let broken = match request.awaited {
                _ if !is_cut_off || ending != Ending::Error => None,
                Awaited::Rest => self.restart.map(|restart| restart.at),
                Awaited::Response | Awaited::Nothing => Some(request.sent.plus(Time(1))),
            };
            self.end_multiplexed(client, now, broken);
        } else if is_cut_off
            || (self.origin(client, slot) == Origin::Poll
                && self.population.transport.push().is_some_and(Push::closes_connection))
        {
            self.close_on_wire(client, number, now);
        } else if let Some(connection) = self.wire.as_mut().and_then(|wire| wire.of_request(client, number)) {
            connection.request = None;
            connection.idle_since = now;
        }
    }

    /// The connection of a request is closed.
    pub(super) fn close_on_wire(&mut self, client: ClientIndex, request: RequestNumber, now: Time) {
        let Some(wire) = &mut self.wire else { return };
        let rules = wire.rules;
        let (recorder, restart) = (&mut self.recorder, self.restart.map(|restart| restart.at));
        wire.connections[client].retain_mut(|connection| {
            let is_closed = connection.request == Some(request);
            if is_closed {
                connection.close(now, restart, &rules, recorder);
            }
            !is_closed
        });
    }

    /// At the horizon: what had to be acknowledged before it has been.
    pub(super) fn settle_wire(&mut self, client: ClientIndex, horizon: Time) {
        let Some(wire) = &mut self.wire else { return };
        let (rules, restart) = (wire.rules, self.restart.map(|restart| restart.at));
        if let Some(multiplexed) = &mut self.multiplexed {
            multiplexed.settle(client, horizon, restart, &rules, &mut self.recorder);
        }
        for connection in &mut wire.connections[client] {
            connection.close(horizon, restart, &rules, &mut self.recorder);
        }
    }
}
