//! Where everything stands.

mod arrows;
mod bars;
mod texts;
mod waits;

use super::axis::TimeAxis;
use super::column::Column;
use super::drawn::DiagramLabel;
use super::labels::Occupied;
use super::legend::legend;
use super::look::{HEADS, LETTERS, ROW, TITLE};
use super::moments::{Wanted, moments};
use super::sheet::{ColumnSource, Diagram, DiagramBand, DrawnColumn};
use crate::report::chart::Rect;
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
/// Columns beside each other.
const BESIDE: usize = 4;
/// The width of the time axis.
const AXIS: f64 = 58.0;

impl Diagram {
    pub fn of(trace: &ClientTrace) -> Diagram {
        let bands = trace.lives.len().div_ceil(BESIDE).max(1);
        let beside = trace.lives.len().div_ceil(bands).max(1);
        let right = Column::new(beside - 1, beside, MARGIN + AXIS).right;
        let seen = |to: Time| -> Vec<Scene> {
            trace.lives.iter().map(|life| Scene::of(life).within(trace.from, to)).collect()
        };
        let to = end(trace, &seen(trace.to));
        let scenes = seen(to);
        let (mut texts, mut bottom) = heading(trace, right - MARGIN);
        let (mut bands, all) = (Vec::new(), moments(&scenes));
        for (lives, scenes) in trace.lives.chunks(beside).zip(scenes.chunks(beside)) {
            let columns: Vec<Column> =
                (0..lives.len()).map(|number| Column::new(number, beside, MARGIN + AXIS)).collect();
            let colors: Vec<RGBColor> = lives.iter().map(|life| trace.looks.get(&life.name()).color).collect();
            let (heads, top) = heads((lives, &colors), &columns, bottom);
            texts.extend(heads);
            // All bands have the same axis.
            let axis = TimeAxis::new((trace.from, to), &all, trace.lives.len(), top);
            let band = DiagramBand::of((&colors, scenes), columns, (trace.from, to), (axis, top));
            bottom = band.axis.end() + ROW * 1.5;
            bands.push(band);
        }
        let columns = || bands.iter().flat_map(|band| &band.columns);
        let (legend, below) = legend(&columns().collect::<Vec<_>>(), (MARGIN, right), bottom);
        let mut y = below + ROW * 0.6;
        for line in notes(trace, &bands, to).iter().flat_map(|note| wrap(note, LETTERS, right - MARGIN)) {
            let (text, at) = (line, (MARGIN, y + LETTERS * LEADING / 2.0));
            texts.push(DiagramLabel { text, at, align: HPos::Left, size: LETTERS, color: FAINT });
            y += LETTERS * LEADING;
        }
        Diagram { size: (right + MARGIN, y + MARGIN), bands, texts, legend }
    }
}

impl DiagramBand {
    fn of(
        (colors, scenes): (&[RGBColor], &[Scene]),
        columns: Vec<Column>,
        span: (Time, Time),
        (axis, top): (TimeAxis, f64),
    ) -> DiagramBand {
        let column = |((scene, column), color): ((&Scene, Column), &RGBColor)| {
            let (color, wanted) = (*color, Wanted::of(scene));
            DrawnColumn::of(&ColumnSource { scene, axis: &axis, column, color, span, wanted })
        };
        let columns = scenes.iter().zip(columns).zip(colors).map(column).collect();
        DiagramBand { axis, top, axis_x: MARGIN + AXIS - 8.0, columns }
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
fn heading(trace: &ClientTrace, wide: f64) -> (Vec<DiagramLabel>, f64) {
    let mut labels = Vec::new();
    let mut y = MARGIN;
    let title = wrap(&without_controls(&trace.title, |_| false), TITLE, wide);
    let facts = wrap(&trace.heading(), LETTERS, wide);
    let lines = title.into_iter().map(|line| (line, TITLE, INK));
    for (text, size, color) in lines.chain(facts.into_iter().map(|line| (line, LETTERS, FAINT))) {
        labels.push(DiagramLabel { text, at: (MARGIN, y + size * LEADING / 2.0), align: HPos::Left, size, color });
        y += size * LEADING;
    }
    (labels, y + ROW * 0.7)
}

/// The names of transports and lifelines. Returns where the lifelines begin.
fn heads((lives, colors): (&[TracedLife], &[RGBColor]), columns: &[Column], top: f64) -> (Vec<DiagramLabel>, f64) {
    let mut labels = Vec::new();
    let mut lowest = top;
    for ((life, color), column) in lives.iter().zip(colors).zip(columns) {
        let center = f64::midpoint(column.left, column.right);
        let name = without_controls(&life.name(), |_| false);
        let mut y = top;
        for text in wrap(&name, HEADS, column.right - column.left - 8.0) {
            let (at, color) = ((center, y + HEADS * LEADING / 2.0), text_color(*color));
            labels.push(DiagramLabel { text, at, align: HPos::Center, size: HEADS, color });
            y += HEADS * LEADING;
        }
        lowest = lowest.max(y);
    }
    for column in columns {
        for actor in Actor::ALL {
            let (text, at) = (actor.word().to_owned(), (column.x(actor), lowest + ROW * 0.8));
            labels.push(DiagramLabel { text, at, align: HPos::Center, size: LETTERS, color: FAINT });
        }
    }
    (labels, lowest + ROW * 1.6)
}

/// What a reader has to know.
fn notes(trace: &ClientTrace, bands: &[DiagramBand], to: Time) -> Vec<String> {
    let mut notes = Vec::new();
    if bands.iter().any(|band| band.axis.is_stretched) {
        notes.push("Time runs down. It is to scale, but stretched where events are close together.".to_owned());
    }
    if bands.iter().any(|band| !band.axis.breaks.is_empty()) {
        notes.push("A break of the axis leaves out a quiet stretch, of the length beside it.".to_owned());
    }
    if to < trace.to {
        notes.push(format!("The diagram ends at {} s, where it is full; the table goes on.", exact(to)));
    }
    let left_out: usize = bands.iter().flat_map(|band| &band.columns).map(|column| column.left_out).sum();
    if left_out > 0 {
        let words = if left_out == 1 { "1 label has".to_owned() } else { format!("{left_out} labels have") };
        notes.push(format!("{words} no room: the table has all."));
    }
    notes.extend(trace.notes().into_iter().filter(|note| note.contains("left out")));
    notes
}

impl DrawnColumn {
    fn of(source: &ColumnSource) -> DrawnColumn {
        let (arrows, names) = arrows::arrows(source);
        let bars = bars::bars(source);
        let waits = waits::waits(source);
        let mut layout = DrawnColumn {
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

    fn add_notes(&mut self, source: &ColumnSource) {
        for note in &source.scene.notes {
            let at = (source.x(note.actor), source.y(note.at));
            match note.actor {
                Actor::Network => self.crosses.push(at),
                _ => self.dots.push((at, note.is_failure)),
            }
        }
    }

    /// What labels must not cover.
    fn occupied(&self, source: &ColumnSource) -> Occupied {
        let mut occupied = Occupied::default();
        let (top, bottom) = (source.y(source.span.0), source.axis.end());
        for actor in [Actor::Client, Actor::Server, Actor::Source] {
            occupied.add_upright(source.x(actor), top, bottom);
        }
        self.arrows.iter().for_each(|arrow| occupied.add_arrow(arrow));
        self.bars.iter().for_each(|bar| occupied.add_bar(bar));
        self.waits.iter().for_each(|wait| occupied.add_wait(wait));
        for at in self.crosses.iter().chain(self.dots.iter().map(|(at, _)| at)) {
            occupied.add_rect(Rect::around(*at, 5.0, 5.0));
        }
        for (from, to, _) in &source.axis.breaks {
            let at = f64::midpoint(*from, *to);
            let column = source.column;
            occupied.add_rect(Rect::new(column.left, at - 4.0, column.right, at + 4.0));
        }
        occupied
    }

    /// Places labels, those of most importance first.
    fn place(&mut self, texts: Vec<Vec<DiagramLabel>>, occupied: &mut Occupied) {
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
