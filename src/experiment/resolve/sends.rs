//! `clients.sends`: the sends of clients.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::model::scenario::{Phase, Process, Sends};
use crate::units::Time;

/// Reads `clients.sends`; `None` without sends.
pub(super) fn sends(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Sends> {
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
