//! Types for the numbers of clients and requests, so that the compiler tells them apart.

use std::ops::{Index, IndexMut};

/// The number of a client in the whole population, from 0. It names the client's draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClientNumber(pub u32);

/// The index of a client among those that are simulated together, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClientIndex(pub u32);

impl ClientIndex {
    /// The position in a list that has one entry for each client.
    #[inline]
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// The number of a request of a client. Polls count from 0. Sends count from 0 too, after the numbers of all polls. It
/// names the draws of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestNumber(u64);

impl RequestNumber {
    /// The first send of a client, in both halves beyond the numbers of polls.
    const FIRST_SEND: u64 = 1 << 63 | 1 << 31;

    /// Beyond the numbers of all requests.
    pub const LAST: RequestNumber = RequestNumber(u64::MAX);

    /// The poll with this number.
    #[inline]
    pub const fn of_poll(count: u64) -> RequestNumber {
        RequestNumber(count)
    }

    /// The send with this number, in a request or in a frame.
    pub fn of_send(count: u64) -> RequestNumber {
        RequestNumber(Self::FIRST_SEND + count)
    }

    /// Whether it is the number of a send, not of a poll.
    #[inline]
    pub fn is_of_send(self) -> bool {
        self.0 >= Self::FIRST_SEND
    }

    /// The position among the polls of the client, or among its messages.
    #[inline]
    pub fn count(self) -> u64 {
        if self.is_of_send() { self.0 - Self::FIRST_SEND } else { self.0 }
    }

    /// The name of the draws of the request.
    #[inline]
    pub fn name(self) -> u64 {
        self.0
    }

    /// The low half, which distinguishes the open requests of one client in half the memory.
    pub fn low_half(self) -> u32 {
        self.0 as u32
    }
}

/// One value for each client.
#[derive(Clone, Debug)]
pub(crate) struct PerClient<T>(Vec<T>);

impl<T> PerClient<T> {
    pub fn new() -> PerClient<T> {
        PerClient(Vec::new())
    }

    /// Forgets all clients, and makes room for `count`.
    pub fn clear(&mut self, count: usize) {
        self.0.clear();
        self.0.reserve(count);
    }

    /// Gives each of `count` clients the same value.
    pub fn reset(&mut self, count: usize, value: T)
    where
        T: Clone,
    {
        self.0.clear();
        self.0.resize(count, value);
    }

    /// Adds the next client.
    pub fn push(&mut self, value: T) {
        self.0.push(value);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All clients, in order.
    pub fn indices(&self) -> impl Iterator<Item = ClientIndex> + use<T> {
        (0..self.0.len() as u32).map(ClientIndex)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The value of a client; `None` if no values are kept.
    #[inline]
    pub fn get(&self, client: ClientIndex) -> Option<&T> {
        self.0.get(client.position())
    }

    #[inline]
    pub fn get_mut(&mut self, client: ClientIndex) -> Option<&mut T> {
        self.0.get_mut(client.position())
    }
}

impl<T> FromIterator<T> for PerClient<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> PerClient<T> {
        PerClient(values.into_iter().collect())
    }
}

impl<T> Index<ClientIndex> for PerClient<T> {
    type Output = T;

    #[inline]
    fn index(&self, client: ClientIndex) -> &T {
        &self.0[client.position()]
    }
}

impl<T> IndexMut<ClientIndex> for PerClient<T> {
    #[inline]
    fn index_mut(&mut self, client: ClientIndex) -> &mut T {
        &mut self.0[client.position()]
    }
}
