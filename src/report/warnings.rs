//! Warnings that follow from the results: numbers of survivors, of an unsteady state, or of too little data.

mod causes;
mod fates;
mod halves;
mod observed;
mod precision;
mod settling;

use crate::experiment::Experiment;
use crate::experiment::warning::{Gathering, Subject, Warning, WarningKind};
use crate::runner::Group;
use observed::ResultView;
pub use settling::settle_warmup;

/// The warnings about these results, in the order of their kinds.
pub fn of_results(experiment: &Experiment, groups: &[Group]) -> Vec<Warning> {
    let mut found = Gathering::default();
    // A search has as many replications as its answer needs.
    let precision = if experiment.search().is_some() { None } else { experiment.precision() };
    // Of a mix each population is looked at.
    let looked_at = groups.iter().map(|group| group.scenario.populations.len().max(1)).sum();
    let is_start_meant = experiment.accepted().iter().any(|id| id == WarningKind::WarmupTooShort.id());
    for group in groups {
        let mut grows = false;
        for view in views(experiment, group) {
            grows |= fates::check(&view, &mut found);
        }
        // A smoke run is always rough.
        if !experiment.quick() {
            let view = ResultView::of_group(experiment, group);
            // A growing backlog is a reason why they differ.
            if !grows && !is_start_meant {
                for view in views(experiment, group) {
                    settling::check(&view, looked_at, &mut found);
                }
            }
            if !grows {
                halves::check(&view, groups.len(), &mut found);
            }
            precision::check(&view, precision.as_ref(), &mut found);
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
