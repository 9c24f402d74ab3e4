//! Observers of a run: they see the life of each request, message and connection as it happens.
//!
//! The recorder is the first observer. [`super::simulate_observed`] adds another one. Observers are type parameters:
//! without another one, `()` takes its place and costs no instruction.

mod happening;

pub use happening::{Fate, Happening, MessageId, PushKind, ReplySize};

use crate::model::ids::RequestNumber;
use crate::units::Time;

/// Watches a run.
pub trait Observer {
    /// Whether it looks at anything: what only an observer needs is left out of a run without one.
    const WATCHES: bool = true;

    /// An event of a client. Instants never fall for one client; they may fall from one client to another. The
    /// exception is [`Happening::Checks`], which is told when the hold ends, with the instant of the last check.
    fn observe(&mut self, observed: Observed);
}

/// Watches nothing.
impl Observer for () {
    const WATCHES: bool = false;

    #[inline]
    fn observe(&mut self, _observed: Observed) {}
}

impl<O: Observer> Observer for &mut O {
    const WATCHES: bool = O::WATCHES;

    fn observe(&mut self, observed: Observed) {
        (**self).observe(observed);
    }
}

/// An event of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The number of the client in the whole population.
    pub client: u32,
    /// The request that it is about.
    pub request: RequestId,
    /// The instant.
    pub now: Time,
    /// The event.
    pub what: Happening,
}

/// A request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestId {
    /// A poll, or the request for a push connection; they count from 0.
    Poll(u64),
    /// A send, in a request or in a WebSocket frame; they count from 0.
    Send(u64),
    /// No request: the client itself, or its source.
    Nothing,
}

impl From<RequestNumber> for RequestId {
    #[inline]
    fn from(number: RequestNumber) -> RequestId {
        if number == RequestNumber::LAST {
            RequestId::Nothing
        } else if number.is_of_send() {
            RequestId::Send(number.count())
        } else {
            RequestId::Poll(number.count())
        }
    }
}
