//! Links of finite capacity: a message waits for its predecessors, first in, first out, and takes its bytes / capacity.

use crate::model::ids::ClientIndex;
use crate::model::scenario::Link;
use crate::units::{BitRate, Time};

/// Bytes that come at `now` pass a direction that is free from `free` on. Returns when they begin to pass and when they
/// have passed.
fn pass(capacity: BitRate, free: &mut Time, now: Time, bytes: u64) -> (Time, Time) {
    let begin = now.max(*free);
    *free = begin.plus(capacity.time_of(bytes));
    (begin, *free)
}

/// One direction of a link.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkQueue {
    capacity: BitRate,
    free: Time,
}

impl LinkQueue {
    /// When bytes that come at `now` begin to pass, and when they have passed.
    pub fn pass(&mut self, now: Time, bytes: u64) -> (Time, Time) {
        pass(self.capacity, &mut self.free, now, bytes)
    }
}

/// The link of the server. A direction without a limit has no queue.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ServerLink {
    pub up: Option<LinkQueue>,
    pub down: Option<LinkQueue>,
}

impl ServerLink {
    pub fn new(link: Link) -> ServerLink {
        let queue = |capacity| LinkQueue { capacity, free: Time::ZERO };
        ServerLink { up: link.up.map(queue), down: link.down.map(queue) }
    }
}

/// The links of the clients. The tabs of a browser share one, with the capacity of the population of each message's
/// client.
#[derive(Debug)]
pub(super) struct ClientLinks {
    tabs: usize,
    /// From when each browser's link is free, up and down.
    free: Vec<(Time, Time)>,
}

impl ClientLinks {
    /// Memory of one browser.
    pub const BROWSER_BYTES: usize = size_of::<(Time, Time)>();

    /// `tabs` clients share a browser.
    pub fn new(tabs: usize) -> ClientLinks {
        ClientLinks { tabs, free: Vec::new() }
    }

    /// All links are free, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.free.clear();
        self.free.resize(clients.div_ceil(self.tabs), (Time::ZERO, Time::ZERO));
    }

    /// When bytes of `client` have passed up.
    pub fn pass_up(&mut self, client: ClientIndex, link: Link, now: Time, bytes: u64) -> Time {
        match link.up {
            Some(capacity) if bytes > 0 => {
                pass(capacity, &mut self.free[client.position() / self.tabs].0, now, bytes).1
            }
            _ => now,
        }
    }

    /// When bytes for `client` have passed down.
    pub fn pass_down(&mut self, client: ClientIndex, link: Link, now: Time, bytes: u64) -> Time {
        match link.down {
            Some(capacity) if bytes > 0 => {
                pass(capacity, &mut self.free[client.position() / self.tabs].1, now, bytes).1
            }
            _ => now,
        }
    }
}
