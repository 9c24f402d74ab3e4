//! Submits what is missing: an array of jobs for the tasks, and a job that merges them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::bundles::Bundling;
use super::commands::{SlurmError, most_elements, queued, submit, usual_most_elements};
use super::record::{ActiveJob, SubmitFiles, SubmitRecord, Submitted};
use super::scripts::ScriptPaths;
use crate::cli::Failure;
use crate::cli::output::print_line;
use crate::report::{TASKS, TaskState, Tasks, ranges};
use crate::terminal::{shell_word, shown};

/// The folder in that of the plan for what jobs print.
const LOGS: &str = "logs";

/// What is to be submitted, and how.
pub(super) struct Submission<'a> {
    /// The folder of the plan.
    pub folder: &'a Path,
    /// Its tasks.
    pub tasks: &'a Tasks,
    /// What was submitted before, and the options.
    pub record: SubmitRecord,
    /// Whether only to print it.
    pub is_dry: bool,
}

/// The jobs of a submission.
struct Jobs {
    places: ScriptPaths,
    files: SubmitFiles,
    /// The tasks of each element of the array; none if only the merge is missing.
    elements: Vec<Vec<u32>>,
    /// Arrays of the round that have not ended.
    before: Vec<u64>,
}

impl Submission<'_> {
    /// Submits the tasks of the current round that are neither done nor in the queue, and their merge.
    ///
    /// # Errors
    /// If Slurm refuses a job, or a file cannot be written.
    pub fn submit(self) -> Result<(), Failure> {
        let round = self.tasks.round();
        let queue = self.or_usual(queued(&self.record.name), Vec::new())?;
        let states = self.tasks.states()?;
        let open = (0..).zip(&states).filter(|(_, state)| **state != TaskState::Done).map(|(task, _)| task);
        let active = self.record.active(round, &queue);
        let waiting: BTreeSet<u32> = active.iter().flat_map(ActiveJob::tasks).collect();
        let missing: Vec<u32> = open.filter(|task| !waiting.contains(task)).collect();
        let merge = active.iter().find(|job| job.is_merge());
        if missing.is_empty() && self.tasks.is_merged()? {
            let folder = shown(self.folder);
            return Ok(print_line(format_args!("{folder}: the results are there already; nothing to do"))?);
        }
        if let (Some(merge), true) = (merge, missing.is_empty()) {
            let (folder, merge) = (shown(self.folder), merge.submitted.job);
            return Ok(print_line(format_args!(
                "{folder}: nothing to submit: what is missing is in the queue, and job {merge} will merge it"
            ))?);
        }
        let before = active.iter().filter(|job| !job.is_merge()).map(|job| job.submitted.job).collect();
        let most = self.or_usual(most_elements(), usual_most_elements())?;
        let elements = self.bundling(most).elements(&missing);
        let files = SubmitFiles::of(self.folder, round);
        let jobs = Jobs { places: ScriptPaths::of(self.folder)?, files, elements, before };
        if self.is_dry { self.print(&jobs) } else { self.submit_jobs(jobs) }
    }

    /// What Slurm answers, or in a dry run what it usually would.
    fn or_usual<T>(&self, answer: Result<T, SlurmError>, usual: T) -> Result<T, Failure> {
        match answer {
            Err(_) if self.is_dry => Ok(usual),
            answer => Ok(answer?),
        }
    }

    fn bundling(&self, most_elements: usize) -> Bundling {
        let options = &self.record.options;
        let size = |asked: u64| usize::try_from(asked).unwrap_or(usize::MAX);
        let at_once = f64::from(self.tasks.count()) * options.cpus_per_task as f64;
        Bundling {
            most_elements: options.max_array.map_or(most_elements, |asked| most_elements.min(size(asked))),
            asked: options.bundle.map(size),
            seconds: self.tasks.seconds() / at_once,
        }
    }

    /// Submits the jobs; each is in the record as soon as Slurm has it.
    fn submit_jobs(mut self, mut jobs: Jobs) -> Result<(), Failure> {
        let logs = self.folder.join(TASKS).join(LOGS);
        fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", shown(&logs)))?;
        let script = jobs.tasks_script(self.tasks.round());
        jobs.files.write(&jobs.places.merge_script(), script.as_deref())?;
        let tasks = match script {
            None => None,
            Some(_) => {
                let job = submit(&self.tasks_arguments(&jobs))?;
                self.note(&jobs, job, jobs.elements.iter().map(|tasks| ranges(tasks)).collect())?;
                Some(job)
            }
        };
        let merge = submit(&self.merge_arguments(&jobs, tasks.map(|job| job.to_string())));
        let submitted = tasks.map(|job| format!("the tasks are submitted as job {job}, but not their merge"));
        let merge = match submitted {
            Some(words) => merge.context(words)?,
            None => merge?,
        };
        self.note(&jobs, merge, Vec::new())?;
        self.tell(&jobs, (tasks, merge))
    }

    fn tell(&self, jobs: &Jobs, (tasks, merge): (Option<u64>, u64)) -> Result<(), Failure> {
        let (folder, round) = (shown(self.folder), self.tasks.round());
        match tasks {
            None => print_line(format_args!("{folder}: round {round}: all tasks are there; job {merge} merges them"))?,
            Some(job) => {
                let count: usize = jobs.elements.iter().map(Vec::len).sum();
                let (length, most) = (jobs.elements.len(), jobs.elements.iter().map(Vec::len).max().unwrap_or(0));
                print_line(format_args!(
                    "{folder}: round {round}: {count} tasks in job {job}, an array of {length} with up to {most} tasks \
                     each; job {merge} merges them"
                ))?;
            }
        }
        print_line(format_args!(
            "{folder}: what jobs print is in {folder}/{TASKS}/{LOGS}; how far they are: cometsim status {word}; what fails \
             is submitted again by: cometsim slurm --continue {word}",
            word = shell_word(self.folder)
        ))?;
        Ok(())
    }

    /// Prints the scripts and the commands.
    fn print(&self, jobs: &Jobs) -> Result<(), Failure> {
        let mut commands = Vec::new();
        if let Some(script) = jobs.tasks_script(self.tasks.round()) {
            print_line(format_args!("# {}\n{script}", shown(&jobs.files.tasks())))?;
            commands.push(command(&self.tasks_arguments(jobs)));
        }
        let tasks = commands.first().map(|_| "TASKS".to_owned());
        print_line(format_args!("# {}\n{}", shown(&jobs.files.merge()), jobs.places.merge_script()))?;
        commands.push(command(&self.merge_arguments(jobs, tasks)));
        let note = if commands.len() > 1 { "; TASKS is the number that the first one prints" } else { "" };
        Ok(print_line(format_args!("# Commands{note}\n{}", commands.join("\n")))?)
    }

    /// The arguments of `sbatch` for the array.
    fn tasks_arguments(&self, jobs: &Jobs) -> Vec<OsString> {
        let array = format!("--array=0-{}", jobs.elements.len() - 1);
        self.arguments(jobs, ("%A_%a", &[array]), jobs.files.tasks())
    }

    /// The arguments of `sbatch` for the merge after the array `tasks`.
    fn merge_arguments(&self, jobs: &Jobs, tasks: Option<String>) -> Vec<OsString> {
        let after = tasks.map(|job| format!("afterok:{job}"));
        // Some tasks of these have failed already, or this would not be submitted; the merge finds what is missing.
        let after = after.into_iter().chain(jobs.before.iter().map(|job| format!("afterany:{job}")));
        let after = after.collect::<Vec<_>>().join(",");
        let own = match after.is_empty() {
            true => Vec::new(),
            false => vec![format!("--dependency={after}"), "--kill-on-invalid-dep=yes".to_owned()],
        };
        self.arguments(jobs, ("merge-%j", &own), jobs.files.merge())
    }

    fn arguments(&self, jobs: &Jobs, (log, own): (&str, &[String]), script: PathBuf) -> Vec<OsString> {
        let name = ["--parsable".to_owned(), format!("--job-name={}", self.record.name)];
        let mut all = self.record.options.arguments(&jobs.places, (log, &[&name[..], own].concat()));
        all.push(script.into());
        all
    }

    /// Adds a job to the record.
    fn note(&mut self, jobs: &Jobs, job: u64, elements: Vec<String>) -> Result<(), Failure> {
        self.record.add(&jobs.files, Submitted { job, round: self.tasks.round(), elements })
    }
}

impl Jobs {
    /// The script of the array, if there is one.
    fn tasks_script(&self, round: u32) -> Option<String> {
        if self.elements.is_empty() { None } else { Some(self.places.tasks_script(round, &self.elements)) }
    }
}

/// A command for a shell.
fn command(arguments: &[OsString]) -> String {
    format!("sbatch {}", arguments.iter().map(shell_word).collect::<Vec<_>>().join(" "))
}
