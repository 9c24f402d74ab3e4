//! The owner of a folder on a file system without locks: a file that names the process that uses it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};

use super::place::{self, Draft};
use crate::report::clock::utc;
use crate::terminal::without_controls;

/// Name of the file that names the owner.
pub(super) const OWNER: &str = "owner";
/// Name of the file that is there while the file of a dead owner is replaced.
const HEIR: &str = "heir";

/// The files of this process that name it as an owner.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Releases all folders that this process owns by a file, before it exits without returning.
pub fn release_all() {
    for path in std::mem::take(&mut *HELD.lock().unwrap_or_else(PoisonError::into_inner)) {
        // If that fails, the next run finds that the owner is dead.
        let _ = fs::remove_file(path);
    }
}

/// A process that uses a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerProcess {
    /// Name of the machine.
    host: String,
    /// Start of the machine and its process namespace, if known: process numbers are comparable if both are equal.
    space: String,
    /// Its number.
    number: u32,
    /// When it started, in a unit of the system; empty if unknown. Process numbers are reused.
    started: String,
    /// When it became the owner, in UTC.
    since: String,
}

/// The owner of a folder.
#[derive(Debug)]
pub(super) enum Present {
    /// No process.
    Nobody,
    /// A dead process of this machine.
    Dead(String),
    /// A live process, or one of another machine; in words.
    Somebody(String),
}

/// This process as the owner of a folder.
#[derive(Debug)]
pub(super) struct Owner {
    path: PathBuf,
}

impl Owner {
    /// The owner of the folder with its unfinished work in `partial`.
    pub fn present(partial: &Dir) -> Present {
        let text = match place::read(partial, Path::new(OWNER)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Present::Nobody,
            Err(error) => return Present::Somebody(format!("its owner is not known ({error})")),
        };
        let Some(process) = OwnerProcess::parse(&text) else {
            return Present::Somebody("its owner is not known".to_owned());
        };
        if process.is_dead() { Present::Dead(text) } else { Present::Somebody(process.in_words()) }
    }

    /// Makes this process the owner, if there is none or a dead one; else returns the owner in words. `path` is the
    /// path of the file.
    pub fn become_it(partial: &Dir, path: &Path) -> io::Result<Result<Owner, String>> {
        let text = OwnerProcess::this().to_text()?;
        let dead = match Owner::present(partial) {
            Present::Somebody(by) => return Ok(Err(by)),
            Present::Nobody => return Owner::write(partial, path, &text),
            Present::Dead(dead) => dead,
        };
        // Only one process replaces the dead owner, and only the owner that it has seen.
        let heir = Path::new(HEIR);
        if !write_new(partial, heir, &text)? {
            return Ok(Err(format!(
                "it takes over from a dead one, as {HEIR} beside the file says: if it is dead too, remove both"
            )));
        }
        let outcome = match Owner::present(partial) {
            Present::Dead(still) if still == dead => {
                place::remove_file(partial, Path::new(OWNER)).and_then(|()| Owner::write(partial, path, &text))
            }
            Present::Nobody => Owner::write(partial, path, &text),
            Present::Dead(_) => Ok(Err("another one has just died".to_owned())),
            Present::Somebody(by) => Ok(Err(by)),
        };
        place::remove_file(partial, heir)?;
        outcome
    }

    fn write(partial: &Dir, path: &Path, text: &str) -> io::Result<Result<Owner, String>> {
        if !write_new(partial, Path::new(OWNER), text)? {
            return Ok(Err("it has just begun".to_owned()));
        }
        HELD.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        Ok(Ok(Owner { path: path.to_owned() }))
    }

    /// Ends it.
    pub fn release(self, partial: &Dir) -> io::Result<()> {
        HELD.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
        place::remove_file(partial, Path::new(OWNER))
    }
}

/// Writes a file that appears whole. Returns whether it was new.
fn write_new(partial: &Dir, name: &Path, text: &str) -> io::Result<bool> {
    let draft = Draft::new(partial, text.as_bytes())?;
    let made = draft.link(name).or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Err(error),
        // On a file system without hard links the file is empty for an instant.
        _ => {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            let mut file = partial.open_with(name, &options)?;
            io::Write::write_all(&mut file, text.as_bytes())
        }
    });
    match made {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

impl OwnerProcess {
    /// This process.
    pub fn this() -> OwnerProcess {
        let number = std::process::id();
        let started = state_of(number).map(|(_, started)| started).unwrap_or_default();
        OwnerProcess { host: host(), space: space(), number, started, since: utc(SystemTime::now()) }
    }

    /// The process as it is written to a file.
    ///
    /// # Errors
    /// Does not fail.
    pub fn to_text(&self) -> io::Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// The process that was written to a file.
    pub fn parse(text: &str) -> Option<OwnerProcess> {
        serde_json::from_str(text).ok()
    }

    /// A name for files of this process.
    pub fn file_name(&self) -> String {
        let host = self.host.replace(|c: char| !(c.is_ascii_alphanumeric() || c == '-'), "_");
        format!("{host}-{}", self.number)
    }

    /// The process in words.
    pub fn in_words(&self) -> String {
        let words = format!("process {} on {}, since {}", self.number, self.host, self.since);
        without_controls(&words, |_| false)
    }

    /// Whether this machine tells if it lives.
    pub fn is_here(&self) -> bool {
        (&self.host, &self.space) == (&host(), &space()) && can_tell()
    }

    /// Whether it is a dead process of this machine. For another machine this is unknown.
    pub fn is_dead(&self) -> bool {
        if !self.is_here() {
            return false;
        }
        match state_of(self.number) {
            Some((state, started)) => ["Z", "X"].contains(&state.as_str()) || started != self.started,
            None => !is_alive(self.number),
        }
    }
}

/// Name of this machine; empty if it has none.
fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").unwrap_or_default();
}

/// Start of this machine and its process namespace; known on Linux only.
fn space() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let numbers = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {}", boot.trim(), numbers.display()).trim().to_owned()
}

/// Whether this system tells which processes live.
const fn can_tell() -> bool {
    cfg!(unix)
}

/// State and start of a process, if `/proc` has them: fields 3 and 22 of proc(5).
fn state_of(process: u32) -> Option<(String, String)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?.to_owned();
    Some((state, fields.nth(18)?.to_owned()))
}

/// Whether the system knows a process of this number.
fn is_alive(process: u32) -> bool {
    #[cfg(unix)]
    {
        let number = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
        let Some(number) = number else { return false };
        rustix::process::test_kill_process(number) != Err(rustix::io::Errno::SRCH)
    }
    #[cfg(not(unix))]
    {
        let _ = process;
        true
    }
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    fn partial() -> (tempfile::TempDir, Dir) {
        let scratch = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(scratch.path(), ambient_authority()).unwrap();
        (scratch, dir)
    }

    fn write(dir: &Dir, process: &OwnerProcess) {
        dir.write(OWNER, serde_json::to_string(process).unwrap()).unwrap();
    }

    #[test]
    fn one_process_owns_a_folder() {
        let (scratch, dir) = partial();
        let path = scratch.path().join(OWNER);
        let owner = Owner::become_it(&dir, &path).unwrap().unwrap();
        let second = Owner::become_it(&dir, &path).unwrap().unwrap_err();
        assert!(second.starts_with(&format!("process {} on ", std::process::id())), "{second}");
        owner.release(&dir).unwrap();
        assert_eq!(dir.entries().unwrap().count(), 0);
    }

    #[test]
    fn a_dead_owner_of_this_machine_is_followed_by_the_next() {
        let (scratch, dir) = partial();
        let dead = OwnerProcess { number: i32::MAX as u32, ..OwnerProcess::this() };
        write(&dir, &dead);
        assert!(matches!(Owner::present(&dir), Present::Dead(_)));
        assert!(Owner::become_it(&dir, &scratch.path().join(OWNER)).unwrap().is_ok());
        assert!(matches!(Owner::present(&dir), Present::Somebody(_)));
        assert_eq!(dir.entries().unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_number_that_is_used_again_is_another_process() {
        let (_scratch, dir) = partial();
        write(&dir, &OwnerProcess { started: "1".to_owned(), ..OwnerProcess::this() });
        assert!(matches!(Owner::present(&dir), Present::Dead(_)));
    }

    #[test]
    fn of_an_owner_elsewhere_nobody_knows_whether_it_lives() {
        let (scratch, dir) = partial();
        for elsewhere in [
            OwnerProcess { host: "another".to_owned(), number: i32::MAX as u32, ..OwnerProcess::this() },
            OwnerProcess { space: "another".to_owned(), number: i32::MAX as u32, ..OwnerProcess::this() },
        ] {
            write(&dir, &elsewhere);
            let by = Owner::become_it(&dir, &scratch.path().join(OWNER)).unwrap().unwrap_err();
            assert!(by.contains(&format!("on {}, since 20", elsewhere.host)), "{by}");
        }
        dir.write(OWNER, "{").unwrap();
        assert!(matches!(Owner::present(&dir), Present::Somebody(_)));
    }
}
