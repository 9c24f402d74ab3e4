//! What clients send themselves: by requests beside the others, or in frames of a WebSocket.

use super::older::OlderRequests;
use super::{Slot, World};
use crate::engine::{Class, Key};
use crate::model::client::{Ending, Older, Request, Stage, is_send, send_number};
use crate::model::mail::Mail;
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::source::{Cursor, Generator};
use crate::model::transport::Transport;
use crate::units::Time;

/// When clients send, and who gets it.
#[derive(Debug)]
pub(super) struct Sends {
    source: Generator,
    /// Clients of a group, which gets what one of them sends; `None`: it ends at the server.
    group: Option<u32>,
    /// By place of the client.
    senders: Vec<Sender>,
    /// The last event in the order of events that takes or took place, where clients wake each other: its turn, the place of
    /// the client, the request.
    pub now: (Key, usize, u64),
}

#[derive(Clone, Copy, Debug)]
struct Sender {
    next: Cursor,
    /// Messages sent so far.
    sent: u64,
    /// When its last frame arrives: nothing overtakes it.
    last_arrival: Time,
}

impl Sends {
    /// What a client takes.
    pub const CLIENT_BYTES: usize = size_of::<Sender>();

    /// `None` where clients send nothing.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Sends> {
        let sends = scenario.clients.sends.as_ref()?;
        let group = match scenario.source.arrivals {
            Arrivals::Group { size } => Some(size),
            _ => None,
        };
        let source = Generator::of_sends(sends, scenario, replication);
        Some(Sends { source, group, senders: Vec::new(), now: (Key::start_of(Time::ZERO), 0, 0) })
    }

    /// Clients with these numbers have sent nothing.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        let sender = |client| Sender { next: self.source.start(client, Time::ZERO), sent: 0, last_arrival: Time::ZERO };
        self.senders = clients.map(sender).collect();
        self.now = (Key::start_of(Time::ZERO), 0, 0);
    }

    /// Size of a message.
    pub fn payload(&self) -> u64 {
        u64::from(self.source.payload())
    }

    /// When the client at `place` sends next.
    #[inline]
    pub fn next(&self, place: usize) -> Time {
        self.senders[place].next.next
    }
}

/// The place among the older requests of a client of the first frame that waits for a connection.
fn waiting_frame<R>(older: &OlderRequests<R>, place: usize) -> Option<usize> {
    older.of(place).iter().position(|older| older.request.stage == Stage::Blocked && older.request.ending.is_push())
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The client sends a message, if it has come and not stopped.
    pub(super) fn send_message(&mut self, place: usize, now: Time) {
        let client = self.first_client + place as u32;
        let Some(sends) = &mut self.sends else { return };
        let sender = &mut sends.senders[place];
        // One step at a time: each trial of a tick source is one of these events, which do not count.
        if sends.source.advance_due(&mut sender.next, client, now, |_| {}).is_none() {
            return;
        }
        let newest = &self.requests[place];
        let has_stopped = newest.stage == Stage::Idle && newest.due == Time::NEVER;
        if self.clients[place].requests == 0 || has_stopped {
            return;
        }
        let number = send_number(sender.sent);
        sender.sent += 1;
        self.account.message_sent(now);
        let takes_frame = self.kind.transport.stream().and_then(|rules| rules.frame_up(0)).is_some();
        let mut request = Request { sent: now, since: now, stage: Stage::Blocked, ..Request::departing(Time::NEVER) };
        if takes_frame {
            (request.ending, request.awaited) = (Ending::Push, false);
        } else {
            request.mail = self.mail.ask(&self.clients[place].mail);
        }
        let has_connection = takes_frame || self.takes_connection(place, number, now);
        let older = Older { number, gateway_due: Time::NEVER, size: 0, request };
        let slot = Slot::Older(self.older.insert(self.clients.len(), place, older));
        if takes_frame && self.is_connected(place) {
            self.send_frame(place, slot, now);
        } else if !takes_frame && has_connection {
            self.set_out(place, slot, now);
        }
    }

    /// A message leaves in a request of its own.
    fn set_out(&mut self, place: usize, slot: Slot, now: Time) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let up = Time(self.kind.up.of(client, number));
        let request = self.request(place, slot);
        request.stage = Stage::Up;
        request.due = now.plus(up);
        self.account.event(now);
        self.count_request(place, slot, now);
    }

    /// Whether the response on the newest connection of a client has begun, as far as the client knows.
    fn is_connected(&self, place: usize) -> bool {
        self.requests[place].sent == Time::NEVER && self.requests[place].stage != Stage::Idle
    }

    /// A message leaves in a frame.
    fn send_frame(&mut self, place: usize, slot: Slot, now: Time) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let payload = self.sends.as_ref().map_or(0, Sends::payload);
        let bytes = self.kind.transport.stream().and_then(|rules| rules.frame_up(payload)).unwrap_or(0);
        self.account.answered_push(now, bytes);
        self.account.payload_sent(now, payload);
        self.account.work_on_push(now);
        self.wake(place, now);
        let delayed = now.plus(Time(self.kind.up.of(client, number)));
        let (mut arrival, size) = self.send_up(place, number, now, bytes, delayed);
        if let Some(sends) = &mut self.sends {
            let last = &mut sends.senders[place].last_arrival;
            *last = arrival.max(*last);
            arrival = *last;
        }
        let request = self.request(place, slot);
        request.stage = Stage::Up;
        request.since = now;
        request.due = arrival;
        self.set_size(place, slot, size);
    }

    /// The client has a connection: the frames that waited for it leave.
    pub(super) fn send_waiting_frames(&mut self, place: usize, now: Time) {
        if self.sends.is_none() {
            return;
        }
        while let Some(index) = waiting_frame(&self.older, place) {
            self.send_frame(place, Slot::Older(index), now);
        }
    }

    /// The client will have no connection any more.
    pub(super) fn drop_waiting_frames(&mut self, place: usize, now: Time) {
        if self.sends.is_none() {
            return;
        }
        while let Some(index) = waiting_frame(&self.older, place) {
            self.older.remove(place, index);
            self.account.send_failed(now);
        }
    }

    /// Whether something older than the newest request is a frame that a client sends.
    pub(super) fn is_frame(&self, place: usize, slot: Slot) -> bool {
        matches!(slot, Slot::Older(index) if is_send(self.older.of(place)[index].number)
            && self.older.of(place)[index].request.ending.is_push())
    }

    /// A frame reaches the server.
    pub(super) fn take_frame(&mut self, place: usize, slot: Slot, now: Time) {
        let Slot::Older(index) = slot else { return };
        let request = self.older.of(place)[index].request;
        if self.is_down(now) {
            self.account.send_failed(now);
        } else {
            self.deliver_to_group(place, request.sent, now);
        }
        self.older.remove(place, index);
    }

    /// The server takes what a client sent with a request: a message to its group, and an answer at once.
    pub(super) fn take_send(&mut self, place: usize, slot: Slot, now: Time) {
        let Request { sent, stage, awaited, .. } = *self.request(place, slot);
        self.request(place, slot).since = now;
        self.leave_server(stage, awaited, now);
        self.deliver_to_group(place, sent, now);
        let takes = self.kind.piggybacks;
        self.answer(place, slot, now, takes);
    }

    /// A message that the client at `place` sent at `created` goes to all of its group.
    fn deliver_to_group(&mut self, place: usize, created: Time, now: Time) {
        let Some(sends) = &self.sends else { return };
        let (Some(size), bytes) = (sends.group, sends.source.payload()) else { return };
        let (event, size) = (sends.now, size as usize);
        let first = place / size * size;
        self.account.shared(created);
        let population = self.at_work();
        for member in first..self.clients.len().min(first + size) {
            if !self.has_come(member, now) {
                continue;
            }
            self.turn_to(member);
            if self.has_left(member) {
                self.tell_server(member);
            } else {
                self.mail.post(&mut self.clients[member].mail, now, created, bytes, &mut self.account);
            }
            self.notice(member, now, event);
            if member != place {
                self.woken.push(member as u32);
            }
        }
        self.turn_back(population);
    }

    /// The server finds what has come for a client: at once, or with its next look. `event` is what takes place: a look at
    /// the same instant is behind it, or has been before.
    fn notice(&mut self, member: usize, now: Time, event: (Key, usize, u64)) {
        let newest = self.clients[member].requests.wrapping_sub(1);
        let is_notified = self.kind.transport.is_notified();
        let transport = self.kind.transport;
        let older = self.older.of_mut(member).iter_mut().map(|older| (older.number, &mut older.request));
        for (number, request) in older.chain([(newest, &mut self.requests[member])]) {
            if is_notified {
                if matches!(request.stage, Stage::Held | Stage::Open) {
                    request.due = now;
                }
            } else if request.stage == Stage::Held {
                let has_looked = request.since == now || (Key::new(now, Class::Server), member, number) <= event;
                request.due = transport.next_look(request, now.plus(Time(u64::from(has_looked))));
            }
        }
    }
}
