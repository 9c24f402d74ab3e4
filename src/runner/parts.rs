//! The parts of all tasks: their records, found by replication.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::part::{BodyPlace, PartError, PartFile, PartHead, PieceName, read_at, record_body};
use super::record::{self, RecordName};

/// The parts of all tasks. Only the places of their records are kept in memory.
#[derive(Clone, Debug, Default)]
pub struct TaskParts {
    files: Vec<PathBuf>,
    /// The records of each replication, in the order of their shards.
    places: BTreeMap<RecordName, Vec<PiecePlace>>,
}

/// Where some shards of a replication are.
#[derive(Clone, Copy, Debug)]
struct PiecePlace {
    shards: Option<(u64, u64)>,
    file: usize,
    body: BodyPlace,
}

impl TaskParts {
    /// Adds the part at `path`, which must have this `head` and exactly these `pieces`, in any order.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or is another part.
    pub fn add(&mut self, path: &Path, head: &PartHead, mut pieces: Vec<PieceName>) -> Result<(), PartError> {
        let part = PartFile::open(path)?;
        check_head(path, &part.head, head)?;
        let mut names: Vec<PieceName> = part.records.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        pieces.sort_unstable();
        if !part.is_sealed || names != pieces {
            return Err(PartError::Damaged { path: path.to_owned() });
        }
        let file = self.files.len();
        self.files.push(path.to_owned());
        for (name, body) in part.records {
            let places = self.places.entry(name.of).or_default();
            places.push(PiecePlace { shards: name.shards, file, body });
            places.sort_by_key(|place| place.shards);
        }
        Ok(())
    }

    /// The record of a replication as a journal has it; `None` if it is not here.
    ///
    /// # Errors
    /// If a part cannot be read any more.
    pub(super) fn record(&self, name: &RecordName) -> Result<Option<Vec<u8>>, PartError> {
        let mut whole = None;
        for place in self.places.get(name).into_iter().flatten() {
            let path = &self.files[place.file];
            let failed = |source| PartError::File { path: path.clone(), source };
            let damaged = || PartError::Damaged { path: path.clone() };
            let body = File::open(path).and_then(|mut file| read_at(&mut file, place.body)).map_err(failed)?;
            let body = record_body(&body).ok_or_else(damaged)?;
            if place.shards.is_none() {
                return Ok(Some(record::framed(body)));
            }
            let totals = record::body_totals(body).ok_or_else(damaged)?;
            match &mut whole {
                None => whole = Some(totals),
                Some(whole) => whole.merge(&totals),
            }
        }
        let Some(mut whole) = whole else { return Ok(None) };
        whole.complete();
        let failed = |source| PartError::File { path: PathBuf::new(), source };
        record::record(*name, &whole).map(Some).map_err(failed)
    }
}

/// Refuses a part with another head.
///
/// # Errors
/// Says what it belongs to.
pub(super) fn check_head(path: &Path, found: &PartHead, expected: &PartHead) -> Result<(), PartError> {
    let what = if found == expected {
        return Ok(());
    } else if found.results_version != expected.results_version {
        format!("of results version {}, and the plan is of version {}", found.results_version, expected.results_version)
    } else if found.program != expected.program {
        format!("of cometsim {}, and the plan is of cometsim {}", found.program, expected.program)
    } else if found.identity != expected.identity {
        "of another experiment".to_owned()
    } else if found.plan != expected.plan {
        "of another plan of this experiment".to_owned()
    } else {
        format!("the part of task {} of round {}", found.task, found.round)
    };
    Err(PartError::Other { path: path.to_owned(), what })
}

impl TaskParts {
    /// The round and the task of the file at `path`, if it is a part; `None` for another file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn task_of(path: &Path) -> Result<Option<(u32, u32)>, PartError> {
        match PartFile::head_of(path) {
            Ok(head) => Ok(Some((head.round, head.task))),
            Err(PartError::Foreign { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
