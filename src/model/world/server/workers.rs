//! The pool of workers, and the requests that wait for one of them.

use std::collections::VecDeque;

use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::scenario::Pool;

/// The workers of a server, and the requests that wait for one, first in, first out.
#[derive(Debug)]
pub(in crate::model::world) struct Workers {
    pool: Pool,
    busy: u32,
    /// Clients and the low halves of the numbers of their requests, which tell the open ones of one client from each
    /// other. Some of them may have been dropped since.
    queue: VecDeque<(ClientIndex, u32)>,
    /// Requests in the queue that were not dropped.
    waiting: usize,
}

/// The outcome of the arrival of a request at the pool.
pub(in crate::model::world) enum Admission {
    Started,
    Queued,
    Refused,
}

impl Workers {
    pub fn new(pool: Pool) -> Workers {
        Workers { pool, busy: 0, queue: VecDeque::new(), waiting: 0 }
    }

    /// All workers are free, and no request waits.
    pub fn clear(&mut self) {
        *self = Workers::new(self.pool);
    }

    /// Memory of the requests in the queue, in bytes. The capacity would be less exact for many clients.
    pub fn bytes(&self) -> usize {
        size_of::<(ClientIndex, u32)>() * self.queue.len()
    }

    #[inline]
    pub fn busy(&self) -> u32 {
        self.busy
    }

    #[inline]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// A request arrives.
    #[inline]
    pub fn admit(&mut self, client: ClientIndex, number: RequestNumber) -> Admission {
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

    /// A worker is free.
    #[inline]
    pub fn release(&mut self) {
        self.busy -= 1;
    }

    /// A request in the queue is dropped. It stays there until its turn comes.
    pub fn leave_queue(&mut self) {
        self.waiting -= 1;
    }

    /// Takes the first request from the queue, which may have been dropped, if a worker is free.
    #[inline]
    pub fn next(&mut self) -> Option<(ClientIndex, u32)> {
        if self.busy < self.pool.workers { self.queue.pop_front() } else { None }
    }

    /// The request that was taken from the queue last gets a worker.
    pub fn start_next(&mut self) {
        self.busy += 1;
        self.waiting -= 1;
    }
}
