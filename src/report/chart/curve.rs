//! A curve: its points, the texts beside them, and their positions in a plot.

use plotters::style::RGBColor;

use super::arrival::Arrival;
use super::axis::Frame;
use super::palette::Look;
use super::scale::Scale;
use crate::experiment::chart::AxisScale;

/// How far a confidence interval reaches from its value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    pub below: f64,
    pub above: f64,
}

impl Reach {
    /// Whether it has any width.
    pub fn is_wide(self) -> bool {
        self.below > 0.0 || self.above > 0.0
    }
}

/// A point of a curve with its errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotPoint {
    pub x: f64,
    pub y: f64,
    pub x_error: Option<Reach>,
    pub y_error: Option<Reach>,
    /// The share of the messages that it covers.
    pub arrival: Arrival,
    /// Whether it is a point of the data, and not one beyond or at the edge of the plot, where a line leaves it.
    pub is_marked: bool,
}

impl Default for PlotPoint {
    fn default() -> PlotPoint {
        PlotPoint { x: 0.0, y: 0.0, x_error: None, y_error: None, arrival: Arrival::default(), is_marked: true }
    }
}

/// A text beside a point.
#[derive(Clone, Debug)]
pub struct Label {
    pub x: f64,
    pub y: f64,
    pub text: String,
    pub color: RGBColor,
    /// One of many side by side: each should be above its point.
    pub is_centred: bool,
    /// It is left out where it has no place of its own beside the point.
    pub is_optional: bool,
}

/// The edge of the frame beyond all values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Top,
    Right,
}

/// A point without a value because no message arrived: a cross at the edge.
#[derive(Clone, Debug)]
pub struct AbsentPoint {
    pub edge: Edge,
    /// The value that it has, along the edge.
    pub at: f64,
    pub label: Option<String>,
}

/// How the points of a curve are joined and marked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// A marker per point, straight lines, errors as a band.
    Band,
    /// A marker per point, straight lines, errors as whiskers both ways.
    Whiskers,
    /// Steps, a few markers.
    Steps,
    /// Each mean over its time bin, which reaches this far from its middle; a few markers.
    Trace { half: f64 },
}

/// A curve; it is broken between its runs.
#[derive(Clone, Debug)]
pub struct Curve {
    pub name: String,
    pub look: Look,
    pub style: Style,
    pub runs: Vec<Vec<PlotPoint>>,
    /// The closed form, broken at points without one.
    pub theory: Vec<Vec<(f64, f64)>>,
    /// Texts beside points.
    pub labels: Vec<Label>,
    pub absent: Vec<AbsentPoint>,
}

impl Curve {
    /// Without a closed form and texts.
    pub fn plain(name: String, look: Look, style: Style, runs: Vec<Vec<PlotPoint>>) -> Curve {
        Curve { name, look, style, runs, theory: Vec::new(), labels: Vec::new(), absent: Vec::new() }
    }

    /// Whether the closed form is known at enough points for a line between them.
    pub fn has_dense_theory(&self) -> bool {
        self.theory.iter().any(|run| run.len() > 16)
    }

    /// Whether it has no point.
    pub fn is_empty(&self) -> bool {
        self.runs.iter().all(Vec::is_empty)
    }

    /// Whether both curves look like one on these axes.
    pub fn lies_on(&self, other: &Curve, x: &Scale, y: &Scale) -> bool {
        /// A third of the width of a line, as part of a plot.
        const SAME: f64 = 0.002;
        let points = |curve: &Curve| -> Vec<[f64; 2]> {
            curve.runs.iter().flatten().map(|mark| [x.share(mark.x), y.share(mark.y)]).collect()
        };
        // A latency of all messages says something else than one of those that arrived.
        let arrivals = |curve: &Curve| -> Vec<Option<String>> {
            curve.runs.iter().flatten().map(|mark| mark.arrival.label()).collect()
        };
        if self.style != Style::Steps && arrivals(self) != arrivals(other) {
            return false;
        }
        let crosses = |curve: &Curve| -> Vec<(Edge, f64)> {
            curve.absent.iter().map(|absent| (absent.edge, absent.at)).collect()
        };
        let is_near = |one: [f64; 2], two: [f64; 2]| (one[0] - two[0]).abs() < SAME && (one[1] - two[1]).abs() < SAME;
        let are_near = |one: &[[f64; 2]], two: &[[f64; 2]]| {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| is_near(*one, *two))
        };
        let theory = |curve: &Curve| -> Vec<[f64; 2]> {
            curve.theory.iter().flatten().map(|(across, up)| [x.share(*across), y.share(*up)]).collect()
        };
        if !are_near(&theory(self), &theory(other)) || crosses(self) != crosses(other) {
            return false;
        }
        let (one, two) = (points(self), points(other));
        if self.style == Style::Steps {
            // Steps of two samples are at other places.
            let reaches = |from: &[[f64; 2]], to: &[[f64; 2]]| from.iter().all(|one| nearest(*one, to) < 2.0 * SAME);
            return !one.is_empty() && reaches(&one, &two) && reaches(&two, &one);
        }
        !one.is_empty() && are_near(&one, &two)
    }
}

/// The distance of a point from the steps through `others`.
fn nearest([x, y]: [f64; 2], others: &[[f64; 2]]) -> f64 {
    let beyond = |value: f64, one: f64, other: f64| (one.min(other) - value).max(value - one.max(other)).max(0.0);
    if let [[across, up]] = others {
        return libm::hypot(across - x, up - y);
    }
    let after = others.partition_point(|other| other[0] < x);
    let around = others[after.saturating_sub(3)..(after + 4).min(others.len())].windows(2);
    let steps = around.map(|pair| {
        let [[from, low], [to, high]] = [pair[0], pair[1]];
        libm::hypot(beyond(x, from, to), y - low).min(libm::hypot(x - to, beyond(y, low, high)))
    });
    steps.fold(f64::INFINITY, f64::min)
}

/// The position of the cross of a point without a value, its curve, and its text.
pub type Cross<'a> = ((f64, f64), &'a Curve, Option<&'a str>);

/// Distance of a cross from the edge, and of crosses at one place from each other.
const CROSS_STEP: f64 = 13.0;

/// The crosses of all curves; at one place they are side by side.
pub fn crosses<'a>(frame: &Frame, curves: &'a [Curve]) -> Vec<Cross<'a>> {
    let mut crosses: Vec<Cross> = Vec::new();
    for curve in curves {
        for absent in &curve.absent {
            let (start, step) = match absent.edge {
                Edge::Top => ((frame.across(absent.at), frame.rect.top + CROSS_STEP), (0.0, CROSS_STEP)),
                Edge::Right => ((frame.rect.right - CROSS_STEP, frame.up(absent.at)), (-CROSS_STEP, 0.0)),
            };
            let place = |number: usize| (start.0 + step.0 * number as f64, start.1 + step.1 * number as f64);
            let is_free = |at: (f64, f64)| {
                let near = |other: &Cross| libm::hypot(other.0.0 - at.0, other.0.1 - at.1) < CROSS_STEP - 1.0;
                !crosses.iter().any(near)
            };
            let at = (0..=curves.len()).map(place).find(|&at| is_free(at)).unwrap_or(start);
            crosses.push((at, curve, absent.label.as_deref()));
        }
    }
    crosses
}

/// The part of a length in pixels that crosses take at this edge.
pub fn room_for_crosses(curves: &[Curve], edge: Edge, length: f64) -> f64 {
    let deep = curves.iter().filter(|curve| curve.absent.iter().any(|absent| absent.edge == edge)).count();
    if deep == 0 { 0.0 } else { (CROSS_STEP * (deep as f64 + 1.0) / length).min(0.4) }
}

/// The stretches without a gap.
pub fn unbroken<T: Copy>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let items: Vec<Option<T>> = items.collect();
    let runs = items.split(Option::is_none).filter(|run| !run.is_empty());
    runs.map(|run| run.iter().copied().flatten().collect()).collect()
}

/// The note about values that a logarithmic axis cannot show. No metric and no key is below zero.
pub fn left_out(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 zero lies below the logarithmic axis.".to_owned()),
        _ => Some(format!("{count} zeros lie below the logarithmic axis.")),
    }
}

/// The values that the axis along an edge should show: means, closed forms, errors unless they dwarf the means, and
/// crosses.
pub fn extent(curves: &[Curve], axis: AxisScale, edge: Edge) -> Vec<f64> {
    let along = |mark: &PlotPoint| match edge {
        Edge::Top => (mark.x, mark.x_error.unwrap_or_default()),
        Edge::Right => (mark.y, mark.y_error.unwrap_or_default()),
    };
    let marks = || curves.iter().flat_map(|curve| curve.runs.iter().flatten()).map(along);
    let mut values: Vec<f64> = marks().map(|(mean, _)| mean).collect();
    if edge == Edge::Right {
        values.extend(curves.iter().flat_map(|curve| curve.theory.iter().flatten().map(|(_, y)| *y)));
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = (high - low).max(high.abs() * 0.5);
    let floor = match axis {
        AxisScale::Log => low / 3.0,
        AxisScale::Linear if low >= 0.0 => (low - span).max(0.0),
        AxisScale::Linear => low - span,
    };
    let ends = marks().flat_map(|(mean, error)| [mean - error.below, mean + error.above]);
    values.extend(ends.map(|end| end.clamp(floor, high + span)));
    let absent = curves.iter().flat_map(|curve| &curve.absent).filter(|absent| absent.edge == edge);
    values.extend(absent.map(|absent| absent.at));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::palette::INK;
    use crate::report::chart::scale::Fit;
    use crate::report::survivors::Rest;

    #[test]
    fn two_distributions_are_not_one() {
        let scale = Scale::fit(AxisScale::Linear, [0.0, 1.0], Fit::Exact);
        let look = Look { color: INK, dash: &[], marker: None };
        let of = |later: f64| {
            let run = [(0.1, 0.0), (0.1, 0.5), (later, 1.0), (1.0, 1.0)];
            let run = run.map(|(x, y)| PlotPoint { x, y, ..PlotPoint::default() });
            Curve::plain(String::new(), look, Style::Steps, vec![run.to_vec()])
        };
        assert!(of(0.2).lies_on(&of(0.201), &scale, &scale));
        assert!(!of(0.2).lies_on(&of(0.9), &scale, &scale) && !of(0.9).lies_on(&of(0.2), &scale, &scale));
    }

    #[test]
    fn a_latency_of_some_messages_is_not_one_of_all() {
        let scale = Scale::fit(AxisScale::Linear, [0.0, 10.0], Fit::FromZero);
        let look = Look { color: INK, dash: &[], marker: Some(0) };
        let curve = |arrival: Arrival| {
            let run = vec![PlotPoint { x: 1.0, y: 5.0, arrival, ..PlotPoint::default() }];
            Curve::plain(String::new(), look, Style::Band, vec![run])
        };
        let (all, some) = (curve(Arrival::Enough), curve(Arrival::Partial(0.6, Rest::Lost)));
        assert!(all.lies_on(&all, &scale, &scale) && some.lies_on(&some, &scale, &scale));
        assert!(!all.lies_on(&some, &scale, &scale) && !some.lies_on(&all, &scale, &scale));
    }
}
