//! Bars, and dots in their place on logarithmic axes, with their marks and values.

use super::arrival::{self, Arrival};
use super::axis::Frame;
use super::canvas::{Canvas, HPos, Lettering, Stroke};
use super::curve::Reach;
use super::error::ChartError;
use super::geometry::Rect;
use super::palette::{GRID_LINE, INK, Look, WHITE, cross, hatched, theory_across, theory_beside, whisker};
use super::scale::{Scale, ScaleKind};

/// Size of the values behind bars.
pub const SIZE: f64 = 11.5;
/// Space between a bar and its value.
pub const AWAY: f64 = 6.0;
/// Radius of a dot.
const DOT: f64 = 4.25;

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    pub place: usize,
    pub series: usize,
    pub look: Look,
    /// Without one there is no bar.
    pub value: Option<f64>,
    /// Behind the bar: its value, and the share of the messages that arrived.
    pub text: String,
    pub error: Option<Reach>,
    pub theory: Option<f64>,
    pub arrival: Arrival,
}

/// The part of an axis of this length up to the end of a bar and its marks.
pub fn used(scale: &Scale, bar: &Bar, length: f64) -> f64 {
    let value = bar.value.map(|value| scale.share(value.max(0.0) + bar.error.unwrap_or_default().above));
    let theory = bar.theory.map(|theory| scale.share(theory) + 2.0 / length);
    value.into_iter().chain(theory).fold(0.0, f64::max)
}

/// Draws a bar, or a dot where the foot of a bar would mean nothing, and what belongs to it.
pub fn draw_bar(canvas: &mut Canvas, frame: &Frame, bar: &Bar, (up, thick): (f64, f64)) -> Result<(), ChartError> {
    let is_log = frame.x.kind == ScaleKind::Log;
    let base = frame.across(if is_log { frame.x.low } else { 0.0 });
    let theory = bar.theory.map(|theory| (frame.across(theory), up));
    let mut end = base.max(frame.rect.left + used(frame.x, bar, frame.rect.width()) * frame.rect.width());
    let reach = thick / 2.0 + 2.0;
    match bar.value {
        Some(value) if is_log => {
            let at = frame.across(value);
            canvas.line(&[(base, up), (at, up)], Stroke::solid(GRID_LINE, 1.0))?;
            let (from, to) = (DOT + 1.5, reach.max(DOT + 5.0));
            theory.map_or(Ok(()), |at| theory_beside(canvas, at, from, to))?;
            draw_error(canvas, frame, bar, up)?;
            arrival::mark(canvas, (bar.look, bar.arrival), (at, up), DOT)?;
        }
        Some(value) => {
            draw_rect(canvas, bar, (base, frame.across(value)), (up, thick))?;
            theory.map_or(Ok(()), |at| theory_across(canvas, at, reach))?;
            draw_error(canvas, frame, bar, up)?;
        }
        None => {
            theory.map_or(Ok(()), |at| theory_across(canvas, at, reach))?;
            if bar.arrival.is_nothing() {
                cross(canvas, (base + 9.0, up), bar.look.color)?;
                end = end.max(base + 14.0);
            }
        }
    }
    canvas.text(&bar.text, (end + AWAY, up), Lettering::new(SIZE, INK), HPos::Left)
}

/// Draws the bar itself between its foot and its end.
fn draw_rect(
    canvas: &mut Canvas,
    bar: &Bar,
    (base, at): (f64, f64),
    (up, thick): (f64, f64),
) -> Result<(), ChartError> {
    let rect = Rect::new(base.min(at), up - thick / 2.0, base.max(at), up + thick / 2.0);
    if bar.arrival.is_marked() { hatched(canvas, rect, bar.look.color) } else { canvas.fill(rect, bar.look.color) }
}

/// The ends of an interval that can be seen.
pub fn interval(frame: &Frame, bar: &Bar) -> Option<(f64, f64)> {
    /// The marks hide shorter ones.
    const SHORTEST: f64 = 3.0;
    let (value, error) = (bar.value?, bar.error?);
    let (low, high) = (frame.across(value - error.below), frame.across(value + error.above));
    let hidden = if frame.x.kind == ScaleKind::Log { 2.0 * DOT } else { SHORTEST };
    if high - low > hidden { Some((low, high)) } else { None }
}

fn draw_error(canvas: &mut Canvas, frame: &Frame, bar: &Bar, up: f64) -> Result<(), ChartError> {
    let Some((low, high)) = interval(frame, bar) else { return Ok(()) };
    canvas.line(&[(low, up), (high, up)], Stroke::solid(WHITE, 2.5))?;
    whisker(canvas, (low, up), (high, up), INK)
}
