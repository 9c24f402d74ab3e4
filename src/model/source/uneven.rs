//! Messages at a rate that varies over time, or between clients.
//!
//! A draw gives the time to the next message at the mean rate of the client; the pattern maps it to the clock. So one
//! named draw makes one message, and a higher rate makes each message earlier.

use std::cell::Cell;

use super::bursts::Bursts;
use super::day::Day;
use super::weights::Weights;
use super::{Cursor, Draws};
use crate::model::scenario::Process;
use crate::random::{Exponential, Family};
use crate::units::{Rate, Time};

/// The uneven processes of all clients. An entity is a client, or 0 if all share the process.
#[derive(Debug)]
pub(super) struct Uneven {
    pattern: Pattern,
    gaps: Family,
    /// The mean gap at a weight of 1, in nanoseconds.
    mean_gap: f64,
    weights: Option<Weights>,
    /// The gaps of the last entity: clients mostly run one after the other, and a weight takes longer than the draw.
    /// Storing it for each client would cost memory in all experiments.
    last: Cell<(u64, Exponential)>,
}

/// The pattern over time.
#[derive(Debug)]
enum Pattern {
    Always,
    Bursts(Bursts),
    Day(Day),
}

impl Uneven {
    /// `None` for an even process. `weights`: weights of the rates of the clients.
    pub fn new(process: &Process, weights: Option<Weights>, draws: Draws, horizon: Time) -> Option<Uneven> {
        let (pattern, rate) = match process {
            Process::OnOff { on, off, rate } => (Pattern::Bursts(Bursts::new(draws, *on, *off, horizon)), *rate),
            Process::Day(profile) => (Pattern::Day(Day::new(profile)), profile.rate),
            Process::Poisson { rate } if weights.is_some() => (Pattern::Always, *rate),
            Process::Poisson { .. } | Process::Tick { .. } | Process::Periodic { .. } | Process::Trace(_) => {
                return None;
            }
        };
        let mean_gap = Rate::mean_gap_nanos(rate);
        let first = Exponential::new(mean_gap / weights.as_ref().map_or(1.0, |weights| weights.of(0)));
        Some(Uneven { pattern, gaps: draws.gaps, mean_gap, weights, last: Cell::new((0, first)) })
    }

    /// As for the source.
    pub fn limit_search(&mut self, most: u64) {
        if let Pattern::Bursts(bursts) = &mut self.pattern {
            bursts.limit_search(most);
        }
    }

    /// As for the source.
    pub fn is_search_over(&self) -> bool {
        matches!(&self.pattern, Pattern::Bursts(bursts) if bursts.is_search_over())
    }

    /// The process of an entity before the run.
    pub fn start(&self, entity: u64) -> Cursor {
        let mut cursor = Cursor { next: Time::ZERO, drawn: 0, state: 0 };
        if let Pattern::Bursts(bursts) = &self.pattern {
            bursts.start(&mut cursor, entity);
        }
        self.advance(&mut cursor, entity);
        cursor
    }

    /// Moves the cursor to the next message. Not inlined, to keep the code of even processes small.
    #[inline(never)]
    pub fn advance(&self, cursor: &mut Cursor, entity: u64) {
        let (law, gaps) = (self.law(entity), self.gaps.stream(entity));
        match &self.pattern {
            Pattern::Always => {
                cursor.next = cursor.next.plus(Time(law.from_bits(gaps.at(cursor.drawn))));
                cursor.drawn += 1;
            }
            Pattern::Bursts(bursts) => bursts.advance(cursor, entity, |number| Time(law.from_bits(gaps.at(number)))),
            Pattern::Day(day) => {
                // The instant is computed from the whole position, so that roundings do not add up.
                cursor.state = cursor.state.saturating_add(law.from_bits(gaps.at(cursor.drawn)));
                cursor.next = day.instant(cursor.state);
                cursor.drawn += 1;
            }
        }
    }

    /// The gaps of an entity.
    fn law(&self, entity: u64) -> Exponential {
        let (known, law) = self.last.get();
        let Some(weights) = &self.weights else { return law };
        if known == entity {
            return law;
        }
        let law = Exponential::new(self.mean_gap / weights.of(entity));
        self.last.set((entity, law));
        law
    }
}

#[cfg(test)]
mod tests;
