//! A line of the story of a client.

use crate::model::RequestId;
use crate::units::Time;

/// Who acts, and the lifelines of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The client.
    Client,
    /// The network between the client and the server.
    Network,
    /// The server, with its proxy.
    Server,
    /// The source of messages.
    Source,
}

impl Actor {
    /// All of them, from left to right.
    pub const ALL: [Actor; 4] = [Actor::Client, Actor::Network, Actor::Server, Actor::Source];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Actor::Client => "client",
            Actor::Network => "network",
            Actor::Server => "server",
            Actor::Source => "source",
        }
    }
}

/// A line: what happens at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    /// The instant.
    pub at: Time,
    /// The request that it is about.
    pub request: RequestId,
    /// The name of the event in a table.
    pub event: &'static str,
    /// Who acts.
    pub from: Actor,
    /// To whom something is sent.
    pub to: Option<Actor>,
    /// What happens, in words.
    pub words: String,
    /// Bytes that are sent.
    pub bytes: Option<u64>,
    /// The first and the last message that it is about, from 1.
    pub messages: Option<(u64, u64)>,
    /// When what begins here ends: a transit, a service, a wait.
    pub until: Option<Time>,
    /// From the creation of a message to its delivery.
    pub latency: Option<Time>,
    /// How many checks, or messages, there are.
    pub count: Option<u64>,
    /// Whether it says no more than another line of the same instant, or is of interest for programs only.
    pub is_detail: bool,
}

impl StoryLine {
    /// A line without anything but words.
    pub fn new(at: Time, request: RequestId, event: &'static str, from: Actor, words: String) -> StoryLine {
        StoryLine {
            at,
            request,
            event,
            from,
            to: None,
            words,
            bytes: None,
            messages: None,
            until: None,
            latency: None,
            count: None,
            is_detail: false,
        }
    }
}
