//! The attempt of one process at a task: its unfinished part, and who it is.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::TasksError;
use super::files::{self, failed};
use crate::report::folder::OwnerProcess;
use crate::report::request::ReportError;
use crate::runner::{PartHead, PartWriter, RunFailure};

/// The ending of the name of the file that says whose an unfinished part is.
const OWNER: &str = ".owner";

/// Where the files of a task are.
pub(super) struct TaskFiles {
    /// The folder of its unfinished parts.
    pub work: PathBuf,
    /// The folder of parts.
    pub parts: PathBuf,
    /// The name of its part.
    pub name: String,
}

impl TaskFiles {
    /// The path of the part.
    pub fn part(&self) -> PathBuf {
        self.parts.join(&self.name)
    }
}

/// The attempt of this process at a task.
pub(super) struct Attempt {
    path: PathBuf,
}

impl Attempt {
    /// Begins a task, with what earlier attempts have finished.
    pub fn begin(task: &TaskFiles, head: &PartHead) -> Result<(Attempt, PartWriter), ReportError> {
        files::make_folder(&task.work)?;
        let earlier = attempts(task)?;
        let this = OwnerProcess::this();
        let (path, file) = new_file(&task.work, &this.file_name())?;
        this.to_text().and_then(|text| fs::write(owner_of(&path), text)).map_err(failed(&path))?;
        let mut part = PartWriter::new(file, path.clone(), head).map_err(RunFailure::from)?;
        for earlier in &earlier {
            part.adopt(earlier, head).map_err(RunFailure::from)?;
        }
        if !earlier.is_empty() {
            // What is taken over once would be copied by each further attempt.
            part.sync().map_err(RunFailure::from)?;
            for earlier in earlier.iter().filter(|earlier| worker(earlier).is_none()) {
                let _ = fs::remove_file(owner_of(earlier));
                let _ = fs::remove_file(earlier);
            }
        }
        Ok((Attempt { path }, part))
    }

    /// Makes the sealed file the part of the task.
    pub fn finish(self, task: &TaskFiles) -> Result<(), TasksError> {
        files::make_folder(&task.parts)?;
        let part = task.part();
        fs::rename(&self.path, &part).map_err(failed(&part))?;
        files::sync_folder(&task.parts);
        clear(task);
        Ok(())
    }
}

/// Removes all attempts at a task whose part is there. A process that is still at one finds the part at its end.
pub(super) fn clear(task: &TaskFiles) {
    // What is left does no harm: a part that is there counts.
    let _ = fs::remove_dir_all(&task.work);
}

/// Makes a file that is not there yet.
fn new_file(folder: &Path, name: &str) -> Result<(PathBuf, File), TasksError> {
    let mut path = folder.join(name);
    let mut number = 2;
    loop {
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            // A process with the same number has left it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                path = folder.join(format!("{name}-{number}"));
                number += 1;
            }
            Err(error) => return Err(failed(&path)(error)),
        }
    }
}

/// The unfinished parts of a task.
pub(super) fn attempts(task: &TaskFiles) -> Result<Vec<PathBuf>, TasksError> {
    let is_attempt = |path: &PathBuf| !path.to_string_lossy().ends_with(OWNER);
    Ok(files::files_in(&task.work)?.into_iter().filter(is_attempt).collect())
}

/// The process that an attempt belongs to, if it may be at work.
pub(super) fn worker(attempt: &Path) -> Option<OwnerProcess> {
    let text = fs::read_to_string(owner_of(attempt)).ok()?;
    OwnerProcess::parse(&text).filter(|process| !process.is_dead())
}

fn owner_of(attempt: &Path) -> PathBuf {
    let mut name = attempt.as_os_str().to_owned();
    name.push(OWNER);
    name.into()
}
