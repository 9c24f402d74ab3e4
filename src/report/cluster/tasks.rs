//! A plan of tasks that is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::attempt::{Attempt, TaskFiles, clear};
use super::error::TasksError;
use super::files::{self, PARTS, TASKS, WORK, part_name, round_name};
use super::plan::{self, TaskPlan};
use super::round::Round;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::report::manifest::identity;
use crate::report::request::ReportError;
use crate::runner::{JobProgress, PartError, PartHead, TaskParts, run_task};

/// A plan of tasks with its rounds.
#[derive(Debug)]
pub struct Tasks {
    /// The folder of the results.
    pub(super) folder: PathBuf,
    pub(super) plan: TaskPlan,
    pub(super) experiment: Experiment,
    /// Digest of the experiment.
    identity: [u8; 32],
    /// Digest of the file of the plan.
    digest: Sha256,
    /// The rounds that were read, rising; at least one. The last one is the current one.
    pub(super) rounds: Vec<OpenRound>,
}

/// A round that was read.
#[derive(Debug)]
pub(super) struct OpenRound {
    pub round: Round,
    /// Digest of the plan and of the round.
    digest: [u8; 32],
}

/// The outcome of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOutcome {
    /// Its part was written.
    Done,
    /// Its part was there.
    Present,
    /// It has nothing to do: there is less work than tasks.
    Empty,
}

impl Tasks {
    /// The plan in `folder` with all its rounds.
    ///
    /// # Errors
    /// If there is none, it is damaged, or it is of another program.
    pub fn open(folder: &Path) -> Result<Tasks, ReportError> {
        Tasks::with_all_rounds(folder, false)
    }

    /// As [`Tasks::open`], with the warnings of the experiment, which a merge writes: with many points this takes longer.
    ///
    /// # Errors
    /// As [`Tasks::open`].
    pub fn open_complete(folder: &Path) -> Result<Tasks, ReportError> {
        Tasks::with_all_rounds(folder, true)
    }

    fn with_all_rounds(folder: &Path, is_complete: bool) -> Result<Tasks, ReportError> {
        let mut tasks = Tasks::without_rounds(folder, is_complete)?;
        let there = rounds_in(folder)?;
        for number in (1..).take_while(|number| there.contains(number)) {
            tasks.read_round(number)?;
        }
        if tasks.rounds.is_empty() {
            return Err(tasks.damaged(&round_name(1), "it is missing").into());
        }
        Ok(tasks)
    }

    /// The plan in `folder` at round `number`, and no other round. Another machine may have just made it, so that this one
    /// does not see it yet: it is looked for up to `tries` times, with a pause before each further one.
    ///
    /// # Errors
    /// As [`Tasks::open`], and if there is no such round.
    pub fn open_round(folder: &Path, number: u32, (tries, pause): (u32, Duration)) -> Result<Tasks, ReportError> {
        for _ in 1..tries {
            if rounds_in(folder)?.contains(&number) {
                break;
            }
            std::thread::sleep(pause);
        }
        let mut tasks = Tasks::without_rounds(folder, false)?;
        tasks.read_round(number)?;
        Ok(tasks)
    }

    fn without_rounds(folder: &Path, is_complete: bool) -> Result<Tasks, ReportError> {
        let (plan, bytes) = plan::read(folder)?.ok_or_else(|| TasksError::NoPlan(folder.to_owned()))?;
        plan.check_program(folder)?;
        let experiment = plan.experiment(folder, is_complete)?;
        let identity = identity(&experiment);
        let digest = Sha256::new().chain_update(bytes);
        Ok(Tasks { folder: folder.to_owned(), plan, experiment, identity, digest, rounds: Vec::new() })
    }

    /// Reads a round.
    fn read_round(&mut self, number: u32) -> Result<(), TasksError> {
        let path = self.path(&round_name(number));
        let none = || TasksError::NoRound { path: self.folder.clone(), round: number };
        let bytes = files::read_if_any(&path)?.ok_or_else(none)?;
        let damaged = |why: &str| self.damaged(&round_name(number), why);
        let round = Round::of_bytes(&bytes).ok_or_else(|| damaged("it is cut off or altered"))?;
        if round.number != number || round.divided.tasks() != self.plan.tasks || !round.divided.is_whole() {
            return Err(damaged("it does not belong to the plan"));
        }
        let digest = self.digest.clone().chain_update(bytes).finalize().into();
        self.rounds.push(OpenRound { round, digest });
        Ok(())
    }

    fn damaged(&self, name: &str, why: &str) -> TasksError {
        TasksError::Damaged { path: self.path(name), folder: self.folder.join(TASKS), why: why.to_owned() }
    }

    /// The path of a file of the plan.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(TASKS).join(name)
    }

    /// Where the files of a task are.
    pub(super) fn files(&self, round: u32, task: u32) -> TaskFiles {
        let name = part_name(round, task);
        TaskFiles { work: self.path(WORK).join(&name), parts: self.path(PARTS), name }
    }

    /// The experiment.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// How many tasks each round has.
    pub fn count(&self) -> u32 {
        self.plan.tasks
    }

    /// The number of the current round, from 1.
    pub fn round(&self) -> u32 {
        self.current().round.number
    }

    fn current(&self) -> &OpenRound {
        &self.rounds[self.rounds.len() - 1]
    }

    /// Predicted processor time of the current round, in seconds.
    pub fn seconds(&self) -> f64 {
        self.current().round.divided.seconds()
    }

    /// Whether a task of the current round has nothing to do.
    pub fn is_empty(&self, task: u32) -> bool {
        self.current().round.divided.is_empty(task)
    }

    /// The head of the part of a task.
    fn head(&self, OpenRound { round, digest }: &OpenRound, task: u32) -> PartHead {
        PartHead {
            identity: self.identity,
            results_version: RESULTS_VERSION,
            program: self.plan.program.clone(),
            plan: *digest,
            round: round.number,
            task,
        }
    }

    /// Adds the part of a task to `parts`.
    pub(super) fn add_part(&self, parts: &mut TaskParts, of: &OpenRound, task: u32) -> Result<(), PartError> {
        let path = self.files(of.round.number, task).part();
        parts.add(&path, &self.head(of, task), of.round.divided.names(task))
    }

    /// Whether the part of a task of the current round is there and good.
    pub(super) fn is_done(&self, task: u32) -> bool {
        self.add_part(&mut TaskParts::default(), self.current(), task).is_ok()
    }

    /// Simulates a task of the current round on `threads` threads (0: all cores), and writes its part. What an earlier
    /// process of the task has finished is not simulated again.
    ///
    /// # Errors
    /// If there is no such task, or its part cannot be written.
    pub fn run(
        &self,
        task: u32,
        threads: usize,
        on_progress: &(dyn Fn(JobProgress) + Sync),
    ) -> Result<TaskOutcome, ReportError> {
        self.check(task)?;
        let current = self.current();
        if current.round.divided.is_empty(task) {
            return Ok(TaskOutcome::Empty);
        }
        let files = self.files(current.round.number, task);
        if self.is_done(task) {
            clear(&files);
            return Ok(TaskOutcome::Present);
        }
        match self.simulate((current, task), &files, threads, on_progress) {
            // Another process has finished the task, and removed this attempt.
            Err(_) if self.is_done(task) => Ok(TaskOutcome::Present),
            outcome => outcome.map(|()| TaskOutcome::Done),
        }
    }

    fn simulate(
        &self,
        (current, task): (&OpenRound, u32),
        files: &TaskFiles,
        threads: usize,
        on_progress: &(dyn Fn(JobProgress) + Sync),
    ) -> Result<(), ReportError> {
        let (attempt, part) = Attempt::begin(files, &self.head(current, task))?;
        let round = &current.round;
        let experiment = round.experiment(&self.experiment)?;
        run_task((&experiment.plan(), &round.divided, task), threads, part, on_progress)?;
        Ok(attempt.finish(files)?)
    }

    /// Refuses a number that no task has.
    ///
    /// # Errors
    /// If it is one.
    pub fn check(&self, task: u32) -> Result<(), TasksError> {
        let (path, tasks) = (self.folder.clone(), self.plan.tasks);
        if task < tasks { Ok(()) } else { Err(TasksError::NoTask { path, index: task, tasks }) }
    }
}

/// The numbers of the rounds in `folder`. A list of the folder shows what other machines have just made; a name that was
/// not there may be remembered so.
fn rounds_in(folder: &Path) -> Result<BTreeSet<u32>, TasksError> {
    let files = files::files_in(&folder.join(TASKS))?;
    Ok(files.iter().filter_map(|path| files::round_of(path)).collect())
}
