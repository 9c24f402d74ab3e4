//! The use of the server's processor and memory, if costs are computed.

use super::{Recorder, checks_between};
use crate::model::observer::Observer;
use crate::model::scenario::Scenario;
use crate::model::totals::{Grid, MemoryUse};
use crate::units::Time;

/// Processor time in nanoseconds, and memory.
#[derive(Debug)]
pub(super) struct Costs {
    request: u64,
    check: u64,
    push: u64,
    handshake: u64,
    /// A byte of HTTP; zero with packets.
    http_byte: u64,
    packet_byte: u64,
    /// Bytes of an open connection.
    connection: u64,
    instants: Grid,
    memory: MemoryUse,
}

impl Costs {
    /// `None` without costs.
    pub fn new(scenario: &Scenario) -> Option<Costs> {
        let cost = scenario.cost.as_ref()?;
        let (http_byte, packet_byte) =
            if scenario.wire.is_some() { (0, cost.cpu_per_byte.0) } else { (cost.cpu_per_byte.0, 0) };
        let instants = Grid::of(&scenario.window);
        Some(Costs {
            request: cost.cpu_per_request.0,
            check: cost.cpu_per_check.0,
            push: cost.cpu_per_push.0,
            handshake: cost.cpu_per_handshake.0,
            http_byte,
            packet_byte,
            connection: cost.memory_per_connection.0,
            instants,
            memory: MemoryUse::new(instants.count()),
        })
    }

    /// The used memory.
    pub fn into_memory(self) -> MemoryUse {
        self.memory
    }

    fn change(&mut self, now: Time, bytes: i64) {
        if let Some(instant) = self.instants.at_or_after(now) {
            self.memory.change(instant, bytes);
        }
    }
}

impl<O: Observer> Recorder<O> {
    /// The processor is busy for `nanos` nanoseconds.
    fn spend(&mut self, now: Time, nanos: u64) {
        if let Some(work) = &mut self.totals.served.work {
            work.bins[self.places.of(now).bin()] += nanos;
            work.nanos += if now >= self.start { nanos } else { 0 };
        }
    }

    /// The server processes a request with this number of bytes.
    #[inline]
    pub fn work_on_request(&mut self, now: Time, bytes: u64) {
        if let Some(costs) = &self.costs {
            self.spend(now, costs.request + bytes * costs.http_byte);
        }
    }

    /// The server processes this number of bytes of HTTP.
    #[inline]
    pub fn work_on_bytes(&mut self, now: Time, bytes: u64) {
        if let Some(costs) = &self.costs {
            self.spend(now, bytes * costs.http_byte);
        }
    }

    /// The server processes packets with this number of bytes, at an instant that may be after the horizon.
    #[inline]
    pub(super) fn work_on_packets(&mut self, now: Time, bytes: u64) {
        if let Some(costs) = &self.costs
            && now < self.horizon
        {
            self.spend(now, bytes * costs.packet_byte);
        }
    }

    /// The server pushes, or a client sends a frame.
    #[inline]
    pub fn work_on_push(&mut self, now: Time) {
        if let Some(costs) = &self.costs {
            self.spend(now, costs.push);
        }
    }

    /// A connection is opened.
    pub(super) fn work_on_handshake(&mut self, now: Time) {
        if let Some(costs) = &self.costs {
            self.spend(now, costs.handshake);
        }
    }

    /// The server makes a check, if checks are counted one by one.
    #[inline]
    pub fn work_on_check(&mut self, now: Time) {
        if let Some(costs) = &self.costs
            && self.counts_checks != 0
        {
            self.spend(now, costs.check);
        }
    }

    /// `count` checks at `first`, `first + every`, …, of which only those before the horizon happen.
    pub fn work_on_checks(&mut self, first: Time, every: Time, count: u64) {
        let (Some(costs), Some(work)) = (&self.costs, &mut self.totals.served.work) else { return };
        let (mut next, mut left) = (first, count);
        while left > 0 && next < self.horizon {
            let place = self.places.of(next);
            let rest = place.rest().min(self.horizon.0 - next.0);
            let here = rest.div_ceil(every.0).min(left);
            work.bins[place.bin()] += here * costs.check;
            next = next.plus(every.times(here));
            left -= here;
        }
        work.nanos += checks_between(self.start, self.horizon, first, every, count) * costs.check;
    }

    /// A phone turns on its radio.
    pub fn woke(&mut self, now: Time) {
        let counts = now >= self.start;
        if let Some(wakes) = &mut self.totals.served.wakes {
            *wakes += u64::from(counts);
        }
    }

    /// Whether memory is measured.
    #[inline]
    pub fn has_costs(&self) -> bool {
        self.costs.is_some()
    }

    /// A connection is open at the server from now on.
    pub fn connection_opens(&mut self, now: Time) {
        if let Some(costs) = &mut self.costs {
            costs.change(now, costs.connection.cast_signed());
        }
    }

    /// A connection is not open at the server any more.
    pub fn connection_closes(&mut self, now: Time) {
        if let Some(costs) = &mut self.costs {
            costs.change(now, -costs.connection.cast_signed());
        }
    }

    /// From now on a mailbox contains these bytes.
    #[inline]
    pub fn stored(&mut self, now: Time, bytes: u64) {
        if let Some(costs) = &mut self.costs {
            costs.change(now, bytes.cast_signed());
        }
    }

    /// From now on a mailbox does not contain these bytes.
    #[inline]
    pub fn taken(&mut self, now: Time, bytes: u64) {
        if let Some(costs) = &mut self.costs {
            costs.change(now, -bytes.cast_signed());
        }
    }

    /// Bytes that the server sends at `now` wait for the links, and have passed them at `left`.
    pub fn waited_for_links(&mut self, now: Time, left: Time, bytes: u64) {
        if let Some(costs) = &mut self.costs {
            costs.change(now, bytes.cast_signed());
            costs.change(left, -bytes.cast_signed());
        }
    }
}
