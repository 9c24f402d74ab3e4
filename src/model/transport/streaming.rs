//! Streaming: a response that does not end, in chunks (RFC 9112, section 7.1) or frames of HTTP/2.

use super::Push;
use crate::model::scenario::{Http2, PushStream, Scenario};

/// Pushes as parts of the body of a response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunked {
    rules: PushStream,
    /// Whether chunks are frames of HTTP/2.
    http2: bool,
}

impl Chunked {
    pub fn new(rules: PushStream, scenario: &Scenario) -> Chunked {
        Chunked { rules, http2: scenario.http.http2.is_some() }
    }
}

impl Push for Chunked {
    fn rules(&self) -> &PushStream {
        &self.rules
    }

    fn push(&self, messages: u64) -> u64 {
        if self.http2 { Http2::framed(messages) } else { chunk(messages) }
    }

    fn end(&self) -> (u64, u64) {
        (if self.http2 { Http2::FRAME } else { LAST_CHUNK }, 0)
    }
}

/// `0`, two line ends: the last chunk.
const LAST_CHUNK: u64 = 5;

/// A chunk with this number of bytes: the number in hexadecimal digits, and two line ends.
fn chunk(bytes: u64) -> u64 {
    let digits = u64::from((u64::BITS - bytes.leading_zeros()).div_ceil(4).max(1));
    digits + 4 + bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `14`, line end, 20 bytes, line end.
    #[test]
    fn a_chunk_has_its_length_before_it() {
        assert_eq!([chunk(1), chunk(15), chunk(16), chunk(20), chunk(255), chunk(256)], [6, 20, 22, 26, 261, 263]);
    }
}
