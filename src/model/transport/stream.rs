//! Connections on which the server pushes: a forever frame, server-sent events, a WebSocket.
//!
//! A client asks once. The server answers with a header, and sends each message the instant it is created, until it
//! recycles the connection; then the client asks again. What the three have in common is here; how a message is framed,
//! in a file for each.

use super::{Action, Transport, View, sse, streaming, websocket};
use crate::model::request::Request;
use crate::model::scenario::{Http, Http2, PushStream, Scenario};
use crate::random::below;
use crate::units::Time;

/// A transport that pushes.
#[derive(Clone, Copy, Debug)]
pub struct Pushing {
    pub(crate) rules: PushStream,
    framing: Framing,
    /// Whether chunks are frames of HTTP/2.
    http2: bool,
    start_within: Time,
}

/// How messages are framed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Framing {
    Chunks,
    Events { ids: bool },
    Frames { upgrade_request: u64, upgrade_response: u64 },
}

impl Pushing {
    /// Such a connection in `scenario`.
    pub(super) fn new(scenario: &Scenario, rules: PushStream, framing: Framing) -> Pushing {
        let http2 = scenario.http.http2.is_some() && !matches!(framing, Framing::Frames { .. });
        Pushing { rules, framing, http2, start_within: scenario.clients.start_within }
    }

    /// Header of the request of a client that knows of so many messages.
    pub(crate) fn request_header(&self, http: &Http, known: u64) -> u64 {
        http.request_header.0
            + match self.framing {
                Framing::Events { ids } if ids && known > 0 => sse::last_event_id(known),
                Framing::Chunks | Framing::Events { .. } => 0,
                Framing::Frames { upgrade_request, .. } => upgrade_request,
            }
    }

    /// The event that a client names which knows of so many messages.
    pub(crate) fn names_event(&self, known: u64) -> Option<u64> {
        let names = known > 0 && matches!(self.framing, Framing::Events { ids: true });
        names.then_some(known)
    }

    /// Header of the response.
    pub(crate) fn response_header(&self, http: &Http) -> u64 {
        match self.framing {
            Framing::Chunks | Framing::Events { .. } => http.response_header.0,
            Framing::Frames { upgrade_response, .. } => upgrade_response,
        }
    }

    /// What one message adds to a push, before [`Self::push`]: its number, from 1, and its size.
    pub(crate) fn message(&self, number: u64, size: u64) -> u64 {
        match self.framing {
            Framing::Chunks => size,
            Framing::Events { ids } => sse::event(ids.then_some(number), size),
            Framing::Frames { .. } => websocket::frame_down(size),
        }
    }

    /// The bytes of a push whose messages add up to so many.
    pub(crate) fn push(&self, messages: u64) -> u64 {
        match self.framing {
            Framing::Chunks | Framing::Events { .. } => self.chunk(messages),
            Framing::Frames { .. } => messages,
        }
    }

    fn chunk(&self, bytes: u64) -> u64 {
        if self.http2 { Http2::framed(bytes) } else { streaming::chunk(bytes) }
    }

    /// What is sent when nothing has been sent for a while, and what the client answers.
    pub(crate) fn keep_alive(&self) -> (u64, u64) {
        match self.framing {
            Framing::Chunks => (self.chunk(1), 0),
            Framing::Events { .. } => (self.chunk(sse::COMMENT), 0),
            Framing::Frames { .. } => (websocket::frame_down(0), websocket::frame_up(0)),
        }
    }

    /// What a client sends in a frame with so many bytes; `None` where that takes a request.
    pub(crate) fn frame_up(&self, payload: u64) -> Option<u64> {
        matches!(self.framing, Framing::Frames { .. }).then(|| websocket::frame_up(payload))
    }

    /// Whether what ends it ends the TCP connection too, and not a response on it.
    pub(crate) fn closes_connection(&self) -> bool {
        matches!(self.framing, Framing::Frames { .. })
    }

    /// What ends the connection, and what the client answers.
    pub(crate) fn end(&self) -> (u64, u64) {
        match self.framing {
            Framing::Chunks | Framing::Events { .. } if self.http2 => (Http2::FRAME, 0),
            Framing::Chunks | Framing::Events { .. } => (streaming::LAST_CHUNK, 0),
            Framing::Frames { .. } => {
                (websocket::frame_down(websocket::STATUS), websocket::frame_up(websocket::STATUS))
            }
        }
    }
}

impl Transport for Pushing {
    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    fn departure_while_open(&self, _sent: Time) -> Time {
        Time::NEVER
    }

    fn departure_after_reply(&self, _sent: Time, now: Time) -> Time {
        now.plus(self.rules.retry)
    }

    fn departure_after_timeout(&self, _sent: Time, now: Time) -> Time {
        now.plus(self.rules.retry)
    }

    fn departure_after_error(&self, _sent: Time, now: Time, wait: Time) -> Time {
        now.plus(wait)
    }

    /// The world opens the stream in its place.
    fn arrive<R>(&self, _view: View, _request: &mut Request<R>, _now: Time) -> Action {
        Action::GiveUp
    }

    fn look<R>(&self, _has_news: impl Fn() -> bool, _creation: Time, _request: &mut Request<R>, _now: Time) -> Action {
        Action::GiveUp
    }

    fn is_check(&self, _at_arrival: bool, _action: Action) -> bool {
        false
    }

    fn is_notified(&self) -> bool {
        true
    }

    fn checks<R>(&self, request: &Request<R>, _now: Time) -> (Time, Time, u64) {
        (request.since, Time(1), 0)
    }

    fn stream(&self) -> Option<&Pushing> {
        Some(self)
    }
}
