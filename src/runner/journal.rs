//! The journal: every finished job, so that an interrupted run continues.
//!
//! A file of records that only grows. A record that was cut off, and all after it, is dropped at the next start. The
//! caller keeps other runs out of the file, and makes sure that it is a regular file of this program.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::part::PartError;
use super::parts::TaskParts;
use super::record::{self, RecordName, RecordPlaces};
use super::store::Store;
use crate::experiment::RunKey;
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
    /// The records in the file.
    places: RecordPlaces,
    /// The jobs of an earlier run, which is finished.
    earlier: Store,
    /// The jobs that tasks have finished, if tasks do all the work.
    parts: Option<TaskParts>,
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
        "{} holds unfinished work of a different experiment, or of another version of cometsim: \
         finish it with the command that began it, choose another folder with --out, or add --fresh to discard it",
        shown(path)
    )]
    OtherExperiment {
        /// The journal.
        path: PathBuf,
    },
    /// The part of a task cannot be used.
    #[error(transparent)]
    Part(#[from] PartError),
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

    /// The identity of the experiment of a journal of this version that begins like this.
    pub fn identity(start: &[u8]) -> Option<[u8; IDENTITY_BYTES]> {
        let (magic, rest) = start.split_at_checked(MAGIC.len())?;
        if [MAGIC, QUICK_MAGIC].iter().any(|known| magic == known.as_slice()) { rest.try_into().ok() } else { None }
    }

    /// Opens the file at `path` as the journal of the experiment with this `identity`, which no other run uses; with
    /// `is_fresh` its contents are discarded.
    ///
    /// # Errors
    /// If it belongs to another experiment, is not a journal, or cannot be read or written.
    pub fn open(
        file: File,
        path: &Path,
        identity: &[u8; IDENTITY_BYTES],
        is_quick: bool,
        is_fresh: bool,
    ) -> Result<Journal, JournalError> {
        begin(&file, path, (identity, is_quick), is_fresh)?;
        let mut journal = Journal { file: Some((file, path.to_owned())), ..Journal::default() };
        journal.find_records()?;
        Ok(journal)
    }

    /// Makes the file at `path` say that the experiment with this `identity` is not finished; no job is read or saved.
    /// Any number of processes may do this at once for one experiment.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn mark(file: &File, path: &Path, identity: &[u8; IDENTITY_BYTES], is_quick: bool) -> Result<(), JournalError> {
        begin(file, path, (identity, is_quick), false)
    }

    /// The same with the jobs of an earlier run, which is finished.
    #[must_use]
    pub fn with_earlier(self, earlier: Store) -> Journal {
        Journal { earlier, ..self }
    }

    /// The same with the jobs of tasks, which do all the work: what is lacking is not simulated.
    #[must_use]
    pub fn with_parts(self, parts: TaskParts) -> Journal {
        Journal { parts: Some(parts), ..self }
    }

    /// Whether tasks do all the work, so that nothing is simulated beyond what is here.
    pub fn is_final(&self) -> bool {
        self.parts.is_some()
    }

    /// How many replications of a scenario an earlier run has left, from the first one on.
    pub fn earlier(&self, key: RunKey) -> u32 {
        (0..u32::MAX).find(|number| self.earlier.record(&(key, *number)).is_none()).unwrap_or(u32::MAX)
    }

    /// Finds the records in the file, and drops one that was cut off.
    fn find_records(&mut self) -> Result<(), JournalError> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let failed = |source| JournalError::File { path: path.clone(), source };
        let start = Journal::HEAD as u64;
        let whole = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        let (places, end) = record::places(&mut BufReader::new(&*file), start, whole).map_err(failed)?;
        self.places = places;
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(())
    }

    /// The totals of a job that was finished before.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn totals(&self, name: &RecordName) -> Result<Option<Totals>, JournalError> {
        Ok(self.record(name)?.and_then(|record| record::totals(&record)))
    }

    fn record(&self, name: &RecordName) -> Result<Option<Cow<'_, [u8]>>, JournalError> {
        let (Some((start, length)), Some((file, path))) = (self.places.get(name), &self.file) else {
            return match (self.earlier.record(name), &self.parts) {
                (None, Some(parts)) => Ok(parts.record(name)?.map(Cow::Owned)),
                (record, _) => Ok(record.map(Cow::Borrowed)),
            };
        };
        let mut record = vec![0; *length];
        let mut file = file;
        let read = file.seek(SeekFrom::Start(*start)).and_then(|_| file.read_exact(&mut record));
        read.map_err(|source| JournalError::File { path: path.clone(), source })?;
        Ok(Some(Cow::Owned(record)))
    }

    /// Adds a finished job.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, name: RecordName, totals: &Totals) -> Result<(), JournalError> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let failed = |source| JournalError::File { path: path.clone(), source };
        let record = record::record(name, totals).map_err(failed)?;
        let start = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.write_all(&record).map_err(failed)?;
        self.places.insert(name, (start, record.len()));
        Ok(())
    }

    /// The store of these jobs, in this order; `None` if one is missing, or if it would have more than `most` bytes.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn store(&self, names: impl Iterator<Item = RecordName>, most: usize) -> Result<Option<Vec<u8>>, JournalError> {
        let mut bytes = Store::head();
        for name in names {
            let Some(record) = self.record(&name)? else { return Ok(None) };
            bytes.extend(record.iter());
            if bytes.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }
}

/// Writes the bytes before the records, unless they are there.
fn begin(
    mut file: &File,
    path: &Path,
    (identity, is_quick): (&[u8; IDENTITY_BYTES], bool),
    is_fresh: bool,
) -> Result<(), JournalError> {
    let failed = |source| JournalError::File { path: path.to_owned(), source };
    let magic = if is_quick { QUICK_MAGIC } else { MAGIC };
    let header = [magic.as_slice(), identity.as_slice()].concat();
    let mut found = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    file.take(Journal::HEAD as u64).read_to_end(&mut found).map_err(failed)?;
    if !Journal::is_one(&found) {
        return Err(JournalError::Foreign { path: path.to_owned() });
    }
    if !is_fresh && found == header {
        return Ok(());
    }
    if !is_fresh && found.len() == header.len() && found.starts_with(KIND) {
        return Err(JournalError::OtherExperiment { path: path.to_owned() });
    }
    file.set_len(0).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    file.write_all(&header).map_err(failed)?;
    // After a power failure the file is empty or a journal, and not something else.
    match file.sync_all() {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(failed(error))
        }
        _ => Ok(()),
    }
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
        let older = [b"cometsim-quick5\n".as_slice(), &[9; 200]].concat();
        let quick = [QUICK_MAGIC.as_slice(), &[9; 200]].concat();
        for ours in [b"".as_slice(), b"comet", &header[..20], &older, &quick] {
            std::fs::write(&path, ours).unwrap();
            assert!(open(false).is_ok(), "{ours:?}");
            assert_eq!(std::fs::read(&path).unwrap(), header);
        }
        for other in [b"cometsim-jobs-5\n".as_slice(), MAGIC] {
            std::fs::write(&path, [other, &[9; 200]].concat()).unwrap();
            assert!(matches!(open(false), Err(JournalError::OtherExperiment { .. })));
            assert!(open(true).is_ok());
            assert_eq!(std::fs::read(&path).unwrap(), header);
        }
    }
}
