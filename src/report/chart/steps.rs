//! The steps of a distribution between the ends of axes.

use super::curve::PlotPoint;
use super::scale::Scale;

/// The steps through the points of a run, as far as the axes show them: from what they have reached at the left edge, or
/// from nothing, to the right edge at the height that they have reached there.
pub fn within(run: &[PlotPoint], x: &Scale, y: &Scale) -> Vec<Vec<PlotPoint>> {
    let Some(first) = run.first() else { return Vec::new() };
    let mut points: Vec<PlotPoint> = Vec::new();
    if first.x > x.high {
        points.push(PlotPoint { x: x.low, y: 0.0, is_marked: false, ..*first });
    }
    for point in run.iter().filter(|point| point.x <= x.high) {
        if point.x < x.low {
            points = vec![PlotPoint { x: x.low, is_marked: false, ..*point }];
        } else {
            points.push(*point);
        }
    }
    points.extend(points.last().map(|last| PlotPoint { x: x.high, is_marked: false, ..*last }));
    cut(&points, y)
}

/// The steps between the ends of the vertical axis, at which they are upright.
fn cut(points: &[PlotPoint], y: &Scale) -> Vec<Vec<PlotPoint>> {
    let at_end = |point: &PlotPoint, end: f64| PlotPoint { y: end, is_marked: false, ..*point };
    let mut runs = Vec::new();
    let mut run: Vec<PlotPoint> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| points[before].y);
        match before {
            Some(before) if before < y.low && point.y > y.high => {
                run.extend([y.low, y.high].map(|end| at_end(point, end)));
            }
            Some(before) if before < y.low && point.y >= y.low => run.push(at_end(point, y.low)),
            Some(before) if y.contains(before) && point.y > y.high => run.push(at_end(point, y.high)),
            _ => {}
        }
        if y.contains(point.y) {
            run.push(*point);
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::scale::Fit;

    fn shown(x: [f64; 2], y: [f64; 2]) -> Vec<Vec<(f64, f64)>> {
        let axis = |ends: [f64; 2]| Scale::fit(AxisScale::Linear, ends, Fit::Exact);
        let point = |(x, y)| PlotPoint { x, y, ..PlotPoint::default() };
        let run = [(2.0, 0.0), (2.0, 0.25), (4.0, 0.5), (6.0, 1.0)].map(point);
        let runs = within(&run, &axis(x), &axis(y));
        runs.iter().map(|run| run.iter().map(|point| (point.x, point.y)).collect()).collect()
    }

    #[test]
    fn steps_reach_the_right_edge_at_what_they_have_reached() {
        let all = [0.0, 1.0];
        let whole = [(2.0, 0.0), (2.0, 0.25), (4.0, 0.5), (6.0, 1.0)];
        assert_eq!(shown([0.0, 9.0], all), [[whole.as_slice(), &[(9.0, 1.0)]].concat()]);
        assert_eq!(shown([0.0, 5.0], all), [[&whole[..3], &[(5.0, 0.5)]].concat()]);
        assert_eq!(shown([3.0, 5.0], all), [[(3.0, 0.25), (4.0, 0.5), (5.0, 0.5)]]);
        assert_eq!(shown([7.0, 9.0], all), [[(7.0, 1.0), (9.0, 1.0)]]);
        // Nothing has arrived yet.
        assert_eq!(shown([0.0, 1.0], all), [[(0.0, 0.0), (1.0, 0.0)]]);
    }

    #[test]
    fn steps_leave_upright_at_the_ends_of_the_vertical_axis() {
        assert_eq!(shown([0.0, 9.0], [0.4, 0.8]), [[(4.0, 0.4), (4.0, 0.5), (6.0, 0.8)]]);
        assert_eq!(shown([0.0, 1.0], [0.4, 0.8]), Vec::<Vec<(f64, f64)>>::new());
        assert_eq!(shown([0.0, 9.0], [0.6, 0.8]), [[(6.0, 0.6), (6.0, 0.8)]]);
    }
}
