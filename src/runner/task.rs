//! One task: some of the replications of an experiment, on one machine.

use std::sync::{Mutex, PoisonError};

use super::divide::Divided;
use super::part::PartWriter;
use super::work::{Outcome, WorkQueue, lock};
use super::{JobProgress, RunFailure, work_off};
use crate::experiment::Plan;

/// Simulates what a `part` does not hold yet of a task, on `threads` threads (0: all cores), and seals the part. Calls
/// `on_progress` with the progress of the task, in pieces, first before any work.
///
/// # Errors
/// If the threads cannot be started, or the part cannot be written.
pub fn run_task(
    (plan, divided, task): (&Plan, &Divided, u32),
    threads: usize,
    part: PartWriter,
    on_progress: &(dyn Fn(JobProgress) + Sync),
) -> Result<(), RunFailure> {
    // There may be many scenarios in all.
    let divided = divided.alone(task);
    let runs = divided.runs();
    let pieces = divided.pieces(0);
    let all = pieces.len() as u64;
    let open: Vec<_> = pieces.into_iter().filter(|piece| !part.has(&divided.name_of(piece))).collect();
    let progress = JobProgress { jobs: all - open.len() as u64, all, of_open_jobs: 0.0 };
    on_progress(progress);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let work = WorkQueue::new((plan, &runs), open.into_iter(), pool.current_num_threads());
    let state = Mutex::new((part, progress));
    work_off(&pool, work, &|outcome| {
        let (part, progress) = &mut *lock(&state);
        match outcome {
            Outcome::Advanced(fraction) => progress.of_open_jobs += fraction,
            Outcome::Finished { piece, totals, reported } => {
                part.save(divided.name_of(&piece), &totals)?;
                progress.jobs += 1;
                progress.of_open_jobs = f64::max(progress.of_open_jobs - reported, 0.0);
            }
        }
        on_progress(*progress);
        Ok(())
    })?;
    let (part, _) = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(part.seal()?)
}
