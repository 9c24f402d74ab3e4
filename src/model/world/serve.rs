//! What the server does with a request.

use super::{Slot, World};
use crate::engine::{Class, Key};
use crate::model::account::ReplySize;
use crate::model::client::{Request, Stage};
use crate::model::mail::{Contents, Mail};
use crate::model::scenario::Ticks;
use crate::model::transport::{Action, Transport};
use crate::units::Time;

impl<T: Transport, M: Mail> World<'_, T, M> {
    #[inline]
    pub(super) fn request(&mut self, place: usize, slot: Slot) -> &mut Request<M::Request> {
        match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older[place][index].request,
        }
    }

    fn request_number(&self, place: usize, slot: Slot) -> u64 {
        match slot {
            Slot::Newest => self.clients[place].requests - 1,
            Slot::Older(index) => self.older[place][index].number,
        }
    }

    /// The server takes a request.
    #[inline]
    pub(super) fn arrive(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        let (number, request_number) = (self.first_client + place as u32, self.request_number(place, slot));
        let mut request = *self.request(place, slot);
        if !request.awaited && self.notices_disconnect {
            if let Slot::Older(index) = slot {
                self.older[place].remove(index);
            }
            return;
        }
        request.stage = Stage::Held;
        request.since = now;
        self.account.hold_opened(now);
        let view = self.mail.view(&self.clients[place].mail, &request.mail, number, request_number);
        let action = self.transport.arrive(view, &mut request, now);
        *self.request(place, slot) = request;
        if self.transport.is_check(true, action) {
            self.account.look(now, self.ticks, action == Action::Answer);
        }
        match action {
            Action::Hold(until) => self.request(place, slot).due = until,
            Action::Answer | Action::GiveUp => self.answer(place, slot, now, action == Action::Answer),
        }
    }

    /// The server looks again at a request that it holds, and so on until it answers or the next look is not below
    /// `limit`. Returns the key of the next step of the request.
    #[inline]
    pub(super) fn look(&mut self, place: usize, slot: Slot, mut now: Time, limit: Key) -> Key {
        let messages = &self.clients[place].mail;
        let next_creation = self.mail.next_creation(messages);
        let request = match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older[place][index].request,
        };
        let parcel = request.mail;
        let has_news = || self.mail.has_news(messages, &parcel);
        loop {
            let action = self.transport.look(has_news, next_creation, request, now);
            if self.transport.is_check(false, action) {
                self.account.look(now, self.ticks, action == Action::Answer);
            }
            let Action::Hold(until) = action else {
                self.answer(place, slot, now, action == Action::Answer);
                return self.step(place, slot);
            };
            let key = Key::new(until, Class::Server);
            if key >= limit {
                request.due = until;
                return key;
            }
            now = until;
        }
    }

    fn step(&mut self, place: usize, slot: Slot) -> Key {
        let request = self.request(place, slot);
        Key::new(request.due, request.stage.class())
    }

    /// The server answers, with what the mailbox has or with "no data".
    #[inline]
    fn answer(&mut self, place: usize, slot: Slot, now: Time, takes: bool) {
        self.end_hold(place, slot, now);
        let (number, request_number) = (self.first_client + place as u32, self.request_number(place, slot));
        let mut request = *self.request(place, slot);
        let mut contents = Contents { messages: 0, payload: 0 };
        if takes {
            contents = self.mail.take(&mut self.clients[place].mail, &mut request, now, &mut self.account);
        }
        let Contents { messages, payload } = contents;
        let body = match messages {
            0 => self.http.empty_body.0,
            count => payload + count * self.http.message_framing.0,
        };
        self.account.reply_sent(now, ReplySize { header: self.http.response_header.0, body, payload }, messages == 0);
        request.stage = Stage::Down;
        request.since = now;
        request.due = now.plus(Time(self.down.of(number, request_number)));
        *self.request(place, slot) = request;
    }

    #[inline]
    pub(super) fn end_hold(&mut self, place: usize, slot: Slot, now: Time) {
        let request = *self.request(place, slot);
        self.account.hold_closed(request.since, now);
        if self.ticks == Ticks::Skip {
            let (first, every, count) = self.transport.checks(&request, now);
            self.account.checks(first, every, count);
        }
    }
}
