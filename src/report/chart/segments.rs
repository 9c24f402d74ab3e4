//! Points, lines between two points, and rectangles: how far they are from each other, and whether they meet.

use super::geometry::{Rect, distance};

/// The distance of a point from the edge of a rectangle, 0 inside.
pub fn from_rect((x, y): (f64, f64), rect: &Rect) -> f64 {
    distance((x, y), (x.clamp(rect.left, rect.right), y.clamp(rect.top, rect.bottom)))
}

/// Whether a line runs through a text.
pub fn runs_through([from, to]: [(f64, f64); 2], text: &Rect) -> bool {
    let bounds = Rect::new(from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1));
    bounds.grown(2.0).overlaps(text) && along(from, to).any(|point| from_rect(point, text) < 2.0)
}

/// Whether two lines cross, and do not only touch.
pub fn run_across(one: [(f64, f64); 2], other: [(f64, f64); 2]) -> bool {
    let side = |[from, to]: [(f64, f64); 2], point: (f64, f64)| {
        (to.0 - from.0) * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0)
    };
    let parts = |line, [from, to]: [(f64, f64); 2]| side(line, from) * side(line, to) < 0.0;
    parts(one, other) && parts(other, one)
}

/// The square of the distance of two points, which takes no root for each of thousands.
pub fn squared(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0) * (one.0 - other.0) + (one.1 - other.1) * (one.1 - other.1)
}

/// The point of a line that is nearest to another point.
pub fn nearest([from, to]: [(f64, f64); 2], other: (f64, f64)) -> (f64, f64) {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = x * x + y * y;
    let way = ((other.0 - from.0) * x + (other.1 - from.1) * y) / if length > 0.0 { length } else { 1.0 };
    let way = way.clamp(0.0, 1.0);
    (from.0 + x * way, from.1 + y * way)
}

/// Points every few pixels from one point to another.
pub fn along(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let parts = (distance(from, to) / 4.0).ceil().min(400.0);
    (0..=parts as u32).map(move |part| {
        let share = f64::from(part) / parts.max(1.0);
        (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
    })
}
