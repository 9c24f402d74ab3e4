//! What the work of the server came to: what reached a client in time, and what a pool of workers was occupied with.

use serde::{Deserialize, Serialize};

use super::memory::MemoryUse;
use crate::model::scenario::Scenario;

/// What the work of the server came to in the measured window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// Replies that reached a client that still waited for them, but for errors.
    pub goodput: u64,
    /// Replies to what clients send, and headers of responses that go on: not those of polls.
    pub other_replies: u64,
    /// Requests that the server worked on when their client left, and on which it went on.
    pub orphans: u64,
    /// Requests whose execution began after their client had left.
    pub ghosts: u64,
    /// Requests that the proxy gave up; `None` where it never does.
    pub gateway_timeouts: Option<u64>,
    /// Connections that the proxy cut; `None` where it never does.
    pub cuts: Option<u64>,
    /// Requests that a restart of the server broke, or that found it down; `None` without a restart.
    pub broken: Option<u64>,
    /// Waiting for a connection of the browser; `None` where clients have as many as they want.
    pub browser_waits: Option<Waits>,
    /// Waiting for the session lock; `None` without one.
    pub lock_waits: Option<Waits>,
    /// Clients that come and go; `None` where all stay.
    pub visits: Option<Visits>,
    /// What TCP sent; `None` where it is not asked for.
    pub wire: Option<WireTotals>,
    /// The link of the server, towards it; `None` without a limit.
    pub up_link: Option<LinkTotals>,
    /// The link of the server, towards the clients; `None` without a limit.
    pub down_link: Option<LinkTotals>,
    /// Packets that were lost; `None` where none is.
    pub lost_packets: Option<u64>,
    /// What clients sent; `None` where they send nothing.
    pub sends: Option<SendTotals>,
    /// The pool of workers; `None` without one.
    pub pool: Option<PoolTotals>,
    /// What keeps the processor busy; `None` where costs are not asked for.
    pub work: Option<WorkTotals>,
    /// How often phones turned on their radio; `None` where that is not asked for.
    pub wakes: Option<u64>,
    /// Memory in use for all clients; `None` where costs are not asked for, and for a population of a mix.
    pub memory: Option<MemoryUse>,
}

/// What keeps the processor of the server busy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkTotals {
    /// Processor time in the window, in nanoseconds.
    pub nanos: u64,
    /// The same for each time bin of the run.
    pub bins: Vec<u64>,
}

/// Waits that ended in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Waits {
    /// How many, with those of no time.
    pub count: u64,
    /// How long they took, added up, in nanoseconds.
    pub nanos: u128,
}

/// Clients that come and go, in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visits {
    /// Integral of the clients that are there, in client-nanoseconds.
    pub online_nanos: u128,
    /// Clients that left.
    pub left: u64,
}

/// What TCP sent in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WireTotals {
    /// Bytes of all packets, both ways.
    pub bytes: u64,
    /// Those of the packets to the clients.
    pub bytes_down: u64,
    /// Packets, both ways.
    pub packets: u64,
    /// Connections that were opened.
    pub connections: u64,
}

/// What passed one direction of a link in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkTotals {
    /// Messages that came to it.
    pub messages: u64,
    /// How long they waited, added up, in nanoseconds.
    pub wait_nanos: u128,
    /// How long it was occupied, in nanoseconds.
    pub busy_nanos: u128,
}

/// What clients sent in the measured window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SendTotals {
    /// Messages that clients sent.
    pub sent: u64,
    /// Those that failed, at the instant at which the client, or for frames the server, drops them.
    pub failed: u64,
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
    /// Most requests that waited for any time.
    pub queue_peak: u64,
    /// Integral of the requests that wait, in request-nanoseconds.
    pub queue_nanos: u128,
    /// Integral of the workers that are occupied, in worker-nanoseconds.
    pub busy_nanos: u128,
    /// Most workers that were occupied for any time.
    pub busy_peak: u64,
}

impl Served {
    /// Nothing yet.
    pub(crate) fn new(scenario: &Scenario) -> Served {
        let (server, clients) = (&scenario.server, &scenario.clients);
        Served {
            gateway_timeouts: server.read_timeout.map(|_| 0),
            cuts: server.idle_timeout.map(|_| 0),
            broken: server.restart.map(|_| 0),
            browser_waits: clients.browsers.map(|_| Waits::default()),
            lock_waits: server.session_lock.then(Waits::default),
            visits: clients.come_and_go().then(Visits::default),
            wire: scenario.wire.map(|_| WireTotals::default()),
            up_link: scenario.server_link.and_then(|link| link.up).map(|_| LinkTotals::default()),
            down_link: scenario.server_link.and_then(|link| link.down).map(|_| LinkTotals::default()),
            lost_packets: scenario.loses_packets().then_some(0),
            sends: clients.sends.as_ref().map(|_| SendTotals::default()),
            pool: server.pool.map(|_| PoolTotals::default()),
            work: scenario.cost.map(|_| WorkTotals { nanos: 0, bins: vec![0; scenario.window.bins()] }),
            wakes: scenario.cost.and_then(|cost| cost.radio).map(|_| 0),
            ..Served::default()
        }
    }

    /// Adds what was measured elsewhere in the same scenario. The peak of several runs is the largest of theirs.
    pub(crate) fn merge(&mut self, other: &Served) {
        self.goodput += other.goodput;
        self.other_replies += other.other_replies;
        self.orphans += other.orphans;
        self.ghosts += other.ghosts;
        add(&mut self.gateway_timeouts, other.gateway_timeouts, |mine, theirs| *mine += theirs);
        add(&mut self.cuts, other.cuts, |mine, theirs| *mine += theirs);
        add(&mut self.broken, other.broken, |mine, theirs| *mine += theirs);
        let add_waits = |mine: &mut Waits, theirs: Waits| {
            mine.count += theirs.count;
            mine.nanos += theirs.nanos;
        };
        add(&mut self.browser_waits, other.browser_waits, add_waits);
        add(&mut self.lock_waits, other.lock_waits, add_waits);
        add(&mut self.visits, other.visits, |mine, theirs| {
            mine.online_nanos += theirs.online_nanos;
            mine.left += theirs.left;
        });
        add(&mut self.wire, other.wire, |mine, theirs| {
            mine.bytes += theirs.bytes;
            mine.bytes_down += theirs.bytes_down;
            mine.packets += theirs.packets;
            mine.connections += theirs.connections;
        });
        let add_links = |mine: &mut LinkTotals, theirs: LinkTotals| {
            mine.messages += theirs.messages;
            mine.wait_nanos += theirs.wait_nanos;
            mine.busy_nanos += theirs.busy_nanos;
        };
        add(&mut self.up_link, other.up_link, add_links);
        add(&mut self.down_link, other.down_link, add_links);
        add(&mut self.lost_packets, other.lost_packets, |mine, theirs| *mine += theirs);
        add(&mut self.sends, other.sends, |mine, theirs| {
            mine.sent += theirs.sent;
            mine.failed += theirs.failed;
        });
        add(&mut self.pool, other.pool, |mine, theirs| {
            mine.refused += theirs.refused;
            mine.started += theirs.started;
            mine.wait_nanos += theirs.wait_nanos;
            mine.queue_nanos += theirs.queue_nanos;
            mine.busy_nanos += theirs.busy_nanos;
            mine.busy_peak = mine.busy_peak.max(theirs.busy_peak);
            mine.queue_peak = mine.queue_peak.max(theirs.queue_peak);
        });
        if let (Some(mine), Some(theirs)) = (&mut self.work, &other.work) {
            mine.nanos += theirs.nanos;
            mine.bins.iter_mut().zip(&theirs.bins).for_each(|(mine, theirs)| *mine += theirs);
        }
        add(&mut self.wakes, other.wakes, |mine, theirs| *mine += theirs);
        match (&mut self.memory, &other.memory) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            (_, None) => {}
        }
    }

    /// Writes to `sink`, little-endian, what no other total implies. Without limits that is nothing, so that fingerprints
    /// stay what they were before there were any. A counter that is added within a results version is left out here, as in
    /// `totals!`: the fingerprints in the folders of earlier versions are without it.
    pub(crate) fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        let waits = [self.browser_waits, self.lock_waits];
        let links = [self.up_link, self.down_link];
        let is_limited = self.gateway_timeouts.or(self.cuts).or(self.broken).is_some()
            || waits.iter().any(Option::is_some)
            || self.visits.is_some()
            || self.wire.is_some()
            || links.iter().any(Option::is_some)
            || self.sends.is_some()
            || self.pool.is_some()
            || self.work.is_some();
        if !is_limited {
            return;
        }
        let mut counts = vec![self.goodput, self.other_replies, self.orphans, self.ghosts];
        let mut sums = Vec::new();
        counts.extend(self.gateway_timeouts.into_iter().chain(self.cuts).chain(self.broken));
        for waits in waits.into_iter().flatten() {
            counts.push(waits.count);
            sums.push(waits.nanos);
        }
        if let Some(visits) = self.visits {
            counts.push(visits.left);
            sums.push(visits.online_nanos);
        }
        if let Some(wire) = self.wire {
            counts.extend([wire.bytes, wire.bytes_down, wire.packets, wire.connections]);
        }
        for link in links.into_iter().flatten() {
            counts.push(link.messages);
            sums.extend([link.wait_nanos, link.busy_nanos]);
        }
        counts.extend(self.lost_packets);
        if let Some(sends) = self.sends {
            counts.extend([sends.sent, sends.failed]);
        }
        if let Some(pool) = self.pool {
            counts.extend([pool.refused, pool.started, pool.busy_peak, pool.queue_peak]);
            sums.extend([pool.wait_nanos, pool.queue_nanos, pool.busy_nanos]);
        }
        if let Some(work) = &self.work {
            counts.push(work.nanos);
            counts.extend(&work.bins);
        }
        counts.extend(self.wakes);
        counts.extend(self.memory.as_ref().map(MemoryUse::peak));
        for count in counts {
            sink(&count.to_le_bytes());
        }
        for sum in sums {
            sink(&sum.to_le_bytes());
        }
    }
}

/// Adds what both have.
fn add<T: Copy>(mine: &mut Option<T>, theirs: Option<T>, add: impl Fn(&mut T, T)) {
    if let (Some(mine), Some(theirs)) = (mine, theirs) {
        add(mine, theirs);
    }
}
