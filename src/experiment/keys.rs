//! The table of keys: every key of the experiment file, its kind, its default and a line of explanation.
//!
//! The reader, the error messages, the sweeps, the written-out experiment and the guide all use this one table.

use std::fmt::Write as _;

/// A key of the experiment file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Dotted path; for a transport or a chart without its name.
    pub path: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// The default as written in the file; `None` where there is none or where it depends on other keys.
    pub default: Option<&'static str>,
    /// What it means, in a line.
    pub doc: &'static str,
}

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text, or an empty one for none.
    Title,
    /// A whole number from the first to the last.
    Count(u64, u64),
    /// A number above zero.
    Positive,
    /// A number of at least zero.
    NotNegative,
    /// `true` or `false`.
    Flag,
    /// A time of at least zero.
    Time,
    /// A time above zero.
    Span,
    /// A size.
    Bytes,
    /// A rate above zero.
    Rate,
    /// A probability in (0, 1].
    Probability,
    /// A share in [0, 1].
    Share,
    /// A time, or the word.
    TimeOr(&'static str),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A table, or the word.
    TableOr(&'static str),
    /// A time, or a table with the distribution of one.
    TimeOrTable,
    /// A file, relative to the experiment file.
    File,
    /// One text, or a list of them.
    Texts,
    /// A list of numbers of at least zero, one of them above, so many at most.
    Numbers(usize),
}

impl Kind {
    /// The unit of the numbers in a result column; `None` for plain numbers and words.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Kind::Time | Kind::Span | Kind::TimeOr(_) | Kind::TimeOrTable => Some("s"),
            Kind::Bytes => Some("B"),
            Kind::Rate => Some("/s"),
            _ => None,
        }
    }

    /// Whether a table may stand in the place of a plain value.
    pub(super) fn allows_table(self) -> bool {
        matches!(self, Kind::TableOr(_) | Kind::TimeOrTable)
    }

    /// What is allowed, in words.
    pub fn allowed(self) -> String {
        match self {
            Kind::Text => "a string".to_owned(),
            Kind::Title => "a string, empty for no title".to_owned(),
            Kind::Count(low, high) => format!("a whole number from {low} to {high}"),
            Kind::Positive => "a number above 0".to_owned(),
            Kind::NotNegative => "a number of at least 0".to_owned(),
            Kind::Flag => "true or false, without quotes".to_owned(),
            Kind::Time => format!("a time such as \"0.5 s\" (units: {})", crate::units::Time::UNITS),
            Kind::Span => format!("a time above 0 such as \"0.5 s\" (units: {})", crate::units::Time::UNITS),
            Kind::Bytes => format!("a size such as \"871 B\" (units: {})", crate::units::Bytes::UNITS),
            Kind::Rate => format!("a rate above 0 such as \"0.03 /s\" (units: {})", crate::units::Rate::UNITS),
            Kind::Probability => "a probability above 0 and at most 1, such as \"15/999\", \"5 %\" or 0.01".to_owned(),
            Kind::Share => "a share from 0 to 1, such as \"50 %\" or 0.5".to_owned(),
            Kind::TimeOr(word) => format!("a time such as \"0.5 s\", or \"{word}\""),
            Kind::Choice(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            Kind::TimeOrTable => {
                "a time such as \"6 ms\", or a distribution such as { exponential = \"6 ms\" }".to_owned()
            }
            Kind::TableOr(word) => format!("a table, or \"{word}\""),
            Kind::File => "the path of a file, relative to the experiment file".to_owned(),
            Kind::Texts => "a string, or a list of strings".to_owned(),
            Kind::Numbers(most) => format!("a list of 1 to {most} numbers of at least 0, one of them above 0"),
        }
    }
}

const MOST_CLIENTS: u64 = 4_000_000_000;
const SCALES: Kind = Kind::Choice(&["linear", "log"]);

macro_rules! keys {
    ($($path:literal $kind:expr, $default:expr, $doc:literal;)*) => {
        &[$(Key { path: $path, kind: $kind, default: $default, doc: $doc },)*]
    };
}

/// Every key, in the order in which a written-out experiment lists them.
pub const KEYS: &[Key] = keys! {
    "experiment.title" Kind::Title, None, "Title of the charts; the name of the file where absent.";
    "experiment.seed" Kind::Count(0, i64::MAX as u64), Some("2010"), "Root of all random streams.";
    "experiment.bin" Kind::Span, Some("\"1 s\""), "Width of a time bin.";
    "experiment.replications" Kind::Count(1, 1_000_000), Some("20"), "Independent replications of each point and transport.";
    "experiment.warmup" Kind::Time, Some("\"2 min\""), "Simulated before anything counts.";
    "experiment.duration" Kind::Span, Some("\"30 min\""), "Length of the measured window.";
    "experiment.quick" Kind::Flag, Some("false"), "A smoke run: at most 2 replications, 30 s of warm-up, 60 s of window; `--quick` sets it.";
    "clients.count" Kind::Count(1, MOST_CLIENTS), Some("1000"), "How many clients there are.";
    "clients.start_within" Kind::TimeOr("longest hold"), Some("\"longest hold\""), "Long polling: first requests leave uniformly within this time; short polling spreads over its interval.";
    "clients.timeout" Kind::Span, Some("\"80 s\""), "From sending a request until its reply must have arrived.";
    "clients.on_timeout" Kind::Choice(&["retry", "stop"]), Some("\"retry\""), "After a timeout the client asks again, or never again.";
    "clients.on_error" Kind::TableOr("stop"), Some("\"stop\""), "After an error (502, 504) the client asks no more, or again: { retry = {} }.";
    "clients.on_error.retry.first" Kind::Time, None, "Wait after the first error in a row; default \"1 s\".";
    "clients.on_error.retry.factor" Kind::Positive, None, "Growth of the wait from error to error, at least 1; default 2.";
    "clients.on_error.retry.max" Kind::Time, None, "Longest wait, before jitter; default \"30 s\".";
    "clients.on_error.retry.jitter" Kind::Share, None, "The wait is spread evenly by so much, up and down; default \"50 %\".";
    "clients.tabs_per_browser" Kind::Count(1, 1_000_000), None, "Clients that share a browser and its connections; default 1 where `connections_per_host` is given.";
    "clients.connections_per_host" Kind::Count(1, 1_000_000), None, "Connections of a browser; further requests wait in it. Default 6 where `tabs_per_browser` is given, else no limit.";
    "clients.session.constant" Kind::Time, None, "How long a client stays from its first request on: always the same. Absent: to the end.";
    "clients.session.uniform.low" Kind::Time, None, "As `network.up`.";
    "clients.session.uniform.high" Kind::Span, None, "As `network.up`.";
    "clients.session.exponential" Kind::Span, None, "As `network.up`.";
    "clients.session.normal.mean" Kind::Time, None, "As `network.up`.";
    "clients.session.normal.sd" Kind::Time, None, "As `network.up`.";
    "clients.session.lognormal.median" Kind::Span, None, "As `network.up`.";
    "clients.session.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "clients.session.pareto.min" Kind::Span, None, "As `network.up`.";
    "clients.session.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "clients.session.weibull.scale" Kind::Span, None, "As `network.up`.";
    "clients.session.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "clients.session.empirical.file" Kind::File, None, "As `network.up`.";
    "clients.arrival_rate" Kind::Rate, None, "Further clients that come in the course of the run, at random.";
    "clients.crowd.at" Kind::Time, None, "A flash crowd: when it begins.";
    "clients.crowd.count" Kind::Count(1, MOST_CLIENTS), None, "How many clients come.";
    "clients.crowd.within" Kind::Time, None, "The time in which they come, uniformly; default \"0 s\", all at once.";
    "source.scope" Kind::Choice(&["client", "broadcast", "request"]), Some("\"client\""), "One process per client, one for all, or each server check is the trial.";
    "source.hit" Kind::Probability, None, "Scope `request`: probability that a check finds something; default \"15/999\".";
    "source.tick.every" Kind::Span, None, "Time between trials; default \"0.5 s\".";
    "source.tick.hit" Kind::Probability, None, "Probability that a trial creates a message; default \"15/999\".";
    "source.poisson.rate" Kind::Rate, None, "Messages per second, with exponential gaps.";
    "source.periodic.every" Kind::Span, None, "A message at regular times.";
    "source.trace.file" Kind::File, None, "CSV with a column `time_s`, optional `client` (from 0) and `bytes`.";
    "source.trace.repeat" Kind::Flag, None, "Start the trace again after its last message; default false.";
    "source.on_off.on" Kind::Span, None, "Bursts: mean of the exponential ON periods.";
    "source.on_off.off" Kind::Span, None, "Mean of the exponential OFF periods, without messages.";
    "source.on_off.rate" Kind::Rate, None, "Messages per second while ON, with exponential gaps.";
    "source.day.rate" Kind::Rate, None, "Time of day: messages per second on average, with exponential gaps.";
    "source.day.shape" Kind::Numbers(1000), None, "How the rates of equal parts of the period relate to each other, the first from t = 0 on.";
    "source.day.period" Kind::Span, None, "Time until the shape starts again; default \"1 d\".";
    "source.spread.zipf" Kind::NotNegative, None, "Rates that differ from client to client, by Zipf's law with this exponent: client k, from 0, has (k + 1)^-s times a constant.";
    "source.spread.lognormal" Kind::NotNegative, None, "Rates that differ from client to client, log-normal: standard deviation of the logarithm.";
    "source.payload" Kind::Bytes, Some("\"20 B\""), "Size of a message.";
    "source.phase" Kind::TimeOr("random"), Some("\"random\""), "First trial or message of `tick` and `periodic`: uniform in one period, or fixed.";
    "source.keep" Kind::Choice(&["all", "latest"]), Some("\"all\""), "A mailbox keeps every message, or only the newest.";
    "http.request_header" Kind::Bytes, Some("\"692 B\""), "Header of a request.";
    "http.response_header" Kind::Bytes, Some("\"179 B\""), "Header of a reply.";
    "http.request_body" Kind::Bytes, Some("\"0 B\""), "Body of a request (`time=80` is 7 B).";
    "http.empty_body" Kind::Bytes, Some("\"0 B\""), "Body of a reply that says \"no data\".";
    "http.message_framing" Kind::Bytes, Some("\"0 B\""), "Around each message in a body.";
    "server.check" Kind::TableOr("notify"), None, "The check loop, or \"notify\": answer the instant there is something.";
    "server.check.every" Kind::Span, Some("\"0.5 s\""), "Time between checks.";
    "server.check.count" Kind::Count(1, 1_000_000_000), Some("80"), "Checks until \"no data\".";
    "server.check.first" Kind::Choice(&["after-sleep", "on-arrival"]), Some("\"after-sleep\""), "The script sleeps before its first check, or checks on arrival.";
    "server.check.drift.constant" Kind::Time, None, "What each sleep takes on top: always the same. Absent: nothing.";
    "server.check.drift.uniform.low" Kind::Time, None, "As `network.up`.";
    "server.check.drift.uniform.high" Kind::Span, None, "As `network.up`.";
    "server.check.drift.exponential" Kind::Span, None, "As `network.up`.";
    "server.check.drift.normal.mean" Kind::Time, None, "As `network.up`.";
    "server.check.drift.normal.sd" Kind::Time, None, "As `network.up`.";
    "server.check.drift.lognormal.median" Kind::Span, None, "As `network.up`.";
    "server.check.drift.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "server.check.drift.pareto.min" Kind::Span, None, "As `network.up`.";
    "server.check.drift.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "server.check.drift.weibull.scale" Kind::Span, None, "As `network.up`.";
    "server.check.drift.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "server.check.drift.empirical.file" Kind::File, None, "As `network.up`.";
    "server.hold" Kind::Span, Some("\"40 s\""), "`check = \"notify\"`: time until \"no data\".";
    "server.notices_disconnect" Kind::Flag, Some("false"), "A request ends at the instant its client leaves.";
    "server.on_lost_reply" Kind::Choice(&["drop", "redeliver"]), Some("\"drop\""), "Messages in a reply that its client has left are lost, or stay in the mailbox.";
    "server.session_lock" Kind::Flag, Some("false"), "Requests of one browser exclude each other while a worker executes them (PHP sessions).";
    "server.restart.at" Kind::Time, None, "The server restarts: what is at it breaks, and everybody asks again or stops (`on_error`).";
    "server.restart.down" Kind::Time, None, "How long it is down and refuses requests; default \"0 s\".";
    "server.workers" Kind::Count(1, MOST_CLIENTS), None, "Requests that are executed at a time; absent: no limit (an event-driven server).";
    "server.backlog" Kind::Count(0, MOST_CLIENTS), None, "Requests that may wait for a worker; a further one gets a 502 at once. Absent: no limit.";
    "server.service.constant" Kind::Time, None, "Work on each request before the first look, occupying a worker: always the same.";
    "server.service.uniform.low" Kind::Time, None, "As `network.up`.";
    "server.service.uniform.high" Kind::Span, None, "As `network.up`.";
    "server.service.exponential" Kind::Span, None, "As `network.up`.";
    "server.service.normal.mean" Kind::Time, None, "As `network.up`.";
    "server.service.normal.sd" Kind::Time, None, "As `network.up`.";
    "server.service.lognormal.median" Kind::Span, None, "As `network.up`.";
    "server.service.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "server.service.pareto.min" Kind::Span, None, "As `network.up`.";
    "server.service.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "server.service.weibull.scale" Kind::Span, None, "As `network.up`.";
    "server.service.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "server.service.empirical.file" Kind::File, None, "As `network.up`.";
    "proxy.read_timeout" Kind::Span, None, "A request that is not answered in this time of its arrival gets a 504, and runs on; nginx has \"60 s\". Absent: never.";
    "proxy.idle_timeout" Kind::Span, None, "A connection on which the server has pushed nothing for so long is cut. Absent: never.";
    "cost.cpu_per_request" Kind::Time, None, "Processor time of a request; default \"100 us\". The table `[cost]` must be there, if only empty, for any costs.";
    "cost.cpu_per_check" Kind::Time, None, "Processor time of a look for messages; default \"10 us\".";
    "cost.cpu_per_byte" Kind::Time, None, "Processor time of an HTTP byte; default \"1 ns\".";
    "cost.memory_per_connection" Kind::Bytes, None, "Memory of an open connection; default \"17 kB\" (measured in node; 12.7 kB in aiohttp).";
    "cost.memory_per_worker" Kind::Bytes, None, "Memory of a worker; default \"700 kB\" (measured in PHP-FPM).";
    "cost.memory_base" Kind::Bytes, None, "Memory of the server without clients; default \"0 B\".";
    "cost.price_per_gb" Kind::NotNegative, None, "Price of 10^9 bytes to the clients; default 0.09.";
    "cost.price_per_core_hour" Kind::NotNegative, None, "Price of a core for an hour; default 0.0425.";
    "cost.radio.idle_ma" Kind::NotNegative, None, "A phone's battery current without requests, in mA.";
    "cost.radio.charge_mas" Kind::NotNegative, None, "Charge of one request, in mA s.";
    "network.up.constant" Kind::Time, None, "Delay from client to server: always the same; default \"0 s\".";
    "network.up.uniform.low" Kind::Time, None, "Uniform: least delay.";
    "network.up.uniform.high" Kind::Span, None, "Uniform: bound that is not reached.";
    "network.up.exponential" Kind::Span, None, "Exponential: mean.";
    "network.up.normal.mean" Kind::Time, None, "Normal, truncated at 0: mean before truncation.";
    "network.up.normal.sd" Kind::Time, None, "Normal: standard deviation before truncation.";
    "network.up.lognormal.median" Kind::Span, None, "Log-normal: median.";
    "network.up.lognormal.sigma" Kind::NotNegative, None, "Log-normal: standard deviation of the logarithm.";
    "network.up.pareto.min" Kind::Span, None, "Pareto: least delay.";
    "network.up.pareto.shape" Kind::Positive, None, "Pareto: tail index.";
    "network.up.weibull.scale" Kind::Span, None, "Weibull: scale.";
    "network.up.weibull.shape" Kind::Positive, None, "Weibull: shape.";
    "network.up.empirical.file" Kind::File, None, "CSV of measured delays: a column `delay_s` (or `_ms`, `_us`, `_ns`), or one column in seconds.";
    "network.down.constant" Kind::Time, None, "Delay from server to client; as `up`.";
    "network.down.uniform.low" Kind::Time, None, "As `up`.";
    "network.down.uniform.high" Kind::Span, None, "As `up`.";
    "network.down.exponential" Kind::Span, None, "As `up`.";
    "network.down.normal.mean" Kind::Time, None, "As `up`.";
    "network.down.normal.sd" Kind::Time, None, "As `up`.";
    "network.down.lognormal.median" Kind::Span, None, "As `up`.";
    "network.down.lognormal.sigma" Kind::NotNegative, None, "As `up`.";
    "network.down.pareto.min" Kind::Span, None, "As `up`.";
    "network.down.pareto.shape" Kind::Positive, None, "As `up`.";
    "network.down.weibull.scale" Kind::Span, None, "As `up`.";
    "network.down.weibull.shape" Kind::Positive, None, "As `up`.";
    "network.down.empirical.file" Kind::File, None, "As `up`.";
    "network.wire.segment" Kind::Bytes, None, "TCP: data in a packet at most; default \"1448 B\". The table `[network.wire]` must be there, if only empty, for packets and connections.";
    "network.wire.header" Kind::Bytes, None, "TCP and IP header of a packet; default \"52 B\", with timestamps.";
    "network.wire.ack_delay" Kind::Time, None, "How long an acknowledgement waits for data to go with; default \"40 ms\".";
    "network.wire.keep_alive" Kind::Span, None, "How long an idle connection stays open; default \"75 s\".";
    "network.wire.tls.client" Kind::Bytes, None, "TLS 1.3: what a client sends in a handshake; default \"259 B\" (RFC 8448). Absent: plain HTTP.";
    "network.wire.tls.server" Kind::Bytes, None, "What the server sends in a handshake; default \"774 B\" (RFC 8448; 2 to 4 kB with a usual chain of certificates).";
    "network.wire.tls.record" Kind::Bytes, None, "What a record of 16 KiB at most has beyond its data; default \"22 B\".";
    "engine.ticks" Kind::Choice(&["skip", "each"]), Some("\"skip\""), "Jump to the next hit, or make every tick an event; the results are the same but for the column `events`.";
    "engine.path" Kind::Choice(&["auto", "queue"]), Some("\"auto\""), "Simulate clients that share nothing one by one, or all through one event queue; the results are the same.";
    "transport.name" Kind::Text, None, "Name in tables and charts.";
    "transport.short_poll.interval" Kind::Span, None, "Time between polls.";
    "transport.short_poll.pace" Kind::Choice(&["fixed-rate", "after-reply", "poisson"]), Some("\"fixed-rate\""), "The interval counts from poll to poll or from the reply, or polls leave at random with this mean interval.";
    "transport.short_poll.phase" Kind::TimeOr("random"), Some("\"random\""), "First poll: uniform in one interval, or fixed.";
    "transport.long_poll.turnaround" Kind::TimeOrTable, Some("\"0 s\""), "From a reply to the next request: a time, or a distribution.";
    "transport.long_poll.turnaround.constant" Kind::Time, None, "Always the same.";
    "transport.long_poll.turnaround.uniform.low" Kind::Time, None, "As `network.up`.";
    "transport.long_poll.turnaround.uniform.high" Kind::Span, None, "As `network.up`.";
    "transport.long_poll.turnaround.exponential" Kind::Span, None, "As `network.up`.";
    "transport.long_poll.turnaround.normal.mean" Kind::Time, None, "As `network.up`.";
    "transport.long_poll.turnaround.normal.sd" Kind::Time, None, "As `network.up`.";
    "transport.long_poll.turnaround.lognormal.median" Kind::Span, None, "As `network.up`.";
    "transport.long_poll.turnaround.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "transport.long_poll.turnaround.pareto.min" Kind::Span, None, "As `network.up`.";
    "transport.long_poll.turnaround.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "transport.long_poll.turnaround.weibull.scale" Kind::Span, None, "As `network.up`.";
    "transport.long_poll.turnaround.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "transport.long_poll.turnaround.empirical.file" Kind::File, None, "As `network.up`.";
    "transport.long_poll.check" Kind::TableOr("notify"), None, "Overrides `server.check`.";
    "transport.long_poll.check.every" Kind::Span, None, "Overrides `server.check.every`.";
    "transport.long_poll.check.count" Kind::Count(1, 1_000_000_000), None, "Overrides `server.check.count`.";
    "transport.long_poll.check.first" Kind::Choice(&["after-sleep", "on-arrival"]), None, "Overrides `server.check.first`.";
    "transport.long_poll.hold" Kind::Span, None, "Overrides `server.hold`.";
    "transport.long_poll.linger" Kind::Time, Some("\"0 s\""), "With `notify`: wait so long for further messages after the first.";
    "transport.adaptive_poll.min" Kind::Span, Some("\"1 s\""), "Shortest time from a reply to the next poll; the first one.";
    "transport.adaptive_poll.max" Kind::Span, Some("\"1 min\""), "Longest time.";
    "transport.adaptive_poll.factor" Kind::Positive, Some("2"), "By how much an empty reply lengthens the time, at least 1.";
    "transport.adaptive_poll.on_data" Kind::Choice(&["reset", "rate"]), Some("\"reset\""), "A reply with messages: back to `min`, or towards the time per message since the last reply.";
    "transport.adaptive_poll.weight" Kind::Share, Some("0.5"), "`on_data = \"rate\"`: how far towards it.";
    "transport.streaming.recycle_after" Kind::Span, None, "The server ends the response after this time. Absent: never.";
    "transport.streaming.recycle_bytes" Kind::Bytes, None, "The server ends the response after so many bytes. Absent: never.";
    "transport.streaming.keep_alive" Kind::Span, None, "The server sends one byte when it has sent nothing for so long. Absent: never.";
    "transport.streaming.retry" Kind::Time, Some("\"0 s\""), "From the end of a response to the next request.";
    "transport.sse.recycle_after" Kind::Span, None, "As `streaming`.";
    "transport.sse.recycle_bytes" Kind::Bytes, None, "As `streaming`.";
    "transport.sse.keep_alive" Kind::Span, None, "The server sends a comment when it has sent nothing for so long. Absent: never.";
    "transport.sse.retry" Kind::Time, Some("\"3 s\""), "From the end of a response to the next request.";
    "transport.sse.ids" Kind::Flag, Some("false"), "Each event has an `id`, which a client that connects again names.";
    "transport.websocket.recycle_after" Kind::Span, None, "The server closes the connection after this time. Absent: never.";
    "transport.websocket.recycle_bytes" Kind::Bytes, None, "The server closes the connection after so many bytes. Absent: never.";
    "transport.websocket.keep_alive" Kind::Span, None, "The server sends a ping when it has sent nothing for so long. Absent: never.";
    "transport.websocket.retry" Kind::Time, Some("\"1 s\""), "From the end of a connection to the next handshake.";
    "transport.websocket.upgrade_request" Kind::Bytes, Some("\"113 B\""), "What the handshake adds to the request header.";
    "transport.websocket.upgrade_response" Kind::Bytes, Some("\"129 B\""), "The header of the response to the handshake.";
    "transport.timeout" Kind::Span, None, "Overrides `clients.timeout`.";
    "transport.request_header" Kind::Bytes, None, "Overrides `http.request_header`.";
    "transport.response_header" Kind::Bytes, None, "Overrides `http.response_header`.";
    "transport.request_body" Kind::Bytes, None, "Overrides `http.request_body`.";
    "transport.empty_body" Kind::Bytes, None, "Overrides `http.empty_body`.";
    "transport.message_framing" Kind::Bytes, None, "Overrides `http.message_framing`.";
    "population.name" Kind::Text, None, "Clients of one kind among others: what tables and charts call them.";
    "population.count" Kind::Count(0, MOST_CLIENTS), None, "How many they are; where all populations say so, `clients.count` is not needed.";
    "population.share" Kind::Share, None, "Or their share of `clients.count`; a population with neither has the rest.";
    "population.transport" Kind::Text, None, "Name of the transport that they use in every run; absent: that of the run.";
    "population.timeout" Kind::Span, None, "Overrides `clients.timeout`, and that of the transport.";
    "population.on_timeout" Kind::Choice(&["retry", "stop"]), None, "Overrides `clients.on_timeout`.";
    "population.network.up.constant" Kind::Time, None, "Overrides `network.up`.";
    "population.network.up.uniform.low" Kind::Time, None, "As `network.up`.";
    "population.network.up.uniform.high" Kind::Span, None, "As `network.up`.";
    "population.network.up.exponential" Kind::Span, None, "As `network.up`.";
    "population.network.up.normal.mean" Kind::Time, None, "As `network.up`.";
    "population.network.up.normal.sd" Kind::Time, None, "As `network.up`.";
    "population.network.up.lognormal.median" Kind::Span, None, "As `network.up`.";
    "population.network.up.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "population.network.up.pareto.min" Kind::Span, None, "As `network.up`.";
    "population.network.up.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "population.network.up.weibull.scale" Kind::Span, None, "As `network.up`.";
    "population.network.up.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "population.network.up.empirical.file" Kind::File, None, "As `network.up`.";
    "population.network.down.constant" Kind::Time, None, "Overrides `network.down`.";
    "population.network.down.uniform.low" Kind::Time, None, "As `network.up`.";
    "population.network.down.uniform.high" Kind::Span, None, "As `network.up`.";
    "population.network.down.exponential" Kind::Span, None, "As `network.up`.";
    "population.network.down.normal.mean" Kind::Time, None, "As `network.up`.";
    "population.network.down.normal.sd" Kind::Time, None, "As `network.up`.";
    "population.network.down.lognormal.median" Kind::Span, None, "As `network.up`.";
    "population.network.down.lognormal.sigma" Kind::NotNegative, None, "As `network.up`.";
    "population.network.down.pareto.min" Kind::Span, None, "As `network.up`.";
    "population.network.down.pareto.shape" Kind::Positive, None, "As `network.up`.";
    "population.network.down.weibull.scale" Kind::Span, None, "As `network.up`.";
    "population.network.down.weibull.shape" Kind::Positive, None, "As `network.up`.";
    "population.network.down.empirical.file" Kind::File, None, "As `network.up`.";
    "chart.name" Kind::Text, None, "Stem of the PNG and SVG file.";
    "chart.title" Kind::Title, None, "Title; that of the experiment where absent.";
    "chart.kind" Kind::Choice(&["line", "cdf", "tradeoff", "heatmap", "bar", "timeline"]), None, "How the data are drawn.";
    "chart.x" Kind::Text, None, "A swept key; bar: also \"transport\"; trade-off: a metric.";
    "chart.y" Kind::Texts, None, "Metrics; time line: its columns; heat map: a swept key.";
    "chart.value" Kind::Text, None, "Heat map: the metric that colours a cell.";
    "chart.by_population" Kind::Flag, Some("false"), "Line, bar, trade-off and heat map: each `[[population]]` by itself.";
    "chart.x_axis" SCALES, Some("\"linear\""), "Scale of the horizontal axis.";
    "chart.y_axis" SCALES, Some("\"linear\""), "Scale of the vertical axis.";
};

/// The kinds of transports: a transport has the table of one.
pub(super) const TRANSPORTS: &[&str] = &["short_poll", "long_poll", "adaptive_poll", "streaming", "sse", "websocket"];

/// The keys of a transport's table that override keys of other tables.
pub(super) const OVERRIDES: &[&str] =
    &["timeout", "request_header", "response_header", "request_body", "empty_body", "message_framing"];

/// The key at a dotted path.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether a table holds a key that is not allowed below `path`: what seems missing may be misspelled.
pub(super) fn has_unknown(path: &str, table: &super::node::Table) -> bool {
    let names = names_below(path);
    table.entries.iter().any(|entry| !names.contains(&entry.key.as_str()))
}

/// Whether keys lie below this path.
pub(super) fn is_table(path: &str) -> bool {
    KEYS.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The names that may stand directly below a path, each once, in the order of the table.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in KEYS {
        let below = if path.is_empty() {
            Some(key.path)
        } else {
            key.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'))
        };
        if let Some(name) = below.and_then(|rest| rest.split('.').next()).filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    names
}

/// The table of keys as Markdown, for the guide.
pub fn key_table_markdown() -> String {
    let mut text = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for key in KEYS {
        let default = key.default.map_or(String::new(), |default| format!("`{default}`"));
        let _ = writeln!(text, "| `{}` | {} | {default} | {} |", key.path, key.kind.allowed(), key.doc);
    }
    text
}
