//! A diagram, its bands and its columns.

use plotters::style::RGBColor;

use super::axis::TimeAxis;
use super::column::Column;
use super::drawn::{DiagramLabel, DrawnArrow, DrawnBar, DrawnWait, SignEntry};
use super::moments::Wanted;
use crate::report::trace::scene::Scene;
use crate::report::trace::story::Actor;
use crate::units::Time;

/// A diagram in pixels.
pub struct Diagram {
    pub size: (f64, f64),
    /// Columns below each other, if there are many.
    pub bands: Vec<DiagramBand>,
    /// Title, heads and notes.
    pub texts: Vec<DiagramLabel>,
    /// The samples of the legend, with their texts.
    pub legend: Vec<SignEntry>,
}

/// Columns beside each other, with one time axis.
pub struct DiagramBand {
    pub axis: TimeAxis,
    pub top: f64,
    /// The x of the axis.
    pub axis_x: f64,
    pub columns: Vec<DrawnColumn>,
}

/// A column in pixels.
pub struct DrawnColumn {
    pub column: Column,
    pub color: RGBColor,
    pub arrows: Vec<DrawnArrow>,
    pub bars: Vec<DrawnBar>,
    pub waits: Vec<DrawnWait>,
    /// What happens at one instant: its place, and whether something goes wrong.
    pub dots: Vec<((f64, f64), bool)>,
    /// Lost packets.
    pub crosses: Vec<(f64, f64)>,
    pub labels: Vec<DiagramLabel>,
    /// Labels that found no place.
    pub left_out: usize,
}

/// What a column is made from.
pub struct ColumnSource<'a> {
    pub scene: &'a Scene,
    pub axis: &'a TimeAxis,
    pub column: Column,
    pub color: RGBColor,
    pub span: (Time, Time),
    pub wanted: Wanted,
}

impl ColumnSource<'_> {
    pub fn y(&self, at: Time) -> f64 {
        self.axis.y(at)
    }

    pub fn x(&self, actor: Actor) -> f64 {
        self.column.x(actor)
    }
}
