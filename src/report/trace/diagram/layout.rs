//! Where everything stands.

mod arrows;
mod bars;
mod texts;
mod waits;

use super::axis::TimeAxis;
use super::column::Column;
use super::drawn::{DrawnArrow, DrawnBar, DrawnWait, Label};
use super::labels::Occupied;
use super::look::{HEADS, LETTERS, ROW, TITLE, color_of};
use super::moments::{Wanted, moments};
use crate::report::chart::canvas::{HPos, LEADING};
use crate::report::chart::font::wrap;
use crate::report::chart::palette::{FAINT, INK, text_color};
use crate::report::trace::scene::Scene;
use crate::report::trace::seconds::exact;
use crate::report::trace::story::Actor;
use crate::report::trace::{ClientTrace, TracedLife};
use crate::terminal::without_controls;
use crate::units::Time;
use plotters::style::RGBColor;

/// Most different instants in a diagram.
const MOST: usize = 300;
/// Around the drawing.
const MARGIN: f64 = 16.0;
/// The width of the time axis.
const AXIS: f64 = 58.0;

/// A diagram in pixels.
pub struct Layout {
    pub size: (f64, f64),
    pub axis: TimeAxis,
    pub top: f64,
    /// The x of the axis.
    pub axis_x: f64,
    pub columns: Vec<ColumnLayout>,
    /// Title, heads and notes.
    pub texts: Vec<Label>,
    /// The samples of the legend, with their texts.
    pub legend: Vec<super::legend::LegendEntry>,
}

/// A column in pixels.
pub struct ColumnLayout {
    pub column: Column,
    pub color: RGBColor,
    pub arrows: Vec<DrawnArrow>,
    pub bars: Vec<DrawnBar>,
    pub waits: Vec<DrawnWait>,
    /// What happens at one instant: its place, and whether something goes wrong.
    pub dots: Vec<((f64, f64), bool)>,
    /// Lost packets.
    pub crosses: Vec<(f64, f64)>,
    pub labels: Vec<Label>,
    /// Labels that found no place.
    pub left_out: usize,
}

/// What a column is made from.
pub(super) struct Source<'a> {
    pub scene: &'a Scene,
    pub axis: &'a TimeAxis,
    pub column: Column,
    pub color: RGBColor,
    pub span: (Time, Time),
    pub wanted: Wanted,
}

impl Source<'_> {
    pub fn y(&self, at: Time) -> f64 {
        self.axis.y(at)
    }

    pub fn x(&self, actor: Actor) -> f64 {
        self.column.x(actor)
    }
}

impl Layout {
    pub fn of(trace: &ClientTrace) -> Layout {
        let count = trace.lives.len();
        let columns: Vec<Column> = (0..count).map(|number| Column::new(number, count, MARGIN + AXIS)).collect();
        let right = columns.last().map_or(MARGIN + AXIS, |column| column.right);
        let seen = |to: Time| -> Vec<Scene> {
            trace.lives.iter().map(|life| Scene::of(life).within(trace.from, to)).collect()
        };
        let to = end(trace, &seen(trace.to));
        let scenes = seen(to);
        let (mut texts, bottom) = heading(trace, right - MARGIN);
        let (heads, top) = heads(&trace.lives, &columns, bottom);
        texts.extend(heads);
        let axis = TimeAxis::new((trace.from, to), &moments(&scenes), count, top);
        let columns: Vec<ColumnLayout> = scenes
            .iter()
            .zip(columns)
            .zip(&trace.lives)
            .map(|((scene, column), life)| {
                let (color, wanted) = (color_of(life.kind), Wanted::of(scene));
                ColumnLayout::of(&Source { scene, axis: &axis, column, color, span: (trace.from, to), wanted })
            })
            .collect();
        let (legend, below) = super::legend::legend(&columns, (MARGIN, right), axis.end() + ROW);
        let notes = notes(trace, &axis, &columns, to);
        let mut y = below + ROW * 0.6;
        for line in notes.iter().flat_map(|note| wrap(note, LETTERS, right - MARGIN)) {
            let (text, at) = (line, (MARGIN, y + LETTERS * LEADING / 2.0));
            texts.push(Label { text, at, align: HPos::Left, size: LETTERS, color: FAINT });
            y += LETTERS * LEADING;
        }
        Layout { size: (right + MARGIN, y + MARGIN), axis, top, axis_x: MARGIN + AXIS - 8.0, columns, texts, legend }
    }
}

/// Where the diagram ends: before the part does, if there is too much in it.
fn end(trace: &ClientTrace, scenes: &[Scene]) -> Time {
    let mut instants: Vec<Time> = moments(scenes).iter().map(|moment| moment.at).collect();
    instants.retain(|at| *at >= trace.from);
    instants.dedup();
    instants.get(MOST).map_or(trace.to, |at| (*at).min(trace.to))
}

/// Title and facts. Returns where they end.
fn heading(trace: &ClientTrace, wide: f64) -> (Vec<Label>, f64) {
    let mut labels = Vec::new();
    let mut y = MARGIN;
    let title = wrap(&without_controls(&trace.title, |_| false), TITLE, wide);
    let facts = wrap(&trace.heading(), LETTERS, wide);
    let lines = title.into_iter().map(|line| (line, TITLE, INK));
    for (text, size, color) in lines.chain(facts.into_iter().map(|line| (line, LETTERS, FAINT))) {
        labels.push(Label { text, at: (MARGIN, y + size * LEADING / 2.0), align: HPos::Left, size, color });
        y += size * LEADING;
    }
    (labels, y + ROW * 0.7)
}

/// The names of transports and lifelines. Returns where the lifelines begin.
fn heads(lives: &[TracedLife], columns: &[Column], top: f64) -> (Vec<Label>, f64) {
    let mut labels = Vec::new();
    let mut lowest = top;
    for (life, column) in lives.iter().zip(columns) {
        let center = f64::midpoint(column.left, column.right);
        let name = without_controls(&life.name(), |_| false);
        let mut y = top;
        for text in wrap(&name, HEADS, column.right - column.left - 8.0) {
            let (at, color) = ((center, y + HEADS * LEADING / 2.0), text_color(color_of(life.kind)));
            labels.push(Label { text, at, align: HPos::Center, size: HEADS, color });
            y += HEADS * LEADING;
        }
        lowest = lowest.max(y);
    }
    for column in columns {
        for actor in Actor::ALL {
            let (text, at) = (actor.word().to_owned(), (column.x(actor), lowest + ROW * 0.8));
            labels.push(Label { text, at, align: HPos::Center, size: LETTERS, color: FAINT });
        }
    }
    (labels, lowest + ROW * 1.6)
}

/// What a reader has to know.
fn notes(trace: &ClientTrace, axis: &TimeAxis, columns: &[ColumnLayout], to: Time) -> Vec<String> {
    let mut notes = Vec::new();
    if axis.is_stretched {
        notes.push("Time runs down. It is to scale, but stretched where events are close together.".to_owned());
    }
    if to < trace.to {
        notes.push(format!("The diagram ends at {} s, where it is full; the table goes on.", exact(to)));
    }
    let left_out: usize = columns.iter().map(|column| column.left_out).sum();
    if left_out > 0 {
        let words = if left_out == 1 { "1 label has".to_owned() } else { format!("{left_out} labels have") };
        notes.push(format!("{words} no room: the table has all."));
    }
    notes.extend(trace.notes().into_iter().filter(|note| note.contains("left out")));
    notes
}

impl ColumnLayout {
    fn of(source: &Source) -> ColumnLayout {
        let (arrows, names) = arrows::arrows(source);
        let bars = bars::bars(source);
        let waits = waits::waits(source);
        let mut layout = ColumnLayout {
            column: source.column,
            color: source.color,
            arrows,
            bars,
            waits,
            dots: Vec::new(),
            crosses: Vec::new(),
            labels: Vec::new(),
            left_out: 0,
        };
        layout.add_notes(source);
        let mut occupied = layout.occupied(source);
        layout.place(texts::texts(source, &layout, names), &mut occupied);
        layout
    }

    fn add_notes(&mut self, source: &Source) {
        for note in &source.scene.notes {
            let at = (source.x(note.actor), source.y(note.at));
            match note.actor {
                Actor::Network => self.crosses.push(at),
                _ => self.dots.push((at, note.is_failure)),
            }
        }
    }

    /// What labels must not cover.
    fn occupied(&self, source: &Source) -> Occupied {
        let mut occupied = Occupied::default();
        let (top, bottom) = (source.y(source.span.0), source.axis.end());
        for actor in [Actor::Client, Actor::Server, Actor::Source] {
            occupied.add_upright(source.x(actor), top, bottom);
        }
        self.arrows.iter().for_each(|arrow| occupied.add_arrow(arrow));
        self.bars.iter().for_each(|bar| occupied.add_bar(bar));
        self.waits.iter().for_each(|wait| occupied.add_wait(wait));
        for at in self.crosses.iter().chain(self.dots.iter().map(|(at, _)| at)) {
            occupied.add_rect(crate::report::chart::Rect::around(*at, 5.0, 5.0));
        }
        for (from, to, _) in &source.axis.breaks {
            let at = f64::midpoint(*from, *to);
            let column = source.column;
            occupied.add_rect(crate::report::chart::Rect::new(column.left, at - 4.0, column.right, at + 4.0));
        }
        occupied
    }

    /// Places labels, those of most importance first.
    fn place(&mut self, texts: Vec<Vec<Label>>, occupied: &mut Occupied) {
        for choices in texts {
            match occupied.place(choices) {
                Some(label) => self.labels.push(label),
                None => self.left_out += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests;
