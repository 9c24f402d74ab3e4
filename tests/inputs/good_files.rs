//! Experiment files that must be accepted, and what they resolve into.

#![allow(clippy::pedantic)]

mod overrides;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cometsim::experiment::Experiment;
use cometsim::experiment::keys::{self, WhenAbsent};
use cometsim::model::scenario::{
    AdaptivePoll, Arrivals, Backoff, Check, Cost, Delay, LongPoll, Network, OnError, OnTimeout, Phase, Process,
    PushStream, Scenario, ShortPoll, Sse, Tls, TransportConfig, WebSocket, Wire,
};
use cometsim::units::{Bytes, Probability, Rate, Time};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/good");
const SMALLEST: &str = "[[transport]]\nname = \"long polling\"\nlong_poll = {}\n";

fn good_files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of good files");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// The good files but the one whose points take long.
fn small_files() -> Vec<PathBuf> {
    good_files().into_iter().filter(|path| path.file_stem().is_some_and(|stem| stem != "million")).collect()
}

fn load(path: &Path, overrides: &[&str]) -> Experiment {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    match Experiment::load(path, &overrides) {
        Ok(experiment) => experiment,
        Err(diagnostics) => panic!("{} is refused:\n{}", path.display(), diagnostics.render()),
    }
}

fn read(text: &str, overrides: &[&str]) -> Experiment {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    match Experiment::from_text("test.toml", text, Path::new(FOLDER), &overrides) {
        Ok(experiment) => experiment,
        Err(diagnostics) => panic!("refused:\n{}", diagnostics.render()),
    }
}

fn refused(text: &str, overrides: &[&str]) -> String {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    match Experiment::from_text("test.toml", text, Path::new(FOLDER), &overrides) {
        Ok(_) => panic!("accepted: {overrides:?}"),
        Err(diagnostics) => diagnostics.render(),
    }
}

fn good(name: &str) -> Experiment {
    load(&Path::new(FOLDER).join(name), &[])
}

/// The experiment that is read from the written-out one, in a folder with its input files.
fn read_back(experiment: &Experiment) -> Experiment {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inputs = folder.path().join("inputs");
    fs::create_dir(&inputs).expect("a folder of inputs");
    for file in experiment.inputs() {
        fs::write(inputs.join(&file.name), &file.bytes).expect("an input");
    }
    let path = folder.path().join("experiment.toml");
    fs::write(&path, experiment.resolved_toml()).expect("the experiment");
    load(&path, &[])
}

/// Paths of keys in a document; the names of transports and the order of lists do not count.
fn key_paths(value: &toml::Value, path: &str, found: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                key_paths(value, &format!("{path}.{name}"), found);
            }
        }
        toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
            found.push(path.to_owned());
            for item in items {
                key_paths(item, path, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
    found.push(path.to_owned());
}

#[test]
fn every_key_occurs_in_some_good_file() {
    let mut found = Vec::new();
    for path in good_files() {
        let text = fs::read_to_string(&path).expect("a good file");
        let document: toml::Table = toml::from_str(&text).expect("TOML");
        key_paths(&toml::Value::Table(document), "", &mut found);
    }
    let missing: Vec<&str> =
        keys::keys().map(|key| key.path).filter(|path| !found.contains(&format!(".{path}"))).collect();
    assert!(missing.is_empty(), "no good file has {missing:?}");
}

#[test]
fn good_files_load_without_warnings() {
    assert!(good_files().len() >= 12);
    for path in small_files() {
        let experiment = load(&path, &[]);
        assert!(experiment.warnings().is_empty(), "{}:\n{}", path.display(), experiment.warnings().render());
        assert_eq!(experiment.scenarios(0).len(), experiment.transports().len(), "{}", path.display());
    }
}

#[test]
fn the_written_out_experiment_is_the_same_experiment() {
    for path in small_files() {
        let experiment = load(&path, &[]);
        let again = read_back(&experiment);
        let name = path.display();
        assert_eq!(experiment.resolved_toml(), again.resolved_toml(), "{name}");
        assert_eq!(experiment.points(), again.points(), "{name}");
        assert_eq!(experiment.title(), again.title(), "{name}");
        assert_eq!(experiment.transports(), again.transports(), "{name}");
        assert_eq!(experiment.swept(), again.swept(), "{name}");
        assert_eq!(experiment.charts(), again.charts(), "{name}");
        assert_eq!(experiment.baseline(), again.baseline(), "{name}");
        assert_eq!(experiment.claims(), again.claims(), "{name}");
        for point in 0..experiment.points() {
            assert_eq!(experiment.scenarios(point), again.scenarios(point), "{name}, point {point}");
            assert_eq!(experiment.replications_at(point), again.replications_at(point), "{name}, point {point}");
            assert_eq!(experiment.coordinates(point), again.coordinates(point), "{name}, point {point}");
        }
    }
}

#[test]
fn a_written_out_experiment_has_every_default() {
    let mut found = Vec::new();
    let mut resolved = String::new();
    for name in ["smallest.toml", "push-defaults.toml"] {
        resolved = good(name).resolved_toml();
        let document: toml::Table = toml::from_str(&resolved).expect("TOML");
        key_paths(&toml::Value::Table(document), "", &mut found);
    }
    let is_of_other_kind = |path: &str| path.starts_with("chart.") || path.starts_with("transport.short_poll");
    for key in keys::keys().filter(|key| matches!(key.absent, WhenAbsent::Default(_)) && !is_of_other_kind(key.path)) {
        assert!(found.contains(&format!(".{}", key.path)), "{} is not in\n{resolved}", key.path);
    }
}

/// The scenario of the smallest file: every default of the guide.
fn defaults() -> Scenario {
    Scenario::new(1000, LongPoll::default())
}

#[test]
fn the_smallest_file_has_the_documented_defaults() {
    let experiment = good("smallest.toml");
    assert_eq!(experiment.scenarios(0), [defaults()]);
    assert_eq!((experiment.points(), experiment.replications_at(0)), (1, 20));
    assert_eq!(experiment.title(), "smallest");
    assert!(!experiment.quick());
    let names: Vec<&str> = experiment.charts().iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["bandwidth", "latency", "latency-cdf", "tradeoff"]);
}

/// In code and in a file the same is left out and the same comes of it.
#[test]
fn constructors_have_the_defaults_of_the_file() {
    let transports: [TransportConfig; 4] = [
        AdaptivePoll::default().into(),
        PushStream::default().into(),
        Sse { stream: PushStream { keep_alive: Some(Time::from_secs(30)), ..Sse::default().stream }, ..Sse::default() }
            .into(),
        WebSocket::default().into(),
    ];
    assert_eq!(good("push-defaults.toml").scenarios(3), transports.map(|transport| Scenario::new(1000, transport)));
    let wire = Some(Wire { tls: Some(Tls::default()), ..Wire::default() });
    assert_eq!(good("wire-defaults.toml").scenarios(0), [Scenario { wire, ..defaults() }]);
    assert_eq!(good("cost-defaults.toml").scenarios(0), [Scenario { cost: Some(Cost::default()), ..defaults() }]);
    let text = "clients.on_error = { retry = {} }\n[[transport]]\nname = \"a\"\nshort_poll = { interval = \"5 s\" }";
    let mut scenario = Scenario::new(1000, ShortPoll::every(Time::from_secs(5)));
    scenario.clients.on_error = OnError::Retry(Backoff::default());
    let experiment = Experiment::from_text("a.toml", text, "".as_ref(), &[]).expect("an experiment");
    assert_eq!(experiment.scenarios(0), [scenario]);
}

#[test]
fn the_example_of_the_guide_resolves_as_it_says() {
    let experiment = good("complete.toml");
    assert_eq!(
        (experiment.points(), experiment.seed(), experiment.title()),
        (15, 2010, "Short polling versus long polling")
    );
    assert_eq!(experiment.transports(), ["short polling, 1 s", "long polling", "long polling, notified"]);
    let network = Network::delays(
        Delay::Constant(Time::from_millis(50)),
        Delay::Lognormal { median: Time::from_millis(50), sigma: 0.5 },
    );
    let short = ShortPoll::every(Time::from_secs(1));
    let notified = LongPoll::new(Check::Notify { hold: Time::from_secs(40) });
    let transports = [TransportConfig::ShortPoll(short), defaults().transport, TransportConfig::LongPoll(notified)];
    // The first key varies slowest.
    for (point, hit, count) in [(0, 10, 1000), (1, 10, 3162), (4, 10, 100_000), (5, 100, 1000), (14, 1000, 100_000)] {
        let wanted = transports.clone().map(|transport| {
            let mut scenario = Scenario { network: network.clone(), transport, ..defaults() };
            scenario.clients.count = count;
            scenario.source.arrivals = Arrivals::PerClient(Process::Tick {
                every: Time::from_millis(500),
                hit: Probability::new(1, hit).expect("a probability"),
                phase: Phase::Random,
            });
            scenario
        });
        assert_eq!(experiment.scenarios(point), wanted, "point {point}");
        assert_eq!(experiment.coordinates(point), [(1.0 / hit as f64).to_string(), count.to_string()]);
    }
}

#[test]
fn traces_hold_what_the_file_says() {
    let once = good("trace-once.toml").scenarios(0);
    let Arrivals::PerClient(Process::Trace(trace)) = &once[0].source.arrivals else { panic!("a trace") };
    let read: Vec<_> = trace.messages.iter().map(|message| (message.time.0, message.client, message.bytes)).collect();
    assert_eq!(
        read,
        [
            (500_000_000, Some(0), Some(20)),
            (500_000_000, Some(2), None),
            (1_250_000_000, None, Some(300)),
            (5_000_000_000, Some(1), Some(0)),
        ]
    );
    assert!(!trace.repeat);
    let repeated = good("trace-repeated.toml").scenarios(0);
    let Arrivals::Broadcast(Process::Trace(trace)) = &repeated[0].source.arrivals else { panic!("a trace") };
    assert!(trace.repeat);
    assert_eq!(
        trace.messages.iter().map(|message| message.time.0).collect::<Vec<_>>(),
        [0, 1_500_000_000, 2_500_000_000]
    );
}

#[test]
fn delays_hold_what_the_file_says() {
    let experiment = good("every-distribution.toml");
    let ms = Time::from_millis;
    let measured: Arc<[Time]> = [ms(19), Time(20_500_000), ms(1000)].into();
    let wanted = [
        Delay::Constant(ms(50)),
        Delay::Uniform { low: Time::ZERO, high: ms(100) },
        Delay::Exponential(ms(50)),
        Delay::Normal { mean: ms(50), sd: ms(10) },
        Delay::Lognormal { median: ms(50), sigma: 0.5 },
        Delay::Pareto { min: ms(20), shape: 2.5 },
        Delay::Weibull { scale: ms(50), shape: 0.7 },
        Delay::Empirical(measured),
    ];
    for (point, wanted) in wanted.iter().enumerate() {
        assert_eq!(experiment.scenarios(point)[0].network.up, *wanted, "point {point}");
    }
    let seconds: Arc<[Time]> = [ms(125), ms(250), ms(500)].into();
    assert_eq!(experiment.scenarios(0)[0].network.down, Delay::Empirical(seconds));
}

#[test]
fn ranges_hit_their_ends_exactly() {
    let experiment = good("sweep-grid.toml");
    assert_eq!(experiment.points(), 3 * 4 * 2 * 3);
    let last = experiment.points() - 1;
    assert_eq!(experiment.coordinates(last), ["1", "10", "20", "10"]);
    let rate = |point: usize| match &experiment.scenarios(point)[0].source.arrivals {
        Arrivals::PerClient(Process::Poisson { rate }) => *rate,
        other => panic!("{other:?}"),
    };
    assert_eq!(rate(0), Rate::new(1, 3600).expect("a rate"));
    assert!((rate(24).per_second() * 60.0 - 1.0).abs() < 1e-8);
    let counts: Vec<u32> = (0..24).step_by(6).map(|point| experiment.scenarios(point)[0].clients.count).collect();
    assert_eq!(counts, [1, 4, 7, 10]);
    let interval = |point: usize| match experiment.scenarios(point)[1].transport {
        TransportConfig::ShortPoll(poll) => poll.interval,
        _ => panic!("a short poll"),
    };
    assert_eq!(
        [interval(0), interval(1), interval(2)],
        [Time::from_millis(100), Time::from_secs(1), Time::from_secs(10)]
    );
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes seconds in release, a minute otherwise")]
fn a_million_points_load() {
    let experiment = good("million.toml");
    assert_eq!(experiment.points(), 1_000_000);
    assert_eq!(experiment.coordinates(999_999), ["1000", "1000"]);
    let scenario = &experiment.scenarios(999_999)[0];
    assert_eq!((scenario.source.payload, scenario.clients.count), (Bytes(1000), 1000));
}

#[test]
fn populations_share_the_clients() {
    let mix = good("mix.toml");
    let counts = |point: usize| -> Vec<u32> {
        let scenario = mix.scenarios(point).remove(0);
        assert_eq!(scenario.clients.count, 50);
        scenario.populations.iter().map(|population| population.count).collect()
    };
    assert_eq!([counts(0), counts(1), counts(2)], [[0, 5, 45], [20, 5, 25], [45, 5, 0]]);
    assert_eq!(mix.transports(), ["long polling", "short polling"]);
    for (run, scenario) in mix.scenarios(1).into_iter().enumerate() {
        let is_short = |place: usize| matches!(scenario.populations[place].transport, TransportConfig::ShortPoll(_));
        assert_eq!([is_short(0), is_short(1), is_short(2)], [run == 1, true, run == 1]);
        let [phones, old, others] = &scenario.populations[..] else { panic!("three populations") };
        assert_eq!([phones.timeout, old.timeout], [Time::from_secs(30), Time::from_secs(80)]);
        assert_eq!(old.network, defaults().network);
        let waits = Backoff { first: Time::from_secs(2), factor: 1.5, max: Time::from_secs(60), jitter: 0.0 };
        let after_timeouts = [OnTimeout::Stop, OnTimeout::Backoff(waits), OnTimeout::Retry];
        assert_eq!([phones.on_timeout, old.on_timeout, others.on_timeout], after_timeouts);
        assert!(matches!(others.network.up, Delay::Empirical(_)));
        let hold = if is_short(0) { Time::ZERO } else { Time::from_secs(40) };
        assert_eq!([phones.start_within, old.start_within], [hold, Time::ZERO]);
    }
    let counted = good("mix-counts.toml");
    assert_eq!((counted.transports(), counted.scenarios(0)[0].clients.count), (&["mix".to_owned()][..], 50));
    let more = load(&Path::new(FOLDER).join("mix-counts.toml"), &["population.\"old browsers\".count=70"]);
    assert_eq!(more.scenarios(0)[0].clients.count, 100);
}

#[test]
fn clients_start_in_a_time_that_suits_their_transport() {
    let text = r#"
        transport = [
            { name = "a", websocket = {} },
            { name = "b", sse = { recycle_after = "9 s" } },
            { name = "c", adaptive_poll = { min = "3 s" } },
            { name = "d", long_poll = { check = { every = "2 s", count = 10 } } },
        ]
    "#;
    let starts = |overrides: &[&str]| -> Vec<u64> {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        let loaded = Experiment::from_text("starts.toml", text, Path::new(FOLDER), &overrides);
        let scenarios = loaded.unwrap_or_else(|errors| panic!("{errors}")).scenarios(0);
        scenarios.iter().map(|scenario| scenario.clients.start_within.0 / 1_000_000_000).collect()
    };
    assert_eq!(starts(&[]), [40, 9, 3, 20]);
    assert_eq!(starts(&["server.check=notify", "server.hold=50 s"]), [50, 9, 3, 20]);
    assert_eq!(starts(&["clients.start_within=7 s"]), [7; 4]);
}

#[test]
fn the_shipped_experiments_load() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments");
    for entry in fs::read_dir(folder).expect("the folder of experiments") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let experiment = load(&path, &[]);
            assert_eq!(experiment.resolved_toml(), read_back(&experiment).resolved_toml(), "{}", path.display());
        }
    }
}

#[test]
fn ranges_of_small_probabilities_and_rates_are_what_they_say() {
    let text =
        |sweep: &str| format!("[[transport]]\nname = \"a\"\nshort_poll = {{ interval = \"1 s\" }}\n[sweep]\n{sweep}\n");
    for (sweep, expected) in [
        (
            "\"source.tick.hit\" = { from = \"1/1000000\", to = \"1/10\", steps = 3, scale = \"log\" }",
            0.000_316_227_766,
        ),
        (
            "\"source.poisson.rate\" = { from = \"1e-6 /s\", to = \"1e-3 /s\", steps = 3, scale = \"log\" }",
            0.000_031_622_776_6,
        ),
    ] {
        let experiment = Experiment::from_text("range.toml", &text(sweep), Path::new("."), &[]).unwrap();
        let value = match &experiment.scenarios(1)[0].source.arrivals {
            cometsim::model::scenario::Arrivals::PerClient(cometsim::model::scenario::Process::Tick {
                hit, ..
            }) => hit.as_f64(),
            cometsim::model::scenario::Arrivals::PerClient(cometsim::model::scenario::Process::Poisson { rate }) => {
                rate.per_second()
            }
            other => panic!("{other:?}"),
        };
        assert!((value / expected - 1.0).abs() < 1e-8, "{value} {expected}");
        let cell: f64 = experiment.coordinates(1)[0].parse().unwrap();
        assert!((cell / expected - 1.0).abs() < 1e-8, "{cell} {expected}");
    }
    let tiny =
        text("\"source.tick.hit\" = { from = \"1/1000000000000000000\", to = \"1/10\", steps = 5, scale = \"log\" }");
    assert!(
        Experiment::from_text("range.toml", &tiny, Path::new("."), &[]).is_err(),
        "too fine for a ratio of 64 bits"
    );
}
