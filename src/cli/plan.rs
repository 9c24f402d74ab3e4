//! `cometsim plan`: every default, the points, and the time and memory of a run.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use indicatif::HumanDuration;

use super::Failure;
use super::failure::print_diagnostics;
use super::machine::{gigabytes, threads_or_all};
use super::output::print_line;
use crate::experiment::{Experiment, KeySearch, Target};
use crate::report::{drawing_seconds, usual_tries};
use crate::runner::{Jobs, RunEstimate, choose_warmup, estimate};

/// Points that are listed; further ones are summarised in a line.
const LISTED: usize = 50;

/// Prints the plan: TOML, with everything else in comments, so that the text can be run from the folder of the file.
pub(super) fn plan(file: &Path, overrides: &[String]) -> Result<(), Failure> {
    let experiment = Experiment::load(file, overrides).map_err(|errors| Failure::File(errors.into()))?;
    print_diagnostics(experiment.warnings());
    print_line(format_args!("{}\n\n{}", experiment.planned_toml().trim_end(), points(&experiment)))?;
    if experiment.awaits_warmup() {
        print_line(warmup(&experiment)?)?;
    }
    let threads = threads_or_all(0);
    let plan = match experiment.search() {
        Some(search) => experiment.plan().only(&search.transports),
        None => experiment.plan(),
    };
    let (runs, estimate) = (Jobs::of(&plan).count(), estimate(&plan, threads));
    // The plan of a search has the two ends of its range.
    let times = experiment.search().map_or(1.0, |search| usual_tries(search) as f64 / experiment.points() as f64);
    let seconds = wall_seconds(&experiment, &estimate, threads)? * times;
    let duration = Duration::try_from_secs_f64(seconds);
    let about = if experiment.search().is_some() { "about " } else { "" };
    let runs = (runs as f64 * times).round();
    print_line(format_args!("# {about}{runs} runs, about {:.2e} events", estimate.events * times))?;
    print_line(format_args!(
        "# about {} on {threads} threads of this machine",
        readable(duration.unwrap_or(Duration::MAX))
    ))?;
    Ok(print_line(format_args!("# about {} of memory", gigabytes(estimate.memory.bytes)))?)
}

/// Start of the program, tables and files of a small run, in seconds: measured.
const FIXED_SECONDS: f64 = 0.02;
/// The row of a time bin from the totals to the charts, in seconds: measured.
const BIN_SECONDS: f64 = 2e-6;
/// The rows of a group, with its closed forms, in seconds: measured.
const GROUP_SECONDS: f64 = 8e-5;

/// Time from start to end of the run.
fn wall_seconds(experiment: &Experiment, estimate: &RunEstimate, threads: usize) -> Result<f64, Failure> {
    let simulating = estimate.processor_seconds / estimate.most_threads.clamp(1.0, threads as f64);
    let groups = experiment.points() as f64 * experiment.transports().len() as f64;
    let writing = groups * GROUP_SECONDS + estimate.bins * BIN_SECONDS;
    Ok(FIXED_SECONDS + simulating + estimate.saving_seconds + writing + drawing_seconds(experiment)?)
}

/// A readable duration: with a decimal if it is short.
fn readable(duration: Duration) -> String {
    if duration < Duration::from_secs(60) {
        format!("{:.1} seconds", duration.as_secs_f64())
    } else {
        HumanDuration(duration).to_string()
    }
}

/// Chooses the warm-up, as a run would, and says which and why, as a comment.
fn warmup(experiment: &Experiment) -> Result<String, Failure> {
    let choice = choose_warmup(&experiment.plan(), 0)?;
    experiment.choose_warmup(choice.warmup);
    let mut text = format!(
        "# warm-up {}, chosen by a pilot of {} runs with {:.2e} events",
        choice.warmup, choice.runs, choice.events as f64
    );
    match choice.last {
        None => text.push_str("\n#   no metric needs more than the start of the clients"),
        Some(last) => {
            let transport = experiment.transports()[last.transport].replace(char::is_control, " ");
            let until = if last.is_settled { "settles last, after" } else { "has not settled in half of the pilot," };
            let _ =
                write!(text, "\n#   `{}` of `{transport}` at point {} {until} {}", last.metric, last.point, last.at);
        }
    }
    Ok(text)
}

/// What is known of the values that a search will try, as comments.
fn tries(experiment: &Experiment, search: &KeySearch) -> String {
    let answers = match search.target {
        Target::Equal(_) => String::new(),
        _ if search.transports.len() == 1 => String::new(),
        _ => format!(" for each of {} transports", search.transports.len()),
    };
    format!(
        "# a search: the two ends of its range, and values between them that are chosen during the run\n# about {} values\
         {answers}, each with {} replications or more",
        usual_tries(search),
        experiment.replications_at(0)
    )
}

/// The points of the sweep, as comments.
fn points(experiment: &Experiment) -> String {
    let [points, transports] = [(experiment.points(), "point"), (experiment.transports().len(), "transport")]
        .map(|(count, noun)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }));
    let mut text = match experiment.search() {
        None => format!("# {points} x {transports}"),
        Some(search) => tries(experiment, search),
    };
    for point in 0..experiment.points().min(LISTED) {
        let _ = write!(text, "\n#   point {point}: {} replications", experiment.replications_at(point));
        let words = experiment.words_of_point(point);
        if !words.is_empty() {
            // A line break would end the comment.
            let _ = write!(text, ", {}", words.replace(char::is_control, " "));
        }
    }
    if experiment.points() > LISTED {
        let _ = write!(text, "\n#   … and {} more points", experiment.points() - LISTED);
    }
    text
}
