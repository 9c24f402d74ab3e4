//! The polls of one scenario: how many leave, arrive and return in the window, and the gaps between arrivals.

use crate::model::scenario::{OnLostReply, Pace, Phase, Scenario, ShortPoll};
use crate::theory::delay::DelayDistribution;
use crate::theory::expected::UNKNOWN;
use crate::theory::steady_state::{RenewalCycle, is_steady};

/// The polls of one scenario, none of which can time out, and their delays.
#[derive(Debug)]
pub struct Polls<'a> {
    pub scenario: &'a Scenario,
    pub poll: ShortPoll,
    pub up: DelayDistribution,
    pub down: DelayDistribution,
}

impl Polls<'_> {
    /// How many clients there are.
    pub fn clients(&self) -> f64 {
        f64::from(self.scenario.clients.count)
    }

    /// The window, in seconds.
    pub fn duration(&self) -> f64 {
        self.scenario.window.duration.as_secs_f64()
    }

    fn is_fixed_rate(&self) -> bool {
        self.poll.pace == Pace::FixedRate
    }

    fn has_constant_delays(&self) -> bool {
        self.up.is_constant() && self.down.is_constant()
    }

    /// Whether polls come at a fixed rate and a random phase, so that they are stationary.
    pub fn is_uniform(&self) -> bool {
        self.is_fixed_rate() && self.poll.phase == Phase::Random
    }

    /// Requests that leave in the window, all clients together.
    pub fn departures(&self) -> f64 {
        self.clients() * self.count_at(0)
    }

    /// Requests that arrive in the window; each is answered at once.
    pub fn arrivals(&self) -> f64 {
        self.clients() * self.delayed_count(&[&self.up])
    }

    /// Replies that reach the client in the window.
    pub fn returns(&self) -> f64 {
        self.clients() * self.delayed_count(&[&self.up, &self.down])
    }

    /// Polls per client in the window after these delays.
    fn delayed_count(&self, delays: &[&DelayDistribution]) -> f64 {
        if !self.is_fixed_rate() || delays.iter().all(|delay| delay.is_constant()) {
            let shift: f64 = delays.iter().map(|delay| delay.low_nanos).sum();
            return self.count_at(shift as u64);
        }
        let whole = self.scenario.window.duration.0.is_multiple_of(self.poll.interval.0);
        let even = self.poll.phase == Phase::Random || whole;
        if even && self.is_settled() { self.duration() / self.gap_mean() } else { UNKNOWN }
    }

    /// Polls per client in the window, `shift` after they leave. At a fixed rate or with constant delays they lie at
    /// phase + k × period + shift: exact for a fixed phase, expected over a random one. Else, paced after the reply,
    /// they are a renewal process.
    fn count_at(&self, shift: u64) -> f64 {
        if !self.is_fixed_rate() && !self.has_constant_delays() {
            return if self.is_even() { self.duration() / self.gap_mean() } else { UNKNOWN };
        }
        let period = self.constant_gap_nanos().unwrap_or(self.poll.interval.0);
        let start = i128::from(self.scenario.window.warmup.0) - i128::from(shift + self.opening_nanos());
        self.before(start + i128::from(self.scenario.window.duration.0), period) - self.before(start, period)
    }

    /// Expected polls at phase + k × period before `end`, all in nanoseconds.
    fn before(&self, end: i128, period: u64) -> f64 {
        let (period, interval) = (i128::from(period), i128::from(self.poll.interval.0));
        match self.poll.phase {
            Phase::At(first) => {
                let since = end - i128::from(first.0);
                if since <= 0 { 0.0 } else { ((since + period - 1) / period) as f64 }
            }
            Phase::Random if end <= 0 => 0.0,
            Phase::Random => (end / period) as f64 + ((end % period) as f64 / interval as f64).min(1.0),
        }
    }

    /// The time to open the connection, before the window, in nanoseconds, if delays are constant. All polls paced
    /// after the reply are later by it.
    pub fn opening_nanos(&self) -> u64 {
        let trips = match self.scenario.wire {
            Some(wire) if !self.is_fixed_rate() => 1 + u64::from(wire.tls.is_some()),
            _ => 0,
        };
        trips * (self.up.low_nanos + self.down.low_nanos) as u64
    }

    /// `E[G]` between two arrivals at the server, in seconds.
    pub fn gap_mean(&self) -> f64 {
        let interval = self.poll.interval.as_secs_f64();
        if self.is_fixed_rate() { interval } else { interval + self.up.mean + self.down.mean }
    }

    /// The gap between two arrivals in nanoseconds, if it is constant.
    pub fn constant_gap_nanos(&self) -> Option<u64> {
        let round = (self.up.low_nanos + self.down.low_nanos) as u64;
        match self.poll.pace {
            Pace::FixedRate if self.up.is_constant() => Some(self.poll.interval.0),
            Pace::AfterReply if self.has_constant_delays() => Some(self.poll.interval.0 + round),
            Pace::FixedRate | Pace::AfterReply | Pace::Poisson => None,
        }
    }

    /// Whether polls of one client reach the server in the order in which they left.
    pub fn arrives_in_order(&self) -> bool {
        !self.is_fixed_rate() || self.up.range_nanos() <= self.poll.interval.0 as f64
    }

    /// Whether replies, too, reach the client in the order in which their polls left.
    pub fn keeps_order(&self) -> bool {
        !self.is_fixed_rate() || self.up.range_nanos() + self.down.range_nanos() <= self.poll.interval.0 as f64
    }

    /// `E[G²] / 2 E[G]`: how long a message waits for the next arrival. At a fixed rate `E[G²] = T² + 2 Var[up]`; after
    /// the reply G = down + T + up.
    ///
    /// It is also the time average, at the client, of the time since the arrival at the server of the last poll that
    /// returned, less the mean delay down. At a fixed rate, with V = up + down of one poll, the area under one gap is
    /// `(T + V' - V)² / 2 + (T + V' - V) down`, which leaves `T / 2 + Var[up] / T`.
    pub fn mean_wait(&self) -> f64 {
        let gap = self.gap_mean();
        let variance =
            if self.is_fixed_rate() { 2.0 * self.up.variance } else { self.up.variance + self.down.variance };
        gap / 2.0 + variance / (2.0 * gap)
    }

    /// Whether the rate of polls is constant over the window, up to the tolerated bias.
    pub fn is_even(&self) -> bool {
        if self.is_fixed_rate() {
            return self.poll.phase == Phase::Random;
        }
        let spread = if self.poll.phase == Phase::Random { self.poll.interval.as_secs_f64() } else { 0.0 };
        let variance = if self.has_constant_delays() { 0.0 } else { self.up.variance + self.down.variance };
        let longest = self.poll.interval.as_secs_f64() + (self.up.high_nanos + self.down.high_nanos) / 1e9;
        let renewal = RenewalCycle { mean: self.gap_mean(), variance, longest, spread, ..RenewalCycle::default() };
        is_steady(self.scenario, renewal)
    }

    /// Whether the rate of polls is even, or the window a whole number of constant gaps.
    pub fn is_even_or_whole(&self) -> bool {
        let whole = self.constant_gap_nanos().is_some_and(|gap| self.scenario.window.duration.0.is_multiple_of(gap));
        self.is_even() || whole
    }

    /// Whether every poll that returns in the window has a predecessor, and so covers a whole gap.
    pub fn is_settled(&self) -> bool {
        let phase = match self.poll.phase {
            Phase::Random => self.poll.interval.0 as f64,
            Phase::At(first) => first.0 as f64,
        };
        let delays = 2.0 * (self.up.high_nanos + self.down.high_nanos);
        phase + self.poll.interval.0 as f64 + delays <= self.scenario.window.warmup.0 as f64
    }

    /// Whether no poll can leave before the previous reply has arrived, or copies are never sent again.
    pub fn redelivers_nothing(&self) -> bool {
        let drop = self.scenario.server.on_lost_reply == OnLostReply::Drop;
        let alone = self.up.high_nanos + self.down.high_nanos < self.poll.interval.0 as f64;
        drop || alone || !self.is_fixed_rate()
    }
}
