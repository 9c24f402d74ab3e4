//! The parts of a diagram, in pixels.

use plotters::style::RGBColor;

use crate::report::chart::Rect;
use crate::report::chart::canvas::{HPos, part_before};
use crate::report::chart::font::width;
use crate::report::trace::scene::{ArrowKind, SceneBarKind};

/// A line with heads.
#[derive(Clone, Debug)]
pub struct DrawnArrow {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub kind: ArrowKind,
    pub color: RGBColor,
    /// Whether something comes back on the same line.
    pub is_double: bool,
    /// Whether the end is drawn; it is not if it lies outside the diagram.
    pub has_end: bool,
    /// Whether nobody listens at the end.
    pub is_unheard: bool,
}

impl DrawnArrow {
    /// The height of the line at `x`.
    pub fn y_at(&self, x: f64) -> f64 {
        let share = (x - self.from.0) / (self.to.0 - self.from.0);
        self.from.1 + (self.to.1 - self.from.1) * share.clamp(0.0, 1.0)
    }
}

/// A bar on a lifeline.
#[derive(Clone, Debug)]
pub struct DrawnBar {
    pub rect: Rect,
    pub kind: SceneBarKind,
    pub color: RGBColor,
    /// From where on it is an orphan.
    pub orphan_from: Option<f64>,
    /// The heights of checks in it.
    pub checks: Vec<f64>,
}

/// The wait of a message, from its creation to its delivery.
#[derive(Clone, Debug)]
pub struct DrawnWait {
    pub x: f64,
    pub from: f64,
    pub to: f64,
    pub color: RGBColor,
    /// Whether its begin is in the diagram.
    pub has_begin: bool,
}

/// A text.
#[derive(Clone)]
pub struct DiagramLabel {
    pub text: String,
    pub at: (f64, f64),
    pub align: HPos,
    pub size: f64,
    pub color: RGBColor,
}

impl DiagramLabel {
    /// The box that it takes.
    pub fn bounds(&self) -> Rect {
        let long = width(&self.text, self.size);
        let left = self.at.0 - long * part_before(self.align);
        Rect::new(left, self.at.1 - self.size * 0.5, left + long, self.at.1 + self.size * 0.5)
    }
}

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagramSign {
    Arrow(ArrowKind),
    Bar(SceneBarKind),
    Orphan,
    Check,
    Unheard,
    Wait,
    Lost,
    Double,
}

/// A sign with its meaning.
#[derive(Clone)]
pub struct SignEntry {
    pub sign: DiagramSign,
    /// The middle of the sample.
    pub at: (f64, f64),
    pub label: DiagramLabel,
}
