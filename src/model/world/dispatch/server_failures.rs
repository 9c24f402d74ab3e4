//! Requests that fail at the server: a restart, a refusal, or a timeout of the proxy.

use crate::engine::Key;
use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Awaited, Ending, Request, Stage};
use crate::model::transport::Transport;
use crate::model::world::network::Exchange;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The instant at which the restart breaks requests of a client, before anything else that the server does at that
    /// instant.
    #[inline]
    pub(super) fn restart_key(&self, client: ClientIndex) -> Key {
        let Some(restart) = self.server.restart else { return Key::start_of(Time::NEVER) };
        let older = self.older.of(client).iter().map(|older| &older.request);
        let is_hit = older
            .chain([&self.requests[client]])
            .any(|request| request.stage.is_at_server() && request.since < restart.at);
        Key::start_of(if is_hit { restart.at } else { Time::NEVER })
    }

    /// The requests of a client at the server end.
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
            self.observe(client, slot, now, Happening::HoldEnded);
            let (name, number) = (self.number_of(client), self.request_number(client, slot));
            self.recorder.about(name, number);
            // A check at this instant does not happen any more.
            self.count_skipped_checks(&before, Time(now.0 - 1));
        }
        self.clear_up(client, stage, now);
        self.refuse(client, slot, now);
    }

    /// A request comes to a server that is down, or on a connection that is closed. Its connection breaks, without a
    /// byte.
    pub(super) fn refuse(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.observe(client, slot, now, Happening::Broken);
        if let (false, Slot::Older(index)) = (self.request(client, slot).is_awaited(), slot) {
            self.older.remove(client, index);
            return;
        }
        let number = self.request_number(client, slot);
        let mut due = now.plus(Time(self.population.path.down.of(self.number_of(client), number.name())));
        if self.request(client, slot).stage == Stage::Open
            && let Some(streams) = &self.population.streams
        {
            due = streams.in_order(client, due);
        }
        due = self.transit(now).in_order_down(Exchange { client, number }, due, 0);
        self.set_size(client, slot, 0);
        let request = self.request(client, slot);
        (request.ending, request.hits) = (Ending::Error, false);
        (request.stage, request.since, request.due) = (Stage::Down, now, due);
    }

    /// The proxy gives up a request that its client still waits for, and answers with 504.
    pub(super) fn time_out_at_gateway(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.observe(client, slot, now, Happening::GatewayTimedOut);
        let request = *self.request(client, slot);
        let is_dropped = self.server.notices_disconnect;
        if is_dropped && request.stage.is_checked() {
            self.end_hold(client, slot, now);
        } else if is_dropped {
            self.leave_server(&request, now);
        }
        *self.request(client, slot) = Request { sent: request.sent, ..Request::departing(now) };
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        self.send_error(client, slot, now);
        if is_dropped {
            self.observe_request(client, number, now, Happening::Dropped);
            self.drop_work(client, request.stage, now);
            return;
        }
        if request.stage != Stage::Queued {
            self.observe_request(client, number, now, Happening::Orphaned);
        }
        self.remain_at_server(request.stage, now);
        let unheard = Request { awaited: Awaited::Nothing, ending: Ending::Nowhere, ..request };
        self.set_aside(client, number, origin, unheard);
    }
}
