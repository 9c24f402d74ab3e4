//! Sizes of HTTP/1.1 and HTTP/2.

use crate::units::Bytes;

/// Sizes of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http {
    /// Header of a request.
    pub request_header: Bytes,
    /// Header of a reply.
    pub response_header: Bytes,
    /// Body of a request.
    pub request_body: Bytes,
    /// Body of a reply without messages.
    pub empty_body: Bytes,
    /// Added to every message in a body.
    pub message_framing: Bytes,
    /// HTTP/2; `None`: HTTP/1.1. A WebSocket has its own connection in any case.
    pub http2: Option<Http2>,
}

impl Default for Http {
    /// The headers of the published example of HTTP/1.1, and no bytes beyond headers and messages.
    fn default() -> Http {
        Http {
            request_header: Bytes(692),
            response_header: Bytes(179),
            request_body: Bytes(0),
            empty_body: Bytes(0),
            message_framing: Bytes(0),
            http2: None,
        }
    }
}

/// Sizes under HTTP/2 (RFC 9113) with HPACK (RFC 7541). Headers include the 9 bytes of their frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http2 {
    /// The first request on a connection.
    pub first_request: Bytes,
    /// A later request, whose fields are all in the table since the first.
    pub request: Bytes,
    /// The first response on a connection.
    pub first_response: Bytes,
    /// A later response with the same `date` as the previous one.
    pub response: Bytes,
    /// Further bytes of a response with a new `date`. It counts seconds.
    pub date: Bytes,
}

impl Http2 {
    /// The header of each frame (RFC 9113, section 4.1).
    pub const FRAME: u64 = 9;
    /// Most bytes of a frame by default (section 4.2).
    pub const LARGEST: u64 = 1 << 14;
    /// A frame that resets a stream (section 6.4).
    pub const RESET: u64 = Self::FRAME + 4;

    /// The published example of 871 bytes over HTTP/2: 435 + 118 bytes for its first poll, 67 for any other, with the
    /// frame around its body.
    pub const EXAMPLE: Http2 = Http2 {
        first_request: Bytes(435),
        request: Bytes(20),
        first_response: Bytes(109),
        response: Bytes(15),
        date: Bytes(23),
    };

    /// The field `last-event-id` with this number, where `before` was named on the connection before. The name is not
    /// in the static table, so the first is a literal with a new name (RFC 7541, section 6.2.1): a byte, the name in a
    /// byte and nine with the code of Huffman, the number in a byte and its digits. Then the name has an index, and one
    /// that has not changed has an index as a whole (section 6.1).
    pub fn last_event_id(before: Option<u64>, number: u64) -> u64 {
        match before {
            Some(same) if same == number => 1,
            Some(_) => 2 + coded_digits(number),
            None => 12 + coded_digits(number),
        }
    }

    /// The size of a body with its frames.
    pub const fn framed(body: u64) -> u64 {
        body + body.div_ceil(Self::LARGEST) * Self::FRAME
    }
}

/// The digits of a number with the code of Huffman (RFC 7541, appendix B): five bits for 0, 1 and 2, six for the
/// others.
fn coded_digits(mut number: u64) -> u64 {
    let mut bits = 0u64;
    loop {
        bits += if number % 10 < 3 { 5 } else { 6 };
        number /= 10;
        if number == 0 {
            return bits.div_ceil(8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `last-event-id` has 72 bits. 7: 6 bits; 12: 10 bits; 999: 18 bits; 1,000,000: 35 bits.
    #[test]
    fn an_event_is_named_by_its_digits() {
        assert_eq!([7, 12, 999, 1_000_000].map(coded_digits), [1, 2, 3, 5]);
        let named = [(None, 7), (Some(7), 12), (Some(12), 12)].map(|(before, id)| Http2::last_event_id(before, id));
        assert_eq!(named, [13, 4, 1]);
    }
}
