//! Warnings that follow from the results: numbers of survivors, of an unsteady state, or of too little data.

mod causes;
mod fates;
mod halves;
mod precision;

use crate::experiment::Experiment;
use crate::experiment::warning::{Finding, Gathering, Subject, Warning, WarningKind};
use crate::model::{Scenario, Totals};
use crate::runner::Group;

/// The warnings about these results, in the order of their kinds.
pub fn of_results(experiment: &Experiment, groups: &[Group]) -> Vec<Warning> {
    let mut found = Gathering::default();
    for group in groups {
        let mut grows = false;
        for view in views(experiment, group) {
            grows |= fates::check(&view, &mut found);
        }
        // A smoke run is always rough.
        if !experiment.quick() {
            let view = Observed::of_group(experiment, group);
            // A growing backlog is a reason why they differ.
            if !grows {
                halves::check(&view, groups.len(), &mut found);
            }
            precision::check(&view, &mut found);
        }
    }
    found.finish(experiment, experiment.points())
}

/// Clients with the same settings in the results of all replications: all clients of a run, or a population of a mix.
struct Observed<'a> {
    group: &'a Group,
    subject: Subject,
    scenario: Scenario,
    totals: &'a Totals,
    is_quick: bool,
}

/// All clients of a run, and each population.
fn views<'a>(experiment: &Experiment, group: &'a Group) -> Vec<Observed<'a>> {
    let whole = Observed::of_group(experiment, group);
    if !group.scenario.is_mix() {
        return vec![whole];
    }
    let population = |place: usize| Observed {
        subject: Subject {
            population: Some(group.scenario.populations[place].name.clone()),
            is_only_run: experiment.transports().len() == 1,
            ..whole.subject.clone()
        },
        scenario: group.scenario.of_population(place),
        totals: &group.pooled.parts[place],
        ..whole
    };
    let is_there = |place: &usize| group.scenario.populations[*place].count > 0;
    (0..group.pooled.parts.len()).filter(is_there).map(population).collect()
}

impl<'a> Observed<'a> {
    fn of_group(experiment: &Experiment, group: &'a Group) -> Observed<'a> {
        let transport = experiment.transports()[group.transport].clone();
        Observed {
            group,
            subject: Subject { transport, population: None, is_only_run: false },
            scenario: group.scenario.clone(),
            totals: &group.pooled,
            is_quick: experiment.quick(),
        }
    }

    /// The measured time of all replications, in nanoseconds.
    fn nanos(&self) -> f64 {
        self.scenario.window.duration.0 as f64 * self.group.replications.len() as f64
    }

    /// Copies of a message: a message to many clients waits and arrives as many copies.
    fn copies(&self) -> f64 {
        let pooled = &self.group.pooled;
        if pooled.shared > 0 { self.totals.created as f64 / pooled.shared as f64 } else { 1.0 }
    }

    fn add(&self, found: &mut Gathering, what: Remark) {
        found.add(Finding {
            kind: what.kind,
            cause: what.cause,
            subject: Some(self.subject.clone()),
            point: self.group.point,
            weight: what.weight,
            message: what.message,
            details: what.details,
            help: what.help,
        });
    }
}

/// A finding without its subject and its point.
struct Remark {
    kind: WarningKind,
    cause: String,
    weight: f64,
    message: String,
    details: Vec<String>,
    help: String,
}

/// A percentage for messages: two digits, and 0 % or 100 % only if exact.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent >= 99.95 && share < 1.0 {
        return "more than 99.9 %".to_owned();
    }
    let decimals = usize::from(share < 1.0 && !(9.95..99.0).contains(&percent));
    format!("{percent:.decimals$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_for_people() {
        let written = [0.0123, 0.0999, 0.25, 0.996, 0.9999, 1.0].map(percent);
        assert_eq!(written, ["1.2 %", "10 %", "25 %", "99.6 %", "more than 99.9 %", "100 %"]);
    }
}
