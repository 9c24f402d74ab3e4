//! The files of a plan of tasks.

use std::fs::{self, File, FileType};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::TasksError;

/// Name of the folder of a plan, in the folder of the results.
pub const TASKS: &str = "tasks";
/// Name of the plan in it.
pub(super) const PLAN: &str = "plan.json";
/// Name of the folder of input files in it.
pub(super) const INPUTS: &str = "inputs";
/// Name of the folder of the parts in it.
pub(super) const PARTS: &str = "parts";
/// Name of the folder of unfinished parts in it.
pub(super) const WORK: &str = "work";
/// The start of the name of a plan that is being made.
pub(super) const DRAFT: &str = ".tasks-";

/// Name of a round.
pub(super) fn round_name(round: u32) -> String {
    format!("round-{round}")
}

/// The number of the round of a path, if it has the name of one.
pub(super) fn round_of(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let round = name.strip_prefix("round-")?.parse().ok()?;
    if round_name(round) == name { Some(round) } else { None }
}

/// Name of the part of a task.
pub(super) fn part_name(round: u32, task: u32) -> String {
    format!("{round}-{task:05}")
}

/// The round and the task of a path, if it has the name of a part.
pub(super) fn part_of(path: &Path) -> Option<(u32, u32)> {
    let name = path.file_name()?.to_str()?;
    let (round, task) = name.split_once('-')?;
    let (round, task) = (round.parse().ok()?, task.parse().ok()?);
    if part_name(round, task) == name { Some((round, task)) } else { None }
}

/// An error of the system at a path.
pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> TasksError + use<> {
    let path = path.to_owned();
    move |source| TasksError::File { path, source }
}

/// Reads a file; `None` if it is not there.
pub(super) fn read_if_any(path: &Path) -> Result<Option<Vec<u8>>, TasksError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Reads a JSON text that was read from `path`.
pub(super) fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, TasksError> {
    serde_json::from_slice(bytes).map_err(|error| TasksError::Damaged {
        path: path.to_owned(),
        folder: path.parent().map(Path::to_owned).unwrap_or_default(),
        why: error.to_string(),
    })
}

/// A value as JSON.
pub(super) fn json(value: &impl Serialize, path: &Path) -> Result<Vec<u8>, TasksError> {
    let mut text = serde_json::to_vec(value).map_err(|error| failed(path)(error.into()))?;
    text.push(b'\n');
    Ok(text)
}

/// Writes a file that is on the disk after that.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), TasksError> {
    let write = || {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(failed(path))
}

/// Writes a file that appears whole, unless there is one of its name.
pub(super) fn write_once(path: &Path, bytes: &[u8]) -> Result<(), TasksError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut draft = shared(&mut tempfile::Builder::new(), 0o666).tempfile_in(folder).map_err(failed(path))?;
    draft.write_all(bytes).and_then(|()| draft.as_file().sync_all()).map_err(failed(path))?;
    match draft.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path)(error.error)),
        _ => Ok(()),
    }
}

/// Lets others of the group use what is made, as far as the umask allows: they may run tasks.
pub(super) fn shared<'a, 'b, 'c>(
    builder: &'a mut tempfile::Builder<'b, 'c>,
    mode: u32,
) -> &'a mut tempfile::Builder<'b, 'c> {
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// Makes a folder, and those around it, if they are not there.
pub(super) fn make_folder(path: &Path) -> Result<(), TasksError> {
    fs::create_dir_all(path).map_err(failed(path))
}

/// Makes the entries of a folder durable, if the system can.
pub(super) fn sync_folder(path: &Path) {
    // Not every file system can, and then nothing more can be done.
    let _ = File::open(path).and_then(|folder| folder.sync_all());
}

/// The regular files in a folder, by name; none if it is not there.
pub(super) fn files_in(path: &Path) -> Result<Vec<PathBuf>, TasksError> {
    entries(path, FileType::is_file)
}

/// The folders in a folder, by name; none if it is not there.
pub(super) fn folders_in(path: &Path) -> Result<Vec<PathBuf>, TasksError> {
    entries(path, FileType::is_dir)
}

/// The entries of a folder of a kind, by name.
fn entries(path: &Path, is_one: fn(&FileType) -> bool) -> Result<Vec<PathBuf>, TasksError> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed(path))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed(path))?;
        if entry.file_type().is_ok_and(|kind| is_one(&kind)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
