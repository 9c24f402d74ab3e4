//! The work of a run: jobs, which are the replications of all transports at all points, handed out in shards. These are
//! ranges of the clients of a job, so that all threads have something to do even where a run is one long job, and so
//! that several machines can share a job.
//!
//! Threads take shards of the first piece that has any left, and only then open the next one. So hardly more pieces are
//! open at once than there are threads, and memory grows neither with the jobs nor with the shards.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::experiment::{Plan, PlannedRun};
use crate::model::{Scenario, Totals, shards, simulate};

/// Shards in a batch, at most: enough for taking them to cost nothing, few enough for progress to move.
const MOST_AT_ONCE: usize = 64;
/// With this many batches left for each thread, the threads end a job at nearly the same time.
const BATCHES_LEFT: usize = 4;

/// The clients of the shards of a piece, in order.
type Shards = Box<dyn ExactSizeIterator<Item = Range<u32>> + Send>;

/// A replication, or some of its shards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Number of the run.
    pub run: usize,
    /// Number of the replication.
    pub replication: u32,
    /// The shards; `None`: all of them.
    pub shards: Option<Range<u64>>,
}

impl Piece {
    /// A whole replication.
    pub fn whole(run: usize, replication: u32) -> Piece {
        Piece { run, replication, shards: None }
    }
}

/// A piece that has been begun.
struct OpenPiece {
    piece: Piece,
    scenario: Arc<Scenario>,
    /// How many shards it has.
    shards: usize,
    merged: Mutex<Merged>,
}

/// The shards of a piece that have been simulated.
struct Merged {
    shards: usize,
    totals: Option<Totals>,
}

/// The next work of a thread: neighbouring shards of one piece.
pub(super) struct Batch {
    open: Arc<OpenPiece>,
    clients: Range<u32>,
    shards: usize,
}

/// The outcome of a batch.
pub(super) enum Outcome {
    /// The piece is not finished; the batch was this fraction of it.
    Advanced(f64),
    /// The piece is finished.
    Finished {
        piece: Piece,
        totals: Box<Totals>,
        /// How much of the piece earlier batches have reported as done.
        reported: f64,
    },
}

impl Batch {
    /// Simulates the batch and adds it to its piece.
    pub fn run(self) -> Outcome {
        let open = &self.open;
        let totals = simulate(&open.scenario, open.piece.replication, self.clients);
        let mut merged = lock(&open.merged);
        let before = merged.shards;
        merged.shards += self.shards;
        let mut totals = match merged.totals.take() {
            Some(mut earlier) => {
                earlier.merge(&totals);
                earlier
            }
            None => totals,
        };
        let whole = open.shards as f64;
        if merged.shards == open.shards {
            if open.piece.shards.is_none() {
                totals.complete();
            }
            let piece = open.piece.clone();
            return Outcome::Finished { piece, totals: Box::new(totals), reported: before as f64 / whole };
        }
        merged.totals = Some(totals);
        Outcome::Advanced(self.shards as f64 / whole)
    }
}

/// The work that no thread has taken yet.
pub(super) struct WorkQueue<'a> {
    plan: &'a Plan<'a>,
    runs: &'a [PlannedRun],
    threads: usize,
    /// Pieces that have not been begun, in order.
    unopened: Box<dyn Iterator<Item = Piece> + Send + 'a>,
    /// The piece that is handed out now, and its shards that no thread has taken.
    current: Option<(Arc<OpenPiece>, Shards)>,
}

impl<'a> WorkQueue<'a> {
    /// These pieces of `runs`, for this many threads.
    pub fn new(
        (plan, runs): (&'a Plan<'a>, &'a [PlannedRun]),
        pieces: impl Iterator<Item = Piece> + Send + 'a,
        threads: usize,
    ) -> WorkQueue<'a> {
        WorkQueue { plan, runs, threads: threads.max(1), unopened: Box::new(pieces), current: None }
    }

    /// The next batch; `None` once all are taken.
    pub fn take(&mut self) -> Option<Batch> {
        loop {
            if let Some(batch) = self.take_of_current() {
                return Some(batch);
            }
            let piece = self.unopened.next()?;
            self.open(piece);
        }
    }

    /// Stops handing out work.
    pub fn stop(&mut self) {
        self.unopened = Box::new(std::iter::empty());
        self.current = None;
    }

    fn open(&mut self, piece: Piece) {
        let scenario = self.plan.scenario(&self.runs[piece.run]);
        let all = shards(&scenario);
        let shards: Shards = match &piece.shards {
            None => Box::new(all),
            Some(some) => Box::new(all.skip(some.start as usize).take((some.end - some.start) as usize)),
        };
        let merged = Mutex::new(Merged { shards: 0, totals: None });
        let open = OpenPiece { piece, scenario, shards: shards.len(), merged };
        self.current = Some((Arc::new(open), shards));
    }

    fn take_of_current(&mut self) -> Option<Batch> {
        let (open, untaken) = self.current.as_mut()?;
        let count = batch_size(untaken.len(), self.threads);
        let mut clients = untaken.next()?;
        for next in untaken.take(count - 1) {
            clients.end = next.end;
        }
        Some(Batch { open: Arc::clone(open), clients, shards: count })
    }
}

/// How many of the `left` shards of a piece a thread takes at once: many while there are many, the last ones singly.
fn batch_size(left: usize, threads: usize) -> usize {
    (left / (BATCHES_LEFT * threads)).clamp(1, MOST_AT_ONCE)
}

/// Locks. Data in a poisoned lock are whole: no code panics while it holds a lock.
pub(super) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_shrink_towards_the_end_of_a_job() {
        let mut left = 1_000_000;
        let mut taken = Vec::new();
        while left > 0 {
            taken.push(batch_size(left, 8));
            left -= batch_size(left, 8);
        }
        assert_eq!((taken[0], *taken.last().unwrap()), (64, 1));
        assert!(taken.is_sorted_by(|earlier, later| earlier >= later));
    }
}
