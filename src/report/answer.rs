//! The answer of a run: a table of its results that a person can read, and a sentence.
//!
//! It is made from the tables of a folder and its experiment alone, so that it can be shown again. Every number has the
//! digits that its interval allows.

mod answers;
mod cell;
mod claims;
mod data;
mod delays;
mod empty;
mod found;
mod head;
mod latex;
mod markdown;
mod pairs;
mod precision;
mod ratio;
mod readings;
mod rival;
mod samples;
mod screen;
mod selection;
mod sentence;
mod sheet;
mod size;
mod tabled;
mod text;
mod verdict;
mod view;

use super::columns::wrapped;
use super::inference::JudgedClaim;
use super::markdown::escaped;
use super::request::ReportError;
use super::results::ANSWER;
use super::tables::{POPULATIONS, REPLICATIONS, SEARCH, SUMMARY, TextFile};
use super::wishes::{WishError, Wishes};
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;
use crate::terminal::without_controls;
use answers::answers;
pub use screen::Screen;
use selection::Selection;
use sentence::sentence;
use sheet::Sheet;
pub use tabled::{TableTexts, Tabled};
use text::Intervals;
pub(super) use view::{AnswerView, unbroken};

/// The format of a table of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// In columns, for a screen.
    Text(Screen),
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
pub(super) const ALTERED: &str = "Made from altered tables: these are not the results of the run.";

impl Tabled<'_> {
    /// Title, size, table, sentence and claims in lines that fit the screen, as far as names and numbers allow; the answers
    /// of a search come first. `seconds` is the time that the run took.
    pub fn text(&self, screen: Screen, seconds: Option<f64>) -> Vec<String> {
        let columns = screen.columns;
        let sheet = Sheet::new(self, &Selection::usual(self));
        let mut lines = self.head(columns, seconds);
        lines.push(String::new());
        for answer in answers(self) {
            lines.extend(wrapped(&without_controls(&answer, |_| false), columns));
        }
        if !self.found.is_empty() {
            lines.push(String::new());
        }
        lines.extend(self.table(&sheet, columns));
        let mut below = Vec::new();
        let sentence = sentence(self);
        if !sentence.is_empty() {
            below.extend(wrapped(&without_controls(&sentence, |_| false), columns));
        }
        below.extend(precision::reached(self).iter().flat_map(|line| wrapped(line, columns)));
        below.extend(claims::lines(self).iter().flat_map(|line| text::of_claim(line, screen)));
        if !below.is_empty() {
            lines.push(String::new());
        }
        lines.extend(below);
        lines
    }

    /// A table with what its marks mean.
    fn table(&self, sheet: &Sheet, columns: usize) -> Vec<String> {
        let (mut lines, intervals) = text::lines(sheet, columns);
        lines.extend(self.notes(sheet, intervals).iter().flat_map(|note| wrapped(note, columns)));
        lines
    }

    /// What the marks in a table mean, and what a reader has to know of its numbers.
    fn notes(&self, sheet: &Sheet, intervals: Intervals) -> Vec<String> {
        let mut notes = text::notes(sheet, intervals);
        notes.extend(delays::without(self, sheet));
        notes.extend(empty::reasons(sheet));
        notes
    }

    /// The points at which transports are compared without a wish.
    pub fn compared_points(&self) -> Vec<usize> {
        selection::compared_points(self)
    }

    /// Title and size.
    fn head(&self, columns: usize, seconds: Option<f64>) -> Vec<String> {
        let mut lines = wrapped(&without_controls(self.experiment.title(), |_| false), columns);
        lines.extend(wrapped(&size::words(self, seconds), columns));
        lines
    }

    /// Title, size and the table of what is wished for.
    fn chosen(&self, sheet: &Sheet, columns: usize) -> Vec<String> {
        let mut lines = self.head(columns, None);
        lines.push(String::new());
        lines.extend(self.table(sheet, columns));
        lines
    }

    /// The table of what is wished for, or the usual one with the answers, the sentence and the claims.
    ///
    /// # Errors
    /// If something is wished for that does not exist.
    pub fn show(&self, wishes: &Wishes, format: TableFormat) -> Result<String, ShowError> {
        let mut sheet = Sheet::new(self, &Selection::new(self, wishes)?);
        if wishes.points.is_some() && matches!(format, TableFormat::Text(_)) {
            sheet.number_points();
        }
        let is_usual = *wishes == Wishes::default();
        let lines = match format {
            TableFormat::Text(screen) if is_usual => self.text(screen, None),
            TableFormat::Text(screen) => self.chosen(&sheet, screen.columns),
            TableFormat::Markdown => self.markdown(&sheet, is_usual),
            TableFormat::Latex => latex::table(
                &sheet,
                self.experiment.title(),
                &size::words(self, None),
                &self.notes(&sheet, Intervals::Shown),
            ),
            TableFormat::Csv => return Ok(data::csv(self, &sheet)?),
            TableFormat::Json => return Ok(data::json(self, &sheet)),
        };
        Ok(lines.join("\n") + "\n")
    }

    fn markdown(&self, sheet: &Sheet, is_usual: bool) -> Vec<String> {
        let title = format!("# {}", escaped(self.experiment.title()));
        let mut lines = vec![title, String::new(), format!("{}.", size::words(self, None)), String::new()];
        if is_usual {
            lines.extend(answers(self).iter().flat_map(|answer| [escaped(answer), String::new()]));
        }
        lines.extend(markdown::table(sheet));
        lines.extend(self.notes(sheet, Intervals::Shown).iter().flat_map(|note| [String::new(), escaped(note)]));
        let sentence = if is_usual { sentence(self) } else { String::new() };
        if !sentence.is_empty() {
            lines.extend([String::new(), escaped(&sentence)]);
        }
        if let Some(reached) = precision::reached(self)
            && is_usual
        {
            lines.extend([String::new(), escaped(&reached)]);
        }
        let claims = if is_usual { claims::lines(self) } else { Vec::new() };
        if !claims.is_empty() {
            lines.push(String::new());
        }
        lines.extend(claims.iter().map(markdown::of_claim));
        lines
    }
}

/// What [`file()`] has besides the table.
#[derive(Clone, Copy, Default)]
pub(super) struct Remarks<'a> {
    pub warnings: &'a [Warning],
    pub claims: &'a [JudgedClaim],
    /// Whether the tables may not be those of the run.
    pub is_altered: bool,
}

/// The file with the table, the sentence, the claims and the warnings, made from the tables of a run.
pub(super) fn file(
    experiment: &Experiment,
    tables: &[TextFile],
    remarks: Remarks,
) -> Result<(String, Vec<u8>), ReportError> {
    let tabled = Tabled::new(experiment, texts(tables), remarks.claims)?;
    let mut lines = tabled.markdown(&Sheet::new(&tabled, &Selection::usual(&tabled)), true);
    if remarks.is_altered {
        lines.splice(1..1, [String::new(), ALTERED.to_owned()]);
    }
    let warnings = told(experiment, remarks.warnings);
    if !warnings.is_empty() {
        lines.extend([String::new(), "## Warnings".to_owned(), String::new()]);
        lines.extend(markdown::warnings(&warnings));
    }
    Ok((ANSWER.to_owned(), (lines.join("\n") + "\n").into_bytes()))
}

/// The answer of a run as plain data.
pub(super) fn view(experiment: &Experiment, tables: &[TextFile], remarks: Remarks) -> Result<AnswerView, ReportError> {
    Ok(Tabled::new(experiment, texts(tables), remarks.claims)?.view())
}

/// The warnings that concern the results of a run. What is said of the file of a quick run is about the file as it was
/// written, before it was cut.
pub(super) fn told(experiment: &Experiment, warnings: &[Warning]) -> Vec<Warning> {
    let is_told = |warning: &&Warning| warning.is_of_results() || !experiment.quick();
    warnings.iter().filter(is_told).cloned().collect()
}

fn texts(tables: &[TextFile]) -> TableTexts<'_> {
    let text = |name: &str| tables.iter().find(|(table, _)| *table == name).map_or("", |(_, text)| text);
    TableTexts {
        summary: text(SUMMARY),
        populations: text(POPULATIONS),
        replications: text(REPLICATIONS),
        search: text(SEARCH),
        long: "",
    }
}
