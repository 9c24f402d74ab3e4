//! The runner: points × transports × replications on all cores, in any order, to results in a fixed order.
//!
//! One job is one replication of one transport at one point. Jobs share nothing and their totals merge exactly, so the
//! number of threads and the order in which jobs end change no result.

mod group;
mod journal;
mod pilot;

use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::experiment::Experiment;
use crate::model::{Totals, simulate};

pub use group::{Group, Replication};
pub use journal::{Journal, JournalError};
pub use pilot::{Estimate, estimate};

/// The jobs of an experiment, numbered in the order of point, transport and replication.
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
    /// All jobs of `experiment`.
    pub fn of(experiment: &Experiment) -> Jobs {
        let transports = experiment.transports().len() as u64;
        let mut first_of_point = vec![0];
        let mut count = 0;
        for point in 0..experiment.points() {
            count += transports * u64::from(experiment.replications_at(point));
            first_of_point.push(count);
        }
        Jobs { first_of_point, transports }
    }

    /// How many jobs there are.
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

/// Runs every job that `journal` does not hold yet, on `threads` threads (0: all cores), and returns the groups in the
/// order of point and transport. `on_progress` is told how many jobs are done, whenever one is.
///
/// # Errors
/// If the threads cannot be started or finished work cannot be saved.
pub fn run(
    experiment: &Experiment,
    threads: usize,
    journal: &mut Journal,
    on_progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Group>, RunError> {
    let jobs = Jobs::of(experiment);
    let mut groups = group::Groups::new(experiment);
    let mut is_done = vec![false; jobs.count() as usize];
    for (number, totals) in journal.take_finished() {
        if let Some(done) = is_done.get_mut(number as usize).filter(|done| !**done) {
            *done = true;
            groups.add(jobs.job(number), &totals);
        }
    }
    let done_before = is_done.iter().filter(|done| **done).count() as u64;
    on_progress(done_before);

    let open: Vec<u64> = (0..jobs.count()).filter(|number| !is_done[*number as usize]).collect();
    let shared = Mutex::new((groups, journal, done_before));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| {
        open.par_iter().with_max_len(1).try_for_each(|number| {
            let job = jobs.job(*number);
            let totals = run_job(experiment, job);
            let mut shared = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let (groups, journal, done) = &mut *shared;
            journal.save(job.number, &totals)?;
            groups.add(job, &totals);
            *done += 1;
            on_progress(*done);
            Ok::<(), RunError>(())
        })
    })?;
    let (groups, ..) = shared.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(groups.finish())
}

fn run_job(experiment: &Experiment, job: Job) -> Totals {
    let scenario = &experiment.scenarios(job.point)[job.transport];
    simulate(scenario, job.replication, 0..scenario.clients.count)
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
