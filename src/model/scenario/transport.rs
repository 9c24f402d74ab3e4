//! How clients get their messages: the registry of the transports and their settings.
//!
//! The constructors fill in the defaults of the experiment file. Write `ShortPoll { pace, ..ShortPoll::every(interval)
//! }` rather than all fields: then a new field does not break the code.

mod polls;
mod push;

use super::Delay;
use crate::units::Time;
pub use polls::{AdaptivePoll, AdaptiveRule, Check, FirstCheck, LongPoll, Pace, ShortPoll};
pub use push::{PushStream, Sse, WebSocket};

/// The registry of the transports. For each row it makes a variant of [`TransportConfig`] and of [`TransportKind`], and
/// the conversion of its settings. What the model does with a kind of transport matches on one of the two without
/// a wildcard, so that a kind which nothing simulates does not compile.
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
            Self::ShortPoll(_) | Self::AdaptivePoll(_) => Response::AtOnce,
            Self::LongPoll(_) => Response::Held,
            Self::Streaming(_) | Self::Sse(_) => Response::Stream,
            Self::WebSocket(_) => Response::Upgrade,
        }
    }

    /// The settings of polls at a fixed interval; `None` if clients do not keep to one.
    pub const fn short_poll(&self) -> Option<&ShortPoll> {
        match self {
            Self::ShortPoll(poll) => Some(poll),
            Self::LongPoll(_) | Self::AdaptivePoll(_) | Self::Streaming(_) | Self::Sse(_) | Self::WebSocket(_) => None,
        }
    }

    /// When the server checks for messages while it holds a request; `None` if it answers at once.
    pub const fn check(&self) -> Option<Check> {
        match self {
            Self::LongPoll(poll) => Some(poll.check),
            Self::ShortPoll(_) | Self::AdaptivePoll(_) | Self::Streaming(_) | Self::Sse(_) | Self::WebSocket(_) => None,
        }
    }

    /// Whether requests leave even if earlier ones are open.
    pub fn is_open_loop(&self) -> bool {
        self.short_poll().is_some_and(|poll| poll.pace.is_open_loop())
    }

    /// Whether the polls of a client are a Poisson process.
    pub fn polls_at_random(&self) -> bool {
        self.short_poll().is_some_and(|poll| poll.pace == Pace::Poisson)
    }

    /// Whether it needs only clients that ask in the same way after every reply, and a server without limits.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::ShortPoll(poll) => poll.pace != Pace::Poisson,
            Self::LongPoll(poll) => matches!(poll.turnaround, Delay::Constant(_)),
            Self::AdaptivePoll(_) | Self::Streaming(_) | Self::Sse(_) | Self::WebSocket(_) => false,
        }
    }

    /// The common settings of push connections; `None` for polls.
    pub fn stream(&self) -> Option<&PushStream> {
        match self {
            Self::ShortPoll(_) | Self::LongPoll(_) | Self::AdaptivePoll(_) => None,
            Self::Streaming(stream) | Self::Sse(Sse { stream, .. }) | Self::WebSocket(WebSocket { stream, .. }) => {
                Some(stream)
            }
        }
    }

    /// Whether the reply to a send carries the messages in the mailbox.
    pub fn piggybacks(&self) -> bool {
        match self {
            Self::ShortPoll(poll) => poll.piggyback,
            Self::LongPoll(poll) => poll.piggyback,
            Self::AdaptivePoll(poll) => poll.piggyback,
            Self::Streaming(_) | Self::Sse(_) | Self::WebSocket(_) => false,
        }
    }

    /// Whether the first requests leave within [`Clients::start_within`](super::Clients::start_within).
    pub fn spreads_starts(&self) -> bool {
        self.short_poll().is_none()
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

    /// The longest time from one request of a client to its next, without delays: an interval, a hold and its
    /// turnaround, or the life of a connection. Zero for a connection that lasts.
    pub fn longest_cycle(&self) -> Time {
        match self {
            Self::ShortPoll(poll) => poll.interval,
            Self::AdaptivePoll(poll) => poll.max,
            Self::LongPoll(poll) => {
                let turnaround = match poll.turnaround {
                    Delay::Constant(time) => time,
                    _ => Time::ZERO,
                };
                poll.check.longest_hold().plus(turnaround)
            }
            Self::Streaming(stream) | Self::Sse(Sse { stream, .. }) | Self::WebSocket(WebSocket { stream, .. }) => {
                stream.recycle_after.map_or(Time::ZERO, |life| life.plus(stream.retry))
            }
        }
    }

    /// The default of [`Clients::start_within`](super::Clients::start_within). Clients to which the server pushes
    /// without an end start as clients whose requests it holds for `hold`.
    pub fn usual_start(&self, hold: Time) -> Time {
        match self {
            Self::ShortPoll(_) => Time::ZERO,
            Self::LongPoll(poll) => poll.check.longest_hold(),
            Self::AdaptivePoll(poll) => poll.min,
            Self::Streaming(stream) | Self::Sse(Sse { stream, .. }) | Self::WebSocket(WebSocket { stream, .. }) => {
                stream.recycle_after.unwrap_or(hold)
            }
        }
    }
}
