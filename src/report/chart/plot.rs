//! What is drawn inside a frame: curves and bars.

use super::ChartError;
use super::axis::Frame;
use super::canvas::{Canvas, Stroke};
use super::geometry::Rect;
use super::palette::{INK, Look, THEORY_DASH, THEORY_MARK, marker, pale, theory_mark, whisker};
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
    pub labels: Vec<(f64, f64, String)>,
    /// Which of the curves this is, to move sparse markers apart.
    pub index: usize,
}

impl Curve {
    /// Whether the closed form is known at so many points that the line between them says nothing untrue.
    pub fn has_dense_theory(&self) -> bool {
        self.theory.iter().any(|run| run.len() > 40)
    }
}

/// A bar over a named place.
#[derive(Clone, Debug)]
pub struct Bar {
    pub look: Look,
    /// The named place.
    pub place: usize,
    /// Which of `of` bars at this place.
    pub slot: usize,
    pub of: usize,
    pub value: f64,
    pub error: Option<Reach>,
    pub theory: Option<f64>,
}

/// What a panel holds.
#[derive(Clone, Debug)]
pub enum Content {
    Curves(Vec<Curve>),
    Bars(Vec<Bar>),
}

impl Content {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Curves(curves) => curves.iter().all(|curve| curve.runs.iter().all(Vec::is_empty)),
            Content::Bars(bars) => bars.is_empty(),
        }
    }

    /// Draws it into the frame.
    pub fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), ChartError> {
        match self {
            Content::Bars(bars) => bars.iter().try_for_each(|bar| draw_bar(canvas, frame, bar)),
            Content::Curves(curves) => {
                for part in [draw_errors, draw_lines, draw_theory, draw_markers] {
                    curves.iter().try_for_each(|curve| part(canvas, frame, curve))?;
                }
                place::labels(canvas, frame, curves)
            }
        }
    }
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
    let points: Vec<_> = curve.runs.iter().flatten().map(|mark| frame.at(mark.x, mark.y)).collect();
    let chosen = match curve.style {
        Style::Band | Style::Whiskers => points,
        Style::Steps | Style::Trace => sparse(&points, curve, frame.rect),
    };
    let radius = if chosen.len() > 60 { 2.5 } else { 3.75 };
    chosen.iter().try_for_each(|&at| marker(canvas, shape, at, radius, curve.look.color))
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

fn draw_bar(canvas: &mut Canvas, frame: &Frame, bar: &Bar) -> Result<(), ChartError> {
    /// Shorter whiskers are thinner than the lines they would be drawn with.
    const SHORTEST: f64 = 2.5;
    let slot = 0.8 / bar.of.max(1) as f64;
    let left = bar.place as f64 - 0.4 + slot * bar.slot as f64;
    let gap = if bar.of > 1 { slot * 0.06 } else { slot * 0.12 };
    let (from, to) = (frame.across(left + gap), frame.across(left + slot - gap));
    let base = frame.up(if frame.y.shows(0.0) { 0.0 } else { frame.y.low });
    let end = frame.up(bar.value);
    canvas.fill(Rect::new(from, base.min(end), to, base.max(end)), bar.look.color)?;
    let middle = f64::midpoint(from, to);
    if let Some(theory) = bar.theory.filter(|theory| frame.y.shows(*theory)) {
        let level = frame.up(theory);
        let beyond = ((to - from) * 0.04).min(5.0);
        canvas.line(&[(from - beyond, level), (to + beyond, level)], THEORY_MARK)?;
    }
    let Some(error) = bar.error else { return Ok(()) };
    let (low, high) = ((middle, frame.up(bar.value - error.below)), (middle, frame.up(bar.value + error.above)));
    if low.1 - high.1 > SHORTEST {
        canvas.line(&[low, high], Stroke::solid(super::palette::WHITE, 2.5))?;
        canvas.line(&[(middle - 3.5, low.1), (middle + 3.5, low.1)], Stroke::solid(super::palette::WHITE, 2.5))?;
        whisker(canvas, low, high, INK)?;
    }
    Ok(())
}
