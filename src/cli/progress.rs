//! Progress on standard error: a bar with the time left on a terminal, otherwise a line every few seconds.

mod bar_line;
mod pace;
mod terminal;

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::output::{clear_bar, print_error_lines, show_bar};
use crate::report::RunProgress;
use crate::terminal::without_controls;
use bar_line::BarLine;
use pace::{RunPace, done};
use terminal::NarrowTerminal;

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Steps of the bar for one job.
const STEPS: f64 = 1000.0;
/// How often in a second the bar is drawn at most.
const HERTZ: u8 = 10;

/// The display of progress. Nothing of it stays when it is dropped.
pub(super) struct ProgressDisplay {
    title: String,
    started: Instant,
    way: ProgressWay,
    state: Mutex<ShownProgress>,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProgressWay {
    Quiet,
    Bar,
    Lines,
}

/// What is shown so far.
struct ShownProgress {
    /// Since the first report.
    pace: Option<RunPace>,
    bar: Option<ProgressBar>,
    /// When the last line was printed.
    printed: Instant,
}

impl ProgressDisplay {
    pub fn new(title: &str, is_quiet: bool) -> ProgressDisplay {
        let started = Instant::now();
        let way = match is_quiet {
            true => ProgressWay::Quiet,
            false if moves_its_cursor() => ProgressWay::Bar,
            false => ProgressWay::Lines,
        };
        let state = Mutex::new(ShownProgress { pace: None, bar: None, printed: started });
        ProgressDisplay { title: without_controls(title, |_| false), started, way, state }
    }

    /// Shows the progress; the first call gives the progress at the start.
    pub fn report(&self, progress: RunProgress) {
        if self.way == ProgressWay::Quiet {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = state.pace.is_none();
        let pace = *state.pace.get_or_insert_with(|| RunPace::from(progress));
        if is_first && let Some(words) = goes_on(progress) {
            print_error_lines(&format!("{}: {words}", self.title));
        }
        if self.way == ProgressWay::Bar {
            self.show(&mut state.bar, progress, pace);
        } else if let Some(line) = state.next_line(progress, pace) {
            print_error_lines(&format!("{}: {line}", self.title));
        }
    }

    /// Ends the display. Where the answers go elsewhere, the terminal gets a line on what is done.
    pub fn finish(self, is_done: bool) {
        let (title, way) = (self.title.clone(), self.way);
        let seconds = self.started.elapsed().as_secs_f64();
        drop(self);
        if way == ProgressWay::Bar && is_done && !std::io::stdout().is_terminal() {
            print_error_lines(&format!("{title}: done in {seconds:.1} s"));
        }
    }

    /// Shows the progress as a bar.
    fn show(&self, shown: &mut Option<ProgressBar>, progress: RunProgress, pace: RunPace) {
        let terminal = NarrowTerminal(Term::buffered_stderr());
        let line = BarLine::fit(&self.title, &wordings(progress, pace), usize::from(terminal.width()));
        let (all, at) = ((progress.jobs.all as f64 * STEPS) as u64, (done(progress) * STEPS) as u64);
        let style = ProgressStyle::with_template(&line.template()).unwrap_or_else(|_| ProgressStyle::default_bar());
        if let Some(bar) = shown {
            bar.set_style(style);
            bar.set_length(all);
            bar.set_position(at);
            return;
        }
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal), HERTZ);
        let bar = ProgressBar::with_draw_target(Some(all), target).with_style(style).with_position(at);
        show_bar(&bar);
        bar.tick();
        *shown = Some(bar);
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        clear_bar();
    }
}

/// Whether standard error is a terminal that moves its cursor.
fn moves_its_cursor() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|name| name != "dumb")
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

/// The words behind a bar, from many to few. Nobody knows how many values a search will try.
fn wordings(progress: RunProgress, pace: RunPace) -> Vec<String> {
    let runs = format!("{}/{}", progress.jobs.jobs, progress.jobs.all);
    if let Some(tried) = progress.tried {
        let value = format!("value {}", tried.number);
        return vec![format!("{value}, {}: {runs} runs", tried.words), format!("{value}: {runs} runs"), value];
    }
    match pace.left(progress) {
        None => vec![format!("{runs} runs"), runs],
        Some(left) => {
            let left = format!("{:#} left", HumanDuration(left));
            vec![format!("{runs} runs, {left}"), format!("{runs}, {left}"), left]
        }
    }
}

impl ShownProgress {
    /// The next line, if it is time for one.
    fn next_line(&mut self, progress: RunProgress, pace: RunPace) -> Option<String> {
        let (jobs, total) = (progress.jobs.jobs, progress.jobs.all);
        if self.printed.elapsed() < PAUSE || jobs >= total {
            return None;
        }
        let line = match progress.tried {
            Some(tried) => format!("value {}, {}: {jobs} of {total} runs", tried.number, tried.words),
            None => {
                let left = HumanDuration(pace.left(progress)?);
                let percent = (100.0 * done(progress) / total as f64) as u64;
                format!("{jobs} of {total} runs ({percent} %), {left} left")
            }
        };
        self.printed = Instant::now();
        Some(line)
    }
}
