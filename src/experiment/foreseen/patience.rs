//! Times that are too short: the warm-up for the start, timeouts of clients and the proxy for the reply, and that of
//! the proxy for a keep-alive.

use super::view::{ClientsView, second_after};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::model::Scenario;
use crate::model::scenario::{OnError, OnLostReply, OnTimeout, TransportConfig};
use crate::units::Time;

pub(super) fn look(view: &ClientsView, found: &mut Gathering) {
    start(view, found);
    client(view, found);
    proxy(view, found);
    keep_alive(view, found);
}

/// The warm-up must include the start of all clients, and the end of a client's longest cycle.
fn start(view: &ClientsView, found: &mut Gathering) {
    let reader = view.point.reader;
    if !reader.has_time("experiment.warmup") {
        return;
    }
    // A quick run has its own warm-up, and so has `auto`; the written one is judged.
    let warmup = reader.time("experiment.warmup");
    let start = view.scenario.last_start();
    let (cycle, name) = (view.scenario.transport.longest_cycle(), cycle_name(&view.scenario.transport));
    let needed = start.max(cycle);
    if needed <= warmup {
        return;
    }
    // At the shortest time that is not warned of, clients that have just started still bias the window.
    let usual = view.scenario.shortest_warmup();
    let (cause, message, why) = if start > warmup {
        (
            "start",
            format!("the warm-up of {warmup} ends before all clients have started, which takes {start}"),
            "messages that wait for a client that has not come count as late, or as lost",
        )
    } else {
        (
            name,
            format!("the warm-up of {warmup} is shorter than {name} of {cycle}"),
            "the window opens before clients and server are in their usual state",
        )
    };
    let what = Diagnosis {
        kind: WarningKind::WarmupTooShort,
        cause: cause.to_owned(),
        weight: usual.as_secs_f64(),
        message,
        details: vec![why.to_owned()],
        help: format!("write warmup = \"{}\" or longer under [experiment]", usual.rounded_up()),
    };
    let place = (view.place(&[], &["experiment.warmup", "clients.start_within"]), format!("shorter than {needed}"));
    view.add(found, what, place);
}

/// The name of the longest cycle.
fn cycle_name(transport: &TransportConfig) -> &'static str {
    match transport {
        TransportConfig::ShortPoll(_) => "the interval",
        TransportConfig::AdaptivePoll(_) => "the longest interval",
        TransportConfig::LongPoll(_) => "the longest hold",
        TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_) => {
            "the life of a connection"
        }
    }
}

/// The fate of messages in a request that goes on without its client, and the settings that keep them from it.
fn orphans(scenario: &Scenario) -> (&'static str, &'static str) {
    match scenario.server.on_lost_reply {
        OnLostReply::Drop => (
            "its request goes on without it, and takes the next messages along",
            ", or notices_disconnect = true or on_lost_reply = \"redeliver\" under [server]",
        ),
        OnLostReply::Redeliver => (
            "its request goes on without it, and is held beside the next one",
            ", or notices_disconnect = true under [server]",
        ),
    }
}

fn client(view: &ClientsView, found: &mut Gathering) {
    let scenario = &view.scenario;
    let timeout = scenario.clients.timeout;
    let (answer, reply) = (scenario.answer_without_message(), scenario.reply_without_message());
    let stops = scenario.clients.on_timeout == OnTimeout::Stop;
    if timeout >= reply || (scenario.server.notices_disconnect && !stops) {
        return;
    }
    let message = if timeout <= answer {
        format!("the client gives up after {timeout}, the server answers after {answer}")
    } else {
        format!("the client gives up after {timeout}, the reply is there after {reply}")
    };
    let mut details = Vec::new();
    if stops {
        details.push("a client asks no more after its first timeout".to_owned());
    }
    let (fate, keeping) = orphans(scenario);
    if !scenario.server.notices_disconnect {
        details.push(fate.to_owned());
    }
    let keeping = if scenario.server.notices_disconnect { "" } else { keeping };
    let what = Diagnosis {
        kind: WarningKind::ClientGivesUpFirst,
        cause: format!("{stops}"),
        weight: reply.as_secs_f64() / timeout.as_secs_f64(),
        message,
        details,
        help: format!("write timeout = \"{}\" or more{keeping}", second_after(reply)),
    };
    view.add(found, what, (view.place(&[&["timeout"]], &["clients.timeout"]), "gives up".to_owned()));
}

fn proxy(view: &ClientsView, found: &mut Gathering) {
    let scenario = &view.scenario;
    let Some(patience) = scenario.server.read_timeout else { return };
    let answer = scenario.answer_without_message();
    let stops = scenario.clients.on_error == OnError::Stop;
    let drops = scenario.server.on_lost_reply == OnLostReply::Drop && !scenario.server.notices_disconnect;
    // A client that gives up first closes its connection: no 504 follows.
    if patience >= answer || scenario.clients.timeout <= patience || !(stops || drops) {
        return;
    }
    let mut details = Vec::new();
    if stops {
        details.push("a client asks no more after its first error (on_error = \"stop\")".to_owned());
    }
    if drops {
        details.push("the request goes on behind the proxy, and takes the next messages along".to_owned());
    }
    let keeping = if drops { orphans(scenario).1 } else { "" };
    let what = Diagnosis {
        kind: WarningKind::ProxyGivesUpFirst,
        cause: format!("{stops} {drops}"),
        weight: answer.as_secs_f64() / patience.as_secs_f64(),
        message: format!("the proxy gives up after {patience}, the server answers after {answer}"),
        details,
        help: format!(
            "write read_timeout = \"{}\" or more under [proxy], a shorter hold{keeping}",
            second_after(answer)
        ),
    };
    view.add(found, what, (view.place(&[], &["proxy.read_timeout"]), "gives up".to_owned()));
}

fn keep_alive(view: &ClientsView, found: &mut Gathering) {
    let stream = view.scenario.transport.stream();
    let (Some(every), Some(idle)) = (stream.and_then(|stream| stream.keep_alive), view.scenario.server.idle_timeout)
    else {
        return;
    };
    if every < idle {
        return;
    }
    let relation = if every == idle { "at the instant at which" } else { "before" };
    let own = ["streaming", "sse", "websocket"].map(|kind| [kind, "keep_alive"]);
    let what = Diagnosis {
        kind: WarningKind::KeepAliveTooLate,
        cause: String::new(),
        weight: every.as_secs_f64() / idle.as_secs_f64(),
        message: format!("the proxy cuts an idle connection after {idle}, {relation} its keep-alive of {every} comes"),
        details: vec!["so no keep-alive is ever of use: each silence ends the connection".to_owned()],
        help: format!("write keep_alive = \"{}\" or less, or a longer idle_timeout", Time(idle.0 / 2)),
    };
    let place =
        (view.place(&own.each_ref().map(<[&str; 2]>::as_slice), &["proxy.idle_timeout"]), format!("not below {idle}"));
    view.add(found, what, place);
}
