//! Settings of connections on which the server pushes.

use crate::units::{Bytes, Time};

/// A connection on which the server pushes messages as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushStream {
    /// The server ends the response after this time; greater than zero. `None`: never.
    pub recycle_after: Option<Time>,
    /// The server ends the response after this number of bytes of its body. `None`: never.
    pub recycle_bytes: Option<Bytes>,
    /// The server sends a keep-alive when it has sent nothing for this time; greater than zero.
    pub keep_alive: Option<Time>,
    /// From the end of the response to the client's next request.
    pub retry: Time,
}

impl PushStream {
    /// A connection that the server never ends; if another cause ends it, the client asks again after `retry`.
    pub const fn endless(retry: Time) -> PushStream {
        PushStream { recycle_after: None, recycle_bytes: None, keep_alive: None, retry }
    }
}

impl Default for PushStream {
    fn default() -> PushStream {
        PushStream::endless(Time::ZERO)
    }
}

/// Server-sent events (WHATWG HTML, section 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sse {
    /// The connection.
    pub stream: PushStream,
    /// Whether each event has an `id`; a client that connects again names the last one in `Last-Event-ID`.
    pub ids: bool,
}

impl Default for Sse {
    /// Without ids, over an endless response; the client asks again after 3 s.
    fn default() -> Sse {
        Sse { stream: PushStream::endless(Time::from_secs(3)), ids: false }
    }
}

/// A WebSocket (RFC 6455).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSocket {
    /// The connection.
    pub stream: PushStream,
    /// Bytes that the handshake adds to the request header.
    pub upgrade_request: Bytes,
    /// The header of the response `101 Switching Protocols`.
    pub upgrade_response: Bytes,
}

impl Default for WebSocket {
    /// The handshake of RFC 6455, section 1.2; the client connects again after 1 s.
    fn default() -> WebSocket {
        let stream = PushStream::endless(Time::from_secs(1));
        WebSocket { stream, upgrade_request: Bytes(113), upgrade_response: Bytes(129) }
    }
}
