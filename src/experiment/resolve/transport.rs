//! `[[transport]]`: how clients get their messages.

use super::{Reader, network, push};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::{Node, Span, Value};
use crate::model::scenario::{
    Arrivals, Check, Delay, FirstCheck, LongPoll, OnError, Pace, Phase, Scenario, ShortPoll, TransportConfig,
};
use crate::units::{Probability, Time};

/// One transport and the document around it.
#[derive(Clone, Copy)]
pub(super) struct One<'a> {
    pub reader: Reader<'a>,
    pub node: &'a Node,
}

impl<'a> One<'a> {
    pub(super) fn get(&self, path: &[&str]) -> Option<&'a Node> {
        self.node.get(path)
    }

    pub(super) fn word(&self, path: &[&str]) -> &'a str {
        self.get(path).and_then(Node::as_text).unwrap_or_default()
    }

    /// The transport; `None` where its table names no kind or both.
    pub fn transport(&self, diagnostics: &mut Diagnostics) -> Option<TransportConfig> {
        let mut kinds = keys::TRANSPORTS.iter().filter_map(|kind| Some((*kind, self.get(&[kind])?)));
        match (kinds.next(), kinds.next()) {
            (Some((first, _)), Some((second, node))) => {
                let problem = Problem::new(format!("this transport is both `{first}` and `{second}`"));
                diagnostics.error(problem.at(node.span, "keep one").help("give each its own [[transport]]"));
                None
            }
            (Some((kind, node)), None) => self.of_kind(kind, node, diagnostics),
            // A misspelled kind has been reported.
            _ if self.node.as_table().is_none_or(|table| keys::has_unknown("transport", table)) => None,
            _ => {
                let problem =
                    Problem::new("this transport does not say what kind it is").at(self.place(), "what kind?");
                let others = keys::TRANSPORTS[1..].join(", ");
                let help = format!(
                    "write short_poll = {{ interval = \"1 s\" }}, or long_poll = {{}}; kinds: short_poll, {others}"
                );
                diagnostics.error(problem.help(help));
                None
            }
        }
    }

    fn of_kind(&self, kind: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<TransportConfig> {
        let inside = push::Inside { transport: *self, kind };
        Some(match kind {
            "short_poll" => return self.short_poll(node, diagnostics).map(TransportConfig::ShortPoll),
            "adaptive_poll" => TransportConfig::AdaptivePoll(inside.adaptive_poll(diagnostics)),
            "streaming" => TransportConfig::Streaming(inside.stream()),
            "sse" => TransportConfig::Sse(inside.sse()),
            "websocket" => TransportConfig::WebSocket(inside.websocket()),
            _ => TransportConfig::LongPoll(self.long_poll(diagnostics)),
        })
    }

    /// Whether its table says `piggyback`.
    pub(super) fn piggybacks(&self) -> bool {
        keys::TRANSPORTS
            .iter()
            .filter_map(|kind| self.get(&[kind, "piggyback"]))
            .any(|node| matches!(node.value, Value::Flag(true)))
    }

    /// The transport's name.
    pub fn name(&self) -> &'a str {
        self.word(&["name"])
    }

    pub(super) fn place(&self) -> Span {
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
            piggyback: self.piggybacks(),
        })
    }

    fn long_poll(&self, diagnostics: &mut Diagnostics) -> LongPoll {
        let own = self.get(&["long_poll", "check"]);
        let global = self.reader.node("server.check");
        let constant = Delay::Constant(self.word(&["long_poll", "turnaround"]).parse().unwrap_or_default());
        let linger = self.get(&["long_poll", "linger"]).and_then(Node::as_text);
        let linger = linger.and_then(|text| text.parse().ok()).unwrap_or(Time::ZERO);
        let inside = self.reader.inside(self.node, "transport.");
        let drawn = network::span(inside, "long_poll.turnaround", diagnostics);
        let turnaround = drawn.unwrap_or(constant);
        if own.or(global).and_then(Node::as_text) == Some("notify") {
            let hold = self.get(&["long_poll", "hold"]).and_then(Node::as_text);
            let hold = hold.unwrap_or(self.reader.word("server.hold"));
            let hold = hold.parse().unwrap_or(Time::from_secs(40)).max(Time(1));
            return LongPoll { check: Check::Notify { hold }, turnaround, linger, piggyback: self.piggybacks() };
        }
        if linger > Time::ZERO {
            let place = self.get(&["long_poll", "linger"]).map(|node| node.span).unwrap_or_default();
            let problem = Problem::new("`linger` needs `check = \"notify\"`").at(place, "without effect");
            diagnostics.error(problem.help("a check loop takes all that has come since its last look: remove linger"));
        }
        let part =
            |name: &str| own.and_then(|own| own.get(&[name])).or_else(|| global.and_then(|check| check.get(&[name])));
        let every = part("every").and_then(Node::as_text).and_then(|text| text.parse().ok());
        let count = part("count").and_then(|node| match node.typed {
            Some(crate::experiment::typed::Typed::Count(count)) => Some(count),
            _ => None,
        });
        let check = Check::Every {
            every: every.unwrap_or(Time::from_millis(500)).max(Time(1)),
            count: count.unwrap_or(80) as u32,
            first: match part("first").and_then(Node::as_text) {
                Some("on-arrival") => FirstCheck::OnArrival,
                _ => FirstCheck::AfterSleep,
            },
        };
        LongPoll { check, turnaround, linger: Time::ZERO, piggyback: self.piggybacks() }
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
        if scenario.transport.stream().is_some() {
            self.check_stream(scenario, diagnostics);
        }
        let TransportConfig::LongPoll(poll) = &scenario.transport else { return };
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
    let waits_for_polls = matches!(&scenario.transport, TransportConfig::ShortPoll(poll) if poll.pace.is_open_loop());
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
