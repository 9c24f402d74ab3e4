//! What an experiment tells before it runs: numbers that will be wrong, or say something else than they seem to.

mod idle;
mod laws;
mod messages;
mod patience;
mod start;
mod view;

use super::sweep::Sweep;
use super::warning::{Finding, Gathering, WarningKind};
pub(super) use idle::{Idle, look_at_sweep};
pub(super) use view::ResolvedPoint;

/// Points of a sweep that are looked at; a larger sweep says the same again.
pub(super) const LOOKED_AT: usize = 10_000;

/// Adds what is foreseen at `point`.
pub(super) fn look(point: ResolvedPoint, found: &mut Gathering) {
    let views = point.views();
    for view in &views {
        start::look(view, found);
        patience::look(view, found);
        laws::look(view, found);
    }
    laws::look_at_all(&point, found);
    messages::look(&point, &views, found);
}

/// A quick run cuts what a sweep varies.
pub(super) fn look_at_quick_sweep(sweep: &Sweep, found: &mut Gathering) {
    let cut = ["experiment.replications", "experiment.warmup", "experiment.duration"];
    for axis in sweep.axes.iter().filter(|axis| cut.iter().any(|key| axis.path.is_key(key))) {
        let finding = Finding {
            kind: WarningKind::QuickCutsSweep,
            cause: axis.column.clone(),
            subject: None,
            point: 0,
            weight: 0.0,
            message: format!("a quick run cuts the swept `{}`", axis.column),
            details: Vec::new(),
            help: "the column shows the values of the file, not those of the quick run".to_owned(),
        };
        found.add_at(finding, Some((axis.span, "cut".to_owned())));
    }
}
