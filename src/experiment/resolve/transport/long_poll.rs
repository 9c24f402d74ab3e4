//! `long_poll`: the server holds each request.

use super::node::{KindTable, TransportNode};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::{Node, Span};
use crate::experiment::resolve::network;
use crate::model::scenario::{Arrivals, Check, Delay, FirstCheck, LongPoll, Scenario};
use crate::units::{Probability, Time};

/// Reads its table. Settings of checks that it lacks are inherited from `server.check`.
pub(super) fn read(table: KindTable, diagnostics: &mut Diagnostics) -> LongPoll {
    let (inside, path) = (table.transport.inside(), "long_poll.turnaround");
    let turnaround = network::span(inside, path, diagnostics).or_else(|| inside.right(path).map(Delay::Constant));
    let poll = LongPoll {
        check: check(table),
        turnaround: turnaround.unwrap_or(Delay::Constant(Time::ZERO)),
        linger: inside.right("long_poll.linger").unwrap_or(Time::ZERO),
        piggyback: table.read("piggyback"),
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
    let check = table.node("check").or(reader.node("server.check"));
    if check.and_then(Node::as_text) == Some("notify") {
        let hold: Time = table.get("hold").unwrap_or_else(|| reader.read("server.hold"));
        return Check::Notify { hold: hold.max(Time(1)) };
    }
    let every: Time = table.get("check.every").unwrap_or_else(|| reader.read("server.check.every"));
    let count: u64 = table.get("check.count").unwrap_or_else(|| reader.read("server.check.count"));
    let first = table.transport.get(&["long_poll", "check", "first"]).or(reader.node("server.check.first"));
    Check::Every {
        every: every.max(Time(1)),
        count: count as u32,
        first: match first.and_then(Node::as_text) {
            Some("on-arrival") => FirstCheck::OnArrival,
            _ => FirstCheck::AfterSleep,
        },
    }
}

/// Reports conflicts of long polls with the rest of the scenario. `is_instant`: a round trip takes no time.
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
