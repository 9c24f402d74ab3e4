//! `[[chart]]`: a chart as the experiment file describes it.

mod kinds;
mod read;

pub use kinds::{ChartKind, XRule, YRule};
pub(super) use read::read;

/// Columns of the time line that can be drawn.
pub const TIME_LINE: [&str; 4] = ["requests_per_s", "http_mbit_per_s", "held_requests", "messages_delivered_per_s"];

/// One `[[chart]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Stem of the PNG and SVG file.
    pub name: String,
    /// Shown above the drawing; absent: the experiment's title.
    pub title: Option<String>,
    /// The kind of chart.
    pub kind: ChartKind,
    /// A swept key (its dotted path), `"transport"` (bar), or for a trade-off a metric.
    pub x: Option<String>,
    /// Metrics (line, bar, trade-off), columns of the time line, or for a heat map a swept key.
    pub y: Vec<String>,
    /// Heat map: the metric that colours a cell.
    pub value: Option<String>,
    /// Whether to draw each population of a mix separately (line, bar, trade-off, heat map).
    pub by_population: bool,
    /// Scale of the horizontal axis.
    pub x_axis: AxisScale,
    /// Scale of the vertical axis.
    pub y_axis: AxisScale,
}

/// Scale of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisScale {
    /// Linear.
    #[default]
    Linear,
    /// Logarithmic, base 10.
    Log,
}

/// A swept key in the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweptKey {
    /// Its dotted path, the name of its column.
    pub path: String,
    /// Unit of the numbers in its column, such as `s`, `B` or `/s`; `None` for plain numbers and words.
    pub unit: Option<&'static str>,
}
