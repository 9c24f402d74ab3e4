//! Progress on standard error: a bar with the time left on a terminal, otherwise a line at intervals.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::say::tell;
use crate::runner;

/// The display of progress.
pub(super) enum Progress {
    Quiet,
    Bar(ProgressBar, u64),
    Lines(u64, String, Mutex<Lines>),
}

/// The last output and its time, and the progress at the start.
pub(super) struct Lines {
    started: Instant,
    printed: Instant,
    before: Option<f64>,
}

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Steps of the bar for one job.
const STEPS: f64 = 1000.0;

impl Progress {
    pub fn new(title: &str, total: u64, is_quiet: bool) -> Progress {
        if is_quiet {
            return Progress::Quiet;
        }
        if !std::io::stderr().is_terminal() {
            let now = Instant::now();
            let lines = Lines { started: now, printed: now, before: None };
            return Progress::Lines(total, title.to_owned(), Mutex::new(lines));
        }
        let bar = ProgressBar::new(total * STEPS as u64).with_prefix(title.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {msg} runs, {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Progress::Bar(bar, total)
    }

    /// Shows the progress; the first call gives the progress at the start.
    pub fn report(&self, progress: runner::JobProgress) {
        let (jobs, done) = (progress.jobs, progress.jobs as f64 + progress.of_open_jobs);
        match self {
            Progress::Quiet => {}
            Progress::Bar(bar, total) => {
                let is_first = bar.message().is_empty();
                bar.set_message(format!("{jobs}/{total}"));
                bar.set_position((done * STEPS) as u64);
                if is_first {
                    bar.reset_eta();
                }
            }
            Progress::Lines(total, title, lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                let before = *lines.before.get_or_insert(done);
                if lines.printed.elapsed() >= PAUSE && jobs < *total && done > before {
                    lines.printed = Instant::now();
                    let rest = (*total as f64 - done) / (done - before);
                    let left = lines.started.elapsed().as_secs_f64() * rest.max(0.0);
                    let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX));
                    let percent = (100.0 * done / *total as f64) as u64;
                    tell(format_args!("{title}: {jobs} of {total} runs ({percent} %), {left} left\n"));
                }
            }
        }
    }

    pub fn finish(&self) {
        if let Progress::Bar(bar, _) = self {
            bar.finish_and_clear();
        }
    }
}
