//! One run at a time: the journal is locked; on a file system without locks a file names the owner. Merges of one plan
//! write the same bytes, so that they keep runs out and let each other in, and leave nothing that outlives them.

use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::MetadataExt;
use cap_std::fs::{Dir, File, OpenOptions};

use super::owner::{OWNER, Owner, Present};
use super::{Folder, FolderError, JOURNAL, PARTIAL, place};
use crate::runner::Journal;
use crate::terminal::shown;

/// How often to make a folder again if another run removes it at that moment.
const TRIES: usize = 32;

/// Who may use a folder at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Nobody else.
    Alone,
    /// Others that write the same bytes.
    SameBytes,
}

/// A folder that no run uses beside this process while this value lives.
#[derive(Debug)]
pub struct Held<'a> {
    folder: &'a Folder,
    sharing: Sharing,
    partial: Dir,
    journal: Option<File>,
    owner: Option<Owner>,
}

/// Why a folder cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// A file could not be made, opened or locked.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Another process holds the lock.
    #[error("another run is at work in {}: wait for it, or choose another folder with --out", shown(.0))]
    InUse(PathBuf),
    /// A file says that another process uses the folder, which may no longer be true.
    #[error(
        "another run is at work in {}: {by}; wait for it, or choose another folder with --out; if that run is dead, remove \
         {}",
        shown(path),
        shown(file)
    )]
    Owned {
        /// The folder.
        path: PathBuf,
        /// The process.
        by: String,
        /// The file that names it.
        file: PathBuf,
    },
}

impl Folder {
    /// Makes the folder and the folder for unfinished work, and keeps other runs out. Calls `on_note` if it cannot use
    /// locks.
    ///
    /// # Errors
    /// If another run uses the folder, or a file that is not a journal is in place of the journal.
    pub fn hold(&self, sharing: Sharing, on_note: &dyn Fn(&str)) -> Result<Held<'_>, HoldError> {
        for _ in 1..TRIES {
            match self.try_hold(sharing, on_note) {
                // Another run has removed its unfinished work between two steps of this one.
                Err(HoldError::Folder(error)) if error.source.kind() == io::ErrorKind::NotFound => {}
                Ok(None) => {}
                Ok(Some(held)) => return Ok(held),
                Err(error) => return Err(error),
            }
        }
        self.try_hold(sharing, on_note)?.ok_or_else(|| HoldError::InUse(self.path.clone()))
    }

    fn try_hold(&self, sharing: Sharing, on_note: &dyn Fn(&str)) -> Result<Option<Held<'_>>, HoldError> {
        self.create()?;
        let partial = self.dir().and_then(|dir| place::make_dir(dir, Path::new(PARTIAL)));
        let partial = partial.map_err(self.failed("use", PARTIAL))?;
        let name = Path::new(PARTIAL).join(JOURNAL);
        let failed = || self.failed("use", &name.to_string_lossy());
        let journal = open_journal(&partial).map_err(failed())?;
        let file = journal.try_clone().map_err(failed())?.into_std();
        let locked = match sharing {
            Sharing::Alone => file.try_lock(),
            Sharing::SameBytes => file.try_lock_shared(),
        };
        let owner = match (locked, sharing) {
            (Err(TryLockError::WouldBlock), _) => return Err(HoldError::InUse(self.path.clone())),
            (Err(TryLockError::Error(error)), _) if !has_no_locks(&error) => return Err(failed()(error).into()),
            (Err(TryLockError::Error(error)), Sharing::Alone) => {
                Some(self.own_without_locks(&partial, &error, on_note)?)
            }
            // Locks may be limited to one machine.
            (Ok(()), _) | (Err(_), Sharing::SameBytes) => self.owner_beside_lock(&partial, sharing)?,
        };
        let is_there = place::is_still_there(&partial, Path::new(JOURNAL), &journal);
        if !matches!(is_there, Ok(true)) {
            if let Some(owner) = owner {
                // If that fails, the next try says whose file it is.
                let _ = owner.release(&partial);
            }
            return is_there.map(|_| None).map_err(|error| failed()(error).into());
        }
        if sharing == Sharing::Alone {
            // A failure here is reported when the folder is removed.
            let _ = place::remove_drafts(&partial);
        }
        Ok(Some(Held { folder: self, sharing, partial, journal: Some(journal), owner }))
    }

    /// Refuses a folder that a process uses without a lock. One that is alone takes the place of a dead one.
    fn owner_beside_lock(&self, partial: &Dir, sharing: Sharing) -> Result<Option<Owner>, HoldError> {
        match (Owner::present(partial), sharing) {
            (Present::Nobody, _) => Ok(None),
            (Present::Dead(_), Sharing::Alone) => Ok(Some(self.own(partial)?)),
            (Present::Dead(_), Sharing::SameBytes) => {
                let released = self.own(partial)?.release(partial);
                Ok(released.map(|()| None).map_err(self.failed("remove", &format!("{PARTIAL}/{OWNER}")))?)
            }
            (Present::Somebody(by), _) => Err(self.owned(by)),
        }
    }

    fn own_without_locks(&self, partial: &Dir, why: &io::Error, on_note: &dyn Fn(&str)) -> Result<Owner, HoldError> {
        let owner = self.own(partial)?;
        let (path, file) = (shown(&self.path), shown(&self.path.join(PARTIAL).join(OWNER)));
        on_note(&format!("note: the file system of {path} has no locks ({why}): {file} keeps other runs out"));
        Ok(owner)
    }

    fn own(&self, partial: &Dir) -> Result<Owner, HoldError> {
        let path = self.path.join(PARTIAL).join(OWNER);
        match Owner::become_it(partial, &path) {
            Ok(Ok(owner)) => Ok(owner),
            Ok(Err(by)) => Err(self.owned(by)),
            Err(source) => Err(FolderError { action: "write", path, source }.into()),
        }
    }

    fn owned(&self, by: String) -> HoldError {
        HoldError::Owned { path: self.path.clone(), by, file: self.path.join(PARTIAL).join(OWNER) }
    }

    /// Whether a run has left unfinished work here.
    pub fn has_unfinished_work(&self) -> bool {
        let name = format!("{PARTIAL}/{JOURNAL}");
        self.read_start(&name).is_ok_and(|start| !start.is_empty() && Journal::is_one(&start))
    }

    /// The identity of the experiment whose unfinished work is here.
    pub fn unfinished_identity(&self) -> Option<[u8; 32]> {
        Journal::identity(&self.read_start(&format!("{PARTIAL}/{JOURNAL}")).ok()?)
    }

    /// Whether there is a folder for unfinished work of any program.
    pub fn has_partial(&self) -> bool {
        self.has(PARTIAL)
    }

    /// The first bytes of a file, as many as a journal has before its records.
    fn read_start(&self, name: &str) -> io::Result<Vec<u8>> {
        self.at(name, |dir, name| {
            let mut options = OpenOptions::new();
            options.read(true);
            start_of(&place::open_file(dir, name, options)?)
        })
    }
}

/// The first bytes of a file, without moving its position.
fn start_of(file: &File) -> io::Result<Vec<u8>> {
    use std::io::{Read, Seek};
    let mut file = file;
    file.rewind()?;
    let mut start = Vec::new();
    file.take(Journal::HEAD as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// Opens the journal, or makes an empty one; another file is left alone.
fn open_journal(partial: &Dir) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    let file = place::open_file(partial, Path::new(JOURNAL), options)?;
    if file.metadata()?.nlink() > 1 {
        return Err(io::Error::other("the file has other names, too (hard links): move it away"));
    }
    Ok(file)
}

/// Whether a file system says that it has no locks, or that its lock service does not answer.
fn has_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) {
        return true;
    }
    error.kind() == io::ErrorKind::Unsupported
}

impl Held<'_> {
    /// A handle of the journal.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn journal(&self) -> Result<std::fs::File, FolderError> {
        let Some(journal) = &self.journal else { unreachable!("it is taken at the end only") };
        let failed = self.folder.failed("use", &format!("{PARTIAL}/{JOURNAL}"));
        journal.try_clone().map(File::into_std).map_err(failed)
    }

    /// Removes the unfinished work, and lets other runs in. All handles of the journal are closed by now. Other files
    /// stay, and the folder with them.
    ///
    /// # Errors
    /// If a file cannot be removed; the next run with nothing to do removes it.
    pub fn finish(mut self) -> Result<(), FolderError> {
        let failed = self.folder.failed("remove", PARTIAL);
        self.remove_all().map_err(failed)
    }

    fn remove_all(&mut self) -> io::Result<()> {
        let mut outcome = place::remove_drafts(&self.partial);
        if let Some(journal) = self.journal.take() {
            let is_ours = start_of(&journal).is_ok_and(|start| Journal::is_one(&start));
            // Removed under the lock and closed after it: a network file system keeps an open file under another name.
            if is_ours {
                outcome = outcome.and(place::remove_file(&self.partial, Path::new(JOURNAL)));
            }
            drop(journal);
            if let Some(owner) = self.owner.take() {
                outcome = outcome.and(owner.release(&self.partial));
            }
            if !is_ours {
                return outcome;
            }
        }
        outcome.and_then(|()| match self.folder.dir()?.remove_dir(PARTIAL) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            // The next run already uses it.
            Err(_) if self.partial.symlink_metadata(JOURNAL).is_ok() => Ok(()),
            // Another merge writes what is there by now, and removes the folder.
            Err(error) if self.sharing == Sharing::SameBytes && error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                Ok(())
            }
            outcome => outcome,
        })
    }
}

impl Drop for Held<'_> {
    /// An unfinished run keeps its work, if it has begun any.
    fn drop(&mut self) {
        let is_empty = self.journal.as_ref().is_some_and(|file| file.metadata().is_ok_and(|facts| facts.len() == 0));
        if is_empty {
            // The run has failed and reports why; this error would only hide it.
            let _ = self.remove_all();
        } else if let Some(owner) = self.owner.take() {
            let _ = owner.release(&self.partial);
        }
    }
}
