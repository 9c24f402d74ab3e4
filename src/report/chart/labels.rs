//! Texts beside points, placed where they hide least.

use super::axis::Frame;
use super::canvas::{Canvas, HPos, Lettering};
use super::curve::{Cross, Curve, path};
use super::error::ChartError;
use super::font::width;
use super::geometry::Rect;
use super::palette::text_color;

const SIZE: f64 = 11.5;
const AWAY: f64 = 8.0;

/// Draws the labels of all curves and crosses, away from what is `taken`.
pub fn draw(
    canvas: &mut Canvas,
    frame: &Frame,
    (curves, crosses): (&[Curve], &[Cross]),
    taken: Vec<Rect>,
) -> Result<(), ChartError> {
    let of_curves = curves
        .iter()
        .flat_map(|curve| &curve.labels)
        .map(|label| (frame.at(label.x, label.y), label.text.as_str(), label.color, label.is_centred));
    let of_crosses =
        crosses.iter().filter_map(|(at, curve, text)| Some((*at, (*text)?, text_color(curve.look.color), false)));
    let mut labels = of_crosses.chain(of_curves).peekable();
    if labels.peek().is_none() {
        return Ok(());
    }
    let mut inked = inked(frame, curves);
    inked.extend(crosses.iter().flat_map(|(at, ..)| [*at; 8]));
    let mut spots = Spots { frame, inked, taken };
    for (at, text, color, is_centred) in labels {
        let spot = |text: &str| spots.best(at, width(text, SIZE), is_centred);
        // Without room for `60 % arrive`, there may be room for `60 %`.
        let short = text.trim_end_matches(" arrive");
        let Some((text, spot)) = [text, short].into_iter().find_map(|text| Some((text, spot(text)?))) else { continue };
        spots.taken.push(spot);
        canvas.text(text, (spot.left, spot.center().1), Lettering::new(SIZE, color), HPos::Left)?;
    }
    Ok(())
}

/// Points every few pixels along all curves.
pub fn inked(frame: &Frame, curves: &[Curve]) -> Vec<(f64, f64)> {
    let mut inked = Vec::new();
    for curve in curves {
        for mark in curve.runs.iter().flatten() {
            let (x, y) = (mark.x_error.unwrap_or_default(), mark.y_error.unwrap_or_default());
            inked.extend(along(frame.at(mark.x - x.below, mark.y), frame.at(mark.x + x.above, mark.y)));
            inked.extend(along(frame.at(mark.x, mark.y - y.below), frame.at(mark.x, mark.y + y.above)));
        }
        let paths = curve.runs.iter().map(|run| path(frame, run, curve.style));
        for path in paths {
            inked.extend(path.iter().flat_map(|&point| [point; 4]));
            for pair in path.windows(2) {
                inked.extend(along(pair[0], pair[1]));
            }
        }
    }
    inked
}

/// Points every few pixels between two points.
fn along(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let parts = (libm::hypot(to.0 - from.0, to.1 - from.1) / 4.0).ceil().min(400.0);
    (1..parts as u32).map(move |part| {
        let share = f64::from(part) / parts;
        (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
    })
}

/// The possible places of labels.
pub struct Spots<'a> {
    pub frame: &'a Frame<'a>,
    /// Points on drawn curves.
    pub inked: Vec<(f64, f64)>,
    /// The labels so far.
    pub taken: Vec<Rect>,
}

impl Spots<'_> {
    /// The free place around a point with the least ink below; `None` if all meet the edge or another label.
    pub fn best(&self, at: (f64, f64), width: f64, is_centred: bool) -> Option<Rect> {
        let frame = self.frame;
        let half = SIZE * 0.55;
        let rect = |left: f64, middle: f64| Rect::new(left, middle - half, left + width, middle + half);
        let near = AWAY * 0.8 + half;
        // Over the point, as far as the frame has room there.
        let middle = (at.0 - width / 2.0).min(frame.rect.right - 3.0 - width).max(frame.rect.left + 3.0);
        let mut around = [
            rect(at.0 + AWAY, at.1),
            rect(at.0 + AWAY * 0.6, at.1 - near),
            rect(at.0 + AWAY * 0.6, at.1 + near),
            rect(at.0 - AWAY - width, at.1),
            rect(at.0 - AWAY * 0.6 - width, at.1 - near),
            rect(at.0 - AWAY * 0.6 - width, at.1 + near),
            rect(middle, at.1 - near - 2.0),
            rect(middle, at.1 + near + 2.0),
            rect(middle, at.1 - near - 17.0),
            rect(middle, at.1 + near + 17.0),
        ];
        if is_centred {
            // Over and under the point first.
            around.rotate_left(6);
        }
        let spots = around.into_iter().filter_map(|spot| Some((self.hidden(&spot)?, spot)));
        spots.min_by_key(|(hidden, _)| *hidden).map(|(_, spot)| spot)
    }

    /// How many points of curves a text here would hide; `None` if it meets the edge or another label.
    pub fn hidden(&self, spot: &Rect) -> Option<usize> {
        let is_free = self.frame.rect.grown(-2.0).contains(spot)
            && !self.taken.iter().any(|other| other.grown(2.0).overlaps(spot));
        let area = spot.grown(2.0);
        let is_under = |(x, y): &&(f64, f64)| area.left < *x && *x < area.right && area.top < *y && *y < area.bottom;
        if is_free { Some(self.inked.iter().filter(is_under).count()) } else { None }
    }
}
