//! What can be wrong with a plan of tasks.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::runner::PartError;
use crate::terminal::{shell_word, shown};

/// Parts that are named in one error, at most.
const MOST_NAMED: usize = 10;

/// Why a plan of tasks could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TasksError {
    /// There is no plan.
    #[error("{at} has no plan of tasks: make one with `cometsim plan FILE --tasks N --out {}`", shell_word(.0), at = shown(.0))]
    NoPlan(PathBuf),
    /// The folder holds another plan.
    #[error(
        "{} holds {what}: choose another folder with --out, or replace it with `cometsim plan --fresh`",
        shown(path)
    )]
    OtherPlan {
        /// The folder.
        path: PathBuf,
        /// The plan, in words.
        what: String,
    },
    /// There is something else in the place of a plan.
    #[error(
        "{} is there, and is no plan of cometsim (it has no plan.json): move it away, or choose another folder with --out",
        shown(path)
    )]
    NotAPlan {
        /// What is in the place of the folder of the plan.
        path: PathBuf,
    },
    /// A file of the plan could not be read or written.
    #[error("cannot use {}", shown(path))]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A file of the plan is damaged.
    #[error("{} is damaged ({why}): remove {}, and plan again", shown(path), shown(folder))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The folder of the plan.
        folder: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The plan was made by another program, or for other results.
    #[error(
        "the plan in {} was made by cometsim {planned}, and this is {here}: use one program for all tasks",
        shown(path)
    )]
    OtherProgram {
        /// The folder.
        path: PathBuf,
        /// The program of the plan.
        planned: String,
        /// This program.
        here: String,
    },
    /// There is no such round, or this machine does not see it yet.
    #[error(
        "{at} has no round {round} yet: run `cometsim merge {}` where the earlier rounds were planned; if that was done on \
         another machine, this one does not see it yet: try again later",
        shell_word(path),
        at = shown(path)
    )]
    NoRound {
        /// The folder.
        path: PathBuf,
        /// The number of the round.
        round: u32,
    },
    /// There is no such task.
    #[error("there is no task {index}: the plan in {} has {tasks}, numbered from 0", shown(path))]
    NoTask {
        /// The folder.
        path: PathBuf,
        /// Its number.
        index: u32,
        /// How many there are.
        tasks: u32,
    },
    /// A run uses the folder, so that a merge cannot.
    #[error("{}", in_use(path, by.as_ref()))]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The process, and the file that names it, where there are no locks.
        by: Option<(String, PathBuf)>,
    },
    /// A run of something else has left unfinished work in the folder.
    #[error(
        "{} holds unfinished work of `cometsim run` for another experiment, or of another version of cometsim: finish it \
         with the command that began it, or remove that file, then merge again",
        shown(path)
    )]
    OtherWork {
        /// The unfinished work.
        path: PathBuf,
    },
    /// Parts are missing or cannot be used.
    #[error("{}", missing(path, *round, tasks, parts))]
    Missing {
        /// The folder.
        path: PathBuf,
        /// The round.
        round: u32,
        /// The tasks that are to be run, rising.
        tasks: Vec<u32>,
        /// Parts that are there and cannot be used.
        parts: Vec<PartError>,
    },
    /// There are two parts of one task.
    #[error(
        "there are two parts of task {task} of round {round}: {} and {}: remove one of them",
        shown(one),
        shown(other)
    )]
    Twice {
        /// The task.
        task: u32,
        /// Its round.
        round: u32,
        /// One of them.
        one: PathBuf,
        /// The other one.
        other: PathBuf,
    },
}

impl TasksError {
    /// Whether the command is wrong, and not the machine.
    pub fn is_wrong_use(&self) -> bool {
        use TasksError::{NoPlan, NoTask, NotAPlan, OtherPlan, OtherProgram, OtherWork};
        let is_other = matches!(self, OtherPlan { .. } | OtherProgram { .. } | OtherWork { .. } | NotAPlan { .. });
        is_other || matches!(self, NoPlan(_) | NoTask { .. })
    }
}

/// A run in the folder in words.
fn in_use(path: &Path, by: Option<&(String, PathBuf)>) -> String {
    let path = shown(path);
    match by {
        None => format!("`cometsim run` is at work in {path}: wait for it, then merge again"),
        Some((process, file)) => format!(
            "`cometsim run` is at work in {path}: {process}; wait for it, then merge again; if it is dead, remove {}",
            shown(file)
        ),
    }
}

/// Missing and bad parts in words.
fn missing(path: &Path, round: u32, tasks: &[u32], parts: &[PartError]) -> String {
    let folder = shown(path);
    let (what, them) = if tasks.len() == 1 { ("part is", "it") } else { ("parts are", "them") };
    let mut text = format!("{} {what} missing or damaged in round {round} of {folder}", tasks.len());
    for part in parts.iter().take(MOST_NAMED) {
        let cause = std::error::Error::source(part).map(|cause| format!(": {cause}")).unwrap_or_default();
        let _ = write!(text, "\n  {part}{cause}");
    }
    if parts.len() > MOST_NAMED {
        let _ = write!(text, "\n  … and {} more", parts.len() - MOST_NAMED);
    }
    let _ = write!(text, "\nmake {them} with `cometsim task {} --index {}`", shell_word(path), ranges(tasks));
    text
}

/// Rising numbers as `0-3,7`, which `cometsim task --index` reads.
pub fn ranges(numbers: &[u32]) -> String {
    let range = |run: &[u32]| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    };
    numbers.chunk_by(|one, next| one + 1 == *next).map(range).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn numbers_are_written_as_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 3, 7, 9, 10]), "0-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
        assert_eq!(ranges(&[]), "");
    }
}
