//! A second, naive implementation of the model, written from its description alone.
//!
//! One binary heap of typed events, every tick an event of its own, every message an object with a fate, linear scans,
//! complete logs. All numbers are computed from the logs after the run. It is slow on purpose: nothing here is clever, so
//! where it disagrees with the engine, one of the two misreads the model.

mod client;
mod draws;
mod expected;
mod metrics;
mod rates;
mod server;
mod source;
mod world;

use std::ops::Range;

use cometsim::model::scenario::Scenario;

pub use draws::Draws;
pub use expected::Expected;
pub use world::Run;

/// Simulates the clients of `clients` in one replication, and keeps everything that happened.
pub fn run(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Run {
    world::World::new(scenario, replication, clients).run()
}

/// The numbers of one replication of all clients.
pub fn expected(scenario: &Scenario, replication: u32) -> Expected {
    Expected::from_run(scenario, &run(scenario, replication, 0..scenario.population()))
}
