//! Links of finite capacity: a message waits for its predecessors, first in, first out, and takes its bytes / capacity.

use crate::model::ids::ClientIndex;
use crate::units::{BitRate, Time};

/// From when each direction of a link is free.
#[derive(Clone, Copy, Debug)]
pub(in crate::model::world) struct LinkQueues {
    pub up: Time,
    pub down: Time,
}

impl LinkQueues {
    pub const EMPTY: LinkQueues = LinkQueues { up: Time::ZERO, down: Time::ZERO };
}

/// Bytes that come at `now` pass a direction that is free from `free` on. Returns when they begin and when they have passed;
/// `None` if nothing keeps them.
pub(super) fn pass(capacity: Option<BitRate>, free: &mut Time, now: Time, bytes: u64) -> Option<(Time, Time)> {
    let capacity = capacity?;
    if bytes == 0 {
        return None;
    }
    let begin = now.max(*free);
    *free = begin.plus(capacity.time_of(bytes));
    Some((begin, *free))
}

/// The links of the clients. The tabs of a browser share one; its capacity is that of the client whose message passes.
#[derive(Debug)]
pub(in crate::model::world) struct ClientLinks {
    tabs: usize,
    browsers: Vec<LinkQueues>,
}

impl ClientLinks {
    /// Memory of one browser.
    pub const BROWSER_BYTES: usize = size_of::<LinkQueues>();

    /// `tabs` clients share a browser.
    pub fn new(tabs: usize) -> ClientLinks {
        ClientLinks { tabs, browsers: Vec::new() }
    }

    /// All links are free, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.browsers.clear();
        self.browsers.resize(clients.div_ceil(self.tabs), LinkQueues::EMPTY);
    }

    /// The link of a client.
    pub fn of(&mut self, client: ClientIndex) -> &mut LinkQueues {
        &mut self.browsers[client.position() / self.tabs]
    }
}
