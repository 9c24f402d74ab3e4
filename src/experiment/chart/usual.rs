//! Charts that no one has to write: of a file without any, and of a search.

use super::{AxisScale, Chart, ChartKind, ChartView, Print};
use crate::experiment::search::KeySearch;
use crate::experiment::sweep::Sweep;

/// Name of the chart of a search.
pub(super) const SEARCH: &str = "search";
/// The word for the transports as `x`.
pub(super) const TRANSPORT: &str = "transport";

/// The points that a search has tried.
pub(super) fn of_search(search: &KeySearch) -> Chart {
    /// Factor between the ends of a range from which on its axis is logarithmic.
    const WIDE: u64 = 20;
    let [low, high] = search.range;
    Chart {
        name: SEARCH.to_owned(),
        title: None,
        kind: ChartKind::Line,
        x: Some(search.key.clone()),
        y: vec![search.target.metric().name().to_owned()],
        value: None,
        by_population: search.population.is_some(),
        x_axis: if low > 0 && high / low >= WIDE { AxisScale::Log } else { AxisScale::Linear },
        y_axis: AxisScale::Linear,
        view: ChartView::default(),
        print: Print::default(),
    }
}

/// The charts of a file without any.
pub(super) fn defaults(sweep: &Sweep) -> Vec<Chart> {
    let x = sweep.axes.first().map(|axis| axis.column.clone());
    let chart = |name: &str, kind, x: Option<String>, y: &[&str]| Chart {
        name: name.to_owned(),
        title: None,
        kind,
        x,
        y: y.iter().map(|&y| y.to_owned()).collect(),
        value: None,
        by_population: false,
        x_axis: AxisScale::Linear,
        y_axis: AxisScale::Linear,
        view: ChartView::default(),
        print: Print::default(),
    };
    let kind = if x.is_some() { ChartKind::Line } else { ChartKind::Bar };
    let by = x.or_else(|| Some(TRANSPORT.to_owned()));
    vec![
        chart("bandwidth", kind, by.clone(), &["http_mbit_per_s"]),
        chart("latency", kind, by, &["latency_mean_s", "latency_p95_s"]),
        chart("latency-cdf", ChartKind::Cdf, None, &[]),
        chart("tradeoff", ChartKind::Tradeoff, Some("http_mbit_per_s".to_owned()), &["latency_mean_s"]),
    ]
}
