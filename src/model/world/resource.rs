//! Resources that a few clients share: the connections of a browser, the lock of a session.

use std::collections::VecDeque;

use crate::model::footprint;
use crate::model::ids::{ClientIndex, RequestNumber};

/// One resource for each group of clients, for which requests wait first in, first out.
#[derive(Debug)]
pub(super) struct Resources {
    /// Clients with consecutive indices that share one.
    group: u32,
    /// Requests that may hold one at a time.
    capacity: u32,
    groups: Vec<Resource>,
}

#[derive(Clone, Debug, Default)]
struct Resource {
    in_use: u32,
    /// Requests, by their clients and the low halves of their numbers. Some may have been dropped since.
    waiting: VecDeque<(ClientIndex, u32)>,
}

impl Resources {
    /// Memory of one resource, without waiting requests, in bytes.
    pub const RESOURCE_BYTES: usize = size_of::<Resource>();

    pub fn new(group: u32, capacity: u32) -> Resources {
        Resources { group, capacity, groups: Vec::new() }
    }

    /// All resources are free, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.groups.clear();
        self.groups.resize(clients.div_ceil(self.group as usize), Resource::default());
    }

    /// Memory of the waiting requests, in bytes.
    pub fn bytes(&self) -> usize {
        self.groups.iter().map(|one| footprint::of_list::<(ClientIndex, u32)>(one.waiting.capacity())).sum()
    }

    fn of(&mut self, client: ClientIndex) -> &mut Resource {
        &mut self.groups[client.position() / self.group as usize]
    }

    /// A request gets the resource of its client, or waits for it. Returns whether it has got it.
    pub fn acquire(&mut self, client: ClientIndex, number: RequestNumber) -> bool {
        let is_free = self.of(client).in_use < self.capacity;
        if is_free {
            self.grant(client);
        } else {
            self.of(client).waiting.push_back((client, number.low_half()));
        }
        is_free
    }

    /// A request that has waited gets the resource.
    pub fn grant(&mut self, client: ClientIndex) {
        self.of(client).in_use += 1;
    }

    /// A request no longer holds the resource.
    pub fn release(&mut self, client: ClientIndex) {
        self.of(client).in_use -= 1;
    }

    /// Takes the first request from the queue, which may have been dropped.
    pub fn next(&mut self, client: ClientIndex) -> Option<(ClientIndex, u32)> {
        self.of(client).waiting.pop_front()
    }
}
