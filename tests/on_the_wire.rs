//! What goes over the wire, byte by byte and packet by packet, worked out by hand: which requests have a body, who
//! acknowledges what, what a server sends to a client that has left, and in which order things arrive.

use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::model::scenario::{EnginePath, Scenario, Ticks};
use cometsim::model::{Metric, Totals, simulate};

/// The runs of an experiment, by what is written behind its table `[experiment]`.
fn runs(window: &str, text: &str) -> Vec<Scenario> {
    let text = format!("[experiment]\nseed = 1\nreplications = 1\n{window}\n{text}");
    let experiment = Experiment::from_text("wire.toml", &text, Path::new(""), &[]);
    experiment.unwrap_or_else(|errors| panic!("{errors}")).scenarios(0)
}

/// The only run, and what it came to: the same on each path of the engine.
fn run(window: &str, text: &str) -> (Scenario, Totals) {
    let scenario = runs(window, text).remove(0);
    let totals = simulate(&scenario, 0, 0..scenario.population());
    for ticks in [Ticks::Each, Ticks::Skip] {
        let other = Scenario { path: EnginePath::Queue, ticks, ..scenario.clone() };
        let queued = simulate(&other, 0, 0..scenario.population());
        assert_eq!(queued.served, totals.served);
        assert_eq!((queued.http_up_bytes, queued.http_down_bytes), (totals.http_up_bytes, totals.http_down_bytes));
        assert_eq!((queued.delivered, queued.latency.max()), (totals.delivered, totals.latency.max()));
    }
    (scenario, totals)
}

fn metric((scenario, totals): &(Scenario, Totals), metric: Metric) -> f64 {
    totals.metric(metric, scenario).unwrap()
}

/// Bytes and packets on the wire.
fn wire((_, totals): &(Scenario, Totals)) -> (u64, u64) {
    let wire = totals.served.wire.unwrap();
    (wire.bytes, wire.packets)
}

const FROM_START: &str = "warmup = \"0 s\"\nduration = \"20 s\"";

/// A page polls with a POST of 692 + 7 bytes. A stream, server-sent events and a WebSocket (113 bytes more) are asked for
/// with a GET: 692, 692 and 805 bytes, once.
#[test]
fn what_is_asked_for_with_a_get_has_no_body() {
    let text = |transport: &str| {
        format!(
            "clients = {{ count = 1, start_within = \"0 s\" }}\nhttp.request_body = \"7 B\"\n\
             source.periodic = {{ every = \"1 s\" }}\n[[transport]]\nname = \"it\"\n{transport}"
        )
    };
    let up = |transport: &str| run(FROM_START, &text(transport)).1.http_up_bytes;
    assert_eq!(up("short_poll = { interval = \"100 s\", phase = \"0 s\" }"), 692 + 7);
    assert_eq!(up("streaming = {}"), 692);
    assert_eq!(up("sse = {}"), 692);
    assert_eq!(up("websocket = {}"), 692 + 113);
    // Over HTTP/2 a body would have a frame of 9 bytes more.
    assert_eq!(up("short_poll = { interval = \"100 s\", phase = \"0 s\" }\nhttp2 = {}"), 435 + 7 + 9);
    assert_eq!(up("streaming = {}\nhttp2 = {}"), 435);
}

/// Seven tabs of one browser: a WebSocket each, though the browser has six connections for everything else (RFC 6455,
/// section 4.1). Of server-sent events over HTTP/1.1 the seventh never comes.
#[test]
fn websockets_are_not_among_the_connections_of_a_browser() {
    let text = |transport: &str| {
        format!(
            "clients = {{ count = 7, start_within = \"0 s\", tabs_per_browser = 7 }}\n\
             source = {{ scope = \"broadcast\", periodic = {{ every = \"1 s\" }}, phase = \"0.5 s\" }}\n\
             [[transport]]\nname = \"it\"\n{transport}"
        )
    };
    let window = "warmup = \"0 s\"\nduration = \"100 s\"";
    let found = |transport: &str| {
        let run = run(window, &text(transport));
        let held = metric(&run, Metric::HeldRequestsMean);
        (run.1.delivered, held.round() as u64, metric(&run, Metric::MessagesPendingEnd) as u64)
    };
    // 100 messages for each tab, one a second from 0.5 s on.
    assert_eq!(found("websocket = {}"), (700, 7, 0));
    assert_eq!(found("sse = {}"), (600, 6, 100));
    assert_eq!(found("sse = {}\nhttp2 = {}"), (700, 7, 0));
}

/// `proxy.idle_timeout` cuts a WebSocket without a byte. A cycle is 3.9 s + 50 ms down + 1 s + 50 ms up = 5 s, so four
/// handshakes of 805 bytes in 20 s, and nothing else goes up: 161 B/s. On the wire the round trip of TCP makes a cycle of
/// 5.1 s: 3 packets, request, its acknowledgement with the response, and the acknowledgement of the response.
#[test]
fn a_cut_is_without_a_byte() {
    let text = |wire: &str| {
        format!(
            "clients = {{ count = 1, start_within = \"0 s\" }}\nproxy.idle_timeout = \"3.9 s\"\n{wire}\n\
             network = {{ up = {{ constant = \"50 ms\" }}, down = {{ constant = \"50 ms\" }} }}\n\
             source.periodic = {{ every = \"1 d\" }}\n\
             [[transport]]\nname = \"it\"\nwebsocket = {{ retry = \"1 s\" }}"
        )
    };
    let cut = run("warmup = \"10 s\"\nduration = \"20 s\"", &text(""));
    assert!((metric(&cut, Metric::HttpUpBytesPerSecond) - 161.0).abs() < 1e-9);
    let window = "warmup = \"10.2 s\"\nduration = \"20.4 s\"";
    let text = text("").replace("network = {", "network = { wire = {},");
    let cut = run(window, &text);
    assert_eq!((cut.1.http_up_bytes, wire(&cut).1), (4 * 805, 4 * 6));
}
