//! Places for labels where they cover nothing.

use super::drawn::{DiagramLabel, DrawnArrow, DrawnBar, DrawnWait};
use crate::report::chart::Rect;

/// Space around a label.
const AROUND: f64 = 1.0;

/// What labels must not cover.
#[derive(Clone, Debug, Default)]
pub struct Occupied {
    rects: Vec<Rect>,
    lines: Vec<((f64, f64), (f64, f64))>,
}

impl Occupied {
    pub fn add_arrow(&mut self, arrow: &DrawnArrow) {
        self.lines.push((arrow.from, arrow.to));
        for (at, is_there) in [(arrow.to, true), (arrow.from, arrow.is_double)] {
            if is_there {
                self.rects.push(Rect::around(at, 5.0, 3.5));
            }
        }
    }

    pub fn add_bar(&mut self, bar: &DrawnBar) {
        let ticks = if bar.checks.is_empty() { 0.0 } else { 3.0 };
        self.rects.push(Rect { right: bar.rect.right + ticks, ..bar.rect });
    }

    pub fn add_wait(&mut self, wait: &DrawnWait) {
        self.rects.push(Rect::new(wait.x - 2.0, wait.from, wait.x + 2.0, wait.to));
    }

    /// A line from top to bottom.
    pub fn add_upright(&mut self, x: f64, from: f64, to: f64) {
        self.lines.push(((x, from), (x, to)));
    }

    pub fn add_rect(&mut self, rect: Rect) {
        self.rects.push(rect);
    }

    /// Whether a box covers something.
    pub fn is_covered(&self, rect: &Rect) -> bool {
        let grown = rect.grown(AROUND);
        self.rects.iter().any(|other| other.overlaps(&grown))
            || self.lines.iter().any(|(from, to)| crosses(&grown, *from, *to))
    }

    /// Takes the first of the places at which the label covers nothing.
    pub fn place(&mut self, choices: impl IntoIterator<Item = DiagramLabel>) -> Option<DiagramLabel> {
        let label = choices.into_iter().find(|label| !self.is_covered(&label.bounds()))?;
        self.rects.push(label.bounds());
        Some(label)
    }
}

/// Whether a line passes through a box (Liang and Barsky's clipping).
fn crosses(rect: &Rect, from: (f64, f64), to: (f64, f64)) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let edges =
        [(-dx, from.0 - rect.left), (dx, rect.right - from.0), (-dy, from.1 - rect.top), (dy, rect.bottom - from.1)];
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (step, room) in edges {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enters = enters.max(room / step);
        } else {
            leaves = leaves.min(room / step);
        }
    }
    enters <= leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_through_a_box_are_seen() {
        let rect = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(crosses(&rect, (-5.0, 5.0), (15.0, 6.0)));
        assert!(crosses(&rect, (5.0, -5.0), (5.0, 15.0)));
        assert!(crosses(&rect, (2.0, 2.0), (3.0, 3.0)));
        assert!(!crosses(&rect, (-5.0, 12.0), (15.0, 12.0)));
        assert!(!crosses(&rect, (-5.0, 5.0), (5.0, 16.0)));
    }
}
