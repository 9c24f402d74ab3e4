//! How long a run still takes.

use std::time::{Duration, Instant};

use crate::report::RunProgress;

/// The progress at the start of a run, which took no time in this run, and since when it is reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunPace {
    started: Instant,
    before: f64,
}

impl RunPace {
    /// The pace of a run that begins now.
    pub fn from(progress: RunProgress) -> RunPace {
        RunPace { started: Instant::now(), before: done(progress) }
    }

    /// The time left, if all jobs take the same time; `None` while nothing is known.
    pub fn left(&self, progress: RunProgress) -> Option<Duration> {
        left(self.started.elapsed(), self.before, done(progress), progress.jobs.all as f64)
    }
}

/// The jobs that are done, with the parts of those that are open.
pub(super) fn done(progress: RunProgress) -> f64 {
    progress.jobs.jobs as f64 + progress.jobs.of_open_jobs
}

fn left(elapsed: Duration, before: f64, done: f64, all: f64) -> Option<Duration> {
    if done <= before {
        return None;
    }
    let seconds = elapsed.as_secs_f64() * ((all - done) / (done - before)).max(0.0);
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_took_no_time() {
        let ten = Duration::from_secs(10);
        assert_eq!(left(ten, 0.0, 5.0, 20.0), Some(3 * ten));
        assert_eq!(left(ten, 10.0, 15.0, 20.0), Some(ten));
        assert_eq!(left(ten, 10.0, 10.0, 20.0), None);
        assert_eq!(left(ten, 0.0, 20.0, 20.0), Some(Duration::ZERO));
        assert_eq!(left(Duration::MAX, 0.0, 1e-9, 20.0), Some(Duration::MAX));
    }
}
