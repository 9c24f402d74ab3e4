//! Settings of polls.

use crate::model::scenario::{Delay, Phase};
use crate::units::Time;

/// Short polling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortPoll {
    /// Time between polls; greater than zero.
    pub interval: Time,
    /// What the interval is counted from.
    pub pace: Pace,
    /// The first poll: uniform in one interval, or fixed.
    pub phase: Phase,
    /// Whether the reply to a send carries the messages in the mailbox.
    pub piggyback: bool,
}

impl ShortPoll {
    /// Polls at a fixed rate, the first of them at random within the interval.
    pub const fn every(interval: Time) -> ShortPoll {
        ShortPoll { interval, pace: Pace::FixedRate, phase: Phase::Random, piggyback: false }
    }
}

/// What the interval of a short poll is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Polls leave at `phase + k * interval`, even if earlier ones are open.
    FixedRate,
    /// The next poll leaves one interval after the reply or the timeout.
    AfterReply,
    /// Polls leave at random, one per interval on average (a Poisson process), even if earlier ones are open.
    Poisson,
}

/// Long polling.
#[derive(Clone, Debug, PartialEq)]
pub struct LongPoll {
    /// When the server checks for messages.
    pub check: Check,
    /// Between a reply and the client's next request.
    pub turnaround: Delay,
    /// With [`Check::Notify`]: how long the server waits for further messages after the first, at most to the end of
    /// the hold.
    pub linger: Time,
    /// Whether the reply to a send carries the messages in the mailbox.
    pub piggyback: bool,
}

impl LongPoll {
    /// The client asks again at once after a reply, and the server answers with the first message that it finds.
    pub const fn new(check: Check) -> LongPoll {
        LongPoll { check, turnaround: Delay::Constant(Time::ZERO), linger: Time::ZERO, piggyback: false }
    }
}

impl Default for LongPoll {
    fn default() -> LongPoll {
        LongPoll::new(Check::default())
    }
}

/// Short polling at an interval that each client adapts to its messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaptivePoll {
    /// Shortest time from a reply to the next poll; greater than zero.
    pub min: Time,
    /// Longest time, not below `min`.
    pub max: Time,
    /// The factor by which an empty reply lengthens the interval; at least 1.
    pub factor: f64,
    /// How a reply with messages shortens it.
    pub rule: AdaptiveRule,
    /// Whether the reply to a send carries the messages in the mailbox.
    pub piggyback: bool,
}

impl Default for AdaptivePoll {
    /// From 1 s to 1 min, twice as long after each empty reply.
    fn default() -> AdaptivePoll {
        let (min, max) = (Time::from_secs(1), Time::from_secs(60));
        AdaptivePoll { min, max, factor: 2.0, rule: AdaptiveRule::Reset, piggyback: false }
    }
}

/// How a reply with messages changes the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AdaptiveRule {
    /// Back to the shortest.
    Reset,
    /// Towards the time per message since the last reply, by this weight: the time to refresh of Srinivasan, Liang and
    /// Ramamritham, "Maintaining Temporal Coherency of Virtual Data Warehouses", RTSS 1998, in its smoothed form.
    Rate(f64),
}

/// When the server checks for messages while it holds a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// At regular checks.
    Every {
        /// Time between checks; greater than zero.
        every: Time,
        /// Most checks, at least one; then "no data".
        count: u32,
        /// Whether the first check comes before the first sleep.
        first: FirstCheck,
    },
    /// At the instant a message is created; "no data" after `hold`.
    Notify {
        /// Longest hold; greater than zero.
        hold: Time,
    },
}

impl Default for Check {
    /// 80 checks, one after each sleep of 0.5 s.
    fn default() -> Check {
        Check::Every { every: Time::from_millis(500), count: 80, first: FirstCheck::AfterSleep }
    }
}

impl Pace {
    /// Whether polls leave even if earlier ones are open.
    pub fn is_open_loop(self) -> bool {
        self != Pace::AfterReply
    }
}

impl Check {
    /// The longest possible hold of a request.
    pub fn longest_hold(&self) -> Time {
        match *self {
            Check::Every { every, count, .. } => every.times(u64::from(count)),
            Check::Notify { hold } => hold,
        }
    }
}

/// Whether the first check comes before the first sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstCheck {
    /// Checks at s, 2s, …, n × s after arrival; the last one replies in any case.
    AfterSleep,
    /// Checks at 0, s, …, (n - 1) × s after arrival; "no data" at n × s, without another check.
    OnArrival,
}
