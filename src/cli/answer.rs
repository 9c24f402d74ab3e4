//! The answer of a run on standard output.

use super::Failure;
use super::output::print_line;
use crate::experiment::Experiment;
use crate::report::{Folder, POPULATIONS, SUMMARY, Tabled};

/// Columns of a line where standard output is no terminal.
const COLUMNS: usize = 80;
/// Fewer columns are not used.
const FEWEST: usize = 40;

/// Prints title, table and sentence for a folder of results of `experiment`.
pub(super) fn print_answer(folder: &Folder, experiment: &Experiment) -> Result<(), Failure> {
    let seconds = folder.manifest()?.map(|manifest| manifest.run.duration_s);
    let text = |name| Ok::<String, Failure>(String::from_utf8_lossy(&folder.read(name)?).into_owned());
    let populations = if experiment.is_mix() { text(POPULATIONS)? } else { String::new() };
    let tabled = Tabled::new(experiment, &text(SUMMARY)?, &populations)?;
    for line in tabled.text(columns(), seconds) {
        print_line(line)?;
    }
    Ok(())
}

/// The columns of the terminal, or of a usual one.
pub(super) fn columns() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map_or(COLUMNS, |(width, _)| usize::from(width.0)).max(FEWEST)
}
