//! Sends of clients: in requests beside the polls, or in WebSocket frames.

use crate::engine::{Class, Key};
use crate::model::ids::{ClientIndex, ClientNumber, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Awaited, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::model::world::network::{Message, Passage};
use crate::model::world::outstanding::{Outstanding, OutstandingRequests};
use crate::model::world::{Slot, World};
use crate::units::Time;

/// The index among the older requests of a client of the first frame that waits for a connection.
fn waiting_frame<R>(older: &OutstandingRequests<R>, client: ClientIndex) -> Option<usize> {
    older.of(client).iter().position(|older| older.request.stage == Stage::Blocked && older.origin == Origin::Frame)
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The source of a client runs. The client sends the message, if it has come and not stopped.
    pub(super) fn send_message(&mut self, client: ClientIndex, now: Time) {
        let name = self.number_of(client);
        let Some(senders) = &mut self.client_side.senders else { return };
        let newest = &self.requests[client];
        let has_stopped = newest.stage == Stage::Idle && newest.due == Time::NEVER;
        if !senders.run_source(client, name, now) || self.clients[client].requests == 0 || has_stopped {
            return;
        }
        let number = senders.count(client);
        self.recorder.message_sent(now);
        let is_frame = self.population.transport.push().and_then(|protocol| protocol.frame_up(0)).is_some();
        let mut request = Request { sent: now, since: now, stage: Stage::Blocked, ..Request::departing(Time::NEVER) };
        if is_frame {
            request.awaited = Awaited::Nothing;
        } else {
            request.messages = self.store.ask(&self.clients[client].messages);
        }
        let origin = if is_frame { Origin::Frame } else { Origin::Send };
        let older = Outstanding { number, origin, gateway_due: Time::NEVER, size: 0, request };
        let slot = Slot::Older(self.older.insert(self.clients.len(), client, older));
        if is_frame {
            if self.is_connected(client) {
                self.send_frame(client, slot, now);
            }
        } else if self.takes_connection(client, number, now) {
            self.send_request(client, slot, now);
        } else {
            self.observe(client, slot, now, Happening::Blocked);
        }
    }

    /// Whether the client knows that the response on its newest connection has begun.
    fn is_connected(&self, client: ClientIndex) -> bool {
        self.requests[client].awaited == Awaited::Rest && self.requests[client].stage != Stage::Idle
    }

    /// A message leaves in a frame.
    fn send_frame(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let number = self.request_number(client, slot);
        let payload = self.client_side.payload_of_sends();
        let bytes = self.population.transport.push().and_then(|protocol| protocol.frame_up(payload)).unwrap_or(0);
        self.recorder.frame_sent(now, bytes);
        self.observe(client, slot, now, Happening::FrameSent { bytes });
        self.recorder.payload_sent(now, payload);
        self.recorder.work_on_push(now);
        self.client_side.wake(client, now, &mut self.recorder);
        let delayed = now.plus(Time(self.population.path.up.of(self.number_of(client), number.name())));
        let message = Message { number: number.name(), ..Message::up(self.exchange(client, slot), bytes) };
        let Passage { mut arrival, size } = self.transit(now).send_up(message, delayed);
        if let Some(senders) = &mut self.client_side.senders {
            arrival = senders.in_order(client, arrival);
        }
        self.set_under_way(client, slot, (Stage::Up, now), Passage { arrival, size });
    }

    /// The client has a connection: the frames that waited for it leave.
    pub(super) fn send_waiting_frames(&mut self, client: ClientIndex, now: Time) {
        while let Some(index) = waiting_frame(&self.older, client) {
            self.send_frame(client, Slot::Older(index), now);
        }
    }

    /// The client will have no connection any more.
    pub(super) fn drop_waiting_frames(&mut self, client: ClientIndex, now: Time) {
        while let Some(index) = waiting_frame(&self.older, client) {
            self.observe(client, Slot::Older(index), now, Happening::SendFailed);
            self.older.remove(client, index);
        }
    }

    /// A frame reaches the server.
    pub(super) fn take_frame(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let Slot::Older(index) = slot else { return };
        let request = self.older.of(client)[index].request;
        self.observe(client, slot, now, Happening::FrameArrived);
        if self.server.is_down(now) {
            self.observe(client, slot, now, Happening::SendFailed);
        } else {
            self.deliver_to_group(client, request.sent, now);
        }
        self.older.remove(client, index);
    }

    /// The server takes a send in a request: it delivers the message to the group, and replies at once.
    pub(super) fn take_send(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let before = *self.request(client, slot);
        self.request(client, slot).since = now;
        self.leave_server(&before, now);
        self.deliver_to_group(client, before.sent, now);
        let takes = self.population.piggybacks;
        self.answer(client, slot, now, takes);
    }

    /// A message that the client sent at `created` goes to all clients of its group.
    fn deliver_to_group(&mut self, client: ClientIndex, created: Time, now: Time) {
        let Some(senders) = &self.client_side.senders else { return };
        let Some(group) = senders.group_of(client) else { return };
        let (event, bytes) = (senders.last_event, senders.payload());
        self.recorder.shared(created);
        let population = self.active();
        for member in group {
            if !self.has_come(member, now) {
                continue;
            }
            self.activate(member);
            if self.client_side.has_left(member) {
                self.tell_server(member);
            } else {
                let recorder = self.recorder.about(ClientNumber(self.first_client + member.0), RequestNumber::LAST);
                self.store.post(&mut self.clients[member].messages, now, created, bytes, recorder);
            }
            self.notice(member, now, event);
            if member != client {
                self.woken.push(member);
            }
        }
        self.activate_population(population);
    }

    /// The server finds a new message for a client: at once, or with its next check. `event` is the current event: a
    /// check at the same instant comes after it, or came before.
    fn notice(&mut self, member: ClientIndex, now: Time, event: (Key, ClientIndex, RequestNumber)) {
        let newest = RequestNumber::of_poll(self.clients[member].requests.wrapping_sub(1));
        let is_notified = self.population.transport.is_notified();
        let transport = self.population.transport;
        let older = self.older.of_mut(member).iter_mut().map(|older| (older.number, &mut older.request));
        for (number, request) in older.chain([(newest, &mut self.requests[member])]) {
            if is_notified {
                if request.stage.is_woken_by_messages() {
                    request.due = now;
                }
            } else if matches!(request.stage, Stage::Held { .. }) {
                let has_checked = request.since == now || (Key::new(now, Class::Server), member, number) <= event;
                request.due = transport.next_check(request, now.plus(Time(u64::from(has_checked))));
            }
        }
    }
}
