//! A sheet to draw on in fractional pixels: plotters' SVG backend on a grid four times as fine.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{Pos, VPos};
use plotters::style::{Color, FontDesc, FontStyle, FontTransform, RGBColor, ShapeStyle, WHITE};

pub use plotters::style::text_anchor::HPos;

use super::font::{family, width};
use super::geometry::{Geometry, Rect};
use super::job::ChartError;

/// Backend units per pixel: the backend takes whole numbers only, and a quarter of a pixel is too small to see.
const GRID: f64 = 4.0;
/// The SVG backend prints a font size divided by this.
const FONT_DIVISOR: f64 = 1.24;
/// The backend moves text with its anchor at the top down by this part of the font size, onto the baseline.
const TOP_TO_BASELINE: f64 = 0.76;
/// Height of figures and capitals as a fraction of the font size.
const CAP_HEIGHT: f64 = 0.73;

/// Space from one line of text to the next, in font sizes.
pub const LEADING: f64 = 1.25;

/// A finished drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The SVG text.
    pub svg: String,
    /// The places of its parts.
    pub geometry: Geometry,
}

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
pub struct Stroke {
    pub color: RGBColor,
    pub width: f64,
    /// Lengths in pixels of dash, gap, dash, ...; empty for a solid line.
    pub dash: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub fn solid(color: RGBColor, width: f64) -> Stroke {
        Stroke { color, width, dash: &[] }
    }
}

/// The sheet.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// The parts placed so far.
    pub geometry: Geometry,
}

type Painted = Result<(), ChartError>;

/// Runs `paint` on a white sheet of this size in pixels.
pub fn drawing(size: (f64, f64), paint: impl FnOnce(&mut Canvas) -> Painted) -> Result<Drawing, ChartError> {
    let size = (size.0.ceil(), size.1.ceil());
    let grid = ((size.0 * GRID) as u32, (size.1 * GRID) as u32);
    let mut text = String::new();
    let geometry = {
        let area = SVGBackend::with_string(&mut text, grid).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        let mut canvas = Canvas { area, geometry: Geometry { size, ..Geometry::default() } };
        paint(&mut canvas)?;
        canvas.area.present().map_err(failed)?;
        canvas.geometry
    };
    Ok(Drawing { svg: tidy(&text, size), geometry })
}

fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError::Draw(error.to_string())
}

fn grid(length: f64) -> i32 {
    (length * GRID).round() as i32
}

fn grid_point(point: &(f64, f64)) -> (i32, i32) {
    (grid(point.0), grid(point.1))
}

/// Scales the fine grid back to pixels, rounds line joins, and takes out the line breaks that the backend puts around
/// a text, which some viewers show as a space.
fn tidy(text: &str, size: (f64, f64)) -> String {
    let (width, height) = (size.0 * GRID, size.1 * GRID);
    let old = format!("<svg width=\"{width}\" height=\"{height}\"");
    let new = format!("<svg width=\"{}\" height=\"{}\" stroke-linejoin=\"round\"", size.0, size.1);
    let mut tidied = String::with_capacity(text.len());
    let mut in_text = false;
    for line in text.replacen(&old, &new, 1).lines() {
        tidied.push_str(line);
        in_text = (in_text || line.starts_with("<text")) && !line.ends_with("</text>");
        if !in_text {
            tidied.push('\n');
        }
    }
    tidied
}

impl Canvas<'_> {
    fn put<E>(&mut self, element: &E) -> Painted
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        for<'b> E: Drawable<SVGBackend<'b>>,
    {
        self.area.draw(element).map_err(failed)
    }

    /// A line through the points, dashed if the stroke is.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) -> Painted {
        let style =
            ShapeStyle { color: stroke.color.to_rgba(), filled: false, stroke_width: grid(stroke.width) as u32 };
        let parts = if stroke.dash.is_empty() { vec![points.to_vec()] } else { dashes(points, stroke.dash) };
        for part in parts {
            let mut path: Vec<_> = part.iter().map(grid_point).collect();
            path.dedup();
            if path.len() > 1 {
                self.put(&PathElement::new(path, style))?;
            }
        }
        Ok(())
    }

    /// A filled polygon; `alpha` 1 is opaque.
    pub fn polygon(&mut self, points: &[(f64, f64)], color: RGBColor, alpha: f64) -> Painted {
        self.put(&Polygon::new(points.iter().map(grid_point).collect::<Vec<_>>(), color.mix(alpha).filled()))
    }

    /// A filled rectangle.
    pub fn fill(&mut self, rect: Rect, color: RGBColor) -> Painted {
        let corners = [grid_point(&(rect.left, rect.top)), grid_point(&(rect.right, rect.bottom))];
        self.put(&Rectangle::new(corners, color.filled()))
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, rect: Rect, stroke: Stroke) -> Painted {
        let Rect { left, top, right, bottom } = rect;
        self.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], stroke)
    }

    /// A disc.
    pub fn disc(&mut self, center: (f64, f64), radius: f64, color: RGBColor) -> Painted {
        self.put(&Circle::new(grid_point(&center), grid(radius), color.filled()))
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
        let top = at.1 + size * (CAP_HEIGHT / 2.0 - TOP_TO_BASELINE);
        self.write(text, (at.0, top), style, (align, FontTransform::None))
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
        let left = at.0 + size * (CAP_HEIGHT / 2.0 - TOP_TO_BASELINE);
        self.write(text, (left, at.1), style, (HPos::Center, FontTransform::Rotate270))
    }

    fn write(
        &mut self,
        text: &str,
        at: (f64, f64),
        style: Lettering,
        (across, turn): (HPos, FontTransform),
    ) -> Painted {
        let Lettering { size, color } = style;
        let style = FontDesc::new(family(), size * GRID * FONT_DIVISOR, FontStyle::Normal)
            .transform(turn)
            .color(&color)
            .pos(Pos::new(across, VPos::Top));
        // XML 1.0 has no way to write most control characters, and these two.
        let is_drawn = |letter: char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
        let clean: String = text.chars().map(|letter| if is_drawn(letter) { letter } else { ' ' }).collect();
        self.put(&Text::new(clean, grid_point(&at), style))
    }
}

/// The part of a text's width that lies before its position.
pub fn part_before(align: HPos) -> f64 {
    match align {
        HPos::Left => 0.0,
        HPos::Center => 0.5,
        HPos::Right => 1.0,
    }
}

/// The dashes of a line, each a line of its own; the backend knows solid lines only.
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

    #[test]
    fn the_svg_is_in_pixels_and_escaped() {
        let drawing = drawing((100.0, 50.0), |canvas| {
            canvas.text(
                "a<b>&\"c\"\u{1}\u{fffe}\u{ffff}",
                (50.0, 25.0),
                Lettering::new(12.0, RGBColor(0, 0, 0)),
                HPos::Center,
            )
        })
        .unwrap();
        assert!(drawing.svg.starts_with("<svg width=\"100\" height=\"50\""), "{}", drawing.svg);
        assert!(drawing.svg.contains(">a&lt;b&gt;&amp;&quot;c&quot;   </text>"), "{}", drawing.svg);
    }
}
