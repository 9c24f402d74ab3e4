//! The output folder of one experiment: files appear whole or not at all.
//!
//! All work goes through a handle of the folder. Inside it no link is followed, and only regular files are read,
//! written or replaced: other files may belong to another program.

mod hold;
mod owner;
mod place;

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::manifest::{MANIFEST, Manifest, sha256};
use crate::terminal::shown;
use place::Draft;

pub use hold::{Held, HoldError, Sharing};
pub use owner::{OwnerProcess, release_all};

/// Name of the folder that holds unfinished work.
const PARTIAL: &str = ".partial";
/// Number of files that are open at once while they are written; the limit of a process may be low.
const OPEN_AT_ONCE: usize = 64;
/// Name of the journal in it.
const JOURNAL: &str = "jobs";

/// The output folder of one experiment.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Whether the folder itself may be reached through a link.
    is_link_followed: bool,
    /// Whether its files must survive a power failure.
    is_kept: bool,
    handle: OnceLock<Dir>,
}

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", shown(path))]
pub struct FolderError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl Folder {
    /// The folder at a `path` that the user has named, which need not exist yet. It may be a link.
    pub fn new(path: impl Into<PathBuf>) -> Folder {
        Folder { path: path.into(), is_link_followed: true, is_kept: true, handle: OnceLock::new() }
    }

    /// The folder `name` inside `out`, which need not exist yet. It must not be a link, because the user has not named
    /// its target; `out` may be one.
    pub fn inside(out: &Path, name: &str) -> Folder {
        Folder { path: out.join(name), is_link_followed: false, is_kept: true, handle: OnceLock::new() }
    }

    /// As [`Folder::inside`], for results that are not needed after this process.
    pub fn temporary(out: &Path, name: &str) -> Folder {
        Folder { is_kept: false, ..Folder::inside(out, name) }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of unfinished work.
    pub fn journal(&self) -> PathBuf {
        self.path.join(PARTIAL).join(JOURNAL)
    }

    fn failed(&self, action: &'static str, name: &str) -> impl FnOnce(io::Error) -> FolderError + use<> {
        let path = if name.is_empty() { self.path.clone() } else { self.path.join(name) };
        move |source| FolderError { action, path, source }
    }

    /// The handle of the folder.
    fn dir(&self) -> io::Result<&Dir> {
        if let Some(dir) = self.handle.get() {
            return Ok(dir);
        }
        let dir = match (self.path.parent(), self.path.file_name()) {
            (Some(parent), Some(name)) if !self.is_link_followed => {
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                let around = Dir::open_ambient_dir(parent, ambient_authority())?;
                around.open_dir_nofollow(name).map_err(|error| self.is_no_folder().unwrap_or(error))?
            }
            _ => Dir::open_ambient_dir(&self.path, ambient_authority())?,
        };
        Ok(self.handle.get_or_init(|| dir))
    }

    /// What is in the way of the folder, in words; `None` if unknown.
    fn is_no_folder(&self) -> Option<io::Error> {
        // The outermost path component that is not a folder.
        let ways: Vec<&Path> = self.path.ancestors().filter(|path| !path.as_os_str().is_empty()).collect();
        ways.into_iter().rev().find_map(|path| {
            let facts = fs::symlink_metadata(path).ok()?;
            let is_allowed = self.is_link_followed || path != self.path;
            let what = match (facts.is_symlink().then(|| fs::read_link(path).ok()).flatten(), fs::metadata(path)) {
                (Some(target), Err(_)) => format!("a link to {}, which is not there: remove it", shown(&target)),
                (Some(target), Ok(_)) if !is_allowed => {
                    format!("a link to {}: remove it, or choose another folder with --out", shown(&target))
                }
                (_, Ok(facts)) if !facts.is_dir() => "no folder: choose another one with --out".to_owned(),
                _ => return None,
            };
            Some(io::Error::other(format!("{} is {what}", shown(path))))
        })
    }

    /// Whether the folder is there.
    ///
    /// # Errors
    /// If something else is in its place, or it cannot be opened.
    pub fn is_there(&self) -> Result<bool, FolderError> {
        match self.dir() {
            Ok(_) => Ok(true),
            // An obstacle to the folder shows when it is made.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.is_no_folder().is_none() => Ok(false),
            Err(error) => Err(self.failed("use", "")(self.is_no_folder().unwrap_or(error))),
        }
    }

    /// Makes the folder.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn create(&self) -> Result<(), FolderError> {
        let made = fs::create_dir_all(self.path.parent().unwrap_or(Path::new(".")));
        let made = made.and_then(|()| match fs::create_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            outcome => outcome,
        });
        let opened = made.and_then(|()| self.dir().map(drop));
        opened.map_err(|error| self.failed("create", "")(self.is_no_folder().unwrap_or(error)))
    }

    /// Does something with the directory and the name of a file of the folder.
    fn at<T>(&self, name: &str, act: impl FnOnce(&Dir, &Path) -> io::Result<T>) -> io::Result<T> {
        self.at_with(name, place::open_dir, act)
    }

    /// As [`Folder::at`]; the folders of the file are opened by `open`.
    fn at_with<T>(
        &self,
        name: &str,
        open: impl Fn(&Dir, &Path) -> io::Result<Dir>,
        act: impl FnOnce(&Dir, &Path) -> io::Result<T>,
    ) -> io::Result<T> {
        let path = Path::new(name);
        let (Some(folders), Some(last)) = (path.parent(), path.file_name()) else { return Err(leads_out()) };
        let mut below = None;
        for part in folders.components() {
            let Component::Normal(part) = part else { return Err(leads_out()) };
            below = Some(open(below.as_ref().map_or_else(|| self.dir(), Ok)?, Path::new(part))?);
        }
        act(below.as_ref().map_or_else(|| self.dir(), Ok)?, Path::new(last))
    }

    /// Reads a regular file of the folder.
    ///
    /// # Errors
    /// If it is not there, is something else, or cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, FolderError> {
        self.at(name, place::read).map_err(self.failed("read", name))
    }

    /// Checks before a run whether its folders can be used at its end.
    ///
    /// # Errors
    /// If a link or a file is in the place of one of them.
    pub fn check_ways(&self) -> Result<(), FolderError> {
        for name in ["charts", "inputs"] {
            match self.at(name, place::open_dir) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.failed("use", name)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether anything has this name in the folder.
    pub fn has(&self, name: &str) -> bool {
        self.at(name, |dir, name| dir.symlink_metadata(name)).is_ok()
    }

    /// Writes files of the folder so that each appears whole or not at all, and survives a power failure. None appears
    /// before all are written.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, files: &[(String, Vec<u8>)]) -> Result<(), FolderError> {
        let partial = self.dir().and_then(|dir| place::make_dir(dir, Path::new(PARTIAL)));
        let partial = partial.map_err(self.failed("create", PARTIAL))?;
        let mut drafts = Vec::new();
        for some in files.chunks(OPEN_AT_ONCE) {
            let first = drafts.len();
            for (name, bytes) in some {
                drafts.push(Draft::new(&partial, bytes).map_err(self.failed("write", name))?);
            }
            for (draft, (name, _)) in drafts[first..].iter_mut().zip(some) {
                draft.close(self.is_kept).map_err(self.failed("write", name))?;
            }
        }
        for (draft, (name, _)) in drafts.into_iter().zip(files) {
            self.at_with(name, place::make_dir, |dir, name| draft.place(dir, name))
                .map_err(self.failed("write", name))?;
        }
        if !self.is_kept {
            return Ok(());
        }
        let mut parents: Vec<&Path> = files.iter().filter_map(|(name, _)| Path::new(name).parent()).collect();
        parents.sort();
        parents.dedup();
        for parent in parents {
            let inside = parent.join(MANIFEST);
            let synced = self.at(&inside.to_string_lossy(), |dir, _| place::sync_dir(dir));
            synced.map_err(self.failed("write", &parent.to_string_lossy()))?;
        }
        Ok(())
    }

    /// The manifest, if there is one.
    ///
    /// # Errors
    /// If it is there and cannot be read as one.
    pub fn manifest(&self) -> Result<Option<Manifest>, FolderError> {
        let failed = self.failed("read", MANIFEST);
        match self.at(MANIFEST, place::read) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| failed(error.into())),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(source)),
        }
    }

    /// Removes the manifest and the results that it names.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn discard_results(&self, manifest: &Manifest) -> Result<(), FolderError> {
        self.remove(std::iter::once(MANIFEST).chain(manifest.results.keys().map(String::as_str)))
    }

    /// Removes the results that the manifest `before` names and `now` does not.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn discard_others(&self, before: &Manifest, now: &Manifest) -> Result<(), FolderError> {
        self.remove(before.results.keys().filter(|name| !now.results.contains_key(*name)).map(String::as_str))
    }

    fn remove<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), FolderError> {
        // Do not follow a manifest that names files outside the folder.
        for name in names.filter(|name| is_inside(name)) {
            match self.at(name, place::remove_file) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(self.failed("remove", name)(source));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The results that are missing or differ from the manifest.
    pub fn damaged(&self, manifest: &Manifest) -> Vec<String> {
        let differs =
            |(name, digest): &(&String, &String)| self.read(name).map_or(true, |bytes| sha256(&bytes) != **digest);
        manifest.results.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }
}

fn leads_out() -> io::Error {
    io::Error::other("the name leads out of the folder")
}

/// Whether the name of a result stays inside the folder.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}
