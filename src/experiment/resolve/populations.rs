//! `[[population]]`: the clients of a mix.

use super::{Reader, network, server, transport};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::fill::populations_count_themselves;
use crate::experiment::node::{Node, Span};
use crate::model::scenario::{Clients, Delay, Network, Population, Scenario};

/// Shares whose sum differs from 1 by at most this are accepted.
const ROUNDING: f64 = 1e-9;

/// A transport, its table, and the scenario of a run in which all clients use it.
pub(super) type TransportRun<'a> = (transport::TransportNode<'a>, Scenario);

impl<'a> Reader<'a> {
    /// The clients of each population, in the order of the file; their sum is the number of all clients.
    pub fn population_counts(self, diagnostics: &mut Diagnostics) -> Vec<u32> {
        let populations = self.root.list("population");
        if populations.is_empty() {
            return Vec::new();
        }
        let part = |node: &'a Node| -> (Option<u64>, Option<f64>) {
            let inside = self.inside(node, "population.");
            (inside.right("count"), inside.right("share"))
        };
        for node in populations {
            if let (Some(_), Some(_)) = part(node) {
                let problem = Problem::new(format!("population `{}` has both a count and a share", name(node)));
                diagnostics.error(problem.at(span(node, "share"), "keep one").help("remove count, or share"));
            }
        }
        let counted: u64 = populations.iter().filter_map(|node| part(node).0).sum();
        if populations_count_themselves(self.root) {
            self.check_sum(counted, diagnostics);
            return populations.iter().map(|node| part(node).0.unwrap_or(0) as u32).collect();
        }
        let total = self.count("clients.count");
        let share = |node| {
            let (count, share) = part(node);
            count.map(|count| count as f64 / total as f64).or(share)
        };
        let mut shares: Vec<Option<f64>> = populations.iter().map(share).collect();
        self.fill_rest(&mut shares, diagnostics);
        let mut sum = 0.0;
        let mut before = 0;
        let counts = shares.into_iter().map(|share| {
            sum += share.unwrap_or(0.0);
            let until = ((sum * total as f64).round() as u64).min(total);
            let count = until - before;
            before = until;
            count as u32
        });
        counts.collect()
    }

    /// A population without share and count is the rest; shares and counts must add up.
    fn fill_rest(self, shares: &mut [Option<f64>], diagnostics: &mut Diagnostics) {
        let populations = self.root.list("population");
        let given: f64 = shares.iter().flatten().sum();
        let mut open = (0..shares.len()).filter(|place| shares[*place].is_none());
        let (first, second) = (open.next(), open.next());
        if let Some(second) = second {
            let message = format!(
                "populations `{}` and `{}` both have neither a share nor a count",
                first.map_or("", |first| name(&populations[first])),
                name(&populations[second])
            );
            diagnostics.error(
                Problem::new(message)
                    .at(span(&populations[second], "name"), "how many?")
                    .help("one population may be the rest; give the others a share such as \"40 %\", or a count"),
            );
            return;
        }
        if given > 1.0 + ROUNDING || (first.is_none() && given < 1.0 - ROUNDING) {
            let percent = (given * 1e6).round() / 1e4;
            let share = |node: &Node| node.get(&["share"]).or_else(|| node.get(&["count"])).map(|node| node.span);
            let last = populations.iter().filter_map(share).next_back().unwrap_or_default();
            diagnostics.error(
                Problem::new(format!("the populations are {percent} % of `clients.count`, not 100 %"))
                    .at(last, "the last of them")
                    .help("change the shares, or leave out the share of one population: it has the rest"),
            );
            return;
        }
        if let Some(rest) = first {
            shares[rest] = Some(f64::max(1.0 - given, 0.0));
        }
    }

    /// If populations have counts, `clients.count` may be absent and must not differ.
    fn check_sum(self, sum: u64, diagnostics: &mut Diagnostics) {
        let given = self.get("clients.count");
        let first = self.root.list("population").first().map(|node| span(node, "count")).unwrap_or_default();
        if sum == 0 || sum > super::clients::MOST {
            let problem = Problem::new(format!("the populations have {sum} clients in all"));
            diagnostics.error(
                problem.at(first, "the first of them").help(format!("1 to {} are possible", super::clients::MOST)),
            );
        } else if given.is_some_and(|given| given != sum) {
            let problem = Problem::new(format!("the populations have {sum} clients, not {}", given.unwrap_or(0)));
            let problem = problem.at(self.span("clients.count"), "does not fit");
            diagnostics.error(problem.help("leave out `clients.count`, or give shares in the place of counts"));
        }
    }

    /// Reports settings that a mix does not allow.
    pub fn check_mix(self, clients: &Clients, diagnostics: &mut Diagnostics) {
        for (path, is_given) in
            [("clients.arrival_rate", clients.arrival_rate.is_some()), ("clients.crowd", clients.crowd.is_some())]
        {
            if is_given {
                diagnostics.error(
                    Problem::new(format!("`{path}` cannot be combined with [[population]]: of which kind are they?"))
                        .at(self.written(&[path]), "not possible")
                        .help("remove it, or the populations; clients of populations may leave (`clients.session`)"),
                );
            }
        }
    }

    /// The mix of the run with this number.
    pub(super) fn mix(
        self,
        runs: &[TransportRun<'a>],
        run: usize,
        counts: &[u32],
        diagnostics: &mut Diagnostics,
    ) -> Scenario {
        let mut mix = runs[run].1.clone();
        for (node, count) in self.root.list("population").iter().zip(counts) {
            let place = match node.get(&["transport"]).and_then(Node::as_text) {
                None => Some(run),
                Some(wanted) => runs.iter().position(|(one, _)| one.name() == wanted),
            };
            match place {
                None => no_such_transport(node, runs, diagnostics),
                Some(place) => {
                    let population = self.population(node, *count, &runs[place].1, diagnostics);
                    mix.populations.push(population);
                    let alone = mix.of_population(mix.populations.len() - 1);
                    transport::check_together(runs[place].0, &alone, diagnostics);
                }
            }
        }
        mix
    }

    /// A population of `count` clients that use the transport of `base`.
    fn population(self, node: &'a Node, count: u32, base: &Scenario, diagnostics: &mut Diagnostics) -> Population {
        let inside = self.inside(node, "population.");
        let mut delay =
            |path, global: &Delay| network::span(inside, path, diagnostics).unwrap_or_else(|| global.clone());
        let (up, down) = (delay("network.up", &base.network.up), delay("network.down", &base.network.down));
        let client_link = network::link(inside, "network.client_link", diagnostics);
        let loss = network::loss(inside, diagnostics);
        if let (Some(_), None, Some(node)) = (loss, base.wire, inside.node("network.loss")) {
            let problem = Problem::new("`population.network.loss` is of packets, and there are none");
            diagnostics.error(problem.at(node.span, "without effect").help("add [network.wire]"));
        }
        let network = Network {
            up,
            down,
            client_link: client_link.or(base.network.client_link),
            loss: loss.or(base.network.loss),
        };
        Population {
            name: name(node).to_owned(),
            count,
            start_within: base.clients.start_within,
            timeout: inside.get("timeout").unwrap_or(base.clients.timeout),
            on_timeout: server::on_timeout(inside, "on_timeout", diagnostics).unwrap_or(base.clients.on_timeout),
            http: base.http,
            network,
            transport: base.transport.clone(),
        }
    }
}

fn no_such_transport(node: &Node, runs: &[TransportRun], diagnostics: &mut Diagnostics) {
    let wanted = node.get(&["transport"]).and_then(Node::as_text).unwrap_or_default();
    let names = runs.iter().map(|(one, _)| one.name());
    diagnostics.error(
        Problem::new(format!("population `{}` uses the transport `{wanted}`, which is not in this file", name(node)))
            .at(span(node, "transport"), "no such transport")
            .suggest(wanted, names),
    );
}

fn name(node: &Node) -> &str {
    node.name().unwrap_or_default()
}

/// The place of a key of a population, or of the population.
fn span(node: &Node, key: &str) -> Span {
    node.get(&[key]).map_or(node.span, |node| node.span)
}
