//! Messages of HTTP, and the packets that carry them.

use crate::model::ids::{ClientIndex, RequestNumber};

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model::world) enum Side {
    Client,
    Server,
}

/// A request of a client, with all messages for it on its connection.
///
/// Events of one instant run in the order of exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::model::world) struct Exchange {
    pub client: ClientIndex,
    pub number: RequestNumber,
}

/// Kinds of messages. They are part of the names of the draws of lost packets, so the values are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(in crate::model::world) enum MessageKind {
    /// Requests, and the frames that a client sends.
    Up = 0,
    /// Replies, and the ends of responses.
    Down = 1,
    /// Pushes.
    Push = 2,
    /// Handshakes.
    Handshake = 3,
}

/// Bytes of HTTP that are sent together.
#[derive(Clone, Copy, Debug)]
pub(in crate::model::world) struct Message {
    /// The request whose connection carries it.
    pub exchange: Exchange,
    pub kind: MessageKind,
    /// Its number among the messages of this kind of its client.
    pub number: u64,
    /// Header and body.
    pub bytes: u64,
}

impl Message {
    /// A request.
    #[inline]
    pub fn up(exchange: Exchange, bytes: u64) -> Message {
        Message { exchange, kind: MessageKind::Up, number: exchange.number.name(), bytes }
    }

    /// A reply, or the end of a response.
    #[inline]
    pub fn down(exchange: Exchange, bytes: u64) -> Message {
        Message { exchange, kind: MessageKind::Down, number: exchange.number.name(), bytes }
    }

    /// Which end sends it. The flights of a handshake alternate.
    #[inline]
    pub fn sender(&self) -> Side {
        match self.kind {
            MessageKind::Up => Side::Client,
            MessageKind::Handshake if self.number.is_multiple_of(2) => Side::Client,
            MessageKind::Down | MessageKind::Push | MessageKind::Handshake => Side::Server,
        }
    }
}

/// Packets that leave together. All but the last are full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packets {
    pub count: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Bytes of a full one.
    pub full: u64,
}

impl Packets {
    /// Bytes of the packet with this index.
    pub fn size_of(&self, index: u64) -> u64 {
        if index + 1 == self.count { self.bytes - index * self.full } else { self.full }
    }
}
