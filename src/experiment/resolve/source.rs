//! `[source]`: the process of messages.

use super::{Reader, rates};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::{Node, Span};
use crate::experiment::{keys, suggest};
use crate::model::scenario::{Arrivals, Keep, Phase, Process, Source, Trace};
use crate::units::{Probability, Time};

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
    let spread = rates::spread(reader, diagnostics);
    Source { arrivals, payload: reader.read("source.payload"), keep, spread }
}

/// Scope `group`: the sends are the source.
fn in_groups(reader: Reader, diagnostics: &mut Diagnostics) -> Arrivals {
    for name in keys::alternatives("source") {
        if let Some(node) = reader.node(&format!("source.{name}")) {
            let problem = Problem::new(format!("scope \"group\" has no process, but `source.{name}` is given"));
            let problem = problem.at(node.span, "not used here");
            diagnostics.error(problem.help("messages are what clients send: write clients.sends"));
        }
    }
    if reader.node("clients.sends").is_none() {
        let problem = Problem::new("with scope \"group\" messages are what clients send, and they send nothing");
        let problem = problem.at(reader.span("source.scope"), "no messages");
        diagnostics.error(problem.help("write [clients] sends = { poisson = { rate = \"0.02 /s\" } }"));
    }
    Arrivals::Group { size: reader.count("source.size") as u32 }
}

fn in_request(reader: Reader, diagnostics: &mut Diagnostics) -> Arrivals {
    for name in keys::alternatives("source") {
        if let Some(node) = reader.node(&format!("source.{name}")) {
            diagnostics.error(
                Problem::new(format!("scope \"request\" has no process, but `source.{name}` is given"))
                    .at(node.span, "not used here")
                    .help("with scope \"request\" each server check is the trial: write hit = \"15/999\"")
                    .help("for a process of its own write scope = \"client\" or scope = \"broadcast\""),
            );
        }
    }
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
    let mut given: Vec<(&str, &Node)> = keys::alternatives("source")
        .into_iter()
        .filter_map(|name| Some((name, reader.node(&format!("source.{name}"))?)))
        .collect();
    given.sort_by_key(|(_, node)| node.span);
    if let [_, (_, second), ..] = given[..] {
        let names: Vec<String> = given.iter().map(|(name, _)| format!("`source.{name}`")).collect();
        diagnostics.error(
            Problem::new(format!("{} processes, but a source has one: {}", given.len(), names.join(" and ")))
                .at(second.span, "the second process")
                .once()
                .help(format!("keep one of {}", keys::alternatives("source").join(", "))),
        );
    }
    let phase = match reader.word("source.phase") {
        "random" => Phase::Random,
        _ => Phase::At(reader.time("source.phase")),
    };
    let name = given.first().map_or("tick", |(name, _)| *name);
    let needed = |path: &str, diagnostics: &mut Diagnostics| needed(reader, path, diagnostics);
    match name {
        "poisson" => {
            needed("source.poisson.rate", diagnostics);
            match reader.right("source.poisson.rate") {
                Some(rate) => Process::Poisson { rate },
                None => Process::Periodic { every: Time::from_secs(1), phase },
            }
        }
        "periodic" => {
            needed("source.periodic.every", diagnostics);
            Process::Periodic { every: reader.time("source.periodic.every").max(Time(1)), phase }
        }
        "trace" => {
            needed("source.trace.file", diagnostics);
            trace(reader, horizon, is_per_client, diagnostics)
        }
        "on_off" => {
            for path in ["source.on_off.on", "source.on_off.off", "source.on_off.rate"] {
                needed(path, diagnostics);
            }
            rates::on_off(reader)
        }
        "day" => {
            for path in ["source.day.rate", "source.day.shape"] {
                needed(path, diagnostics);
            }
            rates::day(reader, diagnostics)
        }
        _ => Process::Tick {
            every: reader.time("source.tick.every").max(Time(1)),
            hit: reader.read("source.tick.hit"),
            phase,
        },
    }
}

/// Reports a missing key of a process.
fn needed(reader: Reader, path: &str, diagnostics: &mut Diagnostics) {
    let (process, part) = path.rsplit_once('.').unwrap_or((path, ""));
    let name = process.rsplit('.').next().unwrap_or(process);
    let help = format!("write {}", suggest::example(name).unwrap_or_default());
    reader.lacks(process, &[part], &help, diagnostics);
}

fn trace(reader: Reader, horizon: Time, is_per_client: bool, diagnostics: &mut Diagnostics) -> Process {
    let repeat = reader.flag("source.trace.repeat");
    let written = reader.word("source.trace.file");
    let Some(trace) = reader.inputs.trace(written, repeat) else {
        return Process::Tick { every: Time::from_secs(1), hit: Probability::ONE, phase: Phase::Random };
    };
    let at = reader.span("source.trace.file");
    if reader.has_time("experiment.warmup") && reader.has_time("experiment.duration") {
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
        diagnostics.error(
            Problem::new(format!("`{written}` begins at {first}, after the run has ended at {horizon}"))
                .at(at, "nothing would happen")
                .help("times count from the start of the run")
                .help(shifted.unwrap_or_else(|| "subtract the first one from all".to_owned())),
        );
    } else if trace.repeat && last == Time::ZERO {
        diagnostics.error(
            Problem::new(format!("`{written}` cannot repeat: its last message is at 0 s"))
                .at(at, "takes no time")
                .help("a trace starts again at the time of its last message: give that a time above 0, or write repeat = false"),
        );
    }
}
