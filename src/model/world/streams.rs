//! Connections on which the server pushes messages as they come.

use super::loss::Flow;
use super::wire::End;
use super::{Slot, World};
use crate::model::account::ReplySize;
use crate::model::ahead::Sampler;
use crate::model::client::{Ending, Older, Request, Stage};
use crate::model::delay::DelayLaw;
use crate::model::mail::Mail;
use crate::model::scenario::{PushStream, Scenario};
use crate::model::transport::{Pushing, Transport};
use crate::random::Family;
use crate::units::Time;

/// The connections of the clients of one population.
#[derive(Debug)]
pub(super) struct Streams {
    rules: Pushing,
    /// After how long without a push the proxy cuts a connection.
    idle_timeout: Option<Time>,
    delays: (DelayLaw, Family),
    /// By place of the client.
    open: Vec<OpenStream>,
}

/// What the server knows of the connection of a client, and the network of what is on it.
#[derive(Clone, Copy, Debug, Default)]
struct OpenStream {
    /// When something was last sent.
    last_sent: Time,
    /// When the last that was sent arrives: nothing overtakes it.
    last_arrival: Time,
    /// Bytes of the body so far.
    bytes: u64,
    /// Pushes of the client on all its connections so far.
    pushes: u64,
}

impl Streams {
    /// What a client takes.
    pub const CLIENT_BYTES: usize = size_of::<OpenStream>();

    pub fn new(rules: Pushing, scenario: &Scenario, delays: Family) -> Streams {
        let delays = (DelayLaw::new(&scenario.network.down), delays);
        Streams { rules, idle_timeout: scenario.server.idle_timeout, delays, open: Vec::new() }
    }

    /// Forgets all connections, and makes room for so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.open.clear();
        self.open.resize(clients, OpenStream::default());
    }

    /// When a push that is sent now arrives, if that takes so much more than the delay.
    fn arrival_of_push(&mut self, place: usize, client: u32, now: Time, more: Time) -> Time {
        let stream = &mut self.open[place];
        let (law, family) = &self.delays;
        let delay = Time(law.value(family.stream(u64::from(client)).at(stream.pushes)));
        stream.pushes += 1;
        stream.last_sent = now;
        stream.last_arrival = stream.last_arrival.max(now.plus(delay).plus(more));
        stream.last_arrival
    }

    /// When something arrives that is sent after all pushes, and would arrive at `arrival`.
    pub fn in_order(&self, place: usize, arrival: Time) -> Time {
        arrival.max(self.open[place].last_arrival)
    }

    /// When the server acts next on the connection of a client, opened at `opened`, if no message comes.
    fn due(&self, place: usize, opened: Time) -> Time {
        let PushStream { recycle_after, keep_alive, .. } = self.rules.rules;
        let recycled = recycle_after.map_or(Time::NEVER, |after| opened.plus(after));
        let idle = [keep_alive, self.idle_timeout].into_iter().flatten().min();
        idle.map_or(recycled, |idle| recycled.min(self.open[place].last_sent.plus(idle)))
    }

    /// Whether the server ends the connection now.
    fn is_over(&self, place: usize, opened: Time, now: Time) -> bool {
        let PushStream { recycle_after, recycle_bytes, .. } = self.rules.rules;
        recycle_after.is_some_and(|after| now >= opened.plus(after))
            || recycle_bytes.is_some_and(|most| self.open[place].bytes >= most.0)
    }

    /// Whether nothing has been sent to a client for so long.
    fn is_idle(&self, place: usize, span: Option<Time>, now: Time) -> bool {
        span.is_some_and(|span| now >= self.open[place].last_sent.plus(span))
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The server answers with a header, and goes on with all that waits for the client.
    pub(super) fn open_stream(&mut self, place: usize, slot: Slot, now: Time, rules: Pushing) {
        let request = self.request(place, slot);
        let (before, awaited) = (request.stage, request.awaited);
        request.since = now;
        if self.is_unheard(place, slot) {
            self.leave_server(before, awaited, now);
            self.end_unheard_stream(place, slot, now);
            return;
        }
        let header = match self.kind.http2 {
            Some(_) => self.reply_size(place, now, 0).0,
            None => rules.response_header(&self.kind.http),
        };
        self.account.reply_sent(now, ReplySize { header, body: 0, payload: 0 }, false);
        self.account.other_reply(now);
        self.account.work_on_bytes(now, header);
        if !self.request(place, slot).awaited {
            _ = self.put_on_wire(End::Server, place, self.request_number(place, slot), now, header);
            self.leave_server(before, awaited, now);
            self.end_unheard_stream(place, slot, now);
            return;
        }
        self.request(place, slot).stage = Stage::Open;
        self.enter_server(before, awaited, now);
        if let Some(streams) = &mut self.kind.streams {
            let pushes = streams.open[place].pushes;
            streams.open[place] = OpenStream { pushes, ..OpenStream::default() };
        }
        self.send_push(place, slot, now, Ending::Push, (M::Request::default(), header));
        self.go_on_with_stream(place, slot, now, rules);
    }

    /// A message has come for an open connection, or one of its times.
    pub(super) fn step_stream(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        let Some(rules) = self.kind.transport.stream().copied() else { return };
        if self.request(place, slot).awaited {
            self.go_on_with_stream(place, slot, now, rules);
            return;
        }
        // What is written to a client that has left is lost, and tells the server.
        let mut lost = *self.request(place, slot);
        self.account.hold_ended(lost.since, now);
        self.leave_server(lost.stage, lost.awaited, now);
        _ = self.mail.take(&mut self.clients[place].mail, &mut lost, now, &mut self.account);
        _ = self.mail.arrive(&mut self.clients[place].mail, &lost, now, &mut self.account);
        self.end_unheard_stream(place, slot, now);
    }

    /// Sends what there is, ends a connection that is over, and else says when it goes on.
    fn go_on_with_stream(&mut self, place: usize, slot: Slot, now: Time, rules: Pushing) {
        let request = *self.request(place, slot);
        if self.mail.has_news(&self.clients[place].mail, &request.mail) {
            self.push_messages(place, slot, now, rules);
        }
        let Some(streams) = &self.kind.streams else { return };
        if streams.is_over(place, request.since, now) {
            self.end_stream(place, slot, now, rules.end().0);
            return;
        }
        if streams.is_idle(place, streams.idle_timeout, now) {
            self.account.connection_cut(now);
            self.request(place, slot).ending = Ending::Cut;
            self.end_stream(place, slot, now, 0);
            return;
        }
        if streams.is_idle(place, rules.rules.keep_alive, now) {
            let (bytes, answer) = rules.keep_alive();
            self.account.pushed(now, bytes, 0);
            self.account.work_on_push(now);
            let ending = if answer > 0 { Ending::PushToAnswer } else { Ending::Push };
            self.send_push(place, slot, now, ending, (M::Request::default(), bytes));
        }
        if let Some(streams) = &self.kind.streams {
            let due = streams.due(place, request.since);
            self.request(place, slot).due = due;
        }
    }

    fn push_messages(&mut self, place: usize, slot: Slot, now: Time, rules: Pushing) {
        let mut push = *self.request(place, slot);
        let contents = self.mail.take(&mut self.clients[place].mail, &mut push, now, &mut self.account);
        let mut framed = 0;
        let framing = self.kind.http.message_framing.0;
        self.mail.messages(&self.clients[place].mail, &push, |number, size| {
            framed += rules.message(number, size + framing);
        });
        let bytes = rules.push(framed);
        self.account.pushed(now, bytes, contents.payload);
        self.account.work_on_push(now);
        if let Some(streams) = &mut self.kind.streams {
            streams.open[place].bytes += bytes;
        }
        self.send_push(place, slot, now, Ending::Push, (push.mail, bytes));
        let mut position = self.request(place, slot).mail;
        self.mail.advance(&mut position, &push.mail);
        self.request(place, slot).mail = position;
    }

    /// Something is on its way to the client: messages, in so many bytes.
    fn send_push(&mut self, place: usize, slot: Slot, now: Time, ending: Ending, (mail, bytes): (M::Request, u64)) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let (mut size, mut more) = (0, Time::ZERO);
        if self.has_path {
            size = self.put_on_wire(End::Server, place, number, now, bytes);
            let left = self.pass_down(place, now, size);
            self.account.waited_for_links(now, left, bytes);
            more = left.since(now).plus(self.lose_push(place, now, bytes));
        }
        let Some(streams) = &mut self.kind.streams else { return };
        let arrival = streams.arrival_of_push(place, client, now, more);
        let due = self.in_order_down(place, number, arrival, bytes);
        if let Some(streams) = &mut self.kind.streams {
            // What had to wait for others has to be waited for, even if no byte of it is sent.
            streams.open[place].last_arrival = due;
        }
        let request =
            Request { stage: Stage::Down, since: now, sent: Time::NEVER, ending, mail, ..Request::departing(due) };
        self.older.insert(self.clients.len(), place, Older { number, gateway_due: Time::NEVER, size, request });
    }

    /// How much later a push of so many bytes arrives because of what is lost.
    fn lose_push(&mut self, place: usize, now: Time, bytes: u64) -> Time {
        let packets = self.wire.as_ref().map(|wire| wire.packets(bytes));
        match (packets, &self.kind.streams) {
            (Some(packets), Some(streams)) => {
                let number = streams.open[place].pushes;
                self.lose(place, (Flow::Push, number), now, packets)
            }
            _ => Time::ZERO,
        }
    }

    /// The response ends with so many bytes, which the client notices when they arrive.
    fn end_stream(&mut self, place: usize, slot: Slot, now: Time, bytes: u64) {
        self.account.pushed(now, bytes, 0);
        let Request { since: opened, stage, awaited, .. } = *self.request(place, slot);
        self.leave_server(stage, awaited, now);
        self.send_reply(place, slot, now, bytes);
        let mut due = self.request(place, slot).due;
        if let Some(streams) = &self.kind.streams {
            due = streams.in_order(place, due);
        }
        let request = self.request(place, slot);
        request.due = due;
        request.mail = M::Request::default();
        self.account.hold_ended(opened, now);
        self.release(place, Stage::Held, now);
    }

    /// The server is done with a connection on which nobody listens.
    fn end_unheard_stream(&mut self, place: usize, slot: Slot, now: Time) {
        if let Slot::Older(index) = slot {
            self.older.remove(place, index);
        }
        self.forget(place);
        self.release(place, Stage::Held, now);
    }

    /// Something that was pushed reaches the client.
    pub(super) fn take_push(&mut self, place: usize, index: usize, now: Time) {
        let Older { number, request, size, .. } = self.older.of(place)[index];
        self.older.remove(place, index);
        let client = &mut self.clients[place];
        if let Some(created) = self.mail.arrive(&mut client.mail, &request, now, &mut self.account)
            && (created > client.newest || client.newest == Time::NEVER)
        {
            self.account.newer(now, client.newest, created);
            client.newest = created;
        }
        if request.awaited {
            if self.awaits_response(place, number) {
                self.account.goodput(now);
            } else {
                self.wake(place, now);
            }
            if let Some(retries) = &mut self.retries {
                retries.forget(place);
            }
            self.note_response(place, number, now);
            self.take_from_wire(End::Client, place, number, now, size);
            if let (Ending::PushToAnswer, Some(rules)) = (request.ending, self.kind.transport.stream()) {
                let answer = rules.keep_alive().1;
                self.account.answered_push(now, answer);
                self.account.work_on_push(now);
                // As if it were received as it leaves: the server has nothing else to do with it.
                let packets = self.put_on_wire(End::Client, place, number, now, answer);
                self.take_from_wire(End::Server, place, number, now, packets);
            }
        }
        self.forget(place);
    }

    /// Whether the client waits for the response to this request to begin.
    fn awaits_response(&self, place: usize, number: u64) -> bool {
        if self.clients[place].requests == number + 1 {
            return self.requests[place].sent != Time::NEVER;
        }
        let mut older = self.older.of(place).iter();
        older
            .any(|older| older.number == number && !older.request.ending.is_push() && older.request.sent != Time::NEVER)
    }

    /// The response to this request has begun: its client waits for it no more.
    fn note_response(&mut self, place: usize, number: u64, now: Time) {
        if self.clients[place].requests == number + 1 {
            self.requests[place].sent = Time::NEVER;
            self.send_waiting_frames(place, now);
        } else if let Some(older) =
            self.older.of_mut(place).iter_mut().find(|older| older.number == number && !older.request.ending.is_push())
        {
            older.request.sent = Time::NEVER;
        }
    }

    /// What is on its way on the connection of this request reaches nobody any more.
    pub(super) fn abandon_pushes(&mut self, place: usize, number: u64) {
        for older in self.older.of_mut(place) {
            if older.number == number && older.request.ending.is_push() {
                older.request.awaited = false;
            }
        }
    }
}
