//! The answer of a run on standard output.

use std::io::IsTerminal;

use super::Failure;
use super::failure::{note, refuses_colour};
use super::output::print_line;
use crate::experiment::Experiment;
use crate::report::{
    Folder, JudgedClaim, Manifest, POPULATIONS, REPLICATIONS, SEARCH, SUMMARY, SUMMARY_LONG, Screen, TableTexts, Tabled,
};

/// Columns of a line where standard output is no terminal.
const COLUMNS: usize = 80;
/// Fewer columns are not used.
const FEWEST: usize = 40;

/// Prints title, table, sentence and claims for a folder of results of `experiment`.
pub(super) fn print_answer(folder: &Folder, experiment: &Experiment) -> Result<(), Failure> {
    let manifest = folder.manifest()?;
    let seconds = manifest.as_ref().map(|manifest| manifest.run.duration_s);
    let claims = manifest.as_ref().map_or(&[][..], |manifest| &manifest.claims);
    for line in TableFiles::read(folder, experiment)?.tabled(experiment, claims)?.text(screen(), seconds) {
        print_line(line)?;
    }
    Ok(())
}

/// The tables of a folder.
pub(super) struct TableFiles {
    summary: String,
    populations: String,
    replications: String,
    search: String,
    long: String,
}

impl TableFiles {
    /// Reads those that the answer of `experiment` needs.
    pub fn read(folder: &Folder, experiment: &Experiment) -> Result<TableFiles, Failure> {
        let text = |name| Ok::<String, Failure>(String::from_utf8_lossy(&folder.read(name)?).into_owned());
        let text_if = |is_needed, name| if is_needed { text(name) } else { Ok(String::new()) };
        Ok(TableFiles {
            summary: text(SUMMARY)?,
            populations: text_if(experiment.is_mix(), POPULATIONS)?,
            replications: text(REPLICATIONS)?,
            search: text_if(experiment.search().is_some(), SEARCH)?,
            long: String::new(),
        })
    }

    /// The same with the table that has the numbers of samples, which earlier programs did not write.
    pub fn with_samples(self, folder: &Folder) -> Result<TableFiles, Failure> {
        if !folder.has(SUMMARY_LONG) {
            return Ok(self);
        }
        Ok(TableFiles { long: String::from_utf8_lossy(&folder.read(SUMMARY_LONG)?).into_owned(), ..self })
    }

    /// The experiment with these tables and the verdicts on its claims.
    pub fn tabled<'a>(&self, experiment: &'a Experiment, claims: &'a [JudgedClaim]) -> Result<Tabled<'a>, Failure> {
        let TableFiles { summary, populations, replications, search, long } = self;
        Ok(Tabled::new(experiment, TableTexts { summary, populations, replications, search, long }, claims)?)
    }
}

/// Says which of the files that hold numbers are not what the manifest says.
pub(super) fn warn_of_damage(folder: &Folder, manifest: &Manifest) {
    let damaged = folder.damaged(manifest);
    for name in damaged.iter().filter(|name| !name.starts_with("charts/")) {
        note(&format!("warning: {name} is not what the manifest says: these may not be the results of the run"));
    }
}

/// Standard output: its columns, or those of a usual terminal, and colours only on a terminal that may have them.
pub(super) fn screen() -> Screen {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    let columns = size.map_or(COLUMNS, |(width, _)| usize::from(width.0)).max(FEWEST);
    Screen { columns, is_coloured: std::io::stdout().is_terminal() && !refuses_colour() }
}
