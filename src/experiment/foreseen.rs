//! Warnings that follow from the experiment alone: numbers that will be wrong or easy to misread.

mod idle;
mod laws;
mod messages;
mod patience;
mod start;

use super::node::{Node, Span};
use super::resolve::Reader;
use super::sweep::Sweep;
use super::warning::{Finding, Gathering, Marker, Subject, WarningKind};
use crate::model::Scenario;
use crate::units::Time;
pub(super) use idle::{Idle, look_at_sweep};

/// Points of a sweep that are examined; further points repeat the same warnings.
pub(super) const LOOKED_AT: usize = 10_000;

/// One point, with all its runs.
#[derive(Clone, Copy)]
pub(super) struct ResolvedPoint<'a> {
    pub number: usize,
    pub reader: Reader<'a>,
    /// The names of the runs.
    pub runs: &'a [String],
    pub scenarios: &'a [Scenario],
}

/// A group of clients with the same settings: all clients of a run, or a population of a mix.
struct ClientsView<'a> {
    point: ResolvedPoint<'a>,
    subject: Subject,
    scenario: Scenario,
    /// The table of the transport or the population, with its own keys.
    node: Option<&'a Node>,
}

/// Adds the warnings of `point`.
pub(super) fn look(point: ResolvedPoint, found: &mut Gathering) {
    let views = point.views();
    for view in &views {
        start::look(view, found);
        patience::look(view, found);
        laws::look(view, found);
    }
    laws::look_at_all(&point, found);
    messages::look(&point, &views, found);
}

/// A quick run cuts what a sweep varies.
pub(super) fn look_at_quick_sweep(sweep: &Sweep, found: &mut Gathering) {
    let cut = ["experiment.replications", "experiment.warmup", "experiment.duration"];
    for axis in sweep.axes.iter().filter(|axis| cut.iter().any(|key| axis.path.is_key(key))) {
        let finding = Finding {
            kind: WarningKind::QuickCutsSweep,
            cause: axis.column.clone(),
            subject: None,
            point: 0,
            weight: 0.0,
            message: format!("a quick run cuts the swept `{}`", axis.column),
            details: Vec::new(),
            help: "the column shows the values of the file, not those of the quick run".to_owned(),
        };
        found.add_at(finding, Some((axis.span, "cut".to_owned())));
    }
}

impl<'a> ResolvedPoint<'a> {
    fn views(&self) -> Vec<ClientsView<'a>> {
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
    fn add(&self, found: &mut Gathering, what: Foreseen) {
        what.add(found, self.number, None);
    }
}

impl ClientsView<'_> {
    fn add(&self, found: &mut Gathering, what: Foreseen) {
        what.add(found, self.point.number, Some(self.subject.clone()));
    }

    /// The place of the first written key: of these keys of the view, of these of the file, or of the view's name.
    fn place(&self, own: &[&[&str]], global: &[&str]) -> Span {
        let own = own.iter().filter_map(|path| self.node?.get(path)).map(|node| node.span);
        let written = own.chain([self.point.reader.written(global)]).find(|span| *span != Span::default());
        written.or_else(|| Some(self.node?.get(&["name"])?.span)).unwrap_or_default()
    }
}

/// What is found, without the clients that it is about and the point of the sweep.
struct Foreseen {
    kind: WarningKind,
    cause: String,
    weight: f64,
    message: String,
    details: Vec<String>,
    help: String,
    place: Span,
    label: String,
}

impl Foreseen {
    fn add(self, found: &mut Gathering, point: usize, subject: Option<Subject>) {
        let place: Option<Marker> = if self.place == Span::default() { None } else { Some((self.place, self.label)) };
        let finding = Finding {
            kind: self.kind,
            cause: self.cause,
            subject,
            point,
            weight: self.weight,
            message: self.message,
            details: self.details,
            help: self.help,
        };
        found.add_at(finding, place);
    }
}

/// The next whole second after `time`: a value to propose for one that is too short.
fn second_after(time: Time) -> Time {
    Time::from_secs(time.0 / Time::from_secs(1).0 + 1)
}
