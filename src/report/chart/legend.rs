//! The legend, below the plots, in as many columns as fit.

use super::canvas::{Canvas, HPos, LEADING, Lettering};
use super::error::ChartError;
use super::font::{width, wrap_names};
use super::geometry::Rect;
use super::palette::{INK, Swatch};

const SIZE: f64 = 12.5;
const ROW_GAP: f64 = 5.0;

/// Widths in a legend.
#[derive(Clone, Copy)]
struct EntryWidths {
    swatch: f64,
    /// Between a sample and its text.
    gap: f64,
    between_columns: f64,
    /// Up to so many entries one column is easier to read.
    one_column: usize,
}

impl EntryWidths {
    /// In a legend of this width.
    fn within(available: f64) -> EntryWidths {
        const NARROW: f64 = 450.0;
        match available < NARROW {
            true => EntryWidths { swatch: 24.0, gap: 6.0, between_columns: 14.0, one_column: 5 },
            false => EntryWidths { swatch: 34.0, gap: 8.0, between_columns: 26.0, one_column: 3 },
        }
    }
}

/// One entry: its sample and its text.
#[derive(Clone, Debug)]
pub struct LegendEntry {
    pub label: String,
    pub swatch: Swatch,
}

/// A legend broken into lines and columns.
pub struct Legend {
    cells: Vec<(Swatch, Vec<String>)>,
    rows: usize,
    columns: usize,
    column_width: f64,
    widths: EntryWidths,
}

/// Adds an entry unless there is one with this label.
pub fn add(entries: &mut Vec<LegendEntry>, label: &str, swatch: Swatch) {
    if !entries.iter().any(|entry| entry.label == label) {
        entries.push(LegendEntry { label: label.to_owned(), swatch });
    }
}

impl Legend {
    /// Lays the entries out in this width.
    pub fn lay_out(entries: &[LegendEntry], available: f64) -> Legend {
        let widths = EntryWidths::within(available);
        let EntryWidths { swatch, gap, between_columns, one_column } = widths;
        // Two columns of long names are easier to read than one of very long lines.
        let has_two = entries.len() > one_column;
        let limit = if has_two { (available - between_columns) / 2.0 } else { available } - swatch - gap;
        let cells: Vec<_> = entries.iter().map(|entry| (entry.swatch, wrap_names(&entry.label, SIZE, limit))).collect();
        let widest = cells.iter().flat_map(|(_, lines)| lines).map(|line| width(line, SIZE)).fold(0.0, f64::max);
        let column_width = swatch + gap + widest;
        let fitting = ((available + between_columns) / (column_width + between_columns)).floor().max(1.0) as usize;
        let rows = cells.len().div_ceil(fitting.min(cells.len().max(1)));
        let columns = cells.len().div_ceil(rows.max(1));
        Legend { cells, rows, columns, column_width, widths }
    }

    /// Its height: that of the highest column.
    pub fn height(&self) -> f64 {
        let columns = self.cells.chunks(self.rows.max(1));
        columns.map(|column| column.iter().map(|(_, lines)| high(lines)).sum()).fold(0.0, f64::max)
    }

    /// Draws it below `top`, centred on `middle`.
    pub fn draw(&self, canvas: &mut Canvas, middle: f64, top: f64) -> Result<(), ChartError> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let EntryWidths { swatch: wide, gap, between_columns, .. } = self.widths;
        let total = self.columns as f64 * (self.column_width + between_columns) - between_columns;
        let left = middle - total / 2.0;
        canvas.geometry.legend = Some(Rect::new(left, top, left + total, top + self.height()));
        for (column, cells) in self.cells.chunks(self.rows).enumerate() {
            let x = left + column as f64 * (self.column_width + between_columns);
            let mut y = top;
            for (swatch, lines) in cells {
                let middle = y + SIZE * LEADING / 2.0;
                swatch.draw(canvas, Rect::new(x, middle - 7.0, x + wide, middle + 7.0))?;
                canvas.lines(lines, (x + wide + gap, y), Lettering::new(SIZE, INK), HPos::Left)?;
                y += high(lines);
            }
        }
        Ok(())
    }
}

/// The height of an entry of these lines.
fn high(lines: &[String]) -> f64 {
    lines.len() as f64 * SIZE * LEADING + ROW_GAP
}
