//! The parts of all tasks: their records, found by replication.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::part::{BodyPlace, PartError, PartFile, PartHead, PieceName, is_of, read_at, record_body};
use super::record::{self, RecordName};

/// The parts of all tasks. Only the places of their records are kept in memory.
#[derive(Clone, Debug, Default)]
pub struct TaskParts {
    files: Vec<PathBuf>,
    /// The records of each replication. Their totals merge in any order.
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
            self.places.entry(name.of).or_default().push(PiecePlace { shards: name.shards, file, body });
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
            // Another process may have put the same part in its place, with its records in another order.
            let read = File::open(path).and_then(|file| read_at(&file, place.body)).map_err(failed)?;
            let body = read.filter(|body| is_of(body, PieceName { of: *name, shards: place.shards }));
            let body = body.ok_or_else(damaged)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::RunKey;
    use crate::model::scenario::{Scenario, ShortPoll};
    use crate::model::simulate;
    use crate::runner::part::PartWriter;
    use crate::units::Time;

    fn head() -> PartHead {
        PartHead { identity: [1; 32], results_version: 2, program: "x".to_owned(), plan: [2; 32], round: 1, task: 0 }
    }

    fn name(replication: u32) -> PieceName {
        PieceName { of: (RunKey([7; 16]), replication), shards: None }
    }

    /// A part with these replications, in this order.
    fn write(path: &Path, replications: &[u32]) {
        let scenario = Scenario::new(4, ShortPoll::every(Time::from_secs(5)));
        let mut part = PartWriter::new(File::create(path).unwrap(), path.to_owned(), &head()).unwrap();
        for number in replications {
            part.save(name(*number), &simulate(&scenario, *number, 0..4)).unwrap();
        }
        part.seal().unwrap();
    }

    #[test]
    fn a_part_that_is_replaced_is_not_read_as_if_it_were_the_same() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("1-00000");
        write(&path, &[0, 1, 2]);
        let mut parts = TaskParts::default();
        parts.add(&path, &head(), vec![name(2), name(1), name(0)]).unwrap();
        let before = parts.record(&name(1).of).unwrap().unwrap();
        write(&path, &[1, 0, 2]);
        assert!(matches!(parts.record(&name(1).of), Err(PartError::Damaged { .. })));
        write(&path, &[0, 1, 2]);
        assert_eq!(parts.record(&name(1).of).unwrap().unwrap(), before);
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(parts.record(&name(1).of), Err(PartError::Damaged { .. })));
    }

    #[test]
    fn what_is_cut_off_is_damaged_and_what_is_none_is_foreign() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("1-00000");
        write(&path, &[0]);
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let added = TaskParts::default().add(&path, &head(), vec![name(0)]);
            assert!(matches!(added, Err(PartError::Damaged { .. })), "{length}: {added:?}");
        }
        std::fs::write(&path, "a letter").unwrap();
        let added = TaskParts::default().add(&path, &head(), vec![name(0)]);
        assert!(matches!(added, Err(PartError::Foreign { .. })));
    }

    /// What this thread has read from files so far, in bytes.
    #[cfg(target_os = "linux")]
    fn bytes_read() -> u64 {
        let counts = std::fs::read_to_string("/proc/thread-self/io").unwrap();
        counts.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
    }

    /// Each part is read through once, and its records once more: twice its size, in two parts as in ten thousand.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_read_of_a_part_does_not_depend_on_how_many_there_are() {
        // Where the number of the replication is in a body.
        const NUMBER: usize = 17 + 16;
        let scratch = tempfile::tempdir().unwrap();
        let scenario = Scenario::new(4, ShortPoll::every(Time::from_secs(5)));
        // The same replication under other numbers: simulating is not the point.
        let mut body = record::body(vec![0; 17], name(0).of, &simulate(&scenario, 0, 0..4)).unwrap();
        let head = |task| PartHead { task, ..head() };
        let path = |task: u32| scratch.path().join(format!("1-{task:05}"));
        let mut size = 0;
        let mut written = 0;
        for count in [2, 10_000] {
            for task in written..count {
                let mut part = PartWriter::new(File::create(path(task)).unwrap(), path(task), &head(task)).unwrap();
                body[NUMBER..NUMBER + 4].copy_from_slice(&task.to_le_bytes());
                part.append(&body).unwrap();
                part.write_seal().unwrap();
                size = size.max(path(task).metadata().unwrap().len());
            }
            written = count;
            let before = bytes_read();
            let mut parts = TaskParts::default();
            for task in 0..count {
                parts.add(&path(task), &head(task), vec![name(task)]).unwrap();
            }
            for task in 0..count {
                assert!(parts.record(&name(task).of).unwrap().is_some());
            }
            let of_a_part = (bytes_read() - before) / u64::from(count);
            assert!((size..2 * size + 200).contains(&of_a_part), "{of_a_part} of {size} bytes in {count} parts");
        }
    }
}
