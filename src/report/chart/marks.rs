//! What the marks in a figure mean.

use super::arrival;
use super::axis::Frame;
use super::curve::{Curve, PlotPoint, Reach, Style};
use super::geometry::{Rect, distance};
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
        panel.curves.iter().flat_map(|curve| curve.runs.iter().map(move |run| (curve.style, run))).any(
            |(style, run)| {
                run.iter().any(|point| longest(&frame, point) > 2.0 * SHORTEST_WHISKER)
                    || (style == Style::Band && run.windows(2).any(|pair| is_band(&frame, pair)))
            },
        )
    })
}

/// The length of the longer interval of a point in pixels.
fn longest(frame: &Frame, point: &PlotPoint) -> f64 {
    let (x, y) = (point.x_error.unwrap_or_default(), point.y_error.unwrap_or_default());
    let across = frame.across(point.x + x.above) - frame.across(point.x - x.below);
    across.max(frame.up(point.y - y.below) - frame.up(point.y + y.above))
}

/// Whether the band between two points can be seen beside the line through them, which may be steep.
fn is_band(frame: &Frame, pair: &[PlotPoint]) -> bool {
    let [from, to] = [0, 1].map(|end| frame.at(pair[end].x, pair[end].y));
    let flatness = (to.0 - from.0).abs() / distance(from, to).max(1.0);
    let upright = f64::midpoint(longest(frame, &pair[0]), longest(frame, &pair[1]));
    pair.iter().all(|point| point.y_error.is_some()) && upright * flatness > 2.0 * NARROW
}

/// The remark on intervals of which none can be seen.
pub fn hidden_intervals(x: &Scale, panels: &[Panel], frames: &[Rect]) -> Option<String> {
    if shows_interval(x, panels, frames) {
        return None;
    }
    let points = panels.iter().flat_map(|panel| &panel.curves).flat_map(|curve| curve.runs.iter().flatten());
    let parts = |point: &PlotPoint| [part(point.x, point.x_error), part(point.y, point.y_error)];
    let without = points.clone().filter(|point| point.x_error.is_none() && point.y_error.is_none()).count();
    half_widths(points.flat_map(parts).flatten(), without)
}

/// Half of an interval as a part of its value.
pub fn part(value: f64, error: Option<Reach>) -> Option<f64> {
    let error = error.filter(|error| error.is_wide())?;
    if value == 0.0 { None } else { Some(error.below.max(error.above) / value.abs()) }
}

/// The remark on intervals whose half-widths are such parts of their values, beside so many values without one.
pub fn half_widths(parts: impl Iterator<Item = f64>, without: usize) -> Option<String> {
    let largest = parts.reduce(f64::max)?;
    let limits = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
    let width = match limits.into_iter().find(|percent| largest * 100.0 < *percent) {
        Some(below) => format!("half-widths below {below} %"),
        None => "narrower than the marks".to_owned(),
    };
    let rest = match without {
        0 => String::new(),
        1 => "; 1 value has none".to_owned(),
        _ => format!("; {without} values have none"),
    };
    Some(format!("95 % confidence intervals: {width}{rest}."))
}

/// The names of the curves with a point or a cross.
pub fn drawn_names(panels: &[Panel]) -> Vec<String> {
    let curves = panels.iter().flat_map(|panel| &panel.curves);
    let is_drawn = |curve: &&Curve| !curve.is_empty() || !curve.absent.is_empty();
    let drawn = curves.filter(|curve| !curve.name.is_empty()).filter(is_drawn);
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
