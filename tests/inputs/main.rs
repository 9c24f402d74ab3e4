//! What is read and what is said about it: experiment files, data files, sweeps, overrides, errors and warnings.
//!
//! Expected messages are files under `tests/bad` and `tests/warnings`, compared word for word; random and damaged files must
//! be read or refused, without a panic, a hang or a flood of memory.

mod bad_files;
mod data_files;
mod fuzz;
mod fuzz_files;
mod fuzz_mutations;
mod good_files;
mod idle_keys;
mod messages;
#[path = "../common/program.rs"]
#[allow(dead_code, reason = "each test program uses a part of it")]
mod program;
mod quantities;
mod sweeps;
mod warnings;
