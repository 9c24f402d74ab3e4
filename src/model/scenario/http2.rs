//! HTTP/2: one connection for all requests of a browser, with headers that are named, not repeated.

use crate::units::Bytes;

/// Sizes under HTTP/2 (RFC 9113) with HPACK (RFC 7541). Headers include the 9 bytes of their frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http2 {
    /// The first request on a connection.
    pub first_request: Bytes,
    /// A later request, whose fields are all in the table of the first.
    pub request: Bytes,
    /// The first response on a connection.
    pub first_response: Bytes,
    /// A later response with the `date` of the one before.
    pub response: Bytes,
    /// What a response has beyond that where the `date` is new. It counts seconds.
    pub date: Bytes,
}

impl Http2 {
    /// The header of each frame (RFC 9113, section 4.1).
    pub const FRAME: u64 = 9;
    /// The most that a frame holds, if nothing else has been agreed on (section 4.2).
    pub const LARGEST: u64 = 1 << 14;
    /// A frame that resets a stream (section 6.4).
    pub const RESET: u64 = Self::FRAME + 4;

    /// The published example of 871 bytes under HTTP/2: 435 + 118 bytes for its first poll, 67 for any other, with the frame
    /// around its body.
    pub const EXAMPLE: Http2 = Http2 {
        first_request: Bytes(435),
        request: Bytes(20),
        first_response: Bytes(109),
        response: Bytes(15),
        date: Bytes(23),
    };

    /// A body of so many bytes in its frames.
    pub const fn framed(body: u64) -> u64 {
        body + body.div_ceil(Self::LARGEST) * Self::FRAME
    }
}
