//! Title, notes and remarks: lines of text across a figure.

use super::canvas::{Canvas, HPos, LEADING, Lettering};
use super::display::Page;
use super::error::ChartError;
use super::font::wrap;
use super::job::ChartJob;
use super::marks::of_few;
use super::palette::{FAINT, INK};
use super::sheet::ChartSheet;
use crate::experiment::chart::{ChartKind, Ground};

/// Size of a title.
pub const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 11.5;

/// What a figure has besides its plots.
#[derive(Clone, Debug)]
pub struct Heading {
    pub title: String,
    pub note: Option<String>,
    pub kind: ChartKind,
    pub sheet: ChartSheet,
    pub ground: Ground,
    /// Of which replications intervals are, if these are few: see [`of_few`].
    pub of_few: String,
}

impl Heading {
    pub fn of(job: &ChartJob) -> Heading {
        Heading {
            title: job.chart.title.as_deref().unwrap_or(job.context.title).to_owned(),
            note: job.context.note.map(str::to_owned),
            kind: job.chart.kind,
            sheet: job.sheet(),
            ground: job.chart.print.ground,
            of_few: of_few(&job.whole_summary().numbers("replications")),
        }
    }

    /// The page of its drawing.
    pub fn page(&self, sheet: ChartSheet, description: String) -> Page {
        Page { sheet, ground: self.ground, title: self.title.clone(), description }
    }
}

/// Lines of text across the figure.
pub struct TextBlock {
    lines: Vec<(String, f64)>,
    after: f64,
    middle: f64,
}

impl TextBlock {
    /// The title over its notes.
    pub fn head(sheet: ChartSheet, head: &Heading) -> TextBlock {
        TextBlock::titled(sheet, &head.title, head.note.as_deref())
    }

    /// A title, if the sheet has one, over a note.
    pub fn titled(sheet: ChartSheet, title: &str, note: Option<&str>) -> TextBlock {
        let has_title = sheet.has_title && !title.trim().is_empty();
        let title = if has_title { wrap(title, TITLE_SIZE, sheet.inner()) } else { Vec::new() };
        let notes = note.iter().flat_map(|note| wrap(note, SMALL, sheet.inner())).map(|line| (line, SMALL));
        let lines: Vec<_> = title.into_iter().map(|line| (line, TITLE_SIZE)).chain(notes).collect();
        let after = if lines.is_empty() && !sheet.has_title { 4.0 } else { 10.0 };
        TextBlock { lines, after, middle: sheet.width / 2.0 }
    }

    /// Remarks at the foot.
    pub fn foot(sheet: ChartSheet, remarks: &[String]) -> TextBlock {
        let lines = remarks.iter().flat_map(|remark| wrap(remark, SMALL, sheet.inner()));
        TextBlock { lines: lines.map(|line| (line, SMALL)).collect(), after: 2.0, middle: sheet.width / 2.0 }
    }

    pub fn height(&self) -> f64 {
        self.lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + self.after
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, mut top: f64) -> Result<(), ChartError> {
        for (line, size) in &self.lines {
            let style = Lettering::new(*size, if *size > SMALL { INK } else { FAINT });
            canvas.text(line, (self.middle, top + size * LEADING / 2.0), style, HPos::Center)?;
            top += size * LEADING;
        }
        Ok(())
    }
}
