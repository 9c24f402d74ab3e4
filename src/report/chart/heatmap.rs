//! A metric over two swept keys, as colours.

use std::collections::BTreeSet;

use super::arrival::{self, Arrival};
use super::axis::{
    Frame, LABEL_SIZE, PlotAxis, TICK_SIZE, draw_x, draw_y, number, x_label_height, y_label_width, y_ticks,
};
use super::canvas::{Canvas, Drawing, HPos, LEADING, Lettering, Stroke, drawing};
use super::figure::{MARGIN, WIDTH};
use super::font::{width, wrap};
use super::format::{plain, short};
use super::geometry::Rect;
use super::job::{ChartError, ChartJob};
use super::names::distinct;
use super::palette::{FAINT, INK, WHITE, hatch, ink_on, viridis};
use super::run_table::{Categories, KeyColumn, MetricRows, MetricValue, RunTable};
use super::scale::{Fit, Scale};
use super::text_block::{Head, TextBlock};
use crate::experiment::chart::AxisScale;

const BETWEEN: f64 = 22.0;
const BAR_WIDTH: f64 = 16.0;
const VALUE_SIZE: f64 = 11.5;
/// Panels beside each other; more go below.
const MOST_ACROSS: usize = 3;
const BAR_GAP: f64 = 18.0;

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
struct Cell {
    panel: usize,
    x: usize,
    y: usize,
    value: Option<f64>,
    arrival: Arrival,
}

impl Cell {
    /// Its text: its value and the share of the messages that arrived, in words or in short.
    fn lines(&self, in_words: bool) -> Vec<String> {
        let share = self.arrival.label().map(|label| match (in_words, self.value) {
            (true, _) => label,
            (false, Some(_)) => label.trim_end_matches(" arrive").to_owned(),
            (false, None) => "none".to_owned(),
        });
        self.value.map(|value| short(value, 3)).into_iter().chain(share).collect()
    }
}

/// A heat map ready to be laid out.
pub struct HeatMap {
    head: TextBlock,
    foot: TextBlock,
    panels: Vec<String>,
    x: PlotAxis,
    y: PlotAxis,
    label: String,
    cells: Vec<Cell>,
    color: Scale,
}

impl HeatMap {
    fn new(job: &ChartJob, frame: &RunTable, metric: &MetricRows, keys: Option<(&KeyColumn, &KeyColumn)>) -> HeatMap {
        let (xs, ys) = keys.map_or_else(Default::default, |(x, y)| (ordered(frame, x), ordered(frame, y)));
        let mut cells: Vec<Cell> = Vec::new();
        let mut taken = BTreeSet::new();
        let mut is_repeated = false;
        for (row, &MetricValue { value, arrival, .. }) in metric.rows.iter().enumerate() {
            if value.is_none() && arrival != Arrival::Nothing {
                continue;
            }
            let (panel, x, y) = (frame.transports.of_row[row], xs.of_row[row], ys.of_row[row]);
            if taken.insert((panel, x, y)) {
                cells.push(Cell { panel, x, y, value, arrival });
            } else {
                is_repeated = true;
            }
        }
        let axis = |key: Option<&KeyColumn>, values: Categories| PlotAxis {
            label: key.map_or_else(String::new, |key| key.quantity.label()),
            scale: Scale::category(values.names.into_iter().map(|value| value.parse().map_or(value, plain)).collect()),
        };
        let mut remarks = Vec::new();
        if cells.iter().any(|cell| cell.value.is_some() && cell.arrival.is_marked()) {
            remarks.push(format!("{}.", arrival::HATCHED));
        }
        if cells.iter().any(|cell| cell.value.is_none()) {
            remarks.push(format!("white with a grey hatch: {}.", arrival::ABSENT));
        }
        if is_repeated {
            remarks.push("More keys are swept than are shown: of each field the first point is drawn.".to_owned());
        }
        HeatMap {
            head: TextBlock::head(&Head::of(job)),
            foot: TextBlock::foot(&remarks),
            panels: if cells.is_empty() { vec![String::new()] } else { frame.transports.names.clone() },
            x: axis(keys.map(|(x, _)| x), xs),
            y: axis(keys.map(|(_, y)| y), ys),
            label: metric.quantity.label(),
            color: color_scale(&cells),
            cells,
        }
    }

    pub fn draw(&self) -> Result<Drawing, ChartError> {
        let across = self.panels.len().min(MOST_ACROSS);
        let rows = self.panels.len().div_ceil(across);
        let bar = BAR_GAP + BAR_WIDTH + y_label_width(&self.color, 300.0) + LABEL_SIZE * LEADING + 3.0;
        let labels = y_label_width(&self.y.scale, 300.0);
        let left = (MARGIN + labels + LABEL_SIZE * LEADING + 6.0).round();
        let wide = ((WIDTH - MARGIN - bar - left - BETWEEN * (across as f64 - 1.0)) / across as f64).floor();
        let high = if across == 1 { 340.0 } else { (wide * 1.1).clamp(170.0, 300.0).round() };
        let names: Vec<Vec<String>> = self.panels.iter().map(|name| wrap(name, TICK_SIZE, wide)).collect();
        let name_height = names.iter().map(Vec::len).max().unwrap_or(1) as f64 * TICK_SIZE * LEADING + 4.0;
        let below = x_label_height(&self.x.scale, wide) + 4.0;
        let top = MARGIN + self.head.height();
        let row_height = name_height + high + below;
        let end = top + row_height * rows as f64;
        let height = end + LABEL_SIZE * LEADING + 6.0 + self.foot.height() + MARGIN * 0.6;
        let rect = |index: usize| {
            let x = left + (index % across) as f64 * (wide + BETWEEN);
            let y = (top + (index / across) as f64 * row_height + name_height).round();
            Rect::new(x, y, x + wide, y + high)
        };
        drawing((WIDTH, height), |canvas| {
            self.head.draw(canvas, MARGIN)?;
            for (index, name) in names.iter().enumerate() {
                draw_name(canvas, rect(index), name)?;
                let title =
                    if index % across == 0 { Some(rect(index).left - labels - LABEL_SIZE * 0.95) } else { None };
                self.draw_panel(canvas, index, rect(index), title)?;
            }
            let right = left + across as f64 * (wide + BETWEEN) - BETWEEN;
            let middle = f64::midpoint(left, right);
            let at = (middle, end + LABEL_SIZE * LEADING / 2.0);
            canvas.text(&self.x.label, at, Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
            if !self.cells.is_empty() {
                let (first, last) = (rect(0), rect(self.panels.len() - 1));
                let bottom = last.bottom.min(first.top + 400.0);
                let space = Rect::new(right + BAR_GAP, first.top, right + BAR_GAP + BAR_WIDTH, bottom);
                self.draw_color_bar(canvas, space)?;
            }
            self.foot.draw(canvas, end + LABEL_SIZE * LEADING + 6.0)
        })
    }

    /// A panel; `title` is the position of the title of the vertical axis, if it has one.
    fn draw_panel(&self, canvas: &mut Canvas, index: usize, rect: Rect, title: Option<f64>) -> Result<(), ChartError> {
        canvas.geometry.plots.push(rect);
        if self.cells.is_empty() {
            canvas.text("no data", rect.center(), Lettering::new(16.0, FAINT), HPos::Center)?;
            return canvas.frame(rect, Stroke::solid(INK, 1.0));
        }
        let plot = Frame { rect, x: &self.x.scale, y: &self.y.scale };
        draw_x(canvas, &plot, true)?;
        if let Some(title) = title {
            draw_y(canvas, &plot, &self.y.label, title)?;
        }
        let cells = self.cells.iter().filter(|cell| cell.panel == index);
        let fields: Vec<(Rect, &Cell)> = cells.map(|cell| (field(&plot, cell), cell)).collect();
        // Painted over the grid lines, even without a value.
        canvas.fill(rect, WHITE)?;
        for (field, cell) in &fields {
            canvas.fill(*field, self.shade(cell))?;
            if cell.arrival.is_marked() {
                let color = if cell.value.is_some() { WHITE } else { FAINT };
                hatch(canvas, *field, Stroke::solid(color, 1.25))?;
            }
        }
        self.draw_texts(canvas, &fields)?;
        canvas.frame(rect, Stroke::solid(INK, 1.0))
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
    fn draw_color_bar(&self, canvas: &mut Canvas, space: Rect) -> Result<(), ChartError> {
        let steps = space.height() as u32 / 2;
        for step in 0..steps {
            let bottom = space.bottom - f64::from(step) * space.height() / f64::from(steps);
            let band = Rect::new(space.left, space.top, space.right, bottom);
            canvas.fill(band, viridis(f64::from(step) / f64::from(steps.max(2) - 1)))?;
        }
        canvas.frame(space, Stroke::solid(INK, 1.0))?;
        for tick in y_ticks(&self.color, space.height()) {
            let up = space.bottom - self.color.share(tick.value) * space.height();
            let length = if tick.label.is_some() { 5.0 } else { 3.0 };
            canvas.line(&[(space.right, up), (space.right + length, up)], Stroke::solid(INK, 1.0))?;
            if let Some(label) = tick.label {
                number(canvas, &label, (space.right + 9.0, up), HPos::Left)?;
            }
        }
        let title = space.right + y_label_width(&self.color, space.height()) + LABEL_SIZE * 0.95;
        canvas.upright(&self.label, (title, f64::midpoint(space.top, space.bottom)), Lettering::new(LABEL_SIZE, INK))
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
