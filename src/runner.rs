//! The runner: points × transports × replications on all cores, in any order, to results in a fixed order.
//!
//! One job is one replication of one transport at one point, and is cut into shards: ranges of its clients. Shards
//! share nothing and their totals merge exactly, so the number of threads and the order in which shards end change no
//! result.

mod clock;
mod estimates;
mod fewer;
mod group;
mod journal;
mod memory;
mod pilot;
mod settling;
mod warmup;
mod work;

use std::sync::{Mutex, PoisonError};

use crate::experiment::Plan;

pub use clock::Stopwatch;
pub use group::{Group, Replication};
pub use journal::{Journal, JournalError};
pub use memory::{LargestUse, MemoryEstimate};
pub use pilot::{RunEstimate, estimate, estimate_memory};
pub use settling::{Late, SETTLING_METRICS, Strictness, late_metrics};
pub use warmup::{Settled, WarmupChoice, choose_warmup};
pub use work::{Job, Jobs};
use work::{Outcome, WorkQueue, lock};

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunFailure {
    /// The threads could not be started.
    #[error("cannot start the threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Finished work could not be saved.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct JobProgress {
    /// Jobs that are finished.
    pub jobs: u64,
    /// The finished fraction of the jobs in progress, in jobs.
    pub of_open_jobs: f64,
}

/// Runs every job that `journal` does not hold yet, on `threads` threads (0: all cores), and returns the groups in the
/// order of point and transport. Calls `on_progress` with the progress of the run, first before any work.
///
/// # Errors
/// If the threads cannot be started or finished work cannot be saved.
pub fn run(
    plan: &Plan,
    threads: usize,
    journal: &mut Journal,
    on_progress: &(dyn Fn(JobProgress) + Sync),
) -> Result<Vec<Group>, RunFailure> {
    let jobs = Jobs::of(plan);
    let mut groups = group::Groups::new(plan);
    let mut is_done = vec![false; jobs.count() as usize];
    journal.replay(|number, totals| {
        if let Some(done) = is_done.get_mut(number as usize)
            && !*done
        {
            *done = true;
            groups.add(jobs.job(number), totals);
        }
    })?;
    let progress = JobProgress { jobs: is_done.iter().filter(|done| **done).count() as u64, of_open_jobs: 0.0 };
    on_progress(progress);

    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let open = (0..jobs.count()).filter(|number| !is_done[*number as usize]);
    let work = Mutex::new(WorkQueue::new(plan, &jobs, open, pool.current_num_threads()));
    let results = Mutex::new(Sink { groups, journal, progress, on_progress });
    let ends = pool.broadcast(|_| work_on(&work, &results));
    ends.into_iter().collect::<Result<(), RunFailure>>()?;
    Ok(results.into_inner().unwrap_or_else(PoisonError::into_inner).groups.finish())
}

/// The loop of one thread: take a batch of the work, simulate it, store the totals.
fn work_on(work: &Mutex<WorkQueue>, results: &Mutex<Sink>) -> Result<(), RunFailure> {
    // A thread that fails stops the others, also by a panic. One that finds no more work has nothing left to stop.
    let _stop = StopOnDrop(work);
    loop {
        let taken = lock(work).take();
        let Some(batch) = taken else { return Ok(()) };
        let outcome = batch.run();
        lock(results).note(outcome)?;
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
    groups: group::Groups<'a>,
    journal: &'a mut Journal,
    progress: JobProgress,
    on_progress: &'a (dyn Fn(JobProgress) + Sync),
}

impl Sink<'_> {
    fn note(&mut self, outcome: Outcome) -> Result<(), JournalError> {
        match outcome {
            Outcome::Advanced(fraction) => self.progress.of_open_jobs += fraction,
            Outcome::Finished { job, totals, reported } => {
                self.journal.save(job.number, &totals)?;
                self.groups.add(job, &totals);
                self.progress.jobs += 1;
                self.progress.of_open_jobs = f64::max(self.progress.of_open_jobs - reported, 0.0);
            }
        }
        (self.on_progress)(self.progress);
        Ok(())
    }
}
