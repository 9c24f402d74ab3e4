//! A name in its place in a plot, with a line to what it names.

use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::error::ChartError;
use super::font::width;
use super::geometry::Rect;
use super::palette::FAINT;

/// Size of names.
pub const SIZE: f64 = 12.0;
/// Points nearer than this in pixels are one to the eye.
pub const SAME_PLACE: f64 = 7.0;

/// A name in its place.
pub struct PlacedName {
    pub lines: Vec<String>,
    /// Left edge and middle.
    pub at: (f64, f64),
    /// From the curve to the name; empty beside it.
    pub leader: Vec<(f64, f64)>,
    pub color: plotters::style::RGBColor,
}

impl PlacedName {
    /// The box that it takes.
    pub fn rect(&self) -> Rect {
        let wide = self.lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max);
        let half = self.lines.len() as f64 * SIZE * LEADING / 2.0;
        Rect::new(self.at.0, self.at.1 - half, self.at.0 + wide, self.at.1 + half)
    }

    /// Draws it in letters of this size.
    pub fn draw(&self, canvas: &mut Canvas, size: f64) -> Result<(), ChartError> {
        canvas.line(&self.leader, Stroke::solid(FAINT, 0.75))?;
        let top = self.at.1 - self.lines.len() as f64 * size * LEADING / 2.0;
        canvas.lines(&self.lines, (self.at.0, top), Lettering::new(size, self.color), HPos::Left)
    }
}
