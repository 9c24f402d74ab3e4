//! Keys where they do nothing: what the warning says is so, and where it says nothing the key does something.

#![allow(clippy::pedantic)]

mod all_files;

use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::runner::{Journal, run};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ID: &str = "key-without-effect";

fn load(text: &str, folder: &Path, overrides: &[&str]) -> Result<Experiment, String> {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    Experiment::from_text("test.toml", text, folder, &overrides).map_err(|said| said.render())
}

fn read(text: &str, overrides: &[&str]) -> Experiment {
    let folder = Path::new(ROOT).join("tests/good");
    load(text, &folder, overrides).unwrap_or_else(|said| panic!("{overrides:?}:\n{said}\nin\n{text}"))
}

/// What is said of keys without effect.
fn said(experiment: &Experiment) -> Vec<String> {
    let about = experiment.foreseen().iter().filter(|warning| warning.id == ID);
    about.map(|warning| warning.message.clone()).collect()
}

/// All numbers of a run.
fn numbers(experiment: &Experiment) -> String {
    let groups = run(&experiment.plan(), 1, &mut Journal::none(), &|_| {}).unwrap();
    let of =
        groups.iter().map(|group| format!("{:?} {:?} {:?}", group.pooled, group.estimates, group.population_estimates));
    of.collect()
}

/// A file of one transport `t`, with dotted keys and lines of the transport.
fn file(keys: &str, transport: &str) -> String {
    format!(
        "experiment = {{ replications = 1, warmup = \"10 s\", duration = \"3 min\" }}\nclients.count = 6\n{keys}\n\
         [[transport]]\nname = \"t\"\n{transport}\n"
    )
}

const SHORT: &str = "short_poll = { interval = \"5 s\" }";
const RANDOM: &str = "short_poll = { interval = \"5 s\", pace = \"poisson\" }";
const LOOP: &str = "long_poll = {}";
const OWN_LOOP: &str = "long_poll = { check = { every = \"3 s\", count = 7, first = \"on-arrival\" } }";
const NOTIFIED: &str = "long_poll = { check = \"notify\" }";
const ADAPTIVE: &str = "adaptive_poll = { min = \"2 s\" }";
const EVENTS: &str = "sse = {}";
const SOCKET: &str = "websocket = {}";
const RATE: &str = "source.poisson = { rate = \"6 /min\" }";
/// Replies take longer than the patience of the clients.
const LATE: &str = "network.up.constant = \"3 s\"\nnetwork.down.constant = \"3 s\"\nclients.timeout = \"4 s\"";
/// One of six is served, the others are refused.
const FULL: &str =
    "server.workers = 1\nserver.backlog = 0\nserver.service.constant = \"2 s\"\nclients.on_error = { retry = {} }";

fn with(transport: &str, more: &str) -> String {
    format!("{transport}\n{more}")
}

/// One population that has this for itself.
fn population(keys: &str) -> String {
    format!("{LOOP}\n[[population]]\nname = \"p\"\n{keys}")
}

/// Key, two values, a file in which it does nothing, and one in which it does something.
fn rows() -> Vec<(&'static str, [&'static str; 2], String, String)> {
    let size = |own: &str| with(LOOP, &format!("http2 = {{ {own} = \"99 B\" }}"));
    let group = |payload: &str| {
        file(
            &format!(
                "source = {{ scope = \"group\", size = 3 }}\nclients.sends = {{ poisson = {{ rate = \"6 /min\" }}{payload} }}"
            ),
            LOOP,
        )
    };
    let mut rows = vec![
        ("source.phase", ["1 s", "3 s"], file(RATE, LOOP), file("source.periodic.every = \"7 s\"", LOOP)),
        ("source.payload", ["30 B", "40 B"], group(", payload = \"9 B\""), group("")),
        ("clients.start_within", ["1 s", "9 s"], file("", SHORT), file("", LOOP)),
        ("clients.timeout", ["3 s", "20 s"], file(LATE, &with(SHORT, "timeout = \"4 s\"")), file(LATE, SHORT)),
        (
            "clients.on_timeout",
            ["{ retry = {} }", "{ retry = { first = \"9 s\" } }"],
            file(LATE, SHORT),
            file(LATE, ADAPTIVE),
        ),
        (
            "population.p.on_timeout",
            ["{ retry = {} }", "{ retry = { first = \"9 s\" } }"],
            file(LATE, &with(SHORT, "[[population]]\nname = \"p\"")),
            file(LATE, &with(ADAPTIVE, "[[population]]\nname = \"p\"")),
        ),
        (
            "clients.on_error",
            ["{ retry = {} }", "stop"],
            file("", LOOP),
            file(&FULL.replace("clients.on_error = { retry = {} }", ""), LOOP),
        ),
        (
            "clients.connections_per_host",
            ["1", "2"],
            file("clients.tabs_per_browser = 3", SOCKET),
            file("clients.tabs_per_browser = 3", EVENTS),
        ),
        (
            "clients.tabs_per_browser",
            ["2", "3"],
            file("clients.connections_per_host = 1", SOCKET),
            file("clients.connections_per_host = 1", EVENTS),
        ),
        ("clients.tabs_per_browser", ["2", "3"], file("", SOCKET), file("network.client_link = \"8 kbit/s\"", SOCKET)),
        ("proxy.read_timeout", ["1 s", "2 s"], file("", SHORT), file("", LOOP)),
        ("proxy.read_timeout", ["1 s", "2 s"], file("", EVENTS), file("server.service.exponential = \"2 s\"", EVENTS)),
        ("http.request_header", ["10 B", "20 B"], file("", &with(LOOP, "request_header = \"9 B\"")), file("", LOOP)),
        ("http.request_header", ["10 B", "20 B"], file("http.http2 = {}", LOOP), file("http.http2 = {}", SOCKET)),
        ("transport.t.request_header", ["10 B", "20 B"], file("", &with(LOOP, "http2 = {}")), file("", LOOP)),
        ("http.response_header", ["10 B", "20 B"], file("", SOCKET), file("", LOOP)),
        ("transport.t.response_header", ["10 B", "20 B"], file("", SOCKET), file(FULL, SOCKET)),
        ("http.request_body", ["10 B", "20 B"], file("", EVENTS), file("", SHORT)),
        ("http.empty_body", ["10 B", "20 B"], file("", EVENTS), file("", SHORT)),
        (
            "transport.t.empty_body",
            ["10 B", "20 B"],
            file("", SOCKET),
            file("clients.sends.poisson.rate = \"6 /min\"", EVENTS),
        ),
        ("http.http2", ["{}", "{ request = \"50 B\" }"], file("", SOCKET), file("", LOOP)),
        ("transport.t.http2", ["{}", "{ request = \"50 B\" }"], file("", SOCKET), file("", LOOP)),
        ("http.http2.request", ["30 B", "40 B"], file("", &size("request")), file("", &size("response"))),
        ("http.http2.response", ["30 B", "40 B"], file("", &size("response")), file("", &size("request"))),
        ("http.http2.date", ["30 B", "40 B"], file("", &size("date")), file("", &size("request"))),
        ("server.hold", ["10 s", "20 s"], file("", LOOP), file("", NOTIFIED)),
        (
            "server.hold",
            ["10 s", "20 s"],
            file("server.check = \"notify\"", &with(EVENTS, "sse.recycle_after = \"30 s\"").replace("sse = {}\n", "")),
            file("server.check = \"notify\"", EVENTS),
        ),
        ("transport.t.hold", ["10 s", "20 s"], file("", LOOP), file("", NOTIFIED)),
        ("server.check.every", ["1 s", "2 s"], file("", OWN_LOOP), file("", LOOP)),
        ("server.check.every", ["1 s", "2 s"], file("clients.start_within = \"9 s\"", EVENTS), file("", EVENTS)),
        ("server.check.count", ["5", "10"], file("", OWN_LOOP), file("", LOOP)),
        ("server.check.first", ["on-arrival", "after-sleep"], file("", OWN_LOOP), file("", LOOP)),
        (
            "server.check.drift",
            ["{ constant = \"1 ms\" }", "{ constant = \"9 ms\" }"],
            file("", NOTIFIED),
            file("", LOOP),
        ),
        ("proxy.idle_timeout", ["5 s", "7 s"], file("", LOOP), file("", EVENTS)),
        ("cost.cpu_per_check", ["1 ms", "2 ms"], file("", NOTIFIED), file("", LOOP)),
        ("cost.cpu_per_check", ["1 ms", "2 ms"], file("", EVENTS), file("", SHORT)),
        ("cost.cpu_per_push", ["1 ms", "2 ms"], file("", NOTIFIED), file("", EVENTS)),
        ("cost.cpu_per_handshake", ["1 ms", "2 ms"], file("", SHORT), file("network.wire.keep_alive = \"1 s\"", SHORT)),
        ("cost.memory_per_worker", ["1 MB", "2 MB"], file("", LOOP), file("server.workers = 9", LOOP)),
        (
            "transport.t.timeout",
            ["9 s", "30 s"],
            file("", &population("timeout = \"20 s\"")),
            file("", &population("")),
        ),
        ("transport.t.phase", ["1 s", "2 s"], file("", RANDOM), file("", SHORT)),
        (
            "transport.t.piggyback",
            ["true", "false"],
            file("", SHORT),
            file("clients.sends.poisson.rate = \"6 /min\"", SHORT),
        ),
        (
            "transport.t.piggyback",
            ["true", "false"],
            file("", LOOP),
            file("clients.sends.poisson.rate = \"6 /min\"", LOOP),
        ),
        (
            "transport.t.piggyback",
            ["true", "false"],
            file("", ADAPTIVE),
            file("clients.sends.poisson.rate = \"6 /min\"", ADAPTIVE),
        ),
        ("transport.t.weight", ["0.2", "0.8"], file("", ADAPTIVE), file("", "adaptive_poll = { on_data = \"rate\" }")),
        ("transport.t.max", ["20 s", "30 s"], file("", "adaptive_poll = { factor = 1 }"), file("", ADAPTIVE)),
        (
            "transport.t.factor",
            ["3", "4"],
            file("", "adaptive_poll = { min = \"2 s\", max = \"2 s\" }"),
            file("", ADAPTIVE),
        ),
        (
            "transport.t.on_data",
            ["rate", "reset"],
            file("", "adaptive_poll = { min = \"2 s\", max = \"2 s\" }"),
            file("", ADAPTIVE),
        ),
    ];
    for part in ["first", "max"] {
        let key = if part == "first" { "clients.on_error.retry.first" } else { "clients.on_error.retry.max" };
        rows.push((key, ["2 s", "9 s"], file(FULL, SHORT), file(FULL, ADAPTIVE)));
    }
    rows.push(("clients.on_error.retry.factor", ["1", "3"], file(FULL, SHORT), file(FULL, ADAPTIVE)));
    rows.push(("clients.on_error.retry.jitter", ["0", "1"], file(FULL, SHORT), file(FULL, ADAPTIVE)));
    for (key, values, own) in [
        ("network.up", ["{ constant = \"1 s\" }", "{ constant = \"3 s\" }"], "network.up.constant = \"2 s\""),
        ("network.down", ["{ constant = \"1 s\" }", "{ constant = \"3 s\" }"], "network.down.constant = \"2 s\""),
        ("network.client_link", ["8 kbit/s", "9 kbit/s"], "network.client_link = \"7 kbit/s\""),
        ("network.loss", ["{ rate = \"10 %\" }", "{ rate = \"20 %\" }"], "network.loss.rate = \"5 %\""),
    ] {
        rows.push((
            key,
            values,
            file("network.wire = {}", &population(own)),
            file("network.wire = {}", &population("")),
        ));
    }
    rows
}

/// The last part of a key as messages name it.
fn shown(key: &str) -> &str {
    ["transport.t.", "population.p."].iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key)
}

#[test]
fn a_key_of_which_that_is_said_has_no_effect_and_one_of_which_not_has_one() {
    for (key, values, idle, acting) in rows() {
        let name = format!("`{}` has no effect here", shown(key));
        let about = |experiment: &Experiment| said(experiment).iter().any(|message| message.ends_with(&name));
        let set = |text: &str| values.map(|value| read(text, &[&format!("{key}={value}")]));
        let [one, other] = set(&idle);
        assert!(about(&one) || about(&other), "nothing is said of {key} in\n{idle}");
        assert!(numbers(&one) == numbers(&other), "{key} does something in\n{idle}");
        let [one, other] = set(&acting);
        assert!(!about(&one) && !about(&other), "{key}: {:?} in\n{acting}", said(&one));
        assert!(numbers(&one) != numbers(&other), "{key} does nothing in\n{acting}");
    }
}

#[test]
fn a_trace_that_is_longer_than_the_run_does_not_repeat() {
    let text = file("source.trace.file = \"chat.csv\"", LOOP).replace("10 s", "1 s").replace("3 min", "3 s");
    let [repeated, once] = ["true", "false"].map(|value| read(&text, &[&format!("source.trace.repeat={value}")]));
    assert_eq!((said(&repeated), said(&once)), (vec!["`source.trace.repeat` has no effect here".to_owned()], vec![]));
    assert!(numbers(&repeated) == numbers(&once));
    assert_eq!(said(&read(&text, &["source.trace.repeat=true", "experiment.duration=1 min"])), Vec::<String>::new());
}

#[test]
fn a_transport_that_no_population_uses_is_named_once() {
    let text = file(
        "",
        &with(
            LOOP,
            "[[transport]]\nname = \"u\"\nlong_poll = { hold = \"9 s\" }\ntimeout = \"70 s\"\n[[population]]\nname = \"p\"\ntransport = \"t\"",
        ),
    );
    assert_eq!(said(&read(&text, &[])), ["`u`: `name` has no effect here"]);
}

/// A swept key that does nothing at any point, and one that does something at some.
#[test]
fn swept_keys_are_judged_over_all_points() {
    let text = |lines: &str| format!("{}\n[sweep]\n{lines}\n", file("", LOOP));
    let hold = "\"server.hold\" = [\"10 s\", \"20 s\", \"40 s\"]";
    let experiment = read(&text(hold), &[]);
    let warning = experiment.foreseen().iter().find(|warning| warning.id == ID).unwrap();
    assert_eq!(
        (warning.points.as_slice(), warning.message.as_str()),
        (&[0, 1, 2][..], "`server.hold` has no effect here")
    );
    assert_eq!(
        said(&read(&text(&format!("{hold}\n\"server.check\" = [\"notify\", {{}}]")), &[])),
        Vec::<String>::new()
    );
    assert_eq!(said(&read(&text("\"transport.t.hold\" = [\"9 s\"]"), &[])), ["`t`: `hold` has no effect here"]);
    let http2 = format!("{}\n[sweep]\n\"http.http2\" = [\"off\", {{}}]\n", file("", SOCKET));
    assert_eq!(said(&read(&http2, &[])), ["`http.http2` has no effect here"]);
}

/// A table that is swept as a whole takes the place of that of the file: what the file has besides is gone.
#[test]
fn what_a_swept_table_leaves_out_is_named() {
    let swept = "[sweep]\n\"source\" = [{ poisson = { rate = \"1 /min\" } }, { tick = {}, payload = \"40 B\" }]\n";
    let lost = ["`source.payload` of the file has no effect where the sweep of `source` leaves it out"];
    let experiment = read(&format!("{}\n{swept}", file("source.payload = \"40 B\"", LOOP)), &[]);
    assert_eq!(said(&experiment), lost);
    assert_eq!([0, 1].map(|point| experiment.scenarios(point)[0].source.payload.0), [20, 40]);
    assert_eq!(said(&read(&experiment.resolved_toml(), &[])), Vec::<String>::new());
    assert_eq!(
        said(&read(&format!("{}\n{swept}", file("source.payload = \"20 B\"", LOOP)), &[])),
        Vec::<String>::new()
    );
    let laws = "[sweep]\n\"network.up\" = [{ exponential = \"1 s\" }, { constant = \"2 s\" }]\n";
    assert_eq!(
        said(&read(&format!("{}\n{laws}", file("network.up.constant = \"5 s\"", LOOP)), &[])),
        Vec::<String>::new()
    );
}

/// Only what is written counts, and only where it is not the default.
#[test]
fn defaults_are_no_keys_without_effect() {
    for line in [
        "server.hold = \"40 s\"",
        "server.hold = \"40000 ms\"",
        "source.phase = \"random\"",
        "http.empty_body = \"0 kB\"",
    ] {
        assert_eq!(said(&read(&file(line, LOOP), &[])), Vec::<String>::new(), "{line}");
    }
}
