//! Transports: how a client asks and how the server replies. One file each.
//!
//! [`Transport`] is a state machine that makes the decisions of client and server. [`super::simulate_with`] runs your
//! own transport; [`crate::guide::add_a_transport`] shows how.

mod adaptive_poll;
mod any;
mod long_poll;
mod push;
mod short_poll;
mod sse;
mod streaming;
mod websocket;

use std::fmt::Debug;

pub(crate) use any::{AnyTransport, state_bytes};
use long_poll::LongPolling;
pub use push::{OpenConnection, Push, PushAction};
use short_poll::ShortPolling;

pub use crate::model::request::{Ending, HeldRequest, Request, Stage};
use crate::model::scenario::Delay;
use crate::units::Time;

/// The server's action on a request after a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It checks again at this instant.
    Hold(Time),
    /// It has found a message, and checks again at this instant, whatever comes in the meantime: a notified transport
    /// is not woken before. The request is in [`Stage::Lingering`] from then on.
    Linger(Time),
    /// It replies with the messages.
    Answer,
    /// It replies "no data" without a check.
    GiveUp,
}

/// The server's view of the mailbox when a request arrives.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Scope `request`: the number of the check that hits, from 1. No other message is found then.
    pub hit: Option<u64>,
    /// Whether the mailbox has a message for the request.
    pub has_news: bool,
    /// The next creation of a message for the client (with `ticks = "each"`: the next trial).
    pub next_creation: Time,
}

/// The decisions of a transport. Times are instants of the run.
///
/// A transport must define the instants of the first request and of the next one after a reply. By default a client
/// waits for each reply before it asks again, and the server checks for messages once, when a request arrives, and
/// replies.
pub trait Transport {
    /// The state of each client from request to request; `()` for none.
    type State: Clone + Default + Debug;

    /// The state of a client that has not asked yet.
    fn new_client(&self) -> Self::State {
        Self::State::default()
    }
    /// Whether clients have a state. Otherwise their states take no memory, and all clients share one.
    fn keeps_state(&self) -> bool {
        size_of::<Self::State>() > 0
    }
    /// When a client's first request leaves, from 64 random bits of the client.
    fn first_departure(&self, bits: u64) -> Time;
    /// When the next request leaves while the one sent at `sent` is open; `NEVER` if it waits for the reply.
    fn departure_while_open(&self, _sent: Time) -> Time {
        Time::NEVER
    }
    /// When the next request leaves after a reply with `messages` messages to the one sent at `sent`.
    fn departure_after_reply(&self, client: &mut Self::State, sent: Time, messages: u64, now: Time) -> Time;
    /// When the next request leaves after a timeout of the one sent at `sent`: as after an empty reply.
    fn departure_after_timeout(&self, client: &mut Self::State, sent: Time, now: Time) -> Time {
        self.departure_after_reply(client, sent, 0, now)
    }
    /// When the next request leaves after an error for the one sent at `sent`, if the client backs off for `wait`.
    fn departure_after_error(&self, _sent: Time, now: Time, wait: Time) -> Time {
        now.plus(wait)
    }
    /// The drawn gaps between requests, in addition to these instants.
    fn random_gap(&self) -> Option<RandomGap> {
        None
    }
    /// Whether the reply to a send carries the messages in the mailbox.
    fn piggybacks(&self) -> bool {
        false
    }

    /// A request has arrived at the server. Not asked if the server pushes.
    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, _now: Time) -> Action {
        request.hits = view.hit == Some(1);
        Action::Answer
    }
    /// The server checks a held request again. `has_news`: the mailbox has a message for it. Of `held` only
    /// `checks_left` is kept. An answer that has to wait for other clients is asked for again at the same instant, with
    /// the `checks_left` of the first time.
    fn check(&self, _has_news: impl Fn() -> bool, _next_creation: Time, _held: &mut HeldRequest, _now: Time) -> Action {
        Action::Answer
    }
    /// Whether the server may hold a request before it answers.
    #[inline]
    fn may_hold(&self) -> bool {
        false
    }
    /// Whether a check, or an arrival, that leads to `action` counts as a check of the server. A server that pushes
    /// makes none.
    #[inline]
    fn counts_as_check(&self, _at_arrival: bool, _action: Action) -> bool {
        self.push().is_none()
    }
    /// When a server that checks at intervals finds an unexpected message that is created at `creation`.
    fn next_check<R>(&self, request: &Request<R>, _creation: Time) -> Time {
        request.due
    }
    /// Whether the server checks at the instant a message is created.
    #[inline]
    fn is_notified(&self) -> bool {
        self.push().is_some()
    }
    /// The checks of a request up to and including `now`: the first, their spacing, their number.
    #[inline]
    fn checks<R>(&self, request: &Request<R>, _now: Time) -> (Time, Time, u64) {
        (request.since, Time(1), u64::from(self.push().is_none()))
    }

    /// How the server pushes; `None` if it replies once to each request.
    #[inline]
    fn push(&self) -> Option<&dyn Push> {
        None
    }
}

/// A gap between the requests of a client, drawn for each of them.
#[derive(Clone, Debug, PartialEq)]
pub enum RandomGap {
    /// The wait of a client after a reply, in addition to the instant of the transport.
    AfterReply(Delay),
    /// From one request to the next, even if earlier ones are open. The first request leaves one such gap after t = 0.
    BetweenRequests(Delay),
}
