//! `cometsim trace`: the life of one client.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, ValueHint};

use super::Failure;
use super::answer::screen;
use super::arguments::{Overrides, joined, whole_number, words};
use super::failure::{note, note_usual_source, print_diagnostics};
use super::interrupt::handle_interrupts;
use super::output::print_line;
use crate::experiment::Experiment;
use crate::experiment::chart::Ground;
use crate::report::trace::{
    ClientTrace, TRACE_FILES, TraceSpan, TraceWish, check_trace_folder, trace_client, trace_text, write_trace,
};
use crate::report::{Folder, listed_names, wished_points};
use crate::runner::choose_warmup;
use crate::terminal::shown;
use crate::units::Time;

/// Arguments of `cometsim trace`.
#[derive(Debug, Args)]
pub(super) struct TraceArguments {
    /// Experiment file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Number of the client, from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number)]
    client: u32,
    /// Point of a sweep: a number, such as 3, first, middle or last, or a swept value, such as clients=100
    #[arg(long, value_name = "POINT", default_value = "first", allow_hyphen_values = true)]
    point: String,
    /// Transports to show [default: all]
    #[arg(long, visible_alias = "transports", value_name = "NAMES")]
    transport: Vec<String>,
    /// Number of the replication, from 0, as in replications.csv
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number)]
    replication: u32,
    /// Begin at this instant of the run, such as '90 s' [default: the end of the warm-up]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    from: Option<Time>,
    /// End before this instant [default: as far as fits on a page]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    to: Option<Time>,
    /// Write trace.csv, trace.json, trace.svg, .png and .pdf to this folder, too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// What the diagram stands on
    #[arg(long, requires = "out", default_value = "white", value_parser = words(Ground::WORDS, Ground::from_word))]
    ground: Ground,
    #[command(flatten)]
    overrides: Overrides,
}

/// A number of a client or a replication.
fn number(text: &str) -> Result<u32, String> {
    whole_number::<0, { u32::MAX as u64 - 1 }>(text).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

/// An instant with its unit, or a number of seconds.
fn instant(text: &str) -> Result<Time, String> {
    let is_bare = text.trim().parse::<f64>().is_ok();
    let text = if is_bare { format!("{} s", text.trim()) } else { text.to_owned() };
    text.parse().map_err(|error| format!("{error}; write an instant of the run, such as '90 s' or '2 min'"))
}

/// Prints the life of a client, and writes its pictures.
pub(super) fn trace(arguments: &TraceArguments) -> Result<(), Failure> {
    let (file, overrides) = (&arguments.file, arguments.overrides.all());
    let experiment = Experiment::load(file, &overrides).map_err(|errors| Failure::File(errors.into()))?;
    print_diagnostics(experiment.warnings());
    note_usual_source(file, &experiment);
    let wish = wish(arguments, &experiment)?;
    let folder = arguments.out.as_ref().map(Folder::new);
    folder.as_ref().map_or(Ok(()), check_trace_folder)?;
    handle_interrupts("nothing was traced, and no file was changed");
    if experiment.awaits_warmup() {
        let choice = choose_warmup(&experiment.plan(), 0)?;
        experiment.choose_warmup(choice.warmup);
        note(&format!("note: the warm-up is {}, chosen by a pilot", choice.warmup));
    }
    let trace = trace_client(&experiment, &wish).map_err(|error| Failure::Wrong(error.into()))?;
    for line in trace_text(&trace, screen().columns) {
        print_line(line)?;
    }
    folder.map_or(Ok(()), |folder| write(&trace, arguments.ground, &folder))
}

/// What is asked for, in the numbers of the experiment.
fn wish(arguments: &TraceArguments, experiment: &Experiment) -> Result<TraceWish, Failure> {
    let wrong = |why: String| Failure::Wrong(anyhow!(why));
    let points = wished_points(&arguments.point, experiment).map_err(|error| Failure::Wrong(error.into()))?;
    let [point] = points[..] else {
        let known = points.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(wrong(format!(
            "--point {} names the points {known}: a trace shows one, write its number",
            arguments.point
        )));
    };
    let known: Vec<&String> = experiment.transports().iter().collect();
    let transports = match joined(&arguments.transport) {
        None => (0..known.len()).collect(),
        Some(list) => {
            let names = listed_names(&list, &known).map_err(|error| Failure::Wrong(error.into()))?;
            (0..known.len()).filter(|place| names.contains(&known[*place])).collect()
        }
    };
    let replications = experiment.precision().map_or(experiment.replications_at(point), |precision| precision.most);
    if arguments.replication >= replications {
        let known = if replications == 1 {
            "the only one is 0".to_owned()
        } else {
            format!("they are 0 to {}", replications - 1)
        };
        return Err(wrong(format!("there is no replication {}: {known}", arguments.replication)));
    }
    let span = TraceSpan { from: arguments.from, to: arguments.to };
    let TraceArguments { client, replication, .. } = *arguments;
    Ok(TraceWish { point, transports, replication, client, span })
}

/// Writes the files of a trace, and says so.
fn write(trace: &ClientTrace, ground: Ground, folder: &Folder) -> Result<(), Failure> {
    write_trace(trace, ground, folder, &note)?;
    note(&format!("{}: {}", shown(folder.path()), TRACE_FILES.join(", ")));
    Ok(())
}
