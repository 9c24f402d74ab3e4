//! `[[transport]]`: how clients get their messages. A function for each kind of table; the common parts come first.

use super::{Reader, network};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::{Node, Span};
use crate::model::scenario::{
    AdaptivePoll, AdaptiveRule, Arrivals, Check, Delay, FirstCheck, Http, Http2, LongPoll, OnError, Pace, Phase,
    PushStream, Scenario, ShortPoll, Sse, TransportConfig, TransportKind, WebSocket,
};
use crate::units::{Bytes, Probability, Time};

/// A reader of the document, and one of the table of a transport in it.
#[derive(Clone, Copy)]
pub(super) struct TransportNode<'a> {
    pub reader: Reader<'a>,
    pub own: Reader<'a>,
}

impl<'a> TransportNode<'a> {
    /// The transport's name.
    pub fn name(self) -> &'a str {
        self.own.word("name")
    }

    fn span(self) -> Span {
        self.own.node("name").unwrap_or(self.own.root).span
    }
}

/// The transport of a table; `None` if it names no kind or several, which is reported.
pub(super) fn read(transport: TransportNode, diagnostics: &mut Diagnostics) -> Option<TransportConfig> {
    let own = transport.own;
    let mut kinds = TransportKind::ALL.iter().filter_map(|kind| Some((*kind, own.node(kind.word())?)));
    match (kinds.next(), kinds.next()) {
        (Some((first, _)), Some((second, node))) => {
            let problem = Problem::new(format!("this transport is both `{}` and `{}`", first.word(), second.word()));
            diagnostics.error(problem.at(node.span, "keep one").help("give each its own [[transport]]"));
            None
        }
        (Some((kind, node)), None) => Some(match kind {
            TransportKind::ShortPoll => short_poll(own, node, diagnostics)?.into(),
            TransportKind::LongPoll => long_poll(transport, diagnostics).into(),
            TransportKind::AdaptivePoll => adaptive_poll(own, diagnostics).into(),
            TransportKind::Streaming => stream(own, kind).into(),
            TransportKind::Sse => Sse { stream: stream(own, kind), ids: own.read("sse.ids") }.into(),
            TransportKind::WebSocket => WebSocket {
                stream: stream(own, kind),
                upgrade_request: own.read("websocket.upgrade_request"),
                upgrade_response: own.read("websocket.upgrade_response"),
            }
            .into(),
        }),
        // A misspelled kind has been reported.
        _ if own.root.as_table().is_none_or(|table| keys::has_unknown("transport", table)) => None,
        _ => {
            let problem = Problem::new("this transport does not say what kind it is");
            let problem = problem.at(transport.span(), "what kind?");
            let kinds = TransportKind::WORDS.join(", ");
            let help = format!("write short_poll = {{ interval = \"1 s\" }}, or long_poll = {{}}; kinds: {kinds}");
            diagnostics.error(problem.help(help));
            None
        }
    }
}

/// `short_poll`: polls at an interval; `None` without one.
fn short_poll(own: Reader, node: &Node, diagnostics: &mut Diagnostics) -> Option<ShortPoll> {
    let table = node.as_table()?;
    if table.get("interval").is_none() {
        // A misspelled interval has been reported.
        if !keys::has_unknown("transport.short_poll", table) {
            let problem = Problem::new("`short_poll` needs an interval").at(node.span, "no interval");
            diagnostics.error(problem.help("write short_poll = { interval = \"1 s\" }"));
        }
        return None;
    }
    Some(ShortPoll {
        interval: own.time("short_poll.interval").max(Time(1)),
        pace: match own.word("short_poll.pace") {
            "after-reply" => Pace::AfterReply,
            "poisson" => Pace::Poisson,
            _ => Pace::FixedRate,
        },
        phase: match own.word("short_poll.phase") {
            "random" => Phase::Random,
            _ => Phase::At(own.time("short_poll.phase")),
        },
        piggyback: own.flag("short_poll.piggyback"),
    })
}

/// `long_poll`: the server holds each request. Settings of checks that it lacks are inherited from `server.check`.
fn long_poll(transport: TransportNode, diagnostics: &mut Diagnostics) -> LongPoll {
    let (own, path) = (transport.own, "long_poll.turnaround");
    let turnaround = network::span(own, path, diagnostics).or_else(|| own.right(path).map(Delay::Constant));
    let poll = LongPoll {
        check: check(transport),
        turnaround: turnaround.unwrap_or(Delay::Constant(Time::ZERO)),
        linger: own.right("long_poll.linger").unwrap_or(Time::ZERO),
        piggyback: own.flag("long_poll.piggyback"),
    };
    if matches!(poll.check, Check::Every { .. }) && poll.linger > Time::ZERO {
        let problem = Problem::new("`linger` needs `check = \"notify\"`");
        let problem = problem.at(own.span("long_poll.linger"), "without effect");
        diagnostics.error(problem.help("a check loop takes all that has come since its last look: remove linger"));
        return LongPoll { linger: Time::ZERO, ..poll };
    }
    poll
}

fn check(TransportNode { reader, own }: TransportNode) -> Check {
    let check = own.node("long_poll.check").or(reader.node("server.check"));
    if check.and_then(Node::as_text) == Some("notify") {
        let hold = own.get("long_poll.hold").unwrap_or_else(|| reader.time("server.hold"));
        return Check::Notify { hold: hold.max(Time(1)) };
    }
    let every = own.get("long_poll.check.every").unwrap_or_else(|| reader.time("server.check.every"));
    let count = own.get("long_poll.check.count").unwrap_or_else(|| reader.count("server.check.count"));
    let first = own.node("long_poll.check.first").or(reader.node("server.check.first"));
    Check::Every {
        every: every.max(Time(1)),
        count: count as u32,
        first: match first.and_then(Node::as_text) {
            Some("on-arrival") => FirstCheck::OnArrival,
            _ => FirstCheck::AfterSleep,
        },
    }
}

/// `adaptive_poll`: polls at an interval that follows the messages.
fn adaptive_poll(own: Reader, diagnostics: &mut Diagnostics) -> AdaptivePoll {
    let (min, max) = (own.time("adaptive_poll.min").max(Time(1)), own.time("adaptive_poll.max"));
    if max < min {
        let problem = Problem::new("`adaptive_poll.max` must not be below `min`");
        let problem = problem.at(own.span("adaptive_poll.max"), format!("below {min}"));
        diagnostics.error(problem.help("exchange them, or write a longer max"));
    }
    let factor = own.number("adaptive_poll.factor");
    if factor < 1.0 {
        let problem = Problem::new("`adaptive_poll.factor` must be at least 1");
        diagnostics.error(problem.at(own.span("adaptive_poll.factor"), "would poll faster").help("write factor = 2"));
    }
    let rule = match own.word("adaptive_poll.on_data") {
        "rate" => AdaptiveRule::Rate(own.number("adaptive_poll.weight")),
        _ => AdaptiveRule::Reset,
    };
    let piggyback = own.flag("adaptive_poll.piggyback");
    AdaptivePoll { min, max: max.max(min), factor: factor.max(1.0), rule, piggyback }
}

/// `streaming`, `sse` and `websocket`: push connections.
fn stream(own: Reader, kind: TransportKind) -> PushStream {
    let path = |key: &str| format!("{}.{key}", kind.word());
    PushStream {
        recycle_after: own.get(&path("recycle_after")),
        recycle_bytes: own.get(&path("recycle_bytes")),
        keep_alive: own.get(&path("keep_alive")),
        retry: own.read(&path("retry")),
    }
}

/// The sizes of HTTP: those of `[http]`, unless the transport has its own.
pub(super) fn http(TransportNode { reader, own }: TransportNode) -> Http {
    let size = |name: &str| own.get(name).unwrap_or_else(|| reader.read(&format!("http.{name}")));
    let is_http2 = own.node("http2").or(reader.node("http.http2")).is_some_and(Node::is_table);
    Http {
        request_header: size("request_header"),
        response_header: size("response_header"),
        request_body: size("request_body"),
        empty_body: size("empty_body"),
        message_framing: size("message_framing"),
        http2: if is_http2 {
            Some(Http2 {
                first_request: size("http2.first_request"),
                request: size("http2.request"),
                first_response: size("http2.first_response"),
                response: size("http2.response"),
                date: size("http2.date"),
            })
        } else {
            None
        },
    }
}

/// Reports conflicts of the transport with the rest of the scenario.
pub(super) fn check_together(transport: TransportNode, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    if is_instant(scenario) && asks_at_once_after_errors(scenario) {
        let waits = ["clients.on_error.retry.max", "clients.on_error.retry.first"];
        diagnostics.error(
            Problem::new(format!(
                "a request cycle of `{}` takes no time where the server refuses: no delay, no wait after the error",
                transport.name()
            ))
            .at(transport.reader.written(&waits), "would ask for ever at one instant")
            .help("add a delay to [network], or a wait to clients.on_error.retry"),
        );
    }
    if let TransportConfig::LongPoll(poll) = &scenario.transport {
        check_request_scope(transport, poll, scenario, diagnostics);
    }
    if let Some(stream) = scenario.transport.stream() {
        check_push(transport, stream, scenario, diagnostics);
    }
}

/// Whether a client whose request is refused asks again without a wait.
fn asks_at_once_after_errors(scenario: &Scenario) -> bool {
    let OnError::Retry(backoff) = scenario.clients.on_error else { return false };
    (scenario.server.pool.is_some_and(|pool| pool.backlog.is_some()) || scenario.server.restart.is_some())
        && backoff.first.min(backoff.max) == Time::ZERO
        && !scenario.transport.is_open_loop()
}

/// Whether a round trip surely takes no time.
fn is_instant(scenario: &Scenario) -> bool {
    let is_zero = |delay: &Delay| match delay {
        Delay::Constant(time) => *time == Time::ZERO,
        Delay::Uniform { high, .. } => *high <= Time(1),
        Delay::Normal { mean, sd } => *mean == Time::ZERO && *sd == Time::ZERO,
        Delay::Empirical(delays) => delays.iter().all(|delay| *delay == Time::ZERO),
        _ => false,
    };
    is_zero(&scenario.network.up) && is_zero(&scenario.network.down)
}

/// Reports conflicts of long polls with scope `request`.
fn check_request_scope(transport: TransportNode, poll: &LongPoll, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return };
    let spans = [transport.own.span("long_poll.check"), transport.reader.span("server.check"), transport.span()];
    let written = spans.into_iter().find(|span| *span != Span::default()).unwrap_or_default();
    match poll.check {
        Check::Notify { .. } => diagnostics.error(
            Problem::new("`notify` cannot be combined with scope \"request\": there is no message to be notified of")
                .at(written, "not possible")
                .help("use scope = \"client\" or \"broadcast\", or a check loop"),
        ),
        Check::Every { first: FirstCheck::OnArrival, .. }
            if hit == Probability::ONE
                && poll.turnaround == Delay::Constant(Time::ZERO)
                && scenario.server.service.is_none()
                && is_instant(scenario) =>
        {
            diagnostics.error(
                Problem::new(format!(
                    "a request cycle of `{}` takes no time: a sure hit on arrival, no delay, no turnaround",
                    transport.name()
                ))
                .at(transport.reader.written(&["source.hit"]), "would ask for ever at one instant")
                .help("add a delay to [network], a turnaround to long_poll, or a hit below 1"),
            );
        }
        Check::Every { .. } => {}
    }
}

/// Reports settings that a push connection does not allow.
fn check_push(transport: TransportNode, stream: &PushStream, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    if matches!(scenario.source.arrivals, Arrivals::InRequest { .. }) {
        let message =
            format!("`{}` pushes messages: with scope \"request\" there is none outside a request", transport.name());
        let problem = Problem::new(message).at(transport.span(), "not possible");
        diagnostics.error(problem.help("use scope = \"client\" or \"broadcast\""));
    }
    if let Some(body) = transport.own.node("request_body").filter(|body| body.as_text() != Some("0 B")) {
        let problem = Problem::new(format!("`{}` asks with a GET, which has no body", transport.name()));
        diagnostics.error(problem.at(body.span, "without effect").help("remove request_body"));
    }
    if stream.recycle_bytes == Some(Bytes(0)) {
        let problem = Problem::new(format!("`{}` is recycled after 0 bytes", transport.name()));
        let problem = problem.at(transport.span(), "would end as it begins");
        diagnostics.error(problem.help("write recycle_bytes = \"1 MB\", or leave it out"));
    }
}
