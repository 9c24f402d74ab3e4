//! Long curves with fewer points that look the same.

use super::curve::PlotPoint;

/// At most this many points are drawn of a curve.
const MOST: usize = 1000;

/// First, last, least and greatest point of each of equal stretches along the curve; `way` tells how far along it a
/// point lies, 0 to 1.
pub fn thin(marks: Vec<PlotPoint>, way: impl Fn(&PlotPoint) -> f64) -> Vec<PlotPoint> {
    if marks.len() <= MOST {
        return marks;
    }
    // A rising curve keeps two points of a stretch, others up to four.
    let rising = marks.windows(2).all(|pair| pair[0].y <= pair[1].y);
    let stretches = (if rising { MOST / 2 } else { MOST / 4 }) as f64 - 1.0;
    let mut thinned: Vec<PlotPoint> = Vec::new();
    let mut rest = marks.as_slice();
    while let Some(first) = rest.first() {
        let stretch = (way(first) * stretches).floor();
        let end = rest.iter().position(|mark| (way(mark) * stretches).floor() > stretch).unwrap_or(rest.len()).max(1);
        let (part, after) = rest.split_at(end);
        keep_extremes(part, &mut thinned);
        rest = after;
    }
    thinned
}

fn keep_extremes(part: &[PlotPoint], kept: &mut Vec<PlotPoint>) {
    let by_height = |one: &(usize, &PlotPoint), other: &(usize, &PlotPoint)| one.1.y.total_cmp(&other.1.y);
    let least = part.iter().enumerate().min_by(by_height).map_or(0, |(index, _)| index);
    let greatest = part.iter().enumerate().max_by(by_height).map_or(0, |(index, _)| index);
    let mut chosen = vec![0, least, greatest, part.len() - 1];
    chosen.sort_unstable();
    chosen.dedup();
    kept.extend(chosen.into_iter().map(|index| part[index]));
}

#[cfg(test)]
// Kept values are copies.
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_ends_and_the_extremes() {
        let marks: Vec<PlotPoint> = (0..50_000)
            .map(|index| {
                let x = f64::from(index);
                let y = match index {
                    12_345 => 9.0,
                    23_456 => -9.0,
                    _ => (x * 0.01).fract(),
                };
                PlotPoint { x, y, ..PlotPoint::default() }
            })
            .collect();
        let thinned = thin(marks.clone(), |mark| mark.x / 50_000.0);
        assert!(thinned.len() <= MOST, "{}", thinned.len());
        assert_eq!((thinned.first(), thinned.last()), (marks.first(), marks.last()));
        for y in [9.0, -9.0] {
            assert!(thinned.iter().any(|mark| mark.y == y));
        }
        assert!(thinned.windows(2).all(|pair| pair[0].x < pair[1].x));
    }

    #[test]
    fn a_steep_curve_in_one_stretch_keeps_its_ends() {
        let marks: Vec<PlotPoint> =
            (0..3000).map(|index| PlotPoint { x: 0.5, y: f64::from(index), ..PlotPoint::default() }).collect();
        assert_eq!(thin(marks, |mark| mark.x).iter().map(|mark| mark.y).collect::<Vec<_>>(), [0.0, 2999.0]);
    }
}
