//! Rows of a table as the points of a curve.

use super::arrival::{self, Arrival};
use super::curve::{AbsentPoint, Curve, Edge, Label, PlotPoint, Style, unbroken};
use super::palette::{INK, Look, text_color};
use super::run_table::MetricValue;
use super::scale::can_show;
use crate::experiment::chart::AxisScale;

/// The curve of the values in each row on two axes, across and upwards; and the places across of the points that they
/// cannot show. It is broken at these and at missing values. The share that arrived is beside the points that need it, beside each end
/// the `name` of its row, and beside the others where it has room.
pub fn curve(
    axes: [AxisScale; 2],
    rows: &[[MetricValue; 2]],
    look: Look,
    name: impl Fn(usize) -> Option<String>,
) -> (Curve, Vec<f64>) {
    let is_shown = |mark: &PlotPoint| can_show(axes[0], mark.x) && can_show(axes[1], mark.y);
    let marks: Vec<Option<PlotPoint>> = rows.iter().map(point).collect();
    let hidden = marks.iter().flatten().filter(|mark| !is_shown(mark)).map(|mark| mark.x).collect();
    let shown: Vec<Option<PlotPoint>> = marks.into_iter().map(|mark| mark.filter(is_shown)).collect();
    let ends = ends(&shown);
    let arrivals: Vec<Arrival> = rows.iter().map(arrival).collect();
    let (mut labels, mut absent) = (Vec::new(), Vec::new());
    for (row, share) in arrival::labels(&arrivals).into_iter().enumerate() {
        let Some(PlotPoint { x, y, .. }) = shown[row] else {
            absent.extend(cross(axes, &rows[row], share));
            continue;
        };
        let is_centred = share.is_some();
        let color = if is_centred { text_color(look.color) } else { INK };
        let is_optional = !is_centred && !ends.contains(&row);
        let name = if ends.is_empty() || (is_centred && !ends.contains(&row)) { None } else { name(row) };
        let parts: Vec<String> = name.into_iter().chain(share).collect();
        if !parts.is_empty() {
            labels.push(Label { x, y, text: parts.join(": "), color, is_centred, is_optional });
        }
    }
    (Curve { labels, absent, ..Curve::plain(String::new(), look, Style::Band, unbroken(shown.into_iter())) }, hidden)
}

fn arrival([x, y]: &[MetricValue; 2]) -> Arrival {
    if y.arrival.is_marked() { y.arrival } else { x.arrival }
}

fn point(row: &[MetricValue; 2]) -> Option<PlotPoint> {
    let [x, y] = row;
    Some(PlotPoint { x: x.value?, y: y.value?, x_error: x.ci, y_error: y.ci, arrival: arrival(row), is_marked: true })
}

/// The cross of a row whose latency has no value because no message arrived.
fn cross(axes: [AxisScale; 2], [x, y]: &[MetricValue; 2], label: Option<String>) -> Option<AbsentPoint> {
    let (edge, axis, at) = match (x.value, y.value) {
        (Some(at), None) if y.arrival.is_nothing() => (Edge::Top, axes[0], at),
        (None, Some(at)) if x.arrival.is_nothing() => (Edge::Right, axes[1], at),
        _ => return None,
    };
    if can_show(axis, at) { Some(AbsentPoint { edge, at, label }) } else { None }
}

/// The rows at the ends of a curve.
fn ends(shown: &[Option<PlotPoint>]) -> Vec<usize> {
    let mut marks = shown.iter().enumerate().filter_map(|(row, mark)| Some((row, (*mark)?)));
    let Some((first, start)) = marks.next() else { return Vec::new() };
    match marks.next_back() {
        None => vec![first],
        // The swept key does not touch this transport: its values would name one and the same point.
        Some((_, end)) if (start.x, start.y) == (end.x, end.y) => Vec::new(),
        Some((last, _)) => vec![first, last],
    }
}
