//! The sequence diagram of a trace: time runs down, each transport has a column with four lifelines.

mod axis;
mod column;
mod drawn;
mod labels;
mod layout;
mod legend;
mod look;
mod moments;
mod paint;

use super::ClientTrace;
use crate::report::chart::canvas::drawing;
use crate::report::chart::{ChartError, Drawing};
use layout::Layout;

/// Draws a trace.
///
/// # Errors
/// If the drawing library fails.
pub fn trace_diagram(trace: &ClientTrace) -> Result<Drawing, ChartError> {
    let layout = Layout::of(trace);
    drawing(layout.size, |canvas| paint::paint(canvas, &layout))
}
