//! A plot: its curves, and how they are drawn into its frame.

use super::arrival;
use super::axis::{Frame, PlotAxis};
use super::axis_title::AxisTitle;
use super::canvas::{Canvas, Stroke};
use super::curve::{Curve, Edge, PlotPoint, Reach, Style, crosses, extent, room_for_crosses};
use super::error::ChartError;
use super::geometry::Rect;
use super::job::ChartJob;
use super::labels;
use super::outline::{bands, lines};
use super::overlap::draw_hidden;
use super::palette::{LINE_WIDTH, Look, THEORY_DASH, cross, pale, theory_cross, whisker};
use super::reference::ReferenceLine;
use super::scale::{Fit, Scale};
use super::spots::Spots;

/// One plot: curves over a vertical axis.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What its curves have in common, above it.
    pub caption: Option<String>,
    pub y: PlotAxis,
    pub curves: Vec<Curve>,
    /// At fixed values.
    pub lines: Vec<ReferenceLine>,
}

/// How opaque a band is.
const BAND: f64 = 0.2;
/// The marker hides an interval whose half is shorter than this in pixels.
pub const SHORTEST_WHISKER: f64 = 4.5;

impl Panel {
    /// One of so many plots, with curves and an axis of this title and shift of its unit.
    pub fn of_curves(job: &ChartJob, (title, shift): (AxisTitle, i32), curves: Vec<Curve>, panels: usize) -> Panel {
        let axis = job.chart.y_axis;
        let room = room_for_crosses(&curves, Edge::Top, job.sheet().plot_height(panels));
        let scale = Scale::fit(axis, extent(&curves, axis, Edge::Right), Fit::FromZero).with_room_above(room);
        Panel { caption: None, y: PlotAxis::new(title, scale, shift), curves, lines: Vec::new() }
    }

    /// A plot for each curve, named above it, on the same axes.
    pub fn split(self) -> impl Iterator<Item = Panel> {
        let y = self.y;
        self.curves.into_iter().map(move |curve| Panel {
            caption: Some(curve.name.clone()),
            y: y.clone(),
            curves: vec![curve],
            lines: Vec::new(),
        })
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.curves.iter().all(Curve::is_empty)
    }

    /// Whether a point has no value because no message arrived.
    pub fn has_absent(&self) -> bool {
        self.curves.iter().any(|curve| !curve.absent.is_empty())
    }

    /// The places for texts beside what is drawn in this frame, away from what is `taken`.
    pub fn spots<'a>(&self, frame: &'a Frame<'a>, taken: Vec<Rect>) -> Spots<'a> {
        let lines: Vec<_> = self.lines.iter().filter_map(|line| line.ends(frame)).collect();
        Spots::new(frame, &self.curves, &lines, taken)
    }

    /// Draws the curves into the frame; their labels stay away from what is `taken`.
    pub fn draw(&self, canvas: &mut Canvas, frame: &Frame, taken: Vec<Rect>) -> Result<(), ChartError> {
        self.lines.iter().try_for_each(|line| line.draw(canvas, frame))?;
        self.curves.iter().try_for_each(|curve| draw_errors(canvas, frame, curve))?;
        for (index, curve) in self.curves.iter().enumerate() {
            draw_lines(canvas, frame, curve)?;
            draw_hidden(canvas, frame, &self.curves[..=index])?;
        }
        self.curves.iter().try_for_each(|curve| draw_theory_line(canvas, frame, curve))?;
        for (index, curve) in self.curves.iter().enumerate() {
            draw_markers(canvas, frame, curve, index)?;
        }
        self.curves.iter().try_for_each(|curve| draw_hollow_markers(canvas, frame, curve))?;
        self.curves.iter().try_for_each(|curve| draw_theory_marks(canvas, frame, curve))?;
        let crosses = crosses(frame, &self.curves);
        for (at, curve, _) in &crosses {
            cross(canvas, *at, curve.look.color)?;
        }
        let has_texts = self.lines.iter().any(|line| !line.label.is_empty())
            || self.curves.iter().any(|curve| !curve.labels.is_empty())
            || crosses.iter().any(|(_, _, text)| text.is_some());
        if !has_texts {
            return Ok(());
        }
        let mut spots = self.spots(frame, taken);
        for (at, ..) in &crosses {
            spots.mark(*at);
        }
        // The label of a line has many places, that of a point few.
        labels::draw(canvas, frame, (&self.curves, &crosses), &mut spots)?;
        self.lines.iter().try_for_each(|line| line.draw_label(canvas, frame, &mut spots))
    }
}

fn draw_errors(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    for run in &curve.runs {
        match curve.style {
            Style::Band => draw_bands(canvas, frame, run, curve.look)?,
            Style::Whiskers => run.iter().try_for_each(|mark| draw_whiskers(canvas, frame, mark, curve.look))?,
            Style::Trace { .. } => {
                let mut outlines = bands(frame, run, curve.style).into_iter();
                outlines.try_for_each(|outline| canvas.polygon(&outline, curve.look.color, BAND))?;
            }
            Style::Steps => {}
        }
    }
    Ok(())
}

/// A band over every stretch of points with an interval. A missing band does not mean that a value is exact.
fn draw_bands(canvas: &mut Canvas, frame: &Frame, run: &[PlotPoint], look: Look) -> Result<(), ChartError> {
    for stretch in run.split(|mark| mark.y_error.is_none()) {
        if let [mark] = stretch {
            draw_whiskers(canvas, frame, mark, look)?;
            continue;
        }
        let edge = |end: fn(&PlotPoint, Reach) -> f64| {
            stretch.iter().map(move |mark| frame.at(mark.x, end(mark, mark.y_error.unwrap_or_default())))
        };
        let mut outline: Vec<_> = edge(|mark, error| mark.y + error.above).collect();
        outline.extend(edge(|mark, error| mark.y - error.below).rev());
        if !outline.is_empty() {
            canvas.polygon(&outline, look.color, BAND)?;
        }
    }
    Ok(())
}

fn draw_whiskers(canvas: &mut Canvas, frame: &Frame, mark: &PlotPoint, look: Look) -> Result<(), ChartError> {
    let ends = |x: Reach, y: Reach| {
        [frame.at(mark.x - x.below, mark.y - y.below), frame.at(mark.x + x.above, mark.y + y.above)]
    };
    let up = mark.y_error.map(|error| ends(Reach::default(), error));
    let across = mark.x_error.map(|error| ends(error, Reach::default()));
    for [low, high] in [up, across].into_iter().flatten() {
        if (high.0 - low.0) + (low.1 - high.1) > 2.0 * SHORTEST_WHISKER {
            whisker(canvas, low, high, look.color)?;
        }
    }
    Ok(())
}

fn draw_lines(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    // Paler under a closed form, so that dashes of the same colour on top of it can be seen.
    let (share, width) = if curve.has_dense_theory() { (0.45, 2.5) } else { (1.0, LINE_WIDTH) };
    let stroke = Stroke { color: pale(curve.look.color, share), width, dash: curve.look.dash };
    lines(frame, curve).iter().try_for_each(|line| canvas.line(line, stroke))
}

/// On top of lines and markers, whose rims would cut them.
fn draw_theory_marks(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let runs = if curve.has_dense_theory() { &[] } else { curve.theory.as_slice() };
    runs.iter().flatten().try_for_each(|&(x, y)| theory_cross(canvas, frame.at(x, y)))
}

fn draw_theory_line(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let stroke = Stroke { color: curve.look.color, width: 1.5, dash: THEORY_DASH };
    let path = |run: &Vec<(f64, f64)>| run.iter().map(|&(x, y)| frame.at(x, y)).collect::<Vec<_>>();
    let runs = if curve.has_dense_theory() { curve.theory.as_slice() } else { &[] };
    runs.iter().try_for_each(|run| canvas.line(&path(run), stroke))
}

fn draw_markers(canvas: &mut Canvas, frame: &Frame, curve: &Curve, index: usize) -> Result<(), ChartError> {
    let marks = curve.runs.iter().flatten().filter(|mark| mark.is_marked && !mark.arrival.is_marked());
    let mut points: Vec<(f64, f64)> = marks.map(|mark| frame.at(mark.x, mark.y)).collect();
    if matches!(curve.style, Style::Steps | Style::Trace { .. }) {
        points = sparse(&points, curve.style, index, frame.rect);
    }
    let radius = marker_radius(curve, points.len());
    points.into_iter().try_for_each(|at| curve.look.mark(canvas, at, radius))
}

/// On top of all other markers, which would hide them.
fn draw_hollow_markers(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let radius = marker_radius(curve, 0);
    let mut marked = curve.runs.iter().flatten().filter(|mark| mark.arrival.is_marked());
    marked.try_for_each(|mark| arrival::mark(canvas, (curve.look, mark.arrival), frame.at(mark.x, mark.y), radius))
}

/// Smaller if there are many.
fn marker_radius(curve: &Curve, drawn: usize) -> f64 {
    let is_sparse = matches!(curve.style, Style::Steps | Style::Trace { .. });
    let count = if is_sparse { drawn } else { curve.runs.iter().map(Vec::len).sum() };
    if count > 60 { 2.5 } else { 3.75 }
}

/// A point about every eighth of the way (of steps, the way up counts too), later curves a little further along.
fn sparse(points: &[(f64, f64)], style: Style, index: usize, rect: Rect) -> Vec<(f64, f64)> {
    let step = 1.0 / 8.0;
    let steps = style == Style::Steps;
    let mut travelled = step * (0.5 - (index % 4) as f64 * 0.25);
    let mut chosen = Vec::new();
    let mut before = points.first().copied();
    for &point in points {
        if let Some(last) = before {
            travelled += (point.0 - last.0).abs() / rect.width()
                + if steps { (point.1 - last.1).abs() / rect.height() } else { 0.0 };
        }
        if travelled >= step && point.0 < rect.right - 6.0 {
            chosen.push(point);
            travelled = 0.0;
        }
        before = Some(point);
    }
    if chosen.is_empty() { points.get(points.len() / 2).copied().into_iter().collect() } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::canvas::drawing;
    use crate::report::chart::display::{DrawnMark, Page};
    use crate::report::chart::palette::INK;

    #[test]
    fn no_marker_cuts_the_mark_of_a_closed_form() {
        let scale = Scale::fit(AxisScale::Linear, [0.0, 10.0], Fit::Exact);
        let frame = Frame { rect: Rect::new(0.0, 0.0, 100.0, 100.0), x: &scale, y: &scale };
        let look = Look { color: plotters::style::RGBColor(0, 0, 200), dash: &[], marker: Some(1) };
        let run = vec![PlotPoint { x: 5.0, y: 5.0, ..PlotPoint::default() }];
        let curve = Curve::plain(String::new(), look, Style::Band, vec![run]);
        let curves = vec![Curve { theory: vec![vec![(5.0, 5.0)]], ..curve }];
        let y = PlotAxis::new(AxisTitle::default(), scale.clone(), 0);
        let panel = Panel { caption: None, y, curves, lines: Vec::new() };
        let drawn = drawing(Page::default(), 100.0, |canvas| panel.draw(canvas, &frame, Vec::new())).unwrap();
        let ink = (INK.0, INK.1, INK.2);
        let is_cross = |mark: &DrawnMark| matches!(mark, DrawnMark::Lines { paint, .. } if paint.rgb == ink);
        assert!(drawn.list.marks.last().is_some_and(is_cross), "{:?}", drawn.list.marks);
    }
}
