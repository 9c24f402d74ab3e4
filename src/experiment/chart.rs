//! What a chart shows, as the experiment file names it.

mod read;

pub(super) use read::read;

/// One `[[chart]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Stem of the PNG and SVG file.
    pub name: String,
    /// Shown above the drawing; the experiment's title where absent.
    pub title: Option<String>,
    /// How the data are drawn.
    pub kind: ChartKind,
    /// A swept key (its dotted path), `"transport"` (bar), or for a trade-off a metric.
    pub x: Option<String>,
    /// Metrics (line, bar, trade-off), columns of the time line, or for a heat map a swept key.
    pub y: Vec<String>,
    /// Heat map: the metric that colours a cell.
    pub value: Option<String>,
    /// Each population of a mix by itself (line, bar, trade-off, heat map).
    pub by_population: bool,
    /// Scale of the horizontal axis.
    pub x_axis: AxisScale,
    /// Scale of the vertical axis.
    pub y_axis: AxisScale,
}

/// How the data are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Metrics against a swept key, one curve per transport.
    Line,
    /// Distribution of the latency.
    Cdf,
    /// One metric against another, one curve per transport along the sweep.
    Tradeoff,
    /// A metric over two swept keys, one panel per transport.
    Heatmap,
    /// A metric as bars, grouped by transport or by a swept key.
    Bar,
    /// Time bins.
    Timeline,
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

/// A swept key as the results name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweptKey {
    /// Its dotted path, the name of its column.
    pub path: String,
    /// Unit of the numbers in its column, such as `s`, `B` or `/s`; `None` for plain numbers and words.
    pub unit: Option<&'static str>,
}
