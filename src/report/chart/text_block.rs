//! Title, notes and remarks: lines of text across a figure.

use super::canvas::{Canvas, HPos, LEADING, Lettering};
use super::figure::{MARGIN, WIDTH};
use super::font::wrap;
use super::job::{ChartError, ChartJob};
use super::palette::{FAINT, INK};

/// Size of a title.
pub const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 11.5;

/// Title and note over the plots.
#[derive(Clone, Debug)]
pub struct Head {
    pub title: String,
    pub note: Option<String>,
}

impl Head {
    pub fn of(job: &ChartJob) -> Head {
        Head {
            title: job.chart.title.as_deref().unwrap_or(job.context.title).to_owned(),
            note: job.context.note.map(str::to_owned),
        }
    }
}

/// Lines of text across the figure.
pub struct TextBlock {
    lines: Vec<(String, f64)>,
    after: f64,
}

impl TextBlock {
    /// The title over its notes.
    pub fn head(head: &Head) -> TextBlock {
        TextBlock::titled(&head.title, head.note.as_deref())
    }

    /// A title over a note.
    pub fn titled(title: &str, note: Option<&str>) -> TextBlock {
        let wide = WIDTH - 2.0 * MARGIN;
        let title = if title.trim().is_empty() { Vec::new() } else { wrap(title, TITLE_SIZE, wide) };
        let notes = note.iter().flat_map(|note| wrap(note, SMALL, wide)).map(|line| (line, SMALL));
        TextBlock { lines: title.into_iter().map(|line| (line, TITLE_SIZE)).chain(notes).collect(), after: 10.0 }
    }

    /// Remarks at the foot.
    pub fn foot(remarks: &[String]) -> TextBlock {
        let lines = remarks.iter().flat_map(|remark| wrap(remark, SMALL, WIDTH - 2.0 * MARGIN));
        TextBlock { lines: lines.map(|line| (line, SMALL)).collect(), after: 2.0 }
    }

    pub fn height(&self) -> f64 {
        self.lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + self.after
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, mut top: f64) -> Result<(), ChartError> {
        for (line, size) in &self.lines {
            let style = Lettering::new(*size, if *size > SMALL { INK } else { FAINT });
            canvas.text(line, (WIDTH / 2.0, top + size * LEADING / 2.0), style, HPos::Center)?;
            top += size * LEADING;
        }
        Ok(())
    }
}
