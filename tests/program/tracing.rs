//! `trace`: the life of a client is what it did in the run, its files follow their formats, its errors say what to do.

mod command;
mod same_life;
mod viewer;

use std::path::Path;

use cometsim::experiment::Experiment;

use crate::program::Scratch;

/// An experiment of the repository with overrides.
fn experiment(name: &str, overrides: &[&str]) -> Experiment {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{name}.toml"));
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Experiment::load(&path, &overrides).unwrap_or_else(|wrong| panic!("{name}: {}", wrong.render()))
}

/// Three transports, with messages in every minute.
const FILE: &str = "[experiment]\ntitle = \"A, \\\"b\\\" and 中文\"\nwarmup = \"1 min\"\nduration = \"2 min\"\n\
    replications = 2\n[clients]\ncount = 3\n[source]\npoisson = { rate = \"0.2 /s\" }\n[network]\n\
    up = { constant = \"50 ms\" }\ndown = { constant = \"50 ms\" }\n[[transport]]\nname = \"=short, 2 s\"\nshort_poll = { interval = \"2 s\" }\n\
    [[transport]]\nname = \"长轮询\"\nlong_poll = {}\n[[transport]]\nname = \"events\"\nsse = {}\n";

fn file(scratch: &Scratch) -> String {
    scratch.file("three.toml", FILE)
}
