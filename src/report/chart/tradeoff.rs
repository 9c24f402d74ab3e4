//! One metric against another along the sweep.

use super::axis::PlotAxis;
use super::curve::{Curve, Style};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::{Figure, PointPlace, x_scale};
use super::job::ChartJob;
use super::names::joined;
use super::plot::Panel;
use super::plotted;
use super::run_table::{CurveGroups, MetricValue, RunTable};
use super::scale::Fit;
use super::text_block::Heading;

/// A connected curve per transport and fixed values, its ends labelled with the swept value.
pub fn figure(job: &ChartJob) -> Result<Option<Figure>, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let x = frame.metric(job, job.x().unwrap_or_default(), job.chart.x_axis)?;
    let along = frame.keys.first();
    let CurveGroups { groups, variants, remark } = frame.groups(along, 1);
    let (mut panels, mut hidden, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (panel, name) in job.y().into_iter().enumerate() {
        let y = frame.metric(job, name, job.chart.y_axis)?;
        let mut curves = Vec::new();
        for group in &groups {
            let (transport, look) = frame.style(job, group, (0, 1), variants.len());
            let name = joined(&[transport, &variants[group.variant]]);
            let values: Vec<[MetricValue; 2]> = group.rows.iter().map(|&row| [x.rows[row], y.rows[row]]).collect();
            places.extend(group.rows.iter().filter_map(|&row| {
                Some(PointPlace { point: frame.point(row)?, panel, x: x.rows[row].value?, y: Some(y.rows[row].value?) })
            }));
            let value = |place: usize| along.map(|key| frame.value_name(group.rows[place], key));
            let (curve, out) = plotted::curve([job.chart.x_axis, job.chart.y_axis], &values, look, value);
            hidden.extend(out);
            curves.push(Curve { name, style: Style::Whiskers, ..curve });
        }
        panels.push(Panel::of_curves(job, (y.quantity.title(), y.shift), curves, job.chart.y.len()));
    }
    let ends = match along {
        Some(key) if !panels.iter().all(Panel::is_empty) => Some(key.quantity.name.clone()),
        _ => None,
    };
    Ok(Some(Figure {
        head: Heading::of(job),
        remarks: remark.into_iter().collect(),
        hidden,
        x: PlotAxis::new(x.quantity.title(), x_scale(&panels, job.chart.x_axis, Fit::FromZero, job.sheet()), x.shift),
        panels,
        naming: Naming::Points,
        spans: Vec::new(),
        ends,
        places,
    }))
}
