//! The conditions under which each key has an effect, and what to write otherwise.

use crate::experiment::foreseen::view::ClientsView;
use crate::experiment::node::Node;
use crate::model::scenario::{
    AdaptiveRule, Arrivals, Check, Delay, OnError, OnTimeout, Pace, Process, Response, TransportConfig,
};
use crate::units::Time;

/// A key, or a table with all its keys.
pub(super) struct Rule {
    /// Its path in the table of keys.
    pub key: &'static str,
    /// Whether it has an effect for these clients.
    pub acts: fn(&ClientsView) -> bool,
    /// Why it has no effect.
    pub why: &'static str,
    /// What to write.
    pub help: &'static str,
}

macro_rules! rules {
    ($($($key:literal)|+ => $acts:expr, $why:literal, $help:literal;)*) => {
        &[$($(Rule { key: $key, acts: $acts, why: $why, help: $help },)+)*]
    };
}

/// All keys that may be without effect.
pub(super) const RULES: &[Rule] = rules! {
    "source.phase" => shifts,
        "it shifts the trials of `tick` and the messages of `periodic`", "leave it out, or write tick or periodic";
    "source.payload" => makes_messages_of_its_size,
        "every message has a size of its own: from `clients.sends.payload`, or from the trace", "leave it out";
    "source.trace.repeat" => repeats,
        "the trace is longer than the run", "leave it out, or write a longer duration";
    "clients.start_within" => |one| one.scenario.transport.spreads_starts(),
        "short polls start within their interval, or at their phase",
        "leave it out; short_poll = { interval = …, phase = \"0 s\" } starts all at once";
    "clients.timeout" => |one| one.own(&["timeout"]).is_none(),
        "each transport or population has a timeout of its own", "leave it out";
    "clients.on_timeout" => |one| one.population_has(&["on_timeout"]).is_none() && obeys_timeouts(one),
        "each population has its own, or polls leave at their times whatever goes wrong",
        "leave it out, or write pace = \"after-reply\"";
    "population.on_timeout" => obeys_timeouts,
        "polls at a fixed rate or at random leave at their times whatever goes wrong",
        "leave it out, or write pace = \"after-reply\"";
    "clients.on_error" => |one| one.scenario.may_fail(),
        "nothing makes an error: errors come from `server.backlog`, `server.restart` and `proxy.read_timeout`",
        "leave it out, or write one of these; for timeouts there is on_timeout";
    "clients.on_error.retry.first" | "clients.on_error.retry.factor" | "clients.on_error.retry.max"
        | "clients.on_error.retry.jitter" => waits_after_errors,
        "polls at a fixed rate or at random leave at their times whatever goes wrong",
        "leave it out, or write pace = \"after-reply\"";
    "clients.connections_per_host" => |one| one.scenario.http.http2.is_none() && !is_websocket(one),
        "a WebSocket is none of these connections, and HTTP/2 needs but one", "leave it out";
    "clients.tabs_per_browser" => shares_its_browser,
        "a WebSocket is none of the connections of a browser, and its tabs share nothing else",
        "leave it out";
    "http.request_header" => |one| one.own(&["request_header"]).is_none() && sends_headers(one),
        "each transport has a size of its own, or those of HTTP/2", "leave it out, or write http2.request";
    "transport.request_header" => sends_headers,
        "the headers are those of HTTP/2", "leave it out, or write http2 = { request = \"20 B\" }";
    "http.response_header" => |one| one.own(&["response_header"]).is_none() && gets_headers(one),
        "each transport has a size of its own, those of HTTP/2, or `upgrade_response`",
        "leave it out, or write http2.response";
    "transport.response_header" => gets_headers,
        "the headers are those of HTTP/2, or that of a handshake",
        "leave it out, or write http2 = { response = \"15 B\" } or upgrade_response";
    "http.request_body" => |one| one.own(&["request_body"]).is_none() && one.scenario.transport.stream().is_none(),
        "what is pushed is asked for with a GET, without a body", "leave it out";
    "http.empty_body" => |one| one.own(&["empty_body"]).is_none() && gets_empty_replies(one),
        "no reply says \"no data\": connections are pushed to, and clients send nothing by a request", "leave it out";
    "transport.empty_body" => gets_empty_replies,
        "no reply says \"no data\": messages are pushed, and clients send nothing by a request", "leave it out";
    "http.http2" => |one| one.transport.get(&["http2"]).is_none_or(Node::is_table) && !is_websocket(one),
        "each transport is a WebSocket, which has a connection of its own under HTTP/1.1, or has http2 = \"off\"",
        "leave it out";
    "http.http2.first_request" => |one| takes_size(one, "first_request"),
        "each transport with HTTP/2 has a size of its own", "leave it out";
    "http.http2.request" => |one| takes_size(one, "request"),
        "each transport with HTTP/2 has a size of its own", "leave it out";
    "http.http2.first_response" => |one| takes_size(one, "first_response"),
        "each transport with HTTP/2 has a size of its own", "leave it out";
    "http.http2.response" => |one| takes_size(one, "response"),
        "each transport with HTTP/2 has a size of its own", "leave it out";
    "http.http2.date" => |one| takes_size(one, "date"),
        "each transport with HTTP/2 has a size of its own", "leave it out";
    "transport.http2" => |one| !is_websocket(one),
        "a WebSocket has a connection of its own under HTTP/1.1", "leave it out";
    "server.hold" => |one| (is_notified(one) && one.transport.get(&["long_poll", "hold"]).is_none()) || starts_by(one, true),
        "no long poll is answered at once and takes its hold from here: a check loop ends by `every` and `count`",
        "write check = \"notify\", or every and count of the loop";
    "server.check" => |one| one.point.reader.node("server.check").is_none_or(Node::is_table)
            || (is_notified(one) && one.transport.get(&["long_poll", "check"]).is_none()) || starts_by(one, true),
        "no long poll takes it from here", "leave it out, or write it in the transport";
    "server.check.every" => |one| checks_by(one, "every") || starts_by(one, false),
        "no long poll takes its check loop from here", "leave it out, or write it in the transport";
    "server.check.count" => |one| checks_by(one, "count") || starts_by(one, false),
        "no long poll takes its check loop from here", "leave it out, or write it in the transport";
    "server.check.first" => |one| checks_by(one, "first"),
        "no long poll takes its check loop from here", "leave it out, or write it in the transport";
    "server.check.drift" => checks,
        "no long poll sleeps between looks", "leave it out, or write a check loop in the place of \"notify\"";
    "proxy.read_timeout" => |one| keeps_waiting(one) || answers_who_has_gone(one),
        "the server answers every request at once", "leave it out; it is for long polls, workers, sessions and service";
    "proxy.idle_timeout" => |one| one.scenario.transport.stream().is_some() || answers_who_has_gone(one),
        "it cuts connections on which the server pushes, and there are none",
        "leave it out; for a request that is held there is read_timeout";
    "cost.cpu_per_check" => |one| checks(one) || one.scenario.transport.response() == Response::AtOnce,
        "the server looks for no message: it is told of them", "leave it out";
    "cost.cpu_per_push" => |one| one.scenario.transport.stream().is_some(),
        "nothing is pushed on an open connection", "leave it out; a poll costs cpu_per_request";
    "cost.cpu_per_handshake" => |one| one.scenario.wire.is_some(),
        "without packets no connections are counted", "add [network.wire], or leave it out";
    "cost.memory_per_worker" => |one| one.scenario.server.pool.is_some(),
        "the server has no workers", "write server.workers, or leave it out";
    "network.up" => |one| one.population_has(&["network", "up"]).is_none_or(Node::is_empty_table),
        "each population has its own", "leave it out";
    "network.down" => |one| one.population_has(&["network", "down"]).is_none_or(Node::is_empty_table),
        "each population has its own", "leave it out";
    "network.client_link" => |one| one.population_has(&["network", "client_link"]).is_none(),
        "each population has its own", "leave it out";
    "network.loss" => |one| one.population_has(&["network", "loss"]).is_none(),
        "each population has its own", "leave it out";
    "transport.timeout" => |one| one.population_has(&["timeout"]).is_none(),
        "no population uses it without a timeout of its own", "leave it out";
    "transport.name" => |_| true,
        "each population names another transport", "leave the transport out, or name it in a population";
    "transport.short_poll.phase" => |one| one.scenario.transport.short_poll().is_some_and(|poll| poll.pace != Pace::Poisson),
        "with pace = \"poisson\" the first poll leaves after a random gap, as the others do", "leave it out";
    "transport.short_poll.piggyback" | "transport.long_poll.piggyback" | "transport.adaptive_poll.piggyback"
        => |one| one.scenario.clients.sends.is_some(),
        "clients send nothing that could take messages along", "write clients.sends, or leave it out";
    "transport.long_poll.hold" => is_notified,
        "a check loop ends by `every` and `count`", "write check = \"notify\", or check = { every = …, count = … }";
    "transport.adaptive_poll.weight" => |one| adapts(one, |rule, _, _| matches!(rule, AdaptiveRule::Rate(_))),
        "a reply with messages sets the interval back to `min`", "write on_data = \"rate\", or leave it out";
    "transport.adaptive_poll.factor" => |one| adapts(one, |_, range, _| range),
        "`min` and `max` are the same", "write a longer max, or leave it out";
    "transport.adaptive_poll.on_data" => |one| adapts(one, |_, range, _| range),
        "`min` and `max` are the same", "write a longer max, or leave it out";
    "transport.adaptive_poll.max" => |one| adapts(one, |rule, _, grows| grows || matches!(rule, AdaptiveRule::Rate(_))),
        "with factor = 1 the interval stays at `min`", "write a factor above 1, or leave it out";
};

fn is_websocket(one: &ClientsView) -> bool {
    one.scenario.transport.response() == Response::Upgrade
}

/// Whether the tabs of a browser share connections, a link, or the session.
fn shares_its_browser(one: &ClientsView) -> bool {
    !is_websocket(one)
        || one.scenario.network.client_link.is_some()
        || one.scenario.server.session_lock
        || one.population.is_some()
}

/// Whether a request may be at the server for some time before it is answered.
fn keeps_waiting(one: &ClientsView) -> bool {
    let server = &one.scenario.server;
    one.scenario.transport.response() == Response::Held
        || server.pool.is_some()
        || server.service.is_some()
        || server.session_lock
}

/// Whether a server may answer a client that has given up. A proxy drops such a reply, so a table `[proxy]` has an
/// effect.
fn answers_who_has_gone(one: &ClientsView) -> bool {
    let scenario = &one.scenario;
    let takes_time = !matches!(scenario.network.up, Delay::Constant(Time::ZERO))
        || scenario.network.client_link.is_some()
        || scenario.server_link.is_some()
        || scenario.wire.is_some();
    scenario.http.http2.is_none() && (scenario.clients.session.is_some() || takes_time)
}

fn shifts(one: &ClientsView) -> bool {
    matches!(one.scenario.source.process(), Some(Process::Tick { .. } | Process::Periodic { .. }))
}

fn makes_messages_of_its_size(one: &ClientsView) -> bool {
    let sends = one.point.reader.node("clients.sends").is_some_and(|sends| sends.get(&["payload"]).is_none());
    let creates = match one.scenario.source.process() {
        Some(Process::Trace(trace)) => trace.messages.iter().any(|message| message.bytes.is_none()),
        _ => !matches!(one.scenario.source.arrivals, Arrivals::Group { .. }),
    };
    sends || creates
}

/// A quick run is shorter than written.
fn repeats(one: &ClientsView) -> bool {
    let Some(Process::Trace(trace)) = one.scenario.source.process() else { return false };
    let last = trace.messages.last().map(|message| message.time);
    one.point.reader.flag("experiment.quick") || last.is_none_or(|last| last < one.scenario.window.horizon())
}

fn obeys_timeouts(one: &ClientsView) -> bool {
    !one.scenario.transport.is_open_loop() || !matches!(one.scenario.clients.on_timeout, OnTimeout::Backoff(_))
}

fn waits_after_errors(one: &ClientsView) -> bool {
    !one.scenario.transport.is_open_loop() && matches!(one.scenario.clients.on_error, OnError::Retry(_))
        || !one.scenario.may_fail()
}

fn sends_headers(one: &ClientsView) -> bool {
    one.scenario.http.http2.is_none() || is_websocket(one)
}

/// An error has the header of a reply, for a handshake too.
fn gets_headers(one: &ClientsView) -> bool {
    if is_websocket(one) { one.scenario.may_fail() } else { one.scenario.http.http2.is_none() }
}

fn gets_empty_replies(one: &ClientsView) -> bool {
    one.scenario.transport.stream().is_none() || (one.scenario.clients.sends.is_some() && !is_websocket(one))
}

fn takes_size(one: &ClientsView, name: &str) -> bool {
    let own = one.transport.get(&["http2"]);
    own.is_none_or(|own| own.is_table() && own.get(&[name]).is_none())
}

fn is_notified(one: &ClientsView) -> bool {
    matches!(one.scenario.transport.check(), Some(Check::Notify { .. }))
}

fn checks(one: &ClientsView) -> bool {
    matches!(one.scenario.transport.check(), Some(Check::Every { .. }))
}

/// Whether a check loop inherits this part from the server.
fn checks_by(one: &ClientsView, part: &str) -> bool {
    checks(one) && one.transport.get(&["long_poll", "check", part]).is_none()
}

/// Whether push clients start within the `hold` of the server, or within its check loop.
fn starts_by(one: &ClientsView, is_notified: bool) -> bool {
    let stream = one.scenario.transport.stream();
    stream.is_some_and(|stream| stream.recycle_after.is_none())
        && one.point.reader.word("clients.start_within") == "longest hold"
        && (one.point.reader.word("server.check") == "notify") == is_notified
}

fn adapts(one: &ClientsView, acts: fn(AdaptiveRule, bool, bool) -> bool) -> bool {
    let TransportConfig::AdaptivePoll(poll) = &one.scenario.transport else { return false };
    acts(poll.rule, poll.min < poll.max, poll.factor > 1.0)
}
