//! Lines at fixed values, with their labels where they hide least.

use super::axis::Frame;
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::error::ChartError;
use super::font::width;
use super::geometry::Rect;
use super::palette::FAINT;
use super::spots::{Spot, Spots};
use crate::experiment::chart::Reference;
use crate::report::digits::shifted;

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
    /// The line of a chart on an axis with this shift of its unit.
    pub fn of(reference: &Reference, shift: i32) -> ReferenceLine {
        let label = reference.label.clone().unwrap_or_default();
        ReferenceLine { is_of_x: reference.is_of_x, at: shifted(reference.at, shift), label }
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

/// The height of the labels above a plot whose rows leave no room for them, and the place of each: left edge and middle,
/// from the upper edge of the plot.
pub struct LabelsAbove {
    places: Vec<Option<(f64, f64)>>,
    pub height: f64,
}

impl LabelsAbove {
    /// Of lines of the horizontal axis; in so many rows that none meets another.
    pub fn lay_out(lines: &[ReferenceLine], frame: &Frame) -> LabelsAbove {
        let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut places = Vec::new();
        for line in lines {
            let ends = if line.label.is_empty() { None } else { line.ends(frame) };
            let Some([(across, _), _]) = ends else {
                places.push(None);
                continue;
            };
            let wide = width(&line.label, SIZE);
            let left = (across - wide / 2.0).min(frame.rect.right - wide).max(frame.rect.left);
            let is_free =
                |row: &Vec<(f64, f64)>| row.iter().all(|(from, to)| left > to + 8.0 || left + wide < from - 8.0);
            let row = rows.iter().position(is_free).unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(Vec::new());
            }
            rows[row].push((left, left + wide));
            places.push(Some((left, -(row as f64 + 0.5) * SIZE * LEADING - 2.0)));
        }
        LabelsAbove { places, height: rows.len() as f64 * SIZE * LEADING + if rows.is_empty() { 0.0 } else { 4.0 } }
    }

    /// Draws the labels above this height.
    pub fn draw(&self, canvas: &mut Canvas, lines: &[ReferenceLine], top: f64) -> Result<(), ChartError> {
        for (line, place) in lines.iter().zip(&self.places) {
            if let Some((left, up)) = place {
                canvas.text(&line.label, (*left, top + up), Lettering::new(SIZE, FAINT), HPos::Left)?;
            }
        }
        Ok(())
    }
}
