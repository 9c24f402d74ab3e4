//! `[[transport]]`: adaptive polls, and connections on which the server pushes.

use super::transport::One;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::{Node, Value};
use crate::model::scenario::{AdaptivePoll, AdaptiveRule, Arrivals, PushStream, Scenario, Sse, WebSocket};
use crate::units::{Bytes, Time};

/// The table of a transport's kind.
#[derive(Clone, Copy)]
pub(super) struct Inside<'a, 'b> {
    pub transport: One<'a>,
    pub kind: &'b str,
}

impl<'a> Inside<'a, '_> {
    fn node(&self, name: &str) -> Option<&'a Node> {
        self.transport.get(&[self.kind, name])
    }

    fn time(&self, name: &str) -> Option<Time> {
        self.node(name).and_then(Node::as_text).map(|text| text.parse().unwrap_or(Time::from_secs(1)))
    }

    fn bytes(&self, name: &str) -> Option<Bytes> {
        self.node(name).and_then(Node::as_text).map(|text| text.parse().unwrap_or_default())
    }

    pub fn adaptive_poll(&self, diagnostics: &mut Diagnostics) -> AdaptivePoll {
        let (min, max) = (self.time("min").unwrap_or_default().max(Time(1)), self.time("max").unwrap_or_default());
        let place = |name| self.node(name).map(|node| node.span).unwrap_or_default();
        if max < min {
            let problem = Problem::new("`adaptive_poll.max` must not be below `min`");
            diagnostics
                .error(problem.at(place("max"), format!("below {min}")).help("exchange them, or write a longer max"));
        }
        let factor = self.transport.reader.inside(self.transport.node, "transport.").number("adaptive_poll.factor");
        if factor < 1.0 {
            let problem = Problem::new("`adaptive_poll.factor` must be at least 1");
            diagnostics.error(problem.at(place("factor"), "would poll faster").help("write factor = 2"));
        }
        let weight = self.transport.reader.inside(self.transport.node, "transport.").number("adaptive_poll.weight");
        let is_rate = self.node("on_data").and_then(Node::as_text) == Some("rate");
        let rule = if is_rate { AdaptiveRule::Rate(weight) } else { AdaptiveRule::Reset };
        AdaptivePoll { min, max: max.max(min), factor: factor.max(1.0), rule, piggyback: self.transport.piggybacks() }
    }

    pub fn stream(&self) -> PushStream {
        PushStream {
            recycle_after: self.time("recycle_after"),
            recycle_bytes: self.bytes("recycle_bytes"),
            keep_alive: self.time("keep_alive"),
            retry: self.time("retry").unwrap_or_default(),
        }
    }

    pub fn sse(&self) -> Sse {
        let ids = self.node("ids").is_some_and(|ids| matches!(ids.value, Value::Flag(true)));
        Sse { stream: self.stream(), ids }
    }

    pub fn websocket(&self) -> WebSocket {
        WebSocket {
            stream: self.stream(),
            upgrade_request: self.bytes("upgrade_request").unwrap_or_default(),
            upgrade_response: self.bytes("upgrade_response").unwrap_or_default(),
        }
    }
}

impl One<'_> {
    /// What a connection on which the server pushes does not allow.
    pub(super) fn check_stream(&self, scenario: &Scenario, diagnostics: &mut Diagnostics) {
        let Some(stream) = scenario.transport.stream() else { return };
        if matches!(scenario.source.arrivals, Arrivals::InRequest { .. }) {
            let message =
                format!("`{}` pushes messages: with scope \"request\" there is none outside a request", self.name());
            let problem = Problem::new(message).at(self.place(), "not possible");
            diagnostics.error(problem.help("use scope = \"client\" or \"broadcast\""));
        }
        if let Some(body) = self.get(&["request_body"]).filter(|body| body.as_text() != Some("0 B")) {
            let problem = Problem::new(format!("`{}` asks with a GET, which has no body", self.name()));
            diagnostics.error(problem.at(body.span, "without effect").help("remove request_body"));
        }
        if stream.recycle_bytes == Some(Bytes(0)) {
            let problem = Problem::new(format!("`{}` is recycled after 0 bytes", self.name()));
            let problem = problem.at(self.place(), "would end as it begins");
            diagnostics.error(problem.help("write recycle_bytes = \"1 MB\", or leave it out"));
        }
    }
}
