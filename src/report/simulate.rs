//! From an experiment to its groups: a run of all its points, or a search.

use std::borrow::Cow;

use super::request::{ReportError, Simulator};
use super::search::{self, Searched};
use crate::experiment::Experiment;
use crate::runner::{self, Group, Journal};

/// The results of an experiment.
pub(super) struct Simulated<'a> {
    /// The experiment; of a search with the points that were tried.
    pub experiment: Cow<'a, Experiment>,
    pub groups: Vec<Group>,
    /// The table of the answers of a search.
    pub answers: Option<String>,
}

/// Runs what `journal` does not hold yet.
///
/// # Errors
/// If a point of a search is wrong, or the run fails.
pub(super) fn simulate<'a>(simulator: Simulator<'a>, journal: &mut Journal) -> Result<Simulated<'a>, ReportError> {
    if let Some(search) = simulator.experiment.search() {
        let Searched { experiment, groups, table } = search::run(simulator, search, journal)?;
        return Ok(Simulated { experiment: Cow::Owned(experiment), groups, answers: Some(table) });
    }
    let plan = simulator.experiment.plan();
    let plan = if simulator.keeps_pairs { plan.keeping_pairs() } else { plan };
    let groups = runner::run(&plan, simulator.threads, journal, &|jobs| (simulator.on_progress)(jobs.into()))?;
    Ok(Simulated { experiment: Cow::Borrowed(simulator.experiment), groups, answers: None })
}
