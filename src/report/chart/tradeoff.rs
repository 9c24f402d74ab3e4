//! One metric against another along the sweep.

use super::axis::Axis;
use super::curves::{Frame, Group, Key, MOST_CURVES, Metric, chosen, joined, look};
use super::figure::{Figure, Panel};
use super::legend::add;
use super::line::{extent, left_out, unbroken};
use super::palette::Swatch;
use super::plot::{Content, Curve, Mark, Reach, Style};
use super::scale::{Fit, Scale};
use super::{ChartError, Job};
use crate::experiment::chart::AxisScale;

/// A connected curve per transport and fixed values, its ends labelled with the swept value.
pub fn figure(job: &Job) -> Result<Figure, ChartError> {
    let frame = Frame::new(job, job.tables.summary)?;
    let x = frame.metric(job, job.chart.x.as_deref().unwrap_or("http_mbit_per_s"))?;
    let along = frame.keys.first();
    let (mut groups, variants) = frame.groups(along);
    let kept = chosen(variants.len(), MOST_CURVES / frame.transports.len().max(1));
    groups.retain(|group| kept.contains(&group.variant));
    let cut = kept.len() < variants.len();
    let mut remarks: Vec<String> = cut
        .then(|| {
            format!(
                "Drawn: the first, the middle and the last of {} combinations of the other swept values.",
                variants.len()
            )
        })
        .into_iter()
        .collect();
    let named: Vec<&str> =
        if job.chart.y.is_empty() { vec!["latency_mean_s"] } else { job.chart.y.iter().map(String::as_str).collect() };
    let mut legend = Vec::new();
    let (mut panels, mut hidden) = (Vec::new(), 0);
    for name in named {
        let y = frame.metric(job, name)?;
        let mut curves = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            let form = kept.iter().position(|&kept| kept == group.variant).unwrap_or(0);
            let look = look(group.transport, frame.transports.len(), form, kept.len());
            let transport = if frame.transports.len() > 1 || kept.len() == 1 {
                frame.transports[group.transport].as_str()
            } else {
                ""
            };
            add(&mut legend, &joined(&[transport, &variants[group.variant]]), Swatch::Curve(look));
            let (runs, labels, out) = points(job, &frame, along, group, (&x, &y));
            hidden += out;
            curves.push(Curve { look, style: Style::Whiskers, runs, theory: Vec::new(), labels, index });
        }
        let scale = Scale::fit(job.chart.y_axis, extent(&curves, job.chart.y_axis == AxisScale::Log), Fit::NearZero);
        panels.push(Panel { y: Axis { label: y.quantity.label(), scale }, content: Content::Curves(curves) });
    }
    let error = |mark: &Mark| [mark.x_error, mark.y_error].into_iter().flatten().any(Reach::is_wide);
    let erring = |panel: &Panel| match &panel.content {
        Content::Curves(curves) => curves.iter().flat_map(|curve| curve.runs.iter().flatten()).any(error),
        Content::Bars(_) => false,
    };
    if panels.iter().any(erring) {
        add(&mut legend, "95 % confidence interval", Swatch::Whisker);
    }
    let values =
        panels.iter().flat_map(|panel| x_extent(panel, job.chart.x_axis == AxisScale::Log)).collect::<Vec<_>>();
    let scale = Scale::fit(job.chart.x_axis, values, Fit::NearZero);
    if let Some(key) = along.filter(|_| panels.iter().any(|panel| !panel.content.is_empty())) {
        remarks.insert(0, format!("Numbers beside the ends of a curve: {}.", key.quantity.name));
    }
    remarks.extend(left_out(hidden));
    let x = Axis { label: x.quantity.label(), scale };
    Ok(Figure { title: job.title().to_owned(), notes: job.notes(), remarks, x, panels, legend })
}

type Labels = Vec<(f64, f64, String)>;

/// The points of a curve, the labels of its ends, and how many points the axes cannot show.
fn points(
    job: &Job,
    frame: &Frame,
    along: Option<&Key>,
    group: &Group,
    (x, y): (&Metric, &Metric),
) -> (Vec<Vec<Mark>>, Labels, usize) {
    let table = frame.table;
    let shows = |scale: AxisScale, value: f64| scale == AxisScale::Linear || value > 0.0;
    let read = |row: usize| {
        let mark = Mark {
            x: x.value(table, row)?,
            y: y.value(table, row)?,
            x_error: x.ci(table, row),
            y_error: y.ci(table, row),
        };
        Some((mark, row))
    };
    let visible = |mark: &Mark| shows(job.chart.x_axis, mark.x) && shows(job.chart.y_axis, mark.y);
    let marks: Vec<_> = group.rows.iter().map(|&row| read(row)).collect();
    let out = marks.iter().flatten().filter(|(mark, _)| !visible(mark)).count();
    let runs = unbroken(marks.into_iter().map(|mark| mark.filter(|(mark, _)| visible(mark))));
    let ends: Vec<(Mark, usize)> =
        match (runs.first().and_then(|run| run.first()), runs.last().and_then(|run| run.last())) {
            (Some(first), Some(last)) if first.1 == last.1 => vec![*first],
            // The swept key does not touch this transport: its values would name one and the same point.
            (Some(first), Some(last)) if (first.0.x, first.0.y) == (last.0.x, last.0.y) => Vec::new(),
            (Some(first), Some(last)) => vec![*first, *last],
            _ => Vec::new(),
        };
    let name = |row: usize| along.map(|key| frame.value_name(row, key));
    let labels = ends.into_iter().filter_map(|(mark, row)| Some((mark.x, mark.y, name(row)?))).collect();
    (runs.into_iter().map(|run| run.into_iter().map(|(mark, _)| mark).collect()).collect(), labels, out)
}

/// As [`extent`], of the level axis.
fn x_extent(panel: &Panel, log: bool) -> Vec<f64> {
    let Content::Curves(curves) = &panel.content else { return Vec::new() };
    let turned: Vec<Curve> = curves
        .iter()
        .map(|curve| {
            let turn = |mark: &Mark| Mark { x: mark.y, y: mark.x, x_error: mark.y_error, y_error: mark.x_error };
            Curve { runs: curve.runs.iter().map(|run| run.iter().map(turn).collect()).collect(), ..curve.clone() }
        })
        .collect();
    extent(&turned, log)
}
