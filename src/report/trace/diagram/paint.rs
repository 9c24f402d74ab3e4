//! Draws a layout.

use plotters::style::RGBColor;

use super::drawn::{DiagramLabel, DiagramSign, DrawnArrow, DrawnBar, DrawnWait, SignEntry};
use super::look::{FAILURE, LETTERS, LIFELINE, QUIET, color_of_arrow, color_of_bar, width_of_arrow};
use super::sheet::{Diagram, DiagramBand, DrawnColumn};
use crate::report::chart::canvas::{Canvas, HPos, Lettering, Stroke};
use crate::report::chart::palette::{FAINT, INK, cross, hatch, pale};
use crate::report::chart::{ChartError, Rect};
use crate::report::trace::scene::{ArrowKind, SceneBarKind};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;

/// Draws everything.
pub fn paint(canvas: &mut Canvas, layout: &Diagram) -> Result<(), ChartError> {
    layout.bands.iter().try_for_each(|band| paint_band(canvas, band))?;
    layout.texts.iter().try_for_each(|label| text(canvas, label))?;
    let mut columns = layout.bands.iter().flat_map(|band| &band.columns);
    let color = match (columns.next(), columns.next()) {
        (Some(only), None) => only.color,
        _ => INK,
    };
    layout.legend.iter().try_for_each(|entry| sample(canvas, entry, color))
}

fn paint_band(canvas: &mut Canvas, band: &DiagramBand) -> Result<(), ChartError> {
    let (top, bottom) = (band.top, band.axis.end());
    for column in &band.columns {
        let source = column.column.x(Actor::Source);
        canvas.geometry.plots.push(Rect::new(column.column.left, top, column.column.right, bottom));
        for x in [column.column.client, column.column.server, source] {
            canvas.line(&[(x, top), (x, bottom)], Stroke::solid(LIFELINE, 1.25))?;
        }
        let network = column.column.x(Actor::Network);
        canvas.line(&[(network, top), (network, bottom)], Stroke { color: LIFELINE, width: 1.0, dash: &[1.5, 4.0] })?;
    }
    axis(canvas, band)?;
    band.columns.iter().try_for_each(|column| paint_column(canvas, column))
}

fn text(canvas: &mut Canvas, label: &DiagramLabel) -> Result<(), ChartError> {
    canvas.text(&label.text, label.at, Lettering::new(label.size, label.color), label.align)
}

/// The time axis, with its ticks and breaks.
fn axis(canvas: &mut Canvas, layout: &DiagramBand) -> Result<(), ChartError> {
    let (x, right) = (layout.axis_x, layout.columns.last().map_or(layout.axis_x, |column| column.column.right));
    canvas.line(&[(x, layout.top), (x, layout.axis.end())], Stroke::solid(FAINT, 1.0))?;
    let lettering = Lettering::new(LETTERS, INK);
    canvas.text("s", (x - 7.0, layout.top - LETTERS), lettering, HPos::Right)?;
    for tick in layout.axis.ticks() {
        canvas.line(&[(x - 4.0, tick.y), (x, tick.y)], Stroke::solid(FAINT, 1.0))?;
        canvas.text(&tick.label, (x - 7.0, tick.y), lettering, HPos::Right)?;
    }
    for (from, to, length) in &layout.axis.breaks {
        let y = f64::midpoint(*from, *to);
        canvas.clear(Rect::new(x - 3.0, y - 2.5, right, y + 2.5))?;
        for edge in [y - 2.5, y + 2.5] {
            canvas.line(&[(x - 4.0, edge + 1.5), (x + 4.0, edge - 1.5)], Stroke::solid(FAINT, 1.0))?;
        }
        canvas.text(&span(*length), (x - 7.0, y), Lettering::new(LETTERS - 1.0, FAINT), HPos::Right)?;
    }
    Ok(())
}

fn paint_column(canvas: &mut Canvas, column: &DrawnColumn) -> Result<(), ChartError> {
    column.bars.iter().try_for_each(|bar| paint_bar(canvas, bar))?;
    column.waits.iter().try_for_each(|wait| paint_wait(canvas, wait))?;
    let quiet_first =
        |is_quiet: bool| column.arrows.iter().filter(move |arrow| (arrow.kind == ArrowKind::Empty) == is_quiet);
    quiet_first(true).chain(quiet_first(false)).try_for_each(|arrow| paint_arrow(canvas, arrow))?;
    for (at, is_failure) in &column.dots {
        canvas.disc(*at, 3.0, if *is_failure { FAILURE } else { FAINT })?;
    }
    column.crosses.iter().try_for_each(|at| cross(canvas, *at, FAILURE))?;
    for label in &column.labels {
        // The lifeline of the network makes way.
        canvas.clear(label.bounds())?;
        text(canvas, label)?;
    }
    Ok(())
}

fn paint_bar(canvas: &mut Canvas, bar: &DrawnBar) -> Result<(), ChartError> {
    canvas.fill(bar.rect, bar.color)?;
    if let Some(from) = bar.orphan_from {
        let rect = Rect { top: from.max(bar.rect.top), ..bar.rect };
        canvas.clear(rect)?;
        hatch(canvas, rect, Stroke::solid(FAILURE, 1.0))?;
        canvas.frame(rect, Stroke::solid(FAILURE, 1.0))?;
    }
    let (right, stroke) = (bar.rect.right, Stroke::solid(FAINT, 0.75));
    bar.checks.iter().try_for_each(|y| canvas.line(&[(right, *y), (right + 3.0, *y)], stroke))
}

fn paint_wait(canvas: &mut Canvas, wait: &DrawnWait) -> Result<(), ChartError> {
    let stroke = Stroke::solid(pale(wait.color, 0.6), 2.0);
    canvas.line(&[(wait.x, wait.from), (wait.x, wait.to)], stroke)?;
    if wait.has_begin {
        canvas.line(&[(wait.x - 3.0, wait.from), (wait.x + 3.0, wait.from)], stroke)?;
    }
    canvas.disc((wait.x, wait.to), 2.75, wait.color)
}

fn paint_arrow(canvas: &mut Canvas, arrow: &DrawnArrow) -> Result<(), ChartError> {
    let stroke = Stroke::solid(arrow.color, width_of_arrow(arrow.kind));
    canvas.line(&[arrow.from, arrow.to], stroke)?;
    if arrow.is_unheard {
        return cross(canvas, arrow.to, FAILURE);
    }
    if arrow.has_end {
        head(canvas, (arrow.from, arrow.to), arrow.color)?;
    }
    if arrow.is_double { head(canvas, (arrow.to, arrow.from), arrow.color) } else { Ok(()) }
}

/// The head at the end of a line.
fn head(canvas: &mut Canvas, (from, to): ((f64, f64), (f64, f64)), color: RGBColor) -> Result<(), ChartError> {
    const LONG: f64 = 6.5;
    const HALF: f64 = 2.75;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = libm::hypot(dx, dy).max(1e-9);
    let (ux, uy) = (dx / length, dy / length);
    let back = (to.0 - ux * LONG, to.1 - uy * LONG);
    let corners = [to, (back.0 - uy * HALF, back.1 + ux * HALF), (back.0 + uy * HALF, back.1 - ux * HALF)];
    canvas.polygon(&corners, color, 1.0)
}

/// A sample of the legend.
fn sample(canvas: &mut Canvas, entry: &SignEntry, color: RGBColor) -> Result<(), ChartError> {
    text(canvas, &entry.label)?;
    let (x, y) = entry.at;
    let line = |kind: ArrowKind| DrawnArrow {
        from: (x - 10.0, y),
        to: (x + 10.0, y),
        kind,
        color: color_of_arrow(kind, color),
        is_double: false,
        has_end: true,
        is_unheard: false,
    };
    let bar = |kind: SceneBarKind| DrawnBar {
        rect: Rect::around(entry.at, 4.5, 6.0),
        kind,
        color: color_of_bar(kind, color),
        orphan_from: None,
        checks: Vec::new(),
    };
    match entry.sign {
        DiagramSign::Arrow(kind) => paint_arrow(canvas, &line(kind)),
        DiagramSign::Double => {
            paint_arrow(canvas, &DrawnArrow { is_double: true, color: QUIET, ..line(ArrowKind::Empty) })
        }
        DiagramSign::Unheard => paint_arrow(canvas, &DrawnArrow { is_unheard: true, ..line(ArrowKind::Control) }),
        DiagramSign::Bar(kind) => paint_bar(canvas, &bar(kind)),
        DiagramSign::Orphan => paint_bar(canvas, &DrawnBar { orphan_from: Some(y - 6.0), ..bar(SceneBarKind::Hold) }),
        DiagramSign::Check => {
            paint_bar(canvas, &DrawnBar { checks: vec![y - 2.0, y + 2.0], ..bar(SceneBarKind::Hold) })
        }
        DiagramSign::Lost => cross(canvas, entry.at, FAILURE),
        DiagramSign::Wait => {
            let wait = DrawnWait { x, from: y - 6.0, to: y + 5.0, color, has_begin: true };
            paint_wait(canvas, &wait)
        }
    }
}
