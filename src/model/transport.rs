//! Transports: how a client asks and how the server answers. One file each.

mod long_poll;
mod short_poll;

pub(crate) use long_poll::LongPolling;
pub(crate) use short_poll::ShortPolling;

use crate::model::client::Request;
use crate::model::mailbox::{Mailbox, Rules};
use crate::model::scenario::Ticks;
use crate::units::Time;

/// What the server does with a request that it looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It looks again at this instant.
    Hold(Time),
    /// It answers with what it found.
    Answer,
    /// It answers "no data" without a look.
    GiveUp,
}

/// What the server sees when it looks for the messages of one client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub mailbox: &'a Mailbox,
    pub rules: Rules,
    pub ticks: Ticks,
    /// The next creation of a message for the client (with `ticks = "each"`: the next trial).
    pub next_creation: Time,
    /// Nothing exists outside a request: the check itself is the trial.
    pub in_request: bool,
}

impl View<'_> {
    /// Whether the server finds something for `request` at the check that it has just counted.
    pub fn finds(&self, request: &Request) -> bool {
        if self.in_request { u64::from(request.checks) == request.hit_check } else { self.has_news(request) }
    }

    /// Whether the mailbox has something for `request`.
    pub fn has_news(&self, request: &Request) -> bool {
        self.mailbox.has_news(self.rules, request.named)
    }
}

/// The decisions of a transport. Times are instants of the run.
pub(crate) trait Transport {
    /// When a client's first request leaves, from 64 random bits of the client.
    fn first_departure(&self, bits: u64) -> Time;
    /// When the next request leaves, seen from the departure of one; `NEVER` where it waits for the reply.
    fn departure_after_departure(&self, now: Time) -> Time;
    /// When the next request leaves, seen from the arrival of a reply; `None` where that changes nothing.
    fn departure_after_reply(&self, now: Time) -> Option<Time>;
    /// When the next request leaves, seen from a timeout; `None` where that changes nothing.
    fn departure_after_timeout(&self, now: Time) -> Option<Time>;
    /// A request has arrived at the server.
    fn arrive(&self, view: &View, request: &mut Request, now: Time) -> Action;
    /// The server looks again at a request that it holds.
    fn look(&self, view: &View, request: &mut Request, now: Time) -> Action;
    /// When the server looks at a held request because a message was created `now`; `None` where that changes nothing.
    fn wake(&self, now: Time) -> Option<Time>;
    /// The checks of a request up to and with instant `now`: the first, their spacing, their number.
    fn checks(&self, request: &Request, now: Time) -> (Time, Time, u64);
}
