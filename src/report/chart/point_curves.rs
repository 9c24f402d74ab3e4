//! The curves of a table that has a point and a transport in each row.

use std::collections::BTreeMap;

use super::arrival::{self, Arrival};
use super::error::ChartError;
use super::job::ChartJob;
use super::names::{distinct, joined};
use super::palette::Look;
use super::run_table::{Categories, KeyColumn, RunTable, chosen};

/// More curves than this are cut to three points of the sweep.
const MOST_CURVES: usize = 6;

/// A curve to be drawn from rows of such a table.
pub struct PointCurve {
    pub label: String,
    pub look: Look,
    pub rows: Vec<usize>,
    /// The share of the messages that its latencies cover.
    pub arrival: Arrival,
}

/// The curves of such a table, and the note if not all are drawn.
pub struct PointCurves {
    pub curves: Vec<PointCurve>,
    pub remark: Option<String>,
}

impl PointCurves {
    /// A curve per transport and point, of three points when there would be too many.
    pub fn new(job: &ChartJob, frame: &RunTable) -> Result<PointCurves, ChartError> {
        let summary = RunTable::new(job, job.summary())?;
        // All of the run, also without rows in the table, so that a colour always means the same.
        let points = of_both(&summary.points, &frame.points);
        let transports = of_both(&summary.transports, &frame.transports);
        let few = transports.len() * points.len() <= MOST_CURVES;
        let most = if few { points.len() } else { MOST_CURVES / transports.len().max(1) };
        let (kept, remark) = chosen(points.len(), most, "points of the sweep");
        let arrivals = arrival::of_rows(summary.table).into_iter().enumerate();
        let arrivals: BTreeMap<_, _> = arrivals.map(|(row, arrival)| (place(&summary, row), arrival)).collect();
        let mut rows: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for row in 0..frame.table.rows.len() {
            rows.entry(place(frame, row)).or_default().push(row);
        }
        let several = transports.len() > 1;
        let mut curves: Vec<PointCurve> = Vec::new();
        for transport_name in &transports {
            for (form, &point) in kept.iter().enumerate() {
                let name = if several || kept.len() == 1 { job.label(transport_name) } else { "" };
                let look = match several || kept.len() == 1 {
                    true if kept.len() > 1 => job.context.looks.get(transport_name).in_form(form),
                    true => job.context.looks.get(transport_name),
                    false => Look::of_value(form, kept.len()),
                };
                let place = (points[point].as_str(), transport_name.as_str());
                let point_name = if points.len() > 1 { point_name(job, &summary, place.0) } else { String::new() };
                curves.push(PointCurve {
                    label: joined(&[name, &point_name]),
                    look,
                    rows: rows.remove(&place).unwrap_or_default(),
                    arrival: arrivals.get(&place).copied().unwrap_or_default(),
                });
            }
        }
        curves.retain(|curve| !curve.rows.is_empty() || curve.arrival.is_nothing());
        Ok(PointCurves { curves, remark })
    }
}

fn of_both(one: &Categories, other: &Categories) -> Vec<String> {
    distinct(one.names.iter().chain(&other.names).map(String::as_str))
}

/// Point and transport of a row.
fn place<'a>(table: &'a RunTable, row: usize) -> (&'a str, &'a str) {
    (table.points.name(row), table.transports.name(row))
}

/// The swept values of a point; its number without a sweep, or if the summary lacks it.
fn point_name(job: &ChartJob, summary: &RunTable, point: &str) -> String {
    let keys: Vec<&KeyColumn> = summary.keys.iter().collect();
    match (0..summary.table.rows.len()).find(|&row| summary.points.name(row) == point) {
        Some(row) if !job.context.swept.is_empty() => summary.values_name(row, &keys),
        _ => format!("point {point}"),
    }
}
