//! The causes of lost and waiting messages.

use std::fmt::Write as _;

use super::observed::{ResultView, percent};
use crate::model::scenario::{OnLostReply, OnTimeout, Response};

/// From this utilisation on a link or a pool counts as full.
const FULL: f64 = 0.95;

/// The cause, and what to write.
pub(super) struct Reason {
    /// Findings with the same name are one warning.
    pub name: &'static str,
    pub text: String,
    pub help: String,
}

/// Why messages were lost.
pub(super) fn of_loss(view: &ResultView) -> Reason {
    let found = gives_up(view).or_else(|| full(view)).or_else(|| restart(view)).or_else(|| gone(view));
    found.unwrap_or_else(|| late(view))
}

/// Replies for which the client or the proxy did not wait.
fn late(view: &ResultView) -> Reason {
    let gateway_timeouts = view.totals.served.gateway_timeouts.unwrap_or(0);
    let (text, key) = match view.scenario.server.read_timeout {
        Some(patience) if gateway_timeouts > view.totals.timeouts => {
            (format!("the proxy gave up {gateway_timeouts} requests after {patience}"), "read_timeout under [proxy]")
        }
        _ => (format!("replies took longer than the timeout of {}", view.scenario.clients.timeout), "timeout"),
    };
    Reason {
        name: "late",
        text,
        help: format!("write a longer {key}, or on_lost_reply = \"redeliver\" under [server]"),
    }
}

/// Why messages wait; `None`: they are in transit.
pub(super) fn of_waiting(view: &ResultView) -> Option<Reason> {
    let found = stopped(view).or_else(|| browsers(view)).or_else(|| full(view)).or_else(|| gives_up(view));
    found.or_else(|| {
        if is_on_its_way(view) { None } else { restart(view).or_else(|| gone(view)).or_else(|| absent(view)) }
    })
}

/// Whether the latency explains the waiting messages: by Little's law the fraction latency / window of the messages is
/// open.
fn is_on_its_way(view: &ResultView) -> bool {
    let latency = &view.totals.latency;
    let mean = latency.sum() as f64 / latency.count().max(1) as f64;
    let expected = mean / view.scenario.window.duration.0 as f64;
    view.totals.open as f64 <= 1.5 * expected * view.totals.created as f64
}

/// A client or the proxy gives up before the server answers.
fn gives_up(view: &ResultView) -> Option<Reason> {
    let (scenario, totals) = (&view.scenario, view.totals);
    let (answer, reply) = (scenario.answer_without_message(), scenario.reply_without_message());
    let timeout = scenario.clients.timeout;
    let (who, patience) = match scenario.server.read_timeout {
        _ if timeout < reply && totals.timeouts > 0 => ("client", timeout),
        Some(patience) if patience < answer && totals.served.gateway_timeouts > Some(0) => ("proxy", patience),
        _ => return None,
    };
    let answer = if patience <= answer { answer } else { reply };
    let drops = scenario.server.on_lost_reply == OnLostReply::Drop && !scenario.server.notices_disconnect;
    let mut text = format!("the {who} gives up after {patience}, the server answers after {answer}");
    if drops && totals.lost > 0 {
        let _ = write!(text, "; orphans took {} of {} messages", totals.lost, totals.lost + totals.delivered);
    }
    let key = if who == "client" { "timeout" } else { "read_timeout under [proxy]" };
    let keeping =
        if drops { ", or notices_disconnect = true or on_lost_reply = \"redeliver\" under [server]" } else { "" };
    Some(Reason { name: who, text, help: format!("write a longer {key}, or a shorter hold{keeping}") })
}

/// The link of the server or its pool of workers is saturated.
fn full(view: &ResultView) -> Option<Reason> {
    let served = &view.group.pooled.served;
    // The measured time of all replications.
    let nanos = view.scenario.window.duration.0 as f64 * view.group.replications.len() as f64;
    for (link, way) in [(served.up_link, "up"), (served.down_link, "down")] {
        let busy = link.map_or(0.0, |link| link.busy_nanos as f64 / nanos);
        if busy > FULL {
            return Some(Reason {
                name: "link",
                text: format!("the link of the server ({way}) is full: occupied {} of the time", percent(busy)),
                help: "write a faster server_link, fewer clients, or polls with pace = \"after-reply\"".to_owned(),
            });
        }
    }
    let workers = f64::from(view.scenario.server.pool?.workers);
    let busy = served.pool?.busy_nanos as f64 / nanos / workers;
    if busy <= FULL {
        return None;
    }
    Some(Reason {
        name: "workers",
        text: format!("all {workers} workers are occupied {} of the time", percent(busy)),
        help: "write more workers, fewer clients, or a shorter hold".to_owned(),
    })
}

fn restart(view: &ResultView) -> Option<Reason> {
    if view.totals.served.broken.unwrap_or(0) == 0 {
        return None;
    }
    Some(Reason {
        name: "restart",
        text: "the restart of the server broke requests that carried or awaited them".to_owned(),
        help: "write on_lost_reply = \"redeliver\", or on_error = { retry = {} } where clients stop".to_owned(),
    })
}

fn gone(view: &ResultView) -> Option<Reason> {
    let left = view.totals.served.visits.map_or(0, |visits| visits.left);
    if left == 0 {
        return None;
    }
    Some(Reason {
        name: "gone",
        text: format!("{left} clients left while messages for them waited, or were on their way"),
        help: "count them as not delivered: the latency is that of the others".to_owned(),
    })
}

/// Clients that have stopped.
fn stopped(view: &ResultView) -> Option<Reason> {
    let clients = &view.scenario.clients;
    if view.totals.stopped == 0 && clients.on_timeout != OnTimeout::Stop {
        return None;
    }
    let (after, key) = match clients.on_timeout {
        OnTimeout::Stop => ("timeout", "on_timeout = \"retry\""),
        OnTimeout::Retry | OnTimeout::Backoff(_) => ("error", "on_error = { retry = {} }"),
    };
    Some(Reason {
        name: "stopped",
        text: format!("clients ask no more after their first {after}"),
        help: format!("write {key} under [clients]"),
    })
}

/// Tabs that wait for a held connection.
fn browsers(view: &ResultView) -> Option<Reason> {
    let browsers = view.scenario.clients.browsers?;
    let holds = matches!(view.scenario.transport.response(), Response::Held | Response::Stream);
    if browsers.tabs <= browsers.connections || !holds || view.scenario.http.http2.is_some() {
        return None;
    }
    Some(Reason {
        name: "browsers",
        text: format!("{} tabs share the {} connections of a browser", browsers.tabs, browsers.connections),
        help: "write http2 = {} in this transport, or fewer tabs_per_browser".to_owned(),
    })
}

/// Clients still come during a significant part of the window.
fn absent(view: &ResultView) -> Option<Reason> {
    let (start, window) = (view.scenario.last_start(), view.scenario.window);
    if start.since(window.warmup).times(20) <= window.duration {
        return None;
    }
    Some(Reason {
        name: "absent",
        text: format!("clients start until {start}, the window opens at {}", window.warmup),
        help: format!("write warmup = \"{}\" or longer", view.scenario.shortest_warmup().rounded_up()),
    })
}
