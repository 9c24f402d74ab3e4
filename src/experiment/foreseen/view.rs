//! A point with its runs and clients, and its findings.

use crate::experiment::node::{Node, Span};
use crate::experiment::resolve::Reader;
use crate::experiment::warning::{Diagnosis, Finding, Gathering, Marker, Subject};
use crate::model::Scenario;
use crate::units::Time;

/// One point, with all its runs.
#[derive(Clone, Copy)]
pub(in crate::experiment) struct ResolvedPoint<'a> {
    pub number: usize,
    pub reader: Reader<'a>,
    /// The names of the runs.
    pub runs: &'a [String],
    pub scenarios: &'a [Scenario],
}

/// A group of clients with the same settings: all clients of a run, or a population of a mix.
pub(super) struct ClientsView<'a> {
    pub point: ResolvedPoint<'a>,
    pub subject: Subject,
    pub scenario: Scenario,
    pub transport: &'a Node,
    /// The population of a mix.
    pub population: Option<&'a Node>,
}

impl<'a> ResolvedPoint<'a> {
    /// The clients of all runs, by their settings.
    pub(super) fn views(&self) -> Vec<ClientsView<'a>> {
        let (transports, populations) = (self.reader.root.list("transport"), self.reader.root.list("population"));
        let mut views = Vec::new();
        for ((scenario, run), transport) in self.scenarios.iter().zip(self.runs).zip(transports) {
            let mut add = |scenario: Scenario, transport: &'a Node, population: Option<&'a Node>| {
                let subject = Subject {
                    transport: run.clone(),
                    population: population.and_then(Node::name).map(str::to_owned),
                    is_only_run: self.scenarios.len() == 1,
                };
                views.push(ClientsView { point: *self, subject, scenario, transport, population });
            };
            if !scenario.is_mix() {
                add(scenario.clone(), transport, None);
                continue;
            }
            for (place, population) in populations.iter().enumerate().take(scenario.populations.len()) {
                let named = population.get(&["transport"]).and_then(Node::as_text);
                let own = transports.iter().find(|node| named.is_some() && node.name() == named);
                add(scenario.of_population(place), own.unwrap_or(transport), Some(population));
            }
        }
        views
    }

    /// Adds a finding about all of the file.
    pub(super) fn add(&self, found: &mut Gathering, what: Diagnosis, place: Marker) {
        found.add_at(Finding { what, subject: None, point: self.number }, known(place));
    }
}

impl<'a> ClientsView<'a> {
    /// A key of a population, or else of its transport.
    pub fn own(&self, path: &[&str]) -> Option<&'a Node> {
        self.population_has(path).or_else(|| self.transport.get(path))
    }

    pub fn population_has(&self, path: &[&str]) -> Option<&'a Node> {
        self.population?.get(path)
    }

    /// The table with the keys of these clients alone.
    pub fn table(&self) -> &'a Node {
        self.population.unwrap_or(self.transport)
    }

    pub(super) fn add(&self, found: &mut Gathering, what: Diagnosis, place: Marker) {
        let finding = Finding { what, subject: Some(self.subject.clone()), point: self.point.number };
        found.add_at(finding, known(place));
    }

    /// The place of the first written key: of these keys of the view, of these of the file, or of the view's name.
    pub fn place(&self, own: &[&[&str]], global: &[&str]) -> Span {
        let own = own.iter().filter_map(|path| self.table().get(path)).map(|node| node.span);
        let written = own.chain([self.point.reader.written(global)]).find(|span| *span != Span::default());
        written.or_else(|| Some(self.table().get(&["name"])?.span)).unwrap_or_default()
    }
}

/// The place of a finding, if there is one.
fn known(place: Marker) -> Option<Marker> {
    if place.0 == Span::default() { None } else { Some(place) }
}

/// The next whole second after `time`: a value to propose for one that is too short.
pub(super) fn second_after(time: Time) -> Time {
    Time::from_secs(time.0 / Time::from_secs(1).0 + 1)
}
