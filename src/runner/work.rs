//! The work of a run: jobs, which are the replications of all transports at all points, handed out in shards. These are
//! ranges of the clients of a job, so that all threads have something to do even where a run is one long job.
//!
//! Threads take shards of the first job that has any left, and only then open the next one. So hardly more jobs are
//! open at once than there are threads, and memory grows neither with the jobs nor with the shards.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::experiment::Plan;
use crate::model::{Scenario, Totals, shards, simulate};

/// Shards in a batch, at most: enough for taking them to cost nothing, few enough for progress to move.
const MOST_AT_ONCE: usize = 64;
/// With this many batches left for each thread, the threads end a job at nearly the same time.
const BATCHES_LEFT: usize = 4;

/// The clients of the shards of a job, in order.
type Shards = Box<dyn ExactSizeIterator<Item = Range<u32>> + Send>;

/// The jobs of a plan, numbered in the order of its runs and of the replications.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// The first job of each run, and the number of jobs at the end.
    first_of_run: Vec<u64>,
}

/// One replication of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the job.
    pub number: u64,
    /// Number of the run.
    pub run: usize,
    /// Number of the replication.
    pub replication: u32,
}

impl Jobs {
    /// All jobs of a plan.
    pub fn of(plan: &Plan) -> Jobs {
        let mut first_of_run = vec![0];
        let mut count = 0;
        for run in plan.runs() {
            count += u64::from(run.replications);
            first_of_run.push(count);
        }
        Jobs { first_of_run }
    }

    /// The number of jobs.
    pub fn count(&self) -> u64 {
        self.first_of_run.last().copied().unwrap_or(0)
    }

    /// The job with this number, below [`Jobs::count`].
    pub fn job(&self, number: u64) -> Job {
        let run = self.first_of_run.partition_point(|first| *first <= number) - 1;
        Job { number, run, replication: (number - self.first_of_run[run]) as u32 }
    }

    /// The numbers of the jobs of a run.
    pub(super) fn of_run(&self, run: usize) -> Range<u64> {
        self.first_of_run[run]..self.first_of_run[run + 1]
    }
}

/// A job that has been begun.
struct OpenJob {
    job: Job,
    scenario: Arc<Scenario>,
    /// Shards of the whole job.
    shards: usize,
    merged: Mutex<Merged>,
}

/// The shards of a job that have been simulated.
struct Merged {
    shards: usize,
    totals: Option<Totals>,
}

/// The next work of a thread: neighbouring shards of one job.
pub(super) struct Batch {
    job: Arc<OpenJob>,
    clients: Range<u32>,
    shards: usize,
}

/// The outcome of a batch.
pub(super) enum Outcome {
    /// The job is not finished; the batch was this fraction of it.
    Advanced(f64),
    /// The job is finished.
    Finished {
        job: Job,
        totals: Box<Totals>,
        /// How much of the job earlier batches have reported as done.
        reported: f64,
    },
}

impl Batch {
    /// Simulates the batch and adds it to its job.
    pub fn run(self) -> Outcome {
        let totals = simulate(&self.job.scenario, self.job.job.replication, self.clients);
        let mut merged = lock(&self.job.merged);
        let before = merged.shards;
        merged.shards += self.shards;
        let mut totals = match merged.totals.take() {
            Some(mut earlier) => {
                earlier.merge(&totals);
                earlier
            }
            None => totals,
        };
        let whole = self.job.shards as f64;
        if merged.shards == self.job.shards {
            totals.complete();
            return Outcome::Finished { job: self.job.job, totals: Box::new(totals), reported: before as f64 / whole };
        }
        merged.totals = Some(totals);
        Outcome::Advanced(self.shards as f64 / whole)
    }
}

/// The work that no thread has taken yet.
pub(super) struct WorkQueue<'a> {
    plan: &'a Plan<'a>,
    jobs: &'a Jobs,
    threads: usize,
    /// Jobs that have not been begun, in rising order.
    unopened: Box<dyn Iterator<Item = u64> + Send + 'a>,
    /// The job that is handed out now, and its shards that no thread has taken.
    current: Option<(Arc<OpenJob>, Shards)>,
}

impl<'a> WorkQueue<'a> {
    /// The jobs with the numbers `open`, for this many threads.
    pub fn new(
        plan: &'a Plan<'a>,
        jobs: &'a Jobs,
        open: impl Iterator<Item = u64> + Send + 'a,
        threads: usize,
    ) -> WorkQueue<'a> {
        WorkQueue { plan, jobs, threads: threads.max(1), unopened: Box::new(open), current: None }
    }

    /// The next batch; `None` once all are taken.
    pub fn take(&mut self) -> Option<Batch> {
        loop {
            if let Some(batch) = self.take_of_current() {
                return Some(batch);
            }
            let number = self.unopened.next()?;
            self.open(self.jobs.job(number));
        }
    }

    /// Stops handing out work.
    pub fn stop(&mut self) {
        self.unopened = Box::new(std::iter::empty());
        self.current = None;
    }

    fn open(&mut self, job: Job) {
        let scenario = self.plan.scenario(&self.plan.runs()[job.run]);
        let shards = shards(&scenario);
        let merged = Mutex::new(Merged { shards: 0, totals: None });
        let open = OpenJob { job, scenario, shards: shards.len(), merged };
        self.current = Some((Arc::new(open), Box::new(shards)));
    }

    fn take_of_current(&mut self) -> Option<Batch> {
        let (job, untaken) = self.current.as_mut()?;
        let count = batch_size(untaken.len(), self.threads);
        let mut clients = untaken.next()?;
        for next in untaken.take(count - 1) {
            clients.end = next.end;
        }
        Some(Batch { job: Arc::clone(job), clients, shards: count })
    }
}

/// How many of the `left` shards of a job a thread takes at once: many while there are many, the last ones singly.
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

    #[test]
    fn jobs_are_numbered_by_run_then_replication() {
        let jobs = Jobs { first_of_run: vec![0, 2, 5] };
        let all: Vec<_> = (0..jobs.count()).map(|number| jobs.job(number)).collect();
        let expected = [(0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1), (4, 1, 2)];
        assert_eq!(all, expected.map(|(number, run, replication)| Job { number, run, replication }));
        assert_eq!(jobs.of_run(1), 2..5);
    }
}
