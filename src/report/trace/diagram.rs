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

use super::{ClientTrace, TracedLife};
use crate::experiment::chart::Ground;
use crate::report::chart::canvas::drawing;
use crate::report::chart::{ChartError, Drawing, Page};
use sheet::Diagram;

/// Draws a trace on a ground.
///
/// # Errors
/// If the drawing library fails.
pub fn trace_diagram(trace: &ClientTrace, ground: Ground) -> Result<Drawing, ChartError> {
    let diagram = Diagram::of(trace);
    let names: Vec<String> = trace.lives.iter().map(TracedLife::name).collect();
    let description = format!("Sequence diagram of {} under {}", trace.heading(), names.join("; "));
    let mut page = Page { title: trace.title.clone(), description, ground, ..Page::default() };
    page.sheet.width = diagram.size.0.ceil();
    drawing(page, diagram.size.1, |canvas| paint::paint(canvas, &diagram))
}
