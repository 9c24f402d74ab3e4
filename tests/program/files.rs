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
use crate::program::{Output, Scratch};

/// `run` of a file to the folder `out`.
fn run(scratch: &Scratch, file: &str, options: &[&str]) -> Output {
    scratch.cometsim(&[&["run", file, "--out", &scratch.path("out"), "--quiet"], options].concat())
}
