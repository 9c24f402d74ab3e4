//! From the parts of all tasks to the results, or to the next round.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::TasksError;
use super::files::{self, PARTS, round_name};
use super::round::{Round, lacking};
use super::status::TaskState;
use super::tasks::Tasks;
use crate::report::existing::{Existing, existing_results};
use crate::report::folder::Folder;
use crate::report::produce::produce_from;
use crate::report::request::{Done, Lack, ReportError, RunRequest};
use crate::report::stored::totals_in;
use crate::runner::{Journal, PartError, TaskParts};

/// The outcome of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    /// The results were written, or were there.
    Results(Done),
    /// More replications are needed: the tasks of this round.
    NextRound(u32),
}

impl Tasks {
    /// The folder of the results.
    pub fn results(&self) -> Folder {
        Folder::new(&self.folder)
    }

    /// Whether the results are there, so that a merge has nothing to do.
    ///
    /// # Errors
    /// If the folder holds other results, or cannot be read.
    pub fn is_merged(&self) -> Result<bool, ReportError> {
        let found = existing_results(&self.results(), &self.request(0, &|_| {}))?;
        Ok(matches!(found, Existing::Same(Done::Nothing { .. })))
    }

    /// The run that the plan stands for.
    fn request<'a>(&'a self, threads: usize, on_note: &'a dyn Fn(&str)) -> RunRequest<'a> {
        RunRequest {
            experiment: &self.experiment,
            threads,
            is_fresh: false,
            file: self.plan.file.clone(),
            command: self.plan.command.clone(),
            overrides: self.plan.overrides.clone(),
            repeats: None,
            on_progress: &|_| {},
            on_note,
        }
    }

    /// Writes the results from the parts of all rounds, as a run on `threads` threads (0: all cores) would, or plans the
    /// next round.
    ///
    /// # Errors
    /// If a part is missing or bad, or the results cannot be written.
    pub fn merge(&self, threads: usize, on_note: &dyn Fn(&str)) -> Result<MergeOutcome, ReportError> {
        let folder = self.results();
        let request = self.request(threads, on_note);
        if let Existing::Same(done) = existing_results(&folder, &request)? {
            return Ok(MergeOutcome::Results(done));
        }
        // A merge that was stopped after it had planned the round.
        if self.is_new_round()? {
            return Ok(MergeOutcome::NextRound(self.round()));
        }
        let parts = self.parts()?;
        if self.experiment.precision().is_some() || self.experiment.search().is_some() {
            let mut journal = Journal::none().with_earlier(totals_in(&folder)?).with_parts(parts.clone());
            if let Some(lack) = lacking(&self.experiment, threads, &mut journal)? {
                return self.plan_next(lack);
            }
        }
        match produce_from(&folder, &request, Some(&parts)) {
            // Results that were there when the plan was made are gone.
            Err(ReportError::Lacking(lack)) => self.plan_next(lack),
            done => done.map(MergeOutcome::Results),
        }
    }

    /// Whether nobody has begun the current round.
    ///
    /// # Errors
    /// If the folder cannot be read.
    fn is_new_round(&self) -> Result<bool, TasksError> {
        // Asking for the states reads all parts.
        if self.round() == 1 {
            return Ok(false);
        }
        let states = self.states()?;
        let is_begun = |(task, state): (u32, &TaskState)| *state != TaskState::Missing && !self.is_empty(task);
        Ok(!(0..).zip(&states).any(is_begun))
    }

    fn plan_next(&self, lack: Lack) -> Result<MergeOutcome, ReportError> {
        let number = self.round() + 1;
        let round = Round::new(&self.experiment, lack, (number, self.count()))?;
        let path = self.path(&round_name(number));
        files::write_once(&path, &files::json(&round, &path)?)?;
        Ok(MergeOutcome::NextRound(number))
    }

    /// The parts of all rounds.
    fn parts(&self) -> Result<TaskParts, TasksError> {
        self.refuse_twins()?;
        let mut parts = TaskParts::default();
        for round in &self.rounds {
            let (mut tasks, mut bad) = (Vec::new(), Vec::new());
            for task in (0..self.count()).filter(|task| !round.divided.is_empty(*task)) {
                if let Err(error) = self.add_part(&mut parts, round, task) {
                    tasks.push(task);
                    bad.extend(Some(error).filter(|error| !is_missing(error)));
                }
            }
            if !tasks.is_empty() {
                let (path, round) = (self.folder.clone(), round.number);
                return Err(TasksError::Missing { path, round, tasks, parts: bad });
            }
        }
        Ok(parts)
    }

    /// Refuses two parts of one task: a file under another name than that of its task.
    fn refuse_twins(&self) -> Result<(), TasksError> {
        let mut found: BTreeMap<(u32, u32), PathBuf> = BTreeMap::new();
        for path in files::files_in(&self.path(PARTS))? {
            let Ok(Some((round, task))) = TaskParts::task_of(&path) else { continue };
            if let Some(one) = found.insert((round, task), path.clone()) {
                return Err(TasksError::Twice { task, round, one, other: path });
            }
        }
        Ok(())
    }
}

fn is_missing(error: &PartError) -> bool {
    matches!(error, PartError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
}
