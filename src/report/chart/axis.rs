//! The frame of a plot: axes, grid, tick labels, axis titles.

use super::axis_title::AxisTitle;
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke, part_before};
use super::error::ChartError;
use super::font::{shortened, width, wrap};
use super::geometry::Rect;
use super::palette::{GRID_LINE, INK};
use super::scale::{Scale, ScaleKind};
use super::ticks::{Tick, ticks, ticks_at};
use crate::report::digits::{decade, shifted};

/// Size of tick labels in pixels.
pub const TICK_SIZE: f64 = 12.5;
/// Size of axis titles.
pub const LABEL_SIZE: f64 = 13.5;
const TICK_LENGTH: f64 = 5.0;
const GAP: f64 = 4.0;
/// Raised figures are this much smaller.
const RAISED: f64 = 0.72;

/// An axis with its title.
#[derive(Clone, Debug)]
pub struct PlotAxis {
    pub title: AxisTitle,
    pub scale: Scale,
    /// A value of the results times ten to the power of this is one of the axis.
    pub shift: i32,
    /// The values of the results in one of the axis, after that shift: 60 of minutes.
    pub per: f64,
    /// The values that have labels, if there is room for all of these; none: round values.
    pub stops: Vec<f64>,
}

impl PlotAxis {
    /// An axis with labels at round values, whose unit is this power of ten away from that of the results.
    pub fn new(title: AxisTitle, scale: Scale, shift: i32) -> PlotAxis {
        PlotAxis { title, scale, shift, per: 1.0, stops: Vec::new() }
    }

    /// A value of the results on this axis.
    pub fn place(&self, value: f64) -> f64 {
        shifted(value, self.shift) / self.per
    }
}

/// A plot area with its two scales.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub rect: Rect,
    pub x: &'a Scale,
    pub y: &'a Scale,
}

impl Frame<'_> {
    /// The place of a value across.
    pub fn across(&self, value: f64) -> f64 {
        self.rect.left + self.x.share(value) * self.rect.width()
    }

    /// The place of a value upwards.
    pub fn up(&self, value: f64) -> f64 {
        self.rect.bottom - self.y.share(value) * self.rect.height()
    }

    /// The place of a pair of values.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.across(x), self.up(y))
    }
}

/// Width of a tick label; the part after `^` is raised.
pub fn number_width(label: &str) -> f64 {
    match label.split_once('^') {
        Some((base, power)) => width(base, TICK_SIZE) + width(power, TICK_SIZE * RAISED),
        None => width(label, TICK_SIZE),
    }
}

/// Draws a tick label.
pub fn number(canvas: &mut Canvas, label: &str, at: (f64, f64), align: HPos) -> Result<(), ChartError> {
    let Some((base, power)) = label.split_once('^') else {
        return canvas.text(label, at, Lettering::new(TICK_SIZE, INK), align);
    };
    let left = at.0 - number_width(label) * part_before(align);
    canvas.text(base, (left, at.1), Lettering::new(TICK_SIZE, INK), HPos::Left)?;
    canvas.text(
        power,
        (left + width(base, TICK_SIZE), at.1 - TICK_SIZE * 0.4),
        Lettering::new(TICK_SIZE * RAISED, INK),
        HPos::Left,
    )
}

/// The marks of a vertical axis of this height, labels thinned until they do not touch.
pub fn y_ticks(scale: &Scale, height: f64) -> Vec<Tick> {
    const HIGH: f64 = TICK_SIZE + 4.0;
    match &scale.kind {
        ScaleKind::Category(names) => {
            let stride = (HIGH * names.len() as f64 / height).ceil().max(1.0) as usize;
            ticks(scale, 0).into_iter().step_by(stride).collect()
        }
        ScaleKind::Linear => ticks(scale, (height / 40.0).floor().clamp(2.0, 10.0) as usize),
        ScaleKind::Log => thinned(ticks(scale, 0), |marks| are_apart(scale, marks, height, |_| HIGH)),
    }
}

/// The marks of a horizontal axis of this width: at the stops if all their labels have room, else at round values, with
/// labels thinned until they do not touch.
pub fn x_ticks(scale: &Scale, stops: &[f64], length: f64) -> Vec<Tick> {
    let apart = |marks: &[Tick]| are_apart(scale, marks, length, |label| number_width(label) + 10.0);
    if let Some(marks) = ticks_at(scale, stops).filter(|marks| apart(marks)) {
        return marks;
    }
    match scale.kind {
        ScaleKind::Category(_) => ticks(scale, 0),
        ScaleKind::Linear => {
            let fitting = (2..=10).rev().map(|wanted| ticks(scale, wanted)).find(|marks| apart(marks));
            // One number has room on any axis.
            fitting.unwrap_or_else(|| ticks(scale, 2).into_iter().take(1).collect())
        }
        ScaleKind::Log => thinned(ticks(scale, 0), apart),
    }
}

/// Whether no label of this extent touches the next one on an axis of this length.
fn are_apart(scale: &Scale, marks: &[Tick], length: f64, extent: impl Fn(&str) -> f64) -> bool {
    let labels = marks.iter().filter_map(|tick| Some((tick.value, tick.label.as_deref()?)));
    let places: Vec<(f64, f64)> =
        labels.map(|(value, label)| (scale.share(value) * length, extent(label) / 2.0)).collect();
    places.windows(2).all(|pair| pair[1].0 - pair[1].1 >= pair[0].0 + pair[0].1)
}

/// The marks without as many labels as need be: first without those between powers of ten, if two of these have one.
fn thinned(mut marks: Vec<Tick>, fits: impl Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let is_power =
        |tick: &Tick| (tick.value / libm::exp10(f64::from(decade(tick.value * 1.000_001))) - 1.0).abs() < 1e-6;
    let powers = marks.iter().filter(|tick| tick.label.is_some() && is_power(tick)).count();
    if powers >= 2 && !fits(&marks) {
        marks.iter_mut().filter(|tick| !is_power(tick)).for_each(|tick| tick.label = None);
    }
    while !fits(&marks) {
        marks.iter_mut().filter(|tick| tick.label.is_some()).skip(1).step_by(2).for_each(|tick| tick.label = None);
    }
    marks
}

/// Space of the labels of a vertical axis to its left, without its title.
pub fn y_label_width(scale: &Scale, height: f64) -> f64 {
    let widest =
        y_ticks(scale, height).iter().filter_map(|tick| tick.label.as_deref()).map(number_width).fold(0.0, f64::max);
    widest + TICK_LENGTH + GAP
}

/// The step at which names are shown under a horizontal axis, as small as they do not touch, and the lines of each. A
/// few names are all shown, broken to the width of their places.
fn category_lines(names: &[String], length: f64) -> (usize, Vec<Vec<String>>) {
    let slot = length / names.len().max(1) as f64;
    let widest = names.iter().map(|name| width(name, TICK_SIZE)).fold(0.0, f64::max);
    let numbers =
        names.iter().all(|name| name.chars().all(|letter| letter.is_ascii_digit() || ",.−e".contains(letter)));
    let fitting = ((widest + 8.0) / slot).ceil().max(1.0) as usize;
    let stride = if names.len() <= 10 && !numbers { 1 } else { fitting };
    let room = (slot - 6.0).max(20.0);
    let lines = |name: &String| if stride == 1 { wrap(name, TICK_SIZE, room) } else { vec![name.clone()] };
    (stride, names.iter().map(lines).collect())
}

/// Height of the labels under a horizontal axis, without its title.
pub fn x_label_height(scale: &Scale, length: f64) -> f64 {
    let lines = match &scale.kind {
        ScaleKind::Category(names) => category_lines(names, length).1.iter().map(Vec::len).max().unwrap_or(1),
        _ => 1,
    };
    TICK_LENGTH + GAP + lines as f64 * TICK_SIZE * LEADING
}

/// The lines of the title of a vertical axis of this height. A title that needs more is cut.
pub fn y_title_lines(title: &AxisTitle, height: f64) -> Vec<String> {
    /// More would take the width of the plot.
    const MOST: usize = 3;
    let mut lines = wrap(&title.to_string(), LABEL_SIZE, height);
    if lines.len() > MOST {
        lines.truncate(MOST);
        let last = lines.pop().unwrap_or_default();
        lines.push(shortened(&last, LABEL_SIZE, height));
    }
    lines
}

/// Draws the title of a vertical axis, centred at `middle`; its last line is centred at `across`.
pub fn draw_y_title(canvas: &mut Canvas, lines: &[String], (across, middle): (f64, f64)) -> Result<(), ChartError> {
    lines.iter().rev().enumerate().try_for_each(|(index, line)| {
        let across = across - index as f64 * LABEL_SIZE * LEADING;
        canvas.upright(line, (across, middle), Lettering::new(LABEL_SIZE, INK))
    })
}

/// Draws grid, frame and labels of the vertical axis.
pub fn draw_y(canvas: &mut Canvas, frame: &Frame) -> Result<(), ChartError> {
    let Rect { left, right, .. } = frame.rect;
    for tick in y_ticks(frame.y, frame.rect.height()) {
        let at = frame.up(tick.value);
        let Some(label) = tick.label else {
            canvas.line(&[(left, at), (left - TICK_LENGTH * 0.6, at)], Stroke::solid(INK, 0.75))?;
            continue;
        };
        canvas.line(&[(left, at), (right, at)], Stroke::solid(GRID_LINE, 1.0))?;
        canvas.line(&[(left, at), (left - TICK_LENGTH, at)], Stroke::solid(INK, 1.0))?;
        number(canvas, &label, (left - TICK_LENGTH - GAP, at), HPos::Right)?;
    }
    Ok(())
}

/// Draws the grid of the horizontal axis, and its labels if it has them.
pub fn draw_x(canvas: &mut Canvas, frame: &Frame, stops: &[f64], labelled: bool) -> Result<(), ChartError> {
    let Rect { top, bottom, .. } = frame.rect;
    let category = matches!(frame.x.kind, ScaleKind::Category(_));
    for tick in x_ticks(frame.x, stops, frame.rect.width()) {
        let at = frame.across(tick.value);
        if tick.label.is_some() && !category {
            canvas.line(&[(at, top), (at, bottom)], Stroke::solid(GRID_LINE, 1.0))?;
        }
        let length = if tick.label.is_some() { TICK_LENGTH } else { TICK_LENGTH * 0.6 };
        canvas.line(&[(at, bottom), (at, bottom + length)], Stroke::solid(INK, 1.0))?;
        if let (Some(label), true, false) = (tick.label, labelled, category) {
            number(canvas, &label, (at, bottom + TICK_LENGTH + GAP + TICK_SIZE * LEADING / 2.0), HPos::Center)?;
        }
    }
    match &frame.x.kind {
        ScaleKind::Category(names) if labelled => draw_names(canvas, frame, names),
        _ => Ok(()),
    }
}

fn draw_names(canvas: &mut Canvas, frame: &Frame, names: &[String]) -> Result<(), ChartError> {
    let (stride, names) = category_lines(names, frame.rect.width());
    let top = frame.rect.bottom + TICK_LENGTH + GAP;
    names.iter().enumerate().step_by(stride).try_for_each(|(place, lines)| {
        canvas.lines(lines, (frame.across(place as f64), top), Lettering::new(TICK_SIZE, INK), HPos::Center)
    })
}
