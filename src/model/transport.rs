//! Transports: how a client asks and how the server answers. One file each.
//!
//! [`Transport`] is the seam: a state machine that makes the decisions of client and server. [`super::simulate_with`] runs
//! one that is not among those of the experiment file; [`crate::guide::add_a_transport`] shows how.

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

pub use crate::model::request::{Ending, Request, Stage};
use crate::model::scenario::Delay;
use crate::units::Time;

/// What the server does with a request at a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It checks again at this instant.
    Hold(Time),
    /// It has found something, and checks again at this instant, whatever comes in the meantime: a notified transport is not
    /// woken before. The request is in [`Stage::Lingering`] from then on.
    Linger(Time),
    /// It answers with what it found.
    Answer,
    /// It answers "no data" without a check.
    GiveUp,
}

/// What the server sees when a request arrives.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Scope `request`: the number of the check that hits, from 1. Nothing else is found then.
    pub hit: Option<u64>,
    /// Whether the mailbox has something for the request.
    pub has_news: bool,
    /// The next creation of a message for the client (with `ticks = "each"`: the next trial).
    pub next_creation: Time,
}

/// The decisions of a transport. Times are instants of the run.
///
/// A transport needs an instant of the first request and one of the next after a reply. By default a client waits for
/// each reply before it asks again, and the server checks once for messages, when a request arrives, and answers.
pub trait Transport {
    /// What each client keeps from request to request; `()` for nothing.
    type State: Clone + Default + Debug;

    /// The state of a client that has not asked yet.
    fn new_client(&self) -> Self::State {
        Self::State::default()
    }
    /// Whether clients keep anything. Without it their states take no memory, and all have the same.
    fn keeps_state(&self) -> bool {
        size_of::<Self::State>() > 0
    }
    /// When a client's first request leaves, from 64 random bits of the client.
    fn first_departure(&self, bits: u64) -> Time;
    /// When the next request leaves while the one sent at `sent` is open; `NEVER` if it waits for the reply.
    fn departure_while_open(&self, _sent: Time) -> Time {
        Time::NEVER
    }
    /// When the next request leaves after a reply, with so many messages, to the one sent at `sent`.
    fn departure_after_reply(&self, client: &mut Self::State, sent: Time, messages: u64, now: Time) -> Time;
    /// When the next request leaves after a timeout of the one sent at `sent`: as after an empty reply.
    fn departure_after_timeout(&self, client: &mut Self::State, sent: Time, now: Time) -> Time {
        self.departure_after_reply(client, sent, 0, now)
    }
    /// When the next request leaves after an error for the one sent at `sent`, if the client waits for `wait` first.
    fn departure_after_error(&self, _sent: Time, now: Time, wait: Time) -> Time {
        now.plus(wait)
    }
    /// What is drawn between requests beyond these instants.
    fn random_gap(&self) -> Option<RandomGap> {
        None
    }
    /// Whether the reply to a message from a client carries the messages that wait for that client.
    fn piggybacks(&self) -> bool {
        false
    }

    /// A request has arrived at the server. Not asked if the server pushes.
    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, _now: Time) -> Action {
        request.hits = view.hit == Some(1);
        Action::Answer
    }
    /// The server checks again for a request that it holds. `has_news`: the mailbox has something for it.
    fn check<R>(
        &self,
        _has_news: impl Fn() -> bool,
        _next_creation: Time,
        _request: &mut Request<R>,
        _now: Time,
    ) -> Action {
        Action::Answer
    }
    /// Whether the server may hold a request before it answers.
    #[inline]
    fn may_hold(&self) -> bool {
        false
    }
    /// Whether a check, or an arrival, that leads to `action` counts as a check of the server. A server that pushes makes
    /// none.
    #[inline]
    fn counts_as_check(&self, _at_arrival: bool, _action: Action) -> bool {
        self.push().is_none()
    }
    /// When the server, which checks from time to time for a request that it holds, finds a message that comes at
    /// `creation`, of which it did not know.
    fn next_check<R>(&self, request: &Request<R>, _creation: Time) -> Time {
        request.due
    }
    /// Whether the server checks the instant a message is created.
    #[inline]
    fn is_notified(&self) -> bool {
        self.push().is_some()
    }
    /// The checks of a request up to and with instant `now`: the first, their spacing, their number.
    #[inline]
    fn checks<R>(&self, request: &Request<R>, _now: Time) -> (Time, Time, u64) {
        (request.since, Time(1), u64::from(self.push().is_none()))
    }

    /// How the server pushes; `None` if it answers each request once.
    #[inline]
    fn push(&self) -> Option<&dyn Push> {
        None
    }
}

/// A gap between the requests of a client that is drawn for each of them.
#[derive(Clone, Debug, PartialEq)]
pub enum RandomGap {
    /// What a client waits after a reply, beyond the instant that the transport says.
    AfterReply(Delay),
    /// From one request to the next, whatever is open. The first one leaves such a gap after t = 0.
    BetweenRequests(Delay),
}
