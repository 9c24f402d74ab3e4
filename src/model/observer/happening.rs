//! What an observer may see.

use crate::units::Time;

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

/// A message among those of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageId {
    /// Its number, from 0, in the order of creation.
    Number(u64),
    /// The only one in the reply to the request of the event: it exists in no mailbox.
    OfRequest,
}

/// The fate of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It reached its client for the first time.
    Delivered,
    /// Its reply reached a client that had given up the request.
    Lost,
    /// A newer one took its place.
    Superseded,
}

/// What the server pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushKind {
    /// The header of the response; its bytes are those of [`Happening::Answered`].
    Header,
    /// Messages.
    Messages,
    /// A keep-alive, which some protocols answer.
    KeepAlive,
}

/// The events of a client and of its requests.
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

    /// It waits in the browser for a connection.
    Blocked,
    /// It needs a new connection, which is open at this instant.
    Connecting(Time),
    /// A packet of it, of its reply or of its handshake was lost, after it was sent at `lost`. It is sent again at
    /// `again`.
    PacketLost {
        /// When the packet was sent.
        lost: Time,
        /// When it is sent again.
        again: Time,
        /// Whether the client sends it.
        is_up: bool,
    },
    /// It waits for a worker.
    Queued,
    /// It has a worker, and waits for the session lock.
    Locked,
    /// The server works on it until this instant.
    Served(Time),
    /// The server checks for messages.
    Checked {
        /// Whether the check finds one.
        finds: bool,
    },
    /// The server has made `count` checks at `first`, `first + every`, …, which were not simulated one by one. All but
    /// the last found nothing.
    Checks {
        /// The first of them.
        first: Time,
        /// From one to the next.
        every: Time,
        /// How many; perhaps none.
        count: u64,
    },
    /// The server no longer holds it, or the push connection ends there.
    HoldEnded,
    /// The server goes on with it though its client or the proxy has given it up: an orphan.
    Orphaned,
    /// The execution of a request begins that its client has given up: a ghost.
    Haunted,
    /// The server drops it, and sends no reply.
    Dropped,
    /// An error, or the end of a broken connection, reaches the client, which still waits.
    Failed,
    /// Its reply, or a push, reaches a client that has given it up.
    Ignored,
    /// The client sends a frame that resets it (HTTP/2).
    Reset {
        /// Bytes of the frame.
        bytes: u64,
    },
    /// The proxy cuts its connection.
    Cut,
    /// The push connection has ended: the client notices.
    StreamEnded,
    /// The server sends something on the push connection, which is due at the client at `due`.
    Pushed {
        /// What it is.
        kind: PushKind,
        /// Bytes.
        bytes: u64,
        /// When it arrives.
        due: Time,
    },
    /// The end of the response leaves on the push connection.
    StreamEnds {
        /// Bytes of the end.
        bytes: u64,
    },
    /// Something that was pushed at this instant reaches a client that listens.
    PushReceived(Time),
    /// The client sends a frame: a message, the answer to a keep-alive, or to the end of the connection.
    FrameSent {
        /// Bytes of the frame.
        bytes: u64,
    },
    /// A message in a frame reaches the server.
    FrameArrived,
    /// A send has failed.
    SendFailed,
    /// After a failure the client asks again at this instant.
    Retries(Time),
    /// The client asks no more.
    Stopped,
    /// The client leaves for good.
    Left,

    /// The server has a new message for the client.
    Created {
        /// Which one.
        message: MessageId,
        /// When it was created: earlier than now if another client sent it.
        created: Time,
        /// Its size.
        bytes: u64,
    },
    /// The server puts the messages with the numbers from `first` up to `end` into a reply or a push.
    Carried {
        /// The first one.
        first: u64,
        /// After the last one.
        end: u64,
    },
    /// The fate of a message is settled.
    Settled {
        /// Which one.
        message: MessageId,
        /// Its fate.
        fate: Fate,
        /// When it was created.
        created: Time,
    },
    /// This number of messages reach a client that has them already.
    Duplicated(u64),
}
