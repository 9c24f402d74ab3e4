//! Colours, dashes and markers that distinguish curves, also without colour.

use plotters::style::RGBColor;
use plotters::style::colors::colormaps::ViridisRGB;

use super::canvas::{Canvas, Stroke};
use super::error::ChartError;
use super::geometry::Rect;

/// The paper.
pub const WHITE: RGBColor = RGBColor(255, 255, 255);
/// Text and axes.
pub const INK: RGBColor = RGBColor(34, 34, 34);
/// Small print.
pub const FAINT: RGBColor = RGBColor(95, 95, 95);
/// Every second row of a table.
pub const STRIPE: RGBColor = RGBColor(245, 245, 245);
/// The ground of a part that is not measured.
pub const PALE: RGBColor = RGBColor(241, 241, 241);
/// Grid lines.
pub const GRID_LINE: RGBColor = RGBColor(228, 228, 228);

/// Solid first; none equals the dash of a closed form.
const DASHES: [&[f64]; 4] = [&[], &[11.0, 4.0], &[9.0, 3.0, 2.0, 3.0], &[2.0, 2.5]];
/// The dash of a closed form.
pub const THEORY_DASH: &[f64] = &[5.0, 3.5];

/// The dash of the `index`-th variant.
pub fn dash(index: usize) -> &'static [f64] {
    DASHES[index % DASHES.len()]
}

/// The colour mixed with white; `share` 1 leaves it as it is.
pub fn pale(color: RGBColor, share: f64) -> RGBColor {
    let mix = |part: u8| (f64::from(part) * share + 255.0 * (1.0 - share)).round() as u8;
    RGBColor(mix(color.0), mix(color.1), mix(color.2))
}

/// The perceptually uniform map viridis at `share` of its way from dark to bright.
pub fn viridis(share: f64) -> RGBColor {
    ViridisRGB::get_color(share.clamp(0.0, 1.0))
}

/// Black or white, whichever reads better on the colour.
pub fn ink_on(color: RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(color.0) + 0.587 * f64::from(color.1) + 0.114 * f64::from(color.2);
    if light > 118.0 { RGBColor(0, 0, 0) } else { RGBColor(255, 255, 255) }
}

/// Corners of the marker shapes, in radii; the first shape is a disc. All are filled: a hollow one has a meaning.
const SHAPES: [&[(f64, f64)]; 12] = [
    &[],
    &[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
    &[(0.0, -1.2), (1.08, 0.8), (-1.08, 0.8)],
    &[(0.0, -1.28), (1.28, 0.0), (0.0, 1.28), (-1.28, 0.0)],
    &[(0.0, 1.2), (1.08, -0.8), (-1.08, -0.8)],
    &[(-1.2, 0.0), (0.8, 1.08), (0.8, -1.08)],
    &[(1.2, 0.0), (-0.8, 1.08), (-0.8, -1.08)],
    &PLUS,
    &[(-1.0, -1.15), (1.0, -1.15), (-1.0, 1.15), (1.0, 1.15)],
    &STAR,
    &[(-1.15, -1.0), (-1.15, 1.0), (1.15, -1.0), (1.15, 1.0)],
    &[(0.0, -1.2), (1.14, -0.37), (0.71, 0.97), (-0.71, 0.97), (-1.14, -0.37)],
];

const PLUS: [(f64, f64); 12] = [
    (-0.42, -1.2),
    (0.42, -1.2),
    (0.42, -0.42),
    (1.2, -0.42),
    (1.2, 0.42),
    (0.42, 0.42),
    (0.42, 1.2),
    (-0.42, 1.2),
    (-0.42, 0.42),
    (-1.2, 0.42),
    (-1.2, -0.42),
    (-0.42, -0.42),
];

const STAR: [(f64, f64); 8] =
    [(0.0, -1.5), (0.4, -0.4), (1.5, 0.0), (0.4, 0.4), (0.0, 1.5), (-0.4, 0.4), (-1.5, 0.0), (-0.4, -0.4)];

/// A cross where a point would be if it had a value.
pub fn cross(canvas: &mut Canvas, at: (f64, f64), color: RGBColor) -> Result<(), ChartError> {
    const REACH: f64 = 4.5;
    for stroke in [Stroke::solid(WHITE, 4.5), Stroke::solid(color, 2.25)] {
        canvas.line(&[(at.0 - REACH, at.1 - REACH), (at.0 + REACH, at.1 + REACH)], stroke)?;
        canvas.line(&[(at.0 - REACH, at.1 + REACH), (at.0 + REACH, at.1 - REACH)], stroke)?;
    }
    Ok(())
}

/// A rectangle in outline with slanted lines in it.
pub fn hatched(canvas: &mut Canvas, rect: Rect, color: RGBColor) -> Result<(), ChartError> {
    canvas.fill(rect, WHITE)?;
    hatch(canvas, rect, Stroke::solid(color, 1.5))?;
    canvas.frame(rect.grown(-0.75), Stroke::solid(color, 1.75))
}

/// Slanted lines over a rectangle.
pub fn hatch(canvas: &mut Canvas, rect: Rect, stroke: Stroke) -> Result<(), ChartError> {
    const APART: f64 = 9.0;
    let (wide, high) = (rect.width(), rect.height());
    let lines = ((wide + high) / APART).floor() as u32;
    (1..=lines).map(|line| f64::from(line) * APART).try_for_each(|way| {
        let from = (rect.left + way.min(wide), rect.bottom - (way - wide).max(0.0));
        let to = (rect.left + (way - high).max(0.0), rect.bottom - way.min(high));
        canvas.line(&[from, to], stroke)
    })
}

/// The colour for a text: darker, if it is pale on white.
pub fn text_color(color: RGBColor) -> RGBColor {
    let darker = |part: u8| (f64::from(part) * 0.7).round() as u8;
    RGBColor(darker(color.0), darker(color.1), darker(color.2))
}

/// The style of a curve, in the plot and in the legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub color: RGBColor,
    pub dash: &'static [f64],
    /// Which of the shapes; they repeat.
    pub marker: Option<usize>,
}

impl Look {
    /// Draws the marker, if there is one, with a white rim.
    pub fn mark(self, canvas: &mut Canvas, at: (f64, f64), radius: f64) -> Result<(), ChartError> {
        self.fill_marker(canvas, at, radius + 0.8, WHITE)?;
        self.fill_marker(canvas, at, radius, self.color)
    }

    /// Draws it hollow and a little larger, so that its ring can be seen.
    pub fn mark_hollow(self, canvas: &mut Canvas, at: (f64, f64), radius: f64) -> Result<(), ChartError> {
        let Some(shape) = self.marker else { return Ok(()) };
        self.fill_marker(canvas, at, radius * 1.4 + 0.8, WHITE)?;
        let mut ring = corners(shape, at, radius * 1.2);
        if ring.is_empty() {
            canvas.disc(at, radius * 1.4, self.color)?;
            return canvas.disc(at, radius * 0.9, WHITE);
        }
        // Twice the first side, so that its corners are closed.
        ring.extend_from_within(..2);
        canvas.line(&ring, Stroke::solid(self.color, radius * 0.45))
    }

    /// Draws it hollow with a dot in it.
    pub fn mark_dotted(self, canvas: &mut Canvas, at: (f64, f64), radius: f64) -> Result<(), ChartError> {
        self.mark_hollow(canvas, at, radius)?;
        canvas.disc(at, radius * 0.45, self.color)
    }

    fn fill_marker(self, canvas: &mut Canvas, at: (f64, f64), radius: f64, color: RGBColor) -> Result<(), ChartError> {
        let Some(shape) = self.marker else { return Ok(()) };
        let corners = corners(shape, at, radius);
        if corners.is_empty() { canvas.disc(at, radius, color) } else { canvas.polygon(&corners, color, 1.0) }
    }
}

/// The corners of a marker of this radius; none for a disc.
fn corners(shape: usize, at: (f64, f64), radius: f64) -> Vec<(f64, f64)> {
    SHAPES[shape % SHAPES.len()].iter().map(|(x, y)| (at.0 + x * radius, at.1 + y * radius)).collect()
}

/// The sample of a legend entry.
#[derive(Clone, Copy, Debug)]
pub enum Swatch {
    /// A line with its marker.
    Curve(Look),
    /// A marker alone.
    Point(Look),
    /// A closed form as a curve: dashed.
    Theory,
    /// A closed form at single points.
    TheoryMark,
    /// A closed form of bars.
    TheoryAcross,
    /// A confidence band.
    Band,
    /// Error whiskers.
    Whisker,
    /// A confidence band where neighbours have an interval, whiskers at other points.
    BandAndWhisker,
    /// A filled marker.
    Filled,
    /// A hollow marker.
    Hollow,
    /// A hollow marker with a dot.
    Dotted,
    /// A horizontal error bar.
    WhiskerAcross,
    /// A hatched bar.
    Hatched,
    /// A cross.
    Cross,
}

impl Swatch {
    /// Draws the sample into a box.
    pub fn draw(self, canvas: &mut Canvas, space: Rect) -> Result<(), ChartError> {
        let at = space.center();
        let line = [(space.left, at.1), (space.right, at.1)];
        match self {
            Swatch::Curve(look) => {
                canvas.line(&line, Stroke { color: look.color, width: LINE_WIDTH, dash: look.dash })?;
                look.mark(canvas, at, 3.5)
            }
            Swatch::Point(look) => look.mark(canvas, at, 3.5),
            Swatch::Filled => Look { color: INK, dash: &[], marker: Some(0) }.mark(canvas, at, 3.5),
            Swatch::WhiskerAcross => whisker(canvas, line[0], line[1], INK),
            Swatch::Hollow => Look { color: INK, dash: &[], marker: Some(0) }.mark_hollow(canvas, at, 3.5),
            Swatch::Dotted => Look { color: INK, dash: &[], marker: Some(0) }.mark_dotted(canvas, at, 3.5),
            Swatch::Hatched => hatched(canvas, Rect::around(at, 9.0, 6.0), INK),
            Swatch::Cross => cross(canvas, at, INK),
            Swatch::Theory => canvas.line(&line, Stroke { color: INK, width: 1.5, dash: THEORY_DASH }),
            Swatch::TheoryMark => theory_cross(canvas, at),
            Swatch::TheoryAcross => theory_across(canvas, at, THEORY_REACH),
            Swatch::Band => canvas.fill(Rect { top: at.1 - 5.0, bottom: at.1 + 5.0, ..space }, pale(INK, 0.2)),
            Swatch::BandAndWhisker => {
                Swatch::Band.draw(canvas, space)?;
                Swatch::Whisker.draw(canvas, space)
            }
            Swatch::Whisker => whisker(canvas, (at.0, at.1 - 6.0), (at.0, at.1 + 6.0), INK),
        }
    }
}

/// The width of the line of a curve.
pub const LINE_WIDTH: f64 = 1.75;
/// How far the mark of a closed form reaches.
pub const THEORY_REACH: f64 = 7.0;
/// The width of its line across a bar.
const THEORY_ACROSS: f64 = 1.25;

/// Marks the closed form at a point: thin cross-hairs on top of its line and marker, which a rim would cut.
pub fn theory_cross(canvas: &mut Canvas, (x, y): (f64, f64)) -> Result<(), ChartError> {
    let stroke = Stroke::solid(INK, 0.9);
    canvas.line(&[(x - THEORY_REACH, y), (x + THEORY_REACH, y)], stroke)?;
    canvas.line(&[(x, y - THEORY_REACH), (x, y + THEORY_REACH)], stroke)
}

/// Marks the closed form of a bar: a line across it, so that it cannot be taken for the interval, which lies along it.
pub fn theory_across(canvas: &mut Canvas, (x, y): (f64, f64), reach: f64) -> Result<(), ChartError> {
    let line = [(x, y - reach), (x, y + reach)];
    canvas.line(&line, Stroke::solid(WHITE, 3.25))?;
    canvas.line(&line, Stroke::solid(INK, THEORY_ACROSS))
}

/// The same beside a dot of this radius, which the line would cut.
pub fn theory_beside(canvas: &mut Canvas, (x, y): (f64, f64), radius: f64, reach: f64) -> Result<(), ChartError> {
    [-1.0, 1.0].into_iter().try_for_each(|side| {
        canvas.line(&[(x, y + side * radius), (x, y + side * reach)], Stroke::solid(INK, THEORY_ACROSS))
    })
}

/// An error bar with caps, vertical or horizontal.
pub fn whisker(canvas: &mut Canvas, from: (f64, f64), to: (f64, f64), color: RGBColor) -> Result<(), ChartError> {
    const CAP: f64 = 2.5;
    let stroke = Stroke::solid(color, 1.0);
    let (across, along) = if (from.0 - to.0).abs() < 1e-9 { (CAP, 0.0) } else { (0.0, CAP) };
    canvas.line(&[from, to], stroke)?;
    for end in [from, to] {
        canvas.line(&[(end.0 - across, end.1 - along), (end.0 + across, end.1 + along)], stroke)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_dash_looks_like_a_closed_form() {
        assert!(DASHES.iter().all(|dash| *dash != THEORY_DASH));
    }
}
