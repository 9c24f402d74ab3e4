//! Progress on standard error: a bar with the time left on a terminal, otherwise a line every few seconds.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::output::print_error;
use crate::runner;

/// The display of progress.
pub(super) enum ProgressDisplay {
    Quiet,
    Bar(ProgressBar),
    Lines(String, Mutex<PrintedLines>),
}

/// The last output and its time, and the progress at the start.
pub(super) struct PrintedLines {
    started: Instant,
    printed: Instant,
    before: Option<f64>,
}

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Steps of the bar for one job.
const STEPS: f64 = 1000.0;

impl ProgressDisplay {
    pub fn new(title: &str, is_quiet: bool) -> ProgressDisplay {
        if is_quiet {
            return ProgressDisplay::Quiet;
        }
        if !std::io::stderr().is_terminal() {
            let now = Instant::now();
            let lines = PrintedLines { started: now, printed: now, before: None };
            return ProgressDisplay::Lines(title.to_owned(), Mutex::new(lines));
        }
        let bar = ProgressBar::new(0).with_prefix(title.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {msg} runs, {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        ProgressDisplay::Bar(bar)
    }

    /// Shows the progress; the first call gives the progress at the start.
    pub fn report(&self, progress: runner::JobProgress) {
        let (jobs, total) = (progress.jobs, progress.all);
        let done = jobs as f64 + progress.of_open_jobs;
        match self {
            ProgressDisplay::Quiet => {}
            ProgressDisplay::Bar(bar) => {
                let is_first = bar.message().is_empty();
                bar.set_length((total as f64 * STEPS) as u64);
                bar.set_message(format!("{jobs}/{total}"));
                bar.set_position((done * STEPS) as u64);
                if is_first {
                    bar.reset_eta();
                }
            }
            ProgressDisplay::Lines(title, lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                let before = *lines.before.get_or_insert(done);
                if lines.printed.elapsed() >= PAUSE && jobs < total && done > before {
                    lines.printed = Instant::now();
                    let rest = (total as f64 - done) / (done - before);
                    let left = lines.started.elapsed().as_secs_f64() * rest.max(0.0);
                    let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX));
                    let percent = (100.0 * done / total as f64) as u64;
                    print_error(format_args!("{title}: {jobs} of {total} runs ({percent} %), {left} left\n"));
                }
            }
        }
    }

    pub fn finish(&self) {
        if let ProgressDisplay::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
