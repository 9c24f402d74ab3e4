//! A request arrives at the server, gets a worker and the lock of its session, and is served.

use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Ending, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::model::world::server::Admission;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// A request reaches the server, or its link.
    #[inline]
    pub(super) fn arrive(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if LIMITED && !self.origin(client, slot).is_request() {
            // A frame, or a reset.
            self.recorder.event(now);
        } else {
            self.observe(client, slot, now, Happening::Arrived);
        }
        if LIMITED {
            self.arrive_at_limits(client, slot, now);
            self.grant_released(now);
            return;
        }
        if let Slot::Older(index) = slot
            && !self.older.of(client)[index].request.is_awaited()
        {
            if self.server.notices_disconnect {
                self.observe(client, slot, now, Happening::Dropped);
                self.older.remove(client, index);
                return;
            }
            self.observe(client, slot, now, Happening::Haunted);
        }
        self.open_hold(client, slot, now);
    }

    /// A request comes to a server that may have links, a proxy, or few workers.
    fn arrive_at_limits(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if self.network.has_sizes && !self.leaves_network(client, slot, now) {
            return;
        }
        if self.origin(client, slot) == Origin::Frame {
            self.take_frame(client, slot, now);
            return;
        }
        let request = *self.request(client, slot);
        if let Slot::Older(index) = slot
            && !request.is_awaited()
            && self.server.notices_disconnect
        {
            self.observe(client, slot, now, Happening::Dropped);
            self.older.remove(client, index);
        } else if self.server.is_down(now) || request.ending == Ending::Unconnected {
            self.refuse(client, slot, now);
        } else {
            self.admit(client, slot, now);
        }
    }

    /// A request comes to the proxy and the pool of workers.
    #[inline]
    fn admit(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.request(client, slot).since = now;
        if let Some(due) = self.server.gateway.timeout_of(now) {
            match slot {
                Slot::Newest => self.server.gateway.set_due(client, due),
                Slot::Older(index) => self.older.of_mut(client)[index].gateway_due = due,
            }
        }
        let number = self.request_number(client, slot);
        let admission = self.server.admit(client, number);
        self.server.record_levels(now, &mut self.recorder);
        match admission {
            Admission::Started => {
                self.observe(client, slot, now, Happening::Started(now));
                self.serve(client, slot, now);
            }
            Admission::Queued => {
                self.observe(client, slot, now, Happening::Queued);
                self.wait_in(Stage::Queued, client, slot, now);
            }
            Admission::Refused => {
                self.observe(client, slot, now, Happening::Refused);
                self.send_error(client, slot, now);
            }
        }
    }

    /// A request waits at the server for other requests, in `stage`.
    fn wait_in(&mut self, stage: Stage, client: ClientIndex, slot: Slot, now: Time) {
        let before = *self.request(client, slot);
        self.enter_server(&before, now);
        let request = self.request(client, slot);
        (request.stage, request.since, request.due) = (stage, now, Time::NEVER);
    }

    /// A worker begins with a request.
    #[inline]
    fn serve(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if !self.request(client, slot).is_awaited() {
            self.observe(client, slot, now, Happening::Haunted);
        }
        let number = self.request_number(client, slot);
        if self.server.lock(client, number) {
            self.recorder.locked(now, now);
            self.work(client, slot, now);
        } else {
            self.observe(client, slot, now, Happening::Locked);
            self.wait_in(Stage::Locked, client, slot, now);
        }
    }

    /// The server works on a request that excludes the others of its session from now on.
    #[inline]
    fn work(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let Some(service) = self.server.service_time(name, number) else {
            self.open_hold(client, slot, now);
            return;
        };
        let before = *self.request(client, slot);
        self.enter_server(&before, now);
        self.observe(client, slot, now, Happening::Served(now.plus(service)));
        let request = self.request(client, slot);
        (request.stage, request.due) = (Stage::Service, now.plus(service));
    }

    /// The service of a request ends, and the server checks for messages.
    pub(super) fn end_service(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.open_hold(client, slot, now);
        self.grant_released(now);
    }

    /// Released workers and locks are granted to waiting requests. Consequences that take no time
    /// happen at once, and may release more: the loop goes on until nothing is free, or no request waits.
    pub(super) fn grant_released(&mut self, now: Time) {
        if !self.server.take_released() {
            return;
        }
        let population = self.active();
        while let Some(grant) = self.server.next_grant() {
            let Some(slot) = self.slot_in(grant.stage, grant.client, grant.number) else { continue };
            self.server.accept(grant);
            self.activate(grant.client);
            let waited_since = self.request(grant.client, slot).since;
            self.woken.push(grant.client);
            if grant.stage == Stage::Locked {
                self.recorder.locked(now, waited_since);
                self.work(grant.client, slot, now);
            } else {
                self.observe(grant.client, slot, now, Happening::Started(waited_since));
                self.serve(grant.client, slot, now);
            }
        }
        self.activate_population(population);
        self.server.record_levels(now, &mut self.recorder);
    }

    /// The server drops a request that was in `stage`, because it notices that the client has left.
    pub(super) fn drop_work(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        match stage {
            Stage::Queued => self.clear_up(client, stage, now),
            Stage::Locked | Stage::Service | Stage::Held { .. } | Stage::Lingering { .. } | Stage::Open => {
                self.server.release(client, stage);
                self.grant_released(now);
            }
            Stage::Idle | Stage::Blocked | Stage::Up | Stage::Link | Stage::Down => {}
        }
    }

    /// The resources of a request in `stage` become free without being granted.
    pub(super) fn clear_up(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        self.server.clear_up(client, stage);
        self.server.record_levels(now, &mut self.recorder);
    }

    /// A request that was in the stage `before` is at the server.
    pub(super) fn enter_server(&mut self, before: &Request<M::Request>, now: Time) {
        if !before.stage.is_at_server() {
            self.recorder.came(now);
            if self.counts_as_connection(before) {
                self.recorder.connection_opens(now);
            }
        }
    }

    /// The server has done with a request that was in the stage `before`.
    pub(super) fn leave_server(&mut self, before: &Request<M::Request>, now: Time) {
        if before.stage.is_at_server() {
            self.recorder.went(now);
            if self.counts_as_connection(before) {
                self.recorder.connection_closes(now);
            }
        }
    }

    /// A request at the server is given up, and stays there.
    pub(super) fn remain_at_server(&mut self, stage: Stage, now: Time) {
        if stage.is_at_server() && self.network.has_connections() {
            self.recorder.connection_opens(now);
        }
    }

    /// Whether a request at the server counts as a connection; otherwise its TCP connection counts.
    fn counts_as_connection(&self, request: &Request<M::Request>) -> bool {
        !self.network.has_connections() || !request.is_awaited()
    }
}
