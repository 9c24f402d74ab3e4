//! The pool of workers, and the requests that wait for one of them.

use std::collections::VecDeque;

use super::{Slot, World};
use crate::model::client::{Ending, Request, Stage};
use crate::model::mail::Mail;
use crate::model::scenario::Pool;
use crate::model::transport::Transport;
use crate::units::Time;

/// The workers of a server, and the requests that wait for one, first in, first out.
#[derive(Debug)]
pub(super) struct Workers {
    pool: Pool,
    busy: u32,
    /// Places of clients and the low halves of the numbers of their requests, which tell those of one client that are open
    /// from each other. Some of them may have been dropped since.
    queue: VecDeque<(u32, u32)>,
    /// Those of the queue that were not dropped.
    waiting: usize,
}

/// What has become free, on its way to those who wait for it.
#[derive(Debug, Default)]
pub(super) struct HandingOn {
    is_going_on: bool,
    /// Places of clients that have given back the lock of their session.
    free_locks: Vec<u32>,
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
        size_of::<(u32, u32)>() * self.queue.len()
    }

    fn admit(&mut self, place: usize, number: u64) -> Admission {
        if self.busy < self.pool.workers {
            self.busy += 1;
            Admission::Started
        } else if self.pool.backlog.is_none_or(|most| self.waiting < most as usize) {
            self.queue.push_back((place as u32, number as u32));
            self.waiting += 1;
            Admission::Queued
        } else {
            Admission::Refused
        }
    }

    /// The next request of the queue, where a worker is free.
    fn next(&mut self) -> Option<(usize, u32)> {
        if self.busy >= self.pool.workers {
            return None;
        }
        self.queue.pop_front().map(|(place, number)| (place as usize, number))
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// A request comes to a server with a pool, a service time or a proxy before it.
    pub(super) fn admit(&mut self, place: usize, slot: Slot, now: Time) {
        self.request(place, slot).since = now;
        if let Some(timeout) = self.read_timeout {
            self.set_gateway_due(place, slot, now.plus(timeout));
        }
        let number = self.request_number(place, slot);
        match self.workers.as_mut().map(|workers| workers.admit(place, number)) {
            None => self.serve(place, slot, now),
            Some(Admission::Started) => {
                self.note_levels(now);
                self.account.started(now, now);
                self.serve(place, slot, now);
            }
            Some(Admission::Queued) => {
                self.note_levels(now);
                let Request { stage: before, awaited, .. } = *self.request(place, slot);
                self.enter_server(before, awaited, now);
                let request = self.request(place, slot);
                request.stage = Stage::Queued;
                request.due = Time::NEVER;
            }
            Some(Admission::Refused) => {
                self.account.refused(now);
                self.send_error(place, slot, now);
            }
        }
    }

    fn set_gateway_due(&mut self, place: usize, slot: Slot, due: Time) {
        match slot {
            Slot::Newest => self.gateway_due[place] = due,
            Slot::Older(index) => self.older.of_mut(place)[index].gateway_due = due,
        }
    }

    /// The server begins to work on a request.
    fn serve(&mut self, place: usize, slot: Slot, now: Time) {
        let number = self.request_number(place, slot);
        if !self.request(place, slot).awaited {
            self.account.ghost(now);
        }
        if let Some(locks) = &mut self.locks {
            if !locks.take(place) {
                locks.wait(place, number);
                let Request { stage: before, awaited, .. } = *self.request(place, slot);
                self.enter_server(before, awaited, now);
                let request = self.request(place, slot);
                request.stage = Stage::Locked;
                request.since = now;
                request.due = Time::NEVER;
                return;
            }
            self.account.locked(now, now);
        }
        self.work(place, slot, now);
    }

    /// The server works on a request that excludes those of its session from now on.
    fn work(&mut self, place: usize, slot: Slot, now: Time) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        match &mut self.service {
            None => self.open_hold(place, slot, now),
            Some(service) => {
                let due = now.plus(Time(service.of(client, number)));
                let Request { stage: before, awaited, .. } = *self.request(place, slot);
                self.enter_server(before, awaited, now);
                let request = self.request(place, slot);
                request.stage = Stage::Service;
                request.due = due;
            }
        }
    }

    /// The service of a request ends, and the server looks for messages.
    pub(super) fn end_service(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        self.open_hold(place, slot, now);
    }

    /// The server has done with a request of the client at `place`, which was in `stage`. What it occupied goes to those
    /// who wait for it, and what that leads to without any time passing happens at once.
    pub(super) fn release(&mut self, place: usize, stage: Stage, now: Time) {
        if let Some(workers) = &mut self.workers {
            workers.busy -= 1;
        }
        if let Some(locks) = self.locks.as_mut().filter(|_| stage != Stage::Locked) {
            locks.give_back(place);
            self.handing_on.free_locks.push(place as u32);
        }
        if self.handing_on.is_going_on {
            return;
        }
        self.handing_on.is_going_on = true;
        let population = self.at_work();
        while self.hand_on_lock(now) || self.hand_on_worker(now) {}
        self.turn_back(population);
        self.handing_on.is_going_on = false;
        self.note_levels(now);
    }

    /// The next request that waits for a lock gets it. Returns whether there was a lock to hand on.
    fn hand_on_lock(&mut self, now: Time) -> bool {
        let Some(free) = self.handing_on.free_locks.pop() else { return false };
        while let Some((place, number)) = self.locks.as_mut().and_then(|locks| locks.next_waiting(free as usize)) {
            let Some(slot) = self.slot_in(Stage::Locked, place, number) else { continue };
            if let Some(locks) = &mut self.locks {
                locks.take(place);
            }
            self.turn_to(place);
            let waited_since = self.request(place, slot).since;
            self.account.locked(now, waited_since);
            self.woken.push(place as u32);
            self.work(place, slot, now);
            break;
        }
        true
    }

    /// The next request of the queue gets a worker. Returns whether there was one.
    fn hand_on_worker(&mut self, now: Time) -> bool {
        let Some((place, number)) = self.workers.as_mut().and_then(Workers::next) else { return false };
        let Some(slot) = self.slot_in(Stage::Queued, place, number) else { return true };
        if let Some(workers) = &mut self.workers {
            workers.busy += 1;
            workers.waiting -= 1;
        }
        self.turn_to(place);
        let arrived = self.request(place, slot).since;
        self.account.started(now, arrived);
        self.woken.push(place as u32);
        self.serve(place, slot, now);
        true
    }

    /// The server drops a request because it notices that the client left. `stage` is where it was.
    pub(super) fn drop_work(&mut self, place: usize, stage: Stage, now: Time) {
        match stage {
            Stage::Queued => self.empty(place, stage, now),
            Stage::Locked | Stage::Service | Stage::Held | Stage::Lingering | Stage::Open => {
                self.release(place, stage, now);
            }
            Stage::Idle | Stage::Blocked | Stage::Up | Stage::Link | Stage::Down => {}
        }
    }

    /// What a request in `stage` occupied is empty, and nobody takes it.
    pub(super) fn empty(&mut self, place: usize, stage: Stage, now: Time) {
        if let Some(workers) = &mut self.workers {
            if stage == Stage::Queued { workers.waiting -= 1 } else { workers.busy -= 1 }
        }
        if let Some(locks) = self.locks.as_mut().filter(|_| stage == Stage::Service || stage.is_held()) {
            locks.give_back(place);
        }
        self.note_levels(now);
    }

    fn note_levels(&mut self, now: Time) {
        if let Some(workers) = &self.workers {
            self.account.workers(now, workers.busy, workers.waiting);
        }
    }

    /// Whether a request of the client waits until others have done with something.
    pub(super) fn waits_for_others(&self, place: usize) -> bool {
        (self.workers.is_some() || self.locks.is_some() || self.connections.is_some())
            && (self.requests[place].stage.waits_for_others()
                || self.older.of(place).iter().any(|older| older.request.stage.waits_for_others()))
    }

    /// The proxy gives up a request that its client still waits for.
    pub(super) fn time_out_at_gateway(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        self.account.gateway_timeout(now);
        let request = *self.request(place, slot);
        let is_dropped = self.notices_disconnect;
        if is_dropped && matches!(request.stage, Stage::Held | Stage::Lingering) {
            self.end_hold(place, slot, now);
        } else if is_dropped {
            self.leave_server(request.stage, request.awaited, now);
        }
        *self.request(place, slot) = Request { sent: request.sent, ..Request::departing(now) };
        let number = self.request_number(place, slot);
        self.send_error(place, slot, now);
        if is_dropped {
            self.drop_work(place, request.stage, now);
            return;
        }
        if request.stage != Stage::Queued {
            self.account.orphan(now);
        }
        self.remain_at_server(request.stage, now);
        self.set_aside(place, number, Request { awaited: false, ending: Ending::Nowhere, ..request });
    }
}
