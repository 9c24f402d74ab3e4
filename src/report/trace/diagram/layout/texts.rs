//! The labels of a column, each with the places where it may stand.

use plotters::style::RGBColor;

use super::arrows::{ArrowName, rank};
use crate::report::chart::canvas::HPos;
use crate::report::chart::font::width;
use crate::report::chart::palette::{FAINT, text_color};
use crate::report::trace::diagram::drawn::{DiagramLabel, DrawnArrow};
use crate::report::trace::diagram::look::{FAILURE, LETTERS, ROW};
use crate::report::trace::diagram::sheet::{ColumnSource, DrawnColumn};
use crate::report::trace::scene::{ArrowKind, Delivery, SceneNote};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;
use crate::units::Time;

/// Space between a line and its label.
const GAP: f64 = 1.75;

/// All labels, those of most importance first.
pub fn texts(source: &ColumnSource, layout: &DrawnColumn, names: Vec<ArrowName>) -> Vec<Vec<DiagramLabel>> {
    let mut ranked: Vec<(u8, Vec<DiagramLabel>)> = Vec::new();
    for name in names {
        ranked.push((rank(name.kind), of_arrow(source, &layout.arrows[name.arrow], &name)));
    }
    for note in source.scene.notes.iter().filter(|note| note.at >= source.span.0 && note.at < source.span.1) {
        ranked.push((u8::from(!note.is_failure) * 3, of_note(source, layout, note)));
    }
    ranked.extend(latencies(source, layout).into_iter().map(|label| (2, label)));
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, label)| label).collect()
}

/// Above or below the line, in its middle or near one end; beside a steep one.
fn of_arrow(source: &ColumnSource, arrow: &DrawnArrow, name: &ArrowName) -> Vec<DiagramLabel> {
    let color = match name.kind {
        ArrowKind::Error => FAILURE,
        ArrowKind::Data | ArrowKind::Creation => text_color(source.color),
        ArrowKind::Request | ArrowKind::Empty | ArrowKind::Control => FAINT,
    };
    let half = width(&name.text, LETTERS) / 2.0;
    let (left, right) = (arrow.from.0.min(arrow.to.0), arrow.from.0.max(arrow.to.0));
    let room = 8.0;
    let (first, last) = (left + half + room, (right - half - room).max(left + half + room));
    let places = [f64::midpoint(first, last), last, first, f64::midpoint(first, f64::midpoint(first, last))];
    let mut choices = Vec::new();
    for is_above in [true, false] {
        for x in places {
            let heights = [arrow.y_at(x - half), arrow.y_at(x + half)];
            let y = match is_above {
                true => heights[0].min(heights[1]) - GAP - LETTERS / 2.0,
                false => heights[0].max(heights[1]) + GAP + LETTERS / 2.0,
            };
            choices.push(DiagramLabel {
                text: name.text.clone(),
                at: (x, y),
                align: HPos::Center,
                size: LETTERS,
                color,
            });
        }
    }
    choices.extend(beside(arrow).into_iter().map(|(x, y, align)| DiagramLabel {
        text: name.text.clone(),
        at: (x, y),
        align,
        size: LETTERS,
        color,
    }));
    choices
}

/// Places beside a steep line.
fn beside(arrow: &DrawnArrow) -> Vec<(f64, f64, HPos)> {
    let (dx, dy) = (arrow.to.0 - arrow.from.0, arrow.to.1 - arrow.from.1);
    if dy < dx.abs() / 2.0 {
        return Vec::new();
    }
    // The line moves so far to the side over the height of the letters.
    let gap = 3.0 + GAP + LETTERS * (dx / dy).abs() / 2.0;
    let places = [0.5, 0.35, 0.65, 0.2, 0.8].map(|share| (arrow.from.0 + dx * share, arrow.from.1 + dy * share));
    let sides = |(x, y): (f64, f64)| [(x - gap, y, HPos::Right), (x + gap, y, HPos::Left)];
    places.into_iter().flat_map(sides).collect()
}

/// Beside the lifeline.
fn of_note(source: &ColumnSource, layout: &DrawnColumn, note: &SceneNote) -> Vec<DiagramLabel> {
    let color: RGBColor = if note.is_failure { FAILURE } else { FAINT };
    let y = source.y(note.at);
    let (start, align, step) = match note.actor {
        Actor::Client => (layout.leftmost() - 7.0, HPos::Right, -6.0),
        Actor::Network => (source.x(Actor::Network) + 8.0, HPos::Left, 6.0),
        Actor::Server | Actor::Source => (layout.rightmost(y) + 6.0, HPos::Left, 6.0),
    };
    let near = if note.actor == Actor::Client { Some(source.column.client - 9.0) } else { None };
    let offsets = [0.0, ROW / 2.0, -ROW / 2.0, ROW, -ROW, 1.5 * ROW, 2.0 * ROW];
    let mut choices = Vec::new();
    for x in near.into_iter().chain([start, start + step, start + 2.0 * step]) {
        choices.extend(offsets.iter().map(|offset| DiagramLabel {
            text: note.label.clone(),
            at: (x, y + offset),
            align,
            size: LETTERS,
            color,
        }));
    }
    choices
}

/// How long the messages took that came at one instant, beside their lines.
fn latencies(source: &ColumnSource, layout: &DrawnColumn) -> Vec<Vec<DiagramLabel>> {
    let same_time = |one: &Delivery, other: &Delivery| one.delivered == other.delivered;
    let drawn = source.scene.deliveries.chunk_by(same_time).filter_map(|together| {
        let to = source.y(together[0].delivered);
        let wait = layout.waits.iter().find(|wait| (wait.to - to).abs() < 0.01)?;
        let text = from_to(together.iter().map(|delivery| delivery.delivered.since(delivery.created)));
        let middle = f64::midpoint(wait.from, wait.to);
        let heights = [middle, wait.to - LETTERS / 2.0, wait.from + LETTERS / 2.0, middle - ROW, middle + ROW];
        let xs = [wait.x - 5.0, layout.leftmost() - 5.0];
        let label = |x: f64, y: f64| DiagramLabel {
            text: text.clone(),
            at: (x, y),
            align: HPos::Right,
            size: LETTERS,
            color: text_color(source.color),
        };
        Some(xs.iter().flat_map(|x| heights.map(|y| label(*x, y))).collect())
    });
    drawn.collect()
}

/// The shortest and the longest time: `1.4–33.9 s`, or one time if they are written alike.
fn from_to(times: impl Iterator<Item = Time> + Clone) -> String {
    let [low, high] = [times.clone().min(), times.max()].map(|end| span(end.unwrap_or(Time::ZERO)));
    if low == high {
        return high;
    }
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number}–{high}"),
        _ => format!("{low}–{high}"),
    }
}

impl DrawnColumn {
    /// The outermost line of a message.
    fn leftmost(&self) -> f64 {
        self.waits.iter().map(|wait| wait.x).fold(self.column.client, f64::min)
    }

    /// The right end of the bars of the server at this height.
    fn rightmost(&self, y: f64) -> f64 {
        let bars = self.bars.iter().filter(|bar| bar.rect.right > self.column.server);
        let there = bars.filter(|bar| bar.rect.top - ROW <= y && y <= bar.rect.bottom + ROW);
        there.map(|bar| bar.rect.right).fold(self.column.server + 5.0, f64::max)
    }
}
