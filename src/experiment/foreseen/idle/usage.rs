//! Clients with the same settings, and the tables of their keys.

use crate::experiment::foreseen::view::ResolvedPoint;
use crate::experiment::node::Node;
use crate::experiment::resolve::Reader;
use crate::model::Scenario;

/// Clients with the same settings, and the tables of their keys.
pub(super) struct Usage<'a> {
    pub reader: Reader<'a>,
    pub scenario: Scenario,
    pub transport: &'a Node,
    pub population: Option<&'a Node>,
}

impl<'a> Usage<'a> {
    /// The own settings of a population, or else of its transport.
    pub fn own(&self, path: &[&str]) -> Option<&'a Node> {
        self.population_has(path).or_else(|| self.transport.get(path))
    }

    pub fn population_has(&self, path: &[&str]) -> Option<&'a Node> {
        self.population.and_then(|population| population.get(path))
    }
}

/// The clients of all runs, by their settings.
pub(super) fn usages<'a>(point: &ResolvedPoint<'a>) -> Vec<Usage<'a>> {
    let (transports, populations) = (point.reader.root.list("transport"), point.reader.root.list("population"));
    let named = |name: Option<&str>| {
        transports.iter().find(|node| name.is_some() && node.get(&["name"]).and_then(Node::as_text) == name)
    };
    let mut uses = Vec::new();
    for (run, scenario) in point.scenarios.iter().enumerate() {
        if !scenario.is_mix() {
            let transport = transports.get(run);
            uses.extend(transport.map(|transport| Usage {
                reader: point.reader,
                scenario: scenario.clone(),
                transport,
                population: None,
            }));
            continue;
        }
        for (place, population) in populations.iter().enumerate().take(scenario.populations.len()) {
            let own = named(population.get(&["transport"]).and_then(Node::as_text));
            let scenario = scenario.of_population(place);
            let transport = own.or_else(|| transports.get(run));
            uses.extend(transport.map(|transport| Usage {
                reader: point.reader,
                scenario,
                transport,
                population: Some(population),
            }));
        }
    }
    uses
}
