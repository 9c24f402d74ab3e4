//! What the marks in a figure mean.

use super::arrival;
use super::axis::Frame;
use super::curve::{Curve, PlotPoint, Reach, Style};
use super::geometry::Rect;
use super::names::distinct;
use super::palette::Swatch;
use super::plot::{Panel, SHORTEST_WHISKER};
use super::scale::Scale;
use crate::report::survivors::Rest;

/// A band whose edge is nearer to its line than this in pixels hides behind it.
const NARROW: f64 = 2.0;

/// The entries of a legend for marks that are there.
pub fn explained(x: &Scale, panels: &[Panel], frames: &[Rect]) -> Vec<(&'static str, Swatch)> {
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let points = || curves().flat_map(|curve| curve.runs.iter().flatten());
    let has_line = curves().any(Curve::has_dense_theory);
    let has_band = curves().any(|curve| curve.style == Style::Band && curve.runs.iter().any(|run| run.len() > 1));
    let marks = [
        (
            curves().any(|curve| !curve.theory.is_empty()),
            "theory",
            if has_line { Swatch::Theory } else { Swatch::TheoryMark },
        ),
        (
            shows_interval(x, panels, frames),
            "95 % confidence interval",
            if has_band { Swatch::Band } else { Swatch::Whisker },
        ),
        (points().any(|mark| mark.arrival.rest() == Some(Rest::Lost)), arrival::HOLLOW, Swatch::Hollow),
        (points().any(|mark| mark.arrival.rest() == Some(Rest::Waiting)), arrival::DOTTED, Swatch::Dotted),
        (panels.iter().any(Panel::has_absent), arrival::ABSENT, Swatch::Cross),
    ];
    marks.into_iter().filter(|(is_there, ..)| *is_there).map(|(_, label, swatch)| (label, swatch)).collect()
}

/// Whether an interval can be seen behind its line or marker.
fn shows_interval(x: &Scale, panels: &[Panel], frames: &[Rect]) -> bool {
    panels.iter().zip(frames).any(|(panel, &rect)| {
        let frame = Frame { rect, x, y: &panel.y.scale };
        panel.curves.iter().any(|curve| curve.runs.iter().flatten().any(|point| is_visible(&frame, curve, point)))
    })
}

fn is_visible(frame: &Frame, curve: &Curve, point: &PlotPoint) -> bool {
    let narrow = if curve.style == Style::Band { NARROW } else { SHORTEST_WHISKER };
    let (x, y) = (point.x_error.unwrap_or_default(), point.y_error.unwrap_or_default());
    let across = frame.across(point.x + x.above) - frame.across(point.x - x.below);
    let up = frame.up(point.y - y.below) - frame.up(point.y + y.above);
    across.max(up) > 2.0 * narrow
}

/// The remark on intervals of which none can be seen.
pub fn hidden_intervals(x: &Scale, panels: &[Panel], frames: &[Rect]) -> Option<String> {
    if shows_interval(x, panels, frames) {
        return None;
    }
    let points = panels.iter().flat_map(|panel| &panel.curves).flat_map(|curve| curve.runs.iter().flatten());
    let parts = points.flat_map(|point| [part(point.x, point.x_error), part(point.y, point.y_error)]);
    half_widths(parts.flatten())
}

/// Half of an interval as a part of its value.
pub fn part(value: f64, error: Option<Reach>) -> Option<f64> {
    let error = error.filter(|error| error.is_wide())?;
    if value == 0.0 { None } else { Some(error.below.max(error.above) / value.abs()) }
}

/// The remark on intervals whose half-widths are such parts of their values.
pub fn half_widths(parts: impl Iterator<Item = f64>) -> Option<String> {
    let largest = parts.reduce(f64::max)?;
    let below = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0].into_iter().find(|percent| largest * 100.0 < *percent)?;
    Some(format!("95 % confidence intervals: half-widths below {below} %."))
}

/// The names of the curves with a point or a cross.
pub fn drawn_names(panels: &[Panel]) -> Vec<String> {
    let curves = panels.iter().flat_map(|panel| &panel.curves);
    let drawn = curves.filter(|curve| !curve.name.is_empty() && !(curve.is_empty() && curve.absent.is_empty()));
    distinct(drawn.map(|curve| curve.name.as_str()))
}

/// The remark on curves without any point, which no name stands for.
pub fn without_points(panels: &[Panel]) -> Option<String> {
    let drawn = drawn_names(panels);
    let names = distinct(panels.iter().flat_map(|panel| &panel.curves).map(|curve| curve.name.as_str()));
    let missing: Vec<String> = names.into_iter().filter(|name| !name.is_empty() && !drawn.contains(name)).collect();
    let is_empty = panels.iter().all(|panel| panel.curves.iter().all(Curve::is_empty));
    if missing.is_empty() || is_empty { None } else { Some(format!("No values: {}.", missing.join("; "))) }
}
