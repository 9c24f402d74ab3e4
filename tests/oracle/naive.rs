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
mod metrics;
mod multiplexed;
mod path;
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
pub use world::Run;

/// Simulates the clients of `clients` in one replication, and keeps everything that happened.
pub fn run(scenario: &Scenario, replication: u32, clients: Range<u32>) -> Run {
    world::World::new(scenario, &views(scenario), replication, clients).run()
}

/// The scenario of each population, and the number of the first client behind it.
fn views(scenario: &Scenario) -> Vec<(u32, Scenario)> {
    if scenario.populations.is_empty() {
        return vec![(u32::MAX, scenario.clone())];
    }
    let mut end = 0;
    let mut views = Vec::new();
    for population in &scenario.populations {
        end += population.count;
        let mut view = scenario.clone();
        view.clients.start_within = population.start_within;
        view.clients.timeout = population.timeout;
        view.clients.on_timeout = population.on_timeout;
        view.http = population.http;
        view.network = population.network.clone();
        view.transport = population.transport.clone();
        views.push((end, view));
    }
    views
}

/// The numbers of one replication of each population of a mix; those of the server as a whole are not among them.
pub fn expected_of_populations(scenario: &Scenario, run: &Run) -> Vec<Expected> {
    let views = views(scenario);
    let mut first = 0;
    let mut expected = Vec::new();
    for ((end, view), log) in views.iter().zip(&run.parts) {
        let clients = first..*end;
        first = *end;
        let inside = run.clients.clone().zip(&run.people).filter(|(client, _)| clients.contains(client));
        let people = inside.map(|(_, person)| person.clone()).collect();
        let view = Scenario { populations: Vec::new(), ..view.clone() };
        expected.push(Expected::from_run(&view, &Run { log: log.clone(), clients, people, parts: Vec::new() }));
    }
    expected
}

/// Whether the server pushes to some clients.
pub fn pushes(scenario: &Scenario) -> bool {
    views(scenario).iter().any(|(_, view)| view.transport.stream().is_some())
}

/// Whether there are links of finite capacity.
pub fn has_links(scenario: &Scenario) -> bool {
    scenario.server_link.is_some() || views(scenario).iter().any(|(_, view)| view.network.client_link.is_some())
}

/// The scenario in which a client lives.
pub fn view(scenario: &Scenario, client: u32) -> Scenario {
    let view = views(scenario).into_iter().find(|(end, _)| client < *end);
    view.expect("every client is in a population").1
}

/// The numbers of one replication of all clients.
pub fn expected(scenario: &Scenario, replication: u32) -> Expected {
    Expected::from_run(scenario, &run(scenario, replication, 0..scenario.population()))
}
