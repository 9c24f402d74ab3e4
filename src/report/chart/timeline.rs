//! Time bins of a run.

use super::axis::Axis;
use super::cdf::Picked;
use super::curves::Frame;
use super::figure::{Figure, Panel};
use super::legend::add;
use super::line::{extent, left_out};
use super::names::column;
use super::palette::{Look, Swatch};
use super::plot::{Content, Curve, Mark, Style};
use super::scale::{Fit, Scale};
use super::thin::thin;
use super::{ChartError, Job};
use crate::experiment::chart::AxisScale;

/// Columns that are drawn when the chart names none.
const DEFAULT: [&str; 2] = ["http_mbit_per_s", "held_requests"];

/// A plot per column, a line per transport and point.
pub fn figure(job: &Job) -> Result<Figure, ChartError> {
    let table = job.tables.timeline;
    let frame = Frame::new(job, table)?;
    let picked = Picked::new(job, &frame)?;
    let named: Vec<&str> =
        if job.chart.y.is_empty() { DEFAULT.to_vec() } else { job.chart.y.iter().map(String::as_str).collect() };
    let find = |name: &str| {
        table.column(name).map_or_else(|| if table.rows.is_empty() { Ok(0) } else { Err(job.no_column(name)) }, Ok)
    };
    let time = find("time_s")?;
    let (x_axis, y_axis) = (job.chart.x_axis, job.chart.y_axis);
    let times = (0..table.rows.len()).filter_map(|row| table.number(row, time));
    let x = Scale::fit(x_axis, times, if x_axis == AxisScale::Log { Fit::Room } else { Fit::Exact });
    let mut hidden = 0;
    let mut panels = Vec::new();
    for name in named {
        let values = find(name)?;
        let mut curves = Vec::new();
        for (index, curve) in picked.curves.iter().enumerate() {
            let marks = curve.rows.iter().filter_map(|&row| {
                Some(Mark { x: table.number(row, time)?, y: table.number(row, values)?, ..Mark::default() })
            });
            let (marks, out): (Vec<Mark>, Vec<Mark>) =
                marks.partition(|mark| x.shows(mark.x) && (y_axis == AxisScale::Linear || mark.y > 0.0));
            hidden += out.len();
            let run = thin(marks, |mark| x.share(mark.x));
            let runs = if run.is_empty() { Vec::new() } else { vec![run] };
            curves.push(Curve {
                look: solid(curve.look),
                style: Style::Trace,
                runs,
                theory: Vec::new(),
                labels: Vec::new(),
                absent: Vec::new(),
                index,
            });
        }
        let scale = Scale::fit(y_axis, extent(&curves, y_axis == AxisScale::Log), Fit::NearZero);
        panels.push(Panel { y: Axis { label: column(name).label(), scale }, content: Content::Curves(curves) });
    }
    let mut legend = Vec::new();
    picked.curves.iter().for_each(|curve| add(&mut legend, &curve.label, Swatch::Curve(solid(curve.look))));
    let remarks = picked.remark.into_iter().chain(left_out(hidden)).collect();
    let x = Axis { label: "time (s)".to_owned(), scale: x };
    Ok(Figure { title: job.title().to_owned(), notes: job.notes(), remarks, x, panels, legend })
}

/// Dashes of a line that jumps from bin to bin cannot be read.
fn solid(look: Look) -> Look {
    Look { dash: &[], ..look }
}
