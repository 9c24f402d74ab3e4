//! What goes over the wire, byte by byte and packet by packet, worked out by hand: which requests have a body, who
//! acknowledges what, what a server sends to a client that has left, and in which order things arrive.

use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::model::scenario::{EnginePath, Scenario, Ticks};
use cometsim::model::{Metric, Totals, simulate};
use cometsim::theory;

/// The runs of an experiment, by what is written behind its table `[experiment]`.
fn runs(window: &str, text: &str) -> Vec<Scenario> {
    let text = format!("experiment = {{ seed = 1, replications = 1, {window} }}\n{text}");
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

const FROM_START: &str = "warmup = \"0 s\", duration = \"20 s\"";

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
    let window = "warmup = \"0 s\", duration = \"100 s\"";
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
    let cut = run("warmup = \"10 s\", duration = \"20 s\"", &text(""));
    assert!((metric(&cut, Metric::HttpUpBytesPerSecond) - 161.0).abs() < 1e-9);
    let window = "warmup = \"10.2 s\", duration = \"20.4 s\"";
    let text = text("").replace("network = {", "network = { wire = {},");
    let cut = run(window, &text);
    assert_eq!((cut.1.http_up_bytes, wire(&cut).1), (4 * 805, 4 * 6));
}

/// A page whose browser opens a connection for each poll, with a second flight of TLS of 3,000 bytes: SYN, SYN-ACK, ACK
/// (172 bytes), 259 + 52 of the client, 3,000 + 3 x 52 of the server, an acknowledgement of the second of these three,
/// 692 + 22 + 52 for the request, 179 + 22 + 52 for the reply, and its acknowledgement.
#[test]
fn every_second_packet_of_a_flight_of_tls_is_acknowledged() {
    let polls = |server: &str| {
        let text = format!(
            "clients.count = 1\nsource = {{ periodic = {{ every = \"1 d\" }}, phase = \"12 h\" }}\n\
             network.wire = {{ keep_alive = \"1 s\", tls = {{ server = \"{server}\" }} }}\n\
             [[transport]]\nname = \"it\"\nshort_poll = {{ interval = \"5 s\", phase = \"0 s\" }}"
        );
        wire(&run(FROM_START, &text))
    };
    let around = 172 + 311 + 766 + 253 + 52;
    assert_eq!(polls("3000 B"), (4 * (around + 3_000 + 4 * 52), 4 * 11));
    assert_eq!(4 * (around + 3_000 + 4 * 52), 4 * 4_762);
    // The flight of RFC 8448 is one packet: the request acknowledges it.
    assert_eq!(polls("774 B"), (4 * (around + 774 + 52), 4 * 8));
}

/// A long poll over HTTP/2 that its client gives up after 2 s, 10 ms away.
fn given_up(hold: &str) -> String {
    format!(
        "clients = {{ count = 1, start_within = \"0 s\" }}\n\
         network = {{ up = {{ constant = \"10 ms\" }}, down = {{ constant = \"10 ms\" }}, wire = {{}} }}\n\
         source = {{ periodic = {{ every = \"1 d\" }}, phase = \"12 h\" }}\n\
         [[transport]]\nname = \"it\"\nhttp2 = {{}}\ntimeout = \"2 s\"\n\
         long_poll = {{ check = \"notify\", hold = \"{hold}\" }}"
    )
}

/// The server has got the reset long before it would answer: it does not answer on a closed stream (RFC 9113, section
/// 5.1). A cycle is the reset, 13 + 52 bytes, the next request, 20 + 52, and one acknowledgement of the two: 189 bytes.
/// Where the reply leaves at 1.995 s, before the reset can have arrived, the browser gets it at 2.005 s and acknowledges
/// it after 40 ms: 15 + 23 + 52 and 52 bytes more, 331 in 5 packets.
#[test]
fn a_server_does_not_answer_on_a_stream_that_was_reset() {
    let window = "warmup = \"20 s\", duration = \"40 s\"";
    for hold in ["4.3 s", "300 s"] {
        let run = run(window, &given_up(hold));
        assert_eq!(wire(&run), (20 * 189, 20 * 3), "{hold}");
        assert_eq!((run.1.replies, run.1.http_up_bytes), (0, 20 * 33));
    }
    let run = run(window, &given_up("1.985 s"));
    assert_eq!(wire(&run), (20 * 331, 20 * 5));
    assert_eq!((run.1.replies, run.1.http_down_bytes), (20, 20 * 38));
}

/// A stream of 5 s every 8 s, with a message each second from 0.5 s on. At 8 s the client names event 5: a byte, the
/// name in 1 + 9, the digit in 1 + 1, 13 bytes. At 16 s it names event 13 with an index, a length and two bytes.
#[test]
fn an_event_id_has_the_bytes_of_hpack() {
    let up = |ids: bool| {
        let text = format!(
            "clients = {{ count = 1, start_within = \"0 s\" }}\n\
             source = {{ periodic = {{ every = \"1 s\" }}, phase = \"0.5 s\" }}\n\
             [[transport]]\nname = \"it\"\nhttp2 = {{}}\n\
             sse = {{ ids = {ids}, recycle_after = \"5 s\", retry = \"3 s\" }}"
        );
        run(FROM_START, &text).1.http_up_bytes
    };
    assert_eq!(up(false), 435 + 20 + 20);
    assert_eq!(up(true), 435 + (20 + 13) + (20 + 4));
}

/// Three messages of 2 GB, of minutes 1, 21 and 41, in one reply at minute 60: 6 GB and a header of 179 bytes take
/// 480 s at 100 Mbit/s, and 14.32 us. The last message is 1,140 s old then.
#[test]
fn a_reply_above_4_gib_passes_a_link_whole() {
    let text = |link: &str| {
        format!(
            "clients = {{ count = 1, timeout = \"1 h\" }}\n\
             source = {{ periodic = {{ every = \"20 min\" }}, phase = \"1 min\", payload = \"2 GB\" }}\n\
             network = {{ {link} }}\n\
             [[transport]]\nname = \"it\"\nshort_poll = {{ interval = \"1 h\", phase = \"1 h\" }}"
        )
    };
    let window = "warmup = \"0 s\", duration = \"5000 s\"";
    for link in ["client_link.down = \"100 Mbit/s\"", "server_link.down = \"100 Mbit/s\""] {
        let run = run(window, &text(link)).1;
        assert_eq!((run.delivered, run.latency.min()), (3, Some(1_620_000_014_320)), "{link}");
    }
    let run = run(window, &text("client_link.down = \"100 Mbit/s\", wire = {}")).1;
    let bytes = 6_000_000_179 + 6_000_000_179_u64.div_ceil(1_448) * 52;
    assert_eq!(run.latency.min(), Some(1_140_000_000_000 + bytes * 80));
}

/// A script that holds each request for 5 s, and a page that gives up after 4 s. Behind a proxy the script runs on, and
/// what it says goes nowhere: 515 bytes up, none down, and 172 + 515 + 52 + 52 = 791 on the wire in 5 packets.
#[test]
fn behind_a_proxy_who_has_left_gets_no_reply() {
    let text = |proxy: &str| {
        format!(
            "clients = {{ count = 1, start_within = \"0 s\", timeout = \"4 s\" }}\n{proxy}\n\
             http = {{ request_header = \"508 B\", request_body = \"7 B\", response_header = \"170 B\", empty_body = \"53 B\" }}\n\
             server.check = {{ every = \"5 s\", count = 1 }}\n\
             network = {{ up = {{ constant = \"10 ms\" }}, down = {{ constant = \"10 ms\" }}, wire = {{}} }}\n\
             source = {{ periodic = {{ every = \"1 d\" }}, phase = \"12 h\" }}\n\
             [[transport]]\nname = \"it\"\nlong_poll = {{}}"
        )
    };
    let window = "warmup = \"0 s\", duration = \"40 s\"";
    for proxy in ["proxy = {}", "proxy.read_timeout = \"60 s\"", "proxy.idle_timeout = \"60 s\""] {
        let run = run(window, &text(proxy));
        let totals = &run.1;
        assert_eq!((totals.http_up_bytes, totals.http_down_bytes), (10 * 515, 0), "{proxy}");
        assert_eq!((totals.replies, totals.served.orphans, totals.checks), (0, 9, 9));
        assert_eq!(wire(&run), (10 * 791, 10 * 5));
    }
    // Without one each of the nine leaves once, and meets a closed connection.
    let run = run(window, &text(""));
    assert_eq!((run.1.http_down_bytes, run.1.replies), (9 * 223, 9));
    assert_eq!(wire(&run), (10 * 791 + 9 * (223 + 52), 10 * 5 + 9));
}

/// A long poll that is held for 30 ms, asked again 6 ms after its reply: the request of 514 + 52 bytes, its
/// acknowledgement, which leaves at once, and the reply of 224 + 52, which the next request acknowledges: 894 bytes. A
/// server that waits 40 ms for something to send would acknowledge with the reply.
#[test]
fn a_server_acknowledges_what_it_holds_at_once() {
    let text = |wire: &str| {
        format!(
            "clients = {{ count = 1, start_within = \"0 s\" }}\nserver.check = {{ every = \"30 ms\", count = 80 }}\n\
             http = {{ request_header = \"507 B\", request_body = \"7 B\", response_header = \"170 B\" }}\n\
             network = {{ up = {{ constant = \"10 ms\" }}, down = {{ constant = \"10 ms\" }}, wire = {wire} }}\n\
             source = {{ scope = \"request\", hit = 1.0, payload = \"54 B\" }}\n\
             [[transport]]\nname = \"it\"\nlong_poll = {{ turnaround = \"6 ms\" }}"
        )
    };
    // The first cycle has the 20 ms of a handshake before it, each takes 10 + 30 + 10 + 6 ms.
    let window = "warmup = \"0 s\", duration = \"5.62 s\"";
    assert_eq!(wire(&run(window, &text("{}"))), (172 + 100 * 894, 3 + 100 * 3));
    let late = "{ server_ack_delay = \"40 ms\" }";
    assert_eq!(wire(&run(window, &text(late))), (172 + 100 * (894 - 52), 3 + 100 * 2));
}

/// B asks at 0 and takes 1 s to the server; A, on the same connection, asks at 0.5 s and cannot overtake. One worker,
/// 1 s each, and a message of 0.1 s for both: B has it at 2 s, A at 3 s.
#[test]
fn what_is_held_up_is_served_in_the_order_in_which_it_was_sent() {
    let text = "clients.tabs_per_browser = 2\n\
        server = { workers = 1, service = { constant = \"1 s\" } }\n\
        source = { scope = \"broadcast\", periodic = { every = \"1 d\" }, phase = \"0.1 s\" }\n\
        [[transport]]\nname = \"a\"\nhttp2 = {}\nshort_poll = { interval = \"100 s\", phase = \"0.5 s\" }\n\
        [[transport]]\nname = \"b\"\nhttp2 = {}\nshort_poll = { interval = \"100 s\", phase = \"0 s\" }\n\
        [[population]]\nname = \"A\"\ncount = 1\ntransport = \"a\"\nnetwork.up.constant = \"10 ms\"\n\
        [[population]]\nname = \"B\"\ncount = 1\ntransport = \"b\"\nnetwork.up.constant = \"1 s\"\n";
    let (_, totals) = run(FROM_START, text);
    let latencies: Vec<_> = totals.parts.iter().map(|part| part.latency.max()).collect();
    assert_eq!(latencies, [Some(2_900_000_000), Some(1_900_000_000)]);
}

/// Six tabs of one browser that are alike: none is served before the others. A simulation of its own, in the order of
/// sending, gives 0.738 +- 0.004 s with 15 % of loss, and 0.4278 +- 0.0011 s with exponential delays; by the numbers of the
/// tabs it would be 0.67 to 0.91 s, and 0.40 to 0.46 s.
#[test]
fn tabs_that_are_alike_have_the_same_latency() {
    let loss = "up.constant = \"50 ms\"\ndown.constant = \"50 ms\"\nwire = {}\n\
        loss = { rate = \"15 %\", timeout = \"0.3 s\", max_timeout = \"1 s\" }";
    let exponential = "up.exponential = \"100 ms\"\ndown.exponential = \"100 ms\"";
    for (network, interval, right, far) in [(loss, "0.3 s", 0.738, 0.03), (exponential, "0.5 s", 0.4278, 0.012)] {
        let text = format!(
            "[clients]\ntabs_per_browser = 6\n[source]\npoisson = {{ rate = \"0.5 /s\" }}\n[network]\n{network}\n\
             [[transport]]\nname = \"it\"\nhttp2 = {{}}\nshort_poll = {{ interval = \"{interval}\" }}\n"
        );
        let tabs = [0, 1, 2, 3, 4, 5].map(|tab| format!("[[population]]\nname = \"{tab}\"\ncount = 1\n"));
        let text = text + &tabs.concat();
        let scenario = runs("warmup = \"10 s\", duration = \"3 min\"", &text).remove(0);
        // Phases differ from replication to replication alone.
        let mut totals = simulate(&scenario, 0, 0..6);
        (1..150).for_each(|replication| totals.merge(&simulate(&scenario, replication, 0..6)));
        for part in &totals.parts {
            let latency = part.metric(Metric::LatencyMean, &scenario).unwrap();
            println!("{latency}");
            assert!((latency - right).abs() < far, "{latency} s, not {right} s");
        }
    }
}

/// Six tabs in a house with a line of 80 kbit/s, and a message of 10 kB for each at the same instant: they pass one after
/// the other, 1.0009 s each with the 9 bytes of a frame of HTTP/2, or 1.0008 s with `2710` and two line ends around a chunk.
#[test]
fn the_tabs_of_a_browser_share_its_line() {
    for (version, nanos) in [("\nhttp2 = {}", 1_000_900_000), ("", 1_000_800_000)] {
        let text = format!(
            "clients = {{ count = 6, start_within = \"0 s\", tabs_per_browser = 6 }}\n\
             source = {{ scope = \"broadcast\", periodic = {{ every = \"1 d\" }}, phase = \"5 s\", payload = \"10 kB\" }}\n\
             network.client_link = \"80 kbit/s\"\n[[transport]]\nname = \"it\"\nstreaming = {{}}{version}"
        );
        let run = run(FROM_START, &text);
        assert_eq!((run.1.latency.min(), run.1.latency.max()), (Some(nanos), Some(6 * nanos)));
        let mean = metric(&run, Metric::LatencyMean);
        assert!((mean - 3.5 * nanos as f64 / 1e9).abs() < 1e-9, "{mean}");
    }
}

/// A poll 10 s after each reply, 50 ms away: the first leaves at 0, its reply is there at 0.1 s for the handshake and
/// 0.1 s for the round trip, the next leave at 10.2, 20.3 and 30.4 s. One leaves between 20.25 and 20.35 s.
#[test]
fn a_closed_form_of_polls_after_the_reply_knows_the_first_handshake() {
    let text = "clients.count = 1\nsource = { scope = \"request\", hit = 0.5 }\n\
        network = { up = { constant = \"50 ms\" }, down = { constant = \"50 ms\" }, wire = {} }\n\
        [[transport]]\nname = \"it\"\nshort_poll = { interval = \"10 s\", pace = \"after-reply\", phase = \"0 s\" }";
    let (scenario, totals) = run("warmup = \"20.25 s\", duration = \"0.1 s\", bin = \"0.1 s\"", text);
    assert_eq!(totals.requests, 1);
    let expected = theory::expected(&scenario).get(Metric::RequestsPerSecond).unwrap();
    assert!((expected - 10.0).abs() < 1e-9, "{expected}");
}

/// A broadcast in a mix has one source, whose messages are events once: no population has a closed form with them.
#[test]
fn a_population_does_not_count_the_events_of_the_source_of_all() {
    let text = "source = { scope = \"broadcast\", poisson = { rate = \"0.3 /s\" } }\n\
        [[transport]]\nname = \"it\"\nshort_poll = { interval = \"1 s\" }\n\
        [[population]]\nname = \"A\"\ncount = 75\n[[population]]\nname = \"B\"\ncount = 75";
    let scenario = runs("warmup = \"1 min\", duration = \"5 min\"", text).remove(0);
    for population in 0..2 {
        let expected = theory::expected_of_population(&scenario, population);
        assert_eq!(expected.get(Metric::Events), None);
        assert!(expected.get(Metric::RequestsPerSecond).is_some());
    }
}
