//! The names of rows, to the left of bars and of forest plots.

use plotters::style::RGBColor;

use super::axis::TICK_SIZE;
use super::canvas::{Canvas, HPos, LEADING, Lettering};
use super::error::ChartError;
use super::font::{width, wrap};
use super::palette::INK;

/// Least height of a row.
const ROW: f64 = 20.0;
/// How far names of rows stand behind the name of their group.
const INDENT: f64 = 12.0;

/// Rows of one colour.
#[derive(Clone, Debug)]
pub struct RowGroup {
    /// Above its rows, or of its only row.
    pub name: String,
    /// Of its marks.
    pub color: RGBColor,
    /// The names of its rows; none: it has one, which bears the name of the group.
    pub rows: Vec<String>,
}

/// A line of the names: the name of a group, or of a row.
pub struct NamedLine {
    text: Vec<String>,
    indent: f64,
    pub height: f64,
    /// The row that it names.
    pub row: Option<usize>,
    /// Of its marks.
    pub color: RGBColor,
    /// Whether it lies on a grey stripe.
    pub is_striped: bool,
}

impl NamedLine {
    /// Draws the name, with its upper left corner here.
    pub fn draw(&self, canvas: &mut Canvas, (left, top): (f64, f64)) -> Result<(), ChartError> {
        let high = self.text.len() as f64 * TICK_SIZE * LEADING;
        let from = top + (self.height - high) / 2.0;
        canvas.lines(&self.text, (left + self.indent, from), Lettering::new(TICK_SIZE, INK), HPos::Left)
    }
}

/// The lines of all groups, broken where they are wider than `limit`, and the width of the widest one.
pub fn lines_of(groups: &[RowGroup], limit: f64) -> (Vec<NamedLine>, f64) {
    let mut lines: Vec<NamedLine> = Vec::new();
    let mut row = 0;
    for (number, group) in groups.iter().enumerate() {
        let mut add = |name: &str, indent: f64, is_row: bool| {
            let text = wrap(name, TICK_SIZE, limit - indent);
            let height = (text.len() as f64 * TICK_SIZE * LEADING + 4.0).max(ROW);
            let place = if is_row { Some(row) } else { None };
            row += usize::from(is_row);
            let is_striped = number % 2 == 1;
            lines.push(NamedLine { text, indent, height, row: place, color: group.color, is_striped });
        };
        add(&group.name, 0.0, group.rows.is_empty());
        group.rows.iter().for_each(|name| add(name, INDENT, true));
    }
    let wide = |line: &NamedLine| line.text.iter().map(|text| line.indent + width(text, TICK_SIZE)).fold(0.0, f64::max);
    let widest = lines.iter().map(wide).fold(0.0, f64::max);
    (lines, widest)
}
