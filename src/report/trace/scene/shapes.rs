//! The shapes of a scene.

use crate::model::RequestId;
use crate::report::trace::story::Actor;
use crate::units::Time;

/// The life of a client under one transport, as shapes.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// What is sent.
    pub arrows: Vec<Arrow>,
    /// What lasts.
    pub bars: Vec<SceneBar>,
    /// What happens at one instant.
    pub notes: Vec<SceneNote>,
    /// The checks of the server.
    pub checks: Vec<CheckSeries>,
    /// The messages that are delivered.
    pub deliveries: Vec<Delivery>,
    /// The requests, from the client's side.
    pub requests: Vec<RequestSpan>,
}

/// The kind of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrowKind {
    /// A request of the client, or a message that it sends.
    Request,
    /// Messages for the client.
    Data,
    /// "No data".
    Empty,
    /// An error, or the end of a broken connection.
    Error,
    /// Anything else: headers, keep-alives, ends.
    Control,
    /// A message from the source.
    Creation,
}

/// Something that is sent.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// The request that it belongs to.
    pub request: RequestId,
    /// What it is.
    pub kind: ArrowKind,
    /// Who sends it.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// When it is sent.
    pub sent: Time,
    /// When it arrives; `None` if that is not known.
    pub arrives: Option<Time>,
    /// Whether somebody listens where it arrives.
    pub is_heard: bool,
    /// A word or two.
    pub label: String,
    /// Bytes of HTTP.
    pub bytes: Option<u64>,
}

/// The kind of what lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SceneBarKind {
    /// A request waits for a worker, or for the lock of its session.
    Queue,
    /// The server works on a request.
    Service,
    /// The server holds a request.
    Hold,
    /// A push connection is open.
    Stream,
    /// The server is down.
    Down,
    /// The client opens a connection.
    Connect,
    /// The client waits before it asks again, or for a connection of its browser.
    Wait,
}

impl SceneBarKind {
    /// Whose lifeline it is on.
    pub fn actor(self) -> Actor {
        match self {
            SceneBarKind::Connect | SceneBarKind::Wait => Actor::Client,
            _ => Actor::Server,
        }
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            SceneBarKind::Queue => "queue",
            SceneBarKind::Service => "service",
            SceneBarKind::Hold => "hold",
            SceneBarKind::Stream => "connection",
            SceneBarKind::Down => "restart",
            SceneBarKind::Connect => "handshake",
            SceneBarKind::Wait => "wait",
        }
    }
}

/// Something that lasts.
#[derive(Clone, Copy, Debug)]
pub struct SceneBar {
    /// The request that it belongs to.
    pub request: RequestId,
    /// What it is.
    pub kind: SceneBarKind,
    /// When it begins.
    pub from: Time,
    /// When it ends; `None` if that is not known.
    pub to: Option<Time>,
    /// From when on the request is an orphan.
    pub orphan_from: Option<Time>,
}

/// Something at one instant.
#[derive(Clone, Debug)]
pub struct SceneNote {
    /// When.
    pub at: Time,
    /// Where.
    pub actor: Actor,
    /// The request that it is about.
    pub request: RequestId,
    /// A word or two.
    pub label: String,
    /// Whether something goes wrong.
    pub is_failure: bool,
}

/// Checks at equal distances.
#[derive(Clone, Copy, Debug)]
pub struct CheckSeries {
    /// The first one.
    pub first: Time,
    /// From one to the next.
    pub every: Time,
    /// How many.
    pub count: u64,
}

impl CheckSeries {
    /// The last check.
    pub fn last(&self) -> Time {
        self.first.plus(self.every.times(self.count.saturating_sub(1)))
    }
}

/// A message that is delivered.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    /// Its number, from 1.
    pub message: u64,
    /// When it was created.
    pub created: Time,
    /// When its client has it.
    pub delivered: Time,
}

/// A request, from the client's side.
#[derive(Clone, Debug)]
pub struct RequestSpan {
    /// Which one.
    pub request: RequestId,
    /// When the client sends it.
    pub sent: Time,
    /// When the client has done with it.
    pub end: Option<Time>,
    /// How it ends.
    pub outcome: &'static str,
}
