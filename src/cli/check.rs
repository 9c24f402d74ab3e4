//! `cometsim check`: errors only.

use std::path::PathBuf;

use super::Failure;
use super::failure::print_diagnostics;
use super::say::say;
use crate::experiment::{Diagnostics, Experiment, shown};

/// Looks for errors in all files.
pub(super) fn check(files: &[PathBuf], overrides: &[String]) -> Result<(), Failure> {
    let outcomes: Vec<_> = files.iter().map(|file| (file, Experiment::load(file, overrides))).collect();
    for (file, outcome) in &outcomes {
        if let Ok(experiment) = outcome {
            print_diagnostics(experiment.warnings());
            say(format_args!("{}: ok", shown(file)))?;
        }
    }
    all_good(outcomes.into_iter().map(|(_, outcome)| outcome)).map(drop)
}

/// All experiments, or the errors of all bad files: all but the last are printed, the last becomes the failure.
pub(super) fn all_good(
    outcomes: impl Iterator<Item = Result<Experiment, Diagnostics>>,
) -> Result<Vec<Experiment>, Failure> {
    let (mut experiments, mut last_bad) = (Vec::new(), None);
    for outcome in outcomes {
        match outcome {
            Ok(experiment) => experiments.push(experiment),
            Err(diagnostics) => {
                if let Some(earlier) = last_bad.replace(diagnostics) {
                    print_diagnostics(&earlier);
                }
            }
        }
    }
    match last_bad {
        Some(diagnostics) => Err(Failure::File(Box::new(diagnostics))),
        None => Ok(experiments),
    }
}
