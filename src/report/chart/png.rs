//! A display list as a PNG.

use std::collections::BTreeMap;

use png::{BitDepth, ColorType, Encoder, EncodingError, PixelDimensions, Unit};
use tiny_skia::{
    Color, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8, Shader, Stroke, Transform,
};
use ttf_parser::OutlineBuilder;

use super::display::{self, DisplayList, DrawnMark, TextRun, UNITS, UnitPoint};
use super::error::ChartError;
use super::font::{EM, advance, glyph, outline};

/// Most pixels of a PNG: 400 MB while it is made. A larger chart, of very many transports, is scaled down.
const MOST_PIXELS: f64 = 1e8;

const INCHES_PER_METRE: f64 = 1.0 / 0.0254;

/// Rasterises it at the resolution of its sheet, or as large as fits.
///
/// # Errors
/// When the picture does not fit into memory.
pub fn png(list: &DisplayList) -> Result<Vec<u8>, ChartError> {
    let (wide, high) = list.pixels();
    let sheet = &list.page.sheet;
    let scale = sheet.scale().min((MOST_PIXELS / wide / high).sqrt());
    // Without what rounding adds to a whole number.
    let pixels = |length: f64| (length * scale - 1e-6).ceil() as u32;
    let (width, height) = (pixels(wide), pixels(high));
    let pixmap = Pixmap::new(width, height).ok_or_else(|| ChartError::Raster(format!("{width} x {height} pixels")))?;
    let mut raster = Raster { pixmap, scale: (scale / UNITS) as f32, glyphs: BTreeMap::new() };
    let paper = list.paper();
    if let Some(DrawnMark::Area { paint, .. }) = &paper {
        raster.pixmap.fill(color(*paint));
    }
    list.marks.iter().for_each(|mark| raster.mark(mark));
    let per_inch = sheet.dots * scale / sheet.scale();
    encode(&raster.pixmap, paper.is_none(), (per_inch * INCHES_PER_METRE).round() as u32)
}

fn encode(pixmap: &Pixmap, is_transparent: bool, per_metre: u32) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(if is_transparent { ColorType::Rgba } else { ColorType::Rgb });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let failed = |error: EncodingError| ChartError::Raster(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    let colors = pixmap.pixels().iter().map(PremultipliedColorU8::demultiply);
    let parts = if is_transparent { 4 } else { 3 };
    let pixels: Vec<u8> = colors
        .flat_map(|color| [color.red(), color.green(), color.blue(), color.alpha()].into_iter().take(parts))
        .collect();
    writer.write_image_data(&pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// A picture that is being made.
struct Raster {
    pixmap: Pixmap,
    /// Pixels per unit.
    scale: f32,
    /// The outlines so far, in units of the font.
    glyphs: BTreeMap<u16, Option<Path>>,
}

impl Raster {
    fn mark(&mut self, mark: &DrawnMark) {
        let turn = Transform::from_scale(self.scale, self.scale);
        match mark {
            DrawnMark::Lines { parts, width, paint } => {
                let mut builder = PathBuilder::new();
                for part in parts {
                    trace(&mut builder, part);
                }
                let stroke = Stroke { width: *width as f32, line_join: LineJoin::Round, ..Stroke::default() };
                if let Some(path) = builder.finish() {
                    self.pixmap.stroke_path(&path, &solid(*paint), &stroke, turn, None);
                }
            }
            DrawnMark::Area { corners, paint } => {
                let mut builder = PathBuilder::new();
                trace(&mut builder, corners);
                builder.close();
                if let Some(path) = builder.finish() {
                    self.pixmap.fill_path(&path, &solid(*paint), FillRule::Winding, turn, None);
                }
            }
            DrawnMark::Disc { center, radius, paint } => {
                let path = PathBuilder::from_circle(center.0 as f32, center.1 as f32, *radius as f32);
                if let Some(path) = path {
                    self.pixmap.fill_path(&path, &solid(*paint), FillRule::Winding, turn, None);
                }
            }
            DrawnMark::Text(run) => self.text(run),
        }
    }

    fn text(&mut self, run: &TextRun) {
        let Raster { pixmap, scale, glyphs } = self;
        let size = (f64::from(run.size) / EM) as f32 * *scale;
        let (x, y) = (run.start.0 as f32 * *scale, run.start.1 as f32 * *scale);
        let mut along = 0.0;
        for letter in run.text.chars() {
            let glyph = glyph(letter);
            let before = along * size;
            along += f32::from(advance(glyph));
            let Some(path) = glyphs.entry(glyph).or_insert_with(|| glyph_path(glyph)) else { continue };
            // Letters have y upwards.
            let turn = match run.is_upright {
                true => Transform::from_row(0.0, -size, -size, 0.0, x, y - before),
                false => Transform::from_row(size, 0.0, 0.0, -size, x + before, y),
            };
            pixmap.fill_path(path, &solid(run.paint), FillRule::Winding, turn, None);
        }
    }
}

fn color(paint: display::Paint) -> Color {
    let (red, green, blue) = paint.rgb;
    Color::from_rgba8(red, green, blue, (paint.alpha * 255.0).round() as u8)
}

fn solid(paint: display::Paint) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(color(paint)), ..Paint::default() }
}

fn trace(builder: &mut PathBuilder, points: &[UnitPoint]) {
    for (index, point) in points.iter().enumerate() {
        let (x, y) = (point.0 as f32, point.1 as f32);
        if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
    }
}

fn glyph_path(glyph: u16) -> Option<Path> {
    let mut builder = GlyphBuilder(PathBuilder::new());
    outline(glyph, &mut builder);
    builder.0.finish()
}

struct GlyphBuilder(PathBuilder);

impl OutlineBuilder for GlyphBuilder {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_any_size_fits() {
        let size = |width: u32, height: u32| {
            let list = DisplayList { size: (width * 100, height * 100), ..DisplayList::default() };
            let png = png(&list).unwrap();
            let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            (number(16), number(20))
        };
        assert_eq!(size(900, 500), (1_800, 1_000));
        let (width, height) = size(900, 1_000_000);
        assert!(u64::from(width) * u64::from(height) < 101_000_000 && width > 200, "{width} x {height}");
    }
}
