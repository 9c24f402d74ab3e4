//! Push connections: a forever frame, server-sent events, a WebSocket.
//!
//! A client asks once. The server sends a response header, then each message at the instant it is created, until it
//! ends the connection; then the client asks again. All of this is here; the framing of each protocol has its own file.

use std::fmt::Debug;

use super::Transport;
use crate::model::scenario::{Http, PushStream, Scenario};
use crate::random::below;
use crate::units::Time;

/// A protocol in which the server pushes messages on an open connection. Sizes are bytes of HTTP or of its frames.
pub trait Push: Debug {
    /// When the server ends a connection or sends a keep-alive, and when the client asks again.
    fn rules(&self) -> &PushStream;

    /// The server's action on a connection now; `has_news`: whether there are messages for the client. It is called
    /// again at the same instant after a push and after a keep-alive, so it has to wait or to end in the end.
    fn act(&self, connection: OpenConnection, has_news: bool, now: Time) -> PushAction {
        let PushStream { recycle_after, recycle_bytes, keep_alive, .. } = *self.rules();
        let ends = recycle_after.map_or(Time::NEVER, |after| connection.opened.plus(after));
        let is_full = recycle_bytes.is_some_and(|most| connection.bytes >= most.0);
        let keep_alive = keep_alive.map_or(Time::NEVER, |idle| connection.last_sent.plus(idle));
        if has_news {
            PushAction::Push
        } else if now >= ends || is_full {
            PushAction::End
        } else if now >= keep_alive {
            PushAction::KeepAlive
        } else {
            PushAction::Wait(ends.min(keep_alive))
        }
    }

    /// Header of the request of a client that has the first `known` messages.
    fn request_header(&self, http: &Http, _known: u64) -> u64 {
        http.request_header.0
    }

    /// The number of the last message, if a client that has the first `known` messages names it in its request.
    fn named_event(&self, _known: u64) -> Option<u64> {
        None
    }

    /// Header of the response.
    fn response_header(&self, http: &Http) -> u64 {
        http.response_header.0
    }

    /// The bytes of one message in a push, before [`Self::push`], from its number, from 1, and its size.
    fn message(&self, _number: u64, size: u64) -> u64 {
        size
    }

    /// Bytes of a push whose messages take `messages` bytes.
    fn push(&self, messages: u64) -> u64 {
        messages
    }

    /// The bytes of a keep-alive, and of the client's answer.
    fn keep_alive(&self) -> (u64, u64) {
        (self.push(1), 0)
    }

    /// The bytes of the end of a connection, and of the client's answer.
    fn end(&self) -> (u64, u64) {
        (0, 0)
    }

    /// Bytes of a message with this payload that a client sends on the connection; `None` if it sends a request.
    fn frame_up(&self, _payload: u64) -> Option<u64> {
        None
    }

    /// Whether the end closes the TCP connection, not only the response.
    fn closes_connection(&self) -> bool {
        false
    }
}

/// A push connection, as [`Push::act`] sees it.
#[derive(Clone, Copy, Debug)]
pub struct OpenConnection {
    /// When the response began.
    pub opened: Time,
    /// When the server last sent anything on it.
    pub last_sent: Time,
    /// Bytes of all pushes with messages so far.
    pub bytes: u64,
}

/// The server's action on an open connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushAction {
    /// It sends all messages in the mailbox.
    Push,
    /// It sends a keep-alive.
    KeepAlive,
    /// It ends the connection.
    End,
    /// It does nothing until this instant, unless a message comes.
    Wait(Time),
}

/// A transport of this program whose server pushes.
#[derive(Debug)]
pub(crate) struct Pushing {
    protocol: Box<dyn Push>,
    start_within: Time,
}

impl Pushing {
    pub(super) fn new(protocol: impl Push + 'static, scenario: &Scenario) -> Pushing {
        Pushing { protocol: Box::new(protocol), start_within: scenario.clients.start_within }
    }
}

impl Transport for Pushing {
    type State = ();

    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now.plus(self.protocol.rules().retry)
    }

    fn push(&self) -> Option<&dyn Push> {
        Some(&*self.protocol)
    }
}
