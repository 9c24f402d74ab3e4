//! The warm-up against the start phase.

use super::view::ClientsView;
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::model::scenario::{Delay, TransportConfig};
use crate::units::Time;

/// The warm-up must include the start of all clients, and the end of a client's longest cycle.
pub(super) fn look(view: &ClientsView, found: &mut Gathering) {
    let reader = view.point.reader;
    if !reader.has_time("experiment.warmup") {
        return;
    }
    // A quick run has its own warm-up; the written one is judged.
    let warmup = reader.time("experiment.warmup");
    let start = view.scenario.last_start();
    let (cycle, name) = cycle(&view.scenario.transport);
    let needed = start.max(cycle);
    if needed <= warmup {
        return;
    }
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
    view.add(
        found,
        Diagnosis {
            kind: WarningKind::WarmupTooShort,
            cause: cause.to_owned(),
            weight: needed.as_secs_f64(),
            message,
            details: vec![why.to_owned()],
            help: format!("write warmup = \"{needed}\" or longer under [experiment]"),
        },
        (view.place(&[], &["experiment.warmup", "clients.start_within"]), format!("shorter than {needed}")),
    );
}

/// The longest time from one request of a client to its next, without delays, and the name of that time.
fn cycle(transport: &TransportConfig) -> (Time, &'static str) {
    match transport {
        TransportConfig::ShortPoll(poll) => (poll.interval, "the interval"),
        TransportConfig::AdaptivePoll(poll) => (poll.max, "the longest interval"),
        TransportConfig::LongPoll(poll) => {
            let turnaround = match poll.turnaround {
                Delay::Constant(time) => time,
                _ => Time::ZERO,
            };
            (poll.check.longest_hold().plus(turnaround), "the longest hold")
        }
        TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_) => {
            let stream = transport.stream();
            let cycle = stream.and_then(|stream| Some(stream.recycle_after?.plus(stream.retry)));
            (cycle.unwrap_or(Time::ZERO), "the life of a connection")
        }
    }
}
