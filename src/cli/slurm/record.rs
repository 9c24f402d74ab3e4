//! How the tasks of a folder were submitted, for later rounds and for what is to be submitted again.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};

use super::bundles::contains;
use super::commands::QueuedJob;
use super::options::JobOptions;
use crate::cli::Failure;
use crate::report::TASKS;
use crate::terminal::shown;

/// Name of the record in the folder of the plan.
const RECORD: &str = "slurm.json";

/// What was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SubmitRecord {
    /// The name of all jobs, by which they are found in the queue.
    pub name: String,
    /// The options of the last jobs.
    pub options: JobOptions,
    /// The jobs, in the order in which they were submitted.
    pub jobs: Vec<Submitted>,
}

/// An array of tasks, or a merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Submitted {
    /// Number of the job.
    pub job: u64,
    /// The round of its tasks.
    pub round: u32,
    /// The tasks of each element of the array; none in a merge.
    pub elements: Vec<String>,
}

impl SubmitRecord {
    /// The record in a folder, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<SubmitRecord>, Failure> {
        let path = path(folder);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.with_context(|| format!("cannot read {}", shown(&path)))?,
        };
        let damaged = |error| anyhow!("{} is damaged ({error}): remove it", shown(&path));
        Ok(Some(serde_json::from_slice(&bytes).map_err(damaged)?))
    }

    /// The record of a folder with other options for the jobs to come.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(folder: &Path, options: &JobOptions) -> Result<SubmitRecord, Failure> {
        let (options, earlier) = (options.clone(), SubmitRecord::read(folder)?);
        Ok(match earlier {
            Some(earlier) => SubmitRecord { options, ..earlier },
            None => SubmitRecord { name: job_name(&std::path::absolute(folder)?), options, jobs: Vec::new() },
        })
    }

    /// Writes the record to a folder; a reader sees this one or the last one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let path = path(folder);
        let write = || -> anyhow::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(folder))?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        Ok(write().with_context(|| format!("cannot write {}", shown(&path)))?)
    }

    /// Jobs of a round that wait or run, each with its elements that do.
    pub fn active(&self, round: u32, queue: &[QueuedJob]) -> Vec<ActiveJob<'_>> {
        let of_round = self.jobs.iter().filter(|submitted| submitted.round == round);
        let active = of_round.map(|submitted| {
            let here = queue.iter().filter(|queued| queued.job == submitted.job);
            ActiveJob { submitted, queued: here.copied().collect() }
        });
        active.filter(|active| !active.queued.is_empty()).collect()
    }
}

/// A job that was submitted and has not ended.
#[derive(Debug)]
pub(super) struct ActiveJob<'a> {
    pub submitted: &'a Submitted,
    queued: Vec<QueuedJob>,
}

impl ActiveJob<'_> {
    /// Whether it merges.
    pub fn is_merge(&self) -> bool {
        self.submitted.elements.is_empty()
    }

    /// Whether it has a task that will run, or runs.
    pub fn has(&self, task: u32) -> bool {
        let mut elements = self.queued.iter().filter_map(|queued| self.submitted.elements.get(queued.element?));
        elements.any(|tasks| contains(tasks, task))
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(TASKS).join(RECORD)
}

/// A name for the jobs of a folder, of letters that mean nothing to Slurm.
fn job_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or(OsStr::new("cometsim")).to_string_lossy();
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_have_ended_have_no_tasks() {
        let elements = vec!["0-2".to_owned(), "3-5".to_owned()];
        let tasks = Submitted { job: 7, round: 2, elements };
        let merge = Submitted { job: 8, round: 2, elements: Vec::new() };
        let options = JobOptions::default();
        let record = SubmitRecord { name: job_name(Path::new("/a/长 %轮")), options, jobs: vec![tasks, merge] };
        assert_eq!(record.name, "____");
        let queue = [QueuedJob { job: 7, element: Some(1) }, QueuedJob { job: 9, element: None }];
        let active = record.active(2, &queue);
        assert_eq!(active.len(), 1);
        assert!(!active[0].is_merge() && active[0].has(4) && !active[0].has(1));
        assert!(record.active(1, &queue).is_empty());
        let queue = [QueuedJob { job: 8, element: None }, QueuedJob { job: 7, element: Some(9) }];
        let active = record.active(2, &queue);
        assert!(active[1].is_merge() && !active[0].has(0));
    }
}
