//! `[network]`: one-way delays, and other spans of time with a distribution.

use super::{Reader, link};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Delay, Network};
use crate::units::Time;

/// Reads `[network]`.
pub(super) fn network(reader: Reader, diagnostics: &mut Diagnostics) -> Network {
    let mut delay = |path| span(reader, "", path, diagnostics).unwrap_or(Delay::Constant(Time::ZERO));
    let (up, down) = (delay("network.up"), delay("network.down"));
    let loss = link::loss(reader, "", diagnostics);
    if loss.is_some() && reader.node("network.wire").is_none() {
        let problem = Problem::new("`network.loss` is of packets, and there are none");
        let problem = problem.at(reader.span("network.loss"), "without effect");
        diagnostics.error(problem.help("add [network.wire]"));
    }
    Network { up, down, client_link: link::link(reader, "", "network.client_link", diagnostics), loss }
}

/// Reads the distribution of a span of time; `None` where none is given, or none that is right. Its key in the file is
/// `prefix` and `path`.
pub(super) fn span(reader: Reader, prefix: &str, path: &str, diagnostics: &mut Diagnostics) -> Option<Delay> {
    let table = reader.node(path).and_then(Node::as_table)?;
    let laws = keys::alternatives(&format!("{prefix}{path}"));
    let mut given = table.entries.iter().filter(|entry| laws.contains(&entry.key.as_str()));
    let first = given.next()?;
    if let Some(second) = given.next() {
        diagnostics.error(
            Problem::new(format!("`{prefix}{path}` has two distributions: {} and {}", first.key, second.key))
                .at(second.key_span, "the second distribution")
                .help(format!("keep one of {}", laws.join(", "))),
        );
        return None;
    }
    let name = first.key.as_str();
    is_complete(&format!("{prefix}{path}.{name}"), name, &first.node, diagnostics)
        .then(|| distribution(reader, path, name, diagnostics))
}

/// Whether a distribution has all its parts. What seems missing may be misspelled, which has been reported.
fn is_complete(path: &str, name: &str, node: &Node, diagnostics: &mut Diagnostics) -> bool {
    let Some(table) = node.as_table() else { return true };
    let Some(part) = keys::names_below(path).into_iter().find(|part| table.get(part).is_none()) else { return true };
    if !keys::has_unknown(path, table) {
        let problem = Problem::new(format!("`{path}.{part}` is missing")).at(node.span, "incomplete");
        let example = keys::example(name).unwrap_or_default();
        diagnostics.error(problem.help(format!("write {{ {name} = {example} }}")));
    }
    false
}

/// Reads a complete distribution.
fn distribution(reader: Reader, path: &str, name: &str, diagnostics: &mut Diagnostics) -> Delay {
    let at = |part: &str| format!("{path}.{name}.{part}");
    match name {
        "uniform" => {
            let (low, high) = (reader.time(&at("low")), reader.time(&at("high")));
            if !reader.has_time(&at("low")) || !reader.has_time(&at("high")) {
                return Delay::Constant(Time::ZERO);
            }
            if high <= low {
                diagnostics.error(
                    Problem::new(format!("`{}` must be above `low`", at("high")))
                        .at(reader.span(&at("high")), format!("not above {low}"))
                        .help("for a fixed delay write { constant = \"50 ms\" }"),
                );
                return Delay::Constant(low);
            }
            Delay::Uniform { low, high }
        }
        "exponential" => Delay::Exponential(reader.time(&format!("{path}.exponential"))),
        "normal" => Delay::Normal { mean: reader.time(&at("mean")), sd: reader.time(&at("sd")) },
        "lognormal" => Delay::Lognormal { median: reader.time(&at("median")), sigma: reader.number(&at("sigma")) },
        "pareto" => Delay::Pareto { min: reader.time(&at("min")), shape: reader.number(&at("shape")) },
        "weibull" => Delay::Weibull { scale: reader.time(&at("scale")), shape: reader.number(&at("shape")) },
        "empirical" => match reader.inputs.delays(reader.word(&at("file"))) {
            Some(delays) => Delay::Empirical(delays),
            None => Delay::Constant(Time::ZERO),
        },
        _ => Delay::Constant(reader.time(&format!("{path}.constant"))),
    }
}
