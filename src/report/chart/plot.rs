//! What is drawn inside a frame: curves and bars.

use plotters::style::RGBColor;

use super::ChartError;
use super::arrival::Arrival;
use super::axis::Frame;
use super::bars::{Bar, draw_bar};
use super::canvas::{Canvas, Stroke};
use super::geometry::Rect;
use super::palette::{INK, Look, THEORY_DASH, cross, hollow_marker, marker, pale, text_color, theory_mark, whisker};
use super::place;

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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub x_error: Option<Reach>,
    pub y_error: Option<Reach>,
    /// Of how many of the messages it speaks.
    pub arrival: Arrival,
}

/// A text beside a point.
#[derive(Clone, Debug)]
pub struct Label {
    pub x: f64,
    pub y: f64,
    pub text: String,
    pub color: RGBColor,
    /// Of many beside each other each should lie over its point.
    pub is_centred: bool,
}

impl Label {
    /// The share of the messages that a marked point of a curve speaks of.
    pub fn share(mark: &Mark, text: String, look: Look) -> Label {
        Label { x: mark.x, y: mark.y, text, color: text_color(look.color), is_centred: true }
    }

    /// A swept value beside the end of a curve.
    pub fn value(mark: &Mark, text: String) -> Label {
        Label { x: mark.x, y: mark.y, text, color: INK, is_centred: false }
    }
}

/// The edge of the frame beyond all values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Top,
    Right,
}

/// A point without a value because no message arrived: a cross at the edge.
#[derive(Clone, Debug)]
pub struct Absent {
    pub edge: Edge,
    /// The value that it has, along the edge.
    pub at: f64,
    pub label: Option<String>,
}

/// How the points of a curve are joined and marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A marker per point, straight lines, errors as a band.
    Band,
    /// A marker per point, straight lines, errors as whiskers both ways.
    Whiskers,
    /// Steps, a few markers.
    Steps,
    /// Straight lines, a few markers.
    Trace,
}

/// A curve; it is broken between its runs.
#[derive(Clone, Debug)]
pub struct Curve {
    pub look: Look,
    pub style: Style,
    pub runs: Vec<Vec<Mark>>,
    /// The closed form, broken where there is none.
    pub theory: Vec<Vec<(f64, f64)>>,
    /// Texts beside points.
    pub labels: Vec<Label>,
    pub absent: Vec<Absent>,
    /// Which of the curves this is, to move sparse markers apart.
    pub index: usize,
}

impl Curve {
    /// Whether the closed form is known at so many points that the line between them says nothing untrue.
    pub fn has_dense_theory(&self) -> bool {
        self.theory.iter().any(|run| run.len() > 40)
    }
}

/// What a panel holds.
#[derive(Clone, Debug)]
pub enum Content {
    Curves(Vec<Curve>),
    Bars(Vec<Bar>),
}

impl Content {
    /// What is said in place of a plot without values.
    pub fn says_empty(&self) -> &'static str {
        let nothing_arrived = match self {
            Content::Curves(curves) => curves.iter().any(|curve| !curve.absent.is_empty()),
            Content::Bars(bars) => bars.iter().any(|bar| bar.arrival == Arrival::Nothing),
        };
        if nothing_arrived { "none of the messages arrived" } else { "no data" }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Curves(curves) => curves.iter().all(|curve| curve.runs.iter().all(Vec::is_empty)),
            Content::Bars(bars) => bars.iter().all(|bar| bar.value.is_none()),
        }
    }

    /// Draws it into the frame.
    pub fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), ChartError> {
        if self.is_empty() {
            return Ok(());
        }
        match self {
            Content::Bars(bars) => bars.iter().try_for_each(|bar| draw_bar(canvas, frame, bar)),
            Content::Curves(curves) => {
                for part in [draw_errors, draw_lines, draw_theory, draw_markers, draw_hollow_markers] {
                    curves.iter().try_for_each(|curve| part(canvas, frame, curve))?;
                }
                let crosses = crosses(frame, curves);
                for (at, curve, _) in &crosses {
                    cross(canvas, *at, curve.look.color)?;
                }
                place::labels(canvas, frame, curves, &crosses)
            }
        }
    }
}

/// Where the cross of a point without a value lies, its curve, and its text.
pub type Cross<'a> = ((f64, f64), &'a Curve, Option<&'a str>);

/// Distance of a cross from the edge, and of crosses at one place from each other.
const CROSS_STEP: f64 = 13.0;

/// The crosses of all curves; at one place one goes behind the other.
fn crosses<'a>(frame: &Frame, curves: &'a [Curve]) -> Vec<Cross<'a>> {
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

/// The points of a run as drawn, in pixels.
pub fn path(frame: &Frame, run: &[Mark], style: Style) -> Vec<(f64, f64)> {
    let points = run.iter().map(|mark| frame.at(mark.x, mark.y));
    if style != Style::Steps {
        return points.collect();
    }
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if let Some(&(_, before)) = steps.last() {
            steps.push((point.0, before));
        }
        steps.push(point);
    }
    steps
}

fn draw_errors(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    for run in &curve.runs {
        match curve.style {
            Style::Band => draw_bands(canvas, frame, run, curve.look)?,
            Style::Whiskers => run.iter().try_for_each(|mark| draw_whiskers(canvas, frame, mark, curve.look))?,
            Style::Steps | Style::Trace => {}
        }
    }
    Ok(())
}

/// A band over every stretch of points with an interval: none says that a value without one is exact.
fn draw_bands(canvas: &mut Canvas, frame: &Frame, run: &[Mark], look: Look) -> Result<(), ChartError> {
    for stretch in run.split(|mark| mark.y_error.is_none()) {
        if let [mark] = stretch {
            draw_whiskers(canvas, frame, mark, look)?;
            continue;
        }
        let edge = |end: fn(&Mark, Reach) -> f64| {
            stretch.iter().map(move |mark| frame.at(mark.x, end(mark, mark.y_error.unwrap_or_default())))
        };
        let mut outline: Vec<_> = edge(|mark, error| mark.y + error.above).collect();
        outline.extend(edge(|mark, error| mark.y - error.below).rev());
        if !outline.is_empty() {
            canvas.polygon(&outline, look.color, 0.2)?;
        }
    }
    Ok(())
}

fn draw_whiskers(canvas: &mut Canvas, frame: &Frame, mark: &Mark, look: Look) -> Result<(), ChartError> {
    /// Shorter ones would hide behind the marker.
    const SHORTEST: f64 = 4.5;
    let at = frame.at(mark.x, mark.y);
    if let Some(error) = mark.y_error {
        let (low, high) = (frame.up(mark.y - error.below), frame.up(mark.y + error.above));
        if low - high > 2.0 * SHORTEST {
            whisker(canvas, (at.0, low), (at.0, high), look.color)?;
        }
    }
    if let Some(error) = mark.x_error {
        let (low, high) = (frame.across(mark.x - error.below), frame.across(mark.x + error.above));
        if high - low > 2.0 * SHORTEST {
            whisker(canvas, (low, at.1), (high, at.1), look.color)?;
        }
    }
    Ok(())
}

fn draw_lines(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    // Paler under a closed form, so that dashes of the same colour on top of it can be seen.
    let (share, width) = if curve.has_dense_theory() { (0.45, 2.5) } else { (1.0, 1.75) };
    let stroke = Stroke { color: pale(curve.look.color, share), width, dash: curve.look.dash };
    curve.runs.iter().try_for_each(|run| canvas.line(&path(frame, run, curve.style), stroke))
}

fn draw_theory(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let runs = curve.theory.iter().map(|run| run.iter().map(|&(x, y)| frame.at(x, y)).collect::<Vec<_>>());
    if curve.has_dense_theory() {
        let stroke = Stroke { color: curve.look.color, width: 1.5, dash: THEORY_DASH };
        return runs.into_iter().try_for_each(|path| canvas.line(&path, stroke));
    }
    runs.flatten().try_for_each(|at| theory_mark(canvas, at))
}

fn draw_markers(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let Some(shape) = curve.look.marker else { return Ok(()) };
    let marks = || curve.runs.iter().flatten();
    let points = |marks: &mut dyn Iterator<Item = &Mark>| -> Vec<(f64, f64)> {
        marks.map(|mark| frame.at(mark.x, mark.y)).collect()
    };
    let chosen = match curve.style {
        Style::Band | Style::Whiskers => points(&mut marks().filter(|mark| !mark.arrival.is_marked())),
        Style::Steps | Style::Trace => sparse(&points(&mut marks()), curve, frame.rect),
    };
    let radius = marker_radius(curve, chosen.len());
    chosen.iter().try_for_each(|&at| marker(canvas, shape, at, radius, curve.look.color))
}

/// On top of all other markers, which would hide what they say.
fn draw_hollow_markers(canvas: &mut Canvas, frame: &Frame, curve: &Curve) -> Result<(), ChartError> {
    let Some(shape) = curve.look.marker else { return Ok(()) };
    let mut marked = curve.runs.iter().flatten().filter(|mark| mark.arrival.is_marked());
    let radius = marker_radius(curve, 0);
    marked.try_for_each(|mark| hollow_marker(canvas, shape, frame.at(mark.x, mark.y), radius, curve.look.color))
}

/// Smaller where there are many.
fn marker_radius(curve: &Curve, drawn: usize) -> f64 {
    let is_sparse = matches!(curve.style, Style::Steps | Style::Trace);
    let count = if is_sparse { drawn } else { curve.runs.iter().map(Vec::len).sum() };
    if count > 60 { 2.5 } else { 3.75 }
}

/// A point about every eighth of the way (of steps, the way up counts too), later curves a little further along.
fn sparse(points: &[(f64, f64)], curve: &Curve, rect: Rect) -> Vec<(f64, f64)> {
    let step = 1.0 / 8.0;
    let steps = curve.style == Style::Steps;
    let mut travelled = step * (0.5 - (curve.index % 4) as f64 * 0.25);
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
