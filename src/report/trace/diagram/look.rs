//! Colours and sizes.

use plotters::style::RGBColor;

use crate::report::chart::palette::{FAINT, pale};
use crate::report::trace::scene::{ArrowKind, SceneBarKind};

/// Size of most letters.
pub const LETTERS: f64 = 10.5;
/// Size of the heads of columns.
pub const HEADS: f64 = 13.0;
/// Size of the title.
pub const TITLE: f64 = 15.0;
/// From one label to the next.
pub const ROW: f64 = 13.5;
/// What goes wrong.
pub const FAILURE: RGBColor = RGBColor(176, 0, 32);
/// Polls without data.
pub const QUIET: RGBColor = RGBColor(165, 165, 165);
/// Lifelines.
pub const LIFELINE: RGBColor = RGBColor(205, 205, 205);

/// The colour of what is sent.
pub fn color_of_arrow(kind: ArrowKind, transport: RGBColor) -> RGBColor {
    match kind {
        ArrowKind::Data | ArrowKind::Creation => transport,
        ArrowKind::Request | ArrowKind::Control => pale(transport, 0.75),
        ArrowKind::Empty => QUIET,
        ArrowKind::Error => FAILURE,
    }
}

/// The width of its line.
pub fn width_of_arrow(kind: ArrowKind) -> f64 {
    match kind {
        ArrowKind::Data | ArrowKind::Error => 1.75,
        ArrowKind::Creation => 1.25,
        ArrowKind::Request | ArrowKind::Control | ArrowKind::Empty => 1.0,
    }
}

/// The colour of what lasts.
pub fn color_of_bar(kind: SceneBarKind, transport: RGBColor) -> RGBColor {
    match kind {
        SceneBarKind::Hold => pale(transport, 0.4),
        SceneBarKind::Stream => pale(transport, 0.25),
        SceneBarKind::Service => transport,
        SceneBarKind::Queue | SceneBarKind::Wait => pale(FAINT, 0.35),
        SceneBarKind::Connect => pale(FAINT, 0.7),
        SceneBarKind::Down => FAILURE,
    }
}
