//! `cometsim slurm`: submits the tasks of an experiment to Slurm, and a job that merges them.

mod bundles;
mod commands;
mod options;
mod record;
mod scripts;
mod submission;

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueHint};

use super::Failure;
use super::arguments::Overrides;
use super::interrupt::{handle_interrupts, temporary_folder};
use super::output::print_line;
use super::plan::make_plan;
use super::run::stem;
use crate::report::{Planned, TASKS, Tasks};
use crate::terminal::{shell_word, shown};
use options::JobOptions;
use record::SubmitRecord;
use submission::Submission;

/// Arguments of `cometsim slurm`.
#[derive(Debug, Args)]
pub(super) struct SlurmArguments {
    /// Experiment file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "next", requires = "tasks")]
    file: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
    /// Divide the experiment among N tasks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    tasks: Option<u32>,
    /// Folder of the plan and of the results [default: output/ and the name of the file]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Submit what is missing in this folder, as it was submitted before
    #[arg(long = "continue", value_name = "DIR", value_hint = ValueHint::DirPath,
        conflicts_with_all = ["file", "tasks", "out", "Overrides", "JobOptions"])]
    next: Option<PathBuf>,
    #[command(flatten)]
    options: JobOptions,
    /// Print the scripts and the commands, and submit nothing
    #[arg(long)]
    dry_run: bool,
}

/// Plans an experiment, unless it is planned, and submits what is missing of it.
pub(super) fn slurm(arguments: &SlurmArguments) -> Result<(), Failure> {
    handle_interrupts("jobs that were submitted stay in the queue; the same command submits what is missing");
    if let Some(folder) = &arguments.next {
        let never = || {
            let there = shown(folder);
            let folder = shell_word(folder);
            Failure::Wrong(anyhow!("{there} was never submitted: write `cometsim slurm FILE --tasks N --out {folder}`"))
        };
        let record = SubmitRecord::read(folder)?.ok_or_else(never)?;
        let tasks = Tasks::open(folder)?;
        return Submission { folder, tasks: &tasks, record, is_dry: arguments.dry_run }.submit();
    }
    let (Some(file), Some(tasks)) = (&arguments.file, arguments.tasks) else { return Ok(()) };
    let folder = match &arguments.out {
        Some(folder) => folder.clone(),
        None => Path::new("output").join(stem(file)?),
    };
    // A dry run leaves nothing behind.
    let is_planned = folder.join(TASKS).exists();
    let elsewhere = if arguments.dry_run && !is_planned { Some(temporary_folder()?) } else { None };
    let planned_in = elsewhere.as_ref().map_or(folder.as_path(), |elsewhere| elsewhere.path());
    if make_plan((file, &arguments.overrides.all()), (tasks, &folder, planned_in), false)? == Planned::Finished {
        return Ok(print_line(format_args!("{}: the results are there already; nothing to do", shown(&folder)))?);
    }
    let tasks = Tasks::open(planned_in)?;
    let record = SubmitRecord::of(&folder, &arguments.options)?;
    Submission { folder: &folder, tasks: &tasks, record, is_dry: arguments.dry_run }.submit()
}
