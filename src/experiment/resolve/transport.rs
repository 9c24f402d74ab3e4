//! `[[transport]]`: how clients get their messages. Each kind of table has a file; the common parts are here.

mod adaptive_poll;
mod long_poll;
mod node;
mod push;
mod short_poll;

use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Delay, OnError, Scenario, Sse, TransportConfig, TransportKind, WebSocket};
use crate::units::Time;
use node::KindTable;
pub(super) use node::TransportNode;

/// The transport of a table; `None` if it names no kind or several, which is reported.
pub(super) fn read(transport: TransportNode, diagnostics: &mut Diagnostics) -> Option<TransportConfig> {
    let mut kinds = TransportKind::ALL.iter().filter_map(|kind| Some((*kind, transport.get(&[kind.word()])?)));
    match (kinds.next(), kinds.next()) {
        (Some((first, _)), Some((second, node))) => {
            let problem = Problem::new(format!("this transport is both `{}` and `{}`", first.word(), second.word()));
            diagnostics.error(problem.at(node.span, "keep one").help("give each its own [[transport]]"));
            None
        }
        (Some((kind, node)), None) => of_kind(KindTable { transport, kind }, node, diagnostics),
        // A misspelled kind has been reported.
        _ if transport.node.as_table().is_none_or(|table| keys::has_unknown("transport", table)) => None,
        _ => {
            let problem =
                Problem::new("this transport does not say what kind it is").at(transport.span(), "what kind?");
            let kinds = TransportKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
            let help = format!("write short_poll = {{ interval = \"1 s\" }}, or long_poll = {{}}; kinds: {kinds}");
            diagnostics.error(problem.help(help));
            None
        }
    }
}

fn of_kind(table: KindTable, node: &Node, diagnostics: &mut Diagnostics) -> Option<TransportConfig> {
    Some(match table.kind {
        TransportKind::ShortPoll => short_poll::read(table, node, diagnostics)?.into(),
        TransportKind::LongPoll => long_poll::read(table, diagnostics).into(),
        TransportKind::AdaptivePoll => adaptive_poll::read(table, diagnostics).into(),
        TransportKind::Streaming => push::stream(table).into(),
        TransportKind::Sse => push::sse(table).into(),
        TransportKind::WebSocket => push::websocket(table).into(),
    })
}

/// Reports conflicts of the transport with the rest of the scenario.
pub(super) fn check_together(transport: TransportNode, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let is_instant = is_instant(scenario);
    if is_instant && asks_at_once_after_errors(scenario) {
        let at = ["max", "first"].map(|name| format!("clients.on_error.retry.{name}"));
        diagnostics.error(
            Problem::new(format!(
                "a request cycle of `{}` takes no time where the server refuses: no delay, no wait after the error",
                transport.name()
            ))
            .at(transport.reader.written(&at.each_ref().map(String::as_str)), "would ask for ever at one instant")
            .help("add a delay to [network], or a wait to clients.on_error.retry"),
        );
    }
    match &scenario.transport {
        TransportConfig::ShortPoll(_) | TransportConfig::AdaptivePoll(_) => {}
        TransportConfig::LongPoll(poll) => {
            long_poll::check_together(transport, poll, (scenario, is_instant), diagnostics);
        }
        TransportConfig::Streaming(stream)
        | TransportConfig::Sse(Sse { stream, .. })
        | TransportConfig::WebSocket(WebSocket { stream, .. }) => {
            push::check(transport, stream, scenario, diagnostics);
        }
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
