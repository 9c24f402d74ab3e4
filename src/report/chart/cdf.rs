//! The distribution of the latency.

use std::collections::BTreeMap;

use crate::experiment::chart::AxisScale;

use super::arrival::{Arrival, Columns};
use super::axis::Axis;
use super::curves::{Frame, chosen, distinct, joined, places};
use super::figure::{Figure, Panel};
use super::legend::add;
use super::line::left_out;
use super::names::column;
use super::palette::{Look, Swatch, color, dash};
use super::plot::{Content, Curve, Mark, Style};
use super::scale::{Fit, Scale};
use super::thin::thin;
use super::{ChartError, Job};

/// More curves than this are cut to three points of the sweep.
const MOST_CURVES: usize = 6;

/// A step curve per transport and point. That of a transport of whose messages less than 99 % arrived ends at their
/// share: a distribution of those that arrived alone would rise to 1 as if nothing were missing.
pub fn figure(job: &Job) -> Result<Figure, ChartError> {
    let table = job.tables.latency_cdf;
    let frame = Frame::new(job, table)?;
    let find = |name: &str| {
        table.column(name).map_or_else(|| if table.rows.is_empty() { Ok(0) } else { Err(job.no_column(name)) }, Ok)
    };
    let (latency, fraction) = (find("latency_s")?, find("fraction")?);
    let picked = Picked::new(job, &frame)?;
    let scales = (job.chart.x_axis, job.chart.y_axis);
    let read = |rows: &[usize]| -> Vec<Mark> {
        rows.iter()
            .filter_map(|&row| {
                Some(Mark { x: table.number(row, latency)?, y: table.number(row, fraction)?, ..Mark::default() })
            })
            .collect()
    };
    let shown = |mark: &Mark| {
        (scales.0 == AxisScale::Linear || mark.x > 0.0) && (scales.1 == AxisScale::Linear || mark.y > 0.0)
    };
    let all: Vec<Vec<Mark>> = picked
        .curves
        .iter()
        .map(|curve| {
            let share = curve.arrival.share();
            read(&curve.rows).into_iter().map(|mark| Mark { y: mark.y * share, ..mark }).collect()
        })
        .collect();
    let hidden = all.iter().flatten().filter(|mark| !shown(mark)).count();
    let visible = all.iter().flatten().filter(|mark| shown(mark));
    let x = Scale::fit(scales.0, visible.clone().map(|mark| mark.x), Fit::NearZero);
    let y = match scales.1 {
        AxisScale::Linear => Scale { high: 1.02, ..Scale::fit(scales.1, [0.0, 1.0], Fit::Exact) },
        AxisScale::Log => Scale::fit(scales.1, visible.map(|mark| mark.y), Fit::Room),
    };
    let curves = all.into_iter().zip(&picked.curves).enumerate().map(|(index, (marks, named))| {
        let marks: Vec<Mark> = marks.into_iter().filter(|mark| shown(mark)).collect();
        let is_flat = marks.is_empty() && named.arrival == Arrival::Nothing && y.shows(0.0);
        let run = match is_flat {
            true => [x.low, x.high].map(|x| Mark { x, ..Mark::default() }).to_vec(),
            false => stretched(thin(marks, |mark| f64::midpoint(x.share(mark.x), y.share(mark.y))), &x, &y),
        };
        Curve {
            look: named.look,
            style: Style::Steps,
            runs: vec![run],
            theory: Vec::new(),
            labels: Vec::new(),
            absent: Vec::new(),
            index,
        }
    });
    let curves = Content::Curves(curves.collect());
    let is_marked = picked.curves.iter().any(|curve| curve.arrival.is_marked());
    let ends =
        is_marked.then(|| "A curve that ends below 1 ends at the share of the messages that arrived.".to_owned());
    let remarks = ends.into_iter().chain(picked.remark).chain(left_out(hidden)).collect();
    let label = if is_marked { "fraction of messages" } else { "fraction of deliveries" };
    let axis = Axis { label: label.to_owned(), scale: y };
    let mut legend = Vec::new();
    for curve in &picked.curves {
        let label = match curve.arrival.label() {
            Some(share) => format!("{} ({share})", curve.label),
            None => curve.label.clone(),
        };
        add(&mut legend, &label, Swatch::Curve(curve.look));
    }
    let x = Axis { label: column("latency_s").label(), scale: x };
    Ok(Figure {
        title: job.title().to_owned(),
        notes: job.notes(),
        remarks,
        x,
        panels: vec![Panel { y: axis, content: curves }],
        legend,
    })
}

/// The run from the foot of its first step to the right edge.
fn stretched(marks: Vec<Mark>, x: &Scale, y: &Scale) -> Vec<Mark> {
    let (Some(first), Some(last)) = (marks.first().copied(), marks.last().copied()) else { return marks };
    let foot = Mark { y: y.low, ..first };
    let end = Mark { x: x.high, ..last };
    [vec![foot], marks, vec![end]].concat()
}

/// A curve to be drawn from rows of a table that has a point and a transport in each row.
pub struct Named {
    pub label: String,
    pub look: Look,
    pub rows: Vec<usize>,
    /// Of how many of the messages its latencies speak.
    pub arrival: Arrival,
}

/// The curves of such a table, and what is said when not all are drawn.
pub struct Picked {
    pub curves: Vec<Named>,
    pub remark: Option<String>,
}

impl Picked {
    /// A curve per transport and point, of three points when there would be too many.
    pub fn new(job: &Job, frame: &Frame) -> Result<Picked, ChartError> {
        let all = All::new(job, frame)?;
        let (transports, points) = (&all.transports, &all.points);
        let most = MOST_CURVES / transports.len().max(1);
        let few = transports.len() * points.len() <= MOST_CURVES;
        let kept = chosen(points.len(), if few { points.len() } else { most });
        let remark = (kept.len() < points.len())
            .then(|| format!("Drawn: the first, the middle and the last of {} points of the sweep.", points.len()));
        let mut curves: Vec<Named> = Vec::new();
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
                curves.push(Named { label, look, rows: Vec::new(), arrival: arrival.copied().unwrap_or_default() });
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
        Ok(Picked { curves, remark })
    }
}

/// All points and transports of a run, also those without rows in the table, so that a colour means the same whatever
/// has values.
struct All {
    points: Vec<String>,
    /// The swept values of each point; its number where the summary does not know it.
    point_names: Vec<String>,
    transports: Vec<String>,
    /// What arrived, by point and transport.
    arrivals: BTreeMap<(String, String), Arrival>,
}

impl All {
    fn new(job: &Job, frame: &Frame) -> Result<All, ChartError> {
        let summary = Frame::new(job, job.tables.summary)?;
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
        let name = |point: &String| {
            let row = rows.get(point.as_str()).filter(|_| has_keys);
            row.map_or_else(|| format!("point {point}"), |row| summary.values_name(*row, &keys))
        };
        Ok(All {
            point_names: points.iter().map(name).collect(),
            points,
            transports: of_both(&summary.transports, &frame.transports),
            arrivals,
        })
    }
}
