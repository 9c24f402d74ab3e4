//! Charts of a finished run, drawn from its result tables.
//!
//! A chart is laid out in pixels by this module, drawn onto an SVG by plotters, and turned into a PNG at twice the
//! size by resvg with the embedded font, so that equal tables give equal bytes on every machine.

mod arrival;
mod axis;
mod bar;
mod bars;
pub(super) mod canvas;
mod cdf;
mod curve;
mod figure;
pub(super) mod font;
mod forest;
mod forest_mark;
mod forest_names;
mod format;
mod geometry;
mod heatmap;
mod job;
mod labels;
mod legend;
mod line;
mod names;
pub(super) mod palette;
mod plot;
mod plotted;
mod png;
mod point_curves;
mod run_table;
mod scale;
mod thin;
mod ticks;
mod timeline;
mod tradeoff;

use crate::experiment::chart::{Chart, ChartKind};

pub use canvas::Drawing;
pub use forest::{Forest, ForestPlot};
pub use forest_mark::ForestMark;
pub use forest_names::ForestGroup;
pub(super) use format::plain as plain_number;
pub use geometry::{Geometry, Rect};
use job::ChartJob;
pub use job::{ChartError, Context, Tables};
pub(super) use names::{column as column_quantity, key as key_quantity, own_name as own_key_name};
pub use png::png;

/// Draws a chart.
///
/// # Errors
/// When the chart names a column that the tables lack, or the drawing library fails. Empty tables are no error.
pub fn draw(chart: &Chart, tables: &Tables, context: &Context) -> Result<Drawing, ChartError> {
    let draw = match chart.kind {
        ChartKind::Line => line::draw,
        ChartKind::Cdf => cdf::draw,
        ChartKind::Tradeoff => tradeoff::draw,
        ChartKind::Heatmap => heatmap::draw,
        ChartKind::Bar => bar::draw,
        ChartKind::Timeline => timeline::draw,
    };
    draw(&ChartJob { chart, tables, context })
}
