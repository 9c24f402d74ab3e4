//! How the tasks of a folder were submitted, for later rounds and for what is to be submitted again.
//!
//! Each job has a file of its own, so that several processes may submit at once.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};

use super::bundles::listed;
use super::commands::QueuedJob;
use super::options::JobOptions;
use crate::cli::Failure;
use crate::report::{OwnerProcess, TASKS};
use crate::terminal::shown;

/// The folder of the scripts and of the files of jobs, in the folder of the plan.
const FOLDER: &str = "slurm";
/// The ending of the files of jobs.
const JOB: &str = "json";

/// What was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubmitRecord {
    /// The name of all jobs, by which they are found in the queue.
    pub name: String,
    /// The options of the last job, or of those to come.
    pub options: JobOptions,
    /// The jobs, in the order in which they were submitted, as far as that is known.
    jobs: Vec<JobFile>,
}

/// A job and its options, as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct JobFile {
    /// Larger than that of each job that was known when it was submitted.
    order: u64,
    /// The name of the job.
    name: String,
    options: JobOptions,
    submitted: Submitted,
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
        let place = place(folder);
        let mut jobs = Vec::new();
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            entries => entries.with_context(|| format!("cannot read {}", shown(&place)))?,
        };
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", shown(&place)))?.path();
            if path.extension() == Some(OsStr::new(JOB)) {
                jobs.push(JobFile::read(&path)?);
            }
        }
        // Those that were submitted at the same time have the same place in the order, but not the same number.
        jobs.sort_by_key(|file| (file.order, file.submitted.job));
        Ok(jobs.last().cloned().map(|JobFile { name, options, .. }| SubmitRecord { name, options, jobs }))
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

    /// Adds a job, and writes its file, which appears whole.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, files: &SubmitFiles, submitted: Submitted) -> Result<(), Failure> {
        let path = files.job(submitted.job);
        let order = self.jobs.last().map_or(1, |last| last.order + 1);
        let file = JobFile { order, name: self.name.clone(), options: self.options.clone(), submitted };
        file.write(&path).with_context(|| format!("cannot write {}", shown(&path)))?;
        self.jobs.push(file);
        Ok(())
    }

    /// Jobs of a round that wait or run, each with its elements that do.
    pub fn active(&self, round: u32, queue: &[QueuedJob]) -> Vec<ActiveJob<'_>> {
        let mut queued: BTreeMap<u64, Vec<QueuedJob>> = BTreeMap::new();
        for job in queue {
            queued.entry(job.job).or_default().push(*job);
        }
        let of_round = self.jobs.iter().map(|file| &file.submitted).filter(|submitted| submitted.round == round);
        of_round.filter_map(|submitted| Some(ActiveJob { submitted, queued: queued.remove(&submitted.job)? })).collect()
    }
}

impl JobFile {
    fn read(path: &Path) -> Result<JobFile, Failure> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", shown(path)))?;
        let damaged = |error| anyhow!("{} is damaged ({error}): remove it", shown(path));
        Ok(serde_json::from_slice(&bytes).map_err(damaged)?)
    }

    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

/// The files of one submission: the names have the round and the process, so that no other one has them.
#[derive(Debug)]
pub(super) struct SubmitFiles {
    folder: PathBuf,
    stem: String,
}

impl SubmitFiles {
    /// The files of this process for a round, as they will be if there are none of this name.
    pub fn of(folder: &Path, round: u32) -> SubmitFiles {
        SubmitFiles { folder: place(folder), stem: format!("{round}-{}", OwnerProcess::this().file_name()) }
    }

    /// The script of the array.
    pub fn tasks(&self) -> PathBuf {
        self.folder.join(format!("{}-tasks.sh", self.stem))
    }

    /// The script of the merge.
    pub fn merge(&self) -> PathBuf {
        self.folder.join(format!("{}-merge.sh", self.stem))
    }

    fn job(&self, job: u64) -> PathBuf {
        self.folder.join(format!("{}-{job}.{JOB}", self.stem))
    }

    /// Writes the scripts under names that are not used: an earlier process may have had the same number.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&mut self, merge: &str, tasks: Option<&str>) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", shown(&self.folder)))?;
        let stem = self.stem.clone();
        let mut number = 1;
        let mut file = loop {
            match File::create_new(self.merge()) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    number += 1;
                    self.stem = format!("{stem}-{number}");
                }
                made => break made.with_context(|| format!("cannot write {}", shown(&self.merge())))?,
            }
        };
        file.write_all(merge.as_bytes()).with_context(|| format!("cannot write {}", shown(&self.merge())))?;
        if let Some(tasks) = tasks {
            fs::write(self.tasks(), tasks).with_context(|| format!("cannot write {}", shown(&self.tasks())))?;
        }
        Ok(())
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

    /// The tasks that will run, or run.
    pub fn tasks(&self) -> impl Iterator<Item = u32> {
        let elements = self.queued.iter().filter_map(|queued| self.submitted.elements.get(queued.element?));
        elements.flat_map(|tasks| listed(tasks))
    }
}

fn place(folder: &Path) -> PathBuf {
    folder.join(TASKS).join(FOLDER)
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

    fn record(jobs: Vec<Submitted>) -> SubmitRecord {
        let (name, options) = (job_name(Path::new("/a/长 %轮")), JobOptions::default());
        let file = |submitted| JobFile { order: 1, name: name.clone(), options: options.clone(), submitted };
        SubmitRecord { jobs: jobs.into_iter().map(file).collect(), name: name.clone(), options: options.clone() }
    }

    #[test]
    fn jobs_that_have_ended_have_no_tasks() {
        let elements = vec!["0-2".to_owned(), "3-5".to_owned()];
        let tasks = Submitted { job: 7, round: 2, elements };
        let merge = Submitted { job: 8, round: 2, elements: Vec::new() };
        let record = record(vec![tasks, merge]);
        assert_eq!(record.name, "____");
        let queue = [QueuedJob { job: 7, element: Some(1) }, QueuedJob { job: 9, element: None }];
        let active = record.active(2, &queue);
        assert_eq!(active.len(), 1);
        assert!(!active[0].is_merge() && active[0].tasks().eq([3, 4, 5]));
        assert!(record.active(1, &queue).is_empty());
        let queue = [QueuedJob { job: 8, element: None }, QueuedJob { job: 7, element: Some(9) }];
        let active = record.active(2, &queue);
        assert!(active[1].is_merge() && active[0].tasks().next().is_none());
    }

    #[test]
    fn what_several_processes_submit_at_once_is_known_to_all() {
        let scratch = tempfile::tempdir().unwrap();
        let merge = |job| Submitted { job, round: 1, elements: Vec::new() };
        let mut files = [SubmitFiles::of(scratch.path(), 1), SubmitFiles::of(scratch.path(), 1)];
        assert_eq!(SubmitRecord::read(scratch.path()).unwrap(), None);
        let mut records = [1, 2].map(|_| SubmitRecord::of(scratch.path(), &JobOptions::default()).unwrap());
        for (number, (record, files)) in records.iter_mut().zip(&mut files).enumerate() {
            files.write("merge", Some("tasks")).unwrap();
            record.add(files, merge(10 - number as u64)).unwrap();
        }
        assert_ne!(files[0].merge(), files[1].merge());
        assert_ne!(files[0].tasks(), files[1].tasks());
        let both = SubmitRecord::read(scratch.path()).unwrap().unwrap();
        assert_eq!(both.jobs.iter().map(|file| file.submitted.job).collect::<Vec<_>>(), [9, 10]);
        // The last options count.
        let mut changed = records[0].options.clone();
        changed.bundle = Some(4);
        let mut later = SubmitRecord::of(scratch.path(), &changed).unwrap();
        later.add(&files[0], merge(3)).unwrap();
        assert_eq!(SubmitRecord::read(scratch.path()).unwrap().unwrap().options, changed);
        fs::write(files[0].job(4), "{").unwrap();
        assert!(SubmitRecord::read(scratch.path()).is_err());
    }
}
