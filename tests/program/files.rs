//! Files and streams: what lies in the way, what a folder of results says of itself, what cannot be written.

#![allow(clippy::pedantic)]

mod altered;
#[cfg(unix)]
mod in_the_way;
mod interrupted_charts;
#[cfg(unix)]
mod leftovers;
mod manifest;
mod names;
#[cfg(target_os = "linux")]
mod streams;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Output, Scratch, run_to};

/// An experiment that takes no time.
const SMALL: &str = r#"[experiment]
title        = "Small"
replications = 2
warmup       = "45 s"
duration     = "60 s"
bin          = "15 s"
accept       = ["few-messages-expected", "too-few-messages", "imprecise"]

[clients]
count = 5

[source]
poisson = { rate = "0.1 /s" }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[transport]]
name = "long polling"
long_poll = {}

[[chart]]
name = "bandwidth"
kind = "bar"
"#;

/// A file with [`SMALL`] and a folder with its results.
fn small(scratch: &Scratch) -> (String, PathBuf) {
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(scratch, &file, "out", &[]);
    (file, folder)
}

/// `run` of a file to the folder `out`.
fn run(scratch: &Scratch, file: &str, options: &[&str]) -> Output {
    scratch.cometsim(&[&["run", file, "--out", &scratch.path("out"), "--quiet"], options].concat())
}

fn verify(scratch: &Scratch, folder: &Path) -> Output {
    scratch.cometsim(&["verify", "--quiet", folder.to_str().unwrap()])
}

fn edit_manifest(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, serde_json::to_string_pretty(&manifest).unwrap()).unwrap();
}
