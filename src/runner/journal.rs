//! The journal: every finished job, so that an interrupted run goes on where it was.
//!
//! A file of records that is only ever appended to. A record that was cut off, and all behind it, is dropped at the
//! next start. The file is locked by the operating system while a run uses it; the lock ends with the process, however
//! it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::Totals;

/// What all journals of whole runs begin with.
const KIND: &[u8; 14] = b"cometsim-jobs-";
/// The number goes up with every change of what [`Totals`] keeps, so that an older record is refused and not misread.
const MAGIC: &[u8; 16] = b"cometsim-jobs-5\n";
/// Unfinished work of a smoke run is only there to be replaced.
const QUICK_MAGIC: &[u8; 16] = b"cometsim-quick5\n";
const IDENTITY_BYTES: usize = 32;

/// Finished jobs on disk, or nowhere.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<(File, PathBuf)>,
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
    /// The journal belongs to another experiment, or was written by another version.
    #[error(
        "{} holds unfinished work of a different experiment, of other replications, or of another version of cometsim: \
         finish it with the command that began it, choose another folder with --out, or add --fresh to discard it",
        path.display()
    )]
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
        let magic = if is_quick { QUICK_MAGIC } else { MAGIC };
        let header = [magic.as_slice(), identity.as_slice()].concat();
        let mut found = Vec::new();
        if !is_fresh {
            (&file).take(header.len() as u64).read_to_end(&mut found).map_err(failed)?;
        }
        if found != header {
            if found.len() == header.len() && found.starts_with(KIND) {
                return Err(JournalError::OtherExperiment { path: path.to_owned() });
            }
            file.set_len(0).map_err(failed)?;
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            file.write_all(&header).map_err(failed)?;
        }
        Ok(Journal { file: Some((file, path.to_owned())) })
    }

    /// Hands out the jobs that were finished before, with their totals, one after the other; drops what was cut off.
    /// Comes before the first [`Journal::save`].
    ///
    /// # Errors
    /// If the journal cannot be read or cut.
    pub fn replay(&mut self, mut on_job: impl FnMut(u64, &Totals)) -> Result<(), JournalError> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let failed = |source| JournalError::File { path: path.clone(), source };
        let mut valid = (MAGIC.len() + IDENTITY_BYTES) as u64;
        let whole = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.seek(SeekFrom::Start(valid)).map_err(failed)?;
        let mut reader = BufReader::new(&*file);
        while let Some((job, totals, length)) = read_record(&mut reader, whole - valid).map_err(failed)? {
            on_job(job, &totals);
            valid += length;
        }
        file.set_len(valid).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(())
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

/// The next record: its job, its totals and its length in bytes; `None` where it was cut off or altered. `left` bytes are
/// left in the file.
fn read_record(reader: &mut impl Read, left: u64) -> io::Result<Option<(u64, Totals, u64)>> {
    const HEAD: usize = 8 + 32;
    if left < HEAD as u64 {
        return Ok(None);
    }
    let mut head = [0; HEAD];
    reader.read_exact(&mut head)?;
    let (length, digest) = head.split_at(8);
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | u64::from(*byte));
    if length > left - HEAD as u64 {
        return Ok(None);
    }
    let mut payload = vec![0; length as usize];
    reader.read_exact(&mut payload)?;
    if Sha256::digest(&payload).as_slice() != digest {
        return Ok(None);
    }
    let Ok((job, totals)) = postcard::from_bytes(&payload) else { return Ok(None) };
    Ok(Some((job, totals, HEAD as u64 + length)))
}
