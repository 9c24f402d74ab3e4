//! A whole run: experiment file in, tables and charts out.

use cometsim::experiment::Experiment;
use cometsim::report::{Folder, RunRequest, produce};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 5)]
fn comet_quick() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments/comet.toml");
    let overrides = ["experiment.quick=true".to_owned()];
    let experiment = Experiment::load(file.as_ref(), &overrides).unwrap_or_else(|errors| panic!("{errors:?}"));
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let request = RunRequest {
        experiment: &experiment,
        threads: 0,
        is_fresh: false,
        file: "comet.toml".to_owned(),
        command: Vec::new(),
        overrides: overrides.to_vec(),
        repeats: None,
        on_progress: &|_| {},
        on_note: &|_| (),
    };
    produce(&Folder::new(scratch.path().join("comet")), &request).expect("a run");
}
