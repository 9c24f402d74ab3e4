//! Clients that come during the run: a Poisson process, whose number differs from replication to replication.

use std::ops::Range;

use super::scenario::Scenario;
use crate::random::{Exponential, Family, Purpose, Stream};
use crate::units::Time;

/// The instants at which clients come: exponential gaps from t = 0 on, so that a longer run includes the clients of a
/// shorter one.
#[derive(Debug)]
pub(crate) struct Comers {
    gap: Exponential,
    draws: Stream,
    horizon: Time,
    /// Gaps drawn so far, and their sum.
    drawn: u64,
    last: Time,
}

impl Comers {
    /// `None` without an arrival rate.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Comers> {
        scenario.clients.arrival_rate.map(|rate| Comers {
            gap: Exponential::new(rate.mean_gap_nanos()),
            draws: Family::new(scenario.seed, replication, Purpose::Comers).stream(0),
            horizon: scenario.window.horizon(),
            drawn: 0,
            last: Time::ZERO,
        })
    }

    /// The instant at which client `index` comes, from 0. The index never falls from call to call.
    pub fn at(&mut self, index: u64) -> Time {
        while self.drawn <= index {
            self.last = self.last.plus(Time(self.gap.from_bits(self.draws.at(self.drawn))));
            self.drawn += 1;
        }
        self.last
    }

    /// How many come before the end of the run, up to `most`.
    fn count(mut self, most: u32) -> u32 {
        let horizon = self.horizon;
        (0..most).find(|index| self.at(u64::from(*index)) >= horizon).unwrap_or(most)
    }
}

/// The number of clients of one replication.
pub(crate) fn population(scenario: &Scenario, replication: u32) -> u32 {
    present(scenario, replication, 0..scenario.population()).end
}

/// The clients with these numbers that a replication has. Clients beyond the expected number belong to the range that
/// ends there.
pub(crate) fn present(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Range<u32> {
    let Some(comers) = Comers::new(scenario, replication) else { return clients };
    let end = if clients.end >= scenario.population() { u32::MAX } else { clients.end };
    let others = scenario.clients.there_in_any_case();
    let end = end.min(others.saturating_add(comers.count(end.saturating_sub(others))));
    clients.start.min(end)..end
}
