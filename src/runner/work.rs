//! The work of a run, handed out in parts: ranges of the clients of a job, so that all threads are busy even if a run
//! is one long job.
//!
//! Threads take parts of the first job that has any left, and only then open the next one. So hardly more jobs are in
//! progress than there are threads, and memory grows neither with the jobs nor with the parts.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::{Job, Jobs, lock};
use crate::experiment::Experiment;
use crate::model::{Scenario, Totals, parts, simulate};

/// Most parts that a thread takes at once: enough to make the cost of taking them negligible, few enough to show
/// progress.
const MOST_AT_ONCE: usize = 64;
/// With this many portions left for each thread, the threads end a job at nearly the same time.
const PORTIONS_LEFT: usize = 4;

/// The clients of the parts of a job, in order.
type Parts = Box<dyn ExactSizeIterator<Item = Range<u32>> + Send>;

/// A job in progress.
struct JobAtWork {
    job: Job,
    scenario: Arc<Scenario>,
    /// Parts of the whole job.
    parts: usize,
    merged: Mutex<Merged>,
}

/// The state of a job so far.
struct Merged {
    parts: usize,
    totals: Option<Totals>,
}

/// The next work of a thread: neighbouring parts of one job.
pub(super) struct Portion {
    job: Arc<JobAtWork>,
    clients: Range<u32>,
    parts: usize,
}

/// The outcome of a portion.
pub(super) enum Outcome {
    /// The job is not finished; the portion was this fraction of it.
    Advanced(f64),
    /// The job is finished.
    Finished {
        job: Job,
        totals: Box<Totals>,
        /// The fraction of the job that earlier portions have reported.
        reported: f64,
    },
}

impl Portion {
    /// Simulates the portion and adds it to its job.
    pub fn run(self) -> Outcome {
        let totals = simulate(&self.job.scenario, self.job.job.replication, self.clients);
        let mut merged = lock(&self.job.merged);
        let before = merged.parts;
        merged.parts += self.parts;
        let mut totals = match merged.totals.take() {
            Some(mut earlier) => {
                earlier.merge(&totals);
                earlier
            }
            None => totals,
        };
        let whole = self.job.parts as f64;
        if merged.parts == self.job.parts {
            totals.complete();
            return Outcome::Finished { job: self.job.job, totals: Box::new(totals), reported: before as f64 / whole };
        }
        merged.totals = Some(totals);
        Outcome::Advanced(self.parts as f64 / whole)
    }
}

/// The work that no thread has taken yet.
pub(super) struct Work<'a> {
    experiment: &'a Experiment,
    jobs: &'a Jobs,
    threads: usize,
    /// Jobs not yet begun, in rising order.
    unopened: Box<dyn Iterator<Item = u64> + Send + 'a>,
    /// The scenarios of the point of the last job that was opened.
    scenarios: (usize, Vec<Arc<Scenario>>),
    /// The job that is handed out now, and its parts that no thread has taken.
    current: Option<(Arc<JobAtWork>, Parts)>,
}

impl<'a> Work<'a> {
    /// The jobs with the numbers `open`, for this many threads.
    pub fn new(
        experiment: &'a Experiment,
        jobs: &'a Jobs,
        open: impl Iterator<Item = u64> + Send + 'a,
        threads: usize,
    ) -> Work<'a> {
        let scenarios = (usize::MAX, Vec::new());
        Work { experiment, jobs, threads: threads.max(1), unopened: Box::new(open), scenarios, current: None }
    }

    /// The next portion; `None` once all are taken.
    pub fn take(&mut self) -> Option<Portion> {
        loop {
            if let Some(portion) = self.take_of_current() {
                return Some(portion);
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
        if self.scenarios.0 != job.point {
            self.scenarios = (job.point, self.experiment.scenarios(job.point).into_iter().map(Arc::new).collect());
        }
        let scenario = Arc::clone(&self.scenarios.1[job.transport]);
        let parts = parts(&scenario);
        let merged = Mutex::new(Merged { parts: 0, totals: None });
        let at_work = JobAtWork { job, scenario, parts: parts.len(), merged };
        self.current = Some((Arc::new(at_work), Box::new(parts)));
    }

    fn take_of_current(&mut self) -> Option<Portion> {
        let (job, untaken) = self.current.as_mut()?;
        let count = portion(untaken.len(), self.threads);
        let mut clients = untaken.next()?;
        for next in untaken.take(count - 1) {
            clients.end = next.end;
        }
        Some(Portion { job: Arc::clone(job), clients, parts: count })
    }
}

/// How many of the `left` parts of a job a thread takes at once: many while many are left, the last ones singly.
fn portion(left: usize, threads: usize) -> usize {
    (left / (PORTIONS_LEFT * threads)).clamp(1, MOST_AT_ONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_shrink_towards_the_end_of_a_job() {
        let mut left = 1_000_000;
        let mut taken = Vec::new();
        while left > 0 {
            taken.push(portion(left, 8));
            left -= portion(left, 8);
        }
        assert_eq!((taken[0], *taken.last().unwrap()), (64, 1));
        assert!(taken.is_sorted_by(|earlier, later| earlier >= later));
    }
}
