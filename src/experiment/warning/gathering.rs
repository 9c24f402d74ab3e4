//! From findings to warnings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Finding, Marker, Subject, Warning, WarningKind};
use crate::experiment::Experiment;

/// Collects findings, and makes warnings of them.
#[derive(Debug, Default)]
pub struct Gathering {
    causes: BTreeMap<(WarningKind, String), Findings>,
}

#[derive(Debug)]
struct Findings {
    worst: Finding,
    place: Option<Marker>,
    /// Whether all findings are equally bad.
    is_even: bool,
    subjects: Vec<Subject>,
    points: Vec<usize>,
}

impl Gathering {
    /// Adds a finding; points come in rising order.
    pub fn add(&mut self, finding: Finding) {
        self.add_at(finding, None);
    }

    pub(in crate::experiment) fn add_at(&mut self, finding: Finding, place: Option<Marker>) {
        let key = (finding.what.kind, finding.what.cause.clone());
        let Some(cause) = self.causes.get_mut(&key) else {
            let subjects = finding.subject.iter().cloned().collect();
            let points = vec![finding.point];
            self.causes.insert(key, Findings { worst: finding, place, is_even: true, subjects, points });
            return;
        };
        if cause.points.last() != Some(&finding.point) {
            cause.points.push(finding.point);
        }
        if let Some(subject) = &finding.subject
            && !cause.subjects.contains(subject)
        {
            cause.subjects.push(subject.clone());
        }
        cause.is_even &= finding.what.weight.total_cmp(&cause.worst.what.weight).is_eq();
        if finding.what.weight > cause.worst.what.weight {
            (cause.worst, cause.place) = (finding, place);
        }
    }

    /// The warnings, in the order of their kinds; `looked_at` is the number of points that were examined.
    pub fn finish(self, experiment: &Experiment, looked_at: usize) -> Vec<Warning> {
        self.finish_with_places(experiment, looked_at).into_iter().map(|(warning, _)| warning).collect()
    }

    pub(in crate::experiment) fn finish_with_places(
        self,
        experiment: &Experiment,
        looked_at: usize,
    ) -> Vec<(Warning, Option<Marker>)> {
        let accepted = experiment.accepted();
        let warning = |cause: Findings| {
            let place = cause.place.clone();
            let mut details = cause.worst.what.details.clone();
            details.extend(cause.others());
            details.extend(cause.spread(experiment, looked_at));
            let mut populations = Vec::new();
            let mut transports: Vec<String> = Vec::new();
            for subject in cause.subjects {
                transports.extend(Some(subject.transport).filter(|name| !transports.contains(name)));
                populations.extend(subject.population.filter(|name| !populations.contains(name)));
            }
            let worst = cause.worst.what;
            let message = match &cause.worst.subject {
                None => worst.message,
                Some(subject) => format!("{}: {}", subject.name(), worst.message),
            };
            let id = worst.kind.id().to_owned();
            let accepted = accepted.contains(&id);
            let warning = Warning {
                id,
                transports,
                populations,
                points: cause.points,
                message,
                details,
                help: worst.help,
                accepted,
            };
            (warning, place)
        };
        self.causes.into_values().map(warning).collect()
    }
}

/// Subjects that are named at most; the others are counted.
const NAMED: usize = 4;

impl Findings {
    /// The other subjects.
    fn others(&self) -> Option<String> {
        let others: Vec<String> = self
            .subjects
            .iter()
            .filter(|other| Some(*other) != self.worst.subject.as_ref())
            .map(Subject::name)
            .collect();
        if others.is_empty() {
            return None;
        }
        let more = others.len().saturating_sub(NAMED);
        let mut text = format!("also {}", others[..others.len() - more].join(", "));
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        Some(text)
    }

    /// The points of the sweep at which it shows.
    fn spread(&self, experiment: &Experiment, looked_at: usize) -> Option<String> {
        if experiment.swept().is_empty() {
            return None;
        }
        let at = experiment.words_of_point(self.worst.point);
        if self.points.len() == 1 {
            return Some(format!("at {at}"));
        }
        let of = match (looked_at < experiment.points(), self.points.len() == looked_at) {
            (true, _) => format!("{} of the first {looked_at}", self.points.len()),
            (false, true) => format!("all {looked_at}"),
            (false, false) => format!("{} of {looked_at}", self.points.len()),
        };
        Some(format!("at {of} points, {} at {at}", if self.is_even { "first" } else { "worst" }))
    }
}
