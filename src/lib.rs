//! `cometsim` simulates web clients that get their data by polling, long polling and push.

pub mod engine;
pub mod experiment;
pub mod model;
pub mod random;


pub mod stats;

pub mod units;
