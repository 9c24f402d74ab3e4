//! `[[chart]]`: a chart as the experiment file describes it.

mod kinds;
mod print;
mod read;
mod read_plots;
mod read_view;
mod usual;
mod view;

pub use kinds::{ChartKind, XRule, YRule};
pub use print::{Ground, Print, PrintSize};
pub(super) use read::read;
pub use view::{ChartView, Reference};

use crate::model::Metric;

/// Columns of the time line that can be drawn.
pub const TIME_LINE: [&str; 4] = ["requests_per_s", "http_mbit_per_s", "held_requests", "messages_delivered_per_s"];

/// One `[[chart]]`.
#[derive(Clone, Debug, PartialEq)]
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
    /// What it shows of its data, and the words for it.
    pub view: ChartView,
    /// Size and ground.
    pub print: Print,
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
    /// Its dotted path as written.
    pub path: String,
    /// The name of its column: snake case, with the unit of its numbers.
    pub column: String,
    /// Unit of the numbers in its column, such as `s`, `B` or `/s`; `None` for plain numbers and words.
    pub unit: Option<&'static str>,
    /// Its meaning, in a line of Markdown; empty for a table that is swept as a whole.
    pub doc: &'static str,
    /// Its path in the table of keys, without the name of a transport or population.
    pub known: String,
    /// The transport to which it belongs.
    pub owner: Option<KeyOwner>,
    /// Whether its values are words, even one that looks like a number.
    pub has_words: bool,
}

/// The transport to which a swept key belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOwner {
    /// Its name.
    pub name: String,
    /// Its number among the runs of a point; `None` if all transports are in one run, as a mix.
    pub run: Option<usize>,
}

impl SweptKey {
    /// The number of the run to which it belongs; `None` for a key of all of them.
    pub fn run(&self) -> Option<usize> {
        self.owner.as_ref().and_then(|owner| owner.run)
    }
}

/// The columns of all tables except those of metrics and swept keys.
pub const COLUMNS: &[&str] = &[
    "answer",
    "baseline",
    "clients",
    "column",
    "difference",
    "difference_high95",
    "difference_low95",
    "duration_s",
    "estimate",
    "file",
    "fingerprint",
    "found",
    "fraction",
    "held_requests",
    "held_requests_ci95",
    "high95",
    "http_mbit_per_s",
    "http_mbit_per_s_ci95",
    "interval",
    "key",
    "latency_s",
    "low95",
    "meaning",
    "measured",
    "messages_delivered_per_s",
    "messages_delivered_per_s_ci95",
    "metric",
    "p_value",
    "point",
    "population",
    "quick",
    "ratio",
    "ratio_high95",
    "ratio_low95",
    "replication",
    "replications",
    "requests_per_s",
    "requests_per_s_ci95",
    "samples",
    "seed",
    "significant",
    "target",
    "text",
    "theory",
    "time_s",
    "transport",
    "unit",
    "verdict",
    "warmup_s",
];

/// The endings of the columns that a metric may have.
pub const METRIC_ENDINGS: [&str; 5] = ["", "_ci95", "_low95", "_high95", "_theory"];

/// The metric of a column, and the ending of the column.
pub fn metric_of(column: &str) -> Option<(Metric, &str)> {
    METRIC_ENDINGS.iter().find_map(|ending| Some((Metric::from_name(column.strip_suffix(ending)?)?, *ending)))
}

/// Whether a table has a column of this name that is none of a swept key.
pub(super) fn is_column(name: &str) -> bool {
    COLUMNS.contains(&name) || metric_of(name).is_some()
}
