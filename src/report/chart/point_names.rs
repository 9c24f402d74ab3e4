//! The names of curves beside one of their points.

use super::axis::Frame;
use super::canvas::LEADING;
use super::curve::Curve;
use super::curve_names::MOST;
use super::font::{width, wrap_names};
use super::outline::lines as lines_of;
use super::palette::text_color;
use super::placed_name::{PlacedName, SIZE};
use super::plot::Panel;
use super::spots::{About, Spot, Spots, WantedSpot};

/// So many places are tried before a legend is used.
const MOST_TRIES: u32 = 500;

/// The names beside a point of each curve; `None` if they have no places together.
pub fn beside_points(frame: &Frame, panel: &Panel) -> Option<Vec<PlacedName>> {
    let spots = panel.spots(frame, Vec::new());
    let curves: Vec<(usize, &Curve)> = panel.curves.iter().enumerate().filter(|(_, curve)| !curve.is_empty()).collect();
    [f64::INFINITY, frame.rect.width() * MOST].into_iter().find_map(|limit| {
        let names: Vec<Vec<String>> = curves.iter().map(|(_, curve)| wrap_names(&curve.name, SIZE, limit)).collect();
        let free = curves.iter().zip(&names).map(|((number, curve), lines)| free_spots(&spots, *number, curve, lines));
        let places = together(&free.collect::<Vec<_>>())?;
        let named = names.into_iter().zip(places).zip(&curves).map(|((lines, spot), (_, curve))| PlacedName {
            lines,
            at: (spot.rect.left, spot.rect.center().1),
            leader: spot.leader.into_iter().flatten().collect(),
            color: text_color(curve.look.color),
        });
        Some(named.collect())
    })
}

/// The places for the name of a curve, the best first: without a line to it, beside its middle point.
fn free_spots(spots: &Spots, number: usize, curve: &Curve, lines: &[String]) -> Vec<Spot> {
    let points: Vec<(f64, f64)> = lines_of(spots.frame, curve).concat();
    // The ends of a curve have the swept values beside them.
    let mut places = vec![points.len() / 2, points.len() - 1, 0];
    places.dedup();
    let wanted: Vec<WantedSpot> = places
        .into_iter()
        .map(|place| WantedSpot {
            at: points[place],
            about: About::Curve(number),
            width: lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max),
            height: SIZE * (LEADING * lines.len() as f64 - 0.05),
            is_centred: false,
        })
        .collect();
    let near = wanted.iter().flat_map(|wanted| spots.near(wanted));
    let far = wanted.iter().flat_map(|wanted| spots.far(wanted));
    near.chain(far).filter(|spot| spot.cost == 0).collect()
}

/// A place for each name, so that no text or line meets another; `None` if none is found.
fn together(free: &[Vec<Spot>]) -> Option<Vec<Spot>> {
    let left = free.iter().cloned().enumerate().collect();
    let mut found = placed(left, &mut { MOST_TRIES })?;
    found.sort_by_key(|(name, _)| *name);
    Some(found.into_iter().map(|(_, spot)| spot).collect())
}

/// The names that are left, each in a place. The one with the least choice chooses first.
fn placed(mut left: Vec<(usize, Vec<Spot>)>, tries: &mut u32) -> Option<Vec<(usize, Spot)>> {
    let least = (0..left.len()).min_by_key(|at| left[*at].1.len());
    let Some(least) = least else { return Some(Vec::new()) };
    let (name, spots) = left.remove(least);
    for spot in spots {
        *tries = tries.checked_sub(1)?;
        let others = left.iter().map(|(name, spots)| (*name, spots.iter().filter(|other| !spot.meets(other))));
        let others: Vec<(usize, Vec<Spot>)> = others.map(|(name, spots)| (name, spots.copied().collect())).collect();
        if others.iter().any(|(_, spots)| spots.is_empty()) {
            continue;
        }
        if let Some(mut found) = placed(others, tries) {
            found.push((name, spot));
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::geometry::Rect;

    fn spot(left: f64, top: f64) -> Spot {
        Spot::free(Rect::new(left, top, left + 10.0, top + 10.0))
    }

    #[test]
    fn the_first_name_gives_way_where_another_has_no_choice() {
        let (one, two, far) = (spot(0.0, 0.0), spot(5.0, 0.0), spot(50.0, 50.0));
        assert_eq!(together(&[vec![one, far], vec![two]]), Some(vec![far, two]));
        assert_eq!(together(&[vec![one], vec![two]]), None);
        assert_eq!(together(&[vec![one], Vec::new()]), None);
        assert_eq!(together(&[]), Some(Vec::new()));
        // The third name has a place only if the second does not have its first choice.
        let third = spot(52.0, 52.0);
        let names = [vec![one, two], vec![far, spot(100.0, 0.0)], vec![third, two]];
        assert_eq!(together(&names), Some(vec![one, spot(100.0, 0.0), third]));
    }

    #[test]
    fn no_lines_cross_even_where_their_points_touch() {
        let to = |from: f64, left: f64| Spot { leader: Some([(from, 0.0), (left, 20.0)]), ..spot(left, 20.0) };
        assert_eq!(together(&[vec![to(0.0, 30.0)], vec![to(3.0, -30.0)]]), None);
        assert!(together(&[vec![to(0.0, -30.0)], vec![to(3.0, 30.0)]]).is_some());
        // These would look like one line through both points.
        let up = |left: f64| Spot { leader: Some([(0.0, 0.0), (left, -20.0)]), ..spot(left, -30.0) };
        assert_eq!(together(&[vec![to(0.0, 30.0)], vec![up(-30.0)]]), None);
    }

    #[test]
    fn no_text_lies_on_the_line_of_another() {
        let line = Spot { leader: Some([(0.0, 0.0), (100.0, 0.0)]), ..spot(100.0, -5.0) };
        let on_it = spot(40.0, -5.0);
        assert_eq!(together(&[vec![line], vec![on_it, spot(40.0, 20.0)]]), Some(vec![line, spot(40.0, 20.0)]));
    }
}
