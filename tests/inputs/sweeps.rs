//! Sweeps and overrides: whole tables, what is not there, ranges, and values that are the same.

#![allow(clippy::pedantic)]

mod off;
mod overrides;

use std::fs;
use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::model::scenario::{Arrivals, Delay, Process};
use cometsim::units::Time;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/good");

/// A small run of a short and a long poll.
const SMALL: &str = r#"
[experiment]
replications = 2
warmup       = "10 s"
duration     = "1 min"
accept       = ["warmup-too-short", "few-messages-expected", "too-few-messages", "imprecise", "messages-pending"]

[clients]
count = 5

[[transport]]
name = "short"
short_poll = { interval = "5 s" }

[[transport]]
name = "long"
long_poll = { check = "notify" }
"#;

fn try_read(text: &str, overrides: &[&str]) -> Result<Experiment, String> {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    let read = Experiment::from_text("test.toml", text, Path::new(FOLDER), &overrides);
    read.map_err(|diagnostics| diagnostics.render())
}

fn read(text: &str, overrides: &[&str]) -> Experiment {
    try_read(text, overrides).unwrap_or_else(|said| panic!("{overrides:?} is refused:\n{said}\nin\n{text}"))
}

fn refused(text: &str, overrides: &[&str]) -> String {
    try_read(text, overrides).err().unwrap_or_else(|| panic!("{overrides:?} is accepted in\n{text}"))
}

fn swept(lines: &str) -> String {
    format!("{SMALL}\n[sweep]\n{lines}\n")
}

/// The written-out experiment is the same one: scenarios, cells, identity and text.
fn assert_round_trip(experiment: &Experiment, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("inputs")).unwrap();
    for file in experiment.inputs() {
        fs::write(folder.path().join("inputs").join(&file.name), &file.bytes).unwrap();
    }
    let text = experiment.resolved_toml();
    let again = Experiment::from_text("again.toml", &text, folder.path(), &[]);
    let again = again.unwrap_or_else(|said| panic!("{name}:\n{said}\nin\n{text}"));
    assert_eq!(again.resolved_toml(), text, "{name}");
    assert_eq!(again.identity().text(), experiment.identity().text(), "{name}");
    assert_eq!(again.swept(), experiment.swept(), "{name}");
    for point in 0..experiment.points() {
        assert_eq!(again.scenarios(point), experiment.scenarios(point), "{name}, point {point}");
        assert_eq!(again.coordinates(point), experiment.coordinates(point), "{name}, point {point}");
    }
}

const POPULATIONS: &str = r#"
[[transport]]
name = "long"
long_poll = {}

[[population]]
name = "phones"
share = "20 %"
network = { up = { constant = "50 ms" } }

[[population]]
name = "others"
"#;

fn up_of(experiment: &Experiment, point: usize) -> Delay {
    experiment.scenarios(point)[0].populations[0].network.up.clone()
}

#[test]
fn the_delay_of_a_population_is_set_and_swept_as_a_whole() {
    let exponential = Delay::Exponential(Time::from_millis(50));
    for argument in [
        "population.phones.network.up={ exponential = \"50 ms\" }",
        "population.phones.network.up.exponential=50 ms",
        "population.phones.network={ up = { exponential = \"50 ms\" } }",
    ] {
        assert_eq!(up_of(&read(POPULATIONS, &[argument]), 0), exponential, "{argument}");
    }
    let laws = "[{ constant = \"80 ms\" }, { lognormal = { median = \"80 ms\", sigma = 0.5 } }, { empirical = { file = \"delays.csv\" } }]";
    for direction in ["up", "down"] {
        let text = format!("{POPULATIONS}[sweep]\n\"population.phones.network.{direction}\" = {laws}\n");
        let experiment = read(&text, &[]);
        assert_eq!(experiment.points(), 3);
        assert_eq!(experiment.coordinates(0), ["{ constant = \"80 ms\" }"]);
        assert_eq!(experiment.coordinates(2), ["{ empirical = { file = \"delays.csv\" } }"]);
        assert_round_trip(&experiment, direction);
    }
    let text = format!(
        "[network]\nwire = {{}}\n{POPULATIONS}[sweep]\npopulation.phones.network.loss = [{{ rate = \"1 %\" }}, {{ rate = \"5 %\", timeout = \"2 s\" }}]\n"
    );
    let experiment = read(&text, &[]);
    let rate = |point: usize| experiment.scenarios(point)[0].populations[0].network.loss.unwrap().rate.as_f64();
    assert_eq!([rate(0), rate(1)], [0.01, 0.05]);
    assert_round_trip(&experiment, "loss");
}

#[test]
fn a_law_that_is_set_takes_the_place_of_that_of_the_file() {
    let file = format!("[network]\nup = {{ lognormal = {{ median = \"80 ms\", sigma = 0.5 }} }}\n{SMALL}");
    let up = |experiment: &Experiment, point: usize| experiment.scenarios(point)[0].network.up.clone();
    let constant = |ms| Delay::Constant(Time::from_millis(ms));
    assert_eq!(up(&read(&file, &["network.up.constant=5 ms"]), 0), constant(5));
    let experiment = read(&format!("{file}[sweep]\n\"network.up.constant\" = [\"1 ms\", \"2 ms\"]\n"), &[]);
    assert_eq!([up(&experiment, 0), up(&experiment, 1)], [constant(1), constant(2)]);
    assert_round_trip(&experiment, "constant for lognormal");
    let said = refused(&file, &["network.up.pareto.min=5 ms"]);
    assert!(said.contains("network.up.pareto = { min = …, shape = … }"), "{said}");
    let process = read(&file, &["source.poisson={ rate = \"1 /s\" }", "source.periodic={ every = \"2 s\" }"]);
    let Arrivals::PerClient(Process::Periodic { every, .. }) = process.scenarios(0)[0].source.arrivals else {
        panic!("{:?}", process.scenarios(0)[0].source)
    };
    assert_eq!(every, Time::from_secs(2));
}

/// Tables as a whole, with what their values make of the run.
#[test]
fn every_table_can_be_set_and_swept_as_a_whole() {
    for (path, value) in [
        ("source", "{ poisson = { rate = \"1 /min\" }, payload = \"30 B\" }"),
        ("source.tick", "{ every = \"1 s\", hit = \"1/2\" }"),
        ("source.poisson", "{ rate = \"1 /min\" }"),
        ("source.periodic", "{ every = \"7 s\" }"),
        ("source.on_off", "{ on = \"10 s\", off = \"60 s\", rate = \"1 /s\" }"),
        ("source.day", "{ rate = \"1 /min\", shape = [1, 2] }"),
        ("source.trace", "{ file = \"times.csv\", repeat = true }"),
        ("clients", "{ count = 7 }"),
        ("clients.on_error", "{ retry = { first = \"2 s\" } }"),
        ("clients.on_timeout", "\"stop\""),
        ("clients.on_error.retry", "{ first = \"2 s\" }"),
        ("http", "{ request_header = \"100 B\" }"),
        ("server", "{ workers = 2 }"),
        ("server.check", "{ every = \"1 s\", count = 20 }"),
        ("network", "{ up = { constant = \"10 ms\" } }"),
        ("network.up.uniform", "{ low = \"1 ms\", high = \"2 ms\" }"),
        ("network.up.empirical", "{ file = \"delays.csv\" }"),
        ("engine", "{ ticks = \"each\" }"),
        ("transport.short.short_poll", "{ interval = \"3 s\", pace = \"after-reply\" }"),
        ("transport.long.http2", "{}"),
        ("transport.long.turnaround", "{ exponential = \"5 ms\" }"),
    ] {
        let text = SMALL.replace("check = \"notify\"", "");
        let set = read(&text, &[&format!("{path}={value}")]);
        assert_ne!(set.scenarios(0), read(&text, &[]).scenarios(0), "{path}");
        assert_round_trip(&set, path);
        let experiment = read(&format!("{text}[sweep]\n\"{path}\" = [{value}]\n"), &[]);
        assert_eq!(experiment.scenarios(0), set.scenarios(0), "{path}");
        assert_round_trip(&experiment, path);
    }
}

#[test]
fn a_sweep_goes_from_one_source_to_another() {
    let lines = "\"source\" = [{ poisson = { rate = \"1 /min\" } }, { tick = { every = \"1 s\" } }, { scope = \"request\" }, \
                 { trace = { file = \"times.csv\", repeat = true }, scope = \"broadcast\" }]";
    let text = SMALL.replace("check = \"notify\"", "");
    let experiment = read(&format!("{text}[sweep]\n{lines}\n"), &[]);
    let arrivals = |point: usize| experiment.scenarios(point)[0].source.arrivals.clone();
    assert!(matches!(arrivals(0), Arrivals::PerClient(Process::Poisson { .. })));
    assert!(matches!(arrivals(1), Arrivals::PerClient(Process::Tick { .. })));
    assert!(matches!(arrivals(2), Arrivals::InRequest { .. }));
    assert!(matches!(arrivals(3), Arrivals::Broadcast(Process::Trace(_))));
    assert_round_trip(&experiment, "sources");
}

/// HTTP/2 for all where a transport has sizes of its own: each point has those of its table.
#[test]
fn sizes_of_a_transport_follow_a_swept_table() {
    let text = SMALL.replace("name = \"long\"", "name = \"long\"\nhttp2 = {}");
    let lines = "[sweep]\n\"http.http2\" = [\"off\", { request = \"30 B\" }, {}]\n";
    let experiment = read(&format!("{text}{lines}"), &[]);
    let request = |point: usize, run: usize| experiment.scenarios(point)[run].http.http2.map(|sizes| sizes.request.0);
    let requests: Vec<_> = (0..3).map(|point| [request(point, 0), request(point, 1)]).collect();
    assert_eq!(requests, [[None, Some(20)], [Some(30), Some(30)], [Some(20), Some(20)]]);
    assert_round_trip(&experiment, "sizes");
    let plain = read(&format!("{SMALL}{lines}"), &[]);
    assert_ne!(plain.identity().text(), experiment.identity().text());
}

/// Every kind of number has ranges, shares among them; what is no number says what to write.
#[test]
fn every_number_has_ranges() {
    let mixed = POPULATIONS.replace(
        "long_poll = {}",
        "long_poll = {}\n[[transport]]\nname = \"slow\"\nadaptive_poll = { on_data = \"rate\" }",
    );
    let file = format!(
        "[clients]\non_error = {{ retry = {{}} }}\n[network]\nwire = {{}}\nloss = {{ rate = \"1 %\" }}\n{mixed}"
    );
    for (path, range, wanted) in [
        ("population.phones.share", "from = 0.1, to = 0.3, steps = 3", ["0.1", "0.2", "0.3"]),
        ("population.phones.share", "from = \"0 %\", to = \"20 %\", steps = 3", ["0", "0.1", "0.2"]),
        ("population.phones.share", "from = \"1/3\", to = 1, steps = 3", ["0.3333333333333333", "0.666666666667", "1"]),
        ("population.phones.share", "from = 1, to = 100, steps = 3, scale = \"log\"", ["", "", ""]),
        ("clients.on_error.retry.jitter", "from = 0, to = 1, steps = 3", ["0", "0.5", "1"]),
        ("transport.slow.weight", "from = 0.01, to = 1, steps = 3, scale = \"log\"", ["0.01", "0.1", "1"]),
        ("network.loss.rate", "from = \"10 %\", to = \"30 %\", steps = 3", ["0.1", "0.2", "0.3"]),
        ("source.tick.hit", "from = \"1/10\", to = \"3/10\", steps = 3", ["0.1", "0.2", "0.3"]),
        ("source.payload", "from = \"1 B\", to = \"4 B\", steps = 3", ["1", "3", "4"]),
        ("network.server_link", "from = \"1 Mbit/s\", to = \"3 Mbit/s\", steps = 3", ["1", "2", "3"]),
        ("transport.long.turnaround", "from = \"0 s\", to = \"2 s\", steps = 3", ["0", "1", "2"]),
        ("clients.start_within", "from = \"0 s\", to = \"2 s\", steps = 3", ["0", "1", "2"]),
        ("transport.slow.factor", "from = 1, to = 2, steps = 3", ["1", "1.5", "2"]),
        ("experiment.replications", "from = 1, to = 3, steps = 3", ["1", "2", "3"]),
    ] {
        let text = format!("{file}[sweep]\n\"{path}\" = {{ {range} }}\n");
        if wanted[0].is_empty() {
            assert!(refused(&text, &[]).contains("a share from 0 to 1"), "{path}");
            continue;
        }
        let experiment = read(&text, &[]);
        let cells: Vec<String> = (0..3).map(|point| experiment.coordinates(point).remove(0)).collect();
        assert_eq!(cells, wanted, "{path}");
        assert_round_trip(&experiment, path);
    }
}

#[test]
fn a_share_goes_through_a_range_with_the_clients_that_it_says() {
    let text = format!(
        "[clients]\ncount = 100\n{POPULATIONS}[sweep]\n\"population.phones.share\" = {{ from = \"0 %\", to = \"100 %\", steps = 11 }}\n"
    );
    let experiment = read(&text, &[]);
    for point in 0..11 {
        let counts: Vec<u32> = experiment.scenarios(point)[0].populations.iter().map(|some| some.count).collect();
        assert_eq!(counts, [10 * point as u32, 100 - 10 * point as u32]);
    }
}

/// Every kind of value is told from others of its kind, what decides no number too.
#[test]
fn different_values_are_no_repetition() {
    for (path, values) in [
        ("experiment.replications", "1, 2"),
        ("engine.path", "\"auto\", \"queue\""),
        ("server.session_lock", "true, false"),
        ("source.day", "{ rate = \"1 /s\", shape = [1, 2] }, { rate = \"1 /s\", shape = [2, 1] }"),
        ("network.up.empirical.file", "\"delays.csv\", \"delays-seconds.csv\""),
        ("network.up", "{ empirical = { file = \"delays.csv\" } }, { empirical = { file = \"delays-seconds.csv\" } }"),
        ("network.wire", "\"off\", {}, { tls = {} }"),
        ("server.check", "\"notify\", {}, { every = \"1 s\" }"),
    ] {
        let experiment = read(&swept(&format!("\"{path}\" = [{values}]")), &[]);
        assert_round_trip(&experiment, path);
        assert!(experiment.points() > 1);
    }
}

/// A thousand tables are as quick as a thousand numbers, and what they are called is no part of a range.
#[test]
fn many_tables_and_names_like_parts_of_a_range_are_read() {
    let tables: Vec<String> = (1..=5000).map(|rate| format!("{{ rate = \"{rate} /h\" }}")).collect();
    let experiment = read(&swept(&format!("\"source.poisson\" = [{}]", tables.join(", "))), &[]);
    assert_eq!(experiment.points(), 5000);
    let text = SMALL.replace("name = \"short\"", "name = \"from\"");
    let swept = format!("{text}\n[sweep.transport.from]\ninterval = [\"1 s\", \"2 s\"]\n");
    assert_eq!(read(&swept, &[]).points(), 2);
}
