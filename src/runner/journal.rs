//! The journal: every finished job, so that an interrupted run continues.
//!
//! A file of records that only grows. A record that was cut off, and all after it, is dropped at the next start. The
//! caller keeps other runs out of the file, and makes sure that it is a regular file of this program.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::Totals;
use crate::terminal::shown;

/// The first bytes of journals of whole runs.
const KIND: &[u8; 14] = b"cometsim-jobs-";
/// The first bytes of journals of smoke runs.
const QUICK_KIND: &[u8; 14] = b"cometsim-quick";
/// The number rises with every change of the fields of [`Totals`], so that an older record is refused and not misread.
const MAGIC: &[u8; 16] = b"cometsim-jobs-6\n";
/// Unfinished work of a smoke run may always be replaced.
const QUICK_MAGIC: &[u8; 16] = b"cometsim-quick6\n";
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
    #[error("cannot use {}", shown(path))]
    File {
        /// The journal.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not a journal.
    #[error(
        "{} is no journal of cometsim, and is left as it is: move it away, or choose another folder with --out",
        shown(path)
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The journal belongs to another experiment, or was written by another version.
    #[error(
        "{} holds unfinished work of a different experiment, of other replications, or of another version of cometsim: \
         finish it with the command that began it, choose another folder with --out, or add --fresh to discard it",
        shown(path)
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

    /// Bytes before the records.
    pub const HEAD: usize = MAGIC.len() + IDENTITY_BYTES;

    /// Whether a file that begins like this is a journal of any version, or empty.
    pub fn is_one(start: &[u8]) -> bool {
        let is_of = |kind: &[u8]| start.starts_with(kind) || kind.starts_with(start);
        is_of(KIND) || is_of(QUICK_KIND)
    }

    /// Opens the file at `path` as the journal of the experiment with this `identity`, which no other run uses; with
    /// `is_fresh` its contents are discarded.
    ///
    /// # Errors
    /// If it belongs to another experiment, is not a journal, or cannot be read or written.
    pub fn open(
        mut file: File,
        path: &Path,
        identity: &[u8; IDENTITY_BYTES],
        is_quick: bool,
        is_fresh: bool,
    ) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        let magic = if is_quick { QUICK_MAGIC } else { MAGIC };
        let header = [magic.as_slice(), identity.as_slice()].concat();
        let mut found = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        (&file).take(Journal::HEAD as u64).read_to_end(&mut found).map_err(failed)?;
        if !Journal::is_one(&found) {
            return Err(JournalError::Foreign { path: path.to_owned() });
        }
        if is_fresh || found != header {
            if !is_fresh && found.len() == header.len() && found.starts_with(KIND) {
                return Err(JournalError::OtherExperiment { path: path.to_owned() });
            }
            file.set_len(0).map_err(failed)?;
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            file.write_all(&header).map_err(failed)?;
            // After a power failure the file is empty or a journal, and not something else.
            match file.sync_all() {
                Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                    return Err(failed(error));
                }
                _ => {}
            }
        }
        Ok(Journal { file: Some((file, path.to_owned())) })
    }

    /// Returns the jobs that were finished before, with their totals, one after the other; drops a record that was cut
    /// off. Comes before the first [`Journal::save`].
    ///
    /// # Errors
    /// If the journal cannot be read or cut.
    pub fn replay(&mut self, mut on_job: impl FnMut(u64, &Totals)) -> Result<(), JournalError> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let failed = |source| JournalError::File { path: path.clone(), source };
        let mut valid = Journal::HEAD as u64;
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

/// The next record: its job, its totals and its length in bytes; `None` if it was cut off or altered. `left` bytes are
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_somebody_else_is_left_as_it_is() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("jobs");
        let open = |is_fresh| {
            let file = File::options().read(true).write(true).create(true).truncate(false).open(&path).unwrap();
            Journal::open(file, &path, &[7; IDENTITY_BYTES], false, is_fresh)
        };
        let header = [MAGIC.as_slice(), &[7; IDENTITY_BYTES]].concat();
        for foreign in ["a shopping list\n".as_bytes(), b"c ", b"\0", b"cometsim-job\n", &[0; 100]] {
            std::fs::write(&path, foreign).unwrap();
            assert!(matches!(open(false), Err(JournalError::Foreign { .. })));
            assert!(matches!(open(true), Err(JournalError::Foreign { .. })));
            assert_eq!(std::fs::read(&path).unwrap(), foreign);
        }
        // Empty, cut off in the header, of a smoke run, of an older version's smoke run.
        let older = [b"cometsim-quick4\n".as_slice(), &[9; 200]].concat();
        let quick = [QUICK_MAGIC.as_slice(), &[9; 200]].concat();
        for ours in [b"".as_slice(), b"comet", &header[..20], &older, &quick] {
            std::fs::write(&path, ours).unwrap();
            assert!(open(false).is_ok(), "{ours:?}");
            assert_eq!(std::fs::read(&path).unwrap(), header);
        }
        for other in [b"cometsim-jobs-4\n".as_slice(), MAGIC] {
            std::fs::write(&path, [other, &[9; 200]].concat()).unwrap();
            assert!(matches!(open(false), Err(JournalError::OtherExperiment { .. })));
            assert!(open(true).is_ok());
            assert_eq!(std::fs::read(&path).unwrap(), header);
        }
    }
}
