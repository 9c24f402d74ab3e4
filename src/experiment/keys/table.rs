//! The rows of the table of keys.

use super::chart_rows;
use super::row::Also::{self, DecidesNothing, Example, Fixed, Independent, OneOf};
use super::row::ValueKind::{
    BitRate, BitRateOrTable, Bytes, Choice, ChoiceOrTable, Count, File, Flag, List, NotNegative, Numbers, Positive,
    Probability, Rate, Share, Span, Table, TableOr, Text, Time, TimeOr, TimeOrTable, Title, Words,
};
use super::row::When::{Checks, In, NoOther, NoOtherProcess, Scope, Uncounted, With};
use super::row::WhenAbsent::{Default, DefaultWhen, Inherits, Nothing, Off};
use super::row::{FileUse, KeyRow, NAME, OTHER, Parts, ValueKind, rows};
use crate::experiment::warning::WarningKind;

const NO_SWEEP: Also = Fixed(&["one search is one question: write a file for each"]);
const MOST_CLIENTS: u64 = 4_000_000_000;
/// What a quick run shortens, by the keys of `[experiment]`.
pub(in crate::experiment) const SHORTENED: &[&str] = &["replications", "warmup", "duration"];

/// The rows of a span of time with a distribution: its own row, the constant, and the other distributions.
macro_rules! span {
    ($path:literal $absent:expr, $constant:expr => $doc:literal, [$($law:literal,)*]) => {
        span!(@ $path $absent, $constant => $doc, $($law)*)
    };
    ($path:literal $absent:expr, $constant:expr => $doc:literal, $law:literal) => {
        span!(@ $path $absent, $constant => $doc, $law $law $law $law $law $law $law $law $law $law $law $law)
    };
    (
        @ $path:literal $absent:expr, $constant:expr => $doc:literal, $low:literal $high:literal $exponential:literal
        $mean:literal $sd:literal $median:literal $sigma:literal $min:literal $shape:literal $scale:literal
        $weibull:literal $file:literal
    ) => {
        rows! {
            $path, Table, $absent;
            concat!($path, ".constant"), Time, $constant => $doc, OneOf, Example("\"50 ms\"");
            concat!($path, ".uniform"), Table, Nothing, OneOf, Example("{ low = \"20 ms\", high = \"80 ms\" }");
            concat!($path, ".uniform.low"), Time, Nothing => $low;
            concat!($path, ".uniform.high"), Span, Nothing => $high;
            concat!($path, ".exponential"), Span, Nothing => $exponential, OneOf, Example("\"50 ms\"");
            concat!($path, ".normal"), Table, Nothing, OneOf, Example("{ mean = \"50 ms\", sd = \"10 ms\" }");
            concat!($path, ".normal.mean"), Time, Nothing => $mean;
            concat!($path, ".normal.sd"), Time, Nothing => $sd;
            concat!($path, ".lognormal"), Table, Nothing, OneOf, Example("{ median = \"50 ms\", sigma = 0.5 }");
            concat!($path, ".lognormal.median"), Span, Nothing => $median;
            concat!($path, ".lognormal.sigma"), NotNegative, Nothing => $sigma;
            concat!($path, ".pareto"), Table, Nothing, OneOf, Example("{ min = \"20 ms\", shape = 2.5 }");
            concat!($path, ".pareto.min"), Span, Nothing => $min;
            concat!($path, ".pareto.shape"), Positive, Nothing => $shape;
            concat!($path, ".weibull"), Table, Nothing, OneOf, Example("{ scale = \"50 ms\", shape = 0.7 }");
            concat!($path, ".weibull.scale"), Span, Nothing => $scale;
            concat!($path, ".weibull.shape"), Positive, Nothing => $weibull;
            concat!($path, ".empirical"), Table, Nothing, OneOf, Example("{ file = \"delays.csv\" }");
            concat!($path, ".empirical.file"), File(FileUse::Delays), Nothing => $file;
        }
    };
}

/// Every row, in the order in which a written-out experiment lists the keys.
pub(super) const ROWS: &[&[KeyRow]] = &[
    rows! {
        "experiment.title", Title, Nothing => "Title of the charts; absent: the name of the file.", DecidesNothing,
            Fixed(&["the title stands on all charts: what is swept stands in their legends and axes"]);
        "experiment.seed", Count(0, i64::MAX as u64), Default("2010") => "Root of all random streams.",
            Fixed(&[
                "the seed is what a paper cites, and replications have random numbers of their own: write more replications",
                "for another seed run it again: --seed 7 --out results-of-seed-7",
            ]);
        "experiment.bin", Span, Default("1 s") => "Width of a time bin; a run has 1,000,000 of them at most.";
        "experiment.replications", Count(1, 1_000_000), Default("20") => "Independent replications of each point and transport.", Independent, DecidesNothing;
        "experiment.precision", ValueKind::Parts(Parts::Goals), Nothing => "Replications go on, run by run, until the 95 % intervals of these metrics are as narrow as their `half_width`: a percentage of the estimate, or a number with the unit of the metric. `replications` is then the fewest.", DecidesNothing,
            Fixed(&["the goals hold at every point: write them under [experiment]"]);
        "experiment.max_replications", Count(3, 1_000_000), DefaultWhen(With("experiment.precision"), "400") => "Most replications of a run with `precision`, and of a point of a `[search]`.", DecidesNothing,
            Fixed(&["it holds at every point: write it under [experiment]"]);
        "experiment.warmup", TimeOr("auto"), Default("2 min") => "Simulated time before the measured window. With \"auto\" a pilot of three replications chooses it: the shortest that holds for all transports and points. `plan` and `manifest.json` say which.";
        "experiment.duration", Span, Default("30 min") => "Length of the measured window.";
        "experiment.quick", Flag, Default("false") => "A smoke run: at most 2 replications, 60 s of window, and 30 s of warm-up, or longer if clients need longer to start. `--quick` sets it.",
            Fixed(&[
                "a run is quick as a whole, and all that it writes says so: write quick = true, or run with --quick",
                "to compare windows, sweep experiment.duration and experiment.warmup",
            ]);
        "experiment.quick_keeps", Words(SHORTENED), Nothing => "What a quick run leaves as it is written. Options of the command line add to it: `--quick --replications 5` has 5 replications.",
            Fixed(&["a run is quick as a whole: write quick_keeps under [experiment]"]);
        "experiment.accept", Words(WarningKind::IDS), Nothing => "Intended warnings: they are not shown, and the manifest marks them as accepted.", DecidesNothing,
            Fixed(&["a warning is accepted for all points: write accept under [experiment]"]);
        "experiment.baseline", Text(NAME), Nothing => "Transport with which the table `comparison.csv` compares all others. Absent: there is no such table.", DecidesNothing,
            Fixed(&["the baseline is the same at all points: write it under [experiment]"]);
        "clients.count", Count(1, MOST_CLIENTS), DefaultWhen(Uncounted, "1000") => "Number of clients.";
        "clients.start_within", TimeOr("longest hold"), Default("longest hold") => "Clients send their first requests uniformly within this time. Default: the longest hold for a long poll, `recycle_after` or the hold of `[server]` for push, `min` for adaptive polls. Short polls ignore it: they spread over their interval (`phase`).", Independent;
        "clients.timeout", Span, Default("80 s") => "Time from sending a request until its reply must have arrived.", Independent;
        "clients.on_timeout", ChoiceOrTable(&["retry", "stop"]), Default("retry") => "After a timeout the client asks again as its transport does (a long poll at once, push after its `retry`), stops, or backs off: { retry = {} }.";
        "clients.on_timeout.retry", Table, Nothing, Example("{}");
        "clients.on_timeout.retry.first", Time, DefaultWhen(In("clients.on_timeout"), "1 s") => "Wait after the first failure in a row, a timeout or an error.";
        "clients.on_timeout.retry.factor", Positive, DefaultWhen(In("clients.on_timeout"), "2") => "Growth of the wait from failure to failure, at least 1.";
        "clients.on_timeout.retry.max", Time, DefaultWhen(In("clients.on_timeout"), "30 s") => "Longest wait, before jitter.";
        "clients.on_timeout.retry.jitter", Share, DefaultWhen(In("clients.on_timeout"), "50 %") => "The wait is spread uniformly by this share, up and down.";
        "clients.on_error", TableOr("stop"), Default("stop") => "After an error (502, 504) the client stops, or backs off: { retry = {} }.";
        "clients.on_error.retry.first", Time, DefaultWhen(In("clients.on_error"), "1 s") => "Wait after the first error in a row.";
        "clients.on_error.retry.factor", Positive, DefaultWhen(In("clients.on_error"), "2") => "Growth of the wait from error to error, at least 1.";
        "clients.on_error.retry.max", Time, DefaultWhen(In("clients.on_error"), "30 s") => "Longest wait, before jitter.";
        "clients.on_error.retry.jitter", Share, DefaultWhen(In("clients.on_error"), "50 %") => "The wait is spread uniformly by this share, up and down.";
        "clients.tabs_per_browser", Count(1, 1_000_000), DefaultWhen(With("clients.connections_per_host"), "1") => "Clients that share a browser and its connections. The default is for files with `connections_per_host`.";
        "clients.connections_per_host", Count(1, 1_000_000), DefaultWhen(With("clients.tabs_per_browser"), "6") => "Connections of a browser over HTTP/1.1, except WebSockets; further requests wait in the browser. The default is for files with `tabs_per_browser`; without both there is no limit.";
    },
    span!("clients.session" Off, Nothing => "How long a client stays from its first request on: constant. Absent: to the end.", "As `network.up`."),
    rows! {
        "clients.arrival_rate", Rate, Off => "Further clients that come during the run, as a Poisson process.";
        "clients.crowd", Table, Off;
        "clients.crowd.at", Time, Nothing => "A flash crowd: its start.";
        "clients.crowd.count", Count(1, MOST_CLIENTS), Nothing => "Number of clients that come.";
        "clients.crowd.within", Time, DefaultWhen(In("clients.crowd"), "0 s") => "The time in which they come, uniformly distributed; \"0 s\" is all at once.";
        "clients.sends", Table, Off;
        "clients.sends.poisson", Table, Nothing, OneOf;
        "clients.sends.poisson.rate", Rate, Nothing => "Sends: messages per second from each client, with exponential gaps.";
        "clients.sends.periodic", Table, Nothing, OneOf;
        "clients.sends.periodic.every", Span, Nothing => "Or at regular times; the first is uniform in the first period.";
        "clients.sends.on_off", Table, Nothing, OneOf;
        "clients.sends.on_off.on", Span, Nothing => "Or in bursts: as `source.on_off`.";
        "clients.sends.on_off.off", Span, Nothing => "As `source.on_off`.";
        "clients.sends.on_off.rate", Rate, Nothing => "As `source.on_off`.";
        "clients.sends.payload", Bytes, Inherits("source.payload") => "Size of a send; absent: `source.payload`.";
        "source.scope", Choice(&["client", "broadcast", "request", "group"]), Default("client") => "One process per client; one for all clients; each server check is the trial; or each send goes to all clients of its group.";
        "source.size", Count(1, MOST_CLIENTS), DefaultWhen(Scope("group"), "10") => "Scope `group`: number of clients in a group.";
        "source.hit", Probability, DefaultWhen(Scope("request"), "15/999") => "Scope `request`: probability that a check finds something.";
        "source.tick", Table, Nothing, OneOf, Example("{ every = \"0.5 s\", hit = \"15/999\" }");
        "source.tick.every", Span, DefaultWhen(NoOtherProcess, "0.5 s") => "Time between trials.";
        "source.tick.hit", Probability, DefaultWhen(NoOtherProcess, "15/999") => "Probability that a trial creates a message.";
        "source.poisson", Table, Nothing, OneOf, Example("{ rate = \"0.03 /s\" }");
        "source.poisson.rate", Rate, Nothing => "Messages per second, with exponential gaps.";
        "source.periodic", Table, Nothing, OneOf, Example("{ every = \"5 s\" }");
        "source.periodic.every", Span, Nothing => "A message at regular times.";
        "source.trace", Table, Nothing, OneOf, Example("{ file = \"chat.csv\" }");
        "source.trace.file", File(FileUse::Trace), Nothing => "CSV with a column `time_s` (or `_ms`, `_us`, `_ns`), optional `client` (from 0) and `bytes`.";
        "source.trace.repeat", Flag, DefaultWhen(In("source.trace"), "false") => "Start the trace again after its last message, which must be above 0 s; false: silence follows.";
        "source.on_off", Table, Nothing, OneOf, Example("{ on = \"10 s\", off = \"60 s\", rate = \"1 /s\" }");
        "source.on_off.on", Span, Nothing => "Bursts: mean of the exponential ON periods.";
        "source.on_off.off", Span, Nothing => "Mean of the exponential OFF periods, without messages.";
        "source.on_off.rate", Rate, Nothing => "Messages per second while ON, with exponential gaps.";
        "source.day", Table, Nothing, OneOf, Example("{ rate = \"0.03 /s\", shape = [1, 4, 6, 2], period = \"1 d\" }");
        "source.day.rate", Rate, Nothing => "Time of day: messages per second on average, with exponential gaps.";
        "source.day.shape", Numbers(1000), Nothing => "Relative rates of equal parts of the period, the first from t = 0 on.";
        "source.day.period", Span, DefaultWhen(In("source.day"), "1 d") => "Time until the shape repeats.";
        "source.spread", Table, Off;
        "source.spread.zipf", NotNegative, Nothing => "Rates that differ between clients, by Zipf's law with this exponent: client k, from 0, has (k + 1)^-s times a constant.", OneOf, Example("1.0");
        "source.spread.lognormal", NotNegative, Nothing => "Rates that differ between clients, log-normal: standard deviation of the logarithm.", OneOf;
        "source.payload", Bytes, Default("20 B") => "Size of a message.", Independent;
        "source.phase", TimeOr("random"), Default("random") => "First trial or message of `tick` and `periodic`: uniform in one period, or fixed.";
        "source.keep", Choice(&["all", "latest"]), Default("all") => "A mailbox keeps every message, or only the newest.";
        "http.request_header", Bytes, Default("692 B") => "Header of a request.", Independent;
        "http.response_header", Bytes, Default("179 B") => "Header of a reply.", Independent;
        "http.request_body", Bytes, Default("0 B") => "Body of a poll, which is a POST (`time=80` is 7 B). Push requests are a GET without a body.", Independent;
        "http.empty_body", Bytes, Default("0 B") => "Body of a reply that says \"no data\".", Independent;
        "http.message_framing", Bytes, Default("0 B") => "Bytes around each message in a body.", Independent;
        "http.http2", Table, Off;
        "http.http2.first_request", Bytes, DefaultWhen(In("http.http2"), "435 B") => "HTTP/2: the first request on a connection, with its frame. HTTP/2 needs the table `[http.http2]`, even if empty.";
        "http.http2.request", Bytes, DefaultWhen(In("http.http2"), "20 B") => "A later request, with HPACK.";
        "http.http2.first_response", Bytes, DefaultWhen(In("http.http2"), "109 B") => "The first response on a connection.";
        "http.http2.response", Bytes, DefaultWhen(In("http.http2"), "15 B") => "A later response in the same second.";
        "http.http2.date", Bytes, DefaultWhen(In("http.http2"), "23 B") => "Further bytes of a response when the second has changed.";
        "server.check", TableOr("notify"), Nothing => "The check loop, or \"notify\": reply at the instant a message is created.";
        "server.check.every", Span, DefaultWhen(Checks, "0.5 s") => "Time between checks.";
        "server.check.count", Count(1, 1_000_000_000), DefaultWhen(Checks, "80") => "Checks until \"no data\".";
        "server.check.first", Choice(&["after-sleep", "on-arrival"]), DefaultWhen(Checks, "after-sleep") => "The script sleeps before its first check, or checks on arrival.";
    },
    span!("server.check.drift" Off, Nothing => "What is added to each sleep: constant. Absent: nothing.", "As `network.up`."),
    rows! {
        "server.hold", Span, Default("40 s") => "`check = \"notify\"`: time until \"no data\".";
        "server.notices_disconnect", Flag, Default("false") => "A request ends at the instant its client gives it up.", Independent;
        "server.on_lost_reply", Choice(&["drop", "redeliver"]), Default("drop") => "Messages in a reply to a request that was given up are lost, or stay in the mailbox.";
        "server.session_lock", Flag, Default("false") => "Requests of one browser exclude each other while a worker executes them (PHP sessions).";
        "server.restart", Table, Off;
        "server.restart.at", Time, Nothing => "The server restarts: requests at it break, and their clients ask again or stop (`on_error`).";
        "server.restart.down", Time, DefaultWhen(In("server.restart"), "0 s") => "How long the server is down and refuses requests.";
        "server.workers", Count(1, MOST_CLIENTS), Off => "Requests that are executed at a time. Absent: no limit (an event-driven server).";
        "server.backlog", Count(0, MOST_CLIENTS), Off => "Requests that may wait for a worker; further ones get a 502 at once. Absent: no limit.";
    },
    span!("server.service" Off, Nothing => "Work on each request before its first check, which occupies a worker: constant.", "As `network.up`."),
    rows! {
        "proxy", Table, Off;
        "proxy.read_timeout", Span, Off => "A request that is not answered within this time after its arrival gets a 504, and runs on; nginx has \"60 s\". Absent: never. With the table `[proxy]`, even if empty, no reply is sent to a client that has given up.";
        "proxy.idle_timeout", Span, Off => "A push connection on which nothing was sent for this time is cut. Absent: never.";
        "cost", Table, Off;
        "cost.cpu_per_request", Time, DefaultWhen(In("cost"), "100 us") => "Processor time of a request. Costs need the table `[cost]`, even if empty.";
        "cost.cpu_per_check", Time, DefaultWhen(In("cost"), "10 us") => "Processor time of a check.";
        "cost.cpu_per_byte", Time, DefaultWhen(In("cost"), "1 ns") => "Processor time of a byte of HTTP, or with `[network.wire]` of all packets.";
        "cost.cpu_per_push", Time, DefaultWhen(In("cost"), "10 us") => "Processor time of the messages pushed together, of a keep-alive, and of a frame from a client.";
        "cost.cpu_per_handshake", Time, DefaultWhen(In("cost"), "100 us") => "With `[network.wire]`: processor time of opening a connection.";
        "cost.memory_per_connection", Bytes, DefaultWhen(In("cost"), "17 kB") => "Memory of an open connection. The default is measured in node (12.7 kB in aiohttp).";
        "cost.memory_per_worker", Bytes, DefaultWhen(In("cost"), "700 kB") => "Memory of a worker. The default is measured in PHP-FPM.";
        "cost.memory_base", Bytes, DefaultWhen(In("cost"), "0 B") => "Memory of the server without clients.";
        "cost.price_per_gb", NotNegative, DefaultWhen(In("cost"), "0.09") => "Price of 10^9 bytes to the clients, of HTTP, or with `[network.wire]` of all packets.";
        "cost.price_per_core_hour", NotNegative, DefaultWhen(In("cost"), "0.0425") => "Price of a core per hour.";
        "cost.radio", Table, Off;
        "cost.radio.idle_ma", NotNegative, Nothing => "Battery current of an idle phone, in mA.";
        "cost.radio.charge_mas", NotNegative, Nothing => "Charge of turning on the radio once, in mA s: for a request, a push or a frame.";
    },
    span!("network.up" Off, DefaultWhen(NoOther, "0 s") => "Delay from client to server: constant.", [
        "Uniform: least delay.",
        "Uniform: upper bound, exclusive.",
        "Exponential: mean.",
        "Normal, truncated at 0: mean before truncation.",
        "Normal: standard deviation before truncation.",
        "Log-normal: median.",
        "Log-normal: standard deviation of the logarithm.",
        "Pareto: least delay.",
        "Pareto: tail index.",
        "Weibull: scale.",
        "Weibull: shape.",
        "CSV of measured delays: a column `delay_s` (or `_ms`, `_us`, `_ns`), or one column of seconds without a name.",
    ]),
    span!("network.down" Off, DefaultWhen(NoOther, "0 s") => "Delay from server to client; as `up`.", "As `up`."),
    rows! {
        "network.wire", Table, Off;
        "network.wire.segment", Bytes, DefaultWhen(In("network.wire"), "1448 B") => "TCP: data in a packet at most. Packets and connections need the table `[network.wire]`, even if empty.";
        "network.wire.header", Bytes, DefaultWhen(In("network.wire"), "52 B") => "TCP and IP header of a packet; the default is with timestamps.";
        "network.wire.ack_delay", Time, DefaultWhen(In("network.wire"), "40 ms") => "How long a client delays an acknowledgement to send it with data.";
        "network.wire.server_ack_delay", Time, DefaultWhen(In("network.wire"), "0 s") => "The same for the server. \"0 s\": at once, or with a reply that leaves at the same instant.";
        "network.wire.keep_alive", Span, DefaultWhen(In("network.wire"), "75 s") => "How long an idle connection stays open.";
        "network.wire.tls", Table, Off;
        "network.wire.tls.client", Bytes, DefaultWhen(In("network.wire.tls"), "259 B") => "TLS 1.3: bytes that a client sends in a handshake; the default is from RFC 8448. Absent: plain HTTP.";
        "network.wire.tls.server", Bytes, DefaultWhen(In("network.wire.tls"), "774 B") => "Bytes that the server sends in a handshake; the default is from RFC 8448 (2 to 4 kB with a usual certificate chain).";
        "network.wire.tls.record", Bytes, DefaultWhen(In("network.wire.tls"), "22 B") => "Overhead of a record of up to 16 KiB.";
        "network.server_link", BitRateOrTable, Off => "Capacity of the link of the server, both ways. Absent: no limit.";
        "network.server_link.up", BitRate, Nothing => "To the server.";
        "network.server_link.down", BitRate, Nothing => "From the server.";
        "network.client_link", BitRateOrTable, Off => "Capacity of the link of each client, both ways. Absent: no limit.";
        "network.client_link.up", BitRate, Nothing => "From the client.";
        "network.client_link.down", BitRate, Nothing => "To the client.";
        "network.loss", Table, Off, Example("{ rate = \"1 %\" }");
        "network.loss.rate", Probability, Nothing => "Share of the packets that are lost, below 1; needs `[network.wire]`. Absent: none.";
        "network.loss.timeout", Span, DefaultWhen(In("network.loss"), "1 s") => "A lost packet is sent again after this time, then after twice this time, and so on; the default is from RFC 6298.";
        "network.loss.max_timeout", Span, DefaultWhen(In("network.loss"), "60 s") => "Upper limit of that time.";
        "engine.ticks", Choice(&["skip", "each"]), Default("skip") => "Skip to the next hit, or make every tick an event. Only the column `events` differs.", Independent;
        "engine.path", Choice(&["auto", "queue"]), Default("auto") => "Simulate clients that share nothing one by one, or all clients through one event queue. The results are the same.", Independent, DecidesNothing;
        "transport", List, Nothing;
        "transport.name", Text(NAME), Nothing => "Name in tables and charts.";
        "transport.short_poll", Table, Nothing, Example("{ interval = \"1 s\" }");
        "transport.short_poll.interval", Span, Nothing => "Time between polls.";
        "transport.short_poll.pace", Choice(&["fixed-rate", "after-reply", "poisson"]), Default("fixed-rate") => "The interval counts from poll to poll or from the reply, or polls leave at random with this mean interval.";
        "transport.short_poll.phase", TimeOr("random"), Default("random") => "First poll: uniform in one interval, or fixed.";
        "transport.short_poll.piggyback", Flag, Default("false") => "The reply to a send carries the messages in the mailbox.";
        "transport.long_poll", Table, Nothing, Example("{}");
        "transport.long_poll.turnaround", TimeOrTable, Default("0 s") => "From a reply to the next request: a time, or a distribution.";
    },
    span!("transport.long_poll.turnaround" Nothing, Nothing => "Constant.", "As `network.up`."),
    rows! {
        "transport.long_poll.check", TableOr("notify"), Inherits("server.check") => "Overrides `server.check`.";
        "transport.long_poll.check.every", Span, Inherits("server.check.every") => "Overrides `server.check.every`.";
        "transport.long_poll.check.count", Count(1, 1_000_000_000), Inherits("server.check.count") => "Overrides `server.check.count`.";
        "transport.long_poll.check.first", Choice(&["after-sleep", "on-arrival"]), Inherits("server.check.first") => "Overrides `server.check.first`.";
        "transport.long_poll.hold", Span, Inherits("server.hold") => "Overrides `server.hold`.";
        "transport.long_poll.linger", Time, Default("0 s") => "With `notify`: time to wait for further messages after the first.";
        "transport.long_poll.piggyback", Flag, Default("false") => "As `short_poll`.";
        "transport.adaptive_poll", Table, Nothing, Example("{}");
        "transport.adaptive_poll.min", Span, Default("1 s") => "Shortest interval from a reply to the next poll, and the first one.";
        "transport.adaptive_poll.max", Span, Default("1 min") => "Longest interval.";
        "transport.adaptive_poll.factor", Positive, Default("2") => "Factor by which an empty reply lengthens the interval, at least 1.";
        "transport.adaptive_poll.on_data", Choice(&["reset", "rate"]), Default("reset") => "After a reply with messages: back to `min`, or towards the time per message since the last reply.";
        "transport.adaptive_poll.weight", Share, Default("0.5") => "`on_data = \"rate\"`: the weight of that time.";
        "transport.adaptive_poll.piggyback", Flag, Default("false") => "As `short_poll`.";
        "transport.streaming", Table, Nothing, Example("{}");
        "transport.streaming.recycle_after", Span, Off => "The server ends the response after this time. Absent: never.";
        "transport.streaming.recycle_bytes", Bytes, Off => "The server ends the response after this number of bytes. Absent: never.";
        "transport.streaming.keep_alive", Span, Off => "The server sends one byte when it has sent nothing for this time. Absent: never.";
        "transport.streaming.retry", Time, Default("0 s") => "From the end of a response to the next request.";
        "transport.sse", Table, Nothing, Example("{}");
        "transport.sse.recycle_after", Span, Off => "As `streaming`.";
        "transport.sse.recycle_bytes", Bytes, Off => "As `streaming`.";
        "transport.sse.keep_alive", Span, Off => "The server sends a comment when it has sent nothing for this time. Absent: never.";
        "transport.sse.retry", Time, Default("3 s") => "From the end of a response to the next request.";
        "transport.sse.ids", Flag, Default("false") => "Each event has an `id`; a client that connects again names the last one.";
        "transport.websocket", Table, Nothing, Example("{}");
        "transport.websocket.recycle_after", Span, Off => "The server closes the connection after this time. Absent: never.";
        "transport.websocket.recycle_bytes", Bytes, Off => "The server closes the connection after this number of bytes. Absent: never.";
        "transport.websocket.keep_alive", Span, Off => "The server sends a ping when it has sent nothing for this time. Absent: never.";
        "transport.websocket.retry", Time, Default("1 s") => "From the end of a connection to the next handshake.";
        "transport.websocket.upgrade_request", Bytes, Default("113 B") => "Bytes that the handshake adds to the request header.";
        "transport.websocket.upgrade_response", Bytes, Default("129 B") => "Header of the response to the handshake.";
        "transport.timeout", Span, Inherits("clients.timeout") => "Overrides `clients.timeout`.";
        "transport.request_header", Bytes, Inherits("http.request_header") => "Overrides `http.request_header`.";
        "transport.response_header", Bytes, Inherits("http.response_header") => "Overrides `http.response_header`.";
        "transport.request_body", Bytes, Inherits("http.request_body") => "Overrides `http.request_body`, for polls only.";
        "transport.empty_body", Bytes, Inherits("http.empty_body") => "Overrides `http.empty_body`.";
        "transport.message_framing", Bytes, Inherits("http.message_framing") => "Overrides `http.message_framing`.";
        "transport.http2", TableOr("off"), Inherits("http.http2") => "HTTP/2 for this transport, or \"off\".";
        "transport.http2.first_request", Bytes, Inherits("http.http2.first_request") => "Overrides `http.http2.first_request`.";
        "transport.http2.request", Bytes, Inherits("http.http2.request") => "Overrides `http.http2.request`.";
        "transport.http2.first_response", Bytes, Inherits("http.http2.first_response") => "Overrides `http.http2.first_response`.";
        "transport.http2.response", Bytes, Inherits("http.http2.response") => "Overrides `http.http2.response`.";
        "transport.http2.date", Bytes, Inherits("http.http2.date") => "Overrides `http.http2.date`.";
        "population", List, Nothing;
        "population.name", Text(NAME), Nothing => "Name of the population in tables and charts.";
        "population.count", Count(0, MOST_CLIENTS), Nothing => "Number of its clients. If all populations have one, `clients.count` is not needed.";
        "population.share", Share, Nothing => "Or its share of `clients.count`; a population with neither is the rest.";
        "population.transport", Text(NAME), Nothing => "Name of its transport in every run. Absent: the transport of the run.";
        "population.timeout", Span, Inherits("clients.timeout") => "Overrides `clients.timeout`, and `timeout` of the transport.";
        "population.on_timeout", ChoiceOrTable(&["retry", "stop"]), Inherits("clients.on_timeout") => "Overrides `clients.on_timeout`.";
        "population.on_timeout.retry.first", Time, DefaultWhen(In("population.on_timeout"), "1 s") => "As `clients.on_timeout.retry`.";
        "population.on_timeout.retry.factor", Positive, DefaultWhen(In("population.on_timeout"), "2") => "As `clients.on_timeout.retry`.";
        "population.on_timeout.retry.max", Time, DefaultWhen(In("population.on_timeout"), "30 s") => "As `clients.on_timeout.retry`.";
        "population.on_timeout.retry.jitter", Share, DefaultWhen(In("population.on_timeout"), "50 %") => "As `clients.on_timeout.retry`.";
    },
    span!("population.network.up" Inherits("network.up"), Inherits("network.up.constant") => "Overrides `network.up`.", "As `network.up`."),
    span!("population.network.down" Inherits("network.down"), Inherits("network.down.constant") => "Overrides `network.down`.", "As `network.up`."),
    rows! {
        "population.network.client_link", BitRateOrTable, Inherits("network.client_link") => "Overrides `network.client_link`.";
        "population.network.client_link.up", BitRate, Nothing => "As `network.client_link`.";
        "population.network.client_link.down", BitRate, Nothing => "As `network.client_link`.";
        "population.network.loss", Table, Inherits("network.loss");
        "population.network.loss.rate", Probability, Nothing => "Overrides `network.loss`.";
        "population.network.loss.timeout", Span, DefaultWhen(In("population.network.loss"), "1 s") => "As `network.loss`.";
        "population.network.loss.max_timeout", Span, DefaultWhen(In("population.network.loss"), "60 s") => "As `network.loss`.";
        "search.key", Text(OTHER), Nothing => "The key whose value is sought, by its dotted path.", NO_SWEEP;
        "search.range", ValueKind::Parts(Parts::Range), Nothing => "The lower and the upper end of its values.", NO_SWEEP;
        "search.target", Text(OTHER), Nothing => "What the value has to meet: a metric, `<=` or `>=`, and a limit with a unit.", NO_SWEEP;
        "search.equal", ValueKind::Parts(Parts::Equal), Nothing => "In place of a target: a metric that is to be equal for two transports.", NO_SWEEP;
        "search.transport", Text(NAME), Nothing => "The transport that is searched for; absent: each one.", NO_SWEEP;
        "search.population", Text(NAME), Nothing => "The population whose metric counts; absent: all clients.", NO_SWEEP;
    },
    chart_rows::ROWS,
];
