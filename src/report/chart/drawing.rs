//! A finished drawing, and its formats.

use super::display::DisplayList;
use super::error::ChartError;
use super::geometry::Geometry;
use super::pdf::pdf;
use super::png::png;
use super::sheet::{ChartSheet, FINER_STEPS};
use super::svg::svg;

/// A format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// For pages of the web.
    Svg,
    /// In pixels.
    Png,
    /// For papers.
    Pdf,
}

impl PictureFormat {
    /// All formats.
    pub const ALL: [PictureFormat; 3] = [PictureFormat::Svg, PictureFormat::Png, PictureFormat::Pdf];

    /// The end of the name of its files.
    pub fn ending(self) -> &'static str {
        match self {
            PictureFormat::Svg => "svg",
            PictureFormat::Png => "png",
            PictureFormat::Pdf => "pdf",
        }
    }

    /// The format of a file whose name has this end, in small or large letters.
    pub fn from_ending(ending: &str) -> Option<PictureFormat> {
        PictureFormat::ALL.into_iter().find(|format| ending.eq_ignore_ascii_case(format.ending()))
    }
}

/// A finished drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What is drawn.
    pub list: DisplayList,
    /// The places of its parts.
    pub geometry: Geometry,
}

/// The parts of a drawing that can be higher or lower.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// How many there are above each other.
    pub rows: usize,
    /// What each can lose, in pixels: negative.
    pub least: f64,
    /// What each can gain, in pixels.
    pub most: f64,
}

impl Drawing {
    /// Draws with the rows higher or lower than usual by the second argument, so that they fill a given height. Letters
    /// get smaller until the rows have enough of it.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn fitted(
        sheet: ChartSheet,
        stretch: impl Fn(ChartSheet) -> Stretch,
        draw: impl Fn(ChartSheet, f64) -> Result<Drawing, ChartError>,
    ) -> Result<Drawing, ChartError> {
        let Some(_) = sheet.height else { return draw(sheet, 0.0) };
        let mut sheet = sheet;
        for step in 0..=FINER_STEPS {
            let Some(given) = sheet.height else { break };
            let usual = draw(sheet.without_height(), 0.0)?;
            let Stretch { rows, least, most } = stretch(sheet);
            let extra = ((given - usual.geometry.size.1) / rows.max(1) as f64).floor();
            if extra >= least {
                return draw(sheet, extra.min(most));
            }
            if step == FINER_STEPS {
                return draw(sheet, least);
            }
            sheet = sheet.finer();
        }
        draw(sheet, 0.0)
    }

    /// The file of a format.
    ///
    /// # Errors
    /// If the picture does not fit into memory, or the embedded font is broken.
    pub fn bytes(&self, format: PictureFormat) -> Result<Vec<u8>, ChartError> {
        match format {
            PictureFormat::Svg => Ok(self.svg().into_bytes()),
            PictureFormat::Png => self.png(),
            PictureFormat::Pdf => self.pdf(),
        }
    }

    /// The drawing as SVG.
    pub fn svg(&self) -> String {
        svg(&self.list)
    }

    /// The drawing as a PDF of one page.
    ///
    /// # Errors
    /// If the embedded font is broken.
    pub fn pdf(&self) -> Result<Vec<u8>, ChartError> {
        pdf(&self.list)
    }

    /// The drawing as PNG, in the resolution of its size.
    ///
    /// # Errors
    /// If the picture does not fit into memory.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        png(&self.list)
    }
}
