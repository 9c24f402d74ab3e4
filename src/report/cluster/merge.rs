//! From the parts of all tasks to the results, or to the next round.

use std::path::PathBuf;

use super::error::TasksError;
use super::files::{self, PARTS, WORK, part_of, round_name};
use super::round::Round;
use super::tasks::Tasks;
use crate::report::existing::{Existing, existing_results};
use crate::report::folder::{Folder, HoldError, Sharing};
use crate::report::leftovers::remove_if_any;
use crate::report::produce::produce_merged;
use crate::report::request::{Done, Lack, ReportError, RunRequest};
use crate::runner::{JournalError, PartError, TaskParts};

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
    /// next round. Any number of processes may merge at once: they write the same bytes.
    ///
    /// # Errors
    /// If a part is missing or bad, or the results cannot be written.
    pub fn merge(&self, threads: usize, on_note: &dyn Fn(&str)) -> Result<MergeOutcome, ReportError> {
        let folder = self.results();
        let request = self.request(threads, on_note);
        match self.merge_to(&folder, &request) {
            Ok(outcome) => Ok(outcome),
            // Another merge has written the results, and removed the files that this one had begun.
            Err(error) => match existing_results(&folder, &request) {
                Ok(Existing::Same(done)) => Ok(MergeOutcome::Results(done)),
                _ => Err(self.of_merge(error)),
            },
        }
    }

    fn merge_to(&self, folder: &Folder, request: &RunRequest) -> Result<MergeOutcome, ReportError> {
        if let Existing::Same(done) = existing_results(folder, request)? {
            remove_if_any(folder, Sharing::SameBytes, request.on_note);
            return Ok(MergeOutcome::Results(done));
        }
        // A merge that was stopped after it had planned the round.
        if self.is_new_round()? {
            return Ok(MergeOutcome::NextRound(self.round()));
        }
        match produce_merged(folder, request, (self.parts()?, self.plan.of_warmup.clone())) {
            Err(ReportError::Lacking(lack)) => self.plan_next(lack),
            done => done.map(MergeOutcome::Results),
        }
    }

    /// An error with what to do about it here: a merge has no other folder to go to.
    fn of_merge(&self, error: ReportError) -> ReportError {
        let path = self.folder.clone();
        match error {
            ReportError::Hold(HoldError::InUse(_)) => TasksError::InUse { path, by: None }.into(),
            ReportError::Hold(HoldError::Owned { by, file, .. }) => {
                TasksError::InUse { path, by: Some((by, file)) }.into()
            }
            ReportError::Journal(JournalError::OtherExperiment { path }) => TasksError::OtherWork { path }.into(),
            error => error,
        }
    }

    /// Whether nobody has begun the current round, which is not the first one.
    ///
    /// # Errors
    /// If the folder cannot be read.
    fn is_new_round(&self) -> Result<bool, TasksError> {
        let is_of_round = |path: &PathBuf| part_of(path).is_some_and(|(round, _)| round == self.round());
        let is_begun = || -> Result<bool, TasksError> {
            let parts = files::files_in(&self.path(PARTS))?;
            Ok(parts.iter().chain(&files::folders_in(&self.path(WORK))?).any(is_of_round))
        };
        Ok(self.round() > 1 && !is_begun()?)
    }

    fn plan_next(&self, lack: Lack) -> Result<MergeOutcome, ReportError> {
        let number = self.round() + 1;
        let round = Round::new(&self.experiment, lack, (number, self.count()))?;
        let path = self.path(&round_name(number));
        files::write_once(&path, &round.to_bytes().map_err(files::failed(&path))?)?;
        Ok(MergeOutcome::NextRound(number))
    }

    /// The parts of all rounds.
    fn parts(&self) -> Result<TaskParts, TasksError> {
        self.refuse_twins()?;
        let mut parts = TaskParts::default();
        for open in &self.rounds {
            let (mut tasks, mut bad) = (Vec::new(), Vec::new());
            for task in (0..self.count()).filter(|task| !open.round.divided.is_empty(*task)) {
                if let Err(error) = self.add_part(&mut parts, open, task) {
                    tasks.push(task);
                    bad.extend(Some(error).filter(|error| !is_missing(error)));
                }
            }
            if !tasks.is_empty() {
                let (path, round) = (self.folder.clone(), open.round.number);
                return Err(TasksError::Missing { path, round, tasks, parts: bad });
            }
        }
        Ok(parts)
    }

    /// Refuses a second part of a task: one that has not the name of the part of its task. Other files are left alone.
    fn refuse_twins(&self) -> Result<(), TasksError> {
        for other in files::files_in(&self.path(PARTS))? {
            if part_of(&other).is_some() {
                continue;
            }
            let Ok(Some((round, task))) = TaskParts::task_of(&other) else { continue };
            let one = self.files(round, task).part();
            if one.exists() {
                return Err(TasksError::Twice { task, round, one, other });
            }
        }
        Ok(())
    }
}

fn is_missing(error: &PartError) -> bool {
    matches!(error, PartError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
}
