//! The request for a run, its outcome, and its errors.

use std::collections::BTreeSet;

use super::chart::ChartError;
use super::cluster::TasksError;
use super::folder::{FolderError, HoldError};
use super::manifest::Manifest;
use crate::experiment::{Diagnostics, Experiment, Plan};
use crate::runner::{self, Group, JobProgress, Journal, JournalError, RecordName, RunFailure};

/// Name of the experiment with every default written out.
pub const RESOLVED: &str = "resolved.toml";

/// Name of the store: the exact totals of every replication.
pub const TOTALS: &str = "totals.bin";

/// The request to [`produce`](super::produce()).
pub struct RunRequest<'a> {
    /// The experiment to run.
    pub experiment: &'a Experiment,
    /// Threads to use; 0: one per core.
    pub threads: usize,
    /// Whether to discard the contents of the folder.
    pub is_fresh: bool,
    /// Name of the experiment file, for the manifest.
    pub file: String,
    /// The command, for the manifest.
    pub command: Vec<String>,
    /// The overrides, for the manifest.
    pub overrides: Vec<String>,
    /// The manifest of the run that this one repeats: its page tells how that was made.
    pub repeats: Option<&'a Manifest>,
    /// Receives the progress of the run.
    pub on_progress: &'a (dyn Fn(RunProgress) + Sync),
    /// Receives notes for the user that are not failures, a line at a time.
    pub on_note: &'a dyn Fn(&str),
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct RunProgress<'a> {
    /// The jobs; of a search those of the value that is tried.
    pub jobs: JobProgress,
    /// The value that a search tries; `None` without a search.
    pub tried: Option<TriedValue<'a>>,
}

/// A value that a search tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriedValue<'a> {
    /// Its number in the order of the search, from 1.
    pub number: usize,
    /// The value in words: `clients = 53`.
    pub words: &'a str,
}

impl From<JobProgress> for RunProgress<'_> {
    fn from(jobs: JobProgress) -> Self {
        RunProgress { jobs, tried: None }
    }
}

/// How to simulate.
#[derive(Clone, Copy)]
pub(super) struct Simulator<'a> {
    pub experiment: &'a Experiment,
    /// Threads to use; 0: one per core.
    pub threads: usize,
    pub on_progress: &'a (dyn Fn(RunProgress) + Sync),
    /// Whether the groups keep what comparisons need, even if the experiment makes none.
    pub keeps_pairs: bool,
}

impl Simulator<'_> {
    /// Runs a plan, which in a search is that of a position that is tried.
    ///
    /// # Errors
    /// If the run fails, or the journal is final and lacks replications.
    pub fn groups(
        &self,
        plan: &Plan,
        journal: &mut Journal,
        at: Option<(u64, TriedValue)>,
    ) -> Result<Vec<Group>, ReportError> {
        let tried = at.map(|(_, tried)| tried);
        let report = |jobs| (self.on_progress)(RunProgress { jobs, tried });
        runner::run(plan, self.threads, journal, &report).map_err(|failure| match failure {
            RunFailure::Lacking(names) => {
                let tried = at.map(|(position, _)| position).into_iter().collect();
                ReportError::Lacking(Lack { names: names.into_iter().collect(), tried })
            }
            failure => failure.into(),
        })
    }
}

/// The outcome of [`produce`](super::produce()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The results were there already.
    Nothing {
        /// Version of the program that wrote them.
        written_by: String,
        /// The number of columns of this program that they lack.
        missing: usize,
    },
    /// Results were written.
    Written {
        /// The files.
        files: Vec<String>,
        /// Files of the same results that were missing or altered before.
        damaged: Vec<String>,
    },
}

/// Replications that are to be simulated before more can be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lack {
    /// Their names.
    pub names: BTreeSet<RecordName>,
    /// The values of a search at which they are; empty without a search.
    pub tried: BTreeSet<u64>,
}

impl Lack {
    /// Adds what a result lacks; gives a result that lacks nothing.
    ///
    /// # Errors
    /// Any other error of the result.
    pub fn note<T>(&mut self, found: Result<T, ReportError>) -> Result<Option<T>, ReportError> {
        match found {
            Err(ReportError::Lacking(more)) => {
                self.names.extend(more.names);
                self.tried.extend(more.tried);
                Ok(None)
            }
            found => found.map(Some),
        }
    }
}

/// Why there are no results.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder holds something else.
    #[error("{0}")]
    Refused(String),
    /// The files were altered since the run.
    #[error("{0}")]
    Altered(String),
    /// The experiment in the folder is wrong.
    #[error("the experiment in the folder is wrong")]
    Experiment(Box<Diagnostics>),
    /// Another run uses the folder, or it cannot be locked.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// A file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The simulation could not be run.
    #[error(transparent)]
    Runner(#[from] runner::RunFailure),
    /// The parts of tasks lack replications.
    #[error("{} replications are not there yet", .0.names.len())]
    Lacking(Lack),
    /// A plan of tasks could not be used.
    #[error(transparent)]
    Tasks(#[from] TasksError),
    /// Finished work could not be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A table could not be written or read.
    #[error("a table could not be written or read")]
    Table(#[from] csv::Error),
    /// A chart could not be drawn.
    #[error("chart `{name}` could not be drawn")]
    Chart {
        /// Its name.
        name: String,
        /// Why.
        source: ChartError,
    },
    /// The page could not be made.
    #[error("the page could not be made")]
    Page(#[from] minijinja::Error),
    /// The manifest could not be written.
    #[error("the manifest could not be written")]
    Manifest(#[from] serde_json::Error),
}
