//! The server pushes messages on a connection as they come.

use crate::model::ids::{ClientIndex, ClientNumber, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer, PushKind, ReplySize};
use crate::model::request::{Awaited, Ending, Origin, Request, Stage};
use crate::model::transport::{Push, PushAction, Transport};
use crate::model::world::network::{Exchange, Message, MessageKind, Side};
use crate::model::world::outstanding::Outstanding;
use crate::model::world::{Slot, World};
use crate::units::Time;

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
            streams.reopen(client);
        }
        self.send_push(client, slot, now, (Origin::Push, PushKind::Header), (M::Request::default(), header));
        self.go_on_with_stream(client, slot, now, protocol);
    }

    /// A message has come for an open connection, or one of its timers fires.
    #[inline]
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
        self.observe(client, slot, now, Happening::HoldEnded);
        self.leave_server(&lost, now);
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let (messages, recorder) = (&mut self.clients[client].messages, self.recorder.about(name, number));
        _ = self.store.take(messages, &mut lost, now, recorder);
        _ = self.store.arrive(messages, &lost, now, recorder);
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
                    self.observe(client, slot, now, Happening::Cut);
                    self.request(client, slot).ending = Ending::Cut;
                    return self.end_stream(client, slot, now, 0);
                }
                PushAction::KeepAlive => {
                    let (bytes, answer) = protocol.keep_alive();
                    self.recorder.pushed(now, bytes, 0);
                    self.recorder.work_on_push(now);
                    let origin = if answer > 0 { Origin::Ping } else { Origin::Push };
                    self.send_push(client, slot, now, (origin, PushKind::KeepAlive), (M::Request::default(), bytes));
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
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let recorder = self.recorder.about(name, number);
        let contents = self.store.take(&mut self.clients[client].messages, &mut push, now, recorder);
        let mut framed = 0;
        let framing = self.population.http.message_framing.0;
        self.store.messages(&self.clients[client].messages, &push, |number, size| {
            framed += protocol.message(number, size + framing);
        });
        let bytes = protocol.push(framed);
        self.recorder.pushed(now, bytes, contents.payload);
        self.recorder.work_on_push(now);
        if let Some(streams) = &mut self.population.streams {
            streams.count_bytes(client, bytes);
        }
        self.send_push(client, slot, now, (Origin::Push, PushKind::Messages), (push.messages, bytes));
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
        (origin, kind): (Origin, PushKind),
        (messages, bytes): (M::Request, u64),
    ) {
        let (name, exchange) = (self.number_of(client), self.exchange(client, slot));
        let Some(streams) = &mut self.population.streams else { return };
        let message =
            Message { kind: MessageKind::Push, number: streams.pushes(client), ..Message::down(exchange, bytes) };
        let (more, size) = self.transit(now).pass_down(&message);
        let Some(streams) = &mut self.population.streams else { return };
        let arrival = streams.arrival_of_push(client, name, now, more);
        let due = self.transit(now).in_order_down(exchange, arrival, bytes);
        if let Some(streams) = &mut self.population.streams {
            // Later messages wait for it, even if no byte of it is sent.
            streams.set_last_arrival(client, due);
        }
        self.observe(client, slot, now, Happening::Pushed { kind, bytes, due });
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
        self.observe(client, slot, now, Happening::StreamEnds { bytes });
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
        self.observe(client, slot, now, Happening::HoldEnded);
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
        let what = if request.is_awaited() { Happening::PushReceived(request.since) } else { Happening::Ignored };
        self.observe_request(client, number, now, what);
        let recorder = self.recorder.about(ClientNumber(self.first_client + client.0), number);
        let state = &mut self.clients[client];
        let created = self.store.arrive(&mut state.messages, &request, now, recorder);
        state.note_newest(created, now, &mut self.recorder);
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
                self.recorder.frame_sent(now, answer);
                self.observe_request(client, number, now, Happening::FrameSent { bytes: answer });
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

    /// The client answers the end of a connection on which the server pushed, where the protocol says so.
    pub(super) fn answer_end_of_stream(&mut self, client: ClientIndex, now: Time) {
        if let Some(protocol) = self.population.transport.push() {
            let answer = protocol.end().1;
            self.recorder.frame_sent(now, answer);
            self.observe(client, Slot::Newest, now, Happening::FrameSent { bytes: answer });
            let exchange = self.exchange(client, Slot::Newest);
            self.transit(now).send_packets(&Message::up(exchange, answer));
        }
    }
}
