//! A restart of the server: what is at the server breaks, and what comes while it is down is refused.

use super::network::Exchange;
use super::{Slot, World};
use crate::engine::Key;
use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::request::{Ending, Stage};
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// When the restart breaks requests of a client, before anything else that the server does at that instant.
    #[inline]
    pub(super) fn restart_key(&self, client: ClientIndex) -> Key {
        let Some(restart) = self.restart else { return Key::start_of(Time::NEVER) };
        let older = self.older.of(client).iter().map(|older| &older.request);
        let is_hit = older
            .chain([&self.requests[client]])
            .any(|request| request.stage.is_at_server() && request.since < restart.at);
        Key::start_of(if is_hit { restart.at } else { Time::NEVER })
    }

    /// The requests of a client that are at the server end.
    pub(super) fn break_requests(&mut self, client: ClientIndex, now: Time) {
        for index in (0..self.older.of(client).len()).rev() {
            self.break_request(client, Slot::Older(index), now);
        }
        self.break_request(client, Slot::Newest, now);
        self.forget(client);
    }

    fn break_request(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let before = *self.request(client, slot);
        let stage = before.stage;
        if !stage.is_at_server() {
            return;
        }
        self.recorder.event(now);
        self.leave_server(&before, now);
        if stage.is_held() {
            self.recorder.hold_ended(before.since, now);
            // A check at this very instant does not take client any more.
            self.count_skipped_checks(client, slot, Time(now.0 - 1));
        }
        self.empty(client, stage, now);
        self.refuse(client, slot, now);
    }

    /// A request finds that nobody serves it. Its connection breaks, without a byte.
    pub(super) fn refuse(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.broken(now);
        if let (false, Slot::Older(index)) = (self.request(client, slot).is_awaited(), slot) {
            self.older.remove(client, index);
            return;
        }
        let number = self.request_number(client, slot);
        let mut due = now.plus(Time(self.population.path.down.of(self.number_of(client), number.name())));
        let is_open = self.request(client, slot).stage == Stage::Open;
        if let Some(streams) = self.population.streams.as_ref().filter(|_| is_open) {
            due = streams.in_order(client, due);
        }
        due = self.transit(now).in_order_down(Exchange { client, number }, due, 0);
        self.set_size(client, slot, 0);
        let request = self.request(client, slot);
        request.ending = Ending::Error;
        request.hits = false;
        request.stage = Stage::Down;
        request.since = now;
        request.due = due;
    }

    /// Whether the server is down.
    #[inline]
    pub(super) fn is_down(&self, now: Time) -> bool {
        self.restart.is_some_and(|restart| restart.is_down(now))
    }
}
