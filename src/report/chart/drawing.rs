//! A finished drawing, and its formats.

use super::display::DisplayList;
use super::geometry::Geometry;
use super::job::ChartError;
use super::png::png;
use super::svg::svg;

/// A finished drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What is drawn.
    pub list: DisplayList,
    /// The places of its parts.
    pub geometry: Geometry,
}

impl Drawing {
    /// The drawing as SVG.
    pub fn svg(&self) -> String {
        svg(&self.list)
    }

    /// The drawing as PNG, at twice its size in pixels.
    ///
    /// # Errors
    /// If the picture does not fit into memory.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        png(&self.list)
    }
}
