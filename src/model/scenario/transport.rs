//! How clients get their messages.

use super::{Delay, Phase};
use crate::units::Time;

/// How clients get their messages.
#[derive(Clone, Debug, PartialEq)]
pub enum Transport {
    /// Ask at an interval; the server answers at once.
    ShortPoll(ShortPoll),
    /// Ask, and the server holds the request.
    LongPoll(LongPoll),
}

impl Transport {
    /// Whether polls leave at random.
    pub fn polls_at_random(&self) -> bool {
        matches!(self, Transport::ShortPoll(poll) if poll.pace == Pace::Poisson)
    }

    /// Whether something is drawn for each request of a client.
    pub(crate) fn draws_pauses(&self) -> bool {
        self.polls_at_random()
            || matches!(self, Transport::LongPoll(poll) if !matches!(poll.turnaround, Delay::Constant(_)))
    }
}

/// Short polling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortPoll {
    /// Time between polls; greater than zero.
    pub interval: Time,
    /// What the interval is counted from.
    pub pace: Pace,
    /// The first poll: uniform in one interval, or fixed.
    pub phase: Phase,
}

/// What the interval of a short poll is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Polls leave at `phase + k * interval`, whatever is still open.
    FixedRate,
    /// The next poll leaves one interval after the reply or the timeout.
    AfterReply,
    /// Polls leave at random, one per interval on average (a Poisson process), whatever is still open.
    Poisson,
}

/// Long polling.
#[derive(Clone, Debug, PartialEq)]
pub struct LongPoll {
    /// When the server looks for messages.
    pub check: Check,
    /// Between a reply and the client's next request.
    pub turnaround: Delay,
}

/// When the server looks for messages while it holds a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// At regular checks.
    Every {
        /// Time between checks; greater than zero.
        every: Time,
        /// Checks at most, at least one; then "no data".
        count: u32,
        /// Whether the first check comes before the first sleep.
        first: FirstCheck,
    },
    /// The instant the mailbox has something; "no data" after `hold`.
    Notify {
        /// Longest hold; greater than zero.
        hold: Time,
    },
}

impl Pace {
    /// Whether polls leave whatever is still open.
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
    /// Checks at s, 2s, …, ns after arrival; the last one answers either way.
    AfterSleep,
    /// Checks at 0, s, …, (n-1)s after arrival; "no data" at ns, without another look.
    OnArrival,
}
