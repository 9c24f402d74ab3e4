//! From a complete document to a scenario, with the rules that concern several keys.

mod clients;
mod network;
mod populations;
mod reader;
mod server;
mod source;
mod transport;

use super::diagnostics::{Diagnostics, Problem};
use super::names;
use crate::model::scenario::{Clients, EnginePath, Scenario, Ticks, Window};
use crate::units::Time;
use populations::TransportRun;
pub(super) use reader::{AUTO, QUICK_WARMUP, Reader};
use transport::TransportNode;

/// More time bins than this are refused.
const MOST_BINS: u64 = 1_000_000;

impl<'a> Reader<'a> {
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
        let count = if names::names_all_transports(self.root) { runs.len().min(1) } else { runs.len() };
        (0..count).map(|run| self.mix(&runs, run, &counts, diagnostics)).collect()
    }

    /// Each transport, as if all clients used it.
    fn runs(self, clients: &Clients, diagnostics: &mut Diagnostics) -> Vec<TransportRun<'a>> {
        let window = self.window();
        let source = source::source(self, window.horizon(), diagnostics);
        let network = network::network(self, diagnostics);
        let server = server::server(self, diagnostics);
        let longest = self.longest_window();
        self.check_window(&longest, clients.population(longest.horizon()), diagnostics);
        let cost = server::cost(self, diagnostics);
        let wire = network::wire(self, diagnostics);
        let server_link = network::link(self, "network.server_link", diagnostics);
        let mut runs = Vec::new();
        for node in self.root.list("transport") {
            let this = TransportNode { reader: self, own: self.inside(node, "transport.") };
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
                    timeout: this.own.get("timeout").unwrap_or_else(|| self.time("clients.timeout")),
                    ..clients.clone()
                },
                source: source.clone(),
                http: transport::http(this),
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

    /// The default of the longest hold of a long poll.
    fn usual_hold(self) -> Time {
        match self.word("server.check") {
            "notify" => self.time("server.hold"),
            _ => self.time("server.check.every").times(self.count("server.check.count")),
        }
    }

    fn check_window(self, window: &Window, population: u64, diagnostics: &mut Diagnostics) {
        if !(self.has_warmup() && ["experiment.duration", "experiment.bin"].iter().all(|path| self.has_time(path))) {
            return;
        }
        if window.horizon() > Time::LONGEST {
            let problem = Problem::new("warm-up and duration together are longer than 26687 d, about 73 years");
            let problem = problem.at(self.written(&["experiment.duration", "experiment.warmup"]), "too long");
            diagnostics.error(problem.help("the clock counts nanoseconds; shorten the run"));
            return;
        }
        // The age of information is a sum of squares of times over all clients, in 128 bits.
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
