//! An SVG of this crate as a PNG.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::font::{EMBEDDED_FAMILY, FONT};
use super::job::ChartError;

/// Pixels of the PNG per pixel of the SVG.
const SCALE: f32 = 2.0;

/// Most pixels of a PNG: 400 MB while it is made. A larger chart, of very many transports, is scaled down.
const MOST_PIXELS: f32 = 1e8;

/// Rasterises an SVG at twice its size, or as large as fits, with the embedded font only.
///
/// # Errors
/// When the text is not SVG, or the picture does not fit into memory.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, &options()).map_err(|error| ChartError::Raster(error.to_string()))?;
    let (wide, high) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min((MOST_PIXELS / wide / high).sqrt());
    let pixels = |length: f32| (length * scale).ceil() as u32;
    let (width, height) = (pixels(wide), pixels(high));
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| ChartError::Raster(format!("{width} x {height} pixels")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| ChartError::Raster(error.to_string()))
}

/// The system's fonts are not used, because they differ from machine to machine.
fn options() -> Options<'static> {
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(EMBEDDED_FAMILY);
    Options { fontdb: Arc::new(fonts), font_family: EMBEDDED_FAMILY.to_owned(), ..Options::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_any_size_fits() {
        let size = |svg: &str| {
            let png = png(svg).unwrap();
            let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            (number(16), number(20))
        };
        let svg = |width: u32, height: u32| {
            format!("<svg width=\"{width}\" height=\"{height}\" xmlns=\"http://www.w3.org/2000/svg\"></svg>")
        };
        assert_eq!(size(&svg(900, 500)), (1_800, 1_000));
        let (width, height) = size(&svg(900, 1_000_000));
        assert!(u64::from(width) * u64::from(height) < 101_000_000 && width > 200, "{width} x {height}");
    }
}
