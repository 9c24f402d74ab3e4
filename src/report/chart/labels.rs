//! Texts beside points, placed where they hide least.

use plotters::style::RGBColor;

use super::axis::Frame;
use super::canvas::Canvas;
use super::curve::{Cross, Curve, Label};
use super::error::ChartError;
use super::font::width;
use super::geometry::distance;
use super::palette::text_color;
use super::placed_name::{PlacedName, SAME_PLACE};
use super::spots::{About, Spot, Spots, WantedSpot};

const SIZE: f64 = 11.5;

/// A text beside a place in a plot.
struct PlacedLabel {
    at: (f64, f64),
    text: String,
    color: RGBColor,
    is_centred: bool,
    is_optional: bool,
}

impl PlacedLabel {
    fn new(label: &Label, at: (f64, f64)) -> PlacedLabel {
        let Label { color, is_centred, is_optional, .. } = *label;
        PlacedLabel { at, text: label.text.clone(), color, is_centred, is_optional }
    }
}

/// Draws the labels of all curves and crosses.
pub fn draw(
    canvas: &mut Canvas,
    frame: &Frame,
    (curves, crosses): (&[Curve], &[Cross]),
    spots: &mut Spots,
) -> Result<(), ChartError> {
    let of_crosses = crosses.iter().filter_map(|(at, curve, text)| {
        let color = text_color(curve.look.color);
        Some(PlacedLabel { at: *at, text: (*text)?.to_owned(), color, is_centred: false, is_optional: false })
    });
    let mut labels: Vec<PlacedLabel> =
        of_crosses.chain(curves.iter().flat_map(|curve| of_curve(frame, curve))).collect();
    labels.sort_by_key(|label| label.is_optional);
    for label in labels {
        if let Some((text, spot)) = place(&label, spots) {
            spots.take(&spot);
            let at = (spot.rect.left, spot.rect.center().1);
            let leader = spot.leader.into_iter().flatten().collect();
            let placed = PlacedName { lines: vec![text.to_owned()], at, leader, color: label.color };
            placed.draw(canvas, SIZE)?;
        }
    }
    Ok(())
}

/// The labels of a curve. Swept values of ends that lie on each other are one label: a point has one text.
fn of_curve(frame: &Frame, curve: &Curve) -> Vec<PlacedLabel> {
    let mut labels: Vec<PlacedLabel> = Vec::new();
    let (optional, needed): (Vec<&Label>, Vec<&Label>) = curve.labels.iter().partition(|label| label.is_optional);
    for label in needed.into_iter().chain(optional) {
        let at = frame.at(label.x, label.y);
        let is_named = labels.iter().any(|other| distance(other.at, at) < SAME_PLACE);
        match labels.last_mut() {
            _ if label.is_optional && is_named => {}
            _ if label.is_optional => labels.push(PlacedLabel::new(label, at)),
            Some(last) if distance(last.at, at) < SAME_PLACE && !last.is_centred && !label.is_centred => {
                last.text = format!("{} to {}", last.text, label.text);
            }
            _ => labels.push(PlacedLabel::new(label, at)),
        }
    }
    labels
}

/// The place of a label, and what of it has room there.
fn place<'a>(label: &'a PlacedLabel, spots: &Spots) -> Option<(&'a str, Spot)> {
    let wanted = |text: &str| WantedSpot {
        at: label.at,
        about: About::Point,
        width: width(text, SIZE),
        height: SIZE * 1.1,
        is_centred: label.is_centred,
    };
    // Without room for `60 % arrive`, there may be room for `60 %`.
    let texts = [label.text.as_str(), label.text.trim_end_matches(" arrive").trim_end_matches(" by the end")];
    let near = |text: &str| spots.near(&wanted(text)).into_iter().find(|spot| spot.cost == 0);
    let near = texts.iter().find_map(|text| Some((*text, near(text)?)));
    if label.is_optional {
        return near;
    }
    near.or_else(|| texts.iter().find_map(|text| Some((*text, spots.place(&wanted(text))?))))
}
