//! `cometsim plan`: every default, the points, and the time and memory of a run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};
use indicatif::HumanDuration;

use super::Failure;
use super::arguments::Overrides;
use super::failure::{note, print_diagnostics};
use super::machine::{gigabytes, threads_or_all};
use super::output::print_line;
use super::run::{command, file_name};
use super::task::missing;
use crate::experiment::{Experiment, KeySearch, Target};
use crate::report::{Planned, RunRequest, TaskRequest, Tasks, drawing_seconds, plan_tasks, usual_tries};
use crate::runner::{RunEstimate, choose_warmup, estimate};
use crate::terminal::{shell_word, shown};

/// Points that are listed; further ones are summarised in a line.
const LISTED: usize = 50;

/// Arguments of `cometsim plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// Experiment file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "missing")]
    file: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
    /// Divide the experiment among N tasks, and write the plan to the folder of --out
    #[arg(long, value_name = "N", requires = "out", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    tasks: Option<u32>,
    /// Folder of the plan of tasks, which becomes the folder of the results
    #[arg(long, value_name = "DIR", requires = "tasks", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Discard the plan and the results in the folder of --out
    #[arg(long, requires = "tasks")]
    fresh: bool,
    /// Print the numbers of the tasks of this plan that are to be run, a line each
    #[arg(long, value_name = "DIR", conflicts_with_all = ["file", "tasks", "out"], value_hint = ValueHint::DirPath)]
    missing: Option<PathBuf>,
}

/// Prints or writes a plan, or what is missing of one.
pub(super) fn plan(arguments: &PlanArguments) -> Result<(), Failure> {
    let overrides = arguments.overrides.all();
    match (arguments, &arguments.file) {
        (PlanArguments { missing: Some(folder), .. }, _) => missing(folder),
        (PlanArguments { tasks: Some(tasks), out: Some(out), .. }, Some(file)) => {
            plan_of_tasks((file, &overrides), (*tasks, out), arguments.fresh)
        }
        (_, Some(file)) => print_plan(file, &overrides),
        (_, None) => Ok(()),
    }
}

/// Divides what the folder `results` lacks of an experiment among tasks, unless it is divided, and writes the plan to
/// `out`.
pub(super) fn make_plan(
    (file, overrides): (&Path, &[String]),
    (tasks, results, out): (u32, &Path, &Path),
    is_fresh: bool,
) -> Result<Planned, Failure> {
    let experiment = Experiment::load(file, overrides).map_err(|errors| Failure::File(errors.into()))?;
    print_diagnostics(experiment.warnings());
    let run = RunRequest {
        experiment: &experiment,
        threads: 0,
        is_fresh,
        file: file_name(file),
        command: command(file, overrides),
        overrides: overrides.to_vec(),
        repeats: None,
        on_progress: &|_| {},
        on_note: &note,
    };
    Ok(plan_tasks(out, &TaskRequest { run, path: file, results, tasks })?)
}

/// Divides an experiment among tasks, and says what comes next.
fn plan_of_tasks(experiment: (&Path, &[String]), (tasks, out): (u32, &Path), is_fresh: bool) -> Result<(), Failure> {
    let planned = make_plan(experiment, (tasks, out, out), is_fresh)?;
    let folder = shown(out);
    match planned {
        Planned::Finished => print_line(format_args!("{folder}: the results are there already; nothing to do"))?,
        Planned::New | Planned::Present => {
            let there = if planned == Planned::Present { "the plan is there already: " } else { "" };
            let made = Tasks::open(out)?;
            let most = Duration::try_from_secs_f64(made.seconds()).unwrap_or(Duration::MAX);
            print_line(format_args!(
                "{folder}: {there}{tasks} tasks, numbered from 0; about {} of one processor in all",
                readable(most)
            ))?;
            let all = if tasks > 1 { format!("0-{}", tasks - 1) } else { "0".to_owned() };
            let folder = shell_word(out);
            print_line(format_args!("next: cometsim task {folder} --index {all}; cometsim merge {folder}"))?;
        }
    }
    Ok(())
}

/// Prints the plan: TOML, with everything else in comments, so that the text can be run from the folder of the file.
fn print_plan(file: &Path, overrides: &[String]) -> Result<(), Failure> {
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
    let runs: u64 = plan.runs().iter().map(|run| u64::from(run.replications)).sum();
    let estimate = estimate(&plan, threads);
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
