//! Clients that come one by one: a Poisson process, whose number differs from replication to replication.

use std::ops::Range;

use super::scenario::Scenario;
use crate::random::{Exponential, Family, Purpose, Stream};
use crate::units::Time;

/// When clients come one by one: exponential gaps from t = 0 on, so that a longer run has those of a shorter one too.
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
    /// `None` where nobody comes so.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Comers> {
        scenario.clients.arrival_rate.map(|rate| Comers {
            gap: Exponential::new(rate.mean_gap_nanos()),
            draws: Family::new(scenario.seed, replication, Purpose::Comers).stream(0),
            horizon: scenario.window.horizon(),
            drawn: 0,
            last: Time::ZERO,
        })
    }

    /// When number `index` comes, from 0. The numbers never fall from call to call.
    pub fn at(&mut self, index: u64) -> Time {
        while self.drawn <= index {
            self.last = self.last.plus(Time(self.gap.from_bits(self.draws.at(self.drawn))));
            self.drawn += 1;
        }
        self.last
    }

    /// How many come before the end of the run, if they are not more than `most`.
    fn count(mut self, most: u32) -> u32 {
        let horizon = self.horizon;
        (0..most).find(|index| self.at(u64::from(*index)) >= horizon).unwrap_or(most)
    }
}

/// How many clients one replication has.
pub(crate) fn population(scenario: &Scenario, replication: u32) -> u32 {
    present(scenario, replication, 0..scenario.population()).end
}

/// Which of the clients with these numbers there are in a replication. All beyond the expected number are among the last
/// of it.
pub(crate) fn present(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Range<u32> {
    let Some(comers) = Comers::new(scenario, replication) else { return clients };
    let end = if clients.end >= scenario.population() { u32::MAX } else { clients.end };
    let others = scenario.clients.there_in_any_case();
    let end = end.min(others.saturating_add(comers.count(end.saturating_sub(others))));
    clients.start.min(end)..end
}
