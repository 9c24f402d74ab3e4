//! An experiment on many machines: a plan of tasks in the folder of the results, and a part of the totals from each task.
//!
//! Everything that a task, a merge or a status needs is in the folder, in files that appear whole or not at all. Nothing
//! is locked, no clock is compared, and any number of processes may do the same task: they write the same part.

mod attempt;
mod error;
mod files;
mod merge;
mod plan;
mod round;
mod status;
mod tasks;

pub use error::{TasksError, ranges};
pub use files::TASKS;
pub use merge::MergeOutcome;
pub use plan::{Planned, TaskRequest, plan_tasks};
pub use status::TaskState;
pub use tasks::{TaskOutcome, Tasks};
