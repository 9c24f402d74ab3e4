//! `long_poll`: the server holds each request.

use super::node::{KindTable, TransportNode};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::{Node, Span};
use crate::experiment::resolve::{Reader, network};
use crate::experiment::values;
use crate::model::scenario::{Arrivals, Check, Delay, FirstCheck, LongPoll, Scenario};
use crate::units::{Probability, Time};

/// Reads its table. The checks that it does not set are those of `server.check`.
pub(super) fn read(table: KindTable, diagnostics: &mut Diagnostics) -> LongPoll {
    let reader = table.transport.reader;
    let inside = Reader { root: table.transport.node, ..reader };
    let drawn = network::span(inside, "transport.", "long_poll.turnaround", diagnostics);
    let poll = LongPoll {
        check: check(table),
        turnaround: drawn.unwrap_or(Delay::Constant(table.word("turnaround").parse().unwrap_or_default())),
        linger: table.word("linger").parse().unwrap_or(Time::ZERO),
        piggyback: table.flag("piggyback"),
    };
    if matches!(poll.check, Check::Every { .. }) && poll.linger > Time::ZERO {
        let problem = Problem::new("`linger` needs `check = \"notify\"`").at(table.span("linger"), "without effect");
        diagnostics.error(problem.help("a check loop takes all that has come since its last look: remove linger"));
        return LongPoll { linger: Time::ZERO, ..poll };
    }
    poll
}

fn check(table: KindTable) -> Check {
    let reader = table.transport.reader;
    let (own, global) = (table.node("check"), reader.node("server.check"));
    if own.or(global).and_then(Node::as_text) == Some("notify") {
        let hold = table.node("hold").and_then(Node::as_text).unwrap_or(reader.word("server.hold"));
        return Check::Notify { hold: hold.parse().unwrap_or(Time::from_secs(40)).max(Time(1)) };
    }
    let part = |name: &str| [own, global].into_iter().flatten().find_map(|check| check.get(&[name]));
    let every = part("every").and_then(Node::as_text).and_then(|text| text.parse().ok());
    let count = part("count").and_then(|node| values::count("count", 1, u64::from(u32::MAX), node).ok());
    Check::Every {
        every: every.unwrap_or(Time::from_millis(500)).max(Time(1)),
        count: count.unwrap_or(80) as u32,
        first: match part("first").and_then(Node::as_text) {
            Some("on-arrival") => FirstCheck::OnArrival,
            _ => FirstCheck::AfterSleep,
        },
    }
}

/// Reports what long polls and the rest of the scenario do not allow together. `is_instant`: a round trip takes no time.
pub(super) fn check_together(
    transport: TransportNode,
    poll: &LongPoll,
    (scenario, is_instant): (&Scenario, bool),
    diagnostics: &mut Diagnostics,
) {
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return };
    let spans = [transport.get(&["long_poll", "check"]), transport.reader.node("server.check")];
    let written = spans.into_iter().flatten().map(|node| node.span).find(|span| *span != Span::default());
    match poll.check {
        Check::Notify { .. } => diagnostics.error(
            Problem::new("`notify` cannot be combined with scope \"request\": there is no message to be notified of")
                .at(written.unwrap_or_else(|| transport.span()), "not possible")
                .help("use scope = \"client\" or \"broadcast\", or a check loop"),
        ),
        Check::Every { first: FirstCheck::OnArrival, .. }
            if hit == Probability::ONE
                && poll.turnaround == Delay::Constant(Time::ZERO)
                && scenario.server.service.is_none()
                && is_instant =>
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
