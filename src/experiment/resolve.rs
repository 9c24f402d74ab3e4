//! From a complete document to a scenario: what no single key can tell.

mod clients;
mod cost;
mod http2;
mod link;
mod network;
mod populations;
mod rates;
mod sends;
mod server;
mod source;
mod transport;
mod wire;

use super::diagnostics::{Diagnostics, Problem};
use super::document::list;
use super::inputs::Inputs;
use super::named;
use super::node::{Node, Span, Value};
use super::values;
use crate::model::scenario::{Clients, EnginePath, Http, Scenario, Ticks, Window};
use crate::units::{Bytes, Probability, Rate, Time};
use populations::Run;

/// More time bins than this are refused.
const MOST_BINS: u64 = 1_000_000;
/// A quick run: replications, warm-up and window at most; the warm-up goes on until all clients have started.
pub(super) const QUICK: (u32, Time, Time) = (2, Time::from_secs(30), Time::from_secs(60));

/// Reads a complete document whose values are of the right kind. A value that is not counts as some value that is: it
/// has been reported.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub root: &'a Node,
    pub inputs: &'a Inputs,
    /// In a quick run: the least warm-up.
    pub last_start: Time,
}

impl<'a> Reader<'a> {
    pub fn node(self, path: &str) -> Option<&'a Node> {
        path.split('.').try_fold(self.root, |node, key| node.as_table()?.get(key))
    }

    pub fn span(self, path: &str) -> Span {
        self.node(path).map_or_else(Span::default, |node| node.span)
    }

    /// The place of the first of these keys that is written, not a default.
    pub fn written(self, paths: &[&str]) -> Span {
        let spans = paths.iter().map(|path| self.span(path));
        spans.into_iter().find(|span| *span != Span::default()).unwrap_or_default()
    }

    /// Whether the key has a time; if not, that has been reported.
    pub fn has_time(self, path: &str) -> bool {
        self.word(path).parse::<Time>().is_ok()
    }

    pub fn word(self, path: &str) -> &'a str {
        self.node(path).and_then(Node::as_text).unwrap_or_default()
    }

    pub fn flag(self, path: &str) -> bool {
        matches!(self.node(path).map(|node| &node.value), Some(Value::Flag(true)))
    }

    pub fn count(self, path: &str) -> u64 {
        let node = self.node(path);
        node.and_then(|node| values::count(path, 0, u64::MAX, node).ok()).unwrap_or(1)
    }

    pub fn time(self, path: &str) -> Time {
        self.word(path).parse().unwrap_or(Time::from_secs(1))
    }

    pub fn bytes(self, path: &str) -> Bytes {
        self.word(path).parse().unwrap_or_default()
    }

    pub fn rate(self, path: &str) -> Option<Rate> {
        self.word(path).parse().ok()
    }

    pub fn probability(self, path: &str) -> Probability {
        self.node(path).and_then(|node| values::probability(path, node).ok()).unwrap_or(Probability::ONE)
    }

    pub fn number(self, path: &str) -> f64 {
        self.node(path).map_or(1.0, values::checked_number)
    }

    pub fn numbers(self, path: &str) -> Vec<f64> {
        let numbers = self.node(path).and_then(|node| values::numbers(path, usize::MAX, node).ok());
        numbers.unwrap_or_else(|| vec![1.0])
    }

    /// Replications of this point.
    pub fn replications(self) -> u32 {
        let written = self.count("experiment.replications") as u32;
        if self.flag("experiment.quick") { written.min(QUICK.0) } else { written }
    }

    /// The measured window of this point.
    pub fn window(self) -> Window {
        let (mut warmup, mut duration) = (self.time("experiment.warmup"), self.time("experiment.duration"));
        if self.flag("experiment.quick") {
            (warmup, duration) = (warmup.min(QUICK.1).max(self.last_start), duration.min(QUICK.2));
        }
        Window { warmup, duration, bin: self.time("experiment.bin") }
    }

    /// The scenarios of all runs: one for each transport, or one mix.
    pub fn scenarios(self, diagnostics: &mut Diagnostics) -> Vec<Scenario> {
        let mut clients = clients::clients(self, diagnostics);
        let counts = self.population_counts(diagnostics);
        if !counts.is_empty() {
            clients.count = counts.iter().fold(0, |sum: u32, count| sum.saturating_add(*count)).max(1);
            self.check_mix(&clients, diagnostics);
        }
        let runs = self.runs(&clients, diagnostics);
        if counts.is_empty() {
            for (transport, scenario) in &runs {
                transport::check_together(*transport, scenario, diagnostics);
            }
            return runs.into_iter().map(|(_, scenario)| scenario).collect();
        }
        let count = if named::names_all_transports(self.root) { runs.len().min(1) } else { runs.len() };
        (0..count).map(|run| self.mix(&runs, run, &counts, diagnostics)).collect()
    }

    /// Each transport, as if all clients used it.
    fn runs(self, clients: &Clients, diagnostics: &mut Diagnostics) -> Vec<Run<'a>> {
        let window = self.window();
        let source = source::source(self, window.horizon(), diagnostics);
        let network = network::network(self, diagnostics);
        let server = server::server(self, diagnostics);
        self.check_window(&window, clients.population(window.horizon()), diagnostics);
        let cost = cost::cost(self, diagnostics);
        let wire = wire::wire(self, diagnostics);
        let server_link = link::link(self, "", "network.server_link", diagnostics);
        let mut runs = Vec::new();
        for node in list(self.root, "transport") {
            let this = transport::TransportNode { reader: self, node };
            let Some(transport) = transport::read(this, diagnostics) else { continue };
            let start_within = match self.word("clients.start_within") {
                "longest hold" => transport.usual_start(self.usual_hold()),
                _ => self.time("clients.start_within"),
            };
            let scenario = Scenario {
                seed: self.count("experiment.seed"),
                window,
                clients: Clients {
                    start_within,
                    timeout: this.overridden("timeout", "clients.timeout").time(),
                    ..clients.clone()
                },
                source: source.clone(),
                http: this.http(),
                server: server.clone(),
                network: network.clone(),
                server_link,
                transport,
                ticks: if self.word("engine.ticks") == "each" { Ticks::Each } else { Ticks::Skip },
                path: if self.word("engine.path") == "queue" { EnginePath::Queue } else { EnginePath::Auto },
                cost,
                wire,
                populations: Vec::new(),
            };
            runs.push((this, scenario));
        }
        runs
    }

    /// The longest hold of a long poll that does not say otherwise.
    fn usual_hold(self) -> Time {
        match self.word("server.check") {
            "notify" => self.time("server.hold"),
            _ => self.time("server.check.every").times(self.count("server.check.count")),
        }
    }

    fn check_window(self, window: &Window, population: u64, diagnostics: &mut Diagnostics) {
        if !["experiment.warmup", "experiment.duration", "experiment.bin"].iter().all(|path| self.has_time(path)) {
            return;
        }
        if window.horizon() > Time::LONGEST {
            diagnostics.error(
                Problem::new("warm-up and duration together are longer than 26687 d, about 73 years")
                    .at(self.written(&["experiment.duration", "experiment.warmup"]), "too long")
                    .help("the clock counts nanoseconds; shorten the run"),
            );
            return;
        }
        // The age of information is summed as the square of time, over all clients, in 128 bits.
        let square = u128::from(window.horizon().0).pow(2);
        if square.checked_mul(u128::from(population)).is_none_or(|area| area >> 127 != 0) {
            diagnostics.error(
                Problem::new(format!(
                    "{population} clients for {} are more than the clock can add up",
                    window.horizon()
                ))
                .at(self.written(&["experiment.duration", "experiment.warmup", "clients.count"]), "too long")
                .help("shorten the run, or simulate fewer clients"),
            );
        }
        let bins = window.horizon().0.div_ceil(window.bin.0.max(1));
        if bins > MOST_BINS {
            diagnostics.error(
                Problem::new(format!("the run has {bins} time bins; {MOST_BINS} are the most"))
                    .at(self.written(&["experiment.bin", "experiment.duration", "experiment.warmup"]), "too many bins")
                    .help(format!("write bin = \"{}\" or wider", Time(window.horizon().0.div_ceil(MOST_BINS)))),
            );
        }
    }
}

/// A reader of one value that stands in one of two places, under the name `value`.
pub(super) struct Overridden<'a> {
    pub node: Option<&'a Node>,
}

impl Overridden<'_> {
    pub fn time(&self) -> Time {
        self.node.and_then(Node::as_text).and_then(|text| text.parse().ok()).unwrap_or(Time::from_secs(1))
    }

    pub fn bytes(&self) -> Bytes {
        self.node.and_then(Node::as_text).and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}

impl transport::TransportNode<'_> {
    fn overridden(&self, name: &str, elsewhere: &str) -> Overridden<'_> {
        Overridden { node: self.node.get(&[name]).or_else(|| self.reader.node(elsewhere)) }
    }

    fn http(&self) -> Http {
        let size = |name: &str| self.overridden(name, &format!("http.{name}")).bytes();
        Http {
            request_header: size("request_header"),
            response_header: size("response_header"),
            request_body: size("request_body"),
            empty_body: size("empty_body"),
            message_framing: size("message_framing"),
            http2: self.http2(),
        }
    }
}
