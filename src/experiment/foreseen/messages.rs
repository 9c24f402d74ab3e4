//! The messages: whether transports check for them in the same way, and whether there are enough.

use super::view::{ClientsView, ResolvedPoint, second_after};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::model::Scenario;
use crate::model::scenario::{Arrivals, Check, Process, Trace, TraceMessage};
use crate::units::Time;

/// Messages that a 95th percentile needs: ten of them lie above it.
const ENOUGH: f64 = 200.0;

pub(super) fn look(point: &ResolvedPoint, views: &[ClientsView], found: &mut Gathering) {
    looks(views, found);
    if !before_window(point, found) {
        rarity(point, found);
    }
}

/// A server that checks from time to time beside one that pushes at once. If a third one is notified and holds requests,
/// the file shows both effects apart.
fn looks(views: &[ClientsView], found: &mut Gathering) {
    let is_notified = |view: &ClientsView| matches!(view.scenario.transport.check(), Some(Check::Notify { .. }));
    if views.iter().any(is_notified) {
        return;
    }
    let Some(pushes) = views.iter().find(|view| view.scenario.transport.stream().is_some()) else { return };
    for view in views {
        let Some(Check::Every { every, .. }) = view.scenario.transport.check() else { continue };
        let what = Diagnosis {
            kind: WarningKind::LooksDiffer,
            cause: String::new(),
            weight: every.as_secs_f64(),
            message: format!(
                "its server looks for messages every {every}, that of {} pushes them at once",
                pushes.subject.name()
            ),
            details: vec![format!("{} of the latency is the look of a script, not the transport", Time(every.0 / 2))],
            help: "for a fair comparison write check = \"notify\" in this transport, or add one with it".to_owned(),
        };
        let place = (view.place(&[&["long_poll", "check"]], &["server.check.every"]), "checks at intervals".to_owned());
        view.add(found, what, place);
    }
}

/// Warns of a trace that has ended, or paused, so that the window sees none of it. Returns whether it does.
fn before_window(point: &ResolvedPoint, found: &mut Gathering) -> bool {
    let reader = point.reader;
    if !(reader.has_warmup() && reader.has_time("experiment.duration")) {
        return false;
    }
    let Some(trace) = point.scenarios.first().and_then(trace_once) else { return false };
    let warmup = reader.warmup();
    if in_window(trace, point).is_some_and(|messages| !messages.is_empty()) {
        return false;
    }
    let last = trace.messages.last().map_or(Time::ZERO, |message| message.time);
    let written = reader.word("source.trace.file");
    let message = if last < warmup {
        format!("the last message of `{written}` is at {last}, and the warm-up goes on to {warmup}")
    } else {
        format!("no message of `{written}` falls into the window")
    };
    let what = Diagnosis {
        kind: WarningKind::FewMessagesExpected,
        cause: "trace".to_owned(),
        weight: 0.0,
        message,
        details: vec!["messages before the end of the warm-up do not count".to_owned()],
        help: format!(
            "to see all of it write warmup = \"0 s\" and duration = \"{}\" under [experiment]; repeat = true would \
             go on",
            second_after(last)
        ),
    };
    let place = (reader.written(&["experiment.warmup", "source.trace.file"]), "nothing of it counts".to_owned());
    point.add(found, what, place);
    true
}

/// The trace of a scenario, if it is not repeated.
fn trace_once(scenario: &Scenario) -> Option<&Trace> {
    match scenario.source.process() {
        Some(Process::Trace(trace)) if !trace.repeat => Some(trace),
        _ => None,
    }
}

/// The messages of a trace in the window as written.
fn in_window<'a>(trace: &'a Trace, point: &ResolvedPoint) -> Option<&'a [TraceMessage]> {
    let start = point.reader.warmup();
    let end = start.plus(point.reader.time("experiment.duration"));
    let before = |time: Time| trace.messages.partition_point(|message| message.time < time);
    trace.messages.get(before(start)..before(end))
}

/// Too few messages in all replications together.
fn rarity(point: &ResolvedPoint, found: &mut Gathering) {
    let reader = point.reader;
    let Some(scenario) = point.scenarios.first() else { return };
    // A smoke run is always rough.
    if !reader.has_time("experiment.duration") || reader.flag("experiment.quick") {
        return;
    }
    let each = match trace_once(scenario) {
        Some(trace) => recorded(trace, point, scenario),
        None => messages_per_second(scenario).map(|rate| rate * reader.time("experiment.duration").as_secs_f64()),
    };
    let Some(each) = each else { return };
    let replications = reader.count("experiment.replications") as f64;
    let expected = each * replications;
    if expected >= ENOUGH {
        return;
    }
    let what = Diagnosis {
        kind: WarningKind::FewMessagesExpected,
        cause: String::new(),
        weight: -expected,
        message: format!("about {} messages are expected in all replications together", rounded(expected)),
        details: vec![format!(
            "`latency_p95_s` needs {ENOUGH}, `latency_p99_s` 1000{}",
            if scenario.source.is_broadcast() { "; a broadcast counts once, however many get it" } else { "" }
        )],
        help: format!(
            "write replications = {} or more, {}",
            (ENOUGH / each).ceil(),
            if trace_once(scenario).is_some() {
                "or repeat = true for the trace"
            } else {
                "a longer duration, or a source that is less rare"
            }
        ),
    };
    point.add(found, what, (reader.written(&["experiment.replications", "experiment.duration"]), "too few".to_owned()));
}

fn rounded(number: f64) -> String {
    if number < 9.5 { format!("{number:.1}") } else { format!("{number:.0}") }
}

/// The messages that a trace that ends before the run brings into the window, a broadcast counted once; at most as many
/// as needed.
fn recorded(trace: &Trace, point: &ResolvedPoint, scenario: &Scenario) -> Option<f64> {
    let end = point.reader.warmup().plus(point.reader.time("experiment.duration"));
    let is_over = trace.messages.last().is_some_and(|last| last.time < end);
    if !is_over || scenario.clients.come_and_go() {
        return None;
    }
    let everybody = if scenario.source.is_broadcast() { 1 } else { scenario.clients.count };
    let recipients = |message: &TraceMessage| match message.client {
        Some(_) if !scenario.source.is_broadcast() => 1,
        _ => everybody,
    };
    let messages = in_window(trace, point)?.iter().take(ENOUGH as usize);
    Some(messages.map(|message| f64::from(recipients(message))).sum())
}

/// Messages that the source creates per second, a broadcast counted once; `None` if unknown before the run.
fn messages_per_second(scenario: &Scenario) -> Option<f64> {
    let clients = f64::from(scenario.clients.count);
    if scenario.clients.come_and_go() {
        return None;
    }
    let rate = |process: &Process| match process {
        // The window decides: the hours of a day, or the part of a trace, that it sees.
        Process::Trace(_) | Process::Day(_) => None,
        _ => Some(process.mean_rate(scenario.window.horizon())),
    };
    match &scenario.source.arrivals {
        Arrivals::InRequest { .. } => None,
        Arrivals::PerClient(process) => rate(process).map(|rate| rate * clients),
        Arrivals::Broadcast(process) => rate(process),
        Arrivals::Group { .. } => Some(rate(&scenario.clients.sends.as_ref()?.process)? * clients),
    }
}
