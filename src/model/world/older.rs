//! Open requests that are not the newest of their client: few clients have any, and most runs have none.

use super::{Slot, World};
use crate::model::client::{Older, Request};
use crate::model::footprint;
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

/// The older requests of each client, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct OlderRequests<R> {
    /// Empty as long as there is none at all.
    lists: Vec<Vec<Older<R>>>,
    /// One bit per client that has any: in cache, where the lists are not.
    present: Vec<u64>,
}

impl<R> OlderRequests<R> {
    /// What a client takes that has one now and then.
    pub const CLIENT_BYTES: usize = size_of::<Vec<Older<R>>>() + size_of::<Older<R>>();

    /// Memory of all lists, in bytes.
    pub fn bytes(&self) -> usize {
        let lists = self.lists.iter().map(|list| footprint::of_list::<Older<R>>(list.capacity()));
        size_of::<Vec<Older<R>>>() * self.lists.len() + lists.sum::<usize>()
    }

    pub fn new() -> OlderRequests<R> {
        OlderRequests { lists: Vec::new(), present: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.lists.clear();
        self.present.clear();
    }

    /// Whether the client at `place` has any.
    #[inline]
    pub fn has_any(&self, place: usize) -> bool {
        self.present.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Those of the client at `place`.
    #[inline]
    pub fn of(&self, place: usize) -> &[Older<R>] {
        if self.has_any(place) { &self.lists[place] } else { &[] }
    }

    #[inline]
    pub fn of_mut(&mut self, place: usize) -> &mut [Older<R>] {
        if self.has_any(place) { &mut self.lists[place] } else { &mut [] }
    }

    /// Adds one of the client at `place`, one of `clients` clients. Returns its index.
    pub fn insert(&mut self, clients: usize, place: usize, older: Older<R>) -> usize {
        self.lists.resize_with(clients, Vec::new);
        self.present.resize(clients.div_ceil(64), 0);
        let list = &mut self.lists[place];
        if list.capacity() == 0 {
            // Most clients that have any have one.
            list.reserve_exact(1);
        }
        let index = list.partition_point(|before| before.number <= older.number);
        list.insert(index, older);
        self.present[place / 64] |= 1 << (place % 64);
        index
    }

    pub fn remove(&mut self, place: usize, index: usize) {
        self.lists[place].remove(index);
        if self.lists[place].is_empty() {
            self.present[place / 64] &= !(1 << (place % 64));
        }
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Moves the newest request of a client to the older ones.
    pub(super) fn set_newest_aside(&mut self, place: usize) {
        self.set_aside(place, self.clients[place].requests - 1, self.requests[place]);
    }

    /// Puts a request to the older ones of its client.
    pub(super) fn set_aside(&mut self, place: usize, number: u64, request: Request<M::Request>) {
        let gateway_due = self.gateway_due.get(place).copied().unwrap_or(Time::NEVER);
        let size = self.size(place, Slot::Newest);
        self.older.insert(self.clients.len(), place, Older { number, gateway_due, size, request });
    }
}
