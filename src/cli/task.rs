//! `cometsim task`, `merge` and `status`: an experiment on many machines.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueHint};

use super::Failure;
use super::arguments::Threads;
use super::failure::note;
use super::interrupt::handle_interrupts;
use super::machine::MemoryLimits;
use super::output::print_line;
use super::progress::ProgressDisplay;
use super::run::{judged, print_results};
use super::watch::Watch;
use crate::report::{MergeOutcome, ReportError, TaskOutcome, TaskState, Tasks, ranges};
use crate::terminal::{shell_word, shown};

/// What becomes of the work of a task that is stopped.
const KEPT: &str = "finished replications are kept; the same command goes on from there";
/// How often a task looks for its round, and the pause between, where another machine may have just planned it: a network
/// file system shows it after some seconds.
const LOOKS: (u32, Duration) = (11, Duration::from_secs(1));
/// The number of cores that Slurm has given to a task.
const SLURM_CORES: &str = "SLURM_CPUS_PER_TASK";

/// Arguments of `cometsim task`.
#[derive(Debug, Args)]
pub(super) struct TaskArguments {
    /// Folder of the plan
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Numbers of tasks, from 0: 7, 0-9 or 0,3,8-12
    #[arg(long, value_name = "LIST", value_parser = numbers)]
    index: TaskList,
    /// Number of the round of the tasks, from 1, where a machine may not see yet which one is the last
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    round: Option<u32>,
    #[command(flatten)]
    threads: Threads,
    /// Show no progress on standard error
    #[arg(long)]
    quiet: bool,
}

/// Numbers of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TaskList(Vec<RangeInclusive<u32>>);

impl TaskList {
    /// Whether it has one number only.
    fn is_one(&self) -> bool {
        self.0.iter().cloned().flatten().nth(1).is_none()
    }
}

/// Reads numbers of tasks.
fn numbers(text: &str) -> Result<TaskList, String> {
    let wrong = || "write numbers from 0, such as 7, 0-9 or 0,3,8-12".to_owned();
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range = number(first)?..=number(last)?;
        if range.is_empty() { Err(wrong()) } else { Ok(range) }
    };
    text.split(',').map(range).collect::<Result<_, String>>().map(TaskList)
}

/// Runs tasks of a round, one after the other. One that fails does not keep the others from running.
pub(super) fn task(arguments: &TaskArguments) -> Result<(), Failure> {
    handle_interrupts(KEPT);
    let tasks = match arguments.round {
        None => Tasks::open(&arguments.folder)?,
        Some(round) => Tasks::open_round(&arguments.folder, round, LOOKS)?,
    };
    for range in &arguments.index.0 {
        tasks.check(*range.end()).map_err(ReportError::Tasks)?;
    }
    let _watch = MemoryLimits::of_this_process().map(|limits| Watch::start(limits, KEPT));
    let mut failed = BTreeMap::new();
    for index in arguments.index.0.iter().cloned().flatten() {
        if let Err(failure) = run_one(arguments, &tasks, index) {
            failed.insert(index, failure);
        }
    }
    match failed.len() {
        0 => Ok(()),
        1 if arguments.index.is_one() => failed.into_values().try_for_each(Err),
        count => {
            let numbers: Vec<u32> = failed.keys().copied().collect();
            for (index, failure) in failed {
                note(&format!("task {index} failed:"));
                failure.print();
            }
            let (folder, round) = (shell_word(&arguments.folder), tasks.round());
            let (them, list) = (if count == 1 { "it" } else { "them" }, ranges(&numbers));
            Err(Failure::Failed(anyhow!(
                "{count} of the tasks of round {round} failed: run {them} again with `cometsim task {folder} --index {list}`"
            )))
        }
    }
}

/// Runs a task, and says what became of it.
fn run_one(arguments: &TaskArguments, tasks: &Tasks, index: u32) -> Result<(), Failure> {
    let name = format!("task {index}");
    let progress = ProgressDisplay::new(&name, arguments.quiet);
    let outcome = tasks.run(index, threads(&arguments.threads), &|done| progress.report(done.into()));
    progress.finish(false);
    let what = match outcome? {
        TaskOutcome::Done => "done",
        TaskOutcome::Present => "done already",
        TaskOutcome::Empty => "nothing to do: there is less work than tasks",
    };
    Ok(print_line(format_args!("{}: {name} of round {}: {what}", shown(&arguments.folder), tasks.round()))?)
}

/// The requested number of threads, or what Slurm gives; 0: one per core.
fn threads(asked: &Threads) -> usize {
    let given = std::env::var(SLURM_CORES).ok().and_then(|cores| cores.parse().ok());
    match asked.asked() {
        0 => given.unwrap_or(0),
        asked => usize::from(asked),
    }
}

/// Merges the parts of all tasks to the results, or plans the next round.
pub(super) fn merge(folder: &Path, asked: &Threads) -> Result<(), Failure> {
    handle_interrupts("nothing was merged; the same command begins again");
    let tasks = Tasks::open_complete(folder)?;
    match tasks.merge(threads(asked), &note)? {
        MergeOutcome::Results(done) => judged(print_results(&tasks.results(), tasks.experiment(), &done)?),
        MergeOutcome::NextRound(round) => Err(Failure::NextRound(anyhow!(
            "{}: another round of tasks is needed, round {round}: run its tasks, then merge again",
            shown(folder)
        ))),
    }
}

/// Says how far the tasks of the current round are.
pub(super) fn status(folder: &Path) -> Result<(), Failure> {
    let tasks = Tasks::open(folder)?;
    let states = tasks.states()?;
    let count = |is_one: fn(&TaskState) -> bool| states.iter().filter(|state| is_one(state)).count();
    print_line(format_args!(
        "{}: round {}, {} tasks: {} done, {} running, {} stopped, {} missing",
        shown(folder),
        tasks.round(),
        states.len(),
        count(|state| *state == TaskState::Done),
        count(|state| matches!(state, TaskState::Running { .. })),
        count(|state| *state == TaskState::Stopped),
        count(|state| *state == TaskState::Missing),
    ))?;
    for (task, state) in states.iter().enumerate() {
        match state {
            TaskState::Running { worker, .. } => print_line(format_args!("running {task}: {worker}"))?,
            TaskState::Stopped => print_line(format_args!("stopped {task}: it goes on from what it has finished"))?,
            TaskState::Done | TaskState::Missing => {}
        }
    }
    if states.iter().all(|state| *state == TaskState::Done) {
        print_line(format_args!("next: cometsim merge {}", shell_word(folder)))?;
    }
    Ok(())
}

/// Prints the numbers of the tasks of the current round that are to be run again, a line each.
pub(super) fn missing(folder: &Path) -> Result<(), Failure> {
    let mut unknown = 0;
    for (task, state) in Tasks::open(folder)?.states()?.iter().enumerate() {
        match state {
            TaskState::Done | TaskState::Running { is_known: true, .. } => continue,
            TaskState::Running { is_known: false, .. } => unknown += 1,
            TaskState::Missing | TaskState::Stopped => {}
        }
        print_line(task)?;
    }
    if unknown > 0 {
        note(&format!("note: {unknown} of them may be running on other machines; to run a task twice does no harm"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_of_tasks_are_read() {
        let read = |text: &str| numbers(text).map(|list| list.0.into_iter().flatten().collect::<Vec<_>>());
        assert_eq!(read("7"), Ok(vec![7]));
        assert_eq!(read("0, 3,8-10"), Ok(vec![0, 3, 8, 9, 10]));
        for wrong in ["", "-1", "3-1", "1,,2", "a", "1-2-3", "99999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
