//! Bars from the left, a row each, with their names before and their values behind them.

use super::arrival::{self, Arrival};
use super::axis::{Frame, LABEL_SIZE, PlotAxis, TICK_SIZE, draw_x, number_width, x_label_height, x_ticks};
use super::bar_marks::{AWAY, Bar, SIZE, draw_bar, interval, used};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::describe::Description;
use super::drawing::{Drawing, Stretch};
use super::error::ChartError;
use super::font::{width, wrap};
use super::geometry::Rect;
use super::legend::LegendEntry;
use super::marks;
use super::palette::{FAINT, INK, Swatch};
use super::reference::ReferenceLine;
use super::row_names::{NamedLine, RowGroup, lines_of};
use super::scale::{Scale, ScaleKind};
use super::sheet::ChartSheet;
use super::surround::surrounded;
use super::tags::Tags;
use super::text_block::{Heading, TextBlock};
use super::ticks::Tick;
use crate::experiment::chart::ChartKind;
use crate::report::survivors::Rest;

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
    /// Whether the ends of the axis are those of the chart, and not of the bars.
    pub is_fixed: bool,
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
        let bars = || plots.iter().flat_map(BarPlot::intervals);
        let shows_interval = bars().any(|(_, is_seen)| is_seen);
        let narrow = bars().filter(|(_, is_seen)| !is_seen);
        let parts = narrow.filter_map(|(bar, _)| marks::part(bar.value?, bar.error));
        let without = bars().filter(|(bar, _)| bar.value.is_some() && bar.error.is_none()).count();
        let of_few = if shows_interval { None } else { Some(self.head.of_few.as_str()) };
        let hidden = marks::half_widths(parts, without, of_few);
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
        let drawn = || bars().filter(|bar| bar.value.is_some()).map(|bar| bar.arrival);
        let partial = || drawn().filter_map(Arrival::rest);
        let hatch = arrival::hatched(drawn());
        let interval = format!("95 % confidence interval{}", self.head.of_few);
        let marks = [
            (bars().any(|bar| bar.theory.is_some()), "theory", Swatch::TheoryAcross),
            (shows_interval, interval.as_str(), Swatch::WhiskerAcross),
            (!has_dots && hatch.is_some(), hatch.unwrap_or_default(), Swatch::Hatched),
            (has_dots && partial().any(|rest| rest == Rest::Lost), arrival::HOLLOW, Swatch::Hollow),
            (has_dots && partial().any(|rest| rest == Rest::Waiting), arrival::DOTTED, Swatch::Dotted),
            (bars().any(|bar| bar.arrival.is_nothing()), arrival::ABSENT, Swatch::Cross),
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
            let used = used(&panel.axis.scale, bar, rect.width());
            let most = 1.0 - (width(&bar.text, SIZE) + 2.0 * AWAY + 4.0) / rect.width();
            if used > most { 1.0 - most.max(0.1) / used } else { 0.0 }
        };
        let room = bars.iter().map(free).fold(0.0, f64::max);
        let scale = match panel.is_fixed {
            true => panel.axis.scale.clone(),
            false => panel.axis.scale.clone().with_room_above(room),
        };
        if panel.is_fixed {
            rect.right -= room * rect.width();
        }
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

    /// Each bar, and whether its interval can be seen.
    fn intervals(&self) -> impl Iterator<Item = (&Bar, bool)> {
        self.bars.iter().map(|bar| {
            let frame = Frame { rect: self.rect, x: &self.scale, y: &Scale::category(Vec::new()) };
            (*bar, interval(&frame, bar).is_some())
        })
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
