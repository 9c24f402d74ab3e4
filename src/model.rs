//! The model: clients, server, source and network, and what they cost. It knows no files, threads or charts.

mod account;
mod bins;
mod client;
mod mailbox;
pub mod metric;
mod network;
pub mod scenario;
mod source;
mod totals;
mod transport;
mod world;

use std::ops::Range;

use crate::engine::{self, HeapQueue};

pub use bins::{BinTotals, Bins};
pub use metric::Metric;
pub use scenario::Scenario;
pub use totals::{Totals, megabits};
use transport::{LongPolling, ShortPolling, Transport};
use world::World;

/// Version of the results: it goes up when the same experiment and seed give other numbers than before.
pub const RESULTS_VERSION: u32 = 1;

/// Runs one replication of the block `clients` of the population and returns what it measured.
///
/// Every draw is named by client and purpose, and clients share nothing: the totals of several blocks, merged, are
/// those of the whole population `0..scenario.clients.count`. So they are simulated in blocks, one after the other, and
/// memory does not grow with their number.
///
/// # Panics
/// If messages are not conserved or time moves back: defects of the program, checked in every run.
pub fn simulate(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Totals {
    match &scenario.transport {
        scenario::Transport::ShortPoll(poll) => run(scenario, &ShortPolling(*poll), replication, clients),
        scenario::Transport::LongPoll(poll) => {
            let transport = LongPolling::new(poll, scenario.clients.start_within);
            run(scenario, &transport, replication, clients)
        }
    }
}

/// Clients that share one event queue. Their state stays in the processor's cache.
const BLOCK: usize = 1024;

fn run<T: Transport>(scenario: &Scenario, transport: &T, replication: u32, clients: Range<u32>) -> Totals {
    let mut totals = Totals::new(&scenario.window);
    for first in clients.clone().step_by(BLOCK) {
        let block = first..clients.end.min(first.saturating_add(BLOCK as u32));
        totals.merge(&run_block(scenario, transport, replication, block));
    }
    totals
}

fn run_block<T: Transport>(scenario: &Scenario, transport: &T, replication: u32, clients: Range<u32>) -> Totals {
    let horizon = scenario.window.horizon();
    let actors = clients.end - clients.start;
    let mut world = World::new(scenario, transport, replication, clients);
    let mut queue = HeapQueue::with_capacity(actors as usize);
    engine::run(&mut world, &mut queue, actors, horizon);
    world.close(horizon)
}

/// Memory that one replication of `scenario` takes at least while it runs, in bytes: one block of clients, without
/// waiting messages, and the time bins.
pub fn job_bytes(scenario: &Scenario) -> usize {
    let client = size_of::<client::Client>() + size_of::<(engine::Key, u32)>();
    let block = BLOCK.min(scenario.clients.count as usize);
    block * client + 2 * Bins::bytes(&scenario.window)
}

/// The fixed ranges of clients into which one replication may be cut: neighbours, in rising order, that together are the
/// whole population. The merged totals of all parts are those of the replication.
pub fn parts(scenario: &Scenario) -> impl ExactSizeIterator<Item = Range<u32>> + Send + use<> {
    let count = scenario.clients.count;
    (0..count.div_ceil(BLOCK as u32)).map(move |block| {
        let first = block * BLOCK as u32;
        first..count.min(first.saturating_add(BLOCK as u32))
    })
}
