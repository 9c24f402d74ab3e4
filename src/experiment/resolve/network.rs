//! `[network]`: one-way delays, and other spans of time with a distribution.

use super::{Reader, link};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Delay, Network};
use crate::units::Time;

/// Reads `[network]`.
pub(super) fn network(reader: Reader, diagnostics: &mut Diagnostics) -> Network {
    let mut delay = |path| span(reader, path, diagnostics).unwrap_or(Delay::Constant(Time::ZERO));
    let (up, down) = (delay("network.up"), delay("network.down"));
    let loss = link::loss(reader, diagnostics);
    if loss.is_some() && reader.node("network.wire").is_none() {
        let problem = Problem::new("`network.loss` is of packets, and there are none");
        let problem = problem.at(reader.span("network.loss"), "without effect");
        diagnostics.error(problem.help("add [network.wire]"));
    }
    Network { up, down, client_link: link::link(reader, "network.client_link", diagnostics), loss }
}

/// Reads the distribution of a span of time at `path`; `None` if none or a wrong one is given.
pub(super) fn span(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Option<Delay> {
    let table = reader.node(path).and_then(Node::as_table)?;
    let full_path = reader.name(path);
    let laws = keys::alternatives(&full_path);
    let mut given = table.entries.iter().filter(|entry| laws.contains(&entry.key.as_str()));
    let first = given.next()?;
    if let Some(second) = given.next() {
        let problem = Problem::new(format!("`{full_path}` has two distributions: {} and {}", first.key, second.key));
        let problem = problem.at(second.key_span, "the second distribution");
        diagnostics.error(problem.help(format!("keep one of {}", laws.join(", "))));
        return None;
    }
    let name = first.key.as_str();
    let example = format!("write {{ {name} = {} }}", keys::example(name).unwrap_or_default());
    let parts = keys::names_below(&format!("{full_path}.{name}"));
    if reader.lacks(&format!("{path}.{name}"), &parts, &example, diagnostics) {
        return None;
    }
    Some(distribution(reader, path, name, diagnostics))
}

/// Reads a complete distribution.
fn distribution(reader: Reader, path: &str, name: &str, diagnostics: &mut Diagnostics) -> Delay {
    let law = format!("{path}.{name}");
    let time = |part: &str| reader.time(&format!("{law}.{part}"));
    let number = |part: &str| reader.number(&format!("{law}.{part}"));
    match name {
        "uniform" => uniform(reader, &law, diagnostics),
        "exponential" => Delay::Exponential(reader.time(&law)),
        "normal" => Delay::Normal { mean: time("mean"), sd: time("sd") },
        "lognormal" => Delay::Lognormal { median: time("median"), sigma: number("sigma") },
        "pareto" => Delay::Pareto { min: time("min"), shape: number("shape") },
        "weibull" => Delay::Weibull { scale: time("scale"), shape: number("shape") },
        "empirical" => match reader.inputs.delays(reader.word(&format!("{law}.file"))) {
            Some(delays) => Delay::Empirical(delays),
            None => Delay::Constant(Time::ZERO),
        },
        _ => Delay::Constant(reader.time(&law)),
    }
}

fn uniform(reader: Reader, law: &str, diagnostics: &mut Diagnostics) -> Delay {
    let [low, high] = ["low", "high"].map(|part| format!("{law}.{part}"));
    let (Some(least), Some(bound)) = (reader.right(&low), reader.right(&high)) else {
        return Delay::Constant(Time::ZERO);
    };
    if bound <= least {
        let problem = Problem::new(format!("`{high}` must be above `low`"));
        let problem = problem.at(reader.span(&high), format!("not above {least}"));
        diagnostics.error(problem.help("for a fixed delay write { constant = \"50 ms\" }"));
        return Delay::Constant(least);
    }
    Delay::Uniform { low: least, high: bound }
}
