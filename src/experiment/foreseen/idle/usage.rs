//! Clients of one kind, and the tables in which their keys stand.

use crate::experiment::foreseen::view::ResolvedPoint;
use crate::experiment::node::Node;
use crate::experiment::resolve::Reader;
use crate::model::Scenario;

/// Clients of one kind, and the tables in which their keys stand.
pub(super) struct Usage<'a> {
    pub reader: Reader<'a>,
    pub scenario: Scenario,
    pub transport: &'a Node,
    pub population: Option<&'a Node>,
}

impl<'a> Usage<'a> {
    /// What a population, or else its transport, has for itself.
    pub fn own(&self, path: &[&str]) -> Option<&'a Node> {
        self.population_has(path).or_else(|| self.transport.get(path))
    }

    pub fn population_has(&self, path: &[&str]) -> Option<&'a Node> {
        self.population.and_then(|population| population.get(path))
    }
}

/// The clients of all runs, by their kinds.
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
