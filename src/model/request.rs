//! A request: its origin, its stage and its ending.

use crate::engine::{Class, Key};
use crate::units::Time;

/// A request, from its departure until its reply has reached the client or the server has dropped it.
///
/// Nearly every event reads the newest request of a client. With no messages of its own it takes 32 bytes, and the
/// alignment keeps it from lying across two cache lines of 64.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Request<R> {
    /// When the client asked; its timeout starts then.
    pub sent: Time,
    /// When the stage ends, or the server checks again.
    pub due: Time,
    /// When the stage began. The service keeps the instant before it.
    pub since: Time,
    /// Its stage.
    pub stage: Stage,
    /// The part of the response that its client awaits.
    pub awaited: Awaited,
    /// Scope `request`: whether the check that ends the hold finds a message.
    pub hits: bool,
    /// How it ends.
    pub ending: Ending,
    /// The messages that it asks for and that its reply carries; used by the message store only.
    pub messages: R,
}

const _: () = assert!(size_of::<Request<()>>() == 32);

/// The stage of a request. Its end is due at [`Request::due`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In transit to the server, or to its link.
    Up,
    /// Waits for the link of the server, or passes it.
    Link,
    /// Waits for a worker.
    Queued,
    /// Has a worker and waits for the session lock.
    Locked,
    /// The server works on it before its first check for messages.
    Service,
    /// Held by the server.
    Held {
        /// With `ticks = "each"`: checks after the next one.
        checks_left: ChecksLeft,
    },
    /// Held by the server, which has found a message and waits for more.
    Lingering {
        /// The same.
        checks_left: ChecksLeft,
    },
    /// A push connection.
    Open,
    /// Its reply is on the way to the client.
    Down,
    /// Waits in the browser for a connection.
    Blocked,
    /// Not sent yet: the client will send it next.
    Idle,
}

/// A number of checks. It needs no alignment, so that a [`Stage`] takes 5 bytes and a [`Request`] 32, not 40.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, packed)]
pub struct ChecksLeft(pub u32);

/// A request that the server holds, as its transport sees it at a check.
#[derive(Clone, Copy, Debug)]
pub struct HeldRequest {
    /// When the hold began.
    pub since: Time,
    /// Scope `request`: whether the check that ends the hold finds a message.
    pub hits: bool,
    /// Whether the server has found a message and has waited for more.
    pub is_lingering: bool,
    /// Checks after the next one, or any other number of the transport's own.
    pub checks_left: u32,
}

impl Stage {
    /// At the start of a hold.
    pub const HELD: Stage = Stage::Held { checks_left: ChecksLeft(0) };

    /// Whether the request is in transit to the server, or there.
    pub(crate) fn is_before_answer(self) -> bool {
        self.class() == Class::Server
    }

    /// Whether the request has reached the server and is not answered.
    #[inline]
    pub fn is_at_server(self) -> bool {
        self.awaits_response() || self == Stage::Open
    }

    /// Whether the request has reached the server, and no byte has been sent back.
    #[inline]
    pub fn awaits_response(self) -> bool {
        matches!(self, Stage::Queued | Stage::Locked | Stage::Service | Stage::Held { .. } | Stage::Lingering { .. })
    }

    /// Whether the server holds the request and checks for messages.
    #[inline]
    pub(crate) fn is_checked(self) -> bool {
        matches!(self, Stage::Held { .. } | Stage::Lingering { .. })
    }

    /// Whether the server holds the request, or pushes on it.
    #[inline]
    pub(crate) fn is_held(self) -> bool {
        matches!(self, Stage::Held { .. } | Stage::Lingering { .. } | Stage::Open)
    }

    /// Whether a new message wakes a server that is notified.
    #[inline]
    pub(crate) fn is_woken_by_messages(self) -> bool {
        matches!(self, Stage::Held { .. } | Stage::Open)
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
            | Stage::Held { .. }
            | Stage::Lingering { .. }
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

/// The part of the response for which a client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Awaited {
    /// The response. The timeout of the client runs.
    Response,
    /// The rest of a response that has begun.
    Rest,
    /// Nothing: the client has given up the request, or never waits.
    Nothing,
}

/// The origin of a request, or of another message in transit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Origin {
    /// A poll, or the request for a push connection.
    Poll,
    /// A send in a request.
    Send,
    /// A send in a WebSocket frame.
    Frame,
    /// The HTTP/2 frame with which a client gives up a request.
    Reset,
    /// A push on a connection.
    Push,
    /// The same, and the client answers it.
    Ping,
}

impl Origin {
    /// Whether it is a push.
    #[inline]
    pub fn is_push(self) -> bool {
        matches!(self, Origin::Push | Origin::Ping)
    }

    /// Whether it is a request of HTTP.
    #[inline]
    pub fn is_request(self) -> bool {
        matches!(self, Origin::Poll | Origin::Send)
    }
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ending {
    /// The client gets the server's reply.
    Reply,
    /// The client gets an error.
    Error,
    /// Its connection is closed: it meets a reset when it arrives.
    Unconnected,
    /// The proxy has given it up: no reply is sent.
    Nowhere,
    /// The proxy has cut the connection: no byte comes.
    Cut,
}

impl<R> Request<R> {
    /// Whether the client still waits for the reply, or for the rest of it.
    #[inline]
    pub fn is_awaited(&self) -> bool {
        self.awaited != Awaited::Nothing
    }

    /// While the server holds the request: the checks after the next one, if the transport counts them.
    #[inline]
    pub fn checks_left(&self) -> u32 {
        match self.stage {
            Stage::Held { checks_left } | Stage::Lingering { checks_left } => checks_left.0,
            _ => 0,
        }
    }

    /// The request as its transport sees it at a check.
    #[inline]
    pub(crate) fn held(&self) -> HeldRequest {
        let is_lingering = matches!(self.stage, Stage::Lingering { .. });
        HeldRequest { since: self.since, hits: self.hits, is_lingering, checks_left: self.checks_left() }
    }

    /// Sets [`Request::checks_left`] of a request that is held.
    #[inline]
    pub fn set_checks_left(&mut self, count: u32) {
        if let Stage::Held { checks_left } | Stage::Lingering { checks_left } = &mut self.stage {
            *checks_left = ChecksLeft(count);
        }
    }

    /// The key of the arrival among the events of all clients. An arrival without delay follows the departure, an event
    /// of the client, at once.
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
            stage: Stage::Idle,
            awaited: Awaited::Response,
            hits: false,
            ending: Ending::Reply,
            messages: R::default(),
        }
    }
}
