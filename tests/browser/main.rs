//! The pages of runs in headless Chromium: what a reader can do with a pointer, with keys, on a phone, in the dark, on
//! paper, and without scripts.
//!
//! Without Chromium the tests say what they leave out; with `COMETSIM_REQUIRE_BROWSER=1` they fail instead. The rules for
//! accessibility are those of axe-core (MPL-2.0), whose file `COMETSIM_AXE` names.

#![cfg(unix)]
#![allow(clippy::pedantic)]

mod access;
mod browser;
mod charts;
mod fixtures;
mod folders;
mod look;
mod plots;
#[allow(dead_code)]
#[path = "../common/program.rs"]
mod program;
mod script;
mod tab;
mod table;
