//! What a chart shows, in a sentence or two, for readers who do not see it.

use super::curve::Curve;
use super::figure::Figure;
use super::format::plain;
use super::names::distinct;
use super::scale::{Scale, ScaleKind};
use crate::experiment::chart::ChartKind;

/// What a figure shows: its kind, axes, series, and how many points.
pub fn figure(figure: &Figure) -> String {
    let ys: Vec<String> = distinct(figure.panels.iter().map(|panel| panel.y.label.as_str()));
    let curves = || figure.panels.iter().flat_map(|panel| &panel.curves);
    let bars = figure.panels.iter().flat_map(|panel| &panel.bars).filter(|bar| bar.value.is_some()).count();
    let points: usize = curves().map(points_of).sum();
    let series: Vec<&str> = figure.legend.iter().map(|entry| entry.label.as_str()).collect();
    let is_empty = bars + points == 0;
    let marks = match (bars, points) {
        (0, 0) => "No data.".to_owned(),
        (0, points) => format!("{}.", counted(points, "point")),
        (bars, _) => format!("{}.", counted(bars, "bar")),
    };
    let x = if is_empty { figure.x.label.clone() } else { axis(&figure.x.label, &figure.x.scale) };
    let x = if x.is_empty() { "transports".to_owned() } else { x };
    let mut sentences = vec![format!("{}: {} by {x}.", kind(figure.head.kind), ys.join(" and "))];
    if !series.is_empty() {
        sentences.push(format!("{}: {}.", counted(series.len(), "series"), series.join("; ")));
    }
    sentences.push(marks);
    sentences.extend(figure.remarks.iter().cloned());
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

fn points_of(curve: &Curve) -> usize {
    curve.runs.iter().map(Vec::len).sum()
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
    if count == 1 || what == "series" { format!("{count} {what}") } else { format!("{count} {what}s") }
}
