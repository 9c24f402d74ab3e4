//! The lines of curves as they are drawn: what of them lies within a plot.

use std::cmp::Ordering;

use super::axis::Frame;
use super::clip::{broken, clip_texts};
use super::curve::{Curve, PlotPoint, Reach, Style, unbroken};
use super::scale::Scale;

/// A distribution that rises by more than this part of the axis at once is drawn with an upright line there.
const JUMP: f64 = 0.02;

/// The lines of a curve within a frame, in pixels.
pub fn lines(frame: &Frame, curve: &Curve) -> Vec<Vec<(f64, f64)>> {
    let of_run = |run: &Vec<PlotPoint>| broken(&corners(run, curve.style, [frame.x, frame.y]), [frame.x, frame.y]);
    let parts = curve.runs.iter().flat_map(of_run);
    parts.map(|part| part.into_iter().map(|(x, y)| frame.at(x, y)).collect()).collect()
}

/// The outlines of the intervals of a run of steps, one around each stretch of points with an interval, in pixels.
pub fn bands(frame: &Frame, run: &[PlotPoint], style: Style) -> Vec<Vec<(f64, f64)>> {
    let edge = |stretch: &[PlotPoint], end: fn(f64, Reach) -> f64| -> Vec<(f64, f64)> {
        let end = |point: &PlotPoint| PlotPoint { y: end(point.y, point.y_error.unwrap_or_default()), ..*point };
        let ends: Vec<PlotPoint> = stretch.iter().map(end).collect();
        corners(&ends, style, [frame.x, frame.y]).into_iter().map(|(x, y)| frame.at(x, y)).collect()
    };
    let around = |stretch: &[PlotPoint]| {
        let lower = edge(stretch, |y, error| y - error.below);
        edge(stretch, |y, error| y + error.above).into_iter().chain(lower.into_iter().rev()).collect()
    };
    run.split(|point| point.y_error.is_none()).filter(|stretch| !stretch.is_empty()).map(around).collect()
}

/// Says of steps beyond the ends of the axes that they are no data. Leaves out those from which no line leads into the plot.
pub fn keep_shown(curve: &mut Curve, x: &Scale, y: &Scale) {
    let style = curve.style;
    if let Style::Trace { half } = style {
        curve.runs = curve.runs.iter().flat_map(|run| led_into(run, half, [x, y])).collect();
    }
    for point in curve.runs.iter_mut().flatten() {
        point.is_marked &= x.contains(point.x) && y.contains(point.y);
    }
    curve.runs.retain(|run| !broken(&corners(run, style, [x, y]), [x, y]).is_empty());
    clip_texts(curve, x, y);
}

/// The bins over a part of the horizontal axis, without those that lie beyond one end of the vertical one as both of their
/// neighbours do: there the run is broken.
fn led_into(run: &[PlotPoint], half: f64, [x, y]: [&Scale; 2]) -> Vec<Vec<PlotPoint>> {
    // What only touches the end of the axis is not seen.
    let reach = half * 0.999;
    let is_over = |point: &&PlotPoint| point.x + reach >= x.low && point.x - reach <= x.high;
    let run: Vec<PlotPoint> = run.iter().filter(is_over).copied().collect();
    // With its interval, whose band may reach into the plot.
    let side = |point: &PlotPoint| match (point.y, point.y_error.unwrap_or_default()) {
        (height, error) if height + error.above < y.low => Ordering::Less,
        (height, error) if height - error.below > y.high => Ordering::Greater,
        _ => Ordering::Equal,
    };
    let sides: Vec<Ordering> = run.iter().map(side).collect();
    let is_led = |place: usize| {
        let around = &sides[place.saturating_sub(1)..(place + 2).min(sides.len())];
        around.iter().any(|side| *side == Ordering::Equal || *side != around[0])
    };
    unbroken(run.iter().enumerate().map(|(place, point)| if is_led(place) { Some(*point) } else { None }))
}

/// The corners of the line of a run.
fn corners(run: &[PlotPoint], style: Style, axes: [&Scale; 2]) -> Vec<(f64, f64)> {
    match style {
        Style::Band | Style::Whiskers => run.iter().map(|point| (point.x, point.y)).collect(),
        Style::Trace { half } => {
            // Between bins that were left out a step is half-way.
            let between = |one: usize, other: usize| f64::midpoint(run[one].x, run[other].x);
            let ends = |(place, point): (usize, &PlotPoint)| {
                let from = place.checked_sub(1).map_or(point.x - half, |before| between(before, place));
                let to = if place + 1 < run.len() { between(place, place + 1) } else { point.x + half };
                [(from, point.y), (to, point.y)]
            };
            run.iter().enumerate().flat_map(ends).collect()
        }
        Style::Steps => steps(run, axes),
    }
}

/// The line of a distribution, to the right edge at the height that it has reached there; from the left edge if nothing has
/// arrived before that.
fn steps(run: &[PlotPoint], [x, y]: [&Scale; 2]) -> Vec<(f64, f64)> {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else { return Vec::new() };
    let start = if first.x > x.high { Some(PlotPoint { x: x.low, y: 0.0, ..first }) } else { None };
    let end = PlotPoint { x: x.high.max(last.x), ..last };
    let points: Vec<PlotPoint> = start.into_iter().chain(run.iter().copied()).chain([end]).collect();
    jumps(&points, y).into_iter().map(|point| (point.x, point.y)).collect()
}

/// The points of a distribution with a point at the foot of each jump. Smaller steps are those of the table of quantiles.
pub fn jumps(points: &[PlotPoint], y: &Scale) -> Vec<PlotPoint> {
    let mut all: Vec<PlotPoint> = Vec::new();
    for point in points {
        if let Some(before) = all.last().map(|before| before.y)
            && y.share(point.y) - y.share(before) > JUMP
        {
            all.push(PlotPoint { y: before, ..*point });
        }
        all.push(*point);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::geometry::Rect;
    use crate::report::chart::looks::Looks;
    use crate::report::chart::scale::Fit;

    const TRACE: Style = Style::Trace { half: 0.5 };

    fn axis(kind: AxisScale, ends: [f64; 2]) -> Scale {
        Scale::fit(kind, ends, Fit::Exact)
    }

    /// What is left of a curve between the ends of its axes, and its lines in tenths of them.
    fn shown(style: Style, points: &[(f64, f64)], [x, y]: [&Scale; 2]) -> (Curve, Vec<Vec<(f64, f64)>>) {
        let run = points.iter().map(|&(x, y)| PlotPoint { x, y, ..PlotPoint::default() }).collect();
        let mut curve = Curve::plain(String::new(), Looks::default().get(""), style, vec![run]);
        keep_shown(&mut curve, x, y);
        let frame = Frame { rect: Rect::new(0.0, 0.0, 100.0, 100.0), x, y };
        let upwards = |(across, down): (f64, f64)| (across.round() / 10.0, (100.0 - down).round() / 10.0);
        let lines = lines(&frame, &curve).into_iter().map(|line| line.into_iter().map(upwards).collect());
        let lines = lines.collect();
        (curve, lines)
    }

    fn data(curve: &Curve) -> Vec<(f64, bool)> {
        curve.runs.iter().flatten().map(|point| (point.x, point.is_marked)).collect()
    }

    #[test]
    fn a_mean_is_drawn_over_its_bin() {
        let x = axis(AxisScale::Linear, [0.0, 10.0]);
        let (_, lines) = shown(TRACE, &[(2.5, 3.0), (3.5, 5.0), (4.5, 5.0)], [&x, &x]);
        assert_eq!(lines, [[(2.0, 3.0), (3.0, 3.0), (3.0, 5.0), (4.0, 5.0), (4.0, 5.0), (5.0, 5.0)]]);
        assert_eq!(shown(TRACE, &[(2.5, 3.0)], [&x, &x]).1, [[(2.0, 3.0), (3.0, 3.0)]]);
        // Between them others were left out.
        let thinned = [(2.0, 3.0), (4.5, 3.0), (4.5, 5.0), (7.0, 5.0)];
        assert_eq!(shown(TRACE, &[(2.5, 3.0), (6.5, 5.0)], [&x, &x]).1, [thinned]);
    }

    #[test]
    fn a_band_is_around_each_stretch_of_bins_with_an_interval() {
        let x = axis(AxisScale::Linear, [0.0, 10.0]);
        let frame = Frame { rect: Rect::new(0.0, 0.0, 100.0, 100.0), x: &x, y: &x };
        let run = [(2.5, 3.0, Some(1.0)), (3.5, 5.0, Some(6.0)), (4.5, 5.0, None), (5.5, 5.0, Some(0.5))];
        let reach = |half: f64| Reach { below: half, above: half };
        let run = run.map(|(x, y, half)| PlotPoint { x, y, y_error: half.map(reach), ..PlotPoint::default() });
        let upwards = |(across, down): (f64, f64)| (across.round() / 10.0, (100.0 - down).round() / 10.0);
        let outlines: Vec<Vec<_>> =
            bands(&frame, &run, TRACE).into_iter().map(|outline| outline.into_iter().map(upwards).collect()).collect();
        // Cut at the ends of the axis.
        let first =
            vec![(2.0, 4.0), (3.0, 4.0), (3.0, 10.0), (4.0, 10.0), (4.0, 0.0), (3.0, 0.0), (3.0, 2.0), (2.0, 2.0)];
        assert_eq!(outlines, [first, vec![(5.0, 5.5), (6.0, 5.5), (6.0, 4.5), (5.0, 4.5)]]);
    }

    /// Whichever axis is in use.
    #[test]
    fn a_line_falls_to_the_lower_edge_where_the_value_is_zero() {
        let x = axis(AxisScale::Linear, [0.0, 10.0]);
        let bins = [(0.5, 0.0), (1.5, 0.0), (2.5, 10.0), (3.5, 0.0), (4.5, 10.0), (5.5, 0.0), (6.5, 0.0), (7.5, 0.0)];
        for (low, height) in [(1.0, 5.0), (0.01, 7.5)] {
            let y = axis(AxisScale::Log, [low, 100.0]);
            let (curve, lines) = shown(TRACE, &bins, [&x, &y]);
            let stroke = |from| [(from, 0.0), (from, height), (from + 1.0, height), (from + 1.0, 0.0)];
            assert_eq!(lines, [stroke(2.0), stroke(4.0)]);
            assert_eq!(data(&curve), [(1.5, false), (2.5, true), (3.5, false), (4.5, true), (5.5, false)]);
        }
    }

    #[test]
    fn a_bin_above_the_axis_rises_to_its_edge() {
        let x = axis(AxisScale::Linear, [0.0, 10.0]);
        let (curve, lines) = shown(TRACE, &[(2.5, 3.0), (3.5, 25.0), (4.5, 5.0), (5.5, -2.0), (6.5, 30.0)], [&x, &x]);
        let first = vec![(2.0, 3.0), (3.0, 3.0), (3.0, 10.0)];
        let second = vec![(4.0, 10.0), (4.0, 5.0), (5.0, 5.0), (5.0, 0.0)];
        assert_eq!(lines, [first, second, vec![(6.0, 0.0), (6.0, 10.0)]]);
        assert_eq!(
            data(&curve).iter().map(|(_, is_data)| *is_data).collect::<Vec<_>>(),
            [true, false, true, false, false]
        );
    }

    #[test]
    fn a_bin_stays_that_an_end_cuts() {
        let bins = [(0.5, 1.0), (1.5, 2.0), (2.5, 3.0), (3.5, 4.0), (4.5, 5.0)];
        let y = axis(AxisScale::Linear, [0.0, 10.0]);
        let (curve, lines) = shown(TRACE, &bins, [&axis(AxisScale::Linear, [1.0, 3.4]), &y]);
        assert_eq!(data(&curve), [(1.5, true), (2.5, true), (3.5, false)]);
        assert_eq!(lines[0].last(), Some(&(10.0, 4.0)));
        // Between the middles of two bins.
        let (curve, lines) = shown(TRACE, &bins, [&axis(AxisScale::Linear, [2.8, 3.2]), &y]);
        assert_eq!(data(&curve), [(2.5, false), (3.5, false)]);
        assert_eq!(lines, [[(0.0, 3.0), (5.0, 3.0), (5.0, 4.0), (10.0, 4.0)]]);
        let (curve, lines) = shown(TRACE, &bins, [&axis(AxisScale::Linear, [7.0, 9.0]), &y]);
        assert!(curve.is_empty() && lines.is_empty());
    }

    fn steps_in(x: [f64; 2], y: [f64; 2]) -> Vec<Vec<(f64, f64)>> {
        let [x, y] = [x, y].map(|ends| axis(AxisScale::Linear, ends));
        let mut lines = shown(Style::Steps, &[(2.0, 0.0), (2.0, 0.25), (4.0, 0.5), (6.0, 1.0)], [&x, &y]).1;
        lines.iter_mut().for_each(Vec::dedup);
        lines
    }

    #[test]
    fn steps_reach_the_right_edge_at_what_they_have_reached() {
        let all = [0.0, 1.0];
        let whole = [(2.0, 0.0), (2.0, 2.5), (4.0, 2.5), (4.0, 5.0), (6.0, 5.0), (6.0, 10.0), (10.0, 10.0)];
        assert_eq!(steps_in([0.0, 10.0], all), [whole]);
        assert_eq!(steps_in([0.0, 5.0], all), [[(4.0, 0.0), (4.0, 2.5), (8.0, 2.5), (8.0, 5.0), (10.0, 5.0)]]);
        assert_eq!(steps_in([3.0, 5.0], all), [[(0.0, 2.5), (5.0, 2.5), (5.0, 5.0), (10.0, 5.0)]]);
        assert_eq!(steps_in([7.0, 9.0], all), [[(0.0, 10.0), (10.0, 10.0)]]);
        // Nothing has arrived yet.
        assert_eq!(steps_in([0.0, 1.0], all), [[(0.0, 0.0), (10.0, 0.0)]]);
    }

    #[test]
    fn steps_leave_upright_at_the_ends_of_the_vertical_axis() {
        assert_eq!(steps_in([0.0, 10.0], [0.4, 0.8]), [[(4.0, 0.0), (4.0, 2.5), (6.0, 2.5), (6.0, 10.0)]]);
        assert!(steps_in([0.0, 1.0], [0.4, 0.8]).is_empty());
        assert_eq!(steps_in([0.0, 10.0], [0.6, 0.8]), [[(6.0, 0.0), (6.0, 10.0)]]);
    }

    #[test]
    fn a_jump_of_a_distribution_is_upright() {
        let points = [(1.0, 0.0), (2.0, 0.5), (3.0, 0.51)].map(|(x, y)| PlotPoint { x, y, ..PlotPoint::default() });
        let at = |low: f64, high: f64| -> Vec<(f64, f64)> {
            jumps(&points, &axis(AxisScale::Linear, [low, high])).iter().map(|it| (it.x, it.y)).collect()
        };
        assert_eq!(at(0.0, 1.0), [(1.0, 0.0), (2.0, 0.0), (2.0, 0.5), (3.0, 0.51)]);
        assert_eq!(at(0.5, 0.6), [(1.0, 0.0), (2.0, 0.5), (3.0, 0.5), (3.0, 0.51)]);
    }
}
