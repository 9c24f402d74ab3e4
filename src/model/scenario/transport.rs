//! How clients get their messages.

use super::{Delay, Phase};
use crate::units::{Bytes, Time};

/// How clients get their messages.
#[derive(Clone, Debug, PartialEq)]
pub enum TransportConfig {
    /// Ask at an interval; the server answers at once.
    ShortPoll(ShortPoll),
    /// Ask, and the server holds the request.
    LongPoll(LongPoll),
    /// Ask at an interval that follows the messages; the server answers at once.
    AdaptivePoll(AdaptivePoll),
    /// Ask once, and the server goes on answering: a forever frame, or any response that does not end.
    Streaming(PushStream),
    /// Server-sent events.
    Sse(Sse),
    /// A WebSocket.
    WebSocket(WebSocket),
}

impl TransportConfig {
    /// Whether polls leave at random.
    pub fn polls_at_random(&self) -> bool {
        matches!(self, TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson)
    }

    /// Whether something is drawn for each request of a client.
    pub(crate) fn draws_pauses(&self) -> bool {
        self.polls_at_random()
            || matches!(self, TransportConfig::LongPoll(poll) if !matches!(poll.turnaround, Delay::Constant(_)))
            || matches!(self, TransportConfig::AdaptivePoll(_))
    }

    /// What a connection on which the server pushes has in common with others; `None` for polls.
    pub fn stream(&self) -> Option<&PushStream> {
        match self {
            TransportConfig::ShortPoll(_) | TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_) => None,
            TransportConfig::Streaming(stream) => Some(stream),
            TransportConfig::Sse(sse) => Some(&sse.stream),
            TransportConfig::WebSocket(socket) => Some(&socket.stream),
        }
    }

    /// Whether the reply to what a client sends takes along what waits for it.
    pub fn piggybacks(&self) -> bool {
        match self {
            TransportConfig::ShortPoll(poll) => poll.piggyback,
            TransportConfig::LongPoll(poll) => poll.piggyback,
            TransportConfig::AdaptivePoll(poll) => poll.piggyback,
            TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_) => false,
        }
    }

    /// Whether the first requests leave within [`Clients::start_within`](super::Clients::start_within).
    pub fn spreads_starts(&self) -> bool {
        matches!(self, TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_)) || self.stream().is_some()
    }

    /// The longest time that the server holds a request, as far as it is bounded: zero where it answers at once.
    pub fn longest_hold(&self) -> Time {
        match self {
            TransportConfig::ShortPoll(_) | TransportConfig::AdaptivePoll(_) => Time::ZERO,
            TransportConfig::LongPoll(poll) => poll.check.longest_hold(),
            _ => self.stream().and_then(|stream| stream.recycle_after).unwrap_or(Time::from_secs(1)),
        }
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
    /// Whether the reply to what a client sends takes along what waits for it.
    pub piggyback: bool,
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
    /// With [`Check::Notify`]: how long the server waits for further messages after the first, at most to the end of the
    /// hold.
    pub linger: Time,
    /// Whether the reply to what a client sends takes along what waits for it.
    pub piggyback: bool,
}

/// Short polling at an interval that each client fits to its messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaptivePoll {
    /// Shortest time from a reply to the next poll; greater than zero.
    pub min: Time,
    /// Longest time, not below `min`.
    pub max: Time,
    /// By how much an empty reply lengthens the interval; at least 1.
    pub factor: f64,
    /// How a reply with messages shortens it.
    pub rule: AdaptiveRule,
    /// Whether the reply to what a client sends takes along what waits for it.
    pub piggyback: bool,
}

/// How a reply with messages changes the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AdaptiveRule {
    /// Back to the shortest.
    Reset,
    /// Towards the time per message since the last reply, by this share: the time to refresh of Srinivasan, Liang and
    /// Ramamritham, "Maintaining Temporal Coherency of Virtual Data Warehouses", RTSS 1998, in its smoothed form.
    Rate(f64),
}

/// A connection on which the server pushes messages as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushStream {
    /// The server ends the response after this time; greater than zero. `None`: never.
    pub recycle_after: Option<Time>,
    /// The server ends the response after so many bytes of its body. `None`: never.
    pub recycle_bytes: Option<Bytes>,
    /// The server sends something without a message when it has sent nothing for so long; greater than zero.
    pub keep_alive: Option<Time>,
    /// From the end of the response to the client's next request.
    pub retry: Time,
}

/// Server-sent events (WHATWG HTML, section 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sse {
    /// The connection.
    pub stream: PushStream,
    /// Whether each event has an `id`, which a client that connects again names in `Last-Event-ID`.
    pub ids: bool,
}

/// A WebSocket (RFC 6455).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSocket {
    /// The connection.
    pub stream: PushStream,
    /// What the handshake adds to the request header.
    pub upgrade_request: Bytes,
    /// The header of the response `101 Switching Protocols`.
    pub upgrade_response: Bytes,
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
