//! From an experiment to its groups: a run of all its points, or a search.

use std::borrow::Cow;

use super::request::ReportError;
use super::search::{self, Searched};
use crate::experiment::Experiment;
use crate::runner::{self, Group, JobProgress, Journal};

/// How to simulate.
#[derive(Clone, Copy)]
pub(super) struct Simulator<'a> {
    pub experiment: &'a Experiment,
    /// Threads to use; 0: one per core.
    pub threads: usize,
    pub on_progress: &'a (dyn Fn(JobProgress) + Sync),
    /// Whether the groups keep what comparisons need, even if the experiment makes none.
    pub keeps_pairs: bool,
}

/// The results of an experiment.
pub(super) struct Simulated<'a> {
    /// The experiment; of a search with the points that were tried.
    pub experiment: Cow<'a, Experiment>,
    pub groups: Vec<Group>,
    /// The table of the answers of a search.
    pub answers: Option<String>,
}

impl<'a> Simulator<'a> {
    /// Runs what `journal` does not hold yet.
    ///
    /// # Errors
    /// If a point of a search is wrong, or the run fails.
    pub fn run(self, journal: &mut Journal) -> Result<Simulated<'a>, ReportError> {
        if let Some(search) = self.experiment.search() {
            let Searched { experiment, groups, table } = search::run(self, search, journal)?;
            return Ok(Simulated { experiment: Cow::Owned(experiment), groups, answers: Some(table) });
        }
        let plan = self.experiment.plan();
        let plan = if self.keeps_pairs { plan.keeping_pairs() } else { plan };
        let groups = runner::run(&plan, self.threads, journal, self.on_progress)?;
        Ok(Simulated { experiment: Cow::Borrowed(self.experiment), groups, answers: None })
    }
}
