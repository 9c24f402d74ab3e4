//! Bars from the left, a row each, with their names before and their values behind them.

use super::arrival::{self, Arrival};
use super::axis::{Frame, LABEL_SIZE, PlotAxis, TICK_SIZE, draw_x, number_width, x_label_height, x_ticks};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::curve::Reach;
use super::describe::Description;
use super::drawing::{Drawing, Stretch};
use super::error::ChartError;
use super::font::{width, wrap};
use super::geometry::Rect;
use super::legend::LegendEntry;
use super::marks;
use super::palette::{FAINT, GRID_LINE, INK, Look, Swatch, WHITE, cross, hatched, theory_mark, whisker};
use super::reference::ReferenceLine;
use super::row_names::{NamedLine, RowGroup, lines_of};
use super::scale::{Scale, ScaleKind};
use super::sheet::ChartSheet;
use super::surround::surrounded;
use super::tags::Tags;
use super::text_block::{Heading, TextBlock};
use super::ticks::Tick;
use crate::experiment::chart::ChartKind;

/// Size of the values behind bars.
const SIZE: f64 = 11.5;
/// Space between a bar and its value.
const AWAY: f64 = 6.0;
/// Radius of a dot.
const DOT: f64 = 4.25;
/// Thickness of a bar, and by how much rows may be higher where a height is given.
const THICK: f64 = 13.0;
const MOST_THICKER: f64 = 22.0;
/// The part of the width that names may take.
const NAMES: f64 = 0.36;
/// Space between plots.
const BETWEEN: f64 = 18.0;

/// A bar chart in the values of its axes.
#[derive(Clone, Debug)]
pub struct BarFigure {
    pub head: Heading,
    /// What the places are values of; empty where they are transports.
    pub key: String,
    /// The names of the places.
    pub places: Vec<String>,
    pub panels: Vec<BarPanel>,
    /// Small print at the foot.
    pub remarks: Vec<String>,
}

/// The bars of metrics that share an axis.
#[derive(Clone, Debug)]
pub struct BarPanel {
    /// Of the values.
    pub axis: PlotAxis,
    /// The names of the bars at each place, if they are more than one.
    pub series: Vec<String>,
    pub bars: Vec<Bar>,
    /// At fixed values.
    pub lines: Vec<ReferenceLine>,
}

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    pub place: usize,
    pub series: usize,
    pub look: Look,
    /// Without one there is no bar.
    pub value: Option<f64>,
    /// Behind the bar: its value, and the share of the messages that arrived.
    pub text: String,
    pub error: Option<Reach>,
    pub theory: Option<f64>,
    pub arrival: Arrival,
}

impl BarFigure {
    pub fn draw(self) -> Result<Drawing, ChartError> {
        let rows = self.panels.iter().map(|panel| lines_of(&self.groups(panel), f64::INFINITY).0.len()).sum();
        let stretch = |_| Stretch { rows, least: 0.0, most: MOST_THICKER };
        Drawing::fitted(self.head.sheet, stretch, |sheet, extra| self.draw_on(sheet, extra))
    }

    /// Draws it with rows that are higher than usual by `extra`.
    fn draw_on(&self, sheet: ChartSheet, extra: f64) -> Result<Drawing, ChartError> {
        let head = TextBlock::head(sheet, &self.head);
        let mut plots = Vec::new();
        let mut top = sheet.margin + head.height();
        for panel in &self.panels {
            let plot = BarPlot::lay_out(self, panel, (sheet, extra), top);
            top = plot.bottom() + BETWEEN;
            plots.push(plot);
        }
        let shows_interval = plots.iter().any(BarPlot::shows_interval);
        let bars = || self.panels.iter().flat_map(|panel| &panel.bars);
        let parts = bars().filter_map(|bar| marks::part(bar.value?, bar.error));
        let without = bars().filter(|bar| bar.value.is_some() && bar.error.is_none()).count();
        let hidden = if shows_interval { None } else { marks::half_widths(parts, without) };
        let remarks: Vec<String> = hidden.into_iter().chain(self.remarks.clone()).collect();
        let entries = self.marks(shows_interval);
        let draw = |canvas: &mut Canvas| plots.iter().try_for_each(|plot| plot.draw(canvas));
        let page = self.head.page(sheet, self.description());
        surrounded(page, &head, draw, top - BETWEEN, (&entries, &remarks))
    }

    fn description(&self) -> String {
        let by = if self.key.is_empty() { "transport" } else { self.key.as_str() };
        let places = if self.places.is_empty() { String::new() } else { format!(" ({})", self.places.join("; ")) };
        let bars = self.panels.iter().flat_map(|panel| &panel.bars);
        let description = Description {
            kind: ChartKind::Bar,
            values: self.panels.iter().map(|panel| panel.axis.title.to_string()).collect(),
            by: format!("{by}{places}"),
            series: self.panels.iter().flat_map(|panel| &panel.series).map(String::as_str).collect(),
            count: bars.filter(|bar| bar.value.is_some()).count(),
            remarks: &self.remarks,
        };
        description.in_words()
    }

    /// What the marks mean.
    fn marks(&self, shows_interval: bool) -> Vec<LegendEntry> {
        let bars = || self.panels.iter().flat_map(|panel| &panel.bars);
        let has_dots = self.panels.iter().any(|panel| panel.axis.scale.kind == ScaleKind::Log);
        let is_partial = |bar: &Bar| bar.value.is_some() && bar.arrival.is_marked();
        let marks = [
            (bars().any(|bar| bar.theory.is_some()), "theory", Swatch::TheoryMark),
            (shows_interval, "95 % confidence interval", Swatch::WhiskerAcross),
            (!has_dots && bars().any(is_partial), arrival::HATCHED, Swatch::Hatched),
            (has_dots && bars().any(is_partial), arrival::HOLLOW, Swatch::Hollow),
            (bars().any(|bar| bar.arrival == Arrival::Nothing), arrival::ABSENT, Swatch::Cross),
        ];
        let entry = |(_, label, swatch): (bool, &str, Swatch)| LegendEntry { label: label.to_owned(), swatch };
        marks.into_iter().filter(|(is_there, ..)| *is_there).map(entry).collect()
    }

    /// The names of the rows of a panel: of places, or of series below the names of their places.
    fn groups(&self, panel: &BarPanel) -> Vec<RowGroup> {
        let group = |(place, name): (usize, &String)| {
            let at_place = panel.bars.iter().filter(|bar| bar.place == place);
            let row = |bar: &Bar| panel.series[bar.series].clone();
            let rows: Vec<String> = if panel.series.len() > 1 { at_place.map(row).collect() } else { Vec::new() };
            let name = if self.key.is_empty() { name.clone() } else { format!("{} = {name}", self.key) };
            RowGroup { name, color: INK, rows }
        };
        self.places.iter().enumerate().map(group).collect()
    }
}

/// A panel in its place.
struct BarPlot<'a> {
    panel: &'a BarPanel,
    lines: Vec<NamedLine>,
    margin: f64,
    /// Thickness of a bar.
    thick: f64,
    /// The bar of each row.
    bars: Vec<&'a Bar>,
    scale: Scale,
    /// Of the values.
    rect: Rect,
    /// The names of lines at fixed values.
    tags: Tags,
    title: Vec<String>,
}

impl BarPlot<'_> {
    fn lay_out<'a>(
        figure: &BarFigure,
        panel: &'a BarPanel,
        (sheet, extra): (ChartSheet, f64),
        top: f64,
    ) -> BarPlot<'a> {
        let (mut lines, widest) = lines_of(&figure.groups(panel), sheet.inner() * NAMES);
        for line in &mut lines {
            line.height += extra;
        }
        let height = lines.iter().map(|line| line.height).sum::<f64>() + 8.0;
        let mut rect = Rect::new(
            (sheet.margin + widest + 10.0).round(),
            top.round(),
            sheet.width - sheet.margin,
            (top + height).round(),
        );
        let mut bars: Vec<&Bar> = panel.bars.iter().collect();
        bars.sort_by_key(|bar| (bar.place, bar.series));
        let free = |bar: &&Bar| {
            let used = bar.value.map_or(0.0, |value| panel.axis.scale.share(value + reach(bar).above));
            let most = 1.0 - (width(&bar.text, SIZE) + 2.0 * AWAY + 4.0) / rect.width();
            if used > most { 1.0 - most.max(0.1) / used } else { 0.0 }
        };
        let room = bars.iter().map(free).fold(0.0, f64::max);
        let scale = panel.axis.scale.clone().with_room_above(room);
        rect.right = right_edge(&scale, rect, sheet);
        let named = panel.lines.iter().filter_map(|line| line.named()?.within(scale.low, scale.high));
        let tags = Tags::over(&named.collect::<Vec<_>>(), &scale, (rect.left, rect.right));
        rect.top += tags.height().ceil();
        rect.bottom += tags.height().ceil();
        BarPlot {
            panel,
            lines,
            margin: sheet.margin,
            thick: THICK + extra / 2.0,
            bars,
            scale,
            rect,
            tags,
            title: wrap(&panel.axis.title.to_string(), LABEL_SIZE, rect.width()),
        }
    }

    /// Whether an interval can be seen.
    fn shows_interval(&self) -> bool {
        let frame = Frame { rect: self.rect, x: &self.scale, y: &Scale::category(Vec::new()) };
        self.bars.iter().any(|bar| interval(&frame, bar).is_some())
    }

    fn title_top(&self) -> f64 {
        self.rect.bottom + x_label_height(&self.scale, self.rect.width()) + 2.0
    }

    fn bottom(&self) -> f64 {
        self.title_top() + self.title.len() as f64 * LABEL_SIZE * LEADING
    }

    fn draw(&self, canvas: &mut Canvas) -> Result<(), ChartError> {
        let rows = Scale::category(Vec::new());
        let frame = Frame { rect: self.rect, x: &self.scale, y: &rows };
        canvas.geometry.plots.push(self.rect);
        if self.panel.bars.is_empty() {
            canvas.text("no data", self.rect.center(), Lettering::new(TICK_SIZE, FAINT), HPos::Center)?;
        }
        draw_x(canvas, &frame, &[], true)?;
        self.panel.lines.iter().try_for_each(|line| line.draw(canvas, &frame))?;
        self.tags.draw(canvas, self.rect)?;
        let mut top = self.rect.top + 4.0;
        for line in &self.lines {
            line.draw(canvas, (self.margin, top))?;
            if let Some(bar) = line.row.and_then(|row| self.bars.get(row)) {
                draw_bar(canvas, &frame, bar, (top + line.height / 2.0, self.thick))?;
            }
            top += line.height;
        }
        let Rect { left, top, bottom, right } = self.rect;
        canvas.line(&[(left, top), (left, bottom), (right, bottom)], Stroke::solid(INK, 1.0))?;
        let middle = (f64::midpoint(left, right), self.title_top());
        canvas.lines(&self.title, middle, Lettering::new(LABEL_SIZE, INK), HPos::Center)
    }
}

/// The right edge of a plot whose numbers all stay on the sheet: a shorter axis may have a number elsewhere.
fn right_edge(scale: &Scale, rect: Rect, sheet: ChartSheet) -> f64 {
    const MOST_STEPS: usize = 40;
    let end = sheet.width - 2.0;
    let mut right = rect.right;
    for _ in 0..MOST_STEPS {
        let beyond = right + overhang(scale, right - rect.left) - end;
        if beyond <= 0.0 {
            break;
        }
        right -= beyond.ceil();
    }
    right
}

/// How far the numbers of an axis of this length stand out at its end.
fn overhang(scale: &Scale, length: f64) -> f64 {
    let reach = |tick: Tick| {
        let half = number_width(tick.label.as_deref().unwrap_or_default()) / 2.0;
        (scale.share(tick.value) - 1.0) * length + half
    };
    x_ticks(scale, &[], length).into_iter().map(reach).fold(0.0, f64::max)
}

fn reach(bar: &Bar) -> Reach {
    bar.error.unwrap_or_default()
}

/// Draws a bar, or a dot where the foot of a bar would mean nothing, and what belongs to it.
fn draw_bar(canvas: &mut Canvas, frame: &Frame, bar: &Bar, (up, thick): (f64, f64)) -> Result<(), ChartError> {
    let is_log = frame.x.kind == ScaleKind::Log;
    let base = frame.across(if is_log { frame.x.low } else { 0.0 });
    let theory = bar.theory.map(|theory| frame.across(theory));
    let draw_theory = |canvas: &mut Canvas| theory.map_or(Ok(()), |at| theory_mark(canvas, (at, up)));
    let mut end = theory.map_or(base, |at| at + 7.0);
    match bar.value {
        Some(value) if is_log => {
            let at = frame.across(value);
            canvas.line(&[(base, up), (at, up)], Stroke::solid(GRID_LINE, 1.0))?;
            draw_error(canvas, frame, bar, up)?;
            // It stands out of a dot.
            draw_theory(canvas)?;
            match bar.arrival.is_marked() {
                true => bar.look.mark_hollow(canvas, (at, up), DOT)?,
                false => bar.look.mark(canvas, (at, up), DOT)?,
            }
        }
        Some(value) => {
            draw_rect(canvas, bar, (base, frame.across(value)), (up, thick))?;
            draw_error(canvas, frame, bar, up)?;
            draw_theory(canvas)?;
        }
        None if bar.arrival == Arrival::Nothing => {
            cross(canvas, (base + 9.0, up), bar.look.color)?;
            end = end.max(base + 14.0);
            draw_theory(canvas)?;
        }
        None => draw_theory(canvas)?,
    }
    if let Some(value) = bar.value {
        end = end.max(frame.across(value.max(0.0) + reach(bar).above));
    }
    canvas.text(&bar.text, (end + AWAY, up), Lettering::new(SIZE, INK), HPos::Left)
}

/// Draws the bar itself between its foot and its end.
fn draw_rect(
    canvas: &mut Canvas,
    bar: &Bar,
    (base, at): (f64, f64),
    (up, thick): (f64, f64),
) -> Result<(), ChartError> {
    let rect = Rect::new(base.min(at), up - thick / 2.0, base.max(at), up + thick / 2.0);
    if bar.arrival.is_marked() { hatched(canvas, rect, bar.look.color) } else { canvas.fill(rect, bar.look.color) }
}

/// The ends of an interval that can be seen.
fn interval(frame: &Frame, bar: &Bar) -> Option<(f64, f64)> {
    /// The marks hide shorter ones.
    const SHORTEST: f64 = 3.0;
    let (value, error) = (bar.value?, bar.error?);
    let (low, high) = (frame.across(value - error.below), frame.across(value + error.above));
    let hidden = if frame.x.kind == ScaleKind::Log { 2.0 * DOT } else { SHORTEST };
    if high - low > hidden { Some((low, high)) } else { None }
}

fn draw_error(canvas: &mut Canvas, frame: &Frame, bar: &Bar, up: f64) -> Result<(), ChartError> {
    let Some((low, high)) = interval(frame, bar) else { return Ok(()) };
    canvas.line(&[(low, up), (high, up)], Stroke::solid(WHITE, 2.5))?;
    whisker(canvas, (low, up), (high, up), INK)
}
