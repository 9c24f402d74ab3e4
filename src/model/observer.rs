//! Observers of a run: they see the life of each request as it happens.
//!
//! The recorder is the first observer. [`super::simulate_observed`] adds another one. Observers are type parameters:
//! without another one, `()` takes its place and costs no instruction.

use crate::model::ids::RequestNumber;
use crate::units::Time;

/// Watches a run.
pub trait Observer {
    /// An event of a request. Instants never fall for one client; they may fall from one client to another.
    fn observe(&mut self, observed: Observed);
}

/// Watches nothing.
impl Observer for () {
    #[inline]
    fn observe(&mut self, _observed: Observed) {}
}

impl<O: Observer> Observer for &mut O {
    fn observe(&mut self, observed: Observed) {
        (**self).observe(observed);
    }
}

/// An event of a request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The number of the client in the whole population.
    pub client: u32,
    /// The request.
    pub request: RequestId,
    /// The instant.
    pub now: Time,
    /// The event.
    pub what: Happening,
}

/// A request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// A poll, or the request for a push connection; they count from 0.
    Poll(u64),
    /// A send; they count from 0.
    Send(u64),
}

impl From<RequestNumber> for RequestId {
    #[inline]
    fn from(number: RequestNumber) -> RequestId {
        if number.is_of_send() { RequestId::Send(number.count()) } else { RequestId::Poll(number.count()) }
    }
}

/// The sizes of a reply, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplySize {
    /// The header.
    pub header: u64,
    /// The body: messages with their framing, or "no data".
    pub body: u64,
    /// The messages alone.
    pub payload: u64,
}

/// The events of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The client sends it.
    Sent {
        /// Bytes of the header.
        header: u64,
        /// Bytes of the body.
        body: u64,
    },
    /// It reaches the server; twice where the server has a link, which it reaches first and then has passed.
    Arrived,
    /// A worker begins with it. It has waited since this instant.
    Started(Time),
    /// The server holds it.
    Held,
    /// The reply leaves, also one of 502 or 504; for a push connection, the header of the response.
    Answered {
        /// The sizes of the reply.
        size: ReplySize,
        /// Whether it is a poll that gets no message.
        is_empty: bool,
    },
    /// The backlog of the server is full: the client gets a 502.
    Refused,
    /// The proxy gives it up: the client gets a 504.
    GatewayTimedOut,
    /// The server restarts or is down: the connection breaks.
    Broken,
    /// Its reply, or the first push, reaches the client, which still waits for it.
    Received,
    /// The client gives it up.
    TimedOut,
}
