//! Warnings that follow from the results: numbers of survivors, of an unsteady state, or of too little data.

mod causes;
mod fates;
mod halves;
mod observed;
mod precision;

use crate::experiment::Experiment;
use crate::experiment::warning::{Gathering, Subject, Warning};
use crate::runner::Group;
use observed::ResultView;

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
            let view = ResultView::of_group(experiment, group);
            // A growing backlog is a reason why they differ.
            if !grows {
                halves::check(&view, groups.len(), &mut found);
            }
            precision::check(&view, &mut found);
        }
    }
    found.finish(experiment, experiment.points())
}

/// All clients of a run, and each population.
fn views<'a>(experiment: &Experiment, group: &'a Group) -> Vec<ResultView<'a>> {
    let whole = ResultView::of_group(experiment, group);
    if !group.scenario.is_mix() {
        return vec![whole];
    }
    let population = |place: usize| ResultView {
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
