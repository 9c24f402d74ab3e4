//! What of a curve lies between the ends of its axes.

use super::curve::{Curve, Edge, PlotPoint, Reach};
use super::scale::Scale;

/// Leaves out what lies beyond the ends of the axes; lines end where they cross one.
pub fn clip(curve: &mut Curve, x: &Scale, y: &Scale) {
    let joined = |from: &PlotPoint, to: &PlotPoint, share: f64| between([x, y], [from, to], share);
    let runs = curve.runs.iter().flat_map(|run| within(run, |point| place([x, y], (point.x, point.y)), joined));
    curve.runs = runs.collect();
    if curve.has_dense_theory() {
        curve.theory = curve.theory.iter().flat_map(|run| broken(run, [x, y])).collect();
    } else {
        // No mark stands where a line between two of them would cross an edge.
        curve.theory.iter_mut().for_each(|run| run.retain(|&(across, up)| x.contains(across) && y.contains(up)));
        curve.theory.retain(|run| !run.is_empty());
    }
    clip_texts(curve, x, y);
}

/// The parts of a line between the ends of the axes.
pub fn broken(points: &[(f64, f64)], axes: [&Scale; 2]) -> Vec<Vec<(f64, f64)>> {
    within(points, |point| place(axes, *point), |from, to, share| value(axes, [*from, *to], share))
}

/// Leaves out the texts and crosses beyond the ends of the axes.
pub fn clip_texts(curve: &mut Curve, x: &Scale, y: &Scale) {
    curve.labels.retain(|label| x.contains(label.x) && y.contains(label.y));
    curve.absent.retain(|absent| match absent.edge {
        Edge::Top => x.contains(absent.at),
        Edge::Right => y.contains(absent.at),
    });
}

/// A point in parts of the axes, where lines are straight: 0 to 1 if it lies between their ends.
fn place(axes: [&Scale; 2], (x, y): (f64, f64)) -> [f64; 2] {
    /// A logarithmic axis has zero below all values.
    const BELOW: f64 = -1e3;
    let part = |axis: &Scale, value: f64| match axis.contains(value) {
        true => axis.share(value),
        false => axis.position(value).max(BELOW),
    };
    [part(axes[0], x), part(axes[1], y)]
}

/// The values at this share of the way from one point to another.
fn value(axes: [&Scale; 2], [from, to]: [(f64, f64); 2], share: f64) -> (f64, f64) {
    let (start, end) = (place(axes, from), place(axes, to));
    let at = |axis: usize| axes[axis].value(start[axis] + (end[axis] - start[axis]) * share);
    (at(0), at(1))
}

/// The point at this share of the way, whose intervals are between theirs.
fn between(axes: [&Scale; 2], [from, to]: [&PlotPoint; 2], share: f64) -> PlotPoint {
    let (x, y) = value(axes, [(from.x, from.y), (to.x, to.y)], share);
    let mixed = |one: f64, other: f64| one + (other - one) * share;
    let reach = |one: Option<Reach>, other: Option<Reach>| {
        let (one, other) = one.zip(other)?;
        Some(Reach { below: mixed(one.below, other.below), above: mixed(one.above, other.above) })
    };
    PlotPoint {
        x,
        y,
        x_error: reach(from.x_error, to.x_error),
        y_error: reach(from.y_error, to.y_error),
        is_marked: false,
        ..PlotPoint::default()
    }
}

/// The parts of a broken line within the unit square; `at` has the place of a point, and `between` makes the one at a
/// share of the way between two.
fn within<T: Copy>(run: &[T], at: impl Fn(&T) -> [f64; 2], between: impl Fn(&T, &T, f64) -> T) -> Vec<Vec<T>> {
    let is_inside = |point: &T| at(point).iter().all(|part| (0.0..=1.0).contains(part));
    let (mut parts, mut part): (Vec<Vec<T>>, Vec<T>) = (Vec::new(), Vec::new());
    for (place, point) in run.iter().enumerate() {
        if part.is_empty() && is_inside(point) {
            part.push(*point);
        }
        let next = run.get(place + 1);
        let inside = next.and_then(|next| inside(at(point), at(next)));
        let Some((next, [enter, leave])) = next.zip(inside) else {
            parts.push(std::mem::take(&mut part));
            continue;
        };
        if enter > 0.0 {
            part.push(between(point, next, enter));
        }
        part.push(if leave < 1.0 { between(point, next, leave) } else { *next });
        if leave < 1.0 {
            parts.push(std::mem::take(&mut part));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The shares of the way at which a line enters the unit square and leaves it (Liang and Barsky, ACM Trans. Graph. 3,
/// 1984); `None` if none of its length lies inside.
fn inside(from: [f64; 2], to: [f64; 2]) -> Option<[f64; 2]> {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (from, to) in from.into_iter().zip(to) {
        let step = to - from;
        if step == 0.0 {
            if !(0.0..=1.0).contains(&from) {
                return None;
            }
            continue;
        }
        let ends = [-from / step, (1.0 - from) / step];
        enter = enter.max(ends[0].min(ends[1]));
        leave = leave.min(ends[0].max(ends[1]));
    }
    if enter < leave { Some([enter, leave]) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::curve::{AbsentPoint, Style};
    use crate::report::chart::looks::Looks;
    use crate::report::chart::scale::Fit;

    fn clipped(points: &[(f64, f64)]) -> Curve {
        let axis = |kind, low, high| Scale::fit(kind, [low, high], Fit::Exact);
        let (x, y) = (axis(AxisScale::Linear, 0.0, 10.0), axis(AxisScale::Log, 1.0, 100.0));
        let reach = |y: f64| Some(Reach { below: y / 10.0, above: y / 10.0 });
        let run = points.iter().map(|&(x, y)| PlotPoint { x, y, y_error: reach(y), ..PlotPoint::default() });
        let runs = vec![run.collect()];
        let absent = [2.0, 12.0].map(|at| AbsentPoint { edge: Edge::Top, at, label: None });
        let plain = Curve::plain(String::new(), Looks::default().get(""), Style::Band, runs);
        let mut curve = Curve { theory: vec![points.to_vec()], absent: absent.to_vec(), ..plain };
        clip(&mut curve, &x, &y);
        curve
    }

    fn assert_runs(curve: &Curve, wanted: &[&[(f64, f64)]]) {
        let runs: Vec<Vec<(f64, f64)>> =
            curve.runs.iter().map(|run| run.iter().map(|point| (point.x, point.y)).collect()).collect();
        assert_eq!(
            runs.iter().map(Vec::len).collect::<Vec<_>>(),
            wanted.iter().map(|run| run.len()).collect::<Vec<_>>()
        );
        for (one, other) in runs.iter().flatten().zip(wanted.iter().copied().flatten()) {
            assert!((one.0 - other.0).abs() < 1e-9 && (one.1 - other.1).abs() < 1e-9, "{runs:?}");
        }
    }

    #[test]
    fn no_closed_form_is_marked_where_nothing_was_swept() {
        let points = [(2.0, 10.0), (4.0, 1_000.0), (8.0, 10.0), (12.0, 10.0)];
        assert_eq!(clipped(&points).theory, [[(2.0, 10.0), (8.0, 10.0)]]);
        assert_eq!(clipped(&points[1..2]).theory, Vec::<Vec<(f64, f64)>>::new());
        // A curve goes on to the edge.
        let dense: Vec<(f64, f64)> = (0..30).map(|step| (f64::from(step), 10.0)).collect();
        assert_eq!(clipped(&dense).theory, [dense[..11].to_vec()]);
    }

    #[test]
    fn a_line_ends_where_it_crosses_the_edge() {
        let curve = clipped(&[(2.0, 10.0), (4.0, 1_000.0), (5.0, 1_000.0), (8.0, 10.0), (12.0, 10.0)]);
        assert_runs(&curve, &[&[(2.0, 10.0), (3.0, 100.0)], &[(6.5, 100.0), (8.0, 10.0), (10.0, 10.0)]]);
        let ends: Vec<_> = curve.runs.iter().flatten().filter(|point| !point.is_marked).collect();
        assert_eq!(ends.len(), 3);
        assert!(ends.iter().all(|point| point.y_error.is_some_and(|reach| reach.above > 0.0)));
        assert_eq!(curve.absent.len(), 1);
    }

    #[test]
    fn a_line_between_points_beyond_both_edges_is_drawn() {
        assert_runs(&clipped(&[(2.0, 0.1), (6.0, 1_000.0)]), &[&[(3.0, 1.0), (5.0, 100.0)]]);
        assert_runs(&clipped(&[(12.0, 0.1), (16.0, 1_000.0)]), &[]);
    }

    #[test]
    fn a_point_on_the_edge_stays() {
        assert_runs(&clipped(&[(10.0, 10.0), (12.0, 10.0)]), &[&[(10.0, 10.0)]]);
        assert_runs(&clipped(&[(12.0, 10.0), (10.0, 10.0)]), &[&[(10.0, 10.0)]]);
        assert_runs(&clipped(&[(10.0, 100.0)]), &[&[(10.0, 100.0)]]);
    }
}
