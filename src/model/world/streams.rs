//! Push connections.

use super::network::{Exchange, Message, MessageKind, Side};
use super::outstanding::Outstanding;
use super::{Slot, World};
use crate::model::delay::DelayDistribution;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer, ReplySize};
use crate::model::prefetched_draws::Sampler;
use crate::model::request::{Awaited, Ending, Origin, Request, Stage};
use crate::model::scenario::Scenario;
use crate::model::transport::{OpenConnection, Push, PushAction, Transport};
use crate::random::Family;
use crate::units::Time;

/// The connections of the clients of one population.
#[derive(Debug)]
pub(super) struct Streams {
    /// The idle timeout of the proxy.
    idle_timeout: Option<Time>,
    delays: (DelayDistribution, Family),
    open: PerClient<OpenStream>,
}

/// The state of the push connection of a client, at the server and on the network.
#[derive(Clone, Copy, Debug, Default)]
struct OpenStream {
    /// When the server last sent anything.
    last_sent: Time,
    /// When the last sent message arrives: no message overtakes it.
    last_arrival: Time,
    /// Bytes of the body so far.
    bytes: u64,
    /// Pushes of the client on all its connections so far.
    pushes: u64,
}

impl Streams {
    /// Memory of a client.
    pub const CLIENT_BYTES: usize = size_of::<OpenStream>();

    pub fn new(scenario: &Scenario, delays: Family) -> Streams {
        let delays = (DelayDistribution::new(&scenario.network.down), delays);
        Streams { idle_timeout: scenario.server.idle_timeout, delays, open: PerClient::new() }
    }

    /// Forgets all connections, and makes room for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.open.reset(clients, OpenStream::default());
    }

    /// When a push that is sent now arrives, with this addition to the delay.
    fn arrival_of_push(&mut self, client: ClientIndex, client_number: ClientNumber, now: Time, more: Time) -> Time {
        let stream = &mut self.open[client];
        let (law, family) = &self.delays;
        let delay = Time(law.value(family.stream(u64::from(client_number.0)).at(stream.pushes)));
        stream.pushes += 1;
        stream.last_sent = now;
        stream.last_arrival = stream.last_arrival.max(now.plus(delay).plus(more));
        stream.last_arrival
    }

    /// When a message arrives that is sent after all pushes, and would arrive at `arrival` alone.
    pub fn in_order(&self, client: ClientIndex, arrival: Time) -> Time {
        arrival.max(self.open[client].last_arrival)
    }

    /// The connection of a client, opened at `opened`, as the protocol sees it.
    fn connection(&self, client: ClientIndex, opened: Time) -> OpenConnection {
        let OpenStream { last_sent, bytes, .. } = self.open[client];
        OpenConnection { opened, last_sent, bytes }
    }

    /// When the proxy cuts the connection of a client if nothing is sent on it.
    fn cut_off(&self, client: ClientIndex) -> Time {
        self.idle_timeout.map_or(Time::NEVER, |idle| self.open[client].last_sent.plus(idle))
    }
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The server sends the response header, then all messages that wait for the client.
    pub(super) fn open_stream(&mut self, client: ClientIndex, slot: Slot, now: Time, protocol: &dyn Push) {
        let request = self.request(client, slot);
        let before = *request;
        request.since = now;
        if self.is_unheard(client, slot) {
            self.leave_server(&before, now);
            self.end_unheard_stream(client, slot);
            return;
        }
        let header = match self.population.path.http2 {
            Some(_) => self.reply_size(client, now, 0).0,
            None => protocol.response_header(&self.population.http),
        };
        let size = ReplySize { header, body: 0, payload: 0 };
        self.observe(client, slot, now, Happening::Answered { size, is_empty: false });
        self.recorder.other_reply(now);
        self.recorder.work_on_bytes(now, header);
        if !self.request(client, slot).is_awaited() {
            let exchange = self.exchange(client, slot);
            self.transit(now).send_packets(&Message::down(exchange, header));
            self.leave_server(&before, now);
            self.end_unheard_stream(client, slot);
            return;
        }
        self.request(client, slot).stage = Stage::Open;
        self.enter_server(&before, now);
        if let Some(streams) = &mut self.population.streams {
            let pushes = streams.open[client].pushes;
            streams.open[client] = OpenStream { pushes, ..OpenStream::default() };
        }
        self.send_push(client, slot, now, Origin::Push, (M::Request::default(), header));
        self.go_on_with_stream(client, slot, now, protocol);
    }

    /// A message has come for an open connection, or one of its timers fires.
    pub(super) fn step_stream(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        if !self.request(client, slot).is_awaited() {
            self.write_to_nobody(client, slot, now);
        } else if let Some(protocol) = self.population.transport.push() {
            self.go_on_with_stream(client, slot, now, protocol);
        }
        self.grant_released(now);
    }

    /// A message to a client that has left is lost, and the server notices.
    fn write_to_nobody(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let mut lost = *self.request(client, slot);
        self.recorder.hold_ended(lost.since, now);
        self.leave_server(&lost, now);
        _ = self.store.take(&mut self.clients[client].messages, &mut lost, now, &mut self.recorder);
        _ = self.store.arrive(&mut self.clients[client].messages, &lost, now, &mut self.recorder);
        self.end_unheard_stream(client, slot);
    }

    /// Sends all messages, ends a connection that is over, or else schedules its next step.
    fn go_on_with_stream(&mut self, client: ClientIndex, slot: Slot, now: Time, protocol: &dyn Push) {
        let request = *self.request(client, slot);
        let mut has_news = self.store.has_news(&self.clients[client].messages, &request.messages);
        loop {
            let Some(streams) = &self.population.streams else { return };
            let cut_off = streams.cut_off(client);
            match protocol.act(streams.connection(client, request.since), has_news, now) {
                PushAction::Push => {
                    self.push_messages(client, slot, now, protocol);
                    has_news = false;
                }
                PushAction::End => return self.end_stream(client, slot, now, protocol.end().0),
                PushAction::KeepAlive | PushAction::Wait(_) if now >= cut_off => {
                    self.recorder.connection_cut(now);
                    self.request(client, slot).ending = Ending::Cut;
                    return self.end_stream(client, slot, now, 0);
                }
                PushAction::KeepAlive => {
                    let (bytes, answer) = protocol.keep_alive();
                    self.recorder.pushed(now, bytes, 0);
                    self.recorder.work_on_push(now);
                    let origin = if answer > 0 { Origin::Ping } else { Origin::Push };
                    self.send_push(client, slot, now, origin, (M::Request::default(), bytes));
                }
                PushAction::Wait(until) => {
                    self.request(client, slot).due = until.min(cut_off);
                    return;
                }
            }
        }
    }

    fn push_messages(&mut self, client: ClientIndex, slot: Slot, now: Time, protocol: &dyn Push) {
        let mut push = *self.request(client, slot);
        let contents = self.store.take(&mut self.clients[client].messages, &mut push, now, &mut self.recorder);
        let mut framed = 0;
        let framing = self.population.http.message_framing.0;
        self.store.messages(&self.clients[client].messages, &push, |number, size| {
            framed += protocol.message(number, size + framing);
        });
        let bytes = protocol.push(framed);
        self.recorder.pushed(now, bytes, contents.payload);
        self.recorder.work_on_push(now);
        if let Some(streams) = &mut self.population.streams {
            streams.open[client].bytes += bytes;
        }
        self.send_push(client, slot, now, Origin::Push, (push.messages, bytes));
        let mut position = self.request(client, slot).messages;
        self.store.advance(&mut position, &push.messages);
        self.request(client, slot).messages = position;
    }

    /// Messages leave for the client, in this number of bytes.
    fn send_push(
        &mut self,
        client: ClientIndex,
        slot: Slot,
        now: Time,
        origin: Origin,
        (messages, bytes): (M::Request, u64),
    ) {
        let (name, exchange) = (self.number_of(client), self.exchange(client, slot));
        let Some(streams) = &mut self.population.streams else { return };
        let message =
            Message { kind: MessageKind::Push, number: streams.open[client].pushes, ..Message::down(exchange, bytes) };
        let (more, size) = self.transit(now).pass_down(&message);
        let Some(streams) = &mut self.population.streams else { return };
        let arrival = streams.arrival_of_push(client, name, now, more);
        let due = self.transit(now).in_order_down(exchange, arrival, bytes);
        if let Some(streams) = &mut self.population.streams {
            // Later messages wait for it, even if no byte of it is sent.
            streams.open[client].last_arrival = due;
        }

        let request =
            Request { stage: Stage::Down, since: now, awaited: Awaited::Rest, messages, ..Request::departing(due) };
        self.older.insert(
            self.clients.len(),
            client,
            Outstanding { number: exchange.number, origin, gateway_due: Time::NEVER, size, request },
        );
    }

    /// The response ends with this number of bytes, which the client notices when they arrive.
    fn end_stream(&mut self, client: ClientIndex, slot: Slot, now: Time, bytes: u64) {
        self.recorder.pushed(now, bytes, 0);
        let before = *self.request(client, slot);
        self.leave_server(&before, now);
        self.send_reply(client, slot, now, bytes);
        let mut due = self.request(client, slot).due;
        if let Some(streams) = &self.population.streams {
            due = streams.in_order(client, due);
        }
        let request = self.request(client, slot);
        request.due = due;
        request.messages = M::Request::default();
        self.recorder.hold_ended(before.since, now);
        self.server.release(client, Stage::HELD);
    }

    /// The server has done with a connection whose client has left.
    fn end_unheard_stream(&mut self, client: ClientIndex, slot: Slot) {
        if let Slot::Older(index) = slot {
            self.older.remove(client, index);
        }
        self.forget(client);
        self.server.release(client, Stage::HELD);
    }

    /// A push reaches the client.
    pub(super) fn take_push(&mut self, client: ClientIndex, index: usize, now: Time) {
        let Outstanding { number, origin, request, size, .. } = self.older.of(client)[index];
        self.older.remove(client, index);
        let messages = &mut self.clients[client].messages;
        let created = self.store.arrive(messages, &request, now, &mut self.recorder);
        self.note_newest(client, created, now);
        if request.is_awaited() {
            if self.awaits_response(client, number) {
                self.observe_request(client, number, now, Happening::Received);
            } else {
                self.client_side.wake(client, now, &mut self.recorder);
            }
            self.client_side.forget_failures(client);
            self.note_response(client, number, now);
            let exchange = Exchange { client, number };
            self.transit(now).receive(Side::Client, exchange, size);
            if let (Origin::Ping, Some(protocol)) = (origin, self.population.transport.push()) {
                let answer = protocol.keep_alive().1;
                self.recorder.answered_push(now, answer);
                self.recorder.work_on_push(now);
                // Counted as received when it leaves, because it has no other effect at the server.
                let mut transit = self.transit(now);
                let size = transit.send_packets(&Message::up(exchange, answer));
                transit.receive(Side::Server, exchange, size);
            }
        }
        self.forget(client);
    }

    /// Whether the client waits for the response to this request to begin.
    fn awaits_response(&self, client: ClientIndex, number: RequestNumber) -> bool {
        if self.is_newest(client, number) {
            return self.requests[client].awaited == Awaited::Response;
        }
        let mut older = self.older.of(client).iter();
        older.any(|older| {
            older.number == number && older.origin.is_request() && older.request.awaited == Awaited::Response
        })
    }

    /// The response to this request has begun: its client no longer waits for it.
    fn note_response(&mut self, client: ClientIndex, number: RequestNumber, now: Time) {
        if self.is_newest(client, number) {
            self.requests[client].awaited = Awaited::Rest;
            self.send_waiting_frames(client, now);
        } else if let Some(older) =
            self.older.of_mut(client).iter_mut().find(|older| older.number == number && older.origin.is_request())
            && older.request.is_awaited()
        {
            older.request.awaited = Awaited::Rest;
        }
    }

    fn is_newest(&self, client: ClientIndex, number: RequestNumber) -> bool {
        RequestNumber::of_poll(self.clients[client].requests.wrapping_sub(1)) == number
    }

    /// Messages in transit on the connection of this request do not reach the client any more.
    pub(super) fn abandon_pushes(&mut self, client: ClientIndex, number: RequestNumber) {
        for older in self.older.of_mut(client) {
            if older.number == number && older.origin.is_push() {
                older.request.awaited = Awaited::Nothing;
            }
        }
    }
}
