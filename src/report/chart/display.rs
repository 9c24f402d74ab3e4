//! What a chart draws, in order, before it has a format: plotters draws into it, and each format is written from it.

use std::convert::Infallible;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::font::{CAP_HEIGHT, width};
use super::ground;
use super::sheet::ChartSheet;
use crate::experiment::chart::Ground;

/// Units per pixel. Places are whole numbers for plotters, and so are written alike everywhere.
pub const UNITS: f64 = 100.0;

/// A place in units, y downwards.
pub type UnitPoint = (i32, i32);

/// A colour; `alpha` 1 is opaque.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// From 0, which cannot be seen, to 1.
    pub alpha: f64,
}

/// A line of text from its start on its baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRun {
    /// Without control characters.
    pub text: String,
    /// Where its first letter begins on the baseline.
    pub start: UnitPoint,
    /// Font size in units.
    pub size: i32,
    /// Whether it reads upwards.
    pub is_upright: bool,
    /// Its colour.
    pub paint: Paint,
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawnMark {
    /// Lines with round joins and flat ends.
    Lines {
        /// The corners of each line.
        parts: Vec<Vec<UnitPoint>>,
        /// In units.
        width: u32,
        /// Their colour.
        paint: Paint,
    },
    /// A filled polygon.
    Area {
        /// Its corners.
        corners: Vec<UnitPoint>,
        /// Its colour.
        paint: Paint,
    },
    /// A filled disc.
    Disc {
        /// Its middle.
        center: UnitPoint,
        /// In units.
        radius: u32,
        /// Its colour.
        paint: Paint,
    },
    /// A text.
    Text(TextRun),
}

/// What is drawn on, and what that is in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The sizes.
    pub sheet: ChartSheet,
    /// What the marks stand on; they have their colours on it.
    pub ground: Ground,
    /// The title, also if it is not drawn.
    pub title: String,
    /// What is shown, for readers who do not see it.
    pub description: String,
}

/// The things to draw, from the lowest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisplayList {
    /// Width and height in units.
    pub size: (u32, u32),
    /// What they are drawn on.
    pub page: Page,
    /// In the order of drawing.
    pub marks: Vec<DrawnMark>,
}

type BackendResult = Result<(), DrawingErrorKind<Infallible>>;

/// The part of a text's width that lies before its position.
pub fn part_before(align: HPos) -> f64 {
    match align {
        HPos::Left => 0.0,
        HPos::Center => 0.5,
        HPos::Right => 1.0,
    }
}

fn paint(color: BackendColor) -> Paint {
    Paint { rgb: color.rgb, alpha: color.alpha }
}

impl DisplayList {
    /// The ground as an area, unless it is transparent.
    pub fn paper(&self) -> Option<DrawnMark> {
        let color = ground::paper(self.page.ground)?;
        let corners = rectangle((0, 0), (self.size.0 as i32, self.size.1 as i32));
        Some(DrawnMark::Area { corners, paint: Paint { rgb: (color.0, color.1, color.2), alpha: 1.0 } })
    }

    /// Everything to draw.
    pub fn with_paper(&self) -> impl Iterator<Item = DrawnMark> {
        self.paper().into_iter().chain(self.marks.iter().cloned())
    }

    /// Width and height in pixels.
    pub fn pixels(&self) -> (f64, f64) {
        (f64::from(self.size.0) / UNITS, f64::from(self.size.1) / UNITS)
    }

    fn line(&mut self, points: Vec<UnitPoint>, style: &impl BackendStyle) {
        let (wide, color) = (style.stroke_width(), paint(style.color()));
        if points.len() < 2 || color.alpha <= 0.0 {
            return;
        }
        match self.marks.last_mut() {
            // Opaque lines look the same together.
            Some(DrawnMark::Lines { parts, width, paint })
                if *width == wide && *paint == color && color.alpha >= 1.0 =>
            {
                parts.push(points);
            }
            _ => self.marks.push(DrawnMark::Lines { parts: vec![points], width: wide, paint: color }),
        }
    }

    fn area(&mut self, corners: Vec<UnitPoint>, color: BackendColor) {
        if corners.len() > 2 && color.alpha > 0.0 {
            self.marks.push(DrawnMark::Area { corners, paint: paint(color) });
        }
    }
}

impl DrawingBackend for &mut DisplayList {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> BackendResult {
        Ok(())
    }

    fn present(&mut self) -> BackendResult {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> BackendResult {
        self.area(rectangle((x, y), (x + 1, y + 1)), color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> BackendResult {
        self.line(vec![from, to], style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        one: BackendCoord,
        other: BackendCoord,
        style: &S,
        fill: bool,
    ) -> BackendResult {
        let mut corners = rectangle(one, other);
        if fill {
            self.area(corners, style.color());
        } else {
            corners.push(one);
            self.line(corners, style);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendResult {
        self.line(path.into_iter().collect(), style);
        Ok(())
    }

    /// Filled only: no chart has a ring.
    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, _: bool) -> BackendResult {
        let paint = paint(style.color());
        if paint.alpha > 0.0 {
            self.marks.push(DrawnMark::Disc { center, radius, paint });
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendResult {
        self.area(path.into_iter().collect(), style.color());
        Ok(())
    }

    /// `place` is at the middle of its capitals, whatever the vertical anchor.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, place: BackendCoord) -> BackendResult {
        let is_upright = matches!(style.transform(), FontTransform::Rotate270);
        let size = style.size();
        let before = (width(text, size) * part_before(style.anchor().h_pos)).round() as i32;
        let down = (size * CAP_HEIGHT / 2.0).round() as i32;
        let start = if is_upright { (place.0 + down, place.1 + before) } else { (place.0 - before, place.1 + down) };
        let (text, paint) = (text.to_owned(), paint(style.color()));
        self.marks.push(DrawnMark::Text(TextRun { text, start, size: size.round() as i32, is_upright, paint }));
        Ok(())
    }
}

fn rectangle((left, top): UnitPoint, (right, bottom): UnitPoint) -> Vec<UnitPoint> {
    vec![(left, top), (right, top), (right, bottom), (left, bottom)]
}
