//! `[http.http2]`, and what a transport has in its place.

use super::transport::TransportNode;
use crate::experiment::node::Node;
use crate::model::scenario::Http2;
use crate::units::Bytes;

impl TransportNode<'_> {
    /// The sizes under HTTP/2; `None` for HTTP/1.1.
    pub(super) fn http2(&self) -> Option<Http2> {
        let (own, global) = (self.get(&["http2"]), self.reader.node("http.http2"));
        own.or(global).and_then(Node::as_table)?;
        let size = |name: &str, default: Bytes| {
            let part = |table: Option<&'_ Node>| {
                table.and_then(|table| table.get(&[name])).and_then(Node::as_text).map(str::to_owned)
            };
            part(own).or_else(|| part(global)).map_or(default, |text| text.parse().unwrap_or_default())
        };
        let example = Http2::EXAMPLE;
        Some(Http2 {
            first_request: size("first_request", example.first_request),
            request: size("request", example.request),
            first_response: size("first_response", example.first_response),
            response: size("response", example.response),
            date: size("date", example.date),
        })
    }
}
