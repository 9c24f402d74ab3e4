//! WebSocket frames (RFC 6455, section 5.2).

use super::Push;
use crate::model::scenario::{Http, PushStream, WebSocket};

/// Pushes in frames of a connection that was upgraded.
#[derive(Clone, Copy, Debug)]
pub(super) struct WebSocketFrames(pub WebSocket);

impl Push for WebSocketFrames {
    fn rules(&self) -> &PushStream {
        &self.0.stream
    }

    fn request_header(&self, http: &Http, _known: u64) -> u64 {
        http.request_header.0 + self.0.upgrade_request.0
    }

    fn response_header(&self, _http: &Http) -> u64 {
        self.0.upgrade_response.0
    }

    fn message(&self, _number: u64, size: u64) -> u64 {
        frame_down(size)
    }

    /// A ping and a pong.
    fn keep_alive(&self) -> (u64, u64) {
        (frame_down(0), frame_up(0))
    }

    /// A close frame each way.
    fn end(&self) -> (u64, u64) {
        (frame_down(STATUS), frame_up(STATUS))
    }

    fn frame_up(&self, payload: u64) -> Option<u64> {
        Some(frame_up(payload))
    }

    fn closes_connection(&self) -> bool {
        true
    }
}

/// The status code in a close frame (section 5.5.1).
const STATUS: u64 = 2;
/// Bytes of the mask of a client's frame.
const MASK: u64 = 4;

/// A frame of the server with a payload of this size.
fn frame_down(payload: u64) -> u64 {
    payload
        + match payload {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => 10,
        }
}

/// A frame of the client.
fn frame_up(payload: u64) -> u64 {
    frame_down(payload) + MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 5.7: "Hello" unmasked is 7 bytes, masked 11; 256 bytes have a header of 4, 64 KiB one of 10.
    #[test]
    fn frames_are_those_of_the_rfc() {
        assert_eq!([frame_down(5), frame_up(5), frame_down(256), frame_down(65_536)], [7, 11, 260, 65_546]);
        assert_eq!([frame_down(125), frame_down(126), frame_down(65_535)], [127, 130, 65_539]);
    }
}
