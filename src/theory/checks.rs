//! The checks of the server at a mailbox while it holds one request.

use super::expected::UNKNOWN;
use crate::model::scenario::FirstCheck;
use crate::units::Time;

/// When the server checks.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Time between checks.
    pub every: Time,
    /// Checks at most.
    pub count: u32,
    /// Whether the first comes before the first sleep.
    pub first: FirstCheck,
}

/// The checks of one request: the first finds nothing with probability `first_empty`, each later one with `step_empty`.
#[derive(Clone, Copy, Debug)]
pub struct RequestChecks {
    /// When the server checks.
    pub schedule: Schedule,
    /// `P(nothing)` at the first check.
    pub first_empty: f64,
    /// `P(nothing)` at a later check.
    pub step_empty: f64,
}

/// Up to this many checks, second moments are summed term by term.
pub const MOST_TERMS: u32 = 1_000_000;

impl RequestChecks {
    /// `P(no data)`: nothing at any check.
    pub fn no_data(&self) -> f64 {
        self.first_empty * libm::pow(self.step_empty, f64::from(self.schedule.count - 1))
    }

    /// Share of the requests that are held longest, with data at the last check or without.
    pub fn held_longest(&self) -> f64 {
        match (self.schedule.first, self.schedule.count) {
            (FirstCheck::OnArrival, _) => self.no_data(),
            (FirstCheck::AfterSleep, 1) => 1.0,
            (FirstCheck::AfterSleep, count) => self.first_empty * libm::pow(self.step_empty, f64::from(count - 2)),
        }
    }

    /// Expected number of later checks, `Σ_{k=2}^{n} P(nothing at check k - 1)`: a geometric series in the chance r
    /// that a later check finds nothing.
    pub fn later(&self) -> f64 {
        let (ratio, terms) = (self.step_empty, f64::from(self.schedule.count - 1));
        let series = match ratio {
            r if r >= 1.0 => terms,
            r if r <= 0.0 => terms.min(1.0),
            r => libm::expm1(terms * libm::log(r)) / (r - 1.0),
        };
        self.first_empty * series
    }

    /// `E[K]`, the number of checks.
    pub fn checks(&self) -> f64 {
        1.0 + self.later()
    }

    /// `E[H]`: s E\[K\] sleep-first; on arrival the first check costs nothing, and "no data" comes one sleep after the
    /// last.
    pub fn hold(&self) -> f64 {
        let sleeps = match self.schedule.first {
            FirstCheck::AfterSleep => self.checks(),
            FirstCheck::OnArrival => self.later() + self.no_data(),
        };
        sleeps * self.schedule.every.as_secs_f64()
    }

    /// The hold of a request without data, in seconds.
    pub fn longest(&self) -> f64 {
        f64::from(self.schedule.count) * self.schedule.every.as_secs_f64()
    }

    /// Mean and variance of the hold of a request with data, in seconds.
    pub fn data_hold(&self) -> (f64, f64) {
        if self.schedule.count > MOST_TERMS {
            return (UNKNOWN, UNKNOWN);
        }
        let skipped = if self.schedule.first == FirstCheck::OnArrival { 1.0 } else { 0.0 };
        let (mut chance, mut reached) = (1.0 - self.first_empty, self.first_empty);
        let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
        for check in 1..=self.schedule.count {
            let sleeps = f64::from(check) - skipped;
            mass += chance;
            first += chance * sleeps;
            second += chance * sleeps * sleeps;
            chance = reached * (1.0 - self.step_empty);
            reached *= self.step_empty;
        }
        let (every, mean) = (self.schedule.every.as_secs_f64(), first / mass);
        (every * mean, every * every * (second / mass - mean * mean).max(0.0))
    }

    /// Variance of the hold, with data or without.
    pub fn hold_variance(&self) -> f64 {
        let (mean, variance) = self.data_hold();
        let (no_data, longest) = (self.no_data(), self.longest());
        (1.0 - no_data) * (variance + no_data * (longest - mean) * (longest - mean))
    }
}

/// The mean of a quantity over requests of several kinds, each with its fraction.
pub fn mean_of(kinds: &[(f64, RequestChecks)], of: impl Fn(&RequestChecks) -> f64) -> f64 {
    kinds.iter().map(|(share, checks)| share * of(checks)).sum()
}
