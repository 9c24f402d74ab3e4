//! A finished drawing, and its formats.

use super::display::DisplayList;
use super::geometry::Geometry;
use super::job::ChartError;
use super::pdf::pdf;
use super::png::png;
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

impl Drawing {
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
