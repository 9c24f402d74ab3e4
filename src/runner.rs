//! The runner: points × transports × replications on all cores, in any order, to results in a fixed order.
//!
//! One job is one replication of one transport at one point, and is cut into shards: ranges of its clients. Shards
//! share nothing and their totals merge exactly, so the number of threads and the order in which shards end change no
//! result.

mod bin_spread;
mod clock;
mod divide;
mod estimates;
mod fewer;
mod filling;
mod group;
mod journal;
mod life;
mod memory;
mod part;
mod parts;
mod pilot;
mod record;
mod settling;
mod store;
mod task;
mod warmup;
mod work;

use std::sync::{Mutex, PoisonError};

use crate::experiment::Plan;

pub use clock::Stopwatch;
pub use divide::{Divided, JobSpan, divide};
use filling::Groups;
pub use group::{Group, Pairing, Replication, fingerprint};
pub use journal::{Journal, JournalError};
pub use life::{Life, LifeEvent, LifeRequest, MOST_EVENTS, NoClient, Occurrence, life};
pub use memory::{LargestUse, MemoryEstimate};
pub use part::{PartError, PartHead, PartWriter, PieceName};
pub use parts::TaskParts;
pub use pilot::{RunEstimate, estimate, estimate_memory};
pub use record::RecordName;
pub use settling::{Late, SETTLING_METRICS, Strictness, late_metrics};
pub use store::Store;
pub use task::run_task;
pub use warmup::{Settled, WarmupChoice, choose_warmup};
use work::{Outcome, Piece, WorkQueue, lock};

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunFailure {
    /// The threads could not be started.
    #[error("cannot start the threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Finished work could not be saved.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Parts of tasks could not be used.
    #[error(transparent)]
    Part(#[from] PartError),
    /// The journal is [final](Journal::with_parts) and lacks these jobs.
    #[error("{} replications are not there", .0.len())]
    Lacking(Vec<RecordName>),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct JobProgress {
    /// Jobs that are finished.
    pub jobs: u64,
    /// Jobs that are finished or known to be necessary.
    pub all: u64,
    /// The finished fraction of the jobs in progress, in jobs.
    pub of_open_jobs: f64,
}

/// Runs every job that `journal` does not hold yet, on `threads` threads (0: all cores), and returns the groups in the
/// order of point and transport. Calls `on_progress` with the progress of the run, first before any work.
///
/// # Errors
/// If the threads cannot be started, finished work cannot be saved, or the journal is
/// [final](Journal::with_parts) and lacks a job.
pub fn run(
    plan: &Plan,
    threads: usize,
    journal: &mut Journal,
    on_progress: &(dyn Fn(JobProgress) + Sync),
) -> Result<Vec<Group>, RunFailure> {
    let mut groups = Groups::new(plan);
    let mut done = 0;
    for (number, run) in plan.runs().iter().enumerate() {
        for replication in 0..run.replications {
            if let Some(totals) = journal.totals(&(run.key, replication))? {
                groups.add(number, replication, &totals);
                done += 1;
            }
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let progress = JobProgress { jobs: done, all: done, of_open_jobs: 0.0 };
    let mut sink = Sink { plan, groups, journal, progress, on_progress };
    // One round, or with a precision as many as it takes.
    loop {
        let open = sink.open_jobs();
        sink.progress.all = sink.progress.jobs + open.len() as u64;
        on_progress(sink.progress);
        if open.is_empty() {
            return Ok(sink.groups.finish());
        }
        if sink.journal.is_final() {
            let name = |job: &Piece| (plan.runs()[job.run].key, job.replication);
            return Err(RunFailure::Lacking(open.iter().map(name).collect()));
        }
        let work = WorkQueue::new((plan, plan.runs()), open.into_iter(), pool.current_num_threads());
        let results = Mutex::new(sink);
        work_off(&pool, work, &|outcome| Ok(lock(&results).note(outcome)?))?;
        sink = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    }
}

/// Does the work on all threads of the pool; `note` gets the outcomes.
fn work_off(
    pool: &rayon::ThreadPool,
    work: WorkQueue,
    note: &(dyn Fn(Outcome) -> Result<(), RunFailure> + Sync),
) -> Result<(), RunFailure> {
    let work = Mutex::new(work);
    pool.broadcast(|_| work_on(&work, note)).into_iter().collect()
}

/// The loop of one thread: take a batch of the work, simulate it, store the totals.
fn work_on(
    work: &Mutex<WorkQueue>,
    note: &(dyn Fn(Outcome) -> Result<(), RunFailure> + Sync),
) -> Result<(), RunFailure> {
    // A thread that fails stops the others, also by a panic. One that finds no more work has nothing left to stop.
    let _stop = StopOnDrop(work);
    loop {
        let taken = lock(work).take();
        let Some(batch) = taken else { return Ok(()) };
        note(batch.run())?;
    }
}

/// Ends the work when it is dropped.
struct StopOnDrop<'a, 'b>(&'a Mutex<WorkQueue<'b>>);

impl Drop for StopOnDrop<'_, '_> {
    fn drop(&mut self) {
        lock(self.0).stop();
    }
}

/// Where finished work goes.
struct Sink<'a> {
    plan: &'a Plan<'a>,
    groups: Groups<'a>,
    journal: &'a mut Journal,
    progress: JobProgress,
    on_progress: &'a (dyn Fn(JobProgress) + Sync),
}

impl Sink<'_> {
    /// The jobs that are to be run next.
    fn open_jobs(&self) -> Vec<Piece> {
        let of_run = |run: usize| self.groups.wanted(run).into_iter().map(move |number| Piece::whole(run, number));
        (0..self.plan.runs().len()).flat_map(of_run).collect()
    }

    fn note(&mut self, outcome: Outcome) -> Result<(), JournalError> {
        match outcome {
            Outcome::Advanced(fraction) => self.progress.of_open_jobs += fraction,
            Outcome::Finished { piece, totals, reported } => {
                self.journal.save((self.plan.runs()[piece.run].key, piece.replication), &totals)?;
                self.groups.add(piece.run, piece.replication, &totals);
                self.progress.jobs += 1;
                self.progress.of_open_jobs = f64::max(self.progress.of_open_jobs - reported, 0.0);
            }
        }
        (self.on_progress)(self.progress);
        Ok(())
    }
}
