//! The names of parts of the horizontal axis, above the first plot, where no curve crosses them.

use super::canvas::{Canvas, HPos, LEADING, Lettering};
use super::error::ChartError;
use super::font::width;
use super::geometry::Rect;
use super::palette::FAINT;
use super::period::Period;
use super::scale::Scale;

const SIZE: f64 = 12.0;
const ROW: f64 = SIZE * LEADING;
/// Space between names in a row.
const APART: f64 = 10.0;

/// The names in their places.
#[derive(Debug)]
pub struct Tags {
    tags: Vec<Tag>,
    rows: usize,
}

#[derive(Debug)]
struct Tag {
    name: String,
    left: f64,
    /// From the plot upwards.
    row: usize,
}

impl Tags {
    /// Each name over the middle of its part of an axis between these edges, in the lowest row that is free there.
    pub fn over(periods: &[Period], x: &Scale, (left, right): (f64, f64)) -> Tags {
        let across = |value: f64| left + x.share(value) * (right - left);
        let place = |period: &Period| {
            let wide = width(&period.name, SIZE);
            let middle = f64::midpoint(across(period.from), across(period.to));
            let start = (middle - wide / 2.0).min(right - wide).max(left);
            (start, start + wide, period.name.clone())
        };
        let mut places: Vec<(f64, f64, String)> = periods.iter().map(place).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut ends: Vec<f64> = Vec::new();
        let mut tags = Vec::new();
        for (start, end, name) in places {
            let row = ends.iter().position(|taken| taken + APART <= start).unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(taken) => *taken = end,
                None => ends.push(end),
            }
            tags.push(Tag { name, left: start, row });
        }
        Tags { tags, rows: ends.len() }
    }

    /// The space that they take above the plot.
    pub fn height(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.rows as f64 * ROW + 2.0 }
    }

    /// Draws them above a plot.
    pub fn draw(&self, canvas: &mut Canvas, plot: Rect) -> Result<(), ChartError> {
        self.tags.iter().try_for_each(|tag| {
            let middle = plot.top - 2.0 - (tag.row as f64 + 0.5) * ROW;
            canvas.text(&tag.name, (tag.left, middle), Lettering::new(SIZE, FAINT), HPos::Left)
        })
    }
}
