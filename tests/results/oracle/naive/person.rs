//! One client: its requests, its messages and its connection.

use super::sends::Frame;
use super::wire::Tcp;

/// What has become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Waiting,
    OnTheWay,
    Delivered(u64),
    Lost(u64),
    Superseded(u64),
}

impl Fate {
    /// The instant since which nothing more can happen to the message.
    pub fn settled(self) -> Option<u64> {
        match self {
            Fate::Waiting | Fate::OnTheWay => None,
            Fate::Delivered(at) | Fate::Lost(at) | Fate::Superseded(at) => Some(at),
        }
    }
}

/// One message for one client.
#[derive(Clone, Debug)]
pub struct Message {
    pub created: u64,
    pub bytes: u64,
    pub fate: Fate,
    /// Copies in replies on their way.
    pub copies: u32,
    /// When it came to the mailbox, and when something first took it from there.
    pub put: u64,
    pub taken: Option<u64>,
    /// A newer message has taken its place (`keep = "latest"`).
    pub overwritten: bool,
}

/// One request, from its departure on.
#[expect(clippy::struct_excessive_bools, reason = "what has happened to it, in any combination")]
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How many of the client's messages had reached it at departure: the number of the newest one.
    pub named: usize,
    /// With scope `request`: the check that hits.
    pub hit_at: u64,
    /// The client has asked.
    pub asked: u64,
    /// It has a connection, or had one, and since when.
    pub sent: bool,
    pub departed: u64,
    /// That connection had been closed by a restart.
    pub meets_reset: bool,
    /// It has reached the server.
    pub came: Option<u64>,
    /// The server has begun to work on it.
    pub started: Option<u64>,
    /// It has the lock of its session, or had it.
    pub has_lock: bool,
    /// The server has begun to look for messages.
    pub arrived: Option<u64>,
    /// The server holds it, or pushes on its connection, from this instant on.
    pub held_from: Option<u64>,
    /// The proxy has given it up.
    pub cut_off: bool,
    pub cut_off_at: Option<u64>,
    /// The server has got the reset of it.
    pub reset: bool,
    /// Packets of the request, and of the end of its response.
    pub packets: (u64, u64),
    /// Bytes of the request and of the end of its response, on the way.
    pub sizes: (u64, u64),
    /// A notified request that has found something, and waits for more.
    pub lingers: bool,
    /// When the server goes on with an open connection.
    pub step_due: u64,
    /// The proxy has cut the connection.
    pub is_cut: bool,
    /// The response has begun.
    pub responded: bool,
    /// The server has answered, or has dropped the request because its client left.
    pub ended: Option<u64>,
    /// The client has timed out.
    pub left: Option<u64>,
    /// The client has the reply.
    pub done: bool,
    pub answered: Option<u64>,
    pub cargo: Vec<usize>,
}

/// One client, with its requests by number and its messages in order of creation.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub requests: Vec<Request>,
    pub messages: Vec<Message>,
    pub stopped: bool,
    pub errors_in_a_row: u32,
    /// There are messages for the client from this instant on.
    pub from: u64,
    /// When the client has left for good.
    pub gone: Option<u64>,
    /// The server has been told so by a message for others.
    pub told: bool,
    /// What was pushed to it, and on which connection.
    pub pushes: Vec<Push>,
    pub connection: Connection,
    /// What the client sends in requests beside the others, or in frames.
    pub posts: Vec<Request>,
    pub frames: Vec<Frame>,
    pub last_frame: u64,
    pub tcp: Vec<Tcp>,
    /// Adaptive polls: the time to the next one, and when the last reply came.
    pub interval: u64,
    pub last_reply: u64,
}

/// Something that the server pushed.
#[derive(Clone, Debug)]
pub struct Push {
    pub sent: u64,
    pub cargo: Vec<usize>,
    pub packets: u64,
    /// Bytes with which the client answers.
    pub answer: u64,
}

/// The connection on which the server pushes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connection {
    pub last_sent: u64,
    pub last_arrival: u64,
    pub bytes: u64,
}
