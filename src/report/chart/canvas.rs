//! A sheet to draw on in fractional pixels.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle};

pub use super::display::part_before;
pub use plotters::style::text_anchor::HPos;

use super::display::{DisplayList, Page, UNITS};
use super::drawing::Drawing;
use super::error::ChartError;
use super::font::{clean, width};
use super::geometry::{Geometry, Rect};
use super::ground;
use crate::experiment::chart::Ground;

/// Space from one line of text to the next, in font sizes.
pub const LEADING: f64 = 1.25;

/// Size and colour of a text.
#[derive(Clone, Copy, Debug)]
pub struct Lettering {
    /// In pixels.
    pub size: f64,
    pub color: RGBColor,
}

impl Lettering {
    pub const fn new(size: f64, color: RGBColor) -> Lettering {
        Lettering { size, color }
    }
}

/// The style of a line.
#[derive(Clone, Copy, Debug)]
pub struct Stroke<'a> {
    pub color: RGBColor,
    pub width: f64,
    /// Lengths in pixels of dash, gap, dash, ...; empty for a solid line.
    pub dash: &'a [f64],
}

impl Stroke<'_> {
    /// A solid line.
    pub fn solid(color: RGBColor, width: f64) -> Self {
        Stroke { color, width, dash: &[] }
    }
}

/// The sheet.
pub struct Canvas<'a> {
    area: DrawingArea<&'a mut DisplayList, Shift>,
    /// Colours are meant for white, and changed for this ground.
    ground: Ground,
    /// The parts placed so far.
    pub geometry: Geometry,
}

type Painted = Result<(), ChartError>;

/// Runs `paint` on a page of this height in pixels, or of the given one of its sheet if that is enough.
pub fn drawing(page: Page, height: f64, paint: impl FnOnce(&mut Canvas) -> Painted) -> Result<Drawing, ChartError> {
    let size = (page.sheet.width, page.sheet.height.filter(|given| height <= *given).unwrap_or(height.ceil()));
    let ground = page.ground;
    let mut list = DisplayList { size: (units(size.0) as u32, units(size.1) as u32), page, marks: Vec::new() };
    let geometry = {
        let area = (&mut list).into_drawing_area();
        let mut canvas = Canvas { area, ground, geometry: Geometry { size, ..Geometry::default() } };
        paint(&mut canvas)?;
        canvas.area.present().map_err(failed)?;
        canvas.geometry
    };
    Ok(Drawing { list, geometry })
}

fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError::Draw(error.to_string())
}

fn units(length: f64) -> i32 {
    (length * UNITS).round() as i32
}

fn place(point: &(f64, f64)) -> (i32, i32) {
    (units(point.0), units(point.1))
}

impl Canvas<'_> {
    fn put<E>(&mut self, element: &E) -> Painted
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        for<'b> E: Drawable<&'b mut DisplayList>,
    {
        self.area.draw(element).map_err(failed)
    }

    /// Paints the ground over what is there; a transparent ground covers nothing.
    pub fn clear(&mut self, rect: Rect) -> Result<(), ChartError> {
        match ground::paper(self.ground) {
            Some(color) => self.unchanged(|canvas| canvas.fill(rect, color)),
            None => Ok(()),
        }
    }

    /// Runs `paint` with colours that are the same on every ground.
    pub fn unchanged(&mut self, paint: impl FnOnce(&mut Self) -> Painted) -> Painted {
        let ground = std::mem::take(&mut self.ground);
        let painted = paint(self);
        self.ground = ground;
        painted
    }

    fn on_ground(&self, color: RGBColor) -> RGBColor {
        ground::on(self.ground, color)
    }

    /// A line through the points, dashed if the stroke is.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) -> Painted {
        let style = ShapeStyle {
            color: self.on_ground(stroke.color).to_rgba(),
            filled: false,
            stroke_width: units(stroke.width) as u32,
        };
        let parts = if stroke.dash.is_empty() { vec![points.to_vec()] } else { dashes(points, stroke.dash) };
        for part in parts {
            let mut path: Vec<_> = part.iter().map(place).collect();
            path.dedup();
            if path.len() > 1 {
                self.put(&PathElement::new(path, style))?;
            }
        }
        Ok(())
    }

    /// A filled polygon; `alpha` 1 is opaque.
    pub fn polygon(&mut self, points: &[(f64, f64)], color: RGBColor, alpha: f64) -> Painted {
        self.put(&Polygon::new(points.iter().map(place).collect::<Vec<_>>(), self.on_ground(color).mix(alpha).filled()))
    }

    /// A filled rectangle.
    pub fn fill(&mut self, rect: Rect, color: RGBColor) -> Painted {
        let corners = [place(&(rect.left, rect.top)), place(&(rect.right, rect.bottom))];
        self.put(&Rectangle::new(corners, self.on_ground(color).filled()))
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, rect: Rect, stroke: Stroke) -> Painted {
        let Rect { left, top, right, bottom } = rect;
        self.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], stroke)
    }

    /// A disc.
    pub fn disc(&mut self, center: (f64, f64), radius: f64, color: RGBColor) -> Painted {
        self.put(&Circle::new(place(&center), units(radius), self.on_ground(color).filled()))
    }

    /// A text whose figures are centred on `at.1`.
    pub fn text(&mut self, text: &str, at: (f64, f64), style: Lettering, align: HPos) -> Painted {
        let size = style.size;
        if text.trim().is_empty() {
            return Ok(());
        }
        let long = width(text, size);
        let left = at.0 - long * part_before(align);
        let bounds = Rect::new(left, at.1 - size * 0.5, left + long, at.1 + size * 0.5);
        self.geometry.texts.push((text.to_owned(), bounds));
        self.write(text, at, style, (align, FontTransform::None))
    }

    /// Lines of text below each other from `top` on.
    pub fn lines(&mut self, lines: &[String], (x, top): (f64, f64), style: Lettering, align: HPos) -> Painted {
        lines.iter().enumerate().try_for_each(|(row, line)| {
            self.text(line, (x, top + (row as f64 + 0.5) * style.size * LEADING), style, align)
        })
    }

    /// A text that reads upwards, centred on the position.
    pub fn upright(&mut self, text: &str, at: (f64, f64), style: Lettering) -> Painted {
        let size = style.size;
        let half = width(text, size) / 2.0;
        let bounds = Rect::around(at, size * 0.5, half);
        self.geometry.texts.push((text.to_owned(), bounds));
        self.write(text, at, style, (HPos::Center, FontTransform::Rotate270))
    }

    fn write(
        &mut self,
        text: &str,
        at: (f64, f64),
        style: Lettering,
        (across, turn): (HPos, FontTransform),
    ) -> Painted {
        let Lettering { size, color } = style;
        let style = FontDesc::new(FontFamily::SansSerif, size * UNITS, FontStyle::Normal)
            .transform(turn)
            .color(&self.on_ground(color))
            .pos(Pos::new(across, VPos::Center));
        self.put(&Text::new(clean(text), place(&at), style))
    }
}

/// The dashes of a line, each a line of its own; plotters knows solid lines only.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut parts = Vec::new();
    let Some(first) = points.first() else { return parts };
    let mut lengths = pattern.iter().copied().cycle();
    let mut left = lengths.next().unwrap_or(1.0);
    let (mut inked, mut part) = (true, vec![*first]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let distance = libm::hypot(to.0 - from.0, to.1 - from.1);
            if distance <= left {
                left -= distance;
                part.push(to);
                break;
            }
            let share = left / distance;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            part.push(from);
            let done = std::mem::replace(&mut part, vec![from]);
            if inked {
                parts.push(done);
            }
            inked = !inked;
            left = lengths.next().unwrap_or(1.0).max(0.5);
        }
    }
    if inked {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_a_line_around_corners() {
        let parts = dashes(&[(0.0, 0.0), (25.0, 0.0), (25.0, 25.0)], &[6.0, 4.0]);
        let length: f64 = parts
            .iter()
            .flat_map(|part| part.windows(2).map(|pair| libm::hypot(pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)))
            .sum();
        assert_eq!(parts.len(), 5);
        assert!((length - 30.0).abs() < 1e-9, "{length}");
    }
}
