//! How far the tasks of a round are.

use super::attempt::{attempts, worker};
use super::error::TasksError;
use super::tasks::Tasks;

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Its part is there and good, or it has nothing to do.
    Done,
    /// A process is at work on it.
    Running {
        /// The process in words.
        worker: String,
        /// Whether it is known to live: a process of another machine may be dead.
        is_known: bool,
    },
    /// A process was at work on it, and has left what it had finished.
    Stopped,
    /// Nobody has begun it, or its part is damaged.
    Missing,
}

impl Tasks {
    /// The state of each task of the current round.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn states(&self) -> Result<Vec<TaskState>, TasksError> {
        (0..self.count()).map(|task| self.state(task)).collect()
    }

    fn state(&self, task: u32) -> Result<TaskState, TasksError> {
        if self.is_empty(task) || self.is_done(task) {
            return Ok(TaskState::Done);
        }
        let attempts = attempts(&self.files(self.round(), task))?;
        let mut workers = attempts.iter().filter_map(|attempt| worker(attempt));
        Ok(match (workers.next_back(), attempts.is_empty()) {
            (Some(worker), _) => TaskState::Running { worker: worker.in_words(), is_known: worker.is_here() },
            (None, false) => TaskState::Stopped,
            (None, true) => TaskState::Missing,
        })
    }
}
