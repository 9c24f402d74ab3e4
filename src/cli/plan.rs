//! `cometsim plan`: every default explicit, the points, and what a run will take.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use indicatif::{HumanBytes, HumanDuration};

use super::Failure;
use super::failure::print_diagnostics;
use super::say::say;
use crate::experiment::Experiment;
use crate::runner::{Jobs, estimate};

/// Points that are listed; more are summed up in a line.
const LISTED: usize = 50;

/// Prints the plan: TOML, with what is not part of the experiment in comments, so that the whole text can be run from the
/// folder of the file.
pub(super) fn plan(file: &Path, overrides: &[String]) -> Result<(), Failure> {
    let experiment = Experiment::load(file, overrides).map_err(|errors| Failure::File(errors.into()))?;
    print_diagnostics(experiment.warnings());
    say(format_args!("{}\n\n{}", experiment.planned_toml().trim_end(), points(&experiment)))?;
    let (runs, estimate) = (Jobs::of(&experiment).count(), estimate(&experiment));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let seconds = estimate.processor_seconds / (threads as f64).min(runs as f64);
    let memory = estimate.job_bytes * threads as f64 + estimate.results_bytes;
    say(format_args!("# {runs} runs, about {:.2e} events", estimate.events))?;
    let duration = HumanDuration(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    say(format_args!("# about {duration} on {threads} threads of this machine"))?;
    say(format_args!("# about {} of memory", HumanBytes(memory as u64)))
}

/// The points of the sweep, as comments.
fn points(experiment: &Experiment) -> String {
    let mut text = format!("# {} point(s) x {} transport(s)", experiment.points(), experiment.transports().len());
    for point in 0..experiment.points().min(LISTED) {
        let _ = write!(text, "\n#   point {point}: {} replications", experiment.replications_at(point));
        for (key, value) in experiment.swept().iter().zip(experiment.coordinates(point)) {
            let unit = key.unit.map_or(String::new(), |unit| format!(" {unit}"));
            let _ = write!(text, ", {} = {}{unit}", key.path.escape_debug(), value.escape_debug());
        }
    }
    if experiment.points() > LISTED {
        let _ = write!(text, "\n#   … and {} more points", experiment.points() - LISTED);
    }
    text
}
