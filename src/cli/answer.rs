//! The answer of a run on standard output.

use super::Failure;
use super::failure::note;
use super::output::print_line;
use crate::experiment::Experiment;
use crate::report::{Folder, Manifest, POPULATIONS, SUMMARY, Tabled};

/// Columns of a line where standard output is no terminal.
const COLUMNS: usize = 80;
/// Fewer columns are not used.
const FEWEST: usize = 40;

/// Prints title, table and sentence for a folder of results of `experiment`.
pub(super) fn print_answer(folder: &Folder, experiment: &Experiment) -> Result<(), Failure> {
    let seconds = folder.manifest()?.map(|manifest| manifest.run.duration_s);
    for line in tabled(folder, experiment)?.text(columns(), seconds) {
        print_line(line)?;
    }
    Ok(())
}

/// The experiment with the tables of a folder.
pub(super) fn tabled<'a>(folder: &Folder, experiment: &'a Experiment) -> Result<Tabled<'a>, Failure> {
    let text = |name| Ok::<String, Failure>(String::from_utf8_lossy(&folder.read(name)?).into_owned());
    let populations = if experiment.is_mix() { text(POPULATIONS)? } else { String::new() };
    Ok(Tabled::new(experiment, &text(SUMMARY)?, &populations)?)
}

/// Says which of the files that hold numbers are not what the manifest says.
pub(super) fn warn_of_damage(folder: &Folder, manifest: &Manifest) {
    let damaged = folder.damaged(manifest);
    for name in damaged.iter().filter(|name| !name.starts_with("charts/")) {
        note(&format!("warning: {name} is not what the manifest says: these may not be the results of the run"));
    }
}

/// The columns of the terminal, or of a usual one.
pub(super) fn columns() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map_or(COLUMNS, |(width, _)| usize::from(width.0)).max(FEWEST)
}
