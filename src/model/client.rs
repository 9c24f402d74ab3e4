//! One client: the request that it waits for, and what comes next.

use crate::engine::{Class, Key};
use crate::model::mail::Mail;
use crate::units::Time;

/// A request, from its departure until its reply has reached the client or the server has dropped it.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Request<R> {
    /// When the client asked; its timeout runs from then on.
    pub sent: Time,
    /// When the stage ends, or the server looks again.
    pub due: Time,
    /// When the stage began. The service keeps the instant before it.
    pub since: Time,
    /// With `ticks = "each"`: looks of the server behind the next one.
    pub looks_left: u32,
    /// Where it is.
    pub stage: Stage,
    /// Whether the client still waits for the reply.
    pub awaited: bool,
    /// Scope `request`: whether the look that ends the hold finds a message.
    pub hits: bool,
    /// How it ends.
    pub ending: Ending,
    /// What it asks for, and what its reply carries: for the mailbox alone.
    pub mail: R,
}

/// Where a request is. What follows a stage is due at [`Request::due`].
///
/// Stages at whose end the server acts come first, so that one comparison tells them from those of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// On its way to the server, or to its link.
    Up,
    /// Waits for the link of the server, or passes it.
    Link,
    /// Waits for a worker.
    Queued,
    /// Has a worker and waits for the session lock.
    Locked,
    /// The server works on it before it first looks for messages.
    Service,
    /// Held by the server.
    Held,
    /// Held by the server, which has found something and waits for more.
    Lingering,
    /// A connection on which the server pushes.
    Open,
    /// Its reply is on the way to the client.
    Down,
    /// Waits in the browser for a connection.
    Blocked,
    /// Not sent yet: the client asks next.
    Idle,
}

impl Stage {
    /// Whether the request is on its way to the server, or there.
    pub(crate) fn is_ahead_of_answer(self) -> bool {
        self.class() == Class::Server
    }

    /// Whether the request has reached the server and is not answered.
    #[inline]
    pub fn is_at_server(self) -> bool {
        self.awaits_response() || self == Stage::Open
    }

    /// Whether the request has reached the server, and nothing has been sent back.
    #[inline]
    pub fn awaits_response(self) -> bool {
        matches!(self, Stage::Queued | Stage::Locked | Stage::Service | Stage::Held | Stage::Lingering)
    }

    /// Whether the server holds the request, or pushes on it.
    #[inline]
    pub(crate) fn is_held(self) -> bool {
        matches!(self, Stage::Held | Stage::Lingering | Stage::Open)
    }

    /// Who acts at the end of the stage.
    #[inline]
    pub(crate) fn class(self) -> Class {
        match self {
            Stage::Up
            | Stage::Link
            | Stage::Queued
            | Stage::Locked
            | Stage::Service
            | Stage::Held
            | Stage::Lingering
            | Stage::Open => Class::Server,
            Stage::Idle | Stage::Blocked | Stage::Down => Class::Client,
        }
    }

    /// Whether others decide when it ends.
    #[inline]
    pub(crate) fn waits_for_others(self) -> bool {
        matches!(self, Stage::Blocked | Stage::Queued | Stage::Locked)
    }
}

/// What a client sends has a number beyond those of its other requests, in both halves.
const SEND: u64 = 1 << 63 | 1 << 31;

/// The number of the request with which a client sends its message `count`, from 0.
pub(crate) fn send_number(count: u64) -> u64 {
    SEND + count
}

/// Whether a request with this number is what a client sends.
#[inline]
pub(crate) fn is_send(number: u64) -> bool {
    number >= SEND
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ending {
    /// The client gets the server's reply.
    Reply,
    /// The client gets an error.
    Error,
    /// Its connection is no more: it meets a reset where it arrives.
    Unconnected,
    /// The proxy has given it up: nobody gets the reply.
    Nowhere,
    /// The proxy has cut the connection: no byte comes.
    Cut,
    /// It is no request, but the frame of HTTP/2 with which a client gives one up.
    Reset,
    /// It is no request, but what the server pushed on a connection, or a frame that the client sends.
    Push,
    /// The same, and the client answers it.
    PushToAnswer,
}

impl Ending {
    /// Whether it is of something that the server pushed.
    #[inline]
    pub fn is_push(self) -> bool {
        matches!(self, Ending::Push | Ending::PushToAnswer)
    }
}

impl<R> Request<R> {
    /// When it is the turn of the arrival among the events of all clients: one that takes no time follows the departure,
    /// which a client makes, at once.
    #[inline]
    pub(crate) fn arrival_turn(&self) -> Key {
        Key::new(self.due, if self.due == self.since { Class::Client } else { Class::Server })
    }
}

impl<R: Default> Request<R> {
    /// A request that will be sent at `departure`.
    #[inline]
    pub(crate) fn departing(departure: Time) -> Request<R> {
        Request {
            sent: Time::ZERO,
            due: departure,
            since: Time::ZERO,
            looks_left: 0,
            stage: Stage::Idle,
            awaited: true,
            hits: false,
            ending: Ending::Reply,
            mail: R::default(),
        }
    }
}

/// The state of one client, but for its requests.
#[derive(Clone, Debug)]
pub(crate) struct Client<M: Mail> {
    /// Requests sent so far.
    pub requests: u64,
    /// When the newest message that the client has was created; `NEVER` without one.
    pub newest: Time,
    pub mail: M::Client,
}

impl<M: Mail> Client<M> {
    pub fn new(mail: M::Client) -> Client<M> {
        Client { requests: 0, newest: Time::NEVER, mail }
    }
}

/// An open request that is not the newest one of its client: overlapped, or given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Older<R> {
    /// Counts the requests of the client from 0.
    pub number: u64,
    /// When the proxy gives it up.
    pub gateway_due: Time,
    /// Its bytes on the way, where that matters.
    pub size: u64,
    pub request: Request<R>,
}

/// Memory of a client without older requests, in bytes.
pub(crate) const fn bytes<M: Mail>() -> usize {
    size_of::<Client<M>>() + size_of::<Request<M::Request>>()
}
