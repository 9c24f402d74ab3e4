//! What the server does with a request.

use super::guard::MOST_IN_A_ROW;
use super::{Slot, World};
use crate::engine::{Class, Key};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::{Contents, MessageStore};
use crate::model::recorder::ReplySize;
use crate::model::request::{Ending, Origin, Request, Stage};
use crate::model::transport::{Action, Transport};
use crate::units::Time;

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    #[inline]
    pub(super) fn request(&mut self, client: ClientIndex, slot: Slot) -> &mut Request<M::Request> {
        match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        }
    }

    pub(super) fn request_number(&self, client: ClientIndex, slot: Slot) -> RequestNumber {
        match slot {
            Slot::Newest => RequestNumber::of_poll(self.clients[client].requests - 1),
            Slot::Older(index) => self.older.of(client)[index].number,
        }
    }

    /// Where a request comes from: the newest one of a client is always a poll.
    #[inline]
    pub(super) fn origin(&self, client: ClientIndex, slot: Slot) -> Origin {
        match slot {
            Slot::Newest => Origin::Poll,
            Slot::Older(index) => self.older.of(client)[index].origin,
        }
    }

    /// The server takes a request.
    #[inline]
    pub(super) fn arrive(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        if LIMITED && self.network.has_sizes && !self.leaves_network(client, slot, now) {
            return;
        }
        if LIMITED && self.origin(client, slot) == Origin::Frame {
            self.take_frame(client, slot, now);
            return;
        }
        let has_left = match slot {
            Slot::Newest => false,
            Slot::Older(index) => !self.older.of(client)[index].request.is_awaited(),
        };
        if let (Slot::Older(index), true) = (slot, has_left && self.notices_disconnect) {
            self.older.remove(client, index);
            return;
        }
        if LIMITED {
            if self.is_down(now) || self.request(client, slot).ending == Ending::Unconnected {
                self.refuse(client, slot, now);
            } else {
                self.admit(client, slot, now);
            }
            return;
        }
        if has_left {
            self.recorder.ghost(now);
        }
        self.open_hold(client, slot, now);
    }

    /// The server begins to look for messages.
    #[inline]
    pub(super) fn open_hold(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if LIMITED && self.origin(client, slot) == Origin::Send {
            self.take_send(client, slot, now);
            return;
        }
        if LIMITED && let Some(rules) = self.population.transport.stream().copied() {
            self.open_stream(client, slot, now, rules);
            return;
        }
        let (number, request_number) = (self.number_of(client), self.request_number(client, slot));
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        let before = *request;
        request.stage = Stage::HELD;
        request.since = now;
        let view = self.store.view(&self.clients[client].messages, &request.messages, number, request_number);
        let action = self.population.transport.arrive(view, request, now);
        if self.population.transport.is_check(true, action) {
            let look = u64::from(self.recorder.counts(now));
            if action == Action::Answer {
                self.recorder.looks(look);
            } else {
                self.recorder.empty_checks(look);
            }
            if LIMITED {
                self.recorder.work_on_look(now);
            }
        }
        match action {
            Action::Hold(until) | Action::Linger(until) => {
                request.due = until;
                if matches!(action, Action::Linger(_)) {
                    request.stage = Stage::Lingering;
                }
                if let Some(drift) = self.population.drift.as_mut().filter(|_| LIMITED) {
                    request.due = until.plus(Time(drift.of(number, sleep(request_number, request.checks_left()))));
                }
                if LIMITED { self.enter_server(&before, now) } else { self.recorder.hold_opened(now) }
            }
            Action::Answer | Action::GiveUp => {
                if self.population.holds {
                    self.recorder.hold_of_no_time(now);
                }
                if LIMITED {
                    self.leave_server(&before, now);
                }
                self.count_skipped_checks(client, slot, now);
                self.answer(client, slot, now, action == Action::Answer);
            }
        }
    }

    /// The server looks again at a request that it holds, and so on until it answers, or the next look is not below
    /// `alone`, where something else happens to the client. What is not below `limit`, an answer or that it begins to linger,
    /// has to wait for the other clients: then nothing but looks in vain takes client, and its key is returned.
    #[inline]
    pub(super) fn look(
        &mut self,
        client: ClientIndex,
        slot: Slot,
        mut now: Time,
        limit: Key,
        alone: Key,
    ) -> Option<Key> {
        let number = self.number_of(client);
        let request_number = if LIMITED { self.request_number(client, slot) } else { RequestNumber::of_poll(0) };
        let messages = &self.clients[client].messages;
        let next_creation = self.store.next_creation(messages);
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        let range = request.messages;
        let has_news = || self.store.has_news(messages, &range);
        // A copy, and one sum behind the loop: a run of ticks stays in the processor's registers.
        let mut held = *request;
        let mut looks = 0;
        let mut in_a_row = 0;
        let answer = loop {
            match self.population.transport.look(has_news, next_creation, &mut held, now) {
                Action::Hold(until) => {
                    looks += u64::from(self.population.counts_empty_checks && self.recorder.counts(now));
                    if LIMITED && self.population.counts_empty_checks {
                        self.recorder.work_on_look(now);
                    }
                    now = until;
                    if let Some(drift) = self.population.drift.as_mut().filter(|_| LIMITED) {
                        now = until.plus(Time(drift.of(number, sleep(request_number, held.checks_left()))));
                    }
                    if Key::new(now, Class::Server) >= alone {
                        break None;
                    }
                    if LIMITED && self.guard.is_some() {
                        in_a_row += 1;
                        if in_a_row == MOST_IN_A_ROW {
                            break None;
                        }
                    }
                }
                Action::Linger(until) => {
                    let held_until = held.stage;
                    return self.begin_to_linger(client, slot, (now, until), (looks, held_until), limit);
                }
                action => break Some(action),
            }
        };
        if let Some(action) = answer
            && Key::new(now, Class::Server) < limit
        {
            let is_check = self.population.transport.is_check(false, action);
            let last = u64::from(is_check && self.recorder.counts(now));
            if LIMITED && is_check {
                self.recorder.work_on_look(now);
            }
            self.count_looks(looks, last);
            self.end_hold(client, slot, now);
            self.answer(client, slot, now, action == Action::Answer);
            return None;
        }
        request.stage = held.stage;
        request.due = now;
        self.count_looks(looks, 0);
        answer.map(|_| Key::new(now, Class::Server))
    }

    /// A look at `now`, after `looks` in vain, finds something, and the request waits for more until `until`. Out of line:
    /// in line it costs each look a tenth of its instructions.
    #[cold]
    #[inline(never)]
    fn begin_to_linger(
        &mut self,
        client: ClientIndex,
        slot: Slot,
        (now, until): (Time, Time),
        (looks, held): (u64, Stage),
        limit: Key,
    ) -> Option<Key> {
        let key = Key::new(now, Class::Server);
        // Another client may give a worker to a request that takes the messages at this instant.
        let has_to_wait = LIMITED && key >= limit;
        let request = self.request(client, slot);
        request.stage = held;
        if has_to_wait {
            request.due = now;
            self.count_looks(looks, 0);
            return Some(key);
        }
        (request.due, request.stage) = (until, Stage::Lingering);
        let counts = self.population.counts_empty_checks && self.recorder.counts(now);
        self.count_looks(looks + u64::from(counts), 0);
        if LIMITED && self.population.counts_empty_checks {
            self.recorder.work_on_look(now);
        }
        None
    }

    /// Counts so many looks in vain, and so many that lead to an answer.
    #[inline]
    fn count_looks(&mut self, in_vain: u64, last: u64) {
        if LIMITED {
            self.recorder.empty_checks(in_vain);
            self.recorder.looks(last);
        } else {
            // Either each look is an event, or there are none in vain.
            self.recorder.looks(in_vain + last);
        }
    }

    /// The server answers, with what the mailbox has or with "no data".
    #[inline]
    pub(super) fn answer(&mut self, client: ClientIndex, slot: Slot, now: Time, takes: bool) {
        let (number, request_number) = (self.number_of(client), self.request_number(client, slot));
        let is_unheard = LIMITED && self.is_unheard(client, slot);
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        let Contents { messages, payload } = if takes {
            self.store.take(&mut self.clients[client].messages, request, now, &mut self.recorder)
        } else {
            Contents { messages: 0, payload: 0 }
        };
        if is_unheard {
            self.answer_nobody(client, slot, now);
            return;
        }
        let body = match messages {
            0 => self.population.http.empty_body.0,
            count => payload + count * self.population.http.message_framing.0,
        };
        if LIMITED {
            let (header, body) = self.reply_size(client, now, body);
            let is_send = self.origin(client, slot) == Origin::Send;
            self.recorder.reply_sent(now, ReplySize { header, body, payload }, messages == 0 && !is_send);
            self.recorder.work_on_bytes(now, header + body);
            if is_send {
                self.recorder.other_reply(now);
            }
            self.send_reply(client, slot, now, header + body);
            self.release(client, Stage::HELD, now);
            return;
        }
        self.recorder.reply_sent(
            now,
            ReplySize { header: self.population.http.response_header.0, body, payload },
            messages == 0,
        );
        request.stage = Stage::Down;
        request.since = now;
        request.due = now.plus(Time(self.population.path.down.of(number, request_number.name())));
    }

    /// Whether no reply to a request is sent: the proxy has given it up, or knows that its client has left, or the server
    /// has got the reset of it.
    pub(super) fn is_unheard(&self, client: ClientIndex, slot: Slot) -> bool {
        let Slot::Older(index) = slot else { return false };
        let request = &self.older.of(client)[index].request;
        let has_closed = self.is_behind_proxy && self.population.path.http2.is_none() && !request.is_awaited();
        request.ending == Ending::Nowhere || has_closed
    }

    /// No reply is sent to the request that is answered: what it would carry reaches nobody.
    fn answer_nobody(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = self.request(client, slot);
        request.since = now;
        let request = *request;
        // Nobody listens, so the client gets nothing newer.
        _ = self.store.arrive(&mut self.clients[client].messages, &request, now, &mut self.recorder);
        if let Slot::Older(index) = slot {
            self.older.remove(client, index);
        }
        self.forget(client);
        self.release(client, Stage::HELD, now);
    }

    /// The server has done with a request that it held.
    #[inline]
    pub(super) fn end_hold(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = *self.request(client, slot);
        if LIMITED {
            self.recorder.hold_ended(request.since, now);
            self.leave_server(&request, now);
        } else {
            self.recorder.hold_closed(request.since, now);
        }
        self.count_skipped_checks(client, slot, now);
    }

    /// A request, which was as `before` says, is at the server.
    pub(super) fn enter_server(&mut self, before: &Request<M::Request>, now: Time) {
        if !before.stage.is_at_server() {
            self.recorder.came(now);
            if self.is_alone(before) {
                self.recorder.connection_opens(now);
            }
        }
    }

    /// The server has done with a request, which was as `before` says.
    pub(super) fn leave_server(&mut self, before: &Request<M::Request>, now: Time) {
        if before.stage.is_at_server() {
            self.recorder.went(now);
            if self.is_alone(before) {
                self.recorder.connection_closes(now);
            }
        }
    }

    /// A request at the server is given up, and remains there.
    pub(super) fn remain_at_server(&mut self, stage: Stage, now: Time) {
        if stage.is_at_server() && self.network.has_connections() {
            self.recorder.connection_opens(now);
        }
    }

    /// Whether a request at the server counts as a connection by itself: else there is a TCP connection that counts.
    fn is_alone(&self, request: &Request<M::Request>) -> bool {
        !self.network.has_connections() || !request.is_awaited()
    }

    /// Counts the checks of a request whose hold ends, where they are not counted one by one.
    #[inline]
    pub(super) fn count_skipped_checks(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if self.counts_checks_at_end {
            let request = *self.request(client, slot);
            let (first, every, count) = self.population.transport.checks(&request, now);
            self.recorder.checks(first, every, count);
            if LIMITED {
                self.recorder.work_on_checks(first, every, count);
            }
        }
    }
}

/// The name of a sleep of a request: how many checks come after the one that ends it.
fn sleep(request: RequestNumber, checks_left: u32) -> u64 {
    request.name() << 32 | u64::from(checks_left)
}
