//! Time bins of a run.

use crate::experiment::chart::AxisScale;

use super::axis::PlotAxis;
use super::axis_title::AxisTitle;
use super::curve::{Curve, PlotPoint, Style, unbroken};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::Figure;
use super::job::ChartJob;
use super::names::column;
use super::palette::Look;
use super::plot::Panel;
use super::point_curves::PointCurves;
use super::run_table::RunTable;
use super::scale::{Fit, Scale, can_show};
use super::text_block::Heading;
use super::units::axis_unit;

/// More lines than this in one plot tangle: each gets a plot of its own.
const MOST_TANGLED: usize = 4;
/// More plots than this are not drawn: lines then share one.
const MOST_PLOTS: usize = 9;

/// A plot per column, a line per transport and point; or a plot per line.
pub fn figure(job: &ChartJob) -> Result<Option<Figure>, ChartError> {
    let table = &job.tables.timeline;
    let PointCurves { mut curves, remark } = PointCurves::new(job, &RunTable::new(job, table)?)?;
    for curve in &mut curves {
        // Dashes of a line that jumps from bin to bin cannot be read.
        curve.look = Look { dash: &[], ..curve.look };
    }
    let time = job.column(table, "time_s")?;
    let (x_axis, y_axis) = (job.chart.x_axis, job.chart.y_axis);
    let times = (0..table.rows.len()).filter_map(|row| table.number(row, time));
    let x = Scale::fit(x_axis, times, if x_axis == AxisScale::Log { Fit::Room } else { Fit::Exact });
    let columns = job.y();
    // In plots by a swept key each has its lines together: they are compared.
    let is_split =
        job.chart.view.panels.is_none() && curves.len() > MOST_TANGLED && curves.len() * columns.len() <= MOST_PLOTS;
    let (mut panels, mut hidden) = (Vec::new(), Vec::new());
    for name in &columns {
        let values = job.column(table, name)?;
        let mut quantity = column(name);
        let all = job.whole.timeline.numbers(name);
        let unit = axis_unit(&quantity.unit, quantity.is_share, y_axis, all.into_iter());
        let point = |&row: &usize| {
            let y = table.number(row, values)?;
            Some(PlotPoint {
                x: table.number(row, time)?,
                y: unit.map_or(y, |unit| unit.to(y)),
                ..PlotPoint::default()
            })
        };
        if let Some(unit) = unit {
            unit.name.clone_into(&mut quantity.unit);
        }
        let mut drawn = Vec::new();
        for curve in &curves {
            let is_shown = |point: &PlotPoint| can_show(x_axis, point.x) && can_show(y_axis, point.y);
            let points: Vec<PlotPoint> = curve.rows.iter().filter_map(point).collect();
            hidden.extend(points.iter().filter(|point| !is_shown(point)).map(|point| point.x));
            let shown = points.into_iter().map(|point| if is_shown(&point) { Some(point) } else { None });
            drawn.push(Curve::plain(curve.label.clone(), curve.look, Style::Trace, unbroken(shown)));
        }
        let axis = (quantity.title(), unit.map_or(0, |unit| unit.shift));
        let all = Panel::of_curves(job, axis, drawn, if is_split { curves.len() } else { columns.len() });
        if is_split { panels.extend(all.split()) } else { panels.push(all) }
    }
    Ok(Some(Figure {
        head: Heading::of(job),
        remarks: remark.into_iter().collect(),
        hidden,
        x: PlotAxis::new(AxisTitle { name: "time".to_owned(), unit: "s".to_owned() }, x, 0),
        panels,
        naming: if is_split { Naming::Captions } else { Naming::Ends },
        spans: job.context.spans.to_vec(),
        ends: None,
        places: Vec::new(),
    }))
}
