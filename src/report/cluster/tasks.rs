//! A plan of tasks that is there.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::attempt::{Attempt, TaskFiles, clear};
use super::error::TasksError;
use super::files::{self, PARTS, PLAN, TASKS, WORK, part_name, round_name};
use super::plan::{self, TaskPlan};
use super::round::Round;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::report::manifest::identity;
use crate::report::request::ReportError;
use crate::runner::{JobProgress, PartHead, TaskParts, run_task};

/// A plan of tasks with its rounds.
#[derive(Debug)]
pub struct Tasks {
    /// The folder of the results.
    pub(super) folder: PathBuf,
    pub(super) plan: TaskPlan,
    pub(super) experiment: Experiment,
    /// Digest of the experiment.
    identity: [u8; 32],
    /// All rounds; at least one.
    pub(super) rounds: Vec<Round>,
    /// Digest of the plan and of each round.
    digests: Vec<[u8; 32]>,
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
    /// The plan in `folder`.
    ///
    /// # Errors
    /// If there is none, it is damaged, or it is of another program.
    pub fn open(folder: &Path) -> Result<Tasks, ReportError> {
        let plan = plan::read(folder)?.ok_or_else(|| TasksError::NoPlan(folder.to_owned()))?;
        plan.check_program(folder)?;
        let experiment = plan.experiment(folder)?;
        let identity = identity(&experiment);
        let (rounds, digests) = (Vec::new(), Vec::new());
        let mut tasks = Tasks { folder: folder.to_owned(), plan, experiment, identity, rounds, digests };
        // A list of the folder shows what other machines have just made; a name that was not there may be remembered so.
        let names = files::files_in(&tasks.path(""))?;
        let is_there = |number: u32| names.iter().any(|path| path.ends_with(round_name(number)));
        let plan = files::read_if_any(&tasks.path(PLAN))?.unwrap_or_default();
        for number in (1..).take_while(|number| is_there(*number)) {
            tasks.read_round(number, &plan)?;
        }
        if tasks.rounds.is_empty() {
            return Err(tasks.damaged(&round_name(1), "it is missing").into());
        }
        Ok(tasks)
    }

    /// Reads the next round of the plan with these bytes.
    fn read_round(&mut self, number: u32, plan: &[u8]) -> Result<(), TasksError> {
        let path = self.path(&round_name(number));
        let bytes = std::fs::read(&path).map_err(files::failed(&path))?;
        let round: Round = files::parse(&path, &bytes)?;
        if round.number != number || round.divided.tasks() != self.plan.tasks || !round.divided.is_whole() {
            return Err(self.damaged(&round_name(number), "it does not belong to the plan"));
        }
        self.digests.push(Sha256::new().chain_update(plan).chain_update(bytes).finalize().into());
        self.rounds.push(round);
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
        self.current().number
    }

    pub(super) fn current(&self) -> &Round {
        &self.rounds[self.rounds.len() - 1]
    }

    /// Predicted processor time of the current round, in seconds.
    pub fn seconds(&self) -> f64 {
        self.current().divided.seconds()
    }

    /// Whether a task of the current round has nothing to do.
    pub fn is_empty(&self, task: u32) -> bool {
        self.current().divided.is_empty(task)
    }

    /// The head of the part of a task.
    pub(super) fn head(&self, round: u32, task: u32) -> PartHead {
        PartHead {
            identity: self.identity,
            results_version: RESULTS_VERSION,
            program: self.plan.program.clone(),
            plan: self.digests[round as usize - 1],
            round,
            task,
        }
    }

    /// Adds the part of a task to `parts`.
    pub(super) fn add_part(
        &self,
        parts: &mut TaskParts,
        round: &Round,
        task: u32,
    ) -> Result<(), crate::runner::PartError> {
        let path = self.files(round.number, task).part();
        parts.add(&path, &self.head(round.number, task), round.divided.names(task))
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
        let round = self.current();
        if round.divided.is_empty(task) {
            return Ok(TaskOutcome::Empty);
        }
        let files = self.files(round.number, task);
        if self.is_done(task) {
            clear(&files);
            return Ok(TaskOutcome::Present);
        }
        match self.simulate((round, task), &files, threads, on_progress) {
            // Another process has finished the task, and removed this attempt.
            Err(_) if self.is_done(task) => Ok(TaskOutcome::Present),
            outcome => outcome.map(|()| TaskOutcome::Done),
        }
    }

    fn simulate(
        &self,
        (round, task): (&Round, u32),
        files: &TaskFiles,
        threads: usize,
        on_progress: &(dyn Fn(JobProgress) + Sync),
    ) -> Result<(), ReportError> {
        let (attempt, part) = Attempt::begin(files, &self.head(round.number, task))?;
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
