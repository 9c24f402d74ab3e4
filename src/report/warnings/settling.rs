//! Whether the metrics have settled when the window opens.

use super::observed::{ResultView, percent};
use crate::experiment::Experiment;
use crate::experiment::warning::{Diagnosis, Finding, Gathering, Subject, Warning, WarningKind};
use crate::runner::{Late, RunFailure, SETTLING_METRICS, Strictness, WarmupChoice, choose_warmup, late_metrics};
use crate::stats::Matters;
use crate::units::Time;

/// The probability of an error in any of the comparisons of an experiment.
const CHANCE: f64 = 0.01;

/// Warns if metrics settle only after the warm-up; `views` is the number of views to check.
pub(super) fn check(view: &ResultView, views: usize, found: &mut Gathering) {
    if view.scenario.is_meant_to_change() {
        return;
    }
    let strictness = Strictness { chance: CHANCE / (views * SETTLING_METRICS) as f64, matters: Matters::BeyondError };
    let window = &view.scenario.window;
    let late = late_metrics(view.totals, window, strictness);
    // What does not settle at all is a matter of the halves of the window.
    let mut late: Vec<(Time, &Late)> = late.iter().filter_map(|late| Some((late.until?, late))).collect();
    late.sort_by_key(|(until, _)| std::cmp::Reverse(*until));
    let Some((until, last)) = late.first().copied() else { return };
    let direction = if last.bias > 0.0 { "higher" } else { "lower" };
    let mut details = vec![format!("it makes the mean over the window {} {direction} than after it", small(last.bias))];
    if late.len() > 1 {
        let others: Vec<String> =
            late[1..].iter().map(|(until, other)| format!("`{}` after {until}", other.metric)).collect();
        details.push(format!("also {}", others.join(", ")));
    }
    let short = until.since(window.warmup);
    let what = Diagnosis {
        kind: WarningKind::WarmupShorterThanNeeded,
        cause: String::new(),
        weight: until.as_secs_f64(),
        message: format!(
            "`{}` settles only after {until}; the warm-up ends at {}, {short} too early",
            last.metric, window.warmup
        ),
        details,
        help: format!("write warmup = \"{}\" or longer, or warmup = \"auto\"", until.rounded_up()),
    };
    view.add(found, what);
}

/// A small percentage, with two digits.
fn small(fraction: f64) -> String {
    let share = fraction.abs();
    if share >= 0.001 { percent(share) } else { format!("{:.2} %", 100.0 * share) }
}

/// Chooses the warm-up, if the experiment leaves it to the program and has none yet, on `threads` threads (0: all cores).
/// Returns the warnings about it.
///
/// # Errors
/// If the threads cannot be started.
pub fn settle_warmup(experiment: &Experiment, threads: usize) -> Result<Vec<Warning>, RunFailure> {
    if !experiment.awaits_warmup() {
        return Ok(Vec::new());
    }
    let choice = choose_warmup(&experiment.plan(), threads)?;
    experiment.choose_warmup(choice.warmup);
    Ok(of_choice(experiment, &choice))
}

/// The warnings about a warm-up that was chosen.
fn of_choice(experiment: &Experiment, choice: &WarmupChoice) -> Vec<Warning> {
    let mut found = Gathering::default();
    for settled in &choice.unsettled {
        let what = Diagnosis {
            kind: WarningKind::WarmupNotFound,
            cause: String::new(),
            weight: settled.at.as_secs_f64(),
            message: format!("`{}` has not settled after {}, half of the pilot", settled.metric, settled.at),
            details: vec![format!("the warm-up is {}, and may be too short", choice.warmup)],
            help: "write a longer duration; there is no steady state where the load is more than can be carried"
                .to_owned(),
        };
        let transport = experiment.transports()[settled.transport].clone();
        let subject = Subject { transport, population: None, is_only_run: false };
        found.add(Finding { what, subject: Some(subject), point: settled.point });
    }
    found.finish(experiment, experiment.points())
}
