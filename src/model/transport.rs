//! Transports: how a client asks and how the server answers. One file each.
//!
//! [`Transport`] is the seam: a state machine that makes the decisions of client and server. [`super::simulate_with`] runs
//! one that is not among those of the experiment file; [`crate::guide::add_a_transport`] shows how.

mod adaptive_poll;
mod any;
mod long_poll;
mod short_poll;
mod sse;
mod stream;
mod streaming;
mod websocket;

use adaptive_poll::AdaptivePolling;
pub(crate) use adaptive_poll::PollInterval;
pub(crate) use any::AnyTransport;
use long_poll::LongPolling;
use short_poll::ShortPolling;
pub use stream::Pushing;

pub use crate::model::request::{Ending, Request, Stage};
use crate::units::Time;

/// What the server does with a request that it looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It looks again at this instant.
    Hold(Time),
    /// It has found something, and looks again at this instant, whatever comes in the meantime: a notified transport is not
    /// woken before. The request is in [`Stage::Lingering`] from then on.
    Linger(Time),
    /// It answers with what it found.
    Answer,
    /// It answers "no data" without a look.
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
pub trait Transport {
    /// When a client's first request leaves, from 64 random bits of the client.
    fn first_departure(&self, bits: u64) -> Time;
    /// When the next request leaves while the one sent at `sent` is open; `NEVER` where it waits for the reply.
    fn departure_while_open(&self, sent: Time) -> Time;
    /// When the next request leaves after a reply to the one sent at `sent`.
    fn departure_after_reply(&self, sent: Time, now: Time) -> Time;
    /// When the next request leaves after a timeout of the one sent at `sent`.
    fn departure_after_timeout(&self, sent: Time, now: Time) -> Time;
    /// When the next request leaves after an error for the one sent at `sent`, where the client waits for `wait` first.
    fn departure_after_error(&self, sent: Time, now: Time, wait: Time) -> Time;
    /// A request has arrived at the server.
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action;
    /// The server looks again at a request that it holds. `has_news`: the mailbox has something for it.
    fn look<R>(&self, has_news: impl Fn() -> bool, next_creation: Time, request: &mut Request<R>, now: Time) -> Action;
    /// Whether a look, or an arrival, that leads to `action` is one of the server's checks.
    fn is_check(&self, at_arrival: bool, action: Action) -> bool;
    /// When the server, which looks at a request that it holds now and then, finds a message that comes at `creation`, of
    /// which it did not know.
    fn next_look<R>(&self, request: &Request<R>, _creation: Time) -> Time {
        request.due
    }
    /// Whether the server looks at a held request the instant a message is created.
    fn is_notified(&self) -> bool;
    /// How the server pushes; `None` where it answers each request once.
    fn stream(&self) -> Option<&Pushing> {
        None
    }
    /// The checks of a request up to and with instant `now`: the first, their spacing, their number.
    fn checks<R>(&self, request: &Request<R>, now: Time) -> (Time, Time, u64);
}
