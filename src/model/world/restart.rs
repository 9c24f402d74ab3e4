//! A restart of the server: what is at the server breaks, and what comes while it is down is refused.

use super::{Slot, World};
use crate::engine::Key;
use crate::model::ahead::Sampler;
use crate::model::client::{Ending, Request, Stage};
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// When the restart breaks requests of a client, before anything else that the server does at that instant.
    #[inline]
    pub(super) fn restart_key(&self, place: usize) -> Key {
        let Some(restart) = self.restart else { return Key::start_of(Time::NEVER) };
        let older = self.older.of(place).iter().map(|older| &older.request);
        let is_hit = older
            .chain([&self.requests[place]])
            .any(|request| request.stage.is_at_server() && request.since < restart.at);
        Key::start_of(if is_hit { restart.at } else { Time::NEVER })
    }

    /// The requests of a client that are at the server end.
    pub(super) fn break_requests(&mut self, place: usize, now: Time) {
        for index in (0..self.older.of(place).len()).rev() {
            self.break_request(place, Slot::Older(index), now);
        }
        self.break_request(place, Slot::Newest, now);
        self.forget(place);
    }

    fn break_request(&mut self, place: usize, slot: Slot, now: Time) {
        let Request { stage, awaited, .. } = *self.request(place, slot);
        if !stage.is_at_server() {
            return;
        }
        self.account.event(now);
        self.leave_server(stage, awaited, now);
        if stage.is_held() {
            let opened = self.request(place, slot).since;
            self.account.hold_ended(opened, now);
            // A check at this very instant does not take place any more.
            self.count_skipped_checks(place, slot, Time(now.0 - 1));
        }
        self.empty(place, stage, now);
        self.refuse(place, slot, now);
    }

    /// A request finds that nobody serves it. Its connection breaks, without a byte.
    pub(super) fn refuse(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.broken(now);
        if let (false, Slot::Older(index)) = (self.request(place, slot).awaited, slot) {
            self.older.remove(place, index);
            return;
        }
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let mut due = now.plus(Time(self.kind.down.of(client, number)));
        let is_open = self.request(place, slot).stage == Stage::Open;
        if let Some(streams) = self.kind.streams.as_ref().filter(|_| is_open) {
            due = streams.in_order(place, due);
        }
        due = self.in_order_down(place, number, due, 0);
        self.set_size(place, slot, 0);
        let request = self.request(place, slot);
        request.ending = Ending::Error;
        request.looks_left = 0;
        request.hits = false;
        request.stage = Stage::Down;
        request.since = now;
        request.due = due;
    }

    /// Since when the server has no connections any more that were opened before, and since when a client knows that.
    pub(super) fn closing(&self, place: usize) -> Option<(Time, Time)> {
        let at = self.restart?.at;
        let bits = self.closings.stream(u64::from(self.first_client + place as u32)).at(0);
        Some((at, at.plus(Time(self.kind.down.law().value(bits)))))
    }

    /// A request that arrives, or reaches the link, finds that its connection has been closed since it left.
    pub(super) fn note_reset(&mut self, place: usize, slot: Slot, now: Time) {
        let has_connections = self.wire.is_some() || self.kind.http2.is_some();
        let Some(restart) = self.restart.filter(|restart| has_connections && restart.at <= now) else { return };
        let request = self.request(place, slot);
        if request.since < restart.at && matches!(request.ending, Ending::Reply | Ending::Nowhere) {
            request.ending = Ending::Unconnected;
        }
    }

    /// Whether the server is down.
    #[inline]
    pub(super) fn is_down(&self, now: Time) -> bool {
        self.restart.is_some_and(|restart| restart.is_down(now))
    }
}
