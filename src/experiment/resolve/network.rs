//! `[network]`: one-way delays.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Delay, Network};

/// Reads `[network]`.
pub(super) fn network(reader: Reader, diagnostics: &mut Diagnostics) -> Network {
    Network { up: delay(reader, "network.up", diagnostics), down: delay(reader, "network.down", diagnostics) }
}

fn delay(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Delay {
    let node = reader.node(path);
    let given: Vec<&str> =
        node.and_then(Node::as_table).iter().flat_map(|table| &table.entries).map(|entry| entry.key.as_str()).collect();
    let [name] = given[..] else {
        diagnostics.error(
            Problem::new(format!("`{path}` names {} distributions, not one", given.len()))
                .at(reader.span(path), given.join(" and "))
                .help(format!("keep one of {}", keys::names_below(path).join(", "))),
        );
        return Delay::Constant(crate::units::Time::ZERO);
    };
    let at = |part: &str| format!("{path}.{name}.{part}");
    for part in keys::names_below(&format!("{path}.{name}")) {
        if reader.node(&at(part)).is_none() {
            let problem = Problem::new(format!("`{}` is missing", at(part)));
            diagnostics.error(problem.at(reader.span(&format!("{path}.{name}")), "incomplete"));
            return Delay::Constant(crate::units::Time::ZERO);
        }
    }
    match name {
        "uniform" => {
            let (low, high) = (reader.time(&at("low")), reader.time(&at("high")));
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
            None => Delay::Constant(crate::units::Time::ZERO),
        },
        _ => Delay::Constant(reader.time(&format!("{path}.constant"))),
    }
}
