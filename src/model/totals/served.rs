//! What the work of the server came to: what reached a client in time, and what a pool of workers was occupied with.

use serde::{Deserialize, Serialize};

use crate::model::scenario::Server;

/// What the work of the server came to in the measured window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// Replies that reached a client that still waited for them, but for errors.
    pub goodput: u64,
    /// Requests that the server worked on when their client left, and on which it went on.
    pub orphans: u64,
    /// Requests whose execution began after their client had left.
    pub ghosts: u64,
    /// Requests that the proxy gave up; `None` where it never does.
    pub gateway_timeouts: Option<u64>,
    /// The pool of workers; `None` without one.
    pub pool: Option<PoolTotals>,
}

/// What a pool of workers was occupied with in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolTotals {
    /// Requests that found the backlog full.
    pub refused: u64,
    /// Requests that a worker took.
    pub started: u64,
    /// How long they had waited, added up, in nanoseconds.
    pub wait_nanos: u128,
    /// Integral of the requests that wait, in request-nanoseconds.
    pub queue_nanos: u128,
    /// Integral of the workers that are occupied, in worker-nanoseconds.
    pub busy_nanos: u128,
    /// Most workers that were occupied for any time.
    pub busy_peak: u64,
}

impl Served {
    /// Nothing yet.
    pub(crate) fn new(server: &Server) -> Served {
        Served {
            gateway_timeouts: server.read_timeout.map(|_| 0),
            pool: server.pool.map(|_| PoolTotals::default()),
            ..Served::default()
        }
    }

    /// Adds what was measured elsewhere in the same scenario. The peak of several runs is the largest of theirs.
    pub(crate) fn merge(&mut self, other: &Served) {
        self.goodput += other.goodput;
        self.orphans += other.orphans;
        self.ghosts += other.ghosts;
        if let (Some(mine), Some(theirs)) = (&mut self.gateway_timeouts, other.gateway_timeouts) {
            *mine += theirs;
        }
        if let (Some(mine), Some(theirs)) = (&mut self.pool, other.pool) {
            mine.refused += theirs.refused;
            mine.started += theirs.started;
            mine.wait_nanos += theirs.wait_nanos;
            mine.queue_nanos += theirs.queue_nanos;
            mine.busy_nanos += theirs.busy_nanos;
            mine.busy_peak = mine.busy_peak.max(theirs.busy_peak);
        }
    }

    /// Writes to `sink`, little-endian, what no other total implies. Without pool and proxy that is nothing, so that
    /// fingerprints stay what they were before there were any.
    pub(crate) fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        if let Some(count) = self.gateway_timeouts {
            sink(&count.to_le_bytes());
        }
        if let Some(pool) = self.pool {
            for count in [self.goodput, self.orphans, self.ghosts, pool.refused, pool.started, pool.busy_peak] {
                sink(&count.to_le_bytes());
            }
            for area in [pool.wait_nanos, pool.queue_nanos, pool.busy_nanos] {
                sink(&area.to_le_bytes());
            }
        }
    }
}
