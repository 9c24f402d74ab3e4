//! The runner: points × transports × replications on all cores, in any order, to results in a fixed order.
//!
//! One job is one replication of one transport at one point, and is cut into shards: ranges of its clients. Shards share
//! nothing and their totals merge exactly, so the number of threads and the order in which shards end change no result.

mod clock;
mod estimates;
mod fewer;
mod group;
mod journal;
mod memory;
mod pilot;
mod work;

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::experiment::Plan;

pub use clock::Stopwatch;
pub use group::{Group, Replication};
pub use journal::{Journal, JournalError};
pub use memory::{MemoryEstimate, MemoryUse, estimate_memory};
pub use pilot::{RunEstimate, estimate};
use work::{Outcome, WorkQueue};

/// The jobs of a plan, numbered in the order of point, transport and replication.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// The first job of each point, and the number of jobs at the end.
    first_of_point: Vec<u64>,
    transports: u64,
}

/// One replication of one transport at one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the job.
    pub number: u64,
    /// Number of the point.
    pub point: usize,
    /// Number of the transport.
    pub transport: usize,
    /// Number of the replication.
    pub replication: u32,
}

impl Jobs {
    /// All jobs of a plan.
    pub fn of(plan: &Plan) -> Jobs {
        let transports = plan.transports().len() as u64;
        let mut first_of_point = vec![0];
        let mut count = 0;
        for replications in plan.replications_of_points() {
            count += transports * u64::from(*replications);
            first_of_point.push(count);
        }
        Jobs { first_of_point, transports }
    }

    /// The number of jobs.
    pub fn count(&self) -> u64 {
        self.first_of_point.last().copied().unwrap_or(0)
    }

    /// The job with this number, below [`Jobs::count`].
    fn job(&self, number: u64) -> Job {
        let point = self.first_of_point.partition_point(|first| *first <= number) - 1;
        let jobs: Range<u64> = self.first_of_point[point]..self.first_of_point[point + 1];
        let replications = (jobs.end - jobs.start) / self.transports;
        let place = number - jobs.start;
        Job { number, point, transport: (place / replications) as usize, replication: (place % replications) as u32 }
    }
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The threads could not be started.
    #[error("cannot start the threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Finished work could not be saved.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Jobs that are finished.
    pub jobs: u64,
    /// What is done of the jobs that are not finished, in jobs.
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
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<Group>, RunError> {
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
    let progress = Progress { jobs: is_done.iter().filter(|done| **done).count() as u64, of_open_jobs: 0.0 };
    on_progress(progress);

    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let open = (0..jobs.count()).filter(|number| !is_done[*number as usize]);
    let work = Mutex::new(WorkQueue::new(plan, &jobs, open, pool.current_num_threads()));
    let results = Mutex::new(Sink { groups, journal, progress, on_progress });
    let ends = pool.broadcast(|_| work_on(&work, &results));
    ends.into_iter().collect::<Result<(), RunError>>()?;
    Ok(results.into_inner().unwrap_or_else(PoisonError::into_inner).groups.finish())
}

/// What one thread does: takes a batch of the work, simulates it, notes what came of it.
fn work_on(work: &Mutex<WorkQueue>, results: &Mutex<Sink>) -> Result<(), RunError> {
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
    progress: Progress,
    on_progress: &'a (dyn Fn(Progress) + Sync),
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

/// Data behind a poisoned lock is whole: no code panics while it holds a lock.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_numbered_by_point_then_transport_then_replication() {
        // Two points with 2 and 3 replications of 2 transports.
        let jobs = Jobs { first_of_point: vec![0, 4, 10], transports: 2 };
        let all: Vec<_> = (0..jobs.count()).map(|number| jobs.job(number)).collect();
        let mut expected = Vec::new();
        for (point, replications) in [(0, 2), (1, 3)] {
            for transport in 0..2 {
                for replication in 0..replications {
                    expected.push(Job { number: expected.len() as u64, point, transport, replication });
                }
            }
        }
        assert_eq!(all, expected);
    }
}
