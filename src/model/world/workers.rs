//! The pool of workers, and the requests that wait for one of them.

use std::collections::VecDeque;

use super::{Slot, World};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::request::{Awaited, Ending, Request, Stage};
use crate::model::scenario::Pool;
use crate::model::transport::Transport;
use crate::units::Time;

/// The workers of a server, and the requests that wait for one, first in, first out.
#[derive(Debug)]
pub(super) struct Workers {
    pool: Pool,
    busy: u32,
    /// Clients and the low halves of the numbers of their requests, which tell those of one client that are open
    /// from each other. Some of them may have been dropped since.
    queue: VecDeque<(ClientIndex, u32)>,
    /// Those of the queue that were not dropped.
    waiting: usize,
}

/// What has become free, on its way to those who wait for it.
#[derive(Debug, Default)]
pub(super) struct PendingGrants {
    is_granting: bool,
    /// Clients that have given back the lock of their session.
    free_locks: Vec<ClientIndex>,
}

/// What becomes of a request that arrives at the pool.
enum Admission {
    Started,
    Queued,
    Refused,
}

impl Workers {
    pub fn new(pool: Pool) -> Workers {
        Workers { pool, busy: 0, queue: VecDeque::new(), waiting: 0 }
    }

    /// Memory of the queue, in bytes: of what is in it, which for many clients is more exact than the room.
    pub fn bytes(&self) -> usize {
        size_of::<(ClientIndex, u32)>() * self.queue.len()
    }

    fn admit(&mut self, client: ClientIndex, number: RequestNumber) -> Admission {
        if self.busy < self.pool.workers {
            self.busy += 1;
            Admission::Started
        } else if self.pool.backlog.is_none_or(|most| self.waiting < most as usize) {
            self.queue.push_back((client, number.low_half()));
            self.waiting += 1;
            Admission::Queued
        } else {
            Admission::Refused
        }
    }

    /// The next request of the queue, where a worker is free.
    fn next(&mut self) -> Option<(ClientIndex, u32)> {
        if self.busy >= self.pool.workers {
            return None;
        }
        self.queue.pop_front()
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// A request comes to a server with a pool, a service time or a proxy before it.
    pub(super) fn admit(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.request(client, slot).since = now;
        if let Some(timeout) = self.read_timeout {
            self.set_gateway_due(client, slot, now.plus(timeout));
        }
        let number = self.request_number(client, slot);
        match self.workers.as_mut().map(|workers| workers.admit(client, number)) {
            None => self.serve(client, slot, now),
            Some(Admission::Started) => {
                self.note_levels(now);
                self.recorder.started(now, now);
                self.serve(client, slot, now);
            }
            Some(Admission::Queued) => {
                self.note_levels(now);
                let before = *self.request(client, slot);
                self.enter_server(&before, now);
                let request = self.request(client, slot);
                request.stage = Stage::Queued;
                request.due = Time::NEVER;
            }
            Some(Admission::Refused) => {
                self.recorder.refused(now);
                self.send_error(client, slot, now);
            }
        }
    }

    fn set_gateway_due(&mut self, client: ClientIndex, slot: Slot, due: Time) {
        match slot {
            Slot::Newest => self.gateway_due[client] = due,
            Slot::Older(index) => self.older.of_mut(client)[index].gateway_due = due,
        }
    }

    /// The server begins to work on a request.
    fn serve(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let number = self.request_number(client, slot);
        if !self.request(client, slot).is_awaited() {
            self.recorder.ghost(now);
        }
        if let Some(locks) = &mut self.locks {
            if !locks.acquire(client, number) {
                let before = *self.request(client, slot);
                self.enter_server(&before, now);
                let request = self.request(client, slot);
                request.stage = Stage::Locked;
                request.since = now;
                request.due = Time::NEVER;
                return;
            }
            self.recorder.locked(now, now);
        }
        self.work(client, slot, now);
    }

    /// The server works on a request that excludes those of its session from now on.
    fn work(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        match &mut self.service {
            None => self.open_hold(client, slot, now),
            Some(service) => {
                let due = now.plus(Time(service.of(name, number.name())));
                let before = *self.request(client, slot);
                self.enter_server(&before, now);
                let request = self.request(client, slot);
                request.stage = Stage::Service;
                request.due = due;
            }
        }
    }

    /// The service of a request ends, and the server looks for messages.
    pub(super) fn end_service(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.open_hold(client, slot, now);
    }

    /// The server has done with a request of the client, which was in `stage`. What it occupied goes to those
    /// who wait for it, and what that leads to without any time passing happens at once.
    pub(super) fn release(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if let Some(workers) = &mut self.workers {
            workers.busy -= 1;
        }
        if let Some(locks) = self.locks.as_mut().filter(|_| stage != Stage::Locked) {
            locks.release(client);
            self.pending_grants.free_locks.push(client);
        }
        if self.pending_grants.is_granting {
            return;
        }
        self.pending_grants.is_granting = true;
        let population = self.active();
        while self.grant_lock(now) || self.grant_worker(now) {}
        self.activate_population(population);
        self.pending_grants.is_granting = false;
        self.note_levels(now);
    }

    /// The next request that waits for a lock gets it. Returns whether there was a lock to hand on.
    fn grant_lock(&mut self, now: Time) -> bool {
        let Some(free) = self.pending_grants.free_locks.pop() else { return false };
        while let Some((client, number)) = self.locks.as_mut().and_then(|locks| locks.next(free)) {
            let Some(slot) = self.slot_in(Stage::Locked, client, number) else { continue };
            if let Some(locks) = &mut self.locks {
                locks.grant(client);
            }
            self.activate(client);
            let waited_since = self.request(client, slot).since;
            self.recorder.locked(now, waited_since);
            self.woken.push(client);
            self.work(client, slot, now);
            break;
        }
        true
    }

    /// The next request of the queue gets a worker. Returns whether there was one.
    fn grant_worker(&mut self, now: Time) -> bool {
        let Some((client, number)) = self.workers.as_mut().and_then(Workers::next) else { return false };
        let Some(slot) = self.slot_in(Stage::Queued, client, number) else { return true };
        if let Some(workers) = &mut self.workers {
            workers.busy += 1;
            workers.waiting -= 1;
        }
        self.activate(client);
        let arrived = self.request(client, slot).since;
        self.recorder.started(now, arrived);
        self.woken.push(client);
        self.serve(client, slot, now);
        true
    }

    /// The server drops a request because it notices that the client left. `stage` is where it was.
    pub(super) fn drop_work(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        match stage {
            Stage::Queued => self.empty(client, stage, now),
            Stage::Locked | Stage::Service | Stage::Held { .. } | Stage::Lingering | Stage::Open => {
                self.release(client, stage, now);
            }
            Stage::Idle | Stage::Blocked | Stage::Up | Stage::Link | Stage::Down => {}
        }
    }

    /// What a request in `stage` occupied is empty, and nobody takes it.
    pub(super) fn empty(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if let Some(workers) = &mut self.workers {
            if stage == Stage::Queued { workers.waiting -= 1 } else { workers.busy -= 1 }
        }
        if let Some(locks) = self.locks.as_mut().filter(|_| stage == Stage::Service || stage.is_held()) {
            locks.release(client);
        }
        self.note_levels(now);
    }

    fn note_levels(&mut self, now: Time) {
        if let Some(workers) = &self.workers {
            self.recorder.workers(now, workers.busy, workers.waiting);
        }
    }

    /// Whether a request of the client waits until others have done with something.
    pub(super) fn waits_for_others(&self, client: ClientIndex) -> bool {
        (self.workers.is_some() || self.locks.is_some() || self.connections.is_some())
            && (self.requests[client].stage.waits_for_others()
                || self.older.of(client).iter().any(|older| older.request.stage.waits_for_others()))
    }

    /// The proxy gives up a request that its client still waits for.
    pub(super) fn time_out_at_gateway(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.recorder.gateway_timeout(now);
        let request = *self.request(client, slot);
        let is_dropped = self.notices_disconnect;
        if is_dropped && matches!(request.stage, Stage::Held { .. } | Stage::Lingering) {
            self.end_hold(client, slot, now);
        } else if is_dropped {
            self.leave_server(&request, now);
        }
        *self.request(client, slot) = Request { sent: request.sent, ..Request::departing(now) };
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        self.send_error(client, slot, now);
        if is_dropped {
            self.drop_work(client, request.stage, now);
            return;
        }
        if request.stage != Stage::Queued {
            self.recorder.orphan(now);
        }
        self.remain_at_server(request.stage, now);
        let unheard = Request { awaited: Awaited::Nothing, ending: Ending::Nowhere, ..request };
        self.set_aside(client, number, origin, unheard);
    }
}
