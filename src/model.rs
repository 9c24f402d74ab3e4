//! The model: clients, server, source and network, and their costs. It knows no files, threads or charts.

mod bins;
mod comers;
mod cost;
mod delay;
mod divisor;
mod explore;
mod footprint;
mod ids;
mod message_store;
pub mod metric;
mod observer;
mod prefetched_draws;
mod recorder;
mod request;
pub mod scenario;
mod source;
mod totals;
pub mod transport;
mod turns;
mod world;

use std::ops::Range;

use crate::engine::{self, EventHandler as _, Key, WheelQueue};

use crate::units::Time;
pub use bins::{BinTotals, Bins};
pub(crate) use cost::Work;
pub use explore::{Explored, Mark, SEARCH, explore};
use message_store::{InRequestSource, Mailboxes, MessageStore};
pub use metric::Metric;
pub use observer::{Fate, Happening, MessageId, Observed, Observer, PushKind, ReplySize, RequestId};
pub use scenario::Scenario;
pub use totals::{Half, Quotient, Totals, megabits};
use transport::{AnyTransport, Transport};
use world::World;

/// Version of the results: it rises when the same experiment and seed give other numbers than before.
pub const RESULTS_VERSION: u32 = 2;

/// Runs one replication of the clients with numbers in `clients` and returns its totals.
///
/// Every draw is named by client and purpose. If clients share nothing ([`Scenario::is_coupled`]), the merged totals of
/// several ranges are the totals of the whole population `0..scenario.population()`. If clients come at random, a
/// replication has more or fewer clients than that: further clients belong to the range that ends there.
///
/// # Panics
/// If messages are not conserved or time moves back: defects of the program, checked in every run.
pub fn simulate(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Totals {
    let clients = comers::present(scenario, replication, clients);
    if scenario.is_limited() {
        return simulate_clients::<_, _, true>((scenario, replication), &transports(scenario), clients, ());
    }
    // In a plain scenario each transport has its own code, which is faster.
    match AnyTransport::new(scenario) {
        AnyTransport::ShortPoll(polling) => {
            simulate_clients::<_, _, false>((scenario, replication), &[polling], clients, ())
        }
        AnyTransport::LongPoll(polling) => {
            simulate_clients::<_, _, false>((scenario, replication), &[polling], clients, ())
        }
        // These scenarios are never plain.
        other => simulate_clients::<_, _, true>((scenario, replication), &[other], clients, ()),
    }
}

/// Runs one replication under a transport of one's own, in place of the transports of `scenario`: see
/// [`crate::guide::add_a_transport`].
///
/// # Panics
/// As [`simulate`].
pub fn simulate_with<T: Transport>(
    scenario: &Scenario,
    transport: &T,
    replication: u32,
    clients: Range<u32>,
) -> Totals {
    let scenario = &Scenario { populations: Vec::new(), ..scenario.clone() };
    let clients = comers::present(scenario, replication, clients);
    simulate_clients::<_, _, true>((scenario, replication), std::slice::from_ref(transport), clients, ())
}

/// As [`simulate`], and tells `observer` what happens to each request.
///
/// # Panics
/// As [`simulate`].
pub fn simulate_observed(
    scenario: &Scenario,
    replication: u32,
    clients: Range<u32>,
    observer: &mut impl Observer,
) -> Totals {
    let clients = comers::present(scenario, replication, clients);
    let transports = transports(scenario);
    simulate_clients::<_, _, true>((scenario, replication), &transports, clients, observer)
}

/// How many clients a replication has: with clients that come at random they differ from one to the next.
pub fn clients_of(scenario: &Scenario, replication: u32) -> u32 {
    comers::population(scenario, replication)
}

/// The place of the population to which a client of a mix belongs; `None` without a mix.
pub fn population_of(scenario: &Scenario, client: u32) -> Option<usize> {
    let turns = turns::Turns::new(scenario);
    if turns.is_mix() { turns.from(client).next().map(|place| place as usize) } else { None }
}

/// The transport of each population, or that of all clients.
fn transports(scenario: &Scenario) -> Vec<AnyTransport> {
    let populations = 0..scenario.populations.len().max(1);
    populations.map(|index| AnyTransport::new(&scenario.of_population(index))).collect()
}

/// With messages from a source that needs no mailboxes, or with mailboxes.
fn simulate_clients<T: Transport, O: Observer, const LIMITED: bool>(
    (scenario, replication): (&Scenario, u32),
    transports: &[T],
    clients: Range<u32>,
    observer: O,
) -> Totals {
    let run_of = (scenario, replication);
    match InRequestSource::new(scenario, replication) {
        Some(source) => run(scenario, World::<_, _, _, LIMITED>::new(run_of, transports, source, observer), clients),
        None => {
            let mailboxes = Mailboxes::new(scenario, replication);
            run(scenario, World::<_, _, _, LIMITED>::new(run_of, transports, mailboxes, observer), clients)
        }
    }
}

/// Client by client if they share nothing: the state of one client stays in the processor's cache, and memory does not
/// grow with the number of clients. Otherwise, or if the scenario requires it, through one event queue.
fn run<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool>(
    scenario: &Scenario,
    mut world: World<T, M, O, LIMITED>,
    clients: Range<u32>,
) -> Totals {
    let horizon = scenario.window.horizon();
    match scenario.runs_on_queue() {
        false => {
            let (slice, group) = (slice(scenario), group(scenario));
            for first in clients.clone().step_by(group as usize) {
                run_in_slices(&mut world, first..clients.end.min(first.saturating_add(group)), slice, horizon);
            }
        }
        true => {
            let actors = clients.end - clients.start;
            world.populate(clients);
            engine::run(&mut world, &mut WheelQueue::new(actors), actors, horizon);
            world.settle(horizon);
        }
    }
    world.close()
}

/// Time bins of a slice of time: some hundred KiB, so that they stay in the processor's cache.
const SLICE_BINS: u64 = 4096;

/// One client after the other for each slice of time.
fn run_in_slices<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool>(
    world: &mut World<T, M, O, LIMITED>,
    clients: Range<u32>,
    slice: Time,
    horizon: Time,
) {
    let actors = clients.end - clients.start;
    world.populate(clients);
    let mut end = Time::ZERO;
    while end < horizon {
        end = end.plus(slice).min(horizon);
        for actor in 0..actors {
            world.run_until(actor, Key::start_of(end));
        }
    }
    world.settle(horizon);
}

/// Clients of one part of a replication that runs client by client.
const PART: u32 = 1024;

/// Memory of one running replication of `scenario`, in bytes: the clients that are simulated together, and the time
/// bins. `waiting`: further memory of a client, for messages, further requests and connections, from [`Explored`];
/// `None` if unknown.
pub fn job_bytes(scenario: &Scenario, waiting: Option<f64>) -> f64 {
    let kept = 2 + scenario.populations.len();
    let costs = match scenario.cost {
        None => 0,
        Some(_) => {
            let instants = totals::Grid::of(&scenario.window).count();
            size_of::<u64>() * (kept * scenario.window.bins() + 2 * instants)
        }
    };
    clients_bytes(scenario, waiting) + (kept * Bins::bytes(&scenario.window) + costs) as f64
}

/// The clients' share of it.
pub fn clients_bytes(scenario: &Scenario, waiting: Option<f64>) -> f64 {
    let client = if InRequestSource::serves(scenario) {
        world::client_bytes::<InRequestSource>()
    } else {
        world::client_bytes::<Mailboxes>()
    };
    let guess = world::waiting_bytes_at_a_guess(scenario) + WheelQueue::BYTES_PER_ACTOR;
    f64::from(clients_together(scenario))
        * ((client + world::limits_bytes(scenario)) as f64 + waiting.unwrap_or(guess as f64))
}

/// The number of clients that are simulated together.
pub fn clients_together(scenario: &Scenario) -> u32 {
    let together = if scenario.runs_on_queue() { u32::MAX } else { group(scenario) };
    together.min(scenario.population())
}

/// The number of clients that take turns from slice to slice, if they share nothing.
fn group(scenario: &Scenario) -> u32 {
    if slice(scenario) < scenario.window.horizon() { PART } else { 1 }
}

/// How long a client runs before the next one.
fn slice(scenario: &Scenario) -> Time {
    scenario.window.bin.times(SLICE_BINS)
}

/// The fixed ranges of clients into which one replication is cut, so that threads can share it: neighbours, in rising
/// order, that together are the whole population. They depend on the scenario alone. The merged totals of all shards
/// are those of the replication.
pub fn shards(scenario: &Scenario) -> impl ExactSizeIterator<Item = Range<u32>> + Send + use<> {
    let count = scenario.population();
    let part = if scenario.runs_on_queue() { count } else { PART };
    (0..count.div_ceil(part)).map(move |number| number * part..count.min((number + 1).saturating_mul(part)))
}
