//! Metrics against a swept key.

use super::axis::PlotAxis;
use super::curve::{Curve, unbroken};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::{Figure, PointPlace, x_scale};
use super::job::ChartJob;
use super::marks;
use super::names::{distinct, joined, shared_title};
use super::plot::Panel;
use super::plotted;
use super::run_table::{CurveGroups, CurveRows, KeyColumn, MetricRows, MetricValue, RunTable, of_axis};
use super::scale::{Fit, Scale, can_show};
use super::text_block::Heading;
use crate::experiment::chart::AxisScale;

/// A curve per transport, fixed values and metric; a plot per unit. `None` without a sweep.
pub fn figure(job: &ChartJob) -> Result<Option<Figure>, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let Some(key) = frame.key_across(job)? else { return Ok(None) };
    let axes = frame.metrics_by_axis(job, |quantity, values| of_axis(quantity, job.chart.y_axis, values))?;
    let whole = RunTable::new(job, job.whole_summary())?;
    let (places, names) = places(&frame, key, &whole);
    let CurveGroups { groups, variants, remark } = frame.groups(Some(key), job.chart.y.len().max(1));
    let x_axis = if names.is_some() { AxisScale::Linear } else { job.chart.x_axis };
    let mut chart =
        LineChart { frame: &frame, job, places, axes: [x_axis, job.chart.y_axis], variants, hidden: Vec::new() };
    let panels = axes.iter().map(|metrics| {
        let title = shared_title(metrics.iter().map(|metric| &metric.quantity));
        Panel::of_curves(
            job,
            (title, metrics.first().map_or(0, |metric| metric.shift)),
            chart.curves(&groups, metrics),
            axes.len(),
        )
    });
    let panels: Vec<Panel> = panels.collect();
    let said: Vec<&str> = panels.iter().flat_map(|panel| &panel.curves).map(|curve| curve.name.as_str()).collect();
    let unsaid = job.unsaid(&whole.transports.names, &said);
    let unsaid = unsaid.map(|transport| marks::all_are(transport, "curve", said.len()));
    let frame = &frame;
    let in_panel = |panel: usize| {
        let place = move |(row, &x): (usize, &f64)| Some(PointPlace { point: frame.point(row)?, panel, x, y: None });
        chart.places.iter().enumerate().filter_map(place)
    };
    let mut of_points: Vec<PointPlace> = (0..panels.len()).flat_map(in_panel).collect();
    of_points.dedup();
    let stops = if names.is_some() { Vec::new() } else { chart.stops() };
    let scale = names.map_or_else(|| x_scale(&panels, x_axis, Fit::Room, job.sheet()), Scale::category);
    Ok(Some(Figure {
        head: Heading::of(job),
        remarks: remark.into_iter().chain(unsaid).collect(),
        hidden: chart.hidden,
        naming: Naming::Ends,
        spans: Vec::new(),
        x: PlotAxis { stops, ..PlotAxis::new(key.title(), scale, key.unit.map_or(0, |unit| unit.shift)) },
        ends: None,
        places: of_points,
        panels,
    }))
}

/// The place of each row along a key: its number, or that of its name if a value of the whole table is a word; and the
/// names.
fn places(frame: &RunTable, key: &KeyColumn, whole: &RunTable) -> (Vec<f64>, Option<Vec<String>>) {
    let numbers = |table: &RunTable| (0..table.table.rows.len()).map(|row| table.place(row, key)).collect();
    let numbers: [Option<Vec<f64>>; 2] = [frame, whole].map(numbers);
    if let [Some(numbers), Some(_)] = numbers {
        return (numbers, None);
    }
    let names = distinct(whole.values(key));
    let place = |text: &str| names.iter().position(|name| name == text).unwrap_or(0) as f64;
    (frame.values(key).map(place).collect(), Some(names))
}

/// A line chart in the making.
struct LineChart<'a> {
    frame: &'a RunTable<'a>,
    job: &'a ChartJob<'a>,
    /// Of each row, along the horizontal axis.
    places: Vec<f64>,
    /// The horizontal and the vertical one.
    axes: [AxisScale; 2],
    variants: Vec<String>,
    /// The places of the points that the axes cannot show.
    hidden: Vec<f64>,
}

impl LineChart<'_> {
    /// The curves of the metrics that share a vertical axis.
    fn curves(&mut self, groups: &[CurveRows], metrics: &[MetricRows]) -> Vec<Curve> {
        let mut curves = Vec::new();
        for group in groups {
            curves.extend((0..metrics.len()).map(|index| self.curve(group, metrics, index)));
        }
        curves
    }

    /// The curve of the `index`-th metric.
    fn curve(&mut self, group: &CurveRows, metrics: &[MetricRows], index: usize) -> Curve {
        let metric = &metrics[index];
        let (name, look) = self.frame.style(self.job, group, (index, metrics.len()), self.variants.len());
        let short = if metrics.len() > 1 { metric.quantity.short.as_str() } else { "" };
        let name = joined(&[name, &self.variants[group.variant], short]);
        let rows = self.sorted(&group.rows);
        let x = |row: usize| MetricValue { value: Some(self.places[row]), ..MetricValue::default() };
        let values: Vec<[MetricValue; 2]> = rows.iter().map(|&row| [x(row), metric.rows[row]]).collect();
        let theory = rows.iter().map(|&row| {
            let y = metric.rows[row].theory.filter(|y| can_show(self.axes[1], *y))?;
            Some((self.places[row], y))
        });
        let (curve, hidden) = plotted::curve(self.axes, &values, look, |_| None);
        let unplaced = group.rows.iter().map(|&row| self.places[row]).filter(|place| !can_show(self.axes[0], *place));
        self.hidden.extend(hidden.into_iter().chain(unplaced));
        Curve { name, theory: unbroken(theory), ..curve }
    }

    /// The places along the horizontal axis, in order.
    fn stops(&self) -> Vec<f64> {
        let mut stops = self.places.clone();
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        stops
    }

    /// Rows in the order of the horizontal axis, which must be able to show them.
    fn sorted(&self, rows: &[usize]) -> Vec<usize> {
        let is_shown = |row: &usize| can_show(self.axes[0], self.places[*row]);
        let mut rows: Vec<usize> = rows.iter().copied().filter(is_shown).collect();
        rows.sort_by(|one, other| self.places[*one].total_cmp(&self.places[*other]));
        rows
    }
}
