//! A second, naive implementation of the model, written from its description alone.
//!
//! One binary heap of typed events, every tick an event of its own, every message an object with a fate, linear scans,
//! complete logs. All numbers are computed from the logs after the run. It is slow on purpose: nothing here is clever, so
//! where it disagrees with the engine, one of the two misreads the model.

mod client;
mod connections;
mod costs;
mod draws;
mod expected;
mod failures;
mod log;
mod metrics;
mod multiplexed;
mod path;
mod person;
mod rates;
mod sends;
mod server;
mod source;
mod wire;
mod world;

use std::ops::Range;

use cometsim::model::scenario::Scenario;

pub use draws::Draws;
pub use expected::Expected;
pub use log::Run;

/// Simulates the clients of `clients` in one replication, and keeps everything that happened.
pub fn run(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Run {
    world::World::new(scenario, &views(scenario), &kinds(scenario), replication, clients).run()
}

/// How many clients one replication has.
pub fn population(scenario: &Scenario, replication: u32) -> u32 {
    let crowd = scenario.clients.crowd.map_or(0, |crowd| crowd.count);
    let one_by_one = Draws::new(scenario.seed, replication).comers(scenario);
    scenario.clients.count + crowd + one_by_one.len() as u32
}

/// The population of each client of a mix, by its number.
///
/// Each population has its turns, of as many clients as share a browser, evenly spread: turn j of n at (2j + 1) / 2n. At the same
/// place the populations come in their order where j is even, else backwards. The clients that are left over come last.
fn kinds(scenario: &Scenario) -> Vec<usize> {
    let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs);
    let mut turns = Vec::new();
    for (kind, population) in scenario.populations.iter().enumerate() {
        let count = u64::from(population.count / tabs);
        for turn in 0..count {
            let backwards = scenario.populations.len() - 1 - kind;
            turns.push((2 * turn + 1, count, if turn % 2 == 0 { kind } else { backwards }, kind));
        }
    }
    turns.sort_by(|one, other| (one.0 * other.1).cmp(&(other.0 * one.1)).then((one.2, one.3).cmp(&(other.2, other.3))));
    let mut kinds: Vec<usize> = turns.iter().flat_map(|turn| vec![turn.3; tabs as usize]).collect();
    for (kind, population) in scenario.populations.iter().enumerate() {
        kinds.extend(vec![kind; (population.count % tabs) as usize]);
    }
    kinds
}

/// The scenario of each population; that of all without a mix.
fn views(scenario: &Scenario) -> Vec<Scenario> {
    if scenario.populations.is_empty() {
        return vec![scenario.clone()];
    }
    let mut views = Vec::new();
    for population in &scenario.populations {
        let mut view = scenario.clone();
        view.clients.start_within = population.start_within;
        view.clients.timeout = population.timeout;
        view.clients.on_timeout = population.on_timeout;
        view.http = population.http;
        view.network = population.network.clone();
        view.transport = population.transport.clone();
        views.push(view);
    }
    views
}

/// The numbers of one replication of each population of a mix; those of the server as a whole are not among them.
pub fn expected_of_populations(scenario: &Scenario, run: &Run) -> Vec<Expected> {
    let (views, kinds) = (views(scenario), kinds(scenario));
    let mut expected = Vec::new();
    for (kind, (view, log)) in views.iter().zip(&run.parts).enumerate() {
        let inside = run.clients.clone().zip(&run.people).filter(|(client, _)| kinds[*client as usize] == kind);
        let people: Vec<person::Person> = inside.map(|(_, person)| person.clone()).collect();
        let clients = 0..people.len() as u32;
        let view = Scenario { populations: Vec::new(), ..view.clone() };
        expected.push(Expected::from_run(&view, &Run { log: log.clone(), clients, people, parts: Vec::new() }));
    }
    expected
}

/// Whether the server pushes to some clients.
pub fn pushes(scenario: &Scenario) -> bool {
    views(scenario).iter().any(|view| view.transport.stream().is_some())
}

/// Whether there are links of finite capacity.
pub fn has_links(scenario: &Scenario) -> bool {
    scenario.server_link.is_some() || views(scenario).iter().any(|view| view.network.client_link.is_some())
}

/// The scenario in which a client lives.
pub fn view(scenario: &Scenario, client: u32) -> Scenario {
    let kind = kinds(scenario).get(client as usize).copied().unwrap_or(0);
    views(scenario).swap_remove(kind)
}

/// The numbers of one replication of all clients.
pub fn expected(scenario: &Scenario, replication: u32) -> Expected {
    Expected::from_run(scenario, &run(scenario, replication, 0..population(scenario, replication)))
}
