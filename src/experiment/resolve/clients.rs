//! `[clients]`: the clients, when they come and go, and what they send.

use super::{Reader, network, server};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::model::scenario::{Browsers, Clients, Crowd, OnTimeout, Phase, Process, Sends};
use crate::units::Time;

/// The most clients that come and go in one run.
pub(super) const MOST: u64 = 4_000_000_000;

/// Reads `[clients]`, without the keys that a transport overrides. If populations have counts, there is one client
/// here.
pub(super) fn clients(reader: Reader, diagnostics: &mut Diagnostics) -> Clients {
    let browsers = reader.get("clients.tabs_per_browser").map(|tabs: u64| Browsers {
        tabs: tabs as u32,
        connections: reader.count("clients.connections_per_host") as u32,
    });
    let clients = Clients {
        count: reader.get("clients.count").unwrap_or(1_u64) as u32,
        start_within: Time::ZERO,
        timeout: reader.time("clients.timeout"),
        on_timeout: server::on_timeout(reader, "clients.on_timeout", diagnostics).unwrap_or(OnTimeout::Retry),
        on_error: server::on_error(reader, diagnostics),
        session: network::span(reader, "clients.session", diagnostics),
        arrival_rate: reader.right("clients.arrival_rate"),
        crowd: crowd(reader, diagnostics),
        browsers,
        sends: sends(reader, diagnostics),
    };
    let population = clients.population(reader.window().horizon());
    if population > MOST {
        diagnostics.error(
            Problem::new(format!("{population} clients come in this run; {MOST} are the most"))
                .at(reader.written(&["clients.arrival_rate", "clients.crowd.count", "clients.count"]), "too many")
                .help("lower the rate, or shorten the run"),
        );
    }
    clients
}

fn crowd(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Crowd> {
    reader.node("clients.crowd")?.as_table()?;
    let help = "write crowd = { at = \"10 min\", count = 5000, within = \"30 s\" }";
    if reader.lacks("clients.crowd", &["at", "count"], help, diagnostics) {
        return None;
    }
    reader.check_instant("clients.crowd.at", "the crowd comes", diagnostics);
    Some(Crowd {
        at: reader.time("clients.crowd.at"),
        count: reader.count("clients.crowd.count") as u32,
        within: reader.time("clients.crowd.within"),
    })
}

/// Reads `clients.sends`; `None` without sends.
fn sends(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Sends> {
    let node = reader.node("clients.sends")?;
    let table = node.as_table()?;
    let processes = keys::alternatives("clients.sends");
    let mut given = processes.iter().filter_map(|name| Some((*name, table.get(name)?)));
    let Some((name, process)) = given.next() else {
        if !keys::has_unknown("clients.sends", table) {
            let problem = Problem::new("`clients.sends` does not say when").at(node.span, "incomplete");
            diagnostics.error(problem.help("write sends = { poisson = { rate = \"0.02 /s\" } }"));
        }
        return None;
    };
    if let Some((second, node)) = given.next() {
        let problem = Problem::new(format!("`clients.sends` has two processes: {name} and {second}"));
        diagnostics
            .error(problem.at(node.span, "the second process").help(format!("keep one of {}", processes.join(", "))));
        return None;
    }
    let path = format!("clients.sends.{name}");
    process.as_table()?;
    if reader.lacks(&path, &keys::names_below(&path), &format!("write {}", example(name)), diagnostics) {
        return None;
    }
    let span = |part: &str| reader.time(&format!("{path}.{part}")).max(Time(1));
    let rate = || reader.right(&format!("{path}.rate"));
    let process = match name {
        "periodic" => Process::Periodic { every: span("every"), phase: Phase::Random },
        "on_off" => Process::OnOff { on: span("on"), off: span("off"), rate: rate()? },
        _ => Process::Poisson { rate: rate()? },
    };
    let payload = if table.get("payload").is_some() { "clients.sends.payload" } else { "source.payload" };
    Some(Sends { process, payload: reader.read(payload) })
}

fn example(name: &str) -> &'static str {
    match name {
        "periodic" => "periodic = { every = \"30 s\" }",
        "on_off" => "on_off = { on = \"10 s\", off = \"60 s\", rate = \"1 /s\" }",
        _ => "poisson = { rate = \"0.02 /s\" }",
    }
}
