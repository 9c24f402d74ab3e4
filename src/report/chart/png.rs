//! An SVG of this crate as a PNG.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::ChartError;
use super::font::{EMBEDDED_FAMILY, FONT};

/// Pixels of the PNG per pixel of the SVG.
const SCALE: f32 = 2.0;

/// Rasterises an SVG at twice its size, with the embedded font only.
///
/// # Errors
/// When the text is no SVG, or the picture does not fit into memory.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let raster = |message: String| ChartError::Raster(message);
    let tree = Tree::from_str(svg, &options()).map_err(|error| raster(error.to_string()))?;
    let pixels = |length: f32| (length * SCALE).ceil() as u32;
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| raster(format!("{width} x {height} pixels")))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| raster(error.to_string()))
}

/// The system's fonts stay out, they differ from machine to machine.
fn options() -> Options<'static> {
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(EMBEDDED_FAMILY);
    Options { fontdb: Arc::new(fonts), font_family: EMBEDDED_FAMILY.to_owned(), ..Options::default() }
}
