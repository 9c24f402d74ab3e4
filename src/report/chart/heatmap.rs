//! A metric over two swept keys, as colours.

use std::collections::BTreeSet;

use super::arrival::{self, Arrival};
use super::axis::{
    Frame, LABEL_SIZE, PlotAxis, TICK_SIZE, draw_x, draw_y, draw_y_title, number, y_label_width, y_ticks,
};
use super::axis_title::AxisTitle;
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke, drawing};
use super::curve::Reach;
use super::describe::Description;
use super::drawing::{Drawing, Stretch};
use super::error::ChartError;
use super::font::width;
use super::format::{plain, short};
use super::geometry::Rect;
use super::heatmap_places::{LEAST_EXTRA, MapParts, MapPlaces};
use super::job::ChartJob;
use super::names::distinct;
use super::palette::{FAINT, INK, WHITE, hatch, ink_on, viridis};
use super::run_table::{Categories, KeyColumn, MetricRows, MetricValue, RunTable};
use super::scale::{Fit, Scale};
use super::sheet::ChartSheet;
use super::text_block::{Heading, TextBlock};
use crate::experiment::chart::{AxisScale, ChartKind};

const VALUE_SIZE: f64 = 11.5;
/// Fields overlap by this, so that no seams show between them where a pixel of the chart is no whole pixel.
const OVERLAP: f64 = 0.25;

/// A panel per transport on one scale of colours.
pub fn figure(job: &ChartJob) -> Result<HeatMap, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let metric = frame.metric(job, job.chart.value.as_deref().unwrap_or("http_mbit_per_s"), AxisScale::Linear)?;
    let keys = keys(job, &frame)?;
    Ok(HeatMap::new(job, &frame, &metric, keys))
}

/// The keys across and upwards; `None` without data.
fn keys<'a>(job: &ChartJob, frame: &'a RunTable) -> Result<Option<(&'a KeyColumn, &'a KeyColumn)>, ChartError> {
    if frame.table.rows.is_empty() {
        return Ok(None);
    }
    let find = |path: &String| frame.key(path).ok_or_else(|| job.no_column(path));
    let x = job.chart.x.as_ref().map(find).transpose()?;
    let y = job.chart.y.first().map(find).transpose()?;
    let other =
        |taken: Option<&KeyColumn>| frame.keys.iter().find(|key| taken.is_none_or(|taken| taken.path != key.path));
    let x = x.or_else(|| other(y));
    let y = y.or_else(|| other(x));
    match (x, y) {
        (Some(x), Some(y)) if x.path != y.path => Ok(Some((x, y))),
        _ => Err(ChartError::TooFewKeys { chart: job.chart.name.clone() }),
    }
}

/// A field, coloured if it has a value.
pub struct Cell {
    /// The point of the sweep.
    pub point: Option<usize>,
    pub panel: usize,
    pub x: usize,
    pub y: usize,
    pub value: Option<f64>,
    /// How far the confidence interval of the value reaches.
    pub ci: Option<Reach>,
    pub arrival: Arrival,
}

impl Cell {
    /// Its text: its value and the share of the messages that arrived, in words or in short.
    fn lines(&self, in_words: bool) -> Vec<String> {
        let share = if in_words { self.arrival.label() } else { self.arrival.short_label() };
        self.value.map(|value| short(value, 3)).into_iter().chain(share).collect()
    }
}

/// A heat map ready to be laid out.
pub struct HeatMap {
    head: Heading,
    /// What its hatches mean.
    signs: Vec<String>,
    pub remarks: Vec<String>,
    pub panels: Vec<String>,
    pub x: PlotAxis,
    pub y: PlotAxis,
    /// The metric with its unit.
    pub label: AxisTitle,
    pub cells: Vec<Cell>,
    pub color: Scale,
}

impl HeatMap {
    fn new(job: &ChartJob, frame: &RunTable, metric: &MetricRows, keys: Option<(&KeyColumn, &KeyColumn)>) -> HeatMap {
        let (xs, ys) = keys.map_or_else(Default::default, |(x, y)| (ordered(frame, x), ordered(frame, y)));
        let mut cells: Vec<Cell> = Vec::new();
        let mut taken = BTreeSet::new();
        let mut is_repeated = false;
        for (row, &MetricValue { value, ci, arrival, .. }) in metric.rows.iter().enumerate() {
            if value.is_none() && !arrival.is_nothing() {
                continue;
            }
            let (panel, x, y) = (frame.transports.of_row[row], xs.of_row[row], ys.of_row[row]);
            if taken.insert((panel, x, y)) {
                cells.push(Cell { point: frame.point(row), panel, x, y, value, ci, arrival });
            } else {
                is_repeated = true;
            }
        }
        let axis = |key: Option<&KeyColumn>, values: Categories| {
            let names = values.names.into_iter().map(|value| key.map_or(String::new(), |key| place_name(key, value)));
            let title = key.map_or_else(AxisTitle::default, KeyColumn::title);
            PlotAxis::new(title, Scale::category(names.collect()), 0)
        };
        let (mut x, mut y) = (axis(keys.map(|keys| keys.0), xs), axis(keys.map(|keys| keys.1), ys));
        for (axis, label) in [(&mut x, &job.chart.view.x_label), (&mut y, &job.chart.view.y_label)] {
            if let Some(words) = label {
                axis.title.reword(words);
            }
        }
        let panel_names = frame.transports.names.iter().map(|name| job.label(name).to_owned()).collect();
        let mut signs = Vec::new();
        let drawn = cells.iter().filter(|cell| cell.value.is_some()).map(|cell| cell.arrival);
        signs.extend(arrival::hatched(drawn).map(|meaning| format!("{meaning}.")));
        if cells.iter().any(|cell| cell.value.is_none()) {
            signs.push(format!("white with a grey hatch: {}.", arrival::ABSENT));
        }
        let repeated = "More keys are swept than are shown: of each field the first point is drawn.".to_owned();
        HeatMap {
            head: Heading::of(job),
            signs,
            remarks: if is_repeated { vec![repeated] } else { Vec::new() },
            panels: if cells.is_empty() { vec![String::new()] } else { panel_names },
            x,
            y,
            label: metric.quantity.title(),
            color: color_scale(&cells),
            cells,
        }
    }

    pub fn draw(&self) -> Result<Drawing, ChartError> {
        let stretch = |sheet: ChartSheet| {
            let across = self.panels.len().min(MapPlaces::most_across(sheet));
            let rows = self.panels.len().div_ceil(across);
            Stretch { rows, least: LEAST_EXTRA, most: f64::INFINITY }
        };
        Drawing::fitted(self.head.sheet, stretch, |sheet, extra| self.draw_on(sheet, extra))
    }

    /// Draws it with panels that are higher than usual by `extra`.
    fn draw_on(&self, sheet: ChartSheet, extra: f64) -> Result<Drawing, ChartError> {
        let (head, foot) = (TextBlock::head(sheet, &self.head), TextBlock::foot(sheet, &self.small_print()));
        let HeatMap { panels, x, y, label, color, .. } = self;
        let parts = MapParts { head: &head, foot: &foot, panels, x, y, label, color };
        let places = MapPlaces::new(&parts, sheet, extra);
        drawing(self.head.page(sheet, self.description()), places.end, |canvas| {
            head.draw(canvas, sheet.margin)?;
            for (index, name) in places.names.iter().enumerate() {
                let rect = places.panel(index);
                draw_name(canvas, rect, name)?;
                let is_first = index % places.across == 0;
                if is_first && !self.cells.is_empty() {
                    let (across, up) = (rect.left - places.labels - LABEL_SIZE * 0.95, rect.center().1);
                    draw_y_title(canvas, &places.y_title, (across, up))?;
                }
                self.draw_panel(canvas, index, rect, is_first)?;
            }
            let at = (places.middle(), places.rows_end);
            canvas.lines(&places.x_title, at, Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
            if !self.cells.is_empty() {
                self.draw_color_bar(canvas, places.color_bar(), &places.bar_title)?;
            }
            foot.draw(canvas, places.titles_end)
        })
    }

    fn small_print(&self) -> Vec<String> {
        self.signs.iter().chain(&self.remarks).cloned().collect()
    }

    fn description(&self) -> String {
        let by = [&self.x.title, &self.y.title].map(AxisTitle::to_string).into_iter().filter(|title| !title.is_empty());
        let description = Description {
            kind: ChartKind::Heatmap,
            values: vec![self.label.to_string()],
            by: by.collect::<Vec<_>>().join(" and "),
            series: self.panels.iter().map(String::as_str).collect(),
            count: self.cells.len(),
            remarks: &self.small_print(),
        };
        description.in_words()
    }

    /// A panel, the first of its row with the labels of the vertical axis.
    fn draw_panel(&self, canvas: &mut Canvas, index: usize, rect: Rect, is_first: bool) -> Result<(), ChartError> {
        canvas.geometry.plots.push(rect);
        if self.cells.is_empty() {
            canvas.text("no data", rect.center(), Lettering::new(16.0, FAINT), HPos::Center)?;
            return canvas.frame(rect, Stroke::solid(INK, 1.0));
        }
        let plot = Frame { rect, x: &self.x.scale, y: &self.y.scale };
        draw_x(canvas, &plot, &[], true)?;
        if is_first {
            draw_y(canvas, &plot)?;
        }
        let cells = self.cells.iter().filter(|cell| cell.panel == index);
        let fields: Vec<(Rect, &Cell)> = cells.map(|cell| (field(&plot, cell), cell)).collect();
        // Painted over the grid lines, even without a value.
        canvas.fill(rect, WHITE)?;
        canvas.unchanged(|canvas| self.draw_cells(canvas, &fields))?;
        canvas.frame(rect, Stroke::solid(INK, 1.0))
    }

    fn draw_cells(&self, canvas: &mut Canvas, fields: &[(Rect, &Cell)]) -> Result<(), ChartError> {
        for (field, cell) in fields {
            canvas.fill(field.grown(OVERLAP), self.shade(cell))?;
            if cell.arrival.is_marked() {
                let color = if cell.value.is_some() { WHITE } else { FAINT };
                hatch(canvas, *field, Stroke::solid(color, 1.25))?;
            }
        }
        self.draw_texts(canvas, fields)
    }

    fn shade(&self, cell: &Cell) -> plotters::style::RGBColor {
        cell.value.map_or(WHITE, |value| viridis(self.color.share(value)))
    }

    /// Writes the values and shares when all of them fit, in words if these do.
    fn draw_texts(&self, canvas: &mut Canvas, fields: &[(Rect, &Cell)]) -> Result<(), ChartError> {
        let fits = |lines: &[String], field: Rect| {
            let high = VALUE_SIZE + 4.0 + (lines.len().max(1) - 1) as f64 * VALUE_SIZE * LEADING;
            let is_wide =
                lines.iter().all(|line| width(line, VALUE_SIZE) + 6.0 <= field.width() && !line.contains('^'));
            is_wide && high <= field.height()
        };
        let written = [true, false].into_iter().find_map(|in_words| {
            let texts: Vec<Vec<String>> = fields.iter().map(|(_, cell)| cell.lines(in_words)).collect();
            if texts.iter().zip(fields).all(|(lines, (field, _))| fits(lines, *field)) { Some(texts) } else { None }
        });
        let mut written = written.iter().flatten().zip(fields);
        written.try_for_each(|(lines, (field, cell))| self.draw_text(canvas, *field, lines, cell))
    }

    /// Over a hatch the text has its own background.
    fn draw_text(&self, canvas: &mut Canvas, field: Rect, lines: &[String], cell: &Cell) -> Result<(), ChartError> {
        let middle = field.center();
        let half = lines.len() as f64 * VALUE_SIZE * LEADING / 2.0;
        if cell.arrival.is_marked() {
            let wide = lines.iter().map(|line| width(line, VALUE_SIZE)).fold(0.0, f64::max) / 2.0 + 3.0;
            canvas.fill(Rect::around(middle, wide, half + 1.0), self.shade(cell))?;
        }
        let style = Lettering::new(VALUE_SIZE, ink_on(self.shade(cell)));
        canvas.lines(lines, (middle.0, middle.1 - half), style, HPos::Center)
    }

    /// The colour bar beside the panels.
    fn draw_color_bar(&self, canvas: &mut Canvas, space: Rect, title: &[String]) -> Result<(), ChartError> {
        let steps = space.height() as u32 / 2;
        canvas.unchanged(|canvas| {
            (0..steps).try_for_each(|step| {
                let bottom = space.bottom - f64::from(step) * space.height() / f64::from(steps);
                let band = Rect::new(space.left, space.top, space.right, bottom);
                canvas.fill(band, viridis(f64::from(step) / f64::from(steps.max(2) - 1)))
            })
        })?;
        canvas.frame(space, Stroke::solid(INK, 1.0))?;
        for tick in y_ticks(&self.color, space.height()) {
            let up = space.bottom - self.color.share(tick.value) * space.height();
            let length = if tick.label.is_some() { 5.0 } else { 3.0 };
            canvas.line(&[(space.right, up), (space.right + length, up)], Stroke::solid(INK, 1.0))?;
            if let Some(label) = tick.label {
                number(canvas, &label, (space.right + 9.0, up), HPos::Left)?;
            }
        }
        let beside = space.right + y_label_width(&self.color, space.height()) + LABEL_SIZE * 0.95;
        let style = Lettering::new(LABEL_SIZE, INK);
        title.iter().enumerate().try_for_each(|(place, line)| {
            let across = beside + place as f64 * LABEL_SIZE * LEADING;
            canvas.upright(line, (across, f64::midpoint(space.top, space.bottom)), style)
        })
    }
}

/// Whole pixels, so that no seams show between fields.
fn field(plot: &Frame, cell: &Cell) -> Rect {
    let (x, y) = (cell.x as f64, cell.y as f64);
    let (left, right) = (plot.across(x - 0.5), plot.across(x + 0.5));
    Rect::new(left.round(), plot.up(y + 0.5).round(), right.round(), plot.up(y - 0.5).round())
}

/// The name of a panel, above it.
fn draw_name(canvas: &mut Canvas, rect: Rect, name: &[String]) -> Result<(), ChartError> {
    for (line, text) in name.iter().rev().enumerate() {
        let up = rect.top - 4.0 - (line as f64 + 0.5) * TICK_SIZE * LEADING;
        let at = (f64::midpoint(rect.left, rect.right), up);
        canvas.text(text, at, Lettering::new(TICK_SIZE, INK), HPos::Center)?;
    }
    Ok(())
}

/// A value of a key in the unit of its axis.
fn place_name(key: &KeyColumn, value: String) -> String {
    match value.parse::<f64>() {
        Ok(number) if !key.has_words => plain(key.unit.map_or(number, |unit| unit.to(number))),
        _ => value,
    }
}

/// The values of a key: numbers ascending, words in their order.
fn ordered(frame: &RunTable, key: &KeyColumn) -> Categories {
    let mut names = distinct(frame.values(key));
    let number = |value: &String| if key.has_words { None } else { value.parse::<f64>().ok() };
    let numbers: Option<Vec<f64>> = names.iter().map(number).collect();
    if let Some(numbers) = numbers {
        let mut numbered: Vec<(f64, String)> = numbers.into_iter().zip(names).collect();
        numbered.sort_by(|one, other| one.0.total_cmp(&other.0));
        names = numbered.into_iter().map(|(_, name)| name).collect();
    }
    Categories::among(names, frame.values(key))
}

/// Logarithmic if the values are positive and span more than two decades.
fn color_scale(cells: &[Cell]) -> Scale {
    let values = || cells.iter().filter_map(|cell| cell.value);
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    let scale = if low > 0.0 && high / low > 100.0 { AxisScale::Log } else { AxisScale::Linear };
    Scale::fit(scale, values(), Fit::Exact)
}
