//! `cometsim show`: the table of a finished run again.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, ValueEnum, ValueHint};

use super::Failure;
use super::answer::{TableFiles, screen, warn_of_damage};
use super::arguments::joined;
use super::failure::{name_warnings, require_results};
use super::output::print_bytes;
use crate::report::{Folder, MANIFEST, RESOLVED, ShowError, TableFormat, Wishes, experiment_of};

/// Arguments of `cometsim show`.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Folder of the run, such as output/comet
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Metrics to show, by the names of their columns, with commas between them
    #[arg(long, value_name = "NAMES")]
    metrics: Vec<String>,
    /// Points of a sweep to show: 0,3 or 2-5 or first, middle, last, all
    #[arg(long, value_name = "POINTS", allow_hyphen_values = true)]
    points: Vec<String>,
    /// Transports, or populations of a mix, to show
    #[arg(long, value_name = "NAMES")]
    transports: Vec<String>,
    /// Text for people, a table for a paper, or every value in full for programs
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ShowFormat::Text)]
    format: ShowFormat,
}

/// The format of the table.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShowFormat {
    /// Columns on the screen
    Text,
    /// A table for a README or a note
    Markdown,
    /// A table for a paper, with booktabs and siunitx
    Latex,
    /// A row for each value, not rounded
    Csv,
    /// One JSON document, not rounded
    Json,
}

/// Prints the table.
pub(super) fn show(arguments: &ShowArguments) -> Result<(), Failure> {
    require_results(&arguments.folder, MANIFEST)?;
    let folder = Folder::new(&arguments.folder);
    let manifest = folder.manifest().map_err(|error| Failure::Wrong(error.into()))?;
    let experiment = experiment_of(&folder, folder.read(RESOLVED)?)?;
    let wishes = Wishes {
        metrics: joined(&arguments.metrics),
        points: joined(&arguments.points),
        transports: joined(&arguments.transports),
    };
    let format = match arguments.format {
        ShowFormat::Text => TableFormat::Text(screen()),
        ShowFormat::Markdown => TableFormat::Markdown,
        ShowFormat::Latex => TableFormat::Latex,
        ShowFormat::Csv => TableFormat::Csv,
        ShowFormat::Json => TableFormat::Json,
    };
    let claims = manifest.as_ref().map_or(&[][..], |manifest| &manifest.claims);
    let files = TableFiles::read(&folder, &experiment)?;
    let is_for_programs = matches!(format, TableFormat::Csv | TableFormat::Json);
    let files = if is_for_programs { files.with_samples(&folder)? } else { files };
    let table = files.tabled(&experiment, claims)?.show(&wishes, format).map_err(|error| match error {
        ShowError::Wish(wrong) => Failure::Wrong(anyhow!(wrong)),
        error @ ShowError::Table(_) => Failure::Failed(error.into()),
    })?;
    print_bytes(table.as_bytes())?;
    if let Some(manifest) = &manifest {
        warn_of_damage(&folder, manifest);
    }
    name_warnings(&folder)
}
