//! Beyond one machine: the tasks of an experiment on a Slurm, by GNU parallel over ssh, in the pods of a Kubernetes job, and
//! in a loop of the shell, to the bytes of `cometsim run`.
//!
//! What the machine lacks is left out with a note; with `COMETSIM_REQUIRE_SLURM=1` it fails instead.

#![cfg(target_os = "linux")]
#![allow(clippy::pedantic)]

mod hosts;
mod kubernetes;
mod page;
mod processes;
#[allow(dead_code)]
#[path = "../common/program.rs"]
mod program;
mod schema;
mod slurm;
mod slurm_commands;
mod slurm_jobs;
