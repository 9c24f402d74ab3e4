//! `[server]`, `[proxy]`, the costs of their work (`[cost]`), and the reaction of clients to errors.

use super::{Reader, network};
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Backoff, Cost, OnError, OnLostReply, OnTimeout, Pool, Radio, Restart, Server};

pub(super) fn server(reader: Reader, diagnostics: &mut Diagnostics) -> Server {
    let limit = |path: &str| reader.get(path).map(|limit: u64| limit as u32);
    let (workers, backlog) = (limit("server.workers"), limit("server.backlog"));
    if workers.is_none() && backlog.is_some() {
        diagnostics.error(
            Problem::new("`server.backlog` needs `server.workers`")
                .at(reader.span("server.backlog"), "nothing waits here")
                .help("without workers the server has no limit: write workers = 5 beside it, or leave it out"),
        );
    }
    Server {
        notices_disconnect: reader.flag("server.notices_disconnect"),
        on_lost_reply: match reader.word("server.on_lost_reply") {
            "redeliver" => OnLostReply::Redeliver,
            _ => OnLostReply::Drop,
        },
        service: network::span(reader, "server.service", diagnostics),
        pool: workers.map(|workers| Pool { workers, backlog }),
        has_proxy: reader.has_table("proxy"),
        read_timeout: reader.get("proxy.read_timeout"),
        idle_timeout: reader.get("proxy.idle_timeout"),
        session_lock: reader.flag("server.session_lock"),
        check_drift: network::span(reader, "server.check.drift", diagnostics),
        restart: restart(reader, diagnostics),
    }
}

fn restart(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Restart> {
    let table = reader.node("server.restart").and_then(Node::as_table)?;
    if table.get("at").is_none() {
        if !keys::has_unknown("server.restart", table) {
            diagnostics.error(
                Problem::new("`server.restart.at` is missing")
                    .at(reader.span("server.restart"), "when?")
                    .help("write restart = { at = \"10 min\", down = \"5 s\" }; times count from the start of the run"),
            );
        }
        return None;
    }
    reader.check_instant("server.restart.at", "the server restarts", diagnostics);
    Some(Restart { at: reader.time("server.restart.at"), down: reader.time("server.restart.down") })
}

pub(super) fn on_error(reader: Reader, diagnostics: &mut Diagnostics) -> OnError {
    if !reader.has_table("clients.on_error") {
        return OnError::Stop;
    }
    OnError::Retry(backoff(reader, "clients.on_error", diagnostics))
}

/// Reads the reaction of a client to a timeout at `path`; `None` if absent.
pub(super) fn on_timeout(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Option<OnTimeout> {
    let node = reader.node(path)?;
    Some(match node.as_text() {
        _ if node.is_table() => OnTimeout::Backoff(backoff(reader, path, diagnostics)),
        Some("stop") => OnTimeout::Stop,
        _ => OnTimeout::Retry,
    })
}

/// Reads the table `retry` at `path`.
fn backoff(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Backoff {
    let at = |name: &str| format!("{path}.retry.{name}");
    let factor = reader.number(&at("factor"));
    if factor < 1.0 {
        let problem = Problem::new(format!("`{}` must be at least 1", reader.name(&at("factor"))));
        let problem = problem.at(reader.span(&at("factor")), "would shrink the wait");
        diagnostics.error(problem.help("write factor = 2, or 1 for the same wait every time"));
    }
    Backoff {
        first: reader.time(&at("first")),
        factor: factor.max(1.0),
        max: reader.time(&at("max")),
        jitter: reader.number(&at("jitter")),
    }
}

/// Reads `[cost]`; `None` without the table.
pub(super) fn cost(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Cost> {
    reader.node("cost")?.as_table()?;
    Some(Cost {
        cpu_per_request: reader.time("cost.cpu_per_request"),
        cpu_per_check: reader.time("cost.cpu_per_check"),
        cpu_per_byte: reader.time("cost.cpu_per_byte"),
        cpu_per_push: reader.time("cost.cpu_per_push"),
        cpu_per_handshake: reader.time("cost.cpu_per_handshake"),
        memory_per_connection: reader.read("cost.memory_per_connection"),
        memory_per_worker: reader.read("cost.memory_per_worker"),
        memory_base: reader.read("cost.memory_base"),
        price_per_gb: reader.number("cost.price_per_gb"),
        price_per_core_hour: reader.number("cost.price_per_core_hour"),
        radio: radio(reader, diagnostics),
    })
}

fn radio(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Radio> {
    reader.node("cost.radio")?.as_table()?;
    let help = "write radio = { idle_ma = 5, charge_mas = 300 } with the numbers of your phone";
    if reader.lacks("cost.radio", &["idle_ma", "charge_mas"], help, diagnostics) {
        return None;
    }
    Some(Radio { idle_ma: reader.number("cost.radio.idle_ma"), charge_mas: reader.number("cost.radio.charge_mas") })
}
