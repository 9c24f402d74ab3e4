//! Clients that give up requests, or leave for good.

use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Awaited, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::model::world::outstanding::Outstanding;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The client no longer waits for a request, which is no longer its newest one. A server that notices drops the
    /// request, but its worker and lock are not free yet.
    pub(super) fn abandon(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let (request, exchange) = (*self.request(client, slot), self.exchange(client, slot));
        let stage = request.stage;
        let is_dropped = stage == Stage::Blocked || (stage.is_at_server() && self.server.notices_disconnect);
        if !is_dropped {
            if matches!(stage, Stage::Locked | Stage::Service) || stage.is_held() {
                self.observe(client, slot, now, Happening::Orphaned);
            }
            self.remain_at_server(stage, now);
        } else if stage.is_held() {
            self.end_hold(client, slot, now);
            self.observe(client, slot, now, Happening::Dropped);
        } else {
            self.leave_server(&request, now);
            self.observe(client, slot, now, Happening::Dropped);
        }
        if stage != Stage::Blocked {
            self.transit(now).close(exchange);
        }
        if self.population.streams.is_some() {
            self.abandon_pushes(client, exchange.number);
        }
        self.request(client, slot).awaited = Awaited::Nothing;
        match (slot, is_dropped) {
            (Slot::Newest, false) => self.set_newest_aside(client),
            (Slot::Older(index), true) => self.older.remove(client, index),
            (Slot::Newest, true) | (Slot::Older(_), false) => {}
        }
    }

    /// Frees the worker and the lock of a given-up request in this stage, at a server that notices.
    pub(super) fn free_server(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if self.server.notices_disconnect {
            self.drop_work(client, stage, now);
        }
    }

    /// Frees the connection of a given-up request that was in this stage.
    pub(super) fn free_browser(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if stage != Stage::Blocked {
            self.free_connection(client, now);
        }
    }

    /// The client leaves for good, with all its requests.
    pub(super) fn leave(&mut self, client: ClientIndex, now: Time) {
        let Some(sessions) = &mut self.client_side.sessions else { return };
        sessions.end(client);
        self.recorder.event(now);
        self.observe_client(client, now, Happening::Left);
        self.recorder.age_ends(now, self.clients[client].newest);
        let mut abandoned = Vec::new();
        for index in (0..self.older.of(client).len()).rev() {
            let Outstanding { number, origin, request, .. } = self.older.of(client)[index];
            if request.is_awaited() && origin.is_request() {
                if origin == Origin::Send {
                    self.observe(client, Slot::Older(index), now, Happening::SendFailed);
                }
                abandoned.push((number, request.stage));
                self.abandon(client, Slot::Older(index), now);
            }
        }
        let newest = self.requests[client].stage;
        if newest != Stage::Idle {
            abandoned.push((self.request_number(client, Slot::Newest), newest));
            self.abandon(client, Slot::Newest, now);
        }
        abandoned.sort_unstable_by_key(|(number, _)| *number);
        for &(number, stage) in &abandoned {
            if stage != Stage::Blocked {
                self.send_reset(client, number, now);
            }
        }
        self.drop_waiting_frames(client, now);
        self.requests[client] = Request::departing(Time::NEVER);
        let (name, is_open) = (self.number_of(client), self.older.has_any(client));
        self.store.leave(&mut self.clients[client].messages, name, is_open);
        self.forget(client);
        for &(_, stage) in &abandoned {
            self.free_server(client, stage, now);
        }
        for (_, stage) in abandoned {
            self.free_browser(client, stage, now);
        }
    }

    /// The server writes to a client that has left, once: from now on it finds something for all requests of that
    /// client.
    pub(super) fn tell_server(&mut self, client: ClientIndex) {
        for older in self.older.of_mut(client) {
            if older.request.stage.is_before_answer() {
                self.store.tell(&mut older.request.messages);
            }
        }
        let name = self.number_of(client);
        self.store.leave(&mut self.clients[client].messages, name, false);
    }

    /// Whether the client has come.
    pub(super) fn has_come(&self, client: ClientIndex, now: Time) -> bool {
        !self.client_side.comes_later(self.number_of(client))
            || self.clients[client].requests > 0
            || self.requests[client].due <= now
    }
}
