//! Time bins of a run.

use crate::experiment::chart::AxisScale;

use super::axis::PlotAxis;
use super::canvas::Drawing;
use super::curve::{Curve, PlotPoint, Style, extent, left_out};
use super::figure::{Figure, Panel};
use super::job::{ChartError, ChartJob};
use super::legend::add;
use super::names::column;
use super::palette::{Look, Swatch};
use super::plot::PlotContent;
use super::point_curves::PointCurves;
use super::run_table::RunTable;
use super::scale::{Fit, Scale};
use super::thin::thin;

/// A plot per column, a line per transport and point.
pub fn draw(job: &ChartJob) -> Result<Drawing, ChartError> {
    let table = job.tables.timeline;
    let PointCurves { curves, remark } = PointCurves::new(job, &RunTable::new(job, table)?)?;
    let time = job.column(table, "time_s")?;
    let (x_axis, y_axis) = (job.chart.x_axis, job.chart.y_axis);
    let times = (0..table.rows.len()).filter_map(|row| table.number(row, time));
    let x = Scale::fit(x_axis, times, if x_axis == AxisScale::Log { Fit::Room } else { Fit::Exact });
    let mut hidden = 0;
    let mut panels = Vec::new();
    for name in job.y() {
        let values = job.column(table, name)?;
        let point = |&row: &usize| {
            Some(PlotPoint { x: table.number(row, time)?, y: table.number(row, values)?, ..PlotPoint::default() })
        };
        let is_shown = |point: &PlotPoint| x.shows(point.x) && (y_axis == AxisScale::Linear || point.y > 0.0);
        let mut drawn = Vec::new();
        for (index, curve) in curves.iter().enumerate() {
            let points = curve.rows.iter().filter_map(point);
            let (points, out): (Vec<PlotPoint>, Vec<PlotPoint>) = points.partition(is_shown);
            hidden += out.len();
            let run = thin(points, |point| x.share(point.x));
            let runs = if run.is_empty() { Vec::new() } else { vec![run] };
            drawn.push(Curve::plain(solid(curve.look), Style::Trace, runs, index));
        }
        let scale = Scale::fit(y_axis, extent(&drawn, y_axis == AxisScale::Log), Fit::NearZero);
        panels.push(Panel { y: PlotAxis { label: column(name).label(), scale }, content: PlotContent::Curves(drawn) });
    }
    let mut legend = Vec::new();
    for curve in &curves {
        add(&mut legend, &curve.label, Swatch::Curve(solid(curve.look)));
    }
    let figure = Figure {
        title: job.title().to_owned(),
        notes: job.notes(),
        remarks: remark.into_iter().chain(left_out(hidden)).collect(),
        x: PlotAxis { label: "time (s)".to_owned(), scale: x },
        panels,
        legend,
    };
    figure.draw()
}

/// Dashes of a line that jumps from bin to bin cannot be read.
fn solid(look: Look) -> Look {
    Look { dash: &[], ..look }
}
