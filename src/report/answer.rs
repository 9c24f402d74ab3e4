//! The answer of a run: a table of its results that a person can read, and a sentence.
//!
//! It is made from the tables of a folder and its experiment alone, so that it can be shown again. Every number has the
//! digits that its interval allows.

mod cell;
mod columns;
mod data;
mod digits;
mod display_unit;
mod head;
mod labels;
mod latex;
mod markdown;
mod ratio;
mod readings;
mod rival;
mod selection;
mod sentence;
mod sheet;
mod size;
mod tabled;
mod text;
mod verdict;

use super::results::{ANSWER, POPULATIONS, SUMMARY, TextFile};
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;
use crate::terminal::without_controls;
use columns::wrapped;
use selection::Selection;
pub use selection::{WishError, Wishes};
use sentence::sentence;
use sheet::Sheet;
pub use tabled::Tabled;

/// The format of a table of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// In columns, for a screen of this many columns.
    Text(usize),
    /// Markdown.
    Markdown,
    /// LaTeX, with booktabs and siunitx.
    Latex,
    /// A row for each value, not rounded.
    Csv,
    /// One document, not rounded.
    Json,
}

/// Why a table cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// It is asked for something that does not exist.
    #[error(transparent)]
    Wish(#[from] WishError),
    /// It cannot be written.
    #[error("the table cannot be written")]
    Table(#[from] csv::Error),
}

/// What is said of a table whose numbers may not be those of the run.
const ALTERED: &str = "Made from altered tables: these are not the results of the run.";

impl Tabled<'_> {
    /// Title, size, table and sentence in lines of at most `columns`, as far as names and numbers allow; `seconds` is the
    /// time that the run took.
    pub fn text(&self, columns: usize, seconds: Option<f64>) -> Vec<String> {
        let sheet = Sheet::new(self, &Selection::usual(self.experiment));
        let mut lines = self.headed(&sheet, columns, seconds);
        lines.push(String::new());
        lines.extend(wrapped(&sentence(self), columns));
        lines.extend(text::notes(&sheet).iter().flat_map(|note| wrapped(note, columns)));
        lines
    }

    /// Title, size and table.
    fn headed(&self, sheet: &Sheet, columns: usize, seconds: Option<f64>) -> Vec<String> {
        let mut lines = wrapped(&without_controls(self.experiment.title(), |_| false), columns);
        lines.extend(wrapped(&size::words(self.experiment, seconds), columns));
        lines.push(String::new());
        lines.extend(text::lines(sheet, columns));
        lines
    }

    /// The table of what is wished for, or the usual one with the sentence.
    ///
    /// # Errors
    /// If something is wished for that does not exist.
    pub fn show(&self, wishes: &Wishes, format: TableFormat) -> Result<String, ShowError> {
        let sheet = Sheet::new(self, &Selection::new(self.experiment, wishes)?);
        let is_usual = *wishes == Wishes::default();
        let lines = match format {
            TableFormat::Text(columns) if is_usual => self.text(columns, None),
            TableFormat::Text(columns) => {
                let mut lines = self.headed(&sheet, columns, None);
                let notes = text::notes(&sheet);
                if !notes.is_empty() {
                    lines.push(String::new());
                }
                lines.extend(notes.iter().flat_map(|note| wrapped(note, columns)));
                lines
            }
            TableFormat::Markdown => self.markdown(&sheet, is_usual),
            TableFormat::Latex => {
                let caption = format!("{} ({})", self.experiment.title(), size::words(self.experiment, None));
                latex::table(&sheet, &caption, &text::notes(&sheet))
            }
            TableFormat::Csv => return Ok(data::csv(self, &sheet)?),
            TableFormat::Json => return Ok(data::json(self, &sheet)),
        };
        Ok(lines.join("\n") + "\n")
    }

    fn markdown(&self, sheet: &Sheet, has_sentence: bool) -> Vec<String> {
        let title = format!("# {}", markdown::escaped(self.experiment.title()));
        let mut lines = vec![title, String::new(), format!("{}.", size::words(self.experiment, None)), String::new()];
        lines.extend(markdown::table(sheet));
        if has_sentence {
            lines.extend([String::new(), markdown::escaped(&sentence(self))]);
        }
        for note in text::notes(sheet) {
            lines.extend([String::new(), markdown::escaped(&note)]);
        }
        lines
    }
}

/// The file with the table, the sentence and the warnings, made from the tables of a run.
pub(super) fn file(
    experiment: &Experiment,
    tables: &[TextFile],
    warnings: &[Warning],
    is_altered: bool,
) -> Result<(String, Vec<u8>), csv::Error> {
    let text = |name: &str| tables.iter().find(|(table, _)| *table == name).map_or("", |(_, text)| text);
    let tabled = Tabled::new(experiment, text(SUMMARY), text(POPULATIONS))?;
    let mut lines = tabled.markdown(&Sheet::new(&tabled, &Selection::usual(experiment)), true);
    if is_altered {
        lines.splice(1..1, [String::new(), ALTERED.to_owned()]);
    }
    if !warnings.is_empty() {
        lines.extend([String::new(), "## Warnings".to_owned(), String::new()]);
        lines.extend(markdown::warnings(warnings));
    }
    Ok((ANSWER.to_owned(), (lines.join("\n") + "\n").into_bytes()))
}
