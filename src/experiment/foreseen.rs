//! Warnings that follow from the experiment alone: numbers that will be wrong or easy to misread.

mod idle;
mod laws;
mod messages;
mod patience;
mod view;

use super::resolve::Reader;
use super::sweep::Sweep;
use super::warning::{Diagnosis, Finding, Gathering, WarningKind};
pub(super) use idle::{Idle, look_at_sweep};
pub(super) use view::ResolvedPoint;

/// Points of a sweep that are examined; further points repeat the same warnings.
pub(super) const LOOKED_AT: usize = 10_000;

/// Adds the warnings of `point`.
pub(super) fn look(point: ResolvedPoint, found: &mut Gathering) {
    let mut views = point.views();
    views.retain(|view| view.scenario.clients.count > 0);
    for view in &views {
        patience::look(view, found);
        laws::look(view, found);
    }
    laws::look_at_all(&point, found);
    messages::look(&point, &views, found);
}

/// A quick run cuts what a sweep varies.
pub(super) fn look_at_quick_sweep(reader: Reader, sweep: &Sweep, found: &mut Gathering) {
    let is_cut = |key: &&str| reader.shortens(key.trim_start_matches("experiment."));
    let keys = ["experiment.replications", "experiment.warmup", "experiment.duration"];
    let cut: Vec<&str> = keys.into_iter().filter(is_cut).collect();
    for axis in sweep.axes.iter().filter(|axis| cut.iter().any(|key| axis.path.is_key(key))) {
        let what = Diagnosis {
            kind: WarningKind::QuickCutsSweep,
            cause: axis.column.clone(),
            weight: 0.0,
            message: format!("a quick run cuts the swept `{}`", axis.column),
            details: Vec::new(),
            help: "the column shows the values of the file, not those of the quick run".to_owned(),
        };
        found.add_at(Finding { what, subject: None, point: 0 }, Some((axis.span, "cut".to_owned())));
    }
}
