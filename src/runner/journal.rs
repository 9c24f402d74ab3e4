//! The journal: every finished job, so that an interrupted run goes on where it was.
//!
//! A file of records that is only ever appended to. A record that was cut off, and all behind it, is dropped at the
//! next start. The file is locked by the operating system while a run uses it; the lock ends with the process, however
//! it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::Totals;

const MAGIC: &[u8; 16] = b"cometsim-jobs-1\n";
/// Unfinished work of a smoke run is only there to be replaced.
const QUICK_MAGIC: &[u8; 16] = b"cometsim-quick1\n";
const IDENTITY_BYTES: usize = 32;

/// Finished jobs on disk, or nowhere.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<(File, PathBuf)>,
    finished: Vec<(u64, Totals)>,
}

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Reading or writing failed.
    #[error("cannot use {}", path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process holds the lock.
    #[error("another run is at work in {}: wait for it or choose another folder with --out", path.display())]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// The journal belongs to another experiment.
    #[error("{} holds unfinished work of a different experiment: add --fresh to discard it", path.display())]
    OtherExperiment {
        /// The journal.
        path: PathBuf,
    },
}

impl Journal {
    /// A journal that saves nothing.
    pub fn none() -> Journal {
        Journal::default()
    }

    /// Opens or creates the journal at `path` for the experiment with this `identity`; with `is_fresh` what it holds is
    /// discarded, once the lock is held.
    ///
    /// # Errors
    /// If another process uses it, if it belongs to another experiment, or if the file cannot be read or written.
    pub fn open(
        path: &Path,
        identity: &[u8; IDENTITY_BYTES],
        is_quick: bool,
        is_fresh: bool,
    ) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut bytes = Vec::new();
        if !is_fresh {
            file.read_to_end(&mut bytes).map_err(failed)?;
        }
        let magic = if is_quick { QUICK_MAGIC } else { MAGIC };
        let header = [magic.as_slice(), identity.as_slice()].concat();
        let mut finished = Vec::new();
        let valid = match bytes.strip_prefix(header.as_slice()) {
            Some(records) => header.len() + read_records(records, &mut finished),
            None if bytes.len() >= header.len() && bytes.starts_with(MAGIC) => {
                return Err(JournalError::OtherExperiment { path: path.to_owned() });
            }
            None => 0,
        };
        file.set_len(valid as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        if valid == 0 {
            file.write_all(&header).map_err(failed)?;
        }
        Ok(Journal { file: Some((file, path.to_owned())), finished })
    }

    /// The jobs that were finished before, with their totals. They are handed out once.
    pub fn take_finished(&mut self) -> Vec<(u64, Totals)> {
        std::mem::take(&mut self.finished)
    }

    /// Adds a finished job.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, job: u64, totals: &Totals) -> Result<(), JournalError> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let failed = |source| JournalError::File { path: path.clone(), source };
        file.write_all(&record(job, totals).map_err(failed)?).map_err(failed)
    }
}

/// The record of a finished job.
pub(super) fn record(job: u64, totals: &Totals) -> io::Result<Vec<u8>> {
    let payload = postcard::to_stdvec(&(job, totals)).map_err(io::Error::other)?;
    let mut record = (payload.len() as u64).to_le_bytes().to_vec();
    record.extend(Sha256::digest(&payload));
    record.extend(payload);
    Ok(record)
}

/// Reads whole records into `finished` and returns their length in bytes.
fn read_records(bytes: &[u8], finished: &mut Vec<(u64, Totals)>) -> usize {
    let mut rest = bytes;
    while let Some((record, behind)) = read_record(rest) {
        finished.push(record);
        rest = behind;
    }
    bytes.len() - rest.len()
}

fn read_record(bytes: &[u8]) -> Option<((u64, Totals), &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (digest, rest) = rest.split_first_chunk::<32>()?;
    let (payload, behind) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    if Sha256::digest(payload).as_slice() != digest {
        return None;
    }
    Some((postcard::from_bytes(payload).ok()?, behind))
}
