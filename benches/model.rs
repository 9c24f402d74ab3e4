//! One replication of each transport, on both paths of the engine, with ticks as events and without. Items are events.

use cometsim::experiment::Experiment;
use cometsim::model::scenario::{EnginePath, Link, Pool, Scenario, Ticks};
use cometsim::model::simulate;
use cometsim::units::{BitRate, Time};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const TEXT: &str = r#"
experiment = { title = "benchmark", seed = 1, duration = "2 min" }
clients = { count = 2000 }
source = { SOURCE }
network = { up = { exponential = "50 ms" }, down = { exponential = "50 ms" } }

[[transport]]
name = "benchmark"
TRANSPORT
"#;
const IN_REQUEST: &str = r#"scope = "request", hit = "15/999""#;
const PER_CLIENT: &str = r#"scope = "client", tick = { every = "0.5 s", hit = "15/999" }"#;

/// The scenario of a source and a transport.
fn scenario(source: &str, transport: &str, path: EnginePath, ticks: Ticks) -> Scenario {
    let text = TEXT.replace("SOURCE", source).replace("TRANSPORT", transport);
    let experiment =
        Experiment::from_text("benchmark.toml", &text, "".as_ref(), &[]).unwrap_or_else(|errors| panic!("{errors:?}"));
    Scenario { path, ticks, ..experiment.scenarios(0).remove(0) }
}

/// A million clients on one pool of a hundred thousand workers.
#[divan::bench(args = [Ticks::Each, Ticks::Skip], sample_count = 3)]
fn pool(bencher: Bencher, ticks: Ticks) {
    let mut scenario = scenario(IN_REQUEST, "long_poll = {}", EnginePath::Auto, ticks);
    scenario.clients.count = 1_000_000;
    scenario.clients.timeout = Time::from_secs(7_200);
    scenario.server.pool = Some(Pool { workers: 100_000, backlog: None });
    (scenario.window.warmup, scenario.window.duration) = (Time::ZERO, Time::from_secs(240));
    replication(bencher, &scenario);
}

/// A million clients on one link of the server, which they fill by a half.
#[divan::bench(args = [("long_poll = {}", Ticks::Each), ("long_poll = {}", Ticks::Skip), (POLLS, Ticks::Skip)], sample_count = 3)]
fn link(bencher: Bencher, (transport, ticks): (&str, Ticks)) {
    let is_poll = transport == POLLS;
    let mut scenario = scenario(IN_REQUEST, transport, EnginePath::Auto, ticks);
    scenario.clients.count = 1_000_000;
    let capacity = Some(BitRate(if is_poll { 10_000_000_000 } else { 500_000_000 }));
    scenario.server_link = Some(Link { up: capacity, down: capacity });
    (scenario.window.warmup, scenario.window.duration) = (Time::ZERO, Time::from_secs(if is_poll { 10 } else { 240 }));
    replication(bencher, &scenario);
}

const POLLS: &str = r#"short_poll = { interval = "1 s" }"#;

const VARIANTS: [(EnginePath, Ticks); 4] = [
    (EnginePath::Auto, Ticks::Each),
    (EnginePath::Auto, Ticks::Skip),
    (EnginePath::Queue, Ticks::Each),
    (EnginePath::Queue, Ticks::Skip),
];

fn replication(bencher: Bencher, scenario: &Scenario) {
    let run = || simulate(scenario, 0, 0..scenario.clients.count);
    bencher.counter(ItemsCount::new(run().events)).bench(run);
}

#[divan::bench(args = 0..VARIANTS.len(), sample_count = 5)]
fn long_poll_in_request(bencher: Bencher, variant: usize) {
    let (path, ticks) = VARIANTS[variant];
    replication(bencher, &scenario(IN_REQUEST, "long_poll = {}", path, ticks));
}

#[divan::bench(args = 0..VARIANTS.len(), sample_count = 5)]
fn long_poll_mailbox(bencher: Bencher, variant: usize) {
    let (path, ticks) = VARIANTS[variant];
    replication(bencher, &scenario(PER_CLIENT, "long_poll = {}", path, ticks));
}

#[divan::bench(args = 0..VARIANTS.len(), sample_count = 5)]
fn notify(bencher: Bencher, variant: usize) {
    let (path, ticks) = VARIANTS[variant];
    replication(bencher, &scenario(PER_CLIENT, "long_poll = { check = \"notify\", hold = \"40 s\" }", path, ticks));
}

#[divan::bench(args = 0..VARIANTS.len(), sample_count = 5)]
fn short_poll(bencher: Bencher, variant: usize) {
    let (path, ticks) = VARIANTS[variant];
    replication(bencher, &scenario(PER_CLIENT, "short_poll = { interval = \"1 s\" }", path, ticks));
}
