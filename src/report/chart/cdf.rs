//! The distribution of the latency.

use crate::experiment::chart::AxisScale;

use super::arrival::{self, Arrival};
use super::axis::PlotAxis;
use super::axis_title::AxisTitle;
use super::curve::{Curve, Label, PlotPoint, Style};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::Figure;
use super::job::ChartJob;
use super::names::column;
use super::palette::text_color;
use super::plot::Panel;
use super::point_curves::{PointCurve, PointCurves};
use super::run_table::RunTable;
use super::scale::{Fit, Scale, can_show};
use super::text_block::Heading;
use super::thin::thin;

/// A step curve per transport and point. If its latencies leave messages out, the curve ends at the share of the others: a
/// distribution of the arrived messages alone would rise to 1 as if none were missing.
pub fn figure(job: &ChartJob) -> Result<Option<Figure>, ChartError> {
    let table = &job.tables.latency_cdf;
    let (latency, fraction) = (job.column(table, "latency_s")?, job.column(table, "fraction")?);
    let PointCurves { curves, remark } = PointCurves::new(job, &RunTable::new(job, table)?)?;
    let points = |curve: &PointCurve| -> Vec<PlotPoint> {
        let point = |&row: &usize| {
            let (x, y) = (table.number(row, latency)?, table.number(row, fraction)? * curve.arrival.share());
            Some(PlotPoint { x, y, ..PlotPoint::default() })
        };
        curve.rows.iter().filter_map(point).collect()
    };
    let all: Vec<Vec<PlotPoint>> = curves.iter().map(points).collect();
    let is_shown = |point: &PlotPoint| can_show(job.chart.y_axis, point.y);
    let hidden = all.iter().flatten().filter(|point| !is_shown(point)).map(|point| point.x).collect();
    let shown = || all.iter().flatten().filter(|point| is_shown(point));
    let x = Scale::fit(job.chart.x_axis, shown().map(|point| point.x), Fit::FromZero);
    let y = match job.chart.y_axis {
        AxisScale::Linear => Scale { high: 1.02, ..Scale::fit(AxisScale::Linear, [0.0, 1.0], Fit::Exact) },
        AxisScale::Log => Scale::fit(AxisScale::Log, shown().map(|point| point.y), Fit::Room),
    };
    let drawn = all.iter().zip(&curves).map(|(points, curve)| {
        let points: Vec<PlotPoint> = points.iter().copied().filter(is_shown).collect();
        drawn(curve, points, [&x, &y], job.chart.view.panels.is_some())
    });
    let drawn: Vec<Curve> = drawn.collect();
    let ends = "A curve that ends below 1 ends at the share of the messages that arrive.";
    // The plots of a chart have one axis.
    let (label, ends) = match arrival::of_rows(job.whole_summary()).into_iter().any(Arrival::is_marked) {
        true => ("fraction of messages", Some(ends.to_owned())),
        false => ("fraction of deliveries", None),
    };
    Ok(Some(Figure {
        head: Heading::of(job),
        remarks: ends.into_iter().chain(remark).collect(),
        hidden,
        x: PlotAxis::new(column("latency_s").title(), x, 0),
        panels: vec![Panel {
            caption: None,
            lines: Vec::new(),
            y: PlotAxis::new(AxisTitle { name: label.to_owned(), unit: String::new() }, y, 0),
            curves: drawn,
        }],
        naming: Naming::Along,
        spans: Vec::new(),
        ends: None,
        places: Vec::new(),
    }))
}

/// The curve through these points. In one of several plots its share of the messages is beside its end, and not in its
/// name: curves of one name are one to the legend.
fn drawn(curve: &PointCurve, points: Vec<PlotPoint>, [x, y]: [&Scale; 2], in_plots: bool) -> Curve {
    let run = if points.is_empty() && curve.arrival.is_nothing() && y.shows(0.0) {
        [x.low, x.high].map(|x| PlotPoint { x, ..PlotPoint::default() }).to_vec()
    } else {
        from_its_foot(thin(points, |point| f64::midpoint(x.share(point.x), y.share(point.y))))
    };
    let share = if in_plots { curve.arrival.label() } else { None };
    let label = run.last().zip(share).map(|(end, text)| {
        let color = text_color(curve.look.color);
        Label { x: end.x, y: end.y, text, color, is_centred: true, is_optional: false }
    });
    let name = if in_plots { curve.label.clone() } else { name(curve) };
    Curve { labels: label.into_iter().collect(), ..Curve::plain(name, curve.look, Style::Steps, vec![run]) }
}

/// The name of a curve, with the share of the messages that arrived if it must be shown.
fn name(curve: &PointCurve) -> String {
    match curve.arrival.label() {
        Some(share) => format!("{} ({share})", curve.label),
        None => curve.label.clone(),
    }
}

/// The run from the foot of its first step on.
fn from_its_foot(points: Vec<PlotPoint>) -> Vec<PlotPoint> {
    let Some(first) = points.first().copied() else { return points };
    [vec![PlotPoint { y: 0.0, ..first }], points].concat()
}
