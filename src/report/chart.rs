//! Charts of a finished run, drawn from its result tables.
//!
//! A chart is laid out in pixels by this module, drawn onto an SVG by plotters, and turned into a PNG at twice the
//! size by resvg with the embedded font, so that equal tables give equal bytes on every machine.

mod arrival;
mod axis;
mod bar;
mod bars;
mod canvas;
mod cdf;
mod curve;
mod figure;
mod font;
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
mod palette;
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
pub(super) use arrival::Arrival;
pub(super) use axis::PlotAxis;
pub(super) use bars::Bar;
pub(super) use curve::{Curve, Edge, PlotPoint, Reach, Style};
pub(super) use figure::Figure;
pub use forest::{Forest, ForestPlot};
pub use forest_mark::ForestMark;
pub use forest_names::ForestGroup;
pub(super) use format::plain as plain_number;
pub use geometry::{Geometry, Rect};
pub(super) use legend::LegendEntry;
pub(super) use palette::Swatch;
pub(super) use plot::Panel;
pub(super) use scale::{Scale, ScaleKind};
use job::ChartJob;
pub use job::{ChartError, Context, Tables};
pub(super) use names::{column as column_quantity, key as key_quantity, own_name as own_key_name};
pub use png::png;

/// Draws a chart.
///
/// # Errors
/// When the chart names a column that the tables lack, or the drawing library fails. Empty tables are no error.
pub fn draw(chart: &Chart, tables: &Tables, context: &Context) -> Result<Drawing, ChartError> {
    match figure(chart, tables, context)? {
        Some(figure) => figure.draw(),
        None => heatmap::draw(&ChartJob { chart, tables, context }),
    }
}

/// What a chart shows, in the values of its axes; `None` of a heat map.
///
/// # Errors
/// When the chart names a column that the tables lack.
pub(super) fn figure(chart: &Chart, tables: &Tables, context: &Context) -> Result<Option<Figure>, ChartError> {
    let figure = match chart.kind {
        ChartKind::Line => line::figure,
        ChartKind::Cdf => cdf::figure,
        ChartKind::Tradeoff => tradeoff::figure,
        ChartKind::Bar => bar::figure,
        ChartKind::Timeline => timeline::figure,
        ChartKind::Heatmap => return Ok(None),
    };
    figure(&ChartJob { chart, tables, context }).map(Some)
}
