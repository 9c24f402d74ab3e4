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
pub fn explained(x: &Scale, panels: &[Panel], frames: &[Rect], of_few: &str) -> Vec<(String, Swatch)> {
    let seen: Vec<Visible> = intervals(x, panels, frames).map(|(_, seen)| seen).collect();
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let points = || curves().flat_map(|curve| curve.runs.iter().flatten());
    let has_line = curves().any(Curve::has_dense_theory);
    let interval = format!("95 % confidence interval{of_few}");
    let marks = [
        (
            curves().any(|curve| !curve.theory.is_empty()),
            "theory",
            if has_line { Swatch::Theory } else { Swatch::TheoryMark },
        ),
        (
            seen.iter().any(|seen| seen.is_any()),
            interval.as_str(),
            match [seen.iter().any(|seen| seen.in_band), seen.iter().any(|seen| seen.up)] {
                [true, true] => Swatch::BandAndWhisker,
                [true, false] => Swatch::Band,
                [false, true] => Swatch::Whisker,
                [false, false] => Swatch::WhiskerAcross,
            },
        ),
        (points().any(|mark| mark.arrival.rest() == Some(Rest::Lost)), arrival::HOLLOW, Swatch::Hollow),
        (points().any(|mark| mark.arrival.rest() == Some(Rest::Waiting)), arrival::DOTTED, Swatch::Dotted),
        (panels.iter().any(Panel::has_absent), arrival::ABSENT, Swatch::Cross),
    ];
    marks.into_iter().filter(|(is_there, ..)| *is_there).map(|(_, label, swatch)| (label.to_owned(), swatch)).collect()
}

/// How the intervals of a point can be seen behind its line and marker: as whiskers, or as a part of a band.
#[derive(Clone, Copy)]
struct Visible {
    across: bool,
    up: bool,
    in_band: bool,
}

impl Visible {
    fn is_any(self) -> bool {
        self.across || self.up || self.in_band
    }
}

/// Every point, and how its intervals can be seen.
fn intervals<'a>(
    x: &'a Scale,
    panels: &'a [Panel],
    frames: &'a [Rect],
) -> impl Iterator<Item = (&'a PlotPoint, Visible)> {
    panels.iter().zip(frames).flat_map(move |(panel, &rect)| {
        let runs = panel.curves.iter().flat_map(|curve| curve.runs.iter().map(move |run| (curve.style, run)));
        runs.flat_map(move |(style, run)| {
            let frame = Frame { rect, x, y: &panel.y.scale };
            // A band needs intervals of two neighbours.
            let has_band = move |from: usize| style == Style::Band && run.get(from..from + 2).is_some_and(is_pair);
            let is_seen = move |from: usize| has_band(from) && is_band(&frame, &run[from..from + 2]);
            run.iter().enumerate().map(move |(place, point)| {
                // A band in steps has no marker on it.
                let least = if is_trace(style) { [SHORTEST_WHISKER, NARROW] } else { [SHORTEST_WHISKER; 2] };
                let lengths = lengths(&frame, point);
                let [across, up] = [0, 1].map(|way| lengths[way] > 2.0 * least[way]);
                let before = place.checked_sub(1);
                let is_alone = !is_trace(style) && !has_band(place) && !before.is_some_and(has_band);
                let in_band = !is_alone && (up || is_seen(place) || before.is_some_and(is_seen));
                (point, Visible { across, up: up && is_alone, in_band })
            })
        })
    })
}

/// Whether two neighbours have intervals.
fn is_pair(pair: &[PlotPoint]) -> bool {
    pair.iter().all(|point| point.y_error.is_some())
}

fn is_trace(style: Style) -> bool {
    matches!(style, Style::Trace { .. })
}

/// The lengths of the intervals of a point in pixels, across and upwards.
fn lengths(frame: &Frame, point: &PlotPoint) -> [f64; 2] {
    let (x, y) = (point.x_error.unwrap_or_default(), point.y_error.unwrap_or_default());
    let across = frame.across(point.x + x.above) - frame.across(point.x - x.below);
    [across, frame.up(point.y - y.below) - frame.up(point.y + y.above)]
}

/// Whether the band between two points with intervals can be seen beside the line through them, which may be steep.
fn is_band(frame: &Frame, pair: &[PlotPoint]) -> bool {
    let [start, end] = [0, 1].map(|end| frame.at(pair[end].x, pair[end].y));
    let flatness = (end.0 - start.0).abs() / distance(start, end).max(1.0);
    let [[_, from], [_, to]] = [0, 1].map(|end| lengths(frame, &pair[end]));
    let upright = f64::midpoint(from, to);
    upright * flatness > 2.0 * NARROW
}

/// The remark on intervals that cannot be seen, which are those of replications as in `of_few`.
pub fn hidden_intervals(x: &Scale, panels: &[Panel], frames: &[Rect], of_few: &str) -> Option<String> {
    // Ends of lines at an edge of a plot are no data.
    let points = || intervals(x, panels, frames).filter(|(point, _)| point.is_marked);
    let parts = |(point, seen): (&PlotPoint, Visible)| {
        [(point.x, point.x_error, seen.across), (point.y, point.y_error, seen.up || seen.in_band)]
    };
    let hidden = points().flat_map(parts).filter(|(.., is_seen)| !is_seen);
    let hidden = hidden.filter_map(|(value, error, _)| part(value, error));
    let without = points().filter(|(point, _)| point.x_error.is_none() && point.y_error.is_none()).count();
    let are_others_seen = points().any(|(_, seen)| seen.is_any());
    // Steps without a band have one that hides behind them.
    if are_others_seen && panels.iter().flat_map(|panel| &panel.curves).all(|curve| is_trace(curve.style)) {
        return None;
    }
    half_widths(hidden, without, if are_others_seen { None } else { Some(of_few) })
}

/// Half of an interval as a part of its value.
pub fn part(value: f64, error: Option<Reach>) -> Option<f64> {
    let error = error.filter(|error| error.is_wide())?;
    if value == 0.0 { None } else { Some(error.below.max(error.above) / value.abs()) }
}

/// The remark on intervals that cannot be seen, whose half-widths are such parts of their values, beside so many values
/// without one. If no other can be seen, it says what they are, and of which replications as in `of_few`.
pub fn half_widths(parts: impl Iterator<Item = f64>, without: usize, of_few: Option<&str>) -> Option<String> {
    /// What is wider is not narrow, however low its value stands on the axis.
    const NARROWEST: f64 = 5.0;
    let limits = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
    let limit = |largest: f64| limits.into_iter().find(|percent| largest * 100.0 < *percent);
    let narrow = match (parts.reduce(f64::max).map(limit), of_few) {
        (None, Some(_)) => return None,
        (None, None) => None,
        (Some(Some(below)), None) if below <= NARROWEST => {
            Some(format!("Intervals too narrow to be seen: half-widths below {below} %"))
        }
        (Some(_), None) => Some("Intervals narrower than the marks cannot be seen".to_owned()),
        (Some(Some(below)), Some(of)) => Some(format!("95 % confidence intervals{of}: half-widths below {below} %")),
        (Some(None), Some(of)) => Some(format!("95 % confidence intervals{of}: narrower than the marks")),
    };
    let no = if narrow.is_some() { "no" } else { "No" };
    let rest = match without {
        0 => None,
        1 => Some(format!("{no} interval for 1 value: zero, or of too few data")),
        _ => Some(format!("{no} interval for {without} values: zero, or of too few data")),
    };
    let parts: Vec<String> = narrow.into_iter().chain(rest).collect();
    if parts.is_empty() { None } else { Some(format!("{}.", parts.join("; "))) }
}

/// ` of 2 replications` if intervals are of so few that their widths are mostly chance; else empty.
pub fn of_few(replications: &[f64]) -> String {
    const FEW: f64 = 3.0;
    let several = || replications.iter().copied().filter(|count| *count > 1.0);
    let (least, most) = (several().fold(f64::INFINITY, f64::min), several().fold(0.0, f64::max));
    match least {
        least if least > FEW => String::new(),
        least if least < most => format!(" of {least} to {most} replications"),
        _ => format!(" of {least} replications"),
    }
}

/// The remark on the name that all curves or bars have, which stands beside none of them.
pub fn all_are(name: &str, what: &str, count: usize) -> String {
    if count == 1 { format!("The {what}: {name}.") } else { format!("All {what}s: {name}.") }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_that_cannot_be_seen_are_told_also_beside_others() {
        let told = |parts: &[f64], without, of| half_widths(parts.iter().copied(), without, of).unwrap_or_default();
        assert_eq!(
            told(&[0.003, 0.015], 1, Some("")),
            "95 % confidence intervals: half-widths below 2 %; no interval for 1 value: zero, or of too few data."
        );
        assert_eq!(
            told(&[0.5], 0, Some(" of 2 replications")),
            "95 % confidence intervals of 2 replications: narrower than the marks."
        );
        assert_eq!(told(&[0.015], 0, None), "Intervals too narrow to be seen: half-widths below 2 %.");
        assert_eq!(
            told(&[0.5], 2, None),
            "Intervals narrower than the marks cannot be seen; no interval for 2 values: zero, or of too few data."
        );
        assert_eq!(told(&[], 1, None), "No interval for 1 value: zero, or of too few data.");
        assert_eq!(told(&[], 0, None), "");
        // Without any interval there is nothing to say.
        assert_eq!(told(&[], 3, Some("")), "");
    }

    #[test]
    fn few_replications_are_told() {
        for (counts, told) in [
            (vec![2.0, 2.0], " of 2 replications"),
            (vec![3.0, 5.0], " of 3 to 5 replications"),
            (vec![1.0, 3.0], " of 3 replications"),
            (vec![4.0, 20.0], ""),
            (vec![1.0], ""),
            (Vec::new(), ""),
        ] {
            assert_eq!(of_few(&counts), told, "{counts:?}");
        }
    }
}
