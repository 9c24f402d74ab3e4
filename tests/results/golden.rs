//! Golden results: the fingerprints of every experiment, in short form. They hold in every build and on every platform;
//! a change here changes what people have published and needs a new results version.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::model::{RESULTS_VERSION, simulate};
use cometsim::units::Time;
use sha2::{Digest, Sha256};

/// At most 60 s after a warm-up of 30 s, or until the clients have started at every point, unless that is not wanted.
fn short_window(experiment: &Experiment) -> Vec<String> {
    let scenarios: Vec<_> = (0..experiment.points()).flat_map(|point| experiment.scenarios(point)).collect();
    let is_meant = experiment.accepted().iter().any(|id| id == "warmup-too-short");
    let started = scenarios.iter().map(|scenario| if is_meant { Time::ZERO } else { scenario.last_start() }).max();
    let window = scenarios[0].window;
    let warmup = window.warmup.min(Time::from_secs(30)).max(started.unwrap_or_default());
    let duration = window.duration.min(Time::from_secs(60));
    let quick = "experiment.quick=true".to_owned();
    vec![quick, format!("experiment.warmup={warmup}"), format!("experiment.duration={duration}")]
}

/// The first replication of every transport at the first three points of every experiment, with 20 clients.
fn fingerprints() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut text = format!("results version {RESULTS_VERSION}\n");
    for path in files {
        let load =
            |overrides: &[String]| Experiment::load(&path, overrides).unwrap_or_else(|errors| panic!("{errors}"));
        let few = vec!["clients.count=20".to_owned()];
        let experiment = load(&[few.clone(), short_window(&load(&few))].concat());
        for point in 0..experiment.points().min(3) {
            for (scenario, transport) in experiment.scenarios(point).iter().zip(experiment.transports()) {
                let mut hasher = Sha256::new();
                simulate(scenario, 0, 0..scenario.clients.count).feed(&mut |bytes| hasher.update(bytes));
                let digest: String = hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
                let name = path.file_stem().unwrap().to_str().unwrap();
                writeln!(text, "{digest} {name} {point} {transport}").unwrap();
            }
        }
    }
    text
}

#[test]
fn results_are_what_they_were() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/fingerprints.txt");
    let now = fingerprints();
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &now).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap();
    assert_eq!(before, now, "results changed: raise RESULTS_VERSION and say so in CHANGELOG.md");
}
