//! Curves with fewer points that look the same.

use crate::report::chart::{Curve, PlotPoint, Scale};

/// A point of a distribution is left out if the curve without it is nearer than this part of the axes.
const UNSEEN: f64 = 0.0012;

/// Every n-th point, with the least and the greatest of those between, so that there are at most `most`.
pub(super) fn fewer(points: Vec<PlotPoint>, most: usize) -> Vec<PlotPoint> {
    if points.len() <= most {
        return points;
    }
    let stretch = points.len().div_ceil((most / 2).max(1));
    let extremes = |part: &[PlotPoint]| {
        let by_height = |one: &&PlotPoint, other: &&PlotPoint| one.y.total_cmp(&other.y);
        let ends = [part.iter().min_by(by_height).copied(), part.iter().max_by(by_height).copied()];
        let mut ends: Vec<PlotPoint> = ends.into_iter().flatten().collect();
        ends.sort_by(|one, other| one.x.total_cmp(&other.x));
        ends.dedup();
        ends
    };
    points.chunks(stretch).flat_map(extremes).collect()
}

/// The places along the horizontal axis that curves keep, at most `most`: of each of equal stretches those of the least and
/// the greatest value of every curve, so that all curves have values at the same places. `None`: all places.
pub(super) fn shared_places(curves: &[&Curve], most: usize) -> Option<Vec<f64>> {
    let of = |curve: &&Curve| curve.runs.iter().flatten().map(|point| (point.x, point.y)).collect();
    let curves: Vec<Vec<(f64, f64)>> = curves.iter().map(of).collect();
    let all = sorted(curves.iter().flatten().map(|point| point.0).collect());
    if all.len() <= most {
        return None;
    }
    let stretch = all.len().div_ceil((most / (2 * curves.len())).max(1));
    let number = |point: &(f64, f64)| all.partition_point(|x| *x < point.0) / stretch;
    let by_height = |one: &&(f64, f64), other: &&(f64, f64)| one.1.total_cmp(&other.1);
    let mut kept = Vec::new();
    for part in curves.iter().flat_map(|points| points.chunk_by(|one, other| number(one) == number(other))) {
        let ends = [part.iter().min_by(by_height), part.iter().max_by(by_height)];
        kept.extend(ends.into_iter().flatten().map(|point| point.0));
    }
    Some(sorted(kept))
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// The points at the places that are kept, and where a line leaves the plot beside them.
pub(super) fn at_places(points: &[PlotPoint], kept: Option<&[f64]>) -> Vec<PlotPoint> {
    let Some(kept) = kept else { return points.to_vec() };
    let is_kept = |point: &PlotPoint| kept.binary_search_by(|x| x.total_cmp(&point.x)).is_ok();
    let is_beside = |place: usize| points[place.saturating_sub(1)..(place + 2).min(points.len())].iter().any(is_kept);
    let all = points.iter().enumerate();
    let rest = all.filter(|&(place, point)| is_kept(point) || (!point.is_marked && is_beside(place)));
    rest.map(|(_, point)| *point).collect()
}

/// The points without those that lie on a line between others, as far as can be seen: the method of Ramer, Douglas and
/// Peucker with the distance upwards or across, whichever is less.
pub(super) fn simplified(points: &[PlotPoint], (x, y): (&Scale, &Scale)) -> Vec<PlotPoint> {
    let at: Vec<(f64, f64)> = points.iter().map(|point| (x.share(point.x), y.share(point.y))).collect();
    let mut is_kept = vec![false; points.len()];
    let mut open = Vec::new();
    if let Some(last) = points.len().checked_sub(1) {
        (is_kept[0], is_kept[last]) = (true, true);
        open.push((0, last));
    }
    while let Some((from, to)) = open.pop() {
        let furthest = (from + 1..to).map(|place| (distance(at[place], at[from], at[to]), place));
        let furthest = furthest.max_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((distance, place)) = furthest
            && distance > UNSEEN
        {
            is_kept[place] = true;
            open.extend([(from, place), (place, to)]);
        }
    }
    points.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(point, _)| *point).collect()
}

/// The distance of a point from the line through two others.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = libm::hypot(dx, dy);
    if length <= 0.0 {
        return libm::hypot(point.0 - from.0, point.1 - from.1);
    }
    ((point.0 - from.0) * dy - (point.1 - from.1) * dx).abs() / length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::{Looks, ScaleKind, Style};

    fn point(x: f64, y: f64) -> PlotPoint {
        PlotPoint { x, y, ..PlotPoint::default() }
    }

    #[test]
    fn points_that_cannot_be_seen_are_left_out_and_corners_stay() {
        let scale = Scale { kind: ScaleKind::Linear, low: 0.0, high: 1.0 };
        let line: Vec<PlotPoint> =
            (0..=100).map(|step| point(f64::from(step) / 100.0, f64::from(step) / 100.0)).collect();
        assert_eq!(simplified(&line, (&scale, &scale)).len(), 2);
        let corner = [point(0.0, 0.0), point(0.5, 0.0), point(0.5, 1.0), point(1.0, 1.0)];
        assert_eq!(simplified(&corner, (&scale, &scale)).len(), 4);
        assert!(simplified(&[], (&scale, &scale)).is_empty());
    }

    #[test]
    fn fewer_points_keep_the_peaks() {
        let mut points: Vec<PlotPoint> = (0..1_000).map(|step| point(f64::from(step), 1.0)).collect();
        points[517].y = 9.0;
        let thinned = fewer(points, 100);
        assert!(thinned.len() <= 100 && thinned.iter().any(|point| point.y > 8.0), "{}", thinned.len());
        assert!(thinned.windows(2).all(|pair| pair[0].x < pair[1].x));
    }

    #[test]
    fn curves_keep_their_peaks_at_the_same_places() {
        let curve = |peak: usize| {
            let mut points: Vec<PlotPoint> = (0..1_800).map(|step| point(f64::from(step), 1.0)).collect();
            points[peak].y = 9.0;
            Curve::plain(String::new(), Looks::default().get(""), Style::Trace { half: 0.5 }, vec![points])
        };
        let curves = [curve(517), curve(1_203), curve(1_204)];
        let kept = shared_places(&curves.each_ref(), 120).unwrap();
        assert!(kept.len() <= 120 && [517.0, 1_203.0, 1_204.0].iter().all(|peak| kept.contains(peak)), "{kept:?}");
        for curve in &curves {
            let points = at_places(&curve.runs[0], Some(&kept));
            assert_eq!(points.iter().map(|point| point.x).collect::<Vec<_>>(), kept);
        }
        assert_eq!(shared_places(&curves.each_ref(), 1_800), None);
        // Where a line leaves the plot is no place of its own.
        let edge = PlotPoint { is_marked: false, ..point(516.5, 0.0) };
        let part = [edge, point(517.0, 9.0), point(518.5, 1.0), edge];
        assert_eq!(at_places(&part, Some(&[517.0])), part[..2]);
    }
}
