//! Progress on standard error: a bar with the time left on a terminal, a line now and then otherwise.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Where progress is shown.
pub(super) enum Progress {
    Quiet,
    Bar(ProgressBar),
    Lines { total: u64, title: String, started: Instant, last: Mutex<(Instant, Option<u64>)> },
}

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);

impl Progress {
    pub fn new(title: &str, total: u64, is_quiet: bool) -> Progress {
        if is_quiet {
            return Progress::Quiet;
        }
        if !std::io::stderr().is_terminal() {
            let now = Instant::now();
            return Progress::Lines { total, title: title.to_owned(), started: now, last: Mutex::new((now, None)) };
        }
        let bar = ProgressBar::new(total).with_message(title.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} runs, {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Progress::Bar(bar)
    }

    /// `done` jobs are done, of which the first call tells how many were before.
    pub fn report(&self, done: u64) {
        match self {
            Progress::Quiet => {}
            Progress::Bar(bar) => {
                if bar.position() == 0 && done > 1 {
                    bar.reset_eta();
                }
                bar.set_position(done);
            }
            Progress::Lines { total, title, started, last } => {
                let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let before = *last.1.get_or_insert(done);
                if last.0.elapsed() >= PAUSE && done < *total && done > before {
                    last.0 = Instant::now();
                    let left = started.elapsed().as_secs_f64() * (total - done) as f64 / (done - before) as f64;
                    eprintln!("{title}: {done} of {total} runs, {} left", HumanDuration(Duration::from_secs_f64(left)));
                }
            }
        }
    }

    pub fn finish(&self) {
        if let Progress::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
