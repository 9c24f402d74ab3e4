//! `[http]`, and its overrides in a transport.

use super::Reader;
use crate::model::scenario::{Http, Http2};
use crate::units::Bytes;

/// The sizes of HTTP for the transport in whose table `own` reads.
pub(super) fn http(reader: Reader, own: Reader) -> Http {
    let size = |name: &str| own.get(name).unwrap_or_else(|| reader.read(&format!("http.{name}")));
    Http {
        request_header: size("request_header"),
        response_header: size("response_header"),
        request_body: size("request_body"),
        empty_body: size("empty_body"),
        message_framing: size("message_framing"),
        http2: http2(reader, own),
    }
}

/// The sizes over HTTP/2; `None` for HTTP/1.1.
fn http2(reader: Reader, own: Reader) -> Option<Http2> {
    own.node("http2").or(reader.node("http.http2"))?.as_table()?;
    let size = |name: &str| -> Bytes {
        own.get(&format!("http2.{name}")).unwrap_or_else(|| reader.read(&format!("http.http2.{name}")))
    };
    Some(Http2 {
        first_request: size("first_request"),
        request: size("request"),
        first_response: size("first_response"),
        response: size("response"),
        date: size("date"),
    })
}
