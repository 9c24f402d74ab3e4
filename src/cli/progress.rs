//! Progress on standard error: a bar with the time left on a terminal, otherwise a line every few seconds.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::output::print_error;
use crate::report::RunProgress;

/// The bar of a run whose number of jobs is known.
const OF_JOBS: &str = "{prefix} {wide_bar} {msg} runs, {eta} left";
/// The bar of a search: nobody knows how many values it will try.
const OF_SEARCH: &str = "{prefix}, {msg} runs {wide_bar} {elapsed}";

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
        if let Ok(style) = ProgressStyle::with_template(OF_JOBS) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        ProgressDisplay::Bar(bar)
    }

    /// Shows the progress; the first call gives the progress at the start.
    pub fn report(&self, progress: RunProgress) {
        match self {
            ProgressDisplay::Quiet => {}
            ProgressDisplay::Bar(bar) => show(bar, progress),
            ProgressDisplay::Lines(title, lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = lines.next(progress) {
                    print_error(format_args!("{title}: {line}\n"));
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

/// What is there before a run begins, if it goes on with something.
fn goes_on(progress: RunProgress) -> Option<String> {
    let (jobs, total) = (progress.jobs.jobs, progress.jobs.all);
    match progress.tried {
        None if jobs > 0 && jobs < total => Some(format!("goes on: {jobs} of {total} runs are there")),
        Some(_) if jobs > 0 => Some("goes on: what is there is not run again".to_owned()),
        _ => None,
    }
}

/// Shows the progress as a bar.
fn show(bar: &ProgressBar, progress: RunProgress) {
    let jobs = progress.jobs;
    let is_first = bar.message().is_empty();
    if is_first {
        if let Some(words) = goes_on(progress) {
            bar.println(format!("{}: {words}", bar.prefix()));
        }
        if progress.tried.is_some()
            && let Ok(style) = ProgressStyle::with_template(OF_SEARCH)
        {
            bar.set_style(style);
        }
    }
    bar.set_length((jobs.all as f64 * STEPS) as u64);
    bar.set_message(match progress.tried {
        None => format!("{}/{}", jobs.jobs, jobs.all),
        Some(tried) => format!("value {}, {}: {}/{}", tried.number, tried.words, jobs.jobs, jobs.all),
    });
    bar.set_position(((jobs.jobs as f64 + jobs.of_open_jobs) * STEPS) as u64);
    if is_first {
        bar.reset_eta();
    }
}

impl PrintedLines {
    /// The next line, if it is time for one.
    fn next(&mut self, progress: RunProgress) -> Option<String> {
        let (jobs, total) = (progress.jobs.jobs, progress.jobs.all);
        let done = jobs as f64 + progress.jobs.of_open_jobs;
        let is_first = self.before.is_none();
        let before = *self.before.get_or_insert(done);
        if is_first {
            return goes_on(progress);
        }
        if self.printed.elapsed() < PAUSE || jobs >= total {
            return None;
        }
        if let Some(tried) = progress.tried {
            self.printed = Instant::now();
            return Some(format!("value {}, {}: {jobs} of {total} runs", tried.number, tried.words));
        }
        if done <= before {
            return None;
        }
        self.printed = Instant::now();
        let rest = (total as f64 - done) / (done - before);
        let left = self.started.elapsed().as_secs_f64() * rest.max(0.0);
        let left = HumanDuration(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX));
        let percent = (100.0 * done / total as f64) as u64;
        Some(format!("{jobs} of {total} runs ({percent} %), {left} left"))
    }
}
