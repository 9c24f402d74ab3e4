//! Counters of the server, its pool of workers, its links and its connections.

use serde::{Deserialize, Serialize};

use super::counter::{Counter, Fed, Peak, counters};
use super::memory::MemoryUse;
use crate::model::scenario::Scenario;

counters! {
    /// Counters of the server, its links and its connections in the measured window.
    Served [
        goodput, other_replies, orphans, ghosts, gateway_timeouts, cuts, broken, browser_waits, lock_waits, visits, wire,
        up_link, down_link, lost_packets, sends, pool, work, wakes, memory
    ] {
        /// Replies that reached a client that still waited for them, without errors.
        goodput: u64,
        /// Replies to sends, and response headers of push connections: replies to no poll.
        other_replies: u64,
        /// Requests on which the server went on after their client had given them up.
        orphans: u64,
        /// Requests whose execution began after their client had given them up.
        ghosts: u64,
        /// Requests that the proxy gave up; `None` if it never does.
        gateway_timeouts: Option<u64>,
        /// Connections that the proxy cut; `None` if it never does.
        cuts: Option<u64>,
        /// Requests that a restart of the server broke, or that found it down; `None` without a restart.
        broken: Option<u64>,
        /// Waits for a connection of the browser; `None` without a limit.
        browser_waits: Option<Waits>,
        /// Waits for the session lock; `None` without one.
        lock_waits: Option<Waits>,
        /// Clients that come and leave; `None` if all stay.
        visits: Option<Visits>,
        /// Packets; `None` if not simulated.
        wire: Option<WireTotals>,
        /// The link of the server, towards it; `None` without a limit.
        up_link: Option<LinkTotals>,
        /// The link of the server, towards the clients; `None` without a limit.
        down_link: Option<LinkTotals>,
        /// Lost packets; `None` without loss.
        lost_packets: Option<u64>,
        /// Sends; `None` without any.
        sends: Option<SendTotals>,
        /// The pool of workers; `None` without one.
        pool: Option<PoolTotals>,
        /// Work of the processor; `None` without costs.
        work: Option<WorkTotals>,
        /// How often phones turned on their radio; `None` if not measured.
        wakes: Option<u64>,
        /// Memory in use for all clients; `None` without costs, and for a population of a mix.
        memory: Option<MemoryUse>,
    }
}

counters! {
    /// Work of the server's processor.
    #[derive(Eq)]
    WorkTotals [nanos, bins] {
        /// Processor time in the window, in nanoseconds.
        nanos: u64,
        /// The same for each time bin of the run.
        bins: Vec<u64>,
    }
}

counters! {
    /// Waits that ended in the measured window.
    #[derive(Copy)]
    Waits [count, nanos] {
        /// Their number, including waits of no time.
        count: u64,
        /// Their sum, in nanoseconds.
        nanos: u128,
    }
}

counters! {
    /// Clients that come and leave, in the measured window.
    #[derive(Copy)]
    Visits [left, online_nanos] {
        /// Integral of the clients that are online, in client-nanoseconds.
        online_nanos: u128,
        /// Clients that left.
        left: u64,
    }
}

counters! {
    /// Packets in the measured window.
    #[derive(Copy)]
    WireTotals [bytes, bytes_down, packets, connections] {
        /// Bytes of all packets, both ways.
        bytes: u64,
        /// Bytes of the packets to the clients.
        bytes_down: u64,
        /// Packets, both ways.
        packets: u64,
        /// Connections that were opened.
        connections: u64,
    }
}

counters! {
    /// One direction of a link in the measured window.
    #[derive(Copy)]
    LinkTotals [messages, wait_nanos, busy_nanos] {
        /// Messages that reached it.
        messages: u64,
        /// The sum of their waits, in nanoseconds.
        wait_nanos: u128,
        /// How long it was busy, in nanoseconds.
        busy_nanos: u128,
    }
}

counters! {
    /// Sends in the measured window.
    #[derive(Copy)]
    SendTotals [sent, failed] {
        /// Messages that clients sent.
        sent: u64,
        /// Sends that failed, counted when the client, or for frames the server, drops them.
        failed: u64,
    }
}

counters! {
    /// A pool of workers in the measured window.
    #[derive(Copy)]
    PoolTotals [refused, started, busy_peak, queue_peak, wait_nanos, queue_nanos, busy_nanos] {
        /// Requests that found the backlog full.
        refused: u64,
        /// Requests that a worker took.
        started: u64,
        /// The sum of their waits, in nanoseconds.
        wait_nanos: u128,
        /// Most requests that waited for any time.
        queue_peak: Peak,
        /// Integral of the requests that wait, in request-nanoseconds.
        queue_nanos: u128,
        /// Integral of the workers that are busy, in worker-nanoseconds.
        busy_nanos: u128,
        /// Most workers that were busy for any time.
        busy_peak: Peak,
    }
}

/// The fingerprint contains the peak.
impl Counter for MemoryUse {
    fn merge(&mut self, other: &MemoryUse) {
        MemoryUse::merge(self, other);
    }

    fn feed(&self, fed: &mut Fed) {
        fed.counts.push(self.peak());
    }
}

impl Served {
    /// Zero.
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
            lost_packets: if scenario.loses_packets() { Some(0) } else { None },
            sends: clients.sends.as_ref().map(|_| SendTotals::default()),
            pool: server.pool.map(|_| PoolTotals::default()),
            work: scenario.cost.map(|_| WorkTotals { nanos: 0, bins: vec![0; scenario.window.bins()] }),
            wakes: scenario.cost.and_then(|cost| cost.radio).map(|_| 0),
            ..Served::default()
        }
    }

    /// Adds counters of other clients or replications of the same scenario.
    pub(crate) fn merge(&mut self, other: &Served) {
        Counter::merge(self, other);
    }

    /// Writes to `sink`, little-endian, the counters that no other total implies. A scenario without optional counters
    /// writes nothing, as in the first results of this version.
    pub(crate) fn feed(&self, sink: &mut impl FnMut(&[u8])) {
        /// Counters of every scenario.
        const ALWAYS: usize = 4;
        let mut fed = Fed::default();
        Counter::feed(self, &mut fed);
        if fed.counts.len() > ALWAYS {
            fed.counts.iter().for_each(|count| sink(&count.to_le_bytes()));
            fed.sums.iter().for_each(|sum| sink(&sum.to_le_bytes()));
        }
    }
}
