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
    /// The table of the transport or the population, with its own keys.
    pub node: Option<&'a Node>,
}

impl<'a> ResolvedPoint<'a> {
    pub(super) fn views(&self) -> Vec<ClientsView<'a>> {
        let (transports, populations) = (self.reader.root.list("transport"), self.reader.root.list("population"));
        let mut views = Vec::new();
        for (scenario, run) in self.scenarios.iter().zip(self.runs) {
            let subject =
                |population| Subject { transport: run.clone(), population, is_only_run: self.scenarios.len() == 1 };
            if !scenario.is_mix() {
                let named = |node: &&Node| node.get(&["name"]).and_then(Node::as_text) == Some(run);
                let (scenario, node) = (scenario.clone(), transports.iter().find(named));
                views.push(ClientsView { point: *self, subject: subject(None), scenario, node });
                continue;
            }
            for (place, population) in scenario.populations.iter().enumerate().filter(|(_, some)| some.count > 0) {
                let subject = subject(Some(population.name.clone()));
                let (scenario, node) = (scenario.of_population(place), populations.get(place));
                views.push(ClientsView { point: *self, subject, scenario, node });
            }
        }
        views
    }

    /// Adds a finding about all of the file.
    pub(super) fn add(&self, found: &mut Gathering, what: Diagnosis, place: Marker) {
        add(found, Finding { what, subject: None, point: self.number }, place);
    }
}

impl ClientsView<'_> {
    pub(super) fn add(&self, found: &mut Gathering, what: Diagnosis, place: Marker) {
        add(found, Finding { what, subject: Some(self.subject.clone()), point: self.point.number }, place);
    }

    /// The place of the first written key: of these keys of the view, of these of the file, or of the view's name.
    pub fn place(&self, own: &[&[&str]], global: &[&str]) -> Span {
        let own = own.iter().filter_map(|path| self.node?.get(path)).map(|node| node.span);
        let written = own.chain([self.point.reader.written(global)]).find(|span| *span != Span::default());
        written.or_else(|| Some(self.node?.get(&["name"])?.span)).unwrap_or_default()
    }
}

/// Adds a finding, with its place if there is one.
fn add(found: &mut Gathering, finding: Finding, place: Marker) {
    found.add_at(finding, if place.0 == Span::default() { None } else { Some(place) });
}

/// The next whole second after `time`: a value to propose for one that is too short.
pub(super) fn second_after(time: Time) -> Time {
    Time::from_secs(time.0 / Time::from_secs(1).0 + 1)
}
