//! `streaming`, `sse` and `websocket`: push connections.

use super::node::{KindTable, TransportNode};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::model::scenario::{Arrivals, PushStream, Scenario, Sse, WebSocket};
use crate::units::Bytes;

pub(super) fn stream(table: KindTable) -> PushStream {
    PushStream {
        recycle_after: table.get("recycle_after"),
        recycle_bytes: table.get("recycle_bytes"),
        keep_alive: table.get("keep_alive"),
        retry: table.read("retry"),
    }
}

pub(super) fn sse(table: KindTable) -> Sse {
    Sse { stream: stream(table), ids: table.read("ids") }
}

pub(super) fn websocket(table: KindTable) -> WebSocket {
    WebSocket {
        stream: stream(table),
        upgrade_request: table.read("upgrade_request"),
        upgrade_response: table.read("upgrade_response"),
    }
}

/// Reports settings that a push connection does not allow.
pub(super) fn check(transport: TransportNode, stream: &PushStream, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    if matches!(scenario.source.arrivals, Arrivals::InRequest { .. }) {
        let message =
            format!("`{}` pushes messages: with scope \"request\" there is none outside a request", transport.name());
        let problem = Problem::new(message).at(transport.span(), "not possible");
        diagnostics.error(problem.help("use scope = \"client\" or \"broadcast\""));
    }
    if let Some(body) = transport.get(&["request_body"]).filter(|body| body.as_text() != Some("0 B")) {
        let problem = Problem::new(format!("`{}` asks with a GET, which has no body", transport.name()));
        diagnostics.error(problem.at(body.span, "without effect").help("remove request_body"));
    }
    if stream.recycle_bytes == Some(Bytes(0)) {
        let problem = Problem::new(format!("`{}` is recycled after 0 bytes", transport.name()));
        let problem = problem.at(transport.span(), "would end as it begins");
        diagnostics.error(problem.help("write recycle_bytes = \"1 MB\", or leave it out"));
    }
}
