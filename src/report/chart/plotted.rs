//! Rows of a table as the points of a curve.

use super::arrival::{self, Arrival};
use super::curve::{AbsentPoint, Edge, Label, PlotPoint, unbroken};
use super::palette::{INK, Look, text_color};
use super::run_table::Reading;
use super::scale::can_show;
use crate::experiment::chart::AxisScale;

/// What is drawn of the rows of a curve.
pub struct Plotted {
    /// The points, broken at values that are missing or cannot be shown.
    pub runs: Vec<Vec<PlotPoint>>,
    pub labels: Vec<Label>,
    pub absent: Vec<AbsentPoint>,
    /// How many points the axes cannot show.
    pub hidden: usize,
}

impl Plotted {
    /// Of the readings in each row on two axes, across and upwards. The share that arrived is beside the points that
    /// need it, and the `name` of its row beside each end.
    pub fn new(
        axes: [AxisScale; 2],
        rows: &[[Reading; 2]],
        look: Look,
        name: impl Fn(usize) -> Option<String>,
    ) -> Plotted {
        let is_shown = |mark: &PlotPoint| can_show(axes[0], mark.x) && can_show(axes[1], mark.y);
        let marks: Vec<Option<PlotPoint>> = rows.iter().map(point).collect();
        let hidden = marks.iter().flatten().filter(|mark| !is_shown(mark)).count();
        let shown: Vec<Option<PlotPoint>> = marks.into_iter().map(|mark| mark.filter(is_shown)).collect();
        let ends = ends(&shown);
        let arrivals: Vec<Arrival> = rows.iter().map(arrival).collect();
        let (mut labels, mut absent) = (Vec::new(), Vec::new());
        for (row, share) in arrival::labels(&arrivals).into_iter().enumerate() {
            let Some(PlotPoint { x, y, .. }) = shown[row] else {
                absent.extend(cross(axes, &rows[row], share));
                continue;
            };
            let (name, color) = (if ends.contains(&row) { name(row) } else { None }, text_color(look.color));
            labels.extend(match (name, share) {
                (Some(name), Some(share)) => {
                    Some(Label { x, y, text: format!("{name}: {share}"), color, is_centred: true })
                }
                (None, Some(text)) => Some(Label { x, y, text, color, is_centred: true }),
                (Some(text), None) => Some(Label { x, y, text, color: INK, is_centred: false }),
                (None, None) => None,
            });
        }
        Plotted { runs: unbroken(shown.into_iter()), labels, absent, hidden }
    }
}

fn arrival([x, y]: &[Reading; 2]) -> Arrival {
    if y.arrival.is_marked() { y.arrival } else { x.arrival }
}

fn point(row: &[Reading; 2]) -> Option<PlotPoint> {
    let [x, y] = row;
    Some(PlotPoint { x: x.value?, y: y.value?, x_error: x.ci, y_error: y.ci, arrival: arrival(row) })
}

/// The cross of a row whose latency has no value because no message arrived.
fn cross(axes: [AxisScale; 2], [x, y]: &[Reading; 2], label: Option<String>) -> Option<AbsentPoint> {
    let (edge, axis, at) = match (x.value, y.value) {
        (Some(at), None) if y.arrival == Arrival::Nothing => (Edge::Top, axes[0], at),
        (None, Some(at)) if x.arrival == Arrival::Nothing => (Edge::Right, axes[1], at),
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
