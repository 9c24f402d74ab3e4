//! Free places for texts in a plot.

use super::axis::Frame;
use super::curve::{Curve, Style};
use super::geometry::{Rect, distance};
use super::outline::lines;
use super::palette::THEORY_REACH;
use super::segments::{along, from_rect, nearest, run_across, runs_through, squared};

/// Space between a point and a text beside it.
const AWAY: f64 = 8.0;
/// Space around a text, across and upwards.
const SPACE: [f64; 2] = [4.0, 2.5];
/// Space between two texts, across and upwards.
const APART: [f64; 2] = [4.0, 2.0];
/// How far a marker reaches up and down from its point, without its rim; to its sides texts are farther away.
const MARKER: f64 = 3.0;
/// A text that may be read as that of another point is as bad as one that hides so many points of curves.
const AMBIGUOUS: usize = 8;
/// How much worse it is that a text hides a point of a curve than that its line does.
const HIDDEN: usize = 3;
/// The point of a text beside it must be nearer than others by this.
const NEARER: f64 = 3.0;
/// A text with a line to its point must be so far from others.
const FOREIGN: f64 = 12.0;

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A point, whatever its curve.
    Point,
    /// All points of the curve with this number.
    Curve(usize),
}

/// A text that wants a place.
#[derive(Clone, Copy, Debug)]
pub struct WantedSpot {
    /// The point that it belongs to.
    pub at: (f64, f64),
    pub about: About,
    pub width: f64,
    pub height: f64,
    /// Over or under the point, rather than beside it.
    pub is_centred: bool,
}

/// A place for a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub rect: Rect,
    /// From the point to a text that is not beside it.
    pub leader: Option<[(f64, f64); 2]>,
    /// 0 if it hides and crosses nothing and can only be read as meant.
    pub cost: usize,
}

impl Spot {
    /// A free place that needs no line.
    pub fn free(rect: Rect) -> Spot {
        Spot { rect, leader: None, cost: 0 }
    }

    /// How bad its line to the point is: as bad as a text that hides so many points of curves.
    fn detour(&self) -> usize {
        const STEP: f64 = 16.0;
        self.leader.map_or(0, |[from, to]| (distance(from, to) / STEP).ceil() as usize)
    }

    /// Whether the texts or lines of the two meet; lines may start at one place.
    pub fn meets(&self, other: &Spot) -> bool {
        let lies_on = |spot: &Spot, text: &Rect| spot.leader.is_some_and(|line| runs_through(line, text));
        let crosses = |one: [(f64, f64); 2], other: [(f64, f64); 2]| {
            let is_apart = |point: &(f64, f64)| distance(*point, one[0]).min(distance(*point, other[0])) > AWAY;
            // Two lines from almost one place in opposite directions look like one that joins their texts.
            let is_one_line = distance(one[0], other[0]) < AWAY && cosine(one, other) < -0.9;
            let points: Vec<_> = along(other[0], other[1]).filter(is_apart).collect();
            is_one_line
                || run_across(one, other)
                || along(one[0], one[1]).filter(is_apart).any(|one| points.iter().any(|two| distance(one, *two) < 3.0))
        };
        is_close(&self.rect, &other.rect)
            || lies_on(self, &other.rect)
            || lies_on(other, &self.rect)
            || self.leader.zip(other.leader).is_some_and(|(one, other)| crosses(one, other))
    }
}

/// What is drawn in a plot, and the texts that have a place in it.
pub struct Spots<'a> {
    pub frame: &'a Frame<'a>,
    /// Points every few pixels along what is drawn.
    inked: Vec<(f64, f64)>,
    /// The points of the data with the numbers of their curves.
    points: Vec<(usize, (f64, f64))>,
    taken: Vec<Rect>,
}

impl<'a> Spots<'a> {
    /// Around these curves and lines, away from what is `taken`.
    pub fn new(frame: &'a Frame<'a>, curves: &[Curve], lines: &[[(f64, f64); 2]], taken: Vec<Rect>) -> Spots<'a> {
        let points = curves.iter().enumerate().flat_map(|(number, curve)| {
            let marks = curve.runs.iter().flatten().filter(|mark| mark.is_marked);
            marks.map(move |mark| (number, frame.at(mark.x, mark.y)))
        });
        let mut inked: Vec<_> = curves.iter().flat_map(|curve| ink(frame, curve)).collect();
        inked.extend(lines.iter().flat_map(|[from, to]| along(*from, *to)));
        Spots { frame, inked, points: points.collect(), taken }
    }

    /// Keeps texts away from a mark at this point, which is not one of a curve.
    pub fn mark(&mut self, at: (f64, f64)) {
        self.inked.extend([at; 8]);
        self.points.push((usize::MAX, at));
    }

    /// Keeps further texts away from this one and its line.
    pub fn take(&mut self, spot: &Spot) {
        self.taken.push(spot.rect);
        self.inked.extend(spot.leader.iter().flat_map(|[from, to]| along(*from, *to)));
    }

    /// The best place beside the point or farther away with a line to it; `None` if all meet the edge or another text.
    pub fn place(&self, wanted: &WantedSpot) -> Option<Spot> {
        let near = self.near(wanted);
        // A far place is never better than a free one beside the point.
        let far = if near.iter().any(|spot| spot.cost == 0) { Vec::new() } else { self.far(wanted) };
        near.into_iter().chain(far).min_by_key(|spot| spot.cost + spot.detour())
    }

    /// The places beside the point, those to its right first.
    pub fn near(&self, wanted: &WantedSpot) -> Vec<Spot> {
        let WantedSpot { at, width, height, .. } = *wanted;
        let half = height / 2.0;
        let rect = |left: f64, middle: f64| Rect::new(left, middle - half, left + width, middle + half);
        let up = AWAY * 0.8 + half;
        // Over the point, as far as the frame has room there.
        let frame = self.frame.rect;
        let middle = (at.0 - width / 2.0).min(frame.right - 3.0 - width).max(frame.left + 3.0);
        let mut around = [
            rect(at.0 + AWAY, at.1),
            rect(at.0 - AWAY - width, at.1),
            rect(at.0 + AWAY * 0.6, at.1 - up),
            rect(at.0 + AWAY * 0.6, at.1 + up),
            rect(at.0 - AWAY * 0.6 - width, at.1 - up),
            rect(at.0 - AWAY * 0.6 - width, at.1 + up),
            rect(at.0 + AWAY * 2.0, at.1),
            rect(at.0 - AWAY * 2.0 - width, at.1),
            rect(middle, at.1 - up - 3.5),
            rect(middle, at.1 + up + 3.5),
        ];
        if wanted.is_centred {
            // Over and under the point first.
            around.rotate_left(8);
        }
        let cost = |rect: &Rect| {
            Some(HIDDEN * self.hidden(rect)? + self.ambiguity(wanted, rect, from_rect(at, rect) + NEARER))
        };
        around.into_iter().filter_map(|rect| Some(Spot { rect, leader: None, cost: cost(&rect)? })).collect()
    }

    /// How bad it is if the text is this near to a point that it is not about.
    fn ambiguity(&self, wanted: &WantedSpot, rect: &Rect, near: f64) -> usize {
        let is_near = self.points.iter().any(|(number, point)| {
            let is_own = match wanted.about {
                About::Point => distance(*point, wanted.at) < 1.0,
                About::Curve(curve) => *number == curve,
            };
            !is_own && from_rect(*point, rect) < near
        });
        if is_near { AMBIGUOUS } else { 0 }
    }

    /// The free places on circles around the point, the nearest first, with a line to each.
    pub fn far(&self, wanted: &WantedSpot) -> Vec<Spot> {
        const DIRECTIONS: u32 = 16;
        const CIRCLES: [f64; 5] = [22.0, 34.0, 48.0, 64.0, 80.0];
        let WantedSpot { at, width, height, .. } = *wanted;
        let spots = CIRCLES.into_iter().flat_map(|away| (0..DIRECTIONS).map(move |direction| (away, direction)));
        let spot = |(away, direction): (f64, u32)| {
            let turn = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
            let (x, y) = (at.0 + away * libm::cos(turn), at.1 + away * libm::sin(turn));
            let left = if libm::cos(turn) >= 0.0 { x } else { x - width };
            let rect = Rect::new(left, y - height / 2.0, left + width, y + height / 2.0);
            let edge = (at.0.clamp(rect.left, rect.right), at.1.clamp(rect.top, rect.bottom));
            let meets = |text: &Rect| runs_through([at, edge], text);
            let is_free = self.hidden(&rect) == Some(0) && !self.taken.iter().any(meets);
            let cost = self.crossed(at, edge) + self.ambiguity(wanted, &rect, FOREIGN);
            if is_free { Some(Spot { rect, leader: Some([at, edge]), cost }) } else { None }
        };
        spots.filter_map(spot).collect()
    }

    /// How bad it is that a line to a point is drawn here: how many points of curves are under it, apart from its
    /// first pixels, and whether it meets the marker of another point.
    fn crossed(&self, from: (f64, f64), to: (f64, f64)) -> usize {
        const CLEAR: f64 = 5.0;
        const UNDER: f64 = 3.0;
        let meets = |(_, other): &&(usize, (f64, f64))| {
            let near = nearest([from, to], *other);
            let away = squared(near, *other);
            away < CLEAR * CLEAR && away < squared(near, from) && squared(*other, from) > 1.0
        };
        let length = distance(from, to);
        let share = (AWAY / length.max(AWAY)).min(1.0);
        let start = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        let is_under =
            |inked: &&(f64, f64)| length > AWAY && squared(nearest([start, to], **inked), **inked) < UNDER * UNDER;
        AMBIGUOUS * self.points.iter().filter(meets).count() + self.inked.iter().filter(is_under).count()
    }

    /// How many points of curves a text here would hide; `None` if it meets the edge or another text.
    pub fn hidden(&self, rect: &Rect) -> Option<usize> {
        let is_free =
            self.frame.rect.grown(-2.0).contains(rect) && !self.taken.iter().any(|other| is_close(other, rect));
        let [across, up] = SPACE;
        let area = Rect::new(rect.left - across, rect.top - up, rect.right + across, rect.bottom + up);
        let is_under = |(x, y): &&(f64, f64)| area.left < *x && *x < area.right && area.top < *y && *y < area.bottom;
        if is_free { Some(self.inked.iter().filter(is_under).count()) } else { None }
    }
}

/// The cosine of the angle between two lines.
fn cosine(one: [(f64, f64); 2], other: [(f64, f64); 2]) -> f64 {
    let [one, other] = [one, other].map(|[from, to]| (to.0 - from.0, to.1 - from.1));
    let length = |(x, y): (f64, f64)| libm::hypot(x, y);
    (one.0 * other.0 + one.1 * other.1) / (length(one) * length(other)).max(1e-9)
}

/// Whether two texts would be read as one.
fn is_close(one: &Rect, other: &Rect) -> bool {
    let [across, up] = APART;
    Rect::new(one.left - across, one.top - up, one.right + across, one.bottom + up).overlaps(other)
}

/// Points every few pixels along a curve and its intervals; more where a marker is.
fn ink(frame: &Frame, curve: &Curve) -> Vec<(f64, f64)> {
    let mut inked = Vec::new();
    let has_markers = matches!(curve.style, Style::Band | Style::Whiskers);
    for mark in curve.runs.iter().flatten() {
        if has_markers {
            let (across, up) = frame.at(mark.x, mark.y);
            inked.extend([(across, up - MARKER), (across, up + MARKER)]);
        }
        let (x, y) = (mark.x_error.unwrap_or_default(), mark.y_error.unwrap_or_default());
        inked.extend(along(frame.at(mark.x - x.below, mark.y), frame.at(mark.x + x.above, mark.y)));
        inked.extend(along(frame.at(mark.x, mark.y - y.below), frame.at(mark.x, mark.y + y.above)));
    }
    for &(x, y) in curve.theory.iter().flatten() {
        let ((x, y), reach) = (frame.at(x, y), if curve.has_dense_theory() { 0.0 } else { THEORY_REACH });
        inked.extend([(x - reach, y), (x + reach, y), (x, y - reach), (x, y + reach)]);
    }
    for line in lines(frame, curve) {
        inked.extend(line.iter().flat_map(|&point| [point; 4]));
        inked.extend(line.windows(2).flat_map(|pair| along(pair[0], pair[1])));
    }
    inked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::curve::PlotPoint;
    use crate::report::chart::palette::{INK, Look};
    use crate::report::chart::scale::{Fit, Scale};

    fn scale() -> Scale {
        Scale::fit(AxisScale::Linear, vec![0.0, 100.0], Fit::FromZero)
    }

    fn point(x: f64, y: f64) -> Curve {
        let look = Look { color: INK, dash: &[], marker: Some(0) };
        Curve::plain(String::new(), look, Style::Whiskers, vec![vec![PlotPoint { x, y, ..PlotPoint::default() }]])
    }

    fn wanted(frame: &Frame, at: (f64, f64)) -> WantedSpot {
        let at = frame.at(at.0, at.1);
        WantedSpot { at, about: About::Curve(0), width: 60.0, height: 12.0, is_centred: false }
    }

    #[test]
    fn a_text_is_nearest_to_what_it_is_about() {
        let scale = scale();
        let frame = Frame { rect: Rect::new(0.0, 0.0, 500.0, 300.0), x: &scale, y: &scale };
        for (x, y) in [(53.0, 50.0), (47.0, 50.0), (50.0, 54.0), (50.0, 46.0), (52.0, 52.0), (48.0, 47.0)] {
            let curves = [point(50.0, 50.0), point(x, y)];
            let spots = Spots::new(&frame, &curves, &[], Vec::new());
            let spot = spots.place(&wanted(&frame, (50.0, 50.0))).unwrap();
            let [own, other] = [(50.0, 50.0), (x, y)].map(|(x, y)| from_rect(frame.at(x, y), &spot.rect));
            assert!(spot.cost == 0 && (own < other || spot.leader.is_some()), "({x}, {y}): {spot:?}");
        }
    }

    #[test]
    fn a_text_with_a_line_is_not_beside_the_point_of_another() {
        let scale = scale();
        let frame = Frame { rect: Rect::new(0.0, 0.0, 500.0, 300.0), x: &scale, y: &scale };
        // Between two others there is no room.
        let curves = [point(50.0, 50.0), point(46.0, 50.0), point(58.0, 50.0)];
        let spot = Spots::new(&frame, &curves, &[], Vec::new()).place(&wanted(&frame, (50.0, 50.0))).unwrap();
        assert!(spot.leader.is_some(), "{spot:?}");
        for x in [46.0, 58.0] {
            assert!(from_rect(frame.at(x, 50.0), &spot.rect) >= FOREIGN, "{x}: {spot:?}");
        }
    }

    #[test]
    fn a_place_beside_a_point_may_be_better_than_one_far_away() {
        let far =
            |length| Spot { leader: Some([(0.0, 0.0), (length, 0.0)]), ..Spot::free(Rect::new(0.0, 0.0, 1.0, 1.0)) };
        assert_eq!([Spot::free(far(1.0).rect), far(20.0), far(80.0)].map(|spot| spot.detour()), [0, 2, 5]);
    }

    #[test]
    fn a_text_leaves_lines_free_and_is_farther_away_where_there_is_no_room() {
        let scale = scale();
        let frame = Frame { rect: Rect::new(0.0, 0.0, 500.0, 300.0), x: &scale, y: &scale };
        let curves = [point(50.0, 50.0)];
        let line = [(0.0, 150.0), (500.0, 150.0)];
        let on_line = Spots::new(&frame, &curves, &[line], Vec::new()).place(&wanted(&frame, (50.0, 50.0))).unwrap();
        assert!(on_line.rect.bottom < 150.0 || on_line.rect.top > 150.0, "{on_line:?}");
        let lines = [line, [(0.0, 135.0), (500.0, 135.0)], [(0.0, 165.0), (500.0, 165.0)]];
        let among = Spots::new(&frame, &curves, &lines, Vec::new()).place(&wanted(&frame, (50.0, 50.0))).unwrap();
        assert!(among.leader.is_some() && (among.rect.bottom < 135.0 || among.rect.top > 165.0), "{among:?}");
        let full = vec![frame.rect];
        assert_eq!(Spots::new(&frame, &curves, &[], full).place(&wanted(&frame, (50.0, 50.0))), None);
    }
}
