//! `[[transport]]`: how clients get their messages.

use super::{Reader, network};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::{Node, Span};
use crate::model::scenario::{
    Arrivals, Check, Delay, FirstCheck, LongPoll, OnError, Pace, Phase, Scenario, ShortPoll, Transport,
};
use crate::units::{Probability, Time};

/// One transport and the document around it.
#[derive(Clone, Copy)]
pub(super) struct One<'a> {
    pub reader: Reader<'a>,
    pub node: &'a Node,
}

impl<'a> One<'a> {
    fn get(&self, path: &[&str]) -> Option<&'a Node> {
        self.node.get(path)
    }

    fn word(&self, path: &[&str]) -> &'a str {
        self.get(path).and_then(Node::as_text).unwrap_or_default()
    }

    /// The transport; `None` where its table names no kind or both.
    pub fn transport(&self, diagnostics: &mut Diagnostics) -> Option<Transport> {
        match (self.get(&["short_poll"]), self.get(&["long_poll"])) {
            (Some(short), None) => self.short_poll(short, diagnostics).map(Transport::ShortPoll),
            (None, Some(_)) => Some(Transport::LongPoll(self.long_poll(diagnostics))),
            // A misspelled kind has been reported.
            (None, None) if self.node.as_table().is_none_or(|table| keys::has_unknown("transport", table)) => None,
            (None, None) => {
                let problem = Problem::new("this transport says neither `short_poll` nor `long_poll`");
                let help = "write short_poll = { interval = \"1 s\" } or long_poll = {}";
                diagnostics.error(problem.at(self.place(), "what kind?").help(help));
                None
            }
            (Some(_), Some(second)) => {
                let problem = Problem::new("this transport is both `short_poll` and `long_poll`");
                diagnostics.error(problem.at(second.span, "keep one").help("give each its own [[transport]]"));
                None
            }
        }
    }

    /// The transport's name.
    pub fn name(&self) -> &'a str {
        self.word(&["name"])
    }

    fn place(&self) -> Span {
        self.get(&["name"]).map_or(self.node.span, |name| name.span)
    }

    fn short_poll(&self, table: &Node, diagnostics: &mut Diagnostics) -> Option<ShortPoll> {
        let inner = table.as_table()?;
        if inner.get("interval").is_none() && keys::has_unknown("transport.short_poll", inner) {
            return None;
        }
        if inner.get("interval").is_none() {
            let problem = Problem::new("`short_poll` needs an interval").at(table.span, "no interval");
            diagnostics.error(problem.help("write short_poll = { interval = \"1 s\" }"));
            return None;
        }
        let time = |name: &str| self.word(&["short_poll", name]).parse().unwrap_or(Time::from_secs(1));
        Some(ShortPoll {
            interval: time("interval").max(Time(1)),
            pace: match self.word(&["short_poll", "pace"]) {
                "after-reply" => Pace::AfterReply,
                "poisson" => Pace::Poisson,
                _ => Pace::FixedRate,
            },
            phase: match self.word(&["short_poll", "phase"]) {
                "random" => Phase::Random,
                _ => Phase::At(time("phase")),
            },
        })
    }

    fn long_poll(&self, diagnostics: &mut Diagnostics) -> LongPoll {
        let own = self.get(&["long_poll", "check"]);
        let global = self.reader.node("server.check");
        let constant = Delay::Constant(self.word(&["long_poll", "turnaround"]).parse().unwrap_or_default());
        let inside = Reader { root: self.node, ..self.reader };
        let drawn = network::span(inside, "transport.", "long_poll.turnaround", diagnostics);
        let turnaround = drawn.unwrap_or(constant);
        if own.or(global).and_then(Node::as_text) == Some("notify") {
            let hold = self.get(&["long_poll", "hold"]).and_then(Node::as_text);
            let hold = hold.unwrap_or(self.reader.word("server.hold"));
            let hold = hold.parse().unwrap_or(Time::from_secs(40)).max(Time(1));
            return LongPoll { check: Check::Notify { hold }, turnaround };
        }
        let part =
            |name: &str| own.and_then(|own| own.get(&[name])).or_else(|| global.and_then(|check| check.get(&[name])));
        let every = part("every").and_then(Node::as_text).and_then(|text| text.parse().ok());
        let count =
            part("count").and_then(|node| crate::experiment::values::count("count", 1, u64::from(u32::MAX), node).ok());
        let check = Check::Every {
            every: every.unwrap_or(Time::from_millis(500)).max(Time(1)),
            count: count.unwrap_or(80) as u32,
            first: match part("first").and_then(Node::as_text) {
                Some("on-arrival") => FirstCheck::OnArrival,
                _ => FirstCheck::AfterSleep,
            },
        };
        LongPoll { check, turnaround }
    }

    /// What the transport and the rest of the scenario do not allow together.
    pub fn check_together(&self, scenario: &Scenario, diagnostics: &mut Diagnostics) {
        if asks_at_once_after_errors(scenario) {
            let at = ["max", "first"].map(|name| format!("clients.on_error.retry.{name}"));
            diagnostics.error(
                Problem::new(format!(
                    "a request cycle of `{}` takes no time where the server refuses: no delay, no wait after the error",
                    self.name()
                ))
                .at(self.reader.written(&at.each_ref().map(String::as_str)), "would ask for ever at one instant")
                .help("add a delay to [network], or a wait to clients.on_error.retry"),
            );
        }
        let Transport::LongPoll(poll) = &scenario.transport else { return };
        let own = self.get(&["long_poll", "check"]).map(|node| node.span);
        let at = own.or(self.reader.node("server.check").map(|node| node.span)).filter(|span| *span != Span::default());
        let at = at.unwrap_or_else(|| self.place());
        let Arrivals::InRequest { hit } = scenario.source.arrivals else { return };
        match poll.check {
            Check::Notify { .. } => diagnostics.error(
                Problem::new(
                    "`notify` cannot be combined with scope \"request\": there is no message to be notified of",
                )
                .at(at, "not possible")
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
                        self.name()
                    ))
                    .at(self.reader.written(&["source.hit"]), "would ask for ever at one instant")
                    .help("add a delay to [network], a turnaround to long_poll, or a hit below 1"),
                );
            }
            Check::Every { .. } => {}
        }
    }
}

/// Whether a client that is refused asks again at the same instant.
fn asks_at_once_after_errors(scenario: &Scenario) -> bool {
    let OnError::Retry(backoff) = scenario.clients.on_error else { return false };
    let waits_for_polls = matches!(&scenario.transport, Transport::ShortPoll(poll) if poll.pace.is_open_loop());
    (scenario.server.pool.is_some_and(|pool| pool.backlog.is_some()) || scenario.server.restart.is_some())
        && backoff.first.min(backoff.max) == Time::ZERO
        && !waits_for_polls
        && is_instant(scenario)
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
