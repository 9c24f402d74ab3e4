//! What a chart shows, in a sentence or two, for readers who do not see it.

use super::bar_figure::BarFigure;
use super::figure::Figure;
use super::format::plain;
use super::names::distinct;
use super::scale::{Scale, ScaleKind};
use crate::experiment::chart::ChartKind;

/// What curves show: the kind of the figure, axes, series, and how many points.
pub fn figure(figure: &Figure) -> String {
    let panels = &figure.panels;
    let ys = distinct(panels.iter().map(|panel| panel.y.label.as_str()));
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let series = distinct(curves().map(|curve| curve.name.as_str()).filter(|name| !name.is_empty()));
    let points: usize = curves().map(|curve| curve.runs.iter().map(Vec::len).sum::<usize>()).sum();
    let x = if points == 0 { figure.x.label.clone() } else { axis(&figure.x.label, &figure.x.scale) };
    said(
        format!("{}: {} by {x}.", kind(figure.head.kind), ys.join(" and ")),
        &series,
        (points, "point"),
        &figure.remarks,
    )
}

/// What bars show: metrics, places, series, and how many bars.
pub fn bars(figure: &BarFigure) -> String {
    let metrics = distinct(figure.panels.iter().map(|panel| panel.axis.label.as_str()));
    let bars = figure.panels.iter().flat_map(|panel| &panel.bars).filter(|bar| bar.value.is_some()).count();
    let series = figure.panels.iter().flat_map(|panel| &panel.series).map(String::as_str);
    let series = distinct(series.filter(|name| !name.is_empty()));
    let by = if figure.key.is_empty() { "transport" } else { figure.key.as_str() };
    let places = if figure.places.is_empty() { String::new() } else { format!(" ({})", figure.places.join("; ")) };
    let first = format!("{}: {} by {by}{places}.", kind(ChartKind::Bar), metrics.join(" and "));
    said(first, &series, (bars, "bar"), &figure.remarks)
}

fn said(first: String, series: &[String], (count, what): (usize, &str), remarks: &[String]) -> String {
    let mut sentences = vec![first];
    if !series.is_empty() {
        sentences.push(format!("{} series: {}.", series.len(), series.join("; ")));
    }
    sentences.push(if count == 0 { "No data.".to_owned() } else { format!("{}.", counted(count, what)) });
    sentences.extend(remarks.iter().cloned());
    sentences.join(" ")
}

/// What a heat map shows: a metric by two keys, in a panel for each transport.
pub fn heatmap(metric: &str, [x, y]: [&str; 2], panels: &[String], cells: usize) -> String {
    if cells == 0 {
        return format!("{}: {metric}. No data.", kind(ChartKind::Heatmap));
    }
    let panels = format!("{}: {}", counted(panels.len(), "panel"), panels.join("; "));
    format!("{}: {metric} by {x} and {y}. {panels}. {}.", kind(ChartKind::Heatmap), counted(cells, "field"))
}

/// The words of a kind at the beginning of a sentence.
fn kind(kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Line => "Line chart",
        ChartKind::Cdf => "Cumulative distribution",
        ChartKind::Tradeoff => "Trade-off",
        ChartKind::Heatmap => "Heat map",
        ChartKind::Bar => "Bar chart",
        ChartKind::Timeline => "Time line",
    }
}

/// An axis with its range.
fn axis(label: &str, scale: &Scale) -> String {
    match scale.kind {
        ScaleKind::Category(_) => label.to_owned(),
        ScaleKind::Linear | ScaleKind::Log => format!("{label} from {} to {}", plain(scale.low), plain(scale.high)),
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("{count} {what}") } else { format!("{count} {what}s") }
}
