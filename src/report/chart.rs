//! Charts of a finished run, drawn from its result tables.
//!
//! A chart is laid out in pixels by this module, drawn onto an SVG by plotters, and turned into a PNG at twice the
//! size by resvg with the embedded font, so that equal tables give equal bytes on every machine.

mod arrival;
mod axis;
mod bar;
mod bar_figure;
mod canvas;
mod cdf;
mod color;
mod curve;
mod curve_names;
mod figure;
mod font;
mod forest;
mod forest_mark;
mod format;
mod geometry;
mod heatmap;
mod job;
mod labels;
mod legend;
mod line;
mod looks;
mod marks;
mod names;
mod palette;
mod plot;
mod plotted;
mod png;
mod point_curves;
mod row_names;
mod run_table;
mod scale;
mod text_block;
mod thin;
mod ticks;
mod timeline;
mod tradeoff;
mod units;

use crate::experiment::chart::{Chart, ChartKind};

pub(super) use arrival::Arrival;
pub(super) use axis::PlotAxis;
pub(super) use bar_figure::{Bar, BarFigure};
pub use canvas::Drawing;
pub(super) use curve::{Curve, Edge, PlotPoint, Reach, Style};
pub(super) use figure::Figure;
pub use figure::Span;
pub use forest::{Forest, ForestPlot};
pub use forest_mark::ForestMark;
pub(super) use format::plain as plain_number;
pub use geometry::{Geometry, Rect};
pub(super) use heatmap::HeatMap;
use job::ChartJob;
pub use job::{ChartError, Context, Tables};
pub use looks::Looks;
pub(super) use names::{column as column_quantity, key as key_quantity, own_name as own_key_name};
pub(super) use palette::Look;
pub(super) use plot::Panel;
pub use png::png;
pub use row_names::RowGroup;
pub(super) use scale::{Scale, ScaleKind};

/// Draws a chart.
///
/// # Errors
/// When the chart names a column that the tables lack, or the drawing library fails. Empty tables are no error.
pub fn draw(chart: &Chart, tables: &Tables, context: &Context) -> Result<Drawing, ChartError> {
    match plot(chart, tables, context)? {
        Plot::Curves(figure) => figure.draw(),
        Plot::Bars(figure) => figure.draw(),
        Plot::HeatMap(map) => map.draw(),
    }
}

/// What a chart shows, in the values of its axes.
pub(super) enum Plot {
    /// Curves over a horizontal axis.
    Curves(Figure),
    /// Bars from the left.
    Bars(BarFigure),
    /// Colours over two swept keys.
    HeatMap(HeatMap),
}

/// What a chart shows.
///
/// # Errors
/// When the chart names a column that the tables lack.
pub(super) fn plot(chart: &Chart, tables: &Tables, context: &Context) -> Result<Plot, ChartError> {
    let job = ChartJob { chart, tables, context };
    match chart.kind {
        // Without a sweep there is nothing to draw a line along.
        ChartKind::Line => match line::figure(&job)? {
            Some(figure) => Ok(Plot::Curves(figure)),
            None => bar::figure(&job).map(Plot::Bars),
        },
        ChartKind::Bar => bar::figure(&job).map(Plot::Bars),
        ChartKind::Cdf => cdf::figure(&job).map(Plot::Curves),
        ChartKind::Tradeoff => tradeoff::figure(&job).map(Plot::Curves),
        ChartKind::Timeline => timeline::figure(&job).map(Plot::Curves),
        ChartKind::Heatmap => heatmap::figure(&job).map(Plot::HeatMap),
    }
}
