//! How clients get their messages: the registry of the transports and their settings.
//!
//! The constructors fill in the defaults of the experiment file. Write `ShortPoll { pace, ..ShortPoll::every(interval)
//! }` rather than all fields: then a new field does not break the code.

use super::{Delay, Phase};
use crate::units::{Bytes, Time};

/// The registry of the transports. For each row it makes a variant of [`TransportConfig`] and of [`TransportKind`], and
/// the conversion of its settings. All that depends on the kind of a transport matches on one of the two without a
/// wildcard, so that a kind which nothing simulates does not compile.
macro_rules! transports {
    ($($(#[$doc:meta])* $kind:ident($settings:ty) $word:literal;)*) => {
        /// How clients get their messages: a kind of transport and its settings.
        #[derive(Clone, Debug, PartialEq)]
        pub enum TransportConfig { $($(#[$doc])* $kind($settings),)* }

        /// The kinds of transports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TransportKind { $($(#[$doc])* $kind,)* }

        impl TransportKind {
            /// All kinds, in the order in which they are listed.
            pub const ALL: &[TransportKind] = &[$(TransportKind::$kind,)*];

            /// Their names in an experiment file, in the same order.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// Its name in an experiment file.
            pub const fn word(self) -> &'static str {
                match self { $(TransportKind::$kind => $word,)* }
            }
        }

        impl TransportConfig {
            /// The kind of this transport.
            pub const fn kind(&self) -> TransportKind {
                match self { $(TransportConfig::$kind(_) => TransportKind::$kind,)* }
            }
        }

        $(impl From<$settings> for TransportConfig {
            fn from(settings: $settings) -> TransportConfig {
                TransportConfig::$kind(settings)
            }
        })*
    };
}

transports! {
    /// The client polls at an interval; the server replies at once.
    ShortPoll(ShortPoll) "short_poll";
    /// The client polls, and the server holds the request.
    LongPoll(LongPoll) "long_poll";
    /// The client polls at an interval that follows the messages; the server replies at once.
    AdaptivePoll(AdaptivePoll) "adaptive_poll";
    /// The client asks once, and the response does not end: a forever frame, for example.
    Streaming(PushStream) "streaming";
    /// Server-sent events.
    Sse(Sse) "sse";
    /// A WebSocket.
    WebSocket(WebSocket) "websocket";
}

/// How the server treats the request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// It answers at once.
    AtOnce,
    /// It may hold the request before it answers.
    Held,
    /// It begins a response at once, and pushes messages in its body.
    Stream,
    /// It upgrades the connection, and pushes messages in the frames of a protocol other than HTTP.
    Upgrade,
}

impl TransportConfig {
    /// The server's processing of a request.
    pub const fn response(&self) -> Response {
        match self {
            TransportConfig::ShortPoll(_) | TransportConfig::AdaptivePoll(_) => Response::AtOnce,
            TransportConfig::LongPoll(_) => Response::Held,
            TransportConfig::Streaming(_) | TransportConfig::Sse(_) => Response::Stream,
            TransportConfig::WebSocket(_) => Response::Upgrade,
        }
    }

    /// What the interval from poll to poll is counted from; `None` if clients do not keep to an interval.
    pub const fn pace(&self) -> Option<Pace> {
        match self {
            TransportConfig::ShortPoll(poll) => Some(poll.pace),
            TransportConfig::LongPoll(_)
            | TransportConfig::AdaptivePoll(_)
            | TransportConfig::Streaming(_)
            | TransportConfig::Sse(_)
            | TransportConfig::WebSocket(_) => None,
        }
    }

    /// When the server checks for messages while it holds a request; `None` if it answers at once.
    pub const fn check(&self) -> Option<Check> {
        match self {
            TransportConfig::LongPoll(poll) => Some(poll.check),
            TransportConfig::ShortPoll(_)
            | TransportConfig::AdaptivePoll(_)
            | TransportConfig::Streaming(_)
            | TransportConfig::Sse(_)
            | TransportConfig::WebSocket(_) => None,
        }
    }

    /// Whether requests leave even if earlier ones are open.
    pub fn is_open_loop(&self) -> bool {
        self.pace().is_some_and(Pace::is_open_loop)
    }

    /// Whether the polls of a client are a Poisson process.
    pub fn polls_at_random(&self) -> bool {
        self.pace() == Some(Pace::Poisson)
    }

    /// Whether it needs only clients that ask in the same way after every reply, and a server without limits.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            TransportConfig::ShortPoll(poll) => poll.pace != Pace::Poisson,
            TransportConfig::LongPoll(poll) => matches!(poll.turnaround, Delay::Constant(_)),
            TransportConfig::AdaptivePoll(_)
            | TransportConfig::Streaming(_)
            | TransportConfig::Sse(_)
            | TransportConfig::WebSocket(_) => false,
        }
    }

    /// The common settings of push connections; `None` for polls.
    pub fn stream(&self) -> Option<&PushStream> {
        match self {
            TransportConfig::ShortPoll(_) | TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_) => None,
            TransportConfig::Streaming(stream)
            | TransportConfig::Sse(Sse { stream, .. })
            | TransportConfig::WebSocket(WebSocket { stream, .. }) => Some(stream),
        }
    }

    /// Whether the reply to a send carries the messages in the mailbox.
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
        self.pace().is_none()
    }

    /// The longest time that the server holds a request, if it is bounded: zero if it answers at once, 1 s if it never
    /// ends.
    pub fn longest_hold(&self) -> Time {
        let of_stream = |stream: &PushStream| stream.recycle_after.unwrap_or(Time::from_secs(1));
        self.stream().map_or_else(|| self.longest_check(), of_stream)
    }

    /// The longest time that the server holds a request before it answers: zero if it answers at once.
    pub fn longest_check(&self) -> Time {
        self.check().map_or(Time::ZERO, |check| check.longest_hold())
    }

    /// The default of [`Clients::start_within`](super::Clients::start_within). Clients to which the server pushes
    /// without an end start as clients whose requests it holds for `hold`.
    pub fn usual_start(&self, hold: Time) -> Time {
        match self {
            TransportConfig::ShortPoll(_) => Time::ZERO,
            TransportConfig::LongPoll(poll) => poll.check.longest_hold(),
            TransportConfig::AdaptivePoll(poll) => poll.min,
            TransportConfig::Streaming(stream)
            | TransportConfig::Sse(Sse { stream, .. })
            | TransportConfig::WebSocket(WebSocket { stream, .. }) => stream.recycle_after.unwrap_or(hold),
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

/// A connection on which the server pushes messages as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushStream {
    /// The server ends the response after this time; greater than zero. `None`: never.
    pub recycle_after: Option<Time>,
    /// The server ends the response after this number of bytes of its body. `None`: never.
    pub recycle_bytes: Option<Bytes>,
    /// The server sends a keep-alive when it has sent nothing for this time; greater than zero.
    pub keep_alive: Option<Time>,
    /// From the end of the response to the client's next request.
    pub retry: Time,
}

impl PushStream {
    /// A connection that the server never ends; if another cause ends it, the client asks again after `retry`.
    pub const fn endless(retry: Time) -> PushStream {
        PushStream { recycle_after: None, recycle_bytes: None, keep_alive: None, retry }
    }
}

impl Default for PushStream {
    fn default() -> PushStream {
        PushStream::endless(Time::ZERO)
    }
}

/// Server-sent events (WHATWG HTML, section 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sse {
    /// The connection.
    pub stream: PushStream,
    /// Whether each event has an `id`; a client that connects again names the last one in `Last-Event-ID`.
    pub ids: bool,
}

impl Default for Sse {
    /// Without ids, over an endless response; the client asks again after 3 s.
    fn default() -> Sse {
        Sse { stream: PushStream::endless(Time::from_secs(3)), ids: false }
    }
}

/// A WebSocket (RFC 6455).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSocket {
    /// The connection.
    pub stream: PushStream,
    /// Bytes that the handshake adds to the request header.
    pub upgrade_request: Bytes,
    /// The header of the response `101 Switching Protocols`.
    pub upgrade_response: Bytes,
}

impl Default for WebSocket {
    /// The handshake of RFC 6455, section 1.2; the client connects again after 1 s.
    fn default() -> WebSocket {
        let stream = PushStream::endless(Time::from_secs(1));
        WebSocket { stream, upgrade_request: Bytes(113), upgrade_response: Bytes(129) }
    }
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
