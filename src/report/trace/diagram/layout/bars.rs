//! Bars on the lifelines.

use crate::report::chart::Rect;
use crate::report::trace::diagram::drawn::DrawnBar;
use crate::report::trace::diagram::look::color_of_bar;
use crate::report::trace::diagram::sheet::ColumnSource;
use crate::report::trace::scene::{SceneBar, SceneBarKind};
use crate::report::trace::story::Actor;
use crate::units::Time;

/// Width of a bar of the server, and of the client.
const WIDE: f64 = 9.0;
const THIN: f64 = 6.0;
/// From one of several bars to the next, and how many stand beside each other.
const BESIDE: f64 = 6.0;
const MOST_BESIDE: usize = 6;
/// Checks closer than this are not drawn.
const CHECKS: f64 = 4.0;
/// Checks of a series that are drawn.
const MOST_CHECKS: u64 = 400;

/// The bars; of several at once each is a little further to the right.
pub fn bars(source: &ColumnSource) -> Vec<DrawnBar> {
    let (begin, end) = source.span;
    let mut free = [Vec::<Time>::new(), Vec::new()];
    let mut drawn = Vec::new();
    let mut bars: Vec<&SceneBar> = source.scene.bars.iter().filter(|bar| bar.from < end).collect();
    bars.sort_by_key(|bar| bar.from);
    for bar in bars {
        let actor = bar.kind.actor();
        let to = bar.to.unwrap_or(end).min(end);
        let lane = lane(&mut free[usize::from(actor == Actor::Client)], bar.from, bar.to.unwrap_or(Time::NEVER));
        let (top, bottom) = (source.y(bar.from.max(begin)), source.y(to));
        if bottom - top < 0.5 {
            continue;
        }
        let half = if actor == Actor::Client { THIN } else { WIDE } / 2.0;
        let x = source.x(actor) + lane as f64 * BESIDE;
        let rect = Rect::new(x - half, top, x + half, bottom);
        let orphan_from = bar.orphan_from.map(|at| source.y(at.max(begin)).min(bottom));
        let checks = if bar.kind == SceneBarKind::Hold { checks(source, bar, to) } else { Vec::new() };
        drawn.push(DrawnBar { rect, kind: bar.kind, color: color_of_bar(bar.kind, source.color), orphan_from, checks });
    }
    drawn
}

/// The first lane that is free, which is taken until `to`.
pub fn lane(free: &mut Vec<Time>, from: Time, to: Time) -> usize {
    let lane = free.iter().position(|free_from| *free_from <= from).unwrap_or(free.len());
    match free.get_mut(lane) {
        Some(free_from) => *free_from = to,
        None => free.push(to),
    }
    lane.min(MOST_BESIDE - 1)
}

/// The heights of the checks of a held request, if they are far enough from each other.
fn checks(source: &ColumnSource, bar: &SceneBar, to: Time) -> Vec<f64> {
    let is_in = |at: Time| bar.from <= at && at <= to && at >= source.span.0;
    let mut heights = Vec::new();
    for series in &source.scene.checks {
        if bar.from > series.first || series.last() > bar.to.unwrap_or(Time::NEVER) {
            continue;
        }
        let instants = (0..series.count.min(MOST_CHECKS)).map(|number| series.first.plus(series.every.times(number)));
        heights.extend(instants.filter(|at| is_in(*at)).map(|at| source.y(at)));
    }
    heights.sort_by(f64::total_cmp);
    let are_close = heights.windows(2).any(|pair| pair[1] - pair[0] < CHECKS);
    if are_close { Vec::new() } else { heights }
}
