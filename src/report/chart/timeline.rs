//! Time bins of a run.

use crate::experiment::chart::AxisScale;

use super::axis::PlotAxis;
use super::curve::{Curve, PlotPoint, Style, left_out};
use super::figure::{Figure, Head};
use super::job::{ChartError, ChartJob};
use super::legend::add;
use super::names::column;
use super::palette::{Look, Swatch};
use super::plot::Panel;
use super::point_curves::PointCurves;
use super::run_table::RunTable;
use super::scale::{Fit, Scale, can_show};
use super::thin::thin;

/// A plot per column, a line per transport and point.
pub fn figure(job: &ChartJob) -> Result<Figure, ChartError> {
    let table = &job.tables.timeline;
    let PointCurves { mut curves, remark } = PointCurves::new(job, &RunTable::new(job, table)?)?;
    let mut legend = Vec::new();
    for curve in &mut curves {
        // Dashes of a line that jumps from bin to bin cannot be read.
        curve.look = Look { dash: &[], ..curve.look };
        add(&mut legend, &curve.label, Swatch::Curve(curve.look));
    }
    let time = job.column(table, "time_s")?;
    let (x_axis, y_axis) = (job.chart.x_axis, job.chart.y_axis);
    let times = (0..table.rows.len()).filter_map(|row| table.number(row, time));
    let x = Scale::fit(x_axis, times, if x_axis == AxisScale::Log { Fit::Room } else { Fit::Exact });
    let (mut panels, mut hidden) = (Vec::new(), 0);
    for name in job.y() {
        let values = job.column(table, name)?;
        let point = |&row: &usize| {
            Some(PlotPoint { x: table.number(row, time)?, y: table.number(row, values)?, ..PlotPoint::default() })
        };
        let is_shown = |point: &PlotPoint| can_show(x_axis, point.x) && can_show(y_axis, point.y);
        let mut drawn = Vec::new();
        for (index, curve) in curves.iter().enumerate() {
            let points = curve.rows.iter().filter_map(point);
            let (points, out): (Vec<PlotPoint>, Vec<PlotPoint>) = points.partition(is_shown);
            hidden += out.len();
            let run = thin(points, |point| x.share(point.x));
            drawn.push(Curve::plain(curve.look, Style::Trace, vec![run], index));
        }
        panels.push(Panel::of_curves(job, column(name).label(), drawn, 1));
    }
    Ok(Figure {
        head: Head::of(job),
        remarks: remark.into_iter().chain(left_out(hidden)).collect(),
        x: PlotAxis { label: "time (s)".to_owned(), scale: x },
        panels,
        legend,
    })
}
