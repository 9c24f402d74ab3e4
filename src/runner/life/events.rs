//! What is asked for of a life, and what is kept of it.

use crate::model::{Fate, Happening, RequestId};
use crate::units::Time;

/// The client and the part of its life that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeRequest {
    /// The replication.
    pub replication: u32,
    /// The number of the client, from 0.
    pub client: u32,
    /// From this instant on.
    pub from: Time,
    /// Up to this instant, which is not included.
    pub to: Time,
    /// Most events that are kept.
    pub most: usize,
}

/// The part of a client's life that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The events in order of time. First come those before the part of requests and messages that are still open when
    /// it begins.
    pub events: Vec<LifeEvent>,
    /// When the client first does something in the run; `None` if it never does.
    pub begins: Option<Time>,
    /// The first event that was left out, and the number of all such, if there were more than asked for.
    pub left_out: Option<(Time, u64)>,
}

/// The replication has no such client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no client {client}: replication {replication} has {}", words(*.clients))]
pub struct NoClient {
    /// The client.
    pub client: u32,
    /// The replication.
    pub replication: u32,
    /// How many clients it has.
    pub clients: u32,
}

fn words(clients: u32) -> String {
    match clients {
        0 => "none".to_owned(),
        1 => "one, number 0".to_owned(),
        many => format!("{many}, numbered from 0 to {}", many - 1),
    }
}

/// An event of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeEvent {
    /// The instant.
    pub at: Time,
    /// The request that it is about.
    pub request: RequestId,
    /// The event.
    pub what: Occurrence,
}

/// What happens: as the model tells it, or with the numbers of the messages of the client, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// Anything that is not about a message.
    Plain(Happening),
    /// A message is created: its number, the instant, and its size.
    Created(u64, Time, u64),
    /// The server puts the messages from the first up to the second number into a reply or a push.
    Carried(u64, u64),
    /// The fate of a message is settled: its number, its fate, and when it was created.
    Settled(u64, Fate, Time),
}
