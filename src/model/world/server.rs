//! The server: a pool of workers, the lock of each session, the time of service, and the proxy in front of it.

mod gateway;
mod push;
mod workers;

pub(super) use gateway::Gateway;
pub(super) use push::Streams;
pub(super) use workers::{Admission, Workers};

use super::resource::Resources;
use crate::model::delay::{DelayLaw, DelaySampler};
use crate::model::ids::{ClientIndex, ClientNumber, RequestNumber};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::request::Stage;
use crate::model::scenario::{Restart, Scenario, Ticks};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The resources of the server, and the requests that hold them.
#[derive(Debug)]
pub(super) struct ServerState {
    /// Whether it drops the request of a client that has left.
    pub notices_disconnect: bool,
    /// Whether checks are counted when the hold ends, all at once.
    pub counts_checks_at_end: bool,
    pub restart: Option<Restart>,
    pub gateway: Gateway,
    service: Option<DelaySampler>,
    workers: Option<Workers>,
    /// The session of each browser: one request at a time.
    locks: Option<Resources>,
    /// Whether anything has been released since the last grants.
    has_released: bool,
    /// Clients whose sessions have released their locks since the last grants.
    released_locks: Vec<ClientIndex>,
}

/// A waiting request that may be granted its resource, unless it has been dropped since.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    /// [`Stage::Locked`] or [`Stage::Queued`]: its resource.
    pub stage: Stage,
    pub client: ClientIndex,
    /// The low half of the number of the request.
    pub number: u32,
}

impl ServerState {
    pub fn new(scenario: &Scenario, replication: u32) -> ServerState {
        let server = &scenario.server;
        let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs);
        let services = Family::new(scenario.seed, replication, Purpose::Service);
        let service = |law| DelaySampler::new(DelayLaw::new(law), services, scenario.runs_on_queue());
        ServerState {
            notices_disconnect: server.notices_disconnect,
            counts_checks_at_end: scenario.ticks == Ticks::Skip && server.check_drift.is_none(),
            restart: server.restart,
            gateway: Gateway::new(server),
            service: server.service.as_ref().map(service),
            workers: server.pool.map(Workers::new),
            locks: if server.session_lock { Some(Resources::new(tabs, 1)) } else { None },
            has_released: false,
            released_locks: Vec::new(),
        }
    }

    /// Forgets all requests, and makes room for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.gateway.clear(clients);
        self.has_released = false;
        self.released_locks.clear();
        if let Some(workers) = &mut self.workers {
            workers.clear();
        }
        if let Some(locks) = &mut self.locks {
            locks.clear(clients);
        }
    }

    /// Whether requests may wait until others are done.
    #[inline]
    pub fn has_queues(&self) -> bool {
        self.workers.is_some() || self.locks.is_some()
    }

    /// Whether the restart is going on.
    #[inline]
    pub fn is_down(&self, now: Time) -> bool {
        self.restart.is_some_and(|restart| restart.is_down(now))
    }

    /// A request arrives: it gets a worker, waits for one, or finds the backlog full.
    #[inline]
    pub fn admit(&mut self, client: ClientIndex, number: RequestNumber) -> Admission {
        self.workers.as_mut().map_or(Admission::Started, |workers| workers.admit(client, number))
    }

    /// A request with a worker gets the lock of its session, or waits for it. Returns whether it has got it.
    #[inline]
    pub fn lock(&mut self, client: ClientIndex, number: RequestNumber) -> bool {
        self.locks.as_mut().is_none_or(|locks| locks.acquire(client, number))
    }

    /// How long the service of a request takes before the first check; `None` without service.
    #[inline]
    pub fn service_time(&mut self, client: ClientNumber, number: RequestNumber) -> Option<Time> {
        self.service.as_mut().map(|service| Time(service.of(client, number.name())))
    }

    /// The server has done with a request that had a worker, and the lock unless it was in [`Stage::Locked`]. The
    /// resources go to others with [`ServerState::next_grant`].
    #[inline]
    pub fn release(&mut self, client: ClientIndex, stage: Stage) {
        self.has_released = true;
        if let Some(workers) = &mut self.workers {
            workers.release();
        }
        if stage != Stage::Locked
            && let Some(locks) = &mut self.locks
        {
            locks.release(client);
            self.released_locks.push(client);
        }
    }

    /// The resources of a request in `stage`, or its place in a queue, become free without being granted: the server
    /// restarts, or the request only waited for a worker.
    pub fn clear_up(&mut self, client: ClientIndex, stage: Stage) {
        if let Some(workers) = &mut self.workers {
            if stage == Stage::Queued { workers.leave_queue() } else { workers.release() }
        }
        if (stage == Stage::Service || stage.is_held())
            && let Some(locks) = &mut self.locks
        {
            locks.release(client);
        }
    }

    /// Whether anything has been released since this was last asked.
    #[inline]
    pub fn take_released(&mut self) -> bool {
        std::mem::take(&mut self.has_released)
    }

    /// The next waiting request for which there is a free lock or worker; `None` if there is none. Locks come
    /// first, the one that was released last before the others.
    #[inline]
    pub fn next_grant(&mut self) -> Option<Grant> {
        while let Some(&free) = self.released_locks.last() {
            if let Some((client, number)) = self.locks.as_mut().and_then(|locks| locks.next(free)) {
                return Some(Grant { stage: Stage::Locked, client, number });
            }
            self.released_locks.pop();
        }
        let next = self.workers.as_mut().and_then(Workers::next);
        // All that was released while the last grants took effect is granted, too.
        self.has_released &= next.is_some();
        next.map(|(client, number)| Grant { stage: Stage::Queued, client, number })
    }

    /// The request of a grant still waits, and gets its resource.
    #[inline]
    pub fn accept(&mut self, grant: Grant) {
        if grant.stage == Stage::Queued {
            if let Some(workers) = &mut self.workers {
                workers.start_next();
            }
        } else if let Some(locks) = &mut self.locks {
            locks.grant(grant.client);
            self.released_locks.pop();
        }
    }

    /// Records how many workers are busy, and how many requests wait for one.
    #[inline]
    pub fn record_levels(&self, now: Time, recorder: &mut Recorder<impl Observer>) {
        if let Some(workers) = &self.workers {
            recorder.workers(now, workers.busy(), workers.waiting());
        }
    }

    /// Memory of the waiting requests, in bytes.
    pub fn bytes(&self) -> usize {
        self.workers.as_ref().map_or(0, Workers::bytes) + self.locks.as_ref().map_or(0, Resources::bytes)
    }
}
