//! The log of a run: everything that happened, and when.

use std::ops::Range;

use super::person::Person;

/// A check of the server.
#[derive(Clone, Copy, Debug)]
pub struct CheckDone {
    pub at: u64,
    pub answers: bool,
}

/// A reply that the server sent.
#[derive(Clone, Copy, Debug)]
pub struct ReplySent {
    pub at: u64,
    pub messages: u64,
    pub payload: u64,
    pub header: u64,
    pub body: u64,
    /// Whether it is the reply to a poll.
    pub is_of_poll: bool,
}

/// A copy of a message that reached a listening client.
#[derive(Clone, Copy, Debug)]
pub struct Landing {
    pub at: u64,
    pub sent: u64,
    pub created: u64,
    /// Whether the client did not have it yet.
    pub first: bool,
}

/// Everything that happened, in the order in which it happened.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub trials: Vec<u64>,
    pub creations: Vec<u64>,
    pub departures: Vec<u64>,
    pub arrivals: Vec<u64>,
    pub checks: Vec<CheckDone>,
    pub replies: Vec<ReplySent>,
    pub reply_arrivals: Vec<u64>,
    pub landings: Vec<Landing>,
    pub timeouts: Vec<u64>,
    pub stops: Vec<u64>,
    pub services: Vec<u64>,
    pub good_replies: Vec<u64>,
    pub orphans: Vec<u64>,
    pub ghosts: Vec<u64>,
    pub gateway_timeouts: Vec<u64>,
    pub refusals: Vec<u64>,
    /// When requests were taken by a worker, and how long they had waited.
    pub starts: Vec<(u64, u64)>,
    /// Workers occupied and requests waiting from an instant on.
    pub levels: Vec<(u64, u64, u64)>,
    /// Requests that the restart broke or refused.
    pub broken: Vec<u64>,
    /// Of the broken ones those that were at the server.
    pub broken_at_server: Vec<u64>,
    /// When requests got a connection, and how long they had waited; the same for the lock.
    pub connections: Vec<(u64, u64)>,
    pub locks: Vec<(u64, u64)>,
    /// When clients came, and when they left or will leave.
    pub visits: Vec<(u64, u64)>,
    pub leaves: Vec<u64>,
    /// Header and body of each request.
    pub request_sizes: Vec<(u64, u64, u64)>,
    /// Bytes of the messages that clients send.
    pub payloads_up: Vec<(u64, u64)>,
    /// Bytes of clients that are no requests.
    pub more_up: Vec<(u64, u64)>,
    /// What was pushed: bytes, and how many of them are messages.
    pub pushed: Vec<(u64, u64, u64)>,
    /// Connections that the proxy cut.
    pub idle_timeouts: Vec<u64>,
    /// What the server did on open connections.
    pub steps: Vec<u64>,
    /// When packets left, how many, with how many bytes, and whether they went up.
    pub packets: Vec<(u64, u64, u64, bool)>,
    /// When the server pushed something, and when clients sent frames.
    pub pushes: Vec<u64>,
    pub frames: Vec<u64>,
    /// Clients that sent something, or got something by itself.
    pub wakes: Vec<(u32, u64)>,
    /// What the server sent: when, when it had passed the links, and its bytes.
    pub waited_for_links: Vec<(u64, u64, u64)>,
    /// From when until when each TCP connection was open.
    pub lives: Vec<(u64, u64)>,
    /// When connections were opened.
    pub opened: Vec<u64>,
    /// What passed the link of the server: when it came, and when it began and ended to pass.
    pub up_link: Vec<(u64, u64, u64)>,
    pub down_link: Vec<(u64, u64, u64)>,
    /// When packets were sent that were lost.
    pub lost_packets: Vec<u64>,
    /// When clients sent messages, and when that failed.
    pub clicks: Vec<u64>,
    pub failures: Vec<u64>,
    /// When messages were sent that reached the server for a room.
    pub to_rooms: Vec<u64>,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub log: Log,
    /// The clients with these numbers.
    pub clients: Range<u32>,
    pub people: Vec<Person>,
    /// The part of the log that is about the clients of each population of a mix.
    pub parts: Vec<Log>,
}
