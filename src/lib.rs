//! `cometsim` simulates web clients that get their data by polling, long polling and push.
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod random;
pub mod report;
pub mod runner;
pub mod stats;
pub mod theory;
pub mod units;
