//! A part: the replications, or shards of them, that one task has simulated, as a file.
//!
//! Records follow the head as they end. The last record is the seal, with a SHA-256 over the heads of all records, which
//! have the SHA-256 of their bodies. A file without a seal is the work of a task that has not ended: it is good up to
//! the first record that was cut off.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::record::{self, RecordName};
use crate::model::Totals;
use crate::terminal::shown;

/// The first bytes. The number rises with every change of the fields of [`Totals`].
const MAGIC: &[u8; 16] = b"cometsim-part-1\n";
/// Most bytes of a head.
const MOST_HEAD: u32 = 4096;
/// Most bytes that are read from a file at once.
const READ_AT_ONCE: usize = 1 << 20;
/// The first byte of a body: simulated shards, or the seal.
const PIECE: u8 = 0;
const SEAL: u8 = 1;
/// Bytes of a body before the name of the replication: its kind, its first shard and the one after its last.
const BEFORE_NAME: usize = 1 + 8 + 8;

/// What a part belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHead {
    /// Digest of the experiment.
    pub identity: [u8; 32],
    /// Version of the results.
    pub results_version: u32,
    /// Version and commit of the program.
    pub program: String,
    /// Digest of the plan and of the round.
    pub plan: [u8; 32],
    /// Number of the round.
    pub round: u32,
    /// Number of the task.
    pub task: u32,
}

/// The replication of a record in a part, and which shards of it there are; `None`: all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PieceName {
    /// The replication.
    pub of: RecordName,
    /// The first shard and the one after the last.
    pub shards: Option<(u64, u64)>,
}

/// Why a part cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// Reading or writing failed.
    #[error("cannot use {}", shown(path))]
    File {
        /// The part.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not a part.
    #[error("{} is no part of a task of this version of cometsim: remove it, and run the task again", shown(path))]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The part has no seal, or not the right one.
    #[error("{} is cut off or altered: remove it, and run the task again", shown(path))]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The part belongs to something else.
    #[error("{} is {what}: remove it, and run the task again", shown(path))]
    Other {
        /// The file.
        path: PathBuf,
        /// What it is, in words.
        what: String,
    },
}

/// The first byte and the length of a body in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BodyPlace {
    pub start: u64,
    pub length: usize,
}

/// A part that was looked through.
#[derive(Debug)]
pub(super) struct PartFile {
    pub head: PartHead,
    pub records: Vec<(PieceName, BodyPlace)>,
    pub is_sealed: bool,
}

impl PartFile {
    /// Looks through the file at `path`, at most a MiB at once.
    ///
    /// # Errors
    /// If it cannot be read, or is not a part.
    pub fn open(path: &Path) -> Result<PartFile, PartError> {
        let file = File::open(path).map_err(|source| PartError::File { path: path.to_owned(), source })?;
        PartFile::look(&file, path)
    }

    /// As [`PartFile::open`], of a file that is open, at its start.
    fn look(file: &File, path: &Path) -> Result<PartFile, PartError> {
        let failed = |source| PartError::File { path: path.to_owned(), source };
        let size = file.metadata().map_err(failed)?.len();
        let mut reader = BufReader::with_capacity(READ_AT_ONCE.min(size as usize + 1), file);
        let Some((head, mut at)) = read_head(&mut reader, size).map_err(failed)? else {
            return Err(no_head(file, path));
        };
        let mut digest = Sha256::new();
        let mut part = PartFile { head, records: Vec::new(), is_sealed: false };
        while let Some(body) = record::read_body(&mut reader, size - at).map_err(failed)? {
            let start = at + record::HEAD as u64;
            at = start + body.len() as u64;
            if body.first() == Some(&SEAL) {
                part.is_sealed = body[1..] == *digest.finalize() && at == size;
                break;
            }
            let Some(name) = piece_name(&body) else { break };
            digest.update((body.len() as u64).to_le_bytes());
            digest.update(Sha256::digest(&body));
            part.records.push((name, BodyPlace { start, length: body.len() }));
        }
        Ok(part)
    }

    /// The head of the part at `path` only.
    ///
    /// # Errors
    /// As [`PartFile::open`].
    pub fn head_of(path: &Path) -> Result<PartHead, PartError> {
        let failed = |source| PartError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let head = read_head(&mut BufReader::new(file), size).map_err(failed)?;
        head.map(|(head, _)| head).ok_or_else(|| PartError::Foreign { path: path.to_owned() })
    }
}

/// What a file without a head is.
fn no_head(mut file: &File, path: &Path) -> PartError {
    let mut start = Vec::new();
    let read = file.rewind().and_then(|()| file.take(MAGIC.len() as u64).read_to_end(&mut start));
    match (read, path.to_owned()) {
        (Err(source), path) => PartError::File { path, source },
        (Ok(_), path) if MAGIC.starts_with(&start) => PartError::Damaged { path },
        (Ok(_), path) => PartError::Foreign { path },
    }
}

/// The head, and the number of bytes before the first record.
fn read_head(reader: &mut impl Read, size: u64) -> io::Result<Option<(PartHead, u64)>> {
    let mut start = [0; MAGIC.len() + 4];
    if size < start.len() as u64 {
        return Ok(None);
    }
    reader.read_exact(&mut start)?;
    let (magic, length) = start.split_at(MAGIC.len());
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | u32::from(*byte));
    let before = start.len() as u64 + u64::from(length);
    if magic != MAGIC || length > MOST_HEAD || before > size {
        return Ok(None);
    }
    let mut head = vec![0; length as usize];
    reader.read_exact(&mut head)?;
    Ok(postcard::from_bytes(&head).ok().map(|head| (head, before)))
}

/// The name in a body; `None` if it has none.
fn piece_name(body: &[u8]) -> Option<PieceName> {
    let (before, rest) = body.split_at_checked(BEFORE_NAME)?;
    let number = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?));
    let (first, end) = (number(&before[1..9])?, number(&before[9..])?);
    let shards = if (first, end) == (0, 0) { None } else { Some((first, end)) };
    Some(PieceName { of: record::name(rest)?, shards })
}

/// A body without what comes before the name of the replication: the body of a record of a journal.
pub(super) fn record_body(body: &[u8]) -> Option<&[u8]> {
    body.get(BEFORE_NAME..)
}

/// The file in which a task keeps what it has simulated, until it is its part.
#[derive(Debug)]
pub struct PartWriter {
    file: File,
    path: PathBuf,
    digest: Sha256,
    names: BTreeSet<PieceName>,
}

impl PartWriter {
    /// Begins a part in an empty `file` at `path`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(file: File, path: PathBuf, head: &PartHead) -> Result<PartWriter, PartError> {
        let mut part = PartWriter { file, path, digest: Sha256::new(), names: BTreeSet::new() };
        let head = postcard::to_stdvec(head).map_err(|error| part.failed(io::Error::other(error)))?;
        let start = [MAGIC.as_slice(), &(head.len() as u32).to_le_bytes(), &head].concat();
        part.file.write_all(&start).map_err(|error| part.failed(error))?;
        Ok(part)
    }

    fn failed(&self, source: io::Error) -> PartError {
        PartError::File { path: self.path.clone(), source }
    }

    /// Takes over the good records of an earlier process of the same task, which may still be at work.
    ///
    /// # Errors
    /// If the part cannot be written.
    pub fn adopt(&mut self, path: &Path, head: &PartHead) -> Result<(), PartError> {
        // What cannot be read is simulated again: it may have been removed by a process that has just ended.
        let Ok(file) = File::open(path) else { return Ok(()) };
        let earlier = match PartFile::look(&file, path) {
            Ok(earlier) if earlier.head == *head => earlier,
            _ => return Ok(()),
        };
        for (name, place) in earlier.records {
            let Ok(Some(body)) = read_at(&file, place) else { return Ok(()) };
            if !self.names.contains(&name) {
                self.append(&body)?;
                self.names.insert(name);
            }
        }
        Ok(())
    }

    /// Whether these shards are there.
    pub fn has(&self, name: &PieceName) -> bool {
        self.names.contains(name)
    }

    /// Adds what was simulated.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, name: PieceName, totals: &Totals) -> Result<(), PartError> {
        let (first, end) = name.shards.unwrap_or_default();
        let mut before = vec![PIECE];
        before.extend(first.to_le_bytes());
        before.extend(end.to_le_bytes());
        let body = record::body(before, name.of, totals).map_err(|error| self.failed(error))?;
        self.append(&body)?;
        self.names.insert(name);
        Ok(())
    }

    /// Adds the body of a record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn append(&mut self, body: &[u8]) -> Result<(), PartError> {
        let record = record::framed(body);
        self.digest.update(&record[..record::HEAD]);
        self.file.write_all(&record).map_err(|error| self.failed(error))
    }

    /// Puts on the disk what is there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn sync(&self) -> Result<(), PartError> {
        self.file.sync_all().map_err(|error| self.failed(error))
    }

    /// Ends the part, which is on the disk after that.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn seal(mut self) -> Result<(), PartError> {
        self.write_seal()?;
        self.sync()
    }

    /// Ends the part, which may not be on the disk yet.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write_seal(&mut self) -> Result<(), PartError> {
        let mut body = vec![SEAL];
        body.extend(self.digest.clone().finalize());
        self.file.write_all(&record::framed(&body)).map_err(|error| self.failed(error))
    }
}

/// A body in a part; `None` if there is another one by now, or none.
pub(super) fn read_at(mut file: &File, place: BodyPlace) -> io::Result<Option<Vec<u8>>> {
    let head = record::HEAD as u64;
    file.seek(SeekFrom::Start(place.start - head))?;
    let body = match record::read_body(&mut file, head + place.length as u64) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        read => read.ok().flatten(),
    };
    Ok(body.filter(|body| body.len() == place.length))
}

/// Whether a body has this name.
pub(super) fn is_of(body: &[u8], name: PieceName) -> bool {
    piece_name(body) == Some(name)
}
