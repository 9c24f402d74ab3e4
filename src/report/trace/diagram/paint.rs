//! Draws a layout.

use plotters::style::RGBColor;

use super::drawn::{DrawnArrow, DrawnBar, DrawnWait, Label};
use super::layout::{ColumnLayout, Layout};
use super::legend::{LegendEntry, Sign};
use super::look::{FAILURE, LETTERS, LIFELINE, QUIET, color_of_arrow, width_of_arrow};
use crate::report::chart::canvas::{Canvas, HPos, Lettering, Stroke};
use crate::report::chart::palette::{FAINT, INK, WHITE, cross, hatch, pale};
use crate::report::chart::{ChartError, Rect};
use crate::report::trace::scene::{ArrowKind, SceneBarKind};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;

type Painted = Result<(), ChartError>;

/// Draws everything.
pub fn paint(canvas: &mut Canvas, layout: &Layout) -> Painted {
    let (top, bottom) = (layout.top, layout.axis.end());
    for column in &layout.columns {
        let source = column.column.x(Actor::Source);
        canvas.geometry.plots.push(Rect::new(column.column.left, top, column.column.right, bottom));
        for x in [column.column.client, column.column.server, source] {
            canvas.line(&[(x, top), (x, bottom)], Stroke::solid(LIFELINE, 1.25))?;
        }
        let network = column.column.x(Actor::Network);
        canvas.line(&[(network, top), (network, bottom)], Stroke { color: LIFELINE, width: 1.0, dash: &[1.5, 4.0] })?;
    }
    axis(canvas, layout)?;
    layout.columns.iter().try_for_each(|column| paint_column(canvas, column))?;
    layout.texts.iter().try_for_each(|label| text(canvas, label))?;
    let color = layout.columns.first().map_or(INK, |column| column.color);
    let color = if layout.columns.len() == 1 { color } else { INK };
    layout.legend.iter().try_for_each(|entry| sample(canvas, entry, color))
}

fn text(canvas: &mut Canvas, label: &Label) -> Painted {
    canvas.text(&label.text, label.at, Lettering::new(label.size, label.color), label.align)
}

/// The time axis, with its ticks and breaks.
fn axis(canvas: &mut Canvas, layout: &Layout) -> Painted {
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
        canvas.fill(Rect::new(x - 3.0, y - 2.5, right, y + 2.5), WHITE)?;
        for edge in [y - 2.5, y + 2.5] {
            canvas.line(&[(x - 4.0, edge + 1.5), (x + 4.0, edge - 1.5)], Stroke::solid(FAINT, 1.0))?;
        }
        canvas.text(&span(*length), (x - 7.0, y), Lettering::new(LETTERS - 1.0, FAINT), HPos::Right)?;
    }
    Ok(())
}

fn paint_column(canvas: &mut Canvas, column: &ColumnLayout) -> Painted {
    column.bars.iter().try_for_each(|bar| paint_bar(canvas, bar))?;
    column.waits.iter().try_for_each(|wait| paint_wait(canvas, wait))?;
    let quiet_first = |is_quiet: bool| column.arrows.iter().filter(move |arrow| (arrow.kind == ArrowKind::Empty) == is_quiet);
    quiet_first(true).chain(quiet_first(false)).try_for_each(|arrow| paint_arrow(canvas, arrow))?;
    for (at, is_failure) in &column.dots {
        canvas.disc(*at, 3.0, if *is_failure { FAILURE } else { FAINT })?;
    }
    column.crosses.iter().try_for_each(|at| cross(canvas, *at, FAILURE))?;
    column.labels.iter().try_for_each(|label| text(canvas, label))
}

fn paint_bar(canvas: &mut Canvas, bar: &DrawnBar) -> Painted {
    canvas.fill(bar.rect, bar.color)?;
    if let Some(from) = bar.orphan_from {
        let rect = Rect { top: from, ..bar.rect };
        canvas.fill(rect, WHITE)?;
        hatch(canvas, rect, Stroke::solid(FAILURE, 1.0))?;
        canvas.frame(rect, Stroke::solid(FAILURE, 1.0))?;
    }
    let Rect { left, right, .. } = bar.rect;
    let color = if bar.kind == SceneBarKind::Hold { WHITE } else { FAINT };
    let checks = bar.checks.iter();
    checks.map(|y| [(left, *y), (right, *y)]).try_for_each(|line| canvas.line(&line, Stroke::solid(color, 1.0)))
}

fn paint_wait(canvas: &mut Canvas, wait: &DrawnWait) -> Painted {
    let stroke = Stroke::solid(pale(wait.color, 0.6), 2.0);
    canvas.line(&[(wait.x, wait.from), (wait.x, wait.to)], stroke)?;
    if wait.has_begin {
        canvas.line(&[(wait.x - 3.0, wait.from), (wait.x + 3.0, wait.from)], stroke)?;
    }
    canvas.disc((wait.x, wait.to), 2.75, wait.color)
}

fn paint_arrow(canvas: &mut Canvas, arrow: &DrawnArrow) -> Painted {
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
fn head(canvas: &mut Canvas, (from, to): ((f64, f64), (f64, f64)), color: RGBColor) -> Painted {
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
fn sample(canvas: &mut Canvas, entry: &LegendEntry, color: RGBColor) -> Painted {
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
        color: match kind {
            SceneBarKind::Hold => pale(color, 0.4),
            SceneBarKind::Stream => pale(color, 0.25),
            SceneBarKind::Service => color,
            SceneBarKind::Queue | SceneBarKind::Wait => pale(FAINT, 0.35),
            SceneBarKind::Connect => pale(FAINT, 0.7),
            SceneBarKind::Down => FAILURE,
        },
        orphan_from: None,
        checks: Vec::new(),
    };
    match entry.sign {
        Sign::Arrow(kind) => paint_arrow(canvas, &line(kind)),
        Sign::Double => paint_arrow(canvas, &DrawnArrow { is_double: true, color: QUIET, ..line(ArrowKind::Empty) }),
        Sign::Unheard => paint_arrow(canvas, &DrawnArrow { is_unheard: true, ..line(ArrowKind::Control) }),
        Sign::Bar(kind) => paint_bar(canvas, &bar(kind)),
        Sign::Orphan => paint_bar(canvas, &DrawnBar { orphan_from: Some(y - 6.0), ..bar(SceneBarKind::Hold) }),
        Sign::Check => paint_bar(canvas, &DrawnBar { checks: vec![y - 2.0, y + 2.0], ..bar(SceneBarKind::Hold) }),
        Sign::Lost => cross(canvas, entry.at, FAILURE),
        Sign::Wait => {
            let wait = DrawnWait { x, from: y - 6.0, to: y + 5.0, color, has_begin: true };
            paint_wait(canvas, &wait)
        }
    }
}
