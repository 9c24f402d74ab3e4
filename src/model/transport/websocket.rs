//! WebSocket frames (RFC 6455, section 5.2).

/// The status code in a close frame (section 5.5.1).
pub(super) const STATUS: u64 = 2;
/// What a client masks its frames with.
const MASK: u64 = 4;

/// A frame of the server with a payload of so many bytes.
pub(super) fn frame_down(payload: u64) -> u64 {
    payload
        + match payload {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => 10,
        }
}

/// A frame of the client.
pub(super) fn frame_up(payload: u64) -> u64 {
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
