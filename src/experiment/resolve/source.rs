//! `[source]`: the process of messages, and rates that vary over time or between clients.

use std::sync::Arc;

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::{Node, Span};
use crate::experiment::typed::Typed;
use crate::experiment::{keys, suggest};
use crate::model::scenario::{Arrivals, DayProfile, Keep, Phase, Process, Source, Spread, Trace};
use crate::units::{Probability, Time};

/// A part of the day that is shorter would have only a few nanoseconds.
const SHORTEST_PART: Time = Time(1_000);

/// The processes whose rates may differ between clients.
const SPREADABLE: [&str; 3] = ["poisson", "on_off", "day"];

/// A stand-in for a process with a wrong rate, which has been reported.
const INSTEAD: Process = Process::Periodic { every: Time::from_secs(1), phase: Phase::Random };

/// Reads `[source]` for a run to `horizon`.
pub(super) fn source(reader: Reader, horizon: Time, diagnostics: &mut Diagnostics) -> Source {
    let scope = reader.word("source.scope");
    if let (Some(size), "client" | "broadcast" | "request") = (reader.node("source.size"), scope) {
        let problem = Problem::new(format!("`source.size` goes with scope \"group\", not \"{scope}\""));
        diagnostics.error(problem.at(size.span, "not used here").help("write scope = \"group\", or remove size"));
    }
    if let (Some(hit), "client" | "broadcast" | "group") = (reader.node("source.hit"), scope) {
        diagnostics.error(
            Problem::new(format!("`source.hit` goes with scope \"request\", not \"{scope}\""))
                .at(hit.span, "not used here")
                .help(if scope == "group" {
                    "messages are what clients send: remove hit"
                } else {
                    "write tick = { every = \"0.5 s\", hit = \"15/999\" }, or scope = \"request\""
                }),
        );
    }
    let arrivals = if scope == "request" {
        in_request(reader, diagnostics)
    } else if scope == "group" {
        in_groups(reader, diagnostics)
    } else {
        let process = process(reader, horizon, scope == "client", diagnostics);
        if scope == "broadcast" { Arrivals::Broadcast(process) } else { Arrivals::PerClient(process) }
    };
    let keep = if reader.word("source.keep") == "latest" { Keep::Latest } else { Keep::All };
    let spread = spread(reader, diagnostics);
    Source { arrivals, payload: reader.read("source.payload"), keep, spread }
}

/// Scope `group`: the sends are the source.
fn in_groups(reader: Reader, diagnostics: &mut Diagnostics) -> Arrivals {
    refuse_processes(reader, &["messages are what clients send: write clients.sends"], diagnostics);
    if reader.node("clients.sends").is_none() {
        let problem = Problem::new("with scope \"group\" messages are what clients send, and they send nothing");
        let problem = problem.at(reader.span("source.scope"), "no messages");
        diagnostics.error(problem.help("write [clients] sends = { poisson = { rate = \"0.02 /s\" } }"));
    }
    Arrivals::Group { size: reader.count("source.size") as u32 }
}

/// Refuses the processes where messages come from elsewhere.
fn refuse_processes(reader: Reader, help: &[&str], diagnostics: &mut Diagnostics) {
    let scope = reader.word("source.scope");
    for (name, node) in processes(reader) {
        let problem = Problem::new(format!("scope \"{scope}\" has no process, but `source.{name}` is given"));
        let problem = problem.at(node.span, "not used here");
        diagnostics.error(help.iter().fold(problem, |problem, help| problem.help(*help)));
    }
}

/// The processes that are given, in the order of the table of keys.
fn processes(reader: Reader<'_>) -> impl Iterator<Item = (&'static str, &Node)> {
    let given = move |name| Some((name, reader.node(&format!("source.{name}"))?));
    keys::alternatives("source").into_iter().filter_map(given)
}

fn in_request(reader: Reader, diagnostics: &mut Diagnostics) -> Arrivals {
    let help = [
        "with scope \"request\" each server check is the trial: write hit = \"15/999\"",
        "for a process of its own write scope = \"client\" or scope = \"broadcast\"",
    ];
    refuse_processes(reader, &help, diagnostics);
    let refused = [
        ("source.keep", "latest", "there is no mailbox to keep messages in"),
        ("server.on_lost_reply", "redeliver", "there is no mailbox to redeliver from"),
    ];
    for (path, word, reason) in refused {
        if reader.word(path) == word {
            let problem =
                Problem::new(format!("`{path} = \"{word}\"` cannot be combined with scope \"request\": {reason}"));
            diagnostics
                .error(problem.at(reader.span(path), "not possible").help("use scope = \"client\" or \"broadcast\""));
        }
    }
    Arrivals::InRequest { hit: reader.read("source.hit") }
}

fn process(reader: Reader, horizon: Time, is_per_client: bool, diagnostics: &mut Diagnostics) -> Process {
    let mut given: Vec<(&str, &Node)> = processes(reader).collect();
    given.sort_by_key(|(_, node)| node.span);
    if let [_, (_, second), ..] = given[..] {
        let names: Vec<String> = given.iter().map(|(name, _)| format!("`source.{name}`")).collect();
        let problem = Problem::new(format!("{} processes, but a source has one: {}", given.len(), names.join(" and ")));
        let problem = problem.at(second.span, "the second process").once();
        diagnostics.error(problem.help(format!("keep one of {}", keys::alternatives("source").join(", "))));
    }
    let phase = match reader.word("source.phase") {
        "random" => Phase::Random,
        _ => Phase::At(reader.time("source.phase")),
    };
    let name = given.first().map_or("tick", |(name, _)| *name);
    let needed: &[&str] = match name {
        "poisson" => &["rate"],
        "periodic" => &["every"],
        "trace" => &["file"],
        "on_off" => &["on", "off", "rate"],
        "day" => &["rate", "shape"],
        _ => &[],
    };
    let help = format!("write {}", suggest::example(name).unwrap_or_default());
    for part in needed {
        reader.lacks(&format!("source.{name}"), &[part], &help, diagnostics);
    }
    match name {
        "poisson" => reader.right("source.poisson.rate").map_or(INSTEAD, |rate| Process::Poisson { rate }),
        "periodic" => Process::Periodic { every: reader.time("source.periodic.every").max(Time(1)), phase },
        "trace" => trace(reader, horizon, is_per_client, diagnostics),
        "on_off" => on_off(reader),
        "day" => day(reader, diagnostics),
        _ => Process::Tick {
            every: reader.time("source.tick.every").max(Time(1)),
            hit: reader.read("source.tick.hit"),
            phase,
        },
    }
}

fn trace(reader: Reader, horizon: Time, is_per_client: bool, diagnostics: &mut Diagnostics) -> Process {
    let repeat = reader.flag("source.trace.repeat");
    let written = reader.word("source.trace.file");
    let Some(trace) = reader.inputs.trace(written, repeat) else {
        return Process::Tick { every: Time::from_secs(1), hit: Probability::ONE, phase: Phase::Random };
    };
    let at = reader.span("source.trace.file");
    if reader.has_warmup() && reader.has_time("experiment.duration") {
        check_times(reader, &trace, horizon, at, diagnostics);
    }
    let clients = reader.get("clients.count").unwrap_or(1_u64);
    let beyond = |client: u32| u64::from(client) >= clients;
    if is_per_client
        && reader.inputs.last_client(written).is_some_and(beyond)
        && let Some(place) = trace.messages.iter().position(|message| message.client.is_some_and(beyond))
    {
        let client = trace.messages[place].client.unwrap_or_default();
        let row = reader.inputs.row(written, place, diagnostics);
        diagnostics.error(
            Problem::new(format!("a message for client {client}, but the {clients} clients are numbered from 0"))
                .at(row.unwrap_or(at), format!("no client {client}"))
                .help(format!("write clients.count = {} or more", u64::from(client) + 1)),
        );
    }
    Process::Trace(trace)
}

fn check_times(reader: Reader, trace: &Trace, horizon: Time, at: Span, diagnostics: &mut Diagnostics) {
    let written = reader.word("source.trace.file");
    let first = trace.messages.first().map_or(Time::ZERO, |message| message.time);
    let last = trace.messages.last().map_or(Time::ZERO, |message| message.time);
    if first >= horizon {
        let shifted = reader.inputs.shifted(written);
        let problem = Problem::new(format!("`{written}` begins at {first}, after the run has ended at {horizon}"));
        let problem = problem.at(at, "nothing would happen").help("times count from the start of the run");
        diagnostics.error(problem.help(shifted.unwrap_or_else(|| "subtract the first one from all".to_owned())));
    } else if trace.repeat && last == Time::ZERO {
        diagnostics.error(
            Problem::new(format!("`{written}` cannot repeat: its last message is at 0 s"))
                .at(at, "takes no time")
                .help("a trace starts again at the time of its last message: give that a time above 0, or write repeat = false"),
        );
    }
}

fn on_off(reader: Reader) -> Process {
    let mean = |path| reader.time(path).max(Time(1));
    reader.right("source.on_off.rate").map_or(INSTEAD, |rate| Process::OnOff {
        on: mean("source.on_off.on"),
        off: mean("source.on_off.off"),
        rate,
    })
}

fn day(reader: Reader, diagnostics: &mut Diagnostics) -> Process {
    let shape = match reader.node("source.day.shape").and_then(|node| node.typed.as_ref()) {
        Some(Typed::Numbers(numbers)) => numbers.to_vec(),
        // They are absent or wrong, which has been reported.
        _ => vec![1.0],
    };
    let period = reader.time("source.day.period");
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

fn spread(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Spread> {
    let node = reader.node("source.spread")?;
    check_company(reader, node, diagnostics);
    let table = node.as_table()?;
    match (table.get("zipf"), table.get("lognormal")) {
        (Some(_), None) => Some(Spread::Zipf(reader.number("source.spread.zipf"))),
        (None, Some(_)) => Some(Spread::Lognormal(reader.number("source.spread.lognormal"))),
        (Some(first), Some(second)) => {
            let problem = Problem::new("`source.spread` has two laws: zipf and lognormal");
            let problem = problem.at(first.span.max(second.span), "the second law").once();
            diagnostics.error(problem.help("keep one of zipf, lognormal"));
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
    let (spreadable, others): (Vec<&str>, Vec<&str>) =
        processes(reader).map(|(name, _)| name).partition(|name| SPREADABLE.contains(name));
    let Some(name) = others.first() else { return };
    if scope == "client" && spreadable.is_empty() {
        let problem = Problem::new(format!("`source.spread` goes with poisson, on_off or day, not with {name}"));
        let problem = problem.at(spread.span, "not possible");
        diagnostics.error(problem.help("write poisson = { rate = \"0.03 /s\" }, or leave spread out"));
    }
}
