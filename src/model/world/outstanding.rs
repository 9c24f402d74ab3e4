//! Outstanding requests other than the newest of their client: few clients have any, and most runs have none.

use super::{Slot, World};
use crate::model::footprint;
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::request::{Origin, Request};
use crate::model::transport::Transport;
use crate::units::Time;

/// An outstanding request that is not the newest poll of its client: an older poll, one that was given up, a send, or a
/// message in transit on a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outstanding<R> {
    /// The number of the request, or of the request whose connection it uses.
    pub number: RequestNumber,
    pub origin: Origin,
    /// When the proxy gives it up.
    pub gateway_due: Time,
    /// Its bytes in transit, if they matter.
    pub size: u64,
    pub request: Request<R>,
}

/// The older requests of each client, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct OutstandingRequests<R> {
    /// Empty while no client has any.
    lists: Vec<Vec<Outstanding<R>>>,
    /// One bit per client: whether it has any. The bits stay in the cache; the lists do not.
    present: Vec<u64>,
}

impl<R> OutstandingRequests<R> {
    /// Memory of a client that sometimes has one.
    pub const CLIENT_BYTES: usize = size_of::<Vec<Outstanding<R>>>() + size_of::<Outstanding<R>>();

    /// Memory of all lists, in bytes.
    pub fn bytes(&self) -> usize {
        let lists = self.lists.iter().map(|list| footprint::of_list::<Outstanding<R>>(list.capacity()));
        size_of::<Vec<Outstanding<R>>>() * self.lists.len() + lists.sum::<usize>()
    }

    pub fn new() -> OutstandingRequests<R> {
        OutstandingRequests { lists: Vec::new(), present: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.lists.clear();
        self.present.clear();
    }

    /// Whether the client has any.
    #[inline]
    pub fn has_any(&self, client: ClientIndex) -> bool {
        self.present.get(client.position() / 64).is_some_and(|word| word >> (client.position() % 64) & 1 == 1)
    }

    /// The outstanding requests of the client.
    #[inline]
    pub fn of(&self, client: ClientIndex) -> &[Outstanding<R>] {
        if self.has_any(client) { &self.lists[client.position()] } else { &[] }
    }

    #[inline]
    pub fn of_mut(&mut self, client: ClientIndex) -> &mut [Outstanding<R>] {
        if self.has_any(client) { &mut self.lists[client.position()] } else { &mut [] }
    }

    /// Adds a request of the client, one of `clients` clients. Returns its index.
    pub fn insert(&mut self, clients: usize, client: ClientIndex, older: Outstanding<R>) -> usize {
        self.lists.resize_with(clients, Vec::new);
        self.present.resize(clients.div_ceil(64), 0);
        let list = &mut self.lists[client.position()];
        if list.capacity() == 0 {
            // Most clients with any have only one.
            list.reserve_exact(1);
        }
        let index = list.partition_point(|before| before.number <= older.number);
        list.insert(index, older);
        self.present[client.position() / 64] |= 1 << (client.position() % 64);
        index
    }

    pub fn remove(&mut self, client: ClientIndex, index: usize) {
        self.lists[client.position()].remove(index);
        if self.lists[client.position()].is_empty() {
            self.present[client.position() / 64] &= !(1 << (client.position() % 64));
        }
    }
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// An open request of a client.
    #[inline]
    pub(super) fn request(&mut self, client: ClientIndex, slot: Slot) -> &mut Request<M::Request> {
        match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        }
    }

    /// Its number.
    #[inline]
    pub(super) fn request_number(&self, client: ClientIndex, slot: Slot) -> RequestNumber {
        match slot {
            Slot::Newest => RequestNumber::of_poll(self.clients[client].requests - 1),
            Slot::Older(index) => self.older.of(client)[index].number,
        }
    }

    /// Where it comes from: the newest one of a client is always a poll.
    #[inline]
    pub(super) fn origin(&self, client: ClientIndex, slot: Slot) -> Origin {
        match slot {
            Slot::Newest => Origin::Poll,
            Slot::Older(index) => self.older.of(client)[index].origin,
        }
    }

    /// Moves the newest request of a client to the older ones.
    pub(super) fn set_newest_aside(&mut self, client: ClientIndex) {
        self.set_aside(client, self.request_number(client, Slot::Newest), Origin::Poll, self.requests[client]);
    }

    /// Adds a request to the older ones of its client.
    pub(super) fn set_aside(
        &mut self,
        client: ClientIndex,
        number: RequestNumber,
        origin: Origin,
        request: Request<M::Request>,
    ) {
        let gateway_due = self.server.gateway.due(client);
        let size = self.size(client, Slot::Newest);
        self.older.insert(self.clients.len(), client, Outstanding { number, origin, gateway_due, size, request });
    }
}
