//! The names of curves beside them, where they fit.

use super::axis::Frame;
use super::canvas::LEADING;
use super::curve::Curve;
use super::font::{width, wrap_names};
use super::geometry::{Rect, distance};
use super::outline::lines;
use super::palette::text_color;
use super::placed_name::{PlacedName, SAME_PLACE, SIZE};
use super::plot::Panel;
use super::spots::{Spot, Spots};

/// Space between the end of a curve and its name.
const AWAY: f64 = 9.0;
/// Names take at most this part of the width of a figure.
pub const MOST: f64 = 0.24;
/// A name along a curve that has no place in one line takes at most this part of the width of its plot.
const NARROW: f64 = 0.16;
/// A curve that ends before this part of the width has no name at its end.
const EARLIEST_END: f64 = 0.9;
/// A name farther from the end of its curve in pixels would be read as that of another.
const FARTHEST: f64 = 60.0;

/// Where the names of the curves of a figure are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// At the right ends of the curves.
    Ends,
    /// Along the curves.
    Along,
    /// Beside points of the curves.
    Points,
    /// There is one curve in each plot, which is named above it.
    Captions,
}

/// Space that the names take to the right of plots in a figure of this width.
pub fn room_for_ends(panels: &[Panel], wide: f64) -> f64 {
    let curves = panels.iter().flat_map(|panel| &panel.curves);
    let lines = curves.flat_map(|curve| wrap_names(&curve.name, SIZE, wide * MOST));
    lines.map(|line| width(&line, SIZE)).fold(0.0, f64::max) + AWAY
}

/// The end of a curve, the lines of its name, and their colour.
type NamedEnd = ((f64, f64), Vec<String>, plotters::style::RGBColor);

/// The names at the right ends of the curves; `None` if one of them has no place.
pub fn at_ends(frame: &Frame, curves: &[Curve], wide: f64) -> Option<Vec<PlacedName>> {
    let mut ends: Vec<NamedEnd> = Vec::new();
    for curve in curves.iter().filter(|curve| !curve.is_empty()) {
        let end = lines(frame, curve).concat().last().copied()?;
        if end.0 < frame.rect.left + frame.rect.width() * EARLIEST_END {
            return None;
        }
        let lines = wrap_names(&curve.name, SIZE, wide * MOST);
        ends.push((end, lines, text_color(curve.look.color)));
    }
    // Neither its place nor its colour would tell whose name it is.
    let is_alike = |(one, other): (&NamedEnd, &NamedEnd)| distance(one.0, other.0) < SAME_PLACE && one.2 == other.2;
    if ends.iter().enumerate().any(|(place, one)| ends[..place].iter().any(|other| is_alike((one, other)))) {
        return None;
    }
    ends.sort_by(|one, other| one.0.1.total_cmp(&other.0.1));
    let wanted: Vec<(f64, f64)> =
        ends.iter().map(|((_, up), lines, _)| (*up, lines.len() as f64 * SIZE * LEADING)).collect();
    let middles = spread(&wanted, (frame.rect.top - 4.0, frame.rect.bottom + 4.0))?;
    let leaders = leaders(&ends, &middles, frame.rect.right + AWAY - 2.0);
    let placed = ends.into_iter().zip(middles).zip(leaders).map(|(((_, lines, color), middle), leader)| PlacedName {
        lines,
        at: (frame.rect.right + AWAY, middle),
        leader,
        color,
    });
    Some(placed.collect())
}

/// The lines from the ends to their names, which begin to the right of `left`. Names of ends that lie on each other have
/// one line to a bar before them.
fn leaders(ends: &[NamedEnd], middles: &[f64], left: f64) -> Vec<Vec<(f64, f64)>> {
    let leader = |(end, _, _): &NamedEnd| {
        let same = ends.iter().zip(middles).filter(|(other, _)| distance(other.0, *end) < SAME_PLACE);
        let spans = same.map(|((_, lines, _), middle)| (*middle, lines.len() as f64 * SIZE * LEADING / 2.0 - 2.0));
        let spans: Vec<(f64, f64)> = spans.collect();
        let top = spans.iter().map(|(middle, half)| middle - half).fold(f64::INFINITY, f64::min);
        let bottom = spans.iter().map(|(middle, half)| middle + half).fold(f64::NEG_INFINITY, f64::max);
        let middle = f64::midpoint(top, bottom);
        let start = (end.0 + 4.0, end.1);
        match spans.len() {
            1 if (middle - end.1).abs() < SIZE * 0.4 => Vec::new(),
            1 => vec![start, (left, middle)],
            _ => vec![start, (left, middle), (left, top), (left, bottom)],
        }
    };
    ends.iter().map(leader).collect()
}

/// Places for boxes of these wanted middles and heights, from the top downwards, which do not overlap; `None` if they do
/// not fit between the ends, or one is far from where it should be.
fn spread(wanted: &[(f64, f64)], (top, bottom): (f64, f64)) -> Option<Vec<f64>> {
    let mut middles = Vec::new();
    let mut free = top;
    for (middle, height) in wanted {
        let at = middle.max(free + height / 2.0);
        free = at + height / 2.0;
        middles.push(at);
    }
    let mut free = bottom;
    for (at, (_, height)) in middles.iter_mut().zip(wanted).rev() {
        *at = at.min(free - height / 2.0);
        free = *at - height / 2.0;
    }
    let is_near = middles.iter().zip(wanted).all(|(at, (middle, _))| (at - middle).abs() <= FARTHEST);
    if free >= top - 1e-9 && is_near { Some(middles) } else { None }
}

/// The names beside places along the curves, in several lines where one has no place; `None` if one of them has none.
pub fn along(frame: &Frame, panel: &Panel) -> Option<Vec<PlacedName>> {
    let curves = &panel.curves;
    let paths: Vec<Vec<(f64, f64)>> = curves.iter().map(|curve| lines(frame, curve).concat()).collect();
    let mut spots = panel.spots(frame, Vec::new());
    let mut placed = Vec::new();
    for (curve, path) in curves.iter().zip(&paths).filter(|(_, path)| !path.is_empty()) {
        let in_lines = |limit: f64| {
            let lines = wrap_names(&curve.name, SIZE, limit);
            Some((beside(&spots, path, &lines)?, lines))
        };
        let (spot, lines) = [f64::INFINITY, frame.rect.width() * NARROW].into_iter().find_map(in_lines)?;
        spots.take(&Spot::free(spot));
        placed.push(PlacedName {
            lines,
            at: (spot.left, spot.center().1),
            leader: Vec::new(),
            color: text_color(curve.look.color),
        });
    }
    Some(placed)
}

/// The first free place beside a path that rises to the right, from its top: there curves are apart.
fn beside(spots: &Spots, path: &[(f64, f64)], lines: &[String]) -> Option<Rect> {
    /// Places along a curve that are tried.
    const PLACES: u32 = 40;
    let frame = spots.frame.rect;
    let wide = lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max);
    let half = SIZE * (LEADING * (lines.len() - 1) as f64 / 2.0 + 0.6);
    let rects = (1..PLACES).flat_map(|place| {
        let up = frame.top + frame.height() * f64::from(place) / f64::from(PLACES);
        // The path is farther right at the top of a text, and farther left at its foot.
        let right_of = across(path, up - half - 2.0).map(|across| across + AWAY * 0.6);
        let left_of = across(path, up + half + 2.0).map(|across| across - AWAY * 0.6 - wide);
        [left_of, right_of].into_iter().flatten().map(move |left| Rect::new(left, up - half, left + wide, up + half))
    });
    rects.into_iter().find(|rect| spots.hidden(rect) == Some(0))
}

/// Where a path that rises to the right crosses a height.
fn across(path: &[(f64, f64)], up: f64) -> Option<f64> {
    path.windows(2).find(|pair| pair[0].1 >= up && pair[1].1 <= up).map(|pair| pair[1].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_end_have_one_line_and_a_bar() {
        let end = |up: f64| -> NamedEnd { ((100.0, up), vec![String::new()], plotters::style::RGBColor(0, 0, 0)) };
        let leaders = leaders(&[end(10.0), end(50.0), end(51.0)], &[10.0, 45.0, 60.0], 120.0);
        assert_eq!(leaders[0], []);
        assert_eq!(leaders[1].len(), 4);
        assert_eq!(leaders[1][1..], leaders[2][1..]);
    }

    #[test]
    fn names_that_would_touch_move_apart_and_stay_inside() {
        let middles = spread(&[(10.0, 15.0), (12.0, 15.0), (13.0, 15.0)], (0.0, 100.0)).unwrap();
        assert!(middles.windows(2).all(|pair| pair[1] - pair[0] >= 15.0 - 1e-9), "{middles:?}");
        let low = spread(&[(98.0, 15.0), (99.0, 15.0)], (0.0, 100.0)).unwrap();
        assert_eq!(low, [77.5, 92.5]);
        assert_eq!(spread(&[(50.0, 60.0), (50.0, 60.0)], (0.0, 100.0)), None);
    }
}
