//! `cometsim check`: errors only.

use std::path::PathBuf;

use super::Failure;
use super::failure::print_diagnostics;
use crate::experiment::Experiment;

/// Looks for errors in all files; prints those of all but the last bad file, which becomes the failure.
pub(super) fn check(files: &[PathBuf], overrides: &[String]) -> Result<(), Failure> {
    let mut outcome = Ok(());
    for file in files {
        match Experiment::load(file, overrides) {
            Ok(experiment) => {
                print_diagnostics(experiment.warnings());
                println!("{}: ok", file.display());
            }
            Err(diagnostics) => {
                if let Err(Failure::File(earlier)) =
                    std::mem::replace(&mut outcome, Err(Failure::File(diagnostics.into())))
                {
                    print_diagnostics(&earlier);
                }
            }
        }
    }
    outcome
}
