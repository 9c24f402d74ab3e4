//! `[network]`: delays, links, loss, packets; and other spans of time with a distribution.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Delay, Link, Loss, Network, Tls, Wire};
use crate::units::{BitRate, Bytes, Probability, Time};

pub(super) fn network(reader: Reader, diagnostics: &mut Diagnostics) -> Network {
    let mut delay = |path| span(reader, path, diagnostics).unwrap_or(Delay::Constant(Time::ZERO));
    let (up, down) = (delay("network.up"), delay("network.down"));
    let loss = loss(reader, diagnostics);
    if loss.is_some() && reader.node("network.wire").is_none() {
        let problem = Problem::new("`network.loss` is of packets, and there are none");
        let problem = problem.at(reader.span("network.loss"), "without effect");
        diagnostics.error(problem.help("add [network.wire]"));
    }
    Network { up, down, client_link: link(reader, "network.client_link", diagnostics), loss }
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

/// Reads the link at `path`; `None` without a limit.
pub(super) fn link(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Option<Link> {
    let node = reader.node(path)?;
    let Some(table) = node.as_table() else {
        let both: BitRate = reader.right(path)?;
        return Some(Link { up: Some(both), down: Some(both) });
    };
    let rate = |direction: &str| reader.right(&format!("{path}.{direction}"));
    let link = Link { up: rate("up"), down: rate("down") };
    let name = reader.name(path);
    if table.get("up").or(table.get("down")).is_none() && !keys::has_unknown(&name, table) {
        let problem = Problem::new(format!("`{name}` has no capacity")).at(node.span, "incomplete");
        diagnostics.error(problem.help("write \"100 Mbit/s\", or { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"));
    }
    link.up.or(link.down)?;
    Some(link)
}

/// Reads `network.loss`; `None` without loss.
pub(super) fn loss(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Loss> {
    let name = reader.name("network.loss");
    reader.node("network.loss")?.as_table()?;
    if reader.lacks("network.loss", &["rate"], "write loss = { rate = \"1 %\" }", diagnostics) {
        return None;
    }
    if reader.right("network.loss.rate") == Some(Probability::ONE) {
        let problem = Problem::new(format!("`{name}.rate` must be below 1"));
        let problem = problem.at(reader.span("network.loss.rate"), "nothing would ever arrive");
        diagnostics.error(problem.help("write a share of the packets such as \"1 %\""));
        return None;
    }
    let (timeout, max_timeout) = (reader.time("network.loss.timeout"), reader.time("network.loss.max_timeout"));
    if max_timeout < timeout {
        let problem = Problem::new(format!("`{name}.max_timeout` must not be below `timeout`"));
        let problem = problem
            .at(reader.written(&["network.loss.max_timeout", "network.loss.timeout"]), format!("below {timeout}"));
        diagnostics.error(problem.help("exchange them, or write a longer max_timeout"));
    }
    let rate = reader.read("network.loss.rate");
    let loss = Loss { rate, timeout: timeout.max(Time(1)), max_timeout: max_timeout.max(timeout).max(Time(1)) };
    Some(loss)
}

/// Reads `[network.wire]`; `None` without the table.
pub(super) fn wire(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Wire> {
    reader.node("network.wire")?.as_table()?;
    let segment: Bytes = reader.read("network.wire.segment");
    if segment == Bytes(0) {
        let problem = Problem::new("`network.wire.segment` must be above zero");
        let problem = problem.at(reader.span("network.wire.segment"), "holds no data");
        diagnostics.error(problem.help("write segment = \"1448 B\", or leave it out"));
    }
    let tls = reader.node("network.wire.tls").and_then(Node::as_table).map(|_| Tls {
        client: reader.read("network.wire.tls.client"),
        server: reader.read("network.wire.tls.server"),
        record: reader.read("network.wire.tls.record"),
    });
    Some(Wire {
        segment: segment.max(Bytes(1)),
        header: reader.read("network.wire.header"),
        ack_delay: reader.time("network.wire.ack_delay"),
        server_ack_delay: reader.time("network.wire.server_ack_delay"),
        keep_alive: reader.time("network.wire.keep_alive"),
        tls,
    })
}
