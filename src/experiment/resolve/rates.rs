//! Rates that vary over time or between clients: `source.on_off`, `source.day`, `source.spread`.

use std::sync::Arc;

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::experiment::typed::Typed;
use crate::model::scenario::{DayProfile, Phase, Process, Spread};
use crate::units::Time;

/// A part of the day that is shorter would have only a few nanoseconds.
const SHORTEST_PART: Time = Time(1_000);

/// The processes whose rates may differ between clients.
const SPREADABLE: [&str; 3] = ["poisson", "on_off", "day"];

/// A stand-in for a process with a wrong rate, which has been reported.
const INSTEAD: Process = Process::Periodic { every: Time::from_secs(1), phase: Phase::Random };

/// Reads `source.on_off`.
pub(super) fn on_off(reader: Reader) -> Process {
    let mean = |path| reader.time(path).max(Time(1));
    reader.right("source.on_off.rate").map_or(INSTEAD, |rate| Process::OnOff {
        on: mean("source.on_off.on"),
        off: mean("source.on_off.off"),
        rate,
    })
}

/// Reads `source.day`.
pub(super) fn day(reader: Reader, diagnostics: &mut Diagnostics) -> Process {
    let (shape, period) = (shape(reader), reader.time("source.day.period"));
    let parts = shape.len() as u64;
    // A period of zero, or an invalid one, has been reported.
    let is_a_span = reader.has_time("source.day.period") && period > Time::ZERO;
    if is_a_span && period < SHORTEST_PART.times(parts) {
        diagnostics.error(
            Problem::new(format!("each of the {parts} parts of `source.day.period` is shorter than {SHORTEST_PART}"))
                .at(reader.written(&["source.day.period", "source.day.shape"]), "too short")
                .help(format!("write period = \"{}\" or more, or fewer numbers", SHORTEST_PART.times(parts))),
        );
    }
    reader.right("source.day.rate").map_or(INSTEAD, |rate| Process::Day(Arc::new(DayProfile { rate, shape, period })))
}

/// The numbers of `source.day.shape`; one number if they are absent or wrong, which has been reported.
fn shape(reader: Reader) -> Vec<f64> {
    match reader.node("source.day.shape").and_then(|node| node.typed.as_ref()) {
        Some(Typed::Numbers(numbers)) => numbers.to_vec(),
        _ => vec![1.0],
    }
}

/// Reads `source.spread`.
pub(super) fn spread(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Spread> {
    let node = reader.node("source.spread")?;
    check_company(reader, node, diagnostics);
    let table = node.as_table()?;
    match (table.get("zipf"), table.get("lognormal")) {
        (Some(_), None) => Some(Spread::Zipf(reader.number("source.spread.zipf"))),
        (None, Some(_)) => Some(Spread::Lognormal(reader.number("source.spread.lognormal"))),
        (Some(first), Some(second)) => {
            diagnostics.error(
                Problem::new("`source.spread` has two laws: zipf and lognormal")
                    .at(first.span.max(second.span), "the second law")
                    .once()
                    .help("keep one of zipf, lognormal"),
            );
            None
        }
        // A misspelled distribution has been reported.
        (None, None) if keys::has_unknown("source.spread", table) => None,
        (None, None) => {
            let problem = Problem::new("`source.spread` says no law").at(node.span, "incomplete");
            diagnostics.error(problem.help("write spread = { zipf = 1.0 } or spread = { lognormal = 1.2 }"));
            None
        }
    }
}

/// Refuses the scopes and the processes that have no rate for each client.
fn check_company(reader: Reader, spread: &Node, diagnostics: &mut Diagnostics) {
    let scope = reader.word("source.scope");
    if ["broadcast", "request", "group"].contains(&scope) {
        diagnostics.error(
            Problem::new(format!("`source.spread` goes with scope \"client\", not \"{scope}\""))
                .at(spread.span, "not possible")
                .help(
                    "its weights are for processes of one client each: write scope = \"client\", or leave spread out",
                ),
        );
        return;
    }
    let is_given = |name: &str| reader.node(&format!("source.{name}")).is_some();
    let processes = keys::alternatives("source");
    let Some(name) = processes.into_iter().find(|name| is_given(name) && !SPREADABLE.contains(name)) else { return };
    if scope == "client" && !SPREADABLE.iter().any(|name| is_given(name)) {
        let problem = Problem::new(format!("`source.spread` goes with poisson, on_off or day, not with {name}"));
        let problem = problem.at(spread.span, "not possible");
        diagnostics.error(problem.help("write poisson = { rate = \"0.03 /s\" }, or leave spread out"));
    }
}
