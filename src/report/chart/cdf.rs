//! The distribution of the latency.

use std::collections::BTreeMap;

use crate::experiment::chart::AxisScale;

use super::axis::Axis;
use super::curves::{Frame, chosen, joined, places};
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

/// A step curve per transport and point.
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
    let all: Vec<Vec<Mark>> = picked.curves.iter().map(|curve| read(&curve.rows)).collect();
    let hidden = all.iter().flatten().filter(|mark| !shown(mark)).count();
    let visible = all.iter().flatten().filter(|mark| shown(mark));
    let x = Scale::fit(scales.0, visible.clone().map(|mark| mark.x), Fit::NearZero);
    let y = match scales.1 {
        AxisScale::Linear => Scale { high: 1.02, ..Scale::fit(scales.1, [0.0, 1.0], Fit::Exact) },
        AxisScale::Log => Scale::fit(scales.1, visible.map(|mark| mark.y), Fit::Room),
    };
    let curves = all.into_iter().zip(&picked.curves).enumerate().map(|(index, (marks, named))| {
        let marks: Vec<Mark> = marks.into_iter().filter(|mark| shown(mark)).collect();
        let run = stretched(thin(marks, |mark| f64::midpoint(x.share(mark.x), y.share(mark.y))), &x, &y);
        Curve { look: named.look, style: Style::Steps, runs: vec![run], theory: Vec::new(), labels: Vec::new(), index }
    });
    let curves = Content::Curves(curves.collect());
    let remarks = picked.remark.into_iter().chain(left_out(hidden)).collect();
    let axis = Axis { label: "fraction of deliveries".to_owned(), scale: y };
    let mut legend = Vec::new();
    picked.curves.iter().for_each(|curve| add(&mut legend, &curve.label, Swatch::Curve(curve.look)));
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
}

/// The curves of such a table, and what is said when not all are drawn.
pub struct Picked {
    pub curves: Vec<Named>,
    pub remark: Option<String>,
}

impl Picked {
    /// A curve per transport and point, of three points when there would be too many.
    pub fn new(job: &Job, frame: &Frame) -> Result<Picked, ChartError> {
        let points = frame.points();
        let most = MOST_CURVES / frame.transports.len().max(1);
        let kept = chosen(
            points.len(),
            if frame.transports.len() * points.len() <= MOST_CURVES { points.len() } else { most },
        );
        let remark = (kept.len() < points.len())
            .then(|| format!("Drawn: the first, the middle and the last of {} points of the sweep.", points.len()));
        let names = point_names(job, &points)?;
        let mut curves: Vec<Named> = Vec::new();
        for transport in 0..frame.transports.len() {
            for (form, &point) in kept.iter().enumerate() {
                let several = frame.transports.len() > 1;
                let name = if several || kept.len() == 1 { frame.transports[transport].as_str() } else { "" };
                let look = match (several, kept.len() > 1) {
                    (true, true) => Look { color: color(transport), dash: dash(form), marker: Some(form) },
                    (true, false) => Look { color: color(transport), dash: dash(transport), marker: Some(transport) },
                    _ => Look { color: color(form), dash: dash(form), marker: Some(form) },
                };
                let label = joined(&[name, if points.len() > 1 { &names[point] } else { "" }]);
                curves.push(Named { label, look, rows: Vec::new() });
            }
        }
        let places = places(&points);
        for row in 0..frame.table.rows.len() {
            let point = places.get(frame.point(row));
            if let Some(form) = kept.iter().position(|kept| Some(kept) == point) {
                curves[frame.transport(row) * kept.len() + form].rows.push(row);
            }
        }
        curves.retain(|curve| !curve.rows.is_empty());
        Ok(Picked { curves, remark })
    }
}

/// The swept values of each point, looked up in the summary; its number where that does not know it.
fn point_names(job: &Job, points: &[String]) -> Result<Vec<String>, ChartError> {
    let summary = Frame::new(job, job.tables.summary)?;
    let mut rows = BTreeMap::new();
    for row in 0..summary.table.rows.len() {
        rows.entry(summary.point(row)).or_insert(row);
    }
    let has_keys = !job.context.swept.is_empty();
    let keys: Vec<_> = summary.keys.iter().collect();
    let name = |point: &String| {
        let row = rows.get(point.as_str()).filter(|_| has_keys);
        row.map_or_else(|| format!("point {point}"), |row| summary.values_name(*row, &keys))
    };
    Ok(points.iter().map(name).collect())
}
