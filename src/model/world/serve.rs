//! What the server does with a request.

use super::guard::MOST_IN_A_ROW;
use super::wire::End;
use super::{Slot, World};
use crate::engine::{Class, Key};
use crate::model::account::ReplySize;
use crate::model::client::{Ending, Request, Stage, is_send};
use crate::model::mail::{Contents, Mail};
use crate::model::transport::{Action, Transport};
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    #[inline]
    pub(super) fn request(&mut self, place: usize, slot: Slot) -> &mut Request<M::Request> {
        match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older.of_mut(place)[index].request,
        }
    }

    pub(super) fn request_number(&self, place: usize, slot: Slot) -> u64 {
        match slot {
            Slot::Newest => self.clients[place].requests - 1,
            Slot::Older(index) => self.older.of(place)[index].number,
        }
    }

    /// The server takes a request.
    #[inline]
    pub(super) fn arrive(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        if LIMITED && self.has_path {
            self.note_reset(place, slot, now);
            if self.enter_link(place, slot, now) {
                return;
            }
            let number = self.request_number(place, slot);
            let size = self.size(place, slot);
            self.set_size(place, slot, 0);
            self.take_from_wire(End::Server, place, number, now, size);
            if let Slot::Older(index) = slot
                && self.older.of(place)[index].request.ending == Ending::Reset
            {
                self.take_reset(place, index);
                return;
            }
        }
        if LIMITED && self.is_frame(place, slot) {
            self.take_frame(place, slot, now);
            return;
        }
        let has_left = match slot {
            Slot::Newest => false,
            Slot::Older(index) => !self.older.of(place)[index].request.awaited,
        };
        if let (Slot::Older(index), true) = (slot, has_left && self.notices_disconnect) {
            self.older.remove(place, index);
            return;
        }
        if LIMITED {
            if self.is_down(now) || self.request(place, slot).ending == Ending::Unconnected {
                self.refuse(place, slot, now);
            } else {
                self.admit(place, slot, now);
            }
            return;
        }
        if has_left {
            self.account.ghost(now);
        }
        self.open_hold(place, slot, now);
    }

    /// The server begins to look for messages.
    #[inline]
    pub(super) fn open_hold(&mut self, place: usize, slot: Slot, now: Time) {
        if LIMITED && is_send(self.request_number(place, slot)) {
            self.take_send(place, slot, now);
            return;
        }
        if LIMITED && let Some(rules) = self.kind.transport.stream().copied() {
            self.open_stream(place, slot, now, rules);
            return;
        }
        let (number, request_number) = (self.first_client + place as u32, self.request_number(place, slot));
        let request = match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older.of_mut(place)[index].request,
        };
        let (before, awaited) = (request.stage, request.awaited);
        request.stage = Stage::Held;
        request.since = now;
        let view = self.mail.view(&self.clients[place].mail, &request.mail, number, request_number);
        let action = self.kind.transport.arrive(view, request, now);
        if self.kind.transport.is_check(true, action) {
            let look = u64::from(self.account.counts(now));
            if action == Action::Answer {
                self.account.looks(look);
            } else {
                self.account.looks_in_vain(look);
            }
            if LIMITED {
                self.account.work_on_look(now);
            }
        }
        match action {
            Action::Hold(until) | Action::Linger(until) => {
                request.due = until;
                if matches!(action, Action::Linger(_)) {
                    request.stage = Stage::Lingering;
                }
                if let Some(drift) = self.kind.drift.as_mut().filter(|_| LIMITED) {
                    request.due = until.plus(Time(drift.of(number, sleep(request_number, request.looks_left))));
                }
                if LIMITED { self.enter_server(before, awaited, now) } else { self.account.hold_opened(now) }
            }
            Action::Answer | Action::GiveUp => {
                if self.kind.holds {
                    self.account.hold_of_no_time(now);
                }
                if LIMITED {
                    self.leave_server(before, awaited, now);
                }
                self.count_skipped_checks(place, slot, now);
                self.answer(place, slot, now, action == Action::Answer);
            }
        }
    }

    /// The server looks again at a request that it holds, and so on until it answers, or the next look is not below
    /// `alone`, where something else happens to the client. What is not below `limit`, an answer or that it begins to linger,
    /// has to wait for the other clients: then nothing but looks in vain takes place, and its key is returned.
    #[inline]
    pub(super) fn look(&mut self, place: usize, slot: Slot, mut now: Time, limit: Key, alone: Key) -> Option<Key> {
        let number = self.first_client + place as u32;
        let request_number = if LIMITED { self.request_number(place, slot) } else { 0 };
        let messages = &self.clients[place].mail;
        let next_creation = self.mail.next_creation(messages);
        let request = match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older.of_mut(place)[index].request,
        };
        let parcel = request.mail;
        let has_news = || self.mail.has_news(messages, &parcel);
        // A copy, and one sum behind the loop: a run of ticks stays in the processor's registers.
        let mut held = *request;
        let mut looks = 0;
        let mut in_a_row = 0;
        let answer = loop {
            match self.kind.transport.look(has_news, next_creation, &mut held, now) {
                Action::Hold(until) => {
                    looks += u64::from(self.kind.every_look_counts && self.account.counts(now));
                    if LIMITED && self.kind.every_look_counts {
                        self.account.work_on_look(now);
                    }
                    now = until;
                    if let Some(drift) = self.kind.drift.as_mut().filter(|_| LIMITED) {
                        now = until.plus(Time(drift.of(number, sleep(request_number, held.looks_left))));
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
                    let looks_left = held.looks_left;
                    return self.begin_to_linger(place, slot, (now, until), (looks, looks_left), limit);
                }
                action => break Some(action),
            }
        };
        if let Some(action) = answer
            && Key::new(now, Class::Server) < limit
        {
            let is_check = self.kind.transport.is_check(false, action);
            let last = u64::from(is_check && self.account.counts(now));
            if LIMITED && is_check {
                self.account.work_on_look(now);
            }
            self.count_looks(looks, last);
            self.end_hold(place, slot, now);
            self.answer(place, slot, now, action == Action::Answer);
            return None;
        }
        request.looks_left = held.looks_left;
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
        place: usize,
        slot: Slot,
        (now, until): (Time, Time),
        (looks, looks_left): (u64, u32),
        limit: Key,
    ) -> Option<Key> {
        let key = Key::new(now, Class::Server);
        // Another client may give a worker to a request that takes the messages at this instant.
        let has_to_wait = LIMITED && key >= limit;
        let request = self.request(place, slot);
        request.looks_left = looks_left;
        if has_to_wait {
            request.due = now;
            self.count_looks(looks, 0);
            return Some(key);
        }
        (request.due, request.stage) = (until, Stage::Lingering);
        let counts = self.kind.every_look_counts && self.account.counts(now);
        self.count_looks(looks + u64::from(counts), 0);
        if LIMITED && self.kind.every_look_counts {
            self.account.work_on_look(now);
        }
        None
    }

    /// Counts so many looks in vain, and so many that lead to an answer.
    #[inline]
    fn count_looks(&mut self, in_vain: u64, last: u64) {
        if LIMITED {
            self.account.looks_in_vain(in_vain);
            self.account.looks(last);
        } else {
            // Either each look is an event, or there are none in vain.
            self.account.looks(in_vain + last);
        }
    }

    /// The server answers, with what the mailbox has or with "no data".
    #[inline]
    pub(super) fn answer(&mut self, place: usize, slot: Slot, now: Time, takes: bool) {
        let (number, request_number) = (self.first_client + place as u32, self.request_number(place, slot));
        let is_unheard = LIMITED && self.is_unheard(place, slot);
        let request = match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older.of_mut(place)[index].request,
        };
        let Contents { messages, payload } = if takes {
            self.mail.take(&mut self.clients[place].mail, request, now, &mut self.account)
        } else {
            Contents { messages: 0, payload: 0 }
        };
        if is_unheard {
            self.answer_nobody(place, slot, now);
            return;
        }
        let body = match messages {
            0 => self.kind.http.empty_body.0,
            count => payload + count * self.kind.http.message_framing.0,
        };
        if LIMITED {
            let (header, body) = self.reply_size(place, now, body);
            let is_send = is_send(request_number);
            self.account.reply_sent(now, ReplySize { header, body, payload }, messages == 0 && !is_send);
            self.account.work_on_bytes(now, header + body);
            if is_send {
                self.account.other_reply(now);
            }
            self.send_reply(place, slot, now, header + body);
            self.release(place, Stage::Held, now);
            return;
        }
        self.account.reply_sent(
            now,
            ReplySize { header: self.kind.http.response_header.0, body, payload },
            messages == 0,
        );
        request.stage = Stage::Down;
        request.since = now;
        request.due = now.plus(Time(self.kind.down.of(number, request_number)));
    }

    /// A reply of so many bytes is on its way.
    pub(super) fn send_reply(&mut self, place: usize, slot: Slot, now: Time, bytes: u64) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let delayed = now.plus(Time(self.kind.down.of(client, number)));
        let (due, size) = if self.has_path { self.send_down(place, number, now, bytes, delayed) } else { (delayed, 0) };
        let request = self.request(place, slot);
        request.stage = Stage::Down;
        request.since = now;
        request.due = due;
        self.set_size(place, slot, size);
    }

    /// Whether no reply to a request is sent: the proxy has given it up, or knows that its client has left, or the server
    /// has got the reset of it.
    pub(super) fn is_unheard(&self, place: usize, slot: Slot) -> bool {
        let Slot::Older(index) = slot else { return false };
        let request = &self.older.of(place)[index].request;
        let has_closed = self.is_behind_proxy && self.kind.http2.is_none() && !request.awaited;
        request.ending == Ending::Nowhere || has_closed
    }

    /// No reply is sent to the request that is answered: what it would carry reaches nobody.
    fn answer_nobody(&mut self, place: usize, slot: Slot, now: Time) {
        let request = self.request(place, slot);
        request.since = now;
        let request = *request;
        // Nobody listens, so the client gets nothing newer.
        _ = self.mail.arrive(&mut self.clients[place].mail, &request, now, &mut self.account);
        if let Slot::Older(index) = slot {
            self.older.remove(place, index);
        }
        self.forget(place);
        self.release(place, Stage::Held, now);
    }

    /// The server has done with a request that it held.
    #[inline]
    pub(super) fn end_hold(&mut self, place: usize, slot: Slot, now: Time) {
        let Request { since: opened, stage, awaited, .. } = *self.request(place, slot);
        if LIMITED {
            self.account.hold_ended(opened, now);
            self.leave_server(stage, awaited, now);
        } else {
            self.account.hold_closed(opened, now);
        }
        self.count_skipped_checks(place, slot, now);
    }

    /// A request that was in stage `before` is at the server.
    pub(super) fn enter_server(&mut self, before: Stage, awaited: bool, now: Time) {
        if !before.is_at_server() {
            self.account.came(now);
            if self.is_alone(awaited) {
                self.account.connection_opens(now);
            }
        }
    }

    /// The server has done with a request that was in this stage.
    pub(super) fn leave_server(&mut self, stage: Stage, awaited: bool, now: Time) {
        if stage.is_at_server() {
            self.account.went(now);
            if self.is_alone(awaited) {
                self.account.connection_closes(now);
            }
        }
    }

    /// A request at the server is given up, and remains there.
    pub(super) fn remain_at_server(&mut self, stage: Stage, now: Time) {
        if stage.is_at_server() && self.wire.is_some() {
            self.account.connection_opens(now);
        }
    }

    /// Whether a request at the server counts as a connection by itself: else there is a TCP connection that counts.
    fn is_alone(&self, awaited: bool) -> bool {
        self.wire.is_none() || !awaited
    }

    /// Counts the checks of a request whose hold ends, where they are not counted one by one.
    #[inline]
    pub(super) fn count_skipped_checks(&mut self, place: usize, slot: Slot, now: Time) {
        if self.counts_checks_at_end {
            let request = *self.request(place, slot);
            let (first, every, count) = self.kind.transport.checks(&request, now);
            self.account.checks(first, every, count);
            if LIMITED {
                self.account.work_on_checks(first, every, count);
            }
        }
    }
}

/// The name of a sleep of a request: how many looks come after the one that ends it.
fn sleep(request: u64, looks_left: u32) -> u64 {
    request << 32 | u64::from(looks_left)
}
