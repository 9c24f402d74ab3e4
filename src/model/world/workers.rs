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
    /// Places of clients and numbers of requests. Some of them may have been dropped since.
    queue: VecDeque<(u32, u64)>,
    /// Those of the queue that were not dropped.
    waiting: usize,
    /// Whether requests are being taken from the queue.
    is_taking: bool,
}

/// What becomes of a request that arrives at the pool.
enum Admission {
    Started,
    Queued,
    Refused,
}

impl Workers {
    pub fn new(pool: Pool) -> Workers {
        Workers { pool, busy: 0, queue: VecDeque::new(), waiting: 0, is_taking: false }
    }

    fn admit(&mut self, place: usize, number: u64) -> Admission {
        if self.busy < self.pool.workers {
            self.busy += 1;
            Admission::Started
        } else if self.pool.backlog.is_none_or(|most| self.waiting < most as usize) {
            self.queue.push_back((place as u32, number));
            self.waiting += 1;
            Admission::Queued
        } else {
            Admission::Refused
        }
    }

    /// The next request of the queue, where a worker is free.
    fn next(&mut self) -> Option<(usize, u64)> {
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
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        if !self.request(place, slot).awaited {
            self.account.ghost(now);
        }
        match &mut self.service {
            None => self.open_hold(place, slot, now),
            Some(service) => {
                let due = now.plus(Time(service.of(client, number)));
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

    /// A worker has done with a request. It takes the next one that waits, and what that leads to without any time
    /// passing happens at once.
    pub(super) fn release_worker(&mut self, now: Time) {
        let Some(workers) = &mut self.workers else { return };
        workers.busy -= 1;
        if workers.is_taking {
            return;
        }
        workers.is_taking = true;
        while let Some((place, number)) = self.workers.as_mut().and_then(Workers::next) {
            let Some(slot) = self.queued_slot(place, number) else { continue };
            if let Some(workers) = &mut self.workers {
                workers.busy += 1;
                workers.waiting -= 1;
            }
            let arrived = self.request(place, slot).since;
            self.account.started(now, arrived);
            self.woken.push(place as u32);
            self.serve(place, slot, now);
        }
        if let Some(workers) = &mut self.workers {
            workers.is_taking = false;
        }
        self.note_levels(now);
    }

    /// The server drops a request because it notices that the client left. `stage` is where it was.
    pub(super) fn drop_work(&mut self, stage: Stage, now: Time) {
        match stage {
            Stage::Queued => {
                if let Some(workers) = &mut self.workers {
                    workers.waiting -= 1;
                }
                self.note_levels(now);
            }
            Stage::Service | Stage::Held => self.release_worker(now),
            Stage::Idle | Stage::Up | Stage::Down => {}
        }
    }

    fn note_levels(&mut self, now: Time) {
        if let Some(workers) = &self.workers {
            self.account.workers(now, workers.busy, workers.waiting);
        }
    }

    /// The request of this number, where it waits for a worker.
    fn queued_slot(&self, place: usize, number: u64) -> Option<Slot> {
        let is_newest = self.requests[place].stage == Stage::Queued && self.clients[place].requests == number + 1;
        if is_newest {
            return Some(Slot::Newest);
        }
        let older = self.older.of(place).iter();
        older.clone().position(|older| older.number == number && older.request.stage == Stage::Queued).map(Slot::Older)
    }

    /// Whether a request of the client waits for a worker, so that others decide what happens to it next.
    pub(super) fn is_queued(&self, place: usize) -> bool {
        self.workers.is_some()
            && (self.requests[place].stage == Stage::Queued
                || self.older.of(place).iter().any(|older| older.request.stage == Stage::Queued))
    }

    /// The proxy gives up a request that its client still waits for.
    pub(super) fn time_out_at_gateway(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        self.account.gateway_timeout(now);
        let request = *self.request(place, slot);
        let is_dropped = self.notices_disconnect;
        if is_dropped && request.stage == Stage::Held {
            self.end_hold(place, slot, now);
        }
        *self.request(place, slot) = Request { sent: request.sent, ..Request::departing(now) };
        let number = self.request_number(place, slot);
        self.send_error(place, slot, now);
        if is_dropped {
            self.drop_work(request.stage, now);
            return;
        }
        if request.stage != Stage::Queued {
            self.account.orphan(now);
        }
        self.set_aside(place, number, Request { awaited: false, ending: Ending::Nowhere, ..request });
    }
}
