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
mod sheet;

use super::ClientTrace;
use crate::report::chart::canvas::drawing;
use crate::report::chart::{ChartError, Drawing};
use sheet::Diagram;

/// Draws a trace.
///
/// # Errors
/// If the drawing library fails.
pub fn trace_diagram(trace: &ClientTrace) -> Result<Drawing, ChartError> {
    let diagram = Diagram::of(trace);
    drawing(diagram.size, |canvas| paint::paint(canvas, &diagram))
}
