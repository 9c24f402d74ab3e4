//! The curves of a table that has a point and a transport in each row.

use std::collections::BTreeMap;

use super::arrival::{Arrival, Columns};
use super::job::{ChartError, ChartJob};
use super::palette::{Look, color, dash};
use super::run_table::{RunTable, chosen, distinct, joined, places};

/// More curves than this are cut to three points of the sweep.
const MOST_CURVES: usize = 6;

/// A curve to be drawn from rows of a table that has a point and a transport in each row.
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
        let all = RunPoints::new(job, frame)?;
        let (transports, points) = (&all.transports, &all.points);
        let most = MOST_CURVES / transports.len().max(1);
        let few = transports.len() * points.len() <= MOST_CURVES;
        let kept = chosen(points.len(), if few { points.len() } else { most });
        let remark = if kept.len() < points.len() {
            Some(format!("Drawn: the first, the middle and the last of {} points of the sweep.", points.len()))
        } else {
            None
        };
        let mut curves: Vec<PointCurve> = Vec::new();
        for (transport, transport_name) in transports.iter().enumerate() {
            for (form, &point) in kept.iter().enumerate() {
                let several = transports.len() > 1;
                let name = if several || kept.len() == 1 { transport_name.as_str() } else { "" };
                let look = match (several, kept.len() > 1) {
                    (true, true) => Look { color: color(transport), dash: dash(form), marker: Some(form) },
                    (true, false) => Look { color: color(transport), dash: dash(transport), marker: Some(transport) },
                    _ => Look { color: color(form), dash: dash(form), marker: Some(form) },
                };
                let label = joined(&[name, if points.len() > 1 { &all.point_names[point] } else { "" }]);
                let arrival = all.arrivals.get(&(points[point].clone(), transport_name.clone()));
                curves.push(PointCurve {
                    label,
                    look,
                    rows: Vec::new(),
                    arrival: arrival.copied().unwrap_or_default(),
                });
            }
        }
        let (point_places, transport_places) = (places(points), places(transports));
        for row in 0..frame.table.rows.len() {
            let point = point_places.get(frame.point(row));
            let transport = transport_places.get(frame.transports[frame.transport(row)].as_str());
            let form = kept.iter().position(|kept| Some(kept) == point);
            if let (Some(form), Some(transport)) = (form, transport) {
                curves[transport * kept.len() + form].rows.push(row);
            }
        }
        curves.retain(|curve| !curve.rows.is_empty() || curve.arrival == Arrival::Nothing);
        Ok(PointCurves { curves, remark })
    }
}

/// All points and transports of a run, also without rows in the table, so that a colour always means the same.
struct RunPoints {
    points: Vec<String>,
    /// The swept values of each point; its number if the summary lacks it.
    point_names: Vec<String>,
    transports: Vec<String>,
    /// The share that arrived, by point and transport.
    arrivals: BTreeMap<(String, String), Arrival>,
}

impl RunPoints {
    fn new(job: &ChartJob, frame: &RunTable) -> Result<RunPoints, ChartError> {
        let summary = RunTable::new(job, job.tables.summary)?;
        let of_both = |first: &[String], second: &[String]| distinct(first.iter().chain(second).map(String::as_str));
        let points = of_both(&summary.points(), &frame.points());
        let columns = Columns::of(summary.table);
        let (mut rows, mut arrivals) = (BTreeMap::new(), BTreeMap::new());
        for row in 0..summary.table.rows.len() {
            rows.entry(summary.point(row)).or_insert(row);
            let place = (summary.point(row).to_owned(), summary.transports[summary.transport(row)].clone());
            arrivals.insert(place, columns.arrival(summary.table, row));
        }
        let has_keys = !job.context.swept.is_empty();
        let keys: Vec<_> = summary.keys.iter().collect();
        let name = |point: &String| match rows.get(point.as_str()) {
            Some(row) if has_keys => summary.values_name(*row, &keys),
            _ => format!("point {point}"),
        };
        Ok(RunPoints {
            point_names: points.iter().map(name).collect(),
            points,
            transports: of_both(&summary.transports, &frame.transports),
            arrivals,
        })
    }
}
