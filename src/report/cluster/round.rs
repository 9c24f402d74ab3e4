//! A round: replications that are known to be needed, and the task of each. An experiment that needs to know results
//! first (`precision`, `search`) has several rounds.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::report::request::{Lack, ReportError, Simulator};
use crate::report::simulate::simulate;
use crate::runner::{Divided, Journal, divide};

/// A round of tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Round {
    /// Its number, from 1.
    pub number: u32,
    /// The values of a search at which there are replications; empty without a search.
    pub tried: Vec<u64>,
    /// The replications, and the task of each.
    pub divided: Divided,
}

impl Round {
    /// The round with this number in which `tasks` simulate what is lacking.
    ///
    /// # Errors
    /// If a value of a search is wrong.
    pub fn new(experiment: &Experiment, lack: Lack, (number, tasks): (u32, u32)) -> Result<Round, ReportError> {
        let tried: Vec<u64> = lack.tried.into_iter().collect();
        let of_round = with_values(experiment, &tried)?;
        let divided = divide(&of_round.plan(), &lack.names, tasks);
        Ok(Round { number, tried, divided })
    }

    /// The experiment with the points that the round numbers.
    ///
    /// # Errors
    /// If a value of a search is wrong.
    pub fn experiment<'a>(&self, experiment: &'a Experiment) -> Result<Cow<'a, Experiment>, ReportError> {
        with_values(experiment, &self.tried)
    }
}

/// An experiment with these values of a search as its points.
fn with_values<'a>(experiment: &'a Experiment, tried: &[u64]) -> Result<Cow<'a, Experiment>, ReportError> {
    if tried.is_empty() {
        return Ok(Cow::Borrowed(experiment));
    }
    let found = experiment.with_tried(tried).map_err(|errors| ReportError::Experiment(Box::new(errors)))?;
    Ok(Cow::Owned(found))
}

/// What is to be simulated before the experiment has its results, with what a final `journal` has; `None` if nothing.
///
/// # Errors
/// If the journal cannot be read.
pub(super) fn lacking(
    experiment: &Experiment,
    threads: usize,
    journal: &mut Journal,
) -> Result<Option<Lack>, ReportError> {
    let simulator = Simulator { experiment, threads, on_progress: &|_| {}, keeps_pairs: false };
    match simulate(simulator, journal) {
        Ok(_) => Ok(None),
        Err(ReportError::Lacking(lack)) => Ok(Some(lack)),
        Err(error) => Err(error),
    }
}
