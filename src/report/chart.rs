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
mod curves;
mod figure;
mod font;
mod format;
mod geometry;
mod heatmap;
mod legend;
mod line;
mod names;
mod palette;
mod place;
mod plot;
mod png;
mod scale;
mod thin;
mod ticks;
mod timeline;
mod tradeoff;

use crate::experiment::chart::{Chart, ChartKind, SweptKey};
use crate::report::table::Table;

pub use canvas::Drawing;
pub use geometry::{Geometry, Rect};
pub use png::png;

/// The tables of a run that charts are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// `summary.csv`: a row per point and transport.
    pub summary: &'a Table,
    /// `latency_cdf.csv`.
    pub latency_cdf: &'a Table,
    /// `timeline.csv`.
    pub timeline: &'a Table,
}

/// What all charts of a run share.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Title of the experiment, for charts without one of their own.
    pub title: &'a str,
    /// The swept keys, in the order of their columns.
    pub swept: &'a [SweptKey],
    /// A warning in small print under the title.
    pub note: Option<&'a str>,
}

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A metric, key or column of the chart is not in the tables.
    #[error("chart `{chart}`: the results have no column `{column}`")]
    NoColumn {
        /// Name of the chart.
        chart: String,
        /// The column that was looked for.
        column: String,
    },
    /// A heat map with fewer than two keys.
    #[error("chart `{chart}`: a heat map needs two swept keys")]
    TooFewKeys {
        /// Name of the chart.
        chart: String,
    },
    /// The drawing library failed.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
    /// The text is not an SVG that can be rasterised.
    #[error("the chart could not be turned into a PNG: {0}")]
    Raster(String),
}

/// Draws a chart as an SVG text.
///
/// # Errors
/// When the chart names a column that the tables lack, or the drawing library fails. Empty tables are no error.
pub fn svg(chart: &Chart, tables: &Tables, context: &Context) -> Result<String, ChartError> {
    draw(chart, tables, context).map(|drawing| drawing.svg)
}

/// Draws a chart and tells where its parts lie.
///
/// # Errors
/// As [`svg`].
pub fn draw(chart: &Chart, tables: &Tables, context: &Context) -> Result<Drawing, ChartError> {
    let job = Job { chart, tables, context };
    match chart.kind {
        ChartKind::Line => line::figure(&job)?.draw(),
        ChartKind::Cdf => cdf::figure(&job)?.draw(),
        ChartKind::Tradeoff => tradeoff::figure(&job)?.draw(),
        ChartKind::Bar => bar::figure(&job)?.draw(),
        ChartKind::Timeline => timeline::figure(&job)?.draw(),
        ChartKind::Heatmap => heatmap::draw(&job),
    }
}

/// One chart to draw, with all it is drawn from.
struct Job<'a> {
    chart: &'a Chart,
    tables: &'a Tables<'a>,
    context: &'a Context<'a>,
}

impl Job<'_> {
    fn title(&self) -> &str {
        self.chart.title.as_deref().unwrap_or(self.context.title)
    }

    fn notes(&self) -> Vec<String> {
        self.context.note.map(str::to_owned).into_iter().collect()
    }

    fn no_column(&self, column: &str) -> ChartError {
        ChartError::NoColumn { chart: self.chart.name.clone(), column: column.to_owned() }
    }
}
