//! Arrows in pixels.

use std::collections::BTreeSet;

use crate::model::RequestId;
use crate::report::trace::diagram::drawn::DrawnArrow;
use crate::report::trace::diagram::look::color_of_arrow;
use crate::report::trace::diagram::sheet::ColumnSource;
use crate::report::trace::scene::{Arrow, ArrowKind};
use crate::report::trace::story::Actor;
use crate::units::Time;

/// Two lines closer than this are one.
const SAME: f64 = 3.0;

/// The name of an arrow: its place among the drawn ones, its label, and its kind.
pub struct ArrowName {
    pub arrow: usize,
    pub text: String,
    pub kind: ArrowKind,
}

/// The arrows, and the names of those that have one.
pub fn arrows(source: &ColumnSource) -> (Vec<DrawnArrow>, Vec<ArrowName>) {
    let empty: BTreeSet<RequestId> = of_kind(source, ArrowKind::Empty);
    let full: BTreeSet<RequestId> = of_kind(source, ArrowKind::Data);
    let (mut drawn, mut names): (Vec<DrawnArrow>, Vec<ArrowName>) = (Vec::new(), Vec::new());
    for arrow in source.scene.arrows.iter().filter(|arrow| arrow.sent < source.span.1) {
        let is_quiet =
            arrow.kind == ArrowKind::Request && empty.contains(&arrow.request) && !full.contains(&arrow.request);
        let kind = if is_quiet { ArrowKind::Empty } else { arrow.kind };
        let Some(line) = line(source, arrow, kind) else { continue };
        let place = match drawn.iter().rposition(|other| is_same(other, &line)) {
            Some(place) => {
                merge(&mut drawn[place], &line);
                place
            }
            None => {
                drawn.push(line);
                drawn.len() - 1
            }
        };
        if source.wanted.shows(arrow) && arrow.sent >= source.span.0 {
            names.push(ArrowName { arrow: place, text: arrow.label.clone(), kind: arrow.kind });
        }
    }
    // One line has one name: the most important one.
    names.sort_by_key(|name| (name.arrow, rank(name.kind)));
    names.dedup_by_key(|name| name.arrow);
    (drawn, names)
}

fn of_kind(source: &ColumnSource, kind: ArrowKind) -> BTreeSet<RequestId> {
    source.scene.arrows.iter().filter(|arrow| arrow.kind == kind).map(|arrow| arrow.request).collect()
}

/// The line of an arrow, as far as it is in the diagram.
fn line(source: &ColumnSource, arrow: &Arrow, kind: ArrowKind) -> Option<DrawnArrow> {
    let (from_x, to_x) = (source.x(arrow.from), source.x(arrow.to));
    let (begin, end) = source.span;
    let at = |share: f64| from_x + (to_x - from_x) * share;
    let middle = source.x(Actor::Network);
    let share = |time: Time| match arrow.arrives {
        Some(arrives) if arrives > arrow.sent => time.since(arrow.sent).0 as f64 / arrives.since(arrow.sent).0 as f64,
        _ => 0.0,
    };
    let from = if arrow.sent < begin { (at(share(begin)), source.y(begin)) } else { (from_x, source.y(arrow.sent)) };
    let (to, has_end) = match arrow.arrives {
        None => ((middle, source.y(arrow.sent)), false),
        Some(arrives) if arrives >= end && arrives > arrow.sent => ((at(share(end)), source.y(end)), false),
        Some(arrives) => ((to_x, source.y(arrives)), true),
    };
    if (from.0 - to.0).abs() < 1.0 {
        return None;
    }
    let color = color_of_arrow(kind, source.color);
    Some(DrawnArrow { from, to, kind, color, is_double: false, has_end, is_unheard: has_end && !arrow.is_heard })
}

/// Whether two arrows lie on each other, one each way.
fn is_same(one: &DrawnArrow, other: &DrawnArrow) -> bool {
    let near = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 0.5 && (a.1 - b.1).abs() < SAME;
    let are_plain = !one.is_double && !one.is_unheard && !other.is_unheard && one.has_end && other.has_end;
    are_plain && near(one.from, other.to) && near(one.to, other.from)
}

fn merge(line: &mut DrawnArrow, other: &DrawnArrow) {
    line.is_double = true;
    if rank(other.kind) < rank(line.kind) {
        (line.kind, line.color) = (other.kind, other.color);
    }
}

/// The most important kind first.
pub fn rank(kind: ArrowKind) -> u8 {
    match kind {
        ArrowKind::Error => 0,
        ArrowKind::Data => 1,
        ArrowKind::Creation => 2,
        ArrowKind::Empty => 3,
        ArrowKind::Request => 4,
        ArrowKind::Control => 5,
    }
}
