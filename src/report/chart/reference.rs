//! Lines at fixed values, with their labels where they hide least.

use super::axis::{Frame, PlotAxis};
use super::canvas::{Canvas, HPos, Lettering, Stroke};
use super::error::ChartError;
use super::font::width;
use super::geometry::Rect;
use super::palette::FAINT;
use super::period::Period;
use super::spots::{Spot, Spots};
use crate::experiment::chart::Reference;

const SIZE: f64 = 11.5;

/// A line at a fixed value.
#[derive(Clone, Debug)]
pub struct ReferenceLine {
    /// Whether the value is one of the horizontal axis.
    pub is_of_x: bool,
    /// On the axis.
    pub at: f64,
    pub label: String,
}

impl ReferenceLine {
    /// The line of a chart on this axis.
    pub fn of(reference: &Reference, axis: &PlotAxis) -> ReferenceLine {
        let label = reference.label.clone().unwrap_or_default();
        ReferenceLine { is_of_x: reference.is_of_x, at: axis.place(reference.at), label }
    }

    /// Its name at its place; `None` if it has none.
    pub fn named(&self) -> Option<Period> {
        let period = Period { from: self.at, to: self.at, name: self.label.clone() };
        if self.label.is_empty() { None } else { Some(period) }
    }

    /// Its ends in a frame; `None` if its value is not on the axis.
    pub fn ends(&self, frame: &Frame) -> Option<[(f64, f64); 2]> {
        let Rect { left, right, top, bottom } = frame.rect;
        let ends = match self.is_of_x {
            true => [(frame.across(self.at), top), (frame.across(self.at), bottom)],
            false => [(left, frame.up(self.at)), (right, frame.up(self.at))],
        };
        let scale = if self.is_of_x { frame.x } else { frame.y };
        if scale.contains(self.at) { Some(ends) } else { None }
    }

    /// Draws the line without its label.
    pub fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), ChartError> {
        let Some(ends) = self.ends(frame) else { return Ok(()) };
        canvas.line(&ends, Stroke { color: FAINT, width: 1.25, dash: &[6.0, 4.0] })
    }

    /// Draws the label where it hides least along the line.
    pub fn draw_label(&self, canvas: &mut Canvas, frame: &Frame, spots: &mut Spots) -> Result<(), ChartError> {
        let Some(ends) = self.ends(frame) else { return Ok(()) };
        let (wide, half) = (width(&self.label, SIZE), SIZE / 2.0);
        let Rect { left, right, top, bottom } = frame.rect;
        let shares = [0.0, 1.0, 0.5, 0.25, 0.75];
        let between = |low: f64, high: f64| shares.map(|share| low + (high - low) * share);
        let places: Vec<(f64, f64)> = match self.is_of_x {
            true => {
                let sides = [ends[0].0 + 5.0, ends[0].0 - 5.0 - wide];
                let heights = between(top + half + 3.0, bottom - half - 3.0);
                heights.into_iter().flat_map(|up| sides.map(|left| (left, up))).collect()
            }
            false => {
                let sides = [ends[0].1 - half - 4.0, ends[0].1 + half + 4.0];
                let lefts = between(left + 6.0, right - 6.0 - wide);
                sides.into_iter().flat_map(|up| lefts.map(|left| (left, up))).collect()
            }
        };
        let rects = places.into_iter().map(|(left, up)| Rect::new(left, up - half, left + wide, up + half));
        let free = rects.filter_map(|rect| Some((spots.hidden(&rect)?, rect)));
        let Some((_, rect)) = free.min_by_key(|(hidden, _)| *hidden) else { return Ok(()) };
        spots.take(&Spot::free(rect));
        canvas.text(&self.label, (rect.left, rect.center().1), Lettering::new(SIZE, FAINT), HPos::Left)
    }
}
