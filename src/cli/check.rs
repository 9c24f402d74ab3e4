//! `cometsim check`: reports errors and warnings without a run.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use super::Failure;
use super::failure::{note_usual_source, print_diagnostics};
use super::output::print_line;
use crate::experiment::{Diagnostics, Experiment, Severity, Told};
use crate::terminal::shown;

/// The output format of errors and warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    // With the lines of the file, on standard error.
    Text,
    // One document, on standard output.
    Json,
}

/// Looks for errors in all files.
pub(super) fn check(files: &[PathBuf], overrides: &[String], format: CheckFormat) -> Result<(), Failure> {
    let outcomes: Vec<_> = files.iter().map(|file| (file, Experiment::load(file, overrides))).collect();
    if format == CheckFormat::Json {
        return as_json(&outcomes);
    }
    for (file, outcome) in &outcomes {
        if let Ok(experiment) = outcome {
            print_diagnostics(experiment.warnings());
            note_usual_source(file, experiment);
            print_line(format_args!("{}: ok", shown(file)))?;
        }
    }
    all_good(outcomes.into_iter().map(|(_, outcome)| outcome)).map(drop)
}

/// What `check --format json` prints.
#[derive(Serialize)]
struct Document {
    /// Rises when a field is removed or changes its meaning.
    format: u32,
    cometsim_version: &'static str,
    files: Vec<FileReport>,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    ok: bool,
    errors: usize,
    warnings: usize,
    /// Whether there are more than those in `diagnostics`.
    more: bool,
    diagnostics: Vec<Told>,
}

impl FileReport {
    fn new(file: &Path, outcome: &Result<Experiment, Diagnostics>) -> FileReport {
        let diagnostics = outcome.as_ref().map_or_else(|errors| errors, Experiment::warnings);
        let told = diagnostics.told();
        let count = |severity| told.iter().filter(|told| told.severity == severity).count();
        FileReport {
            file: file.display().to_string(),
            ok: outcome.is_ok(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            more: diagnostics.has_more(),
            diagnostics: told,
        }
    }
}

fn as_json(outcomes: &[(&PathBuf, Result<Experiment, Diagnostics>)]) -> Result<(), Failure> {
    let document = Document {
        format: 1,
        cometsim_version: env!("CARGO_PKG_VERSION"),
        files: outcomes.iter().map(|(file, outcome)| FileReport::new(file, outcome)).collect(),
    };
    print_line(serde_json::to_string_pretty(&document)?)?;
    if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) { Ok(()) } else { Err(Failure::Told) }
}

/// All experiments, or the errors of all bad files: all except the last are printed, the last becomes the failure.
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
