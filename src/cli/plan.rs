//! `cometsim plan`: every default explicit, the points, and what a run will take.

use std::path::Path;
use std::time::Duration;

use indicatif::{HumanBytes, HumanDuration};

use super::Failure;
use super::failure::print_diagnostics;
use crate::experiment::Experiment;
use crate::runner::{Jobs, estimate};

/// Points that are listed; more are summed up in a line.
const LISTED: usize = 50;

/// Prints the plan: TOML, with what is not part of the experiment in comments, so that the whole text can be run.
pub(super) fn plan(file: &Path, overrides: &[String]) -> Result<(), Failure> {
    let experiment = Experiment::load(file, overrides).map_err(|errors| Failure::File(errors.into()))?;
    print_diagnostics(experiment.warnings());
    println!("{}", experiment.resolved_toml().trim_end());
    println!("\n# {} point(s) x {} transport(s)", experiment.points(), experiment.transports().len());
    for point in 0..experiment.points().min(LISTED) {
        let values: Vec<String> = experiment
            .swept()
            .iter()
            .zip(experiment.coordinates(point))
            .map(|(key, value)| {
                format!("{} = {value}{}", key.path, key.unit.map_or(String::new(), |unit| format!(" {unit}")))
            })
            .collect();
        let replications = experiment.replications_at(point);
        println!(
            "#   point {point}: {replications} replications{}{}",
            if values.is_empty() { "" } else { ", " },
            values.join(", ")
        );
    }
    if experiment.points() > LISTED {
        println!("#   … and {} more points", experiment.points() - LISTED);
    }
    let estimate = estimate(&experiment);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let seconds = estimate.processor_seconds / (threads as f64).min(Jobs::of(&experiment).count() as f64);
    println!("# {} runs, about {:.2e} events", Jobs::of(&experiment).count(), estimate.events);
    println!(
        "# about {} on {threads} threads of this machine",
        HumanDuration(Duration::from_secs_f64(seconds.max(0.0)))
    );
    println!("# about {} of memory for the simulation", HumanBytes((estimate.job_bytes * threads as f64) as u64));
    Ok(())
}
