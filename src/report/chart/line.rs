//! Metrics against a swept key.

use std::collections::BTreeMap;

use crate::experiment::chart::AxisScale;

use super::arrival::{self, Arrival};
use super::axis::PlotAxis;
use super::bar;
use super::canvas::Drawing;
use super::curve::{
    AbsentPoint, Curve, Edge, Label, PlotPoint, Reach, Style, extent, left_out, room_for_crosses, unbroken,
};
use super::figure::{Figure, Panel, curves, explain_marks, panel_height};
use super::job::{ChartError, ChartJob};
use super::legend::{LegendEntry, add};
use super::names::shared_label;
use super::palette::{Look, Swatch};
use super::plot::PlotContent;
use super::run_table::{
    CurveRows, KeyColumn, MOST_CURVES, MetricColumns, RunTable, by_axis, chosen, distinct, joined, look,
};
use super::scale::{Fit, Scale};

/// A curve per transport, fixed values and metric; a plot per unit. Bars without a sweep.
pub fn draw(job: &ChartJob) -> Result<Drawing, ChartError> {
    let frame = RunTable::new(job, job.tables.summary)?;
    let key = match job.x() {
        Some("transport") => None,
        Some(path) if frame.key(path).is_none() && job.needs_key() => return Err(job.no_column(path)),
        Some(path) => frame.key(path),
        None => frame.keys.first(),
    };
    let Some(key) = key else { return bar::draw(job) };
    let metrics = frame.metrics(job)?;
    let mut build = LineChart::new(job, &frame, key);
    let axes = by_axis(metrics);
    let panels = axes.iter().map(|axis| build.panel(axis, panel_height(axes.len()))).collect();
    build.finish(panels).draw()
}

/// A line chart in the making.
struct LineChart<'a> {
    job: &'a ChartJob<'a>,
    frame: &'a RunTable<'a>,
    key: &'a KeyColumn,
    x: XAxis,
    groups: Vec<CurveRows>,
    variants: Vec<String>,
    remarks: Vec<String>,
    legend: Vec<LegendEntry>,
    left_out: usize,
    theory: bool,
    band: bool,
}

/// The horizontal axis: numbers, or names if a value is a word.
pub struct XAxis {
    pub names: Option<Vec<String>>,
    places: BTreeMap<String, f64>,
    column: usize,
}

impl XAxis {
    /// The axis of a key.
    pub fn new(frame: &RunTable, key: &KeyColumn) -> XAxis {
        let rows = 0..frame.table.rows.len();
        let words = rows.clone().any(|row| frame.table.number(row, key.column).is_none());
        let names = if words { Some(distinct(rows.map(|row| frame.table.text(row, key.column)))) } else { None };
        let places = names.iter().flatten().cloned().zip((0u32..).map(f64::from)).collect();
        XAxis { names, places, column: key.column }
    }

    /// The position of a row.
    pub fn place(&self, frame: &RunTable, row: usize) -> Option<f64> {
        match &self.names {
            None => frame.table.number(row, self.column),
            Some(_) => self.places.get(frame.table.text(row, self.column)).copied(),
        }
    }
}

impl<'a> LineChart<'a> {
    fn new(job: &'a ChartJob<'a>, frame: &'a RunTable<'a>, key: &'a KeyColumn) -> LineChart<'a> {
        let (mut groups, variants) = frame.groups(Some(key));
        let metrics = job.chart.y.len().max(1);
        let most = MOST_CURVES / (frame.transports.len() * metrics).max(1);
        let kept = chosen(variants.len(), most);
        let mut remarks = Vec::new();
        if kept.len() < variants.len() {
            remarks.push(format!(
                "Drawn: the first, the middle and the last of {} combinations of the other swept values.",
                variants.len()
            ));
            groups.retain(|group| kept.contains(&group.variant));
        }
        let x = XAxis::new(frame, key);
        let kept_names = kept.iter().filter_map(|&index| variants.get(index).cloned()).collect();
        for group in &mut groups {
            group.variant = kept.iter().position(|&index| index == group.variant).unwrap_or(0);
        }
        LineChart {
            job,
            frame,
            key,
            x,
            groups,
            variants: kept_names,
            remarks,
            legend: Vec::new(),
            left_out: 0,
            theory: false,
            band: false,
        }
    }

    /// One plot, with the metrics that share its axis.
    fn panel(&mut self, metrics: &[MetricColumns], height: f64) -> Panel {
        let mut curves = Vec::new();
        for group in self.groups.clone() {
            for index in 0..metrics.len() {
                let curve = self.curve(&group, metrics, index, curves.len());
                curves.push(curve);
            }
        }
        let log = self.job.chart.y_axis == AxisScale::Log;
        let room = room_for_crosses(&curves, Edge::Top, height);
        let scale = Scale::fit(self.job.chart.y_axis, extent(&curves, log), Fit::NearZero).with_room_above(room);
        let quantities: Vec<_> = metrics.iter().map(|metric| metric.quantity.clone()).collect();
        Panel { y: PlotAxis { label: shared_label(&quantities), scale }, content: PlotContent::Curves(curves) }
    }

    /// The curve of the `index`-th metric; `number` curves are there already.
    fn curve(&mut self, group: &CurveRows, metrics: &[MetricColumns], index: usize, number: usize) -> Curve {
        let metric = &metrics[index];
        let transports = self.frame.transports.len();
        let forms = metrics.len() * self.variants.len();
        let look = look(group.transport, transports, index * self.variants.len() + group.variant, forms);
        let name = if transports > 1 || forms == 1 { self.frame.transports[group.transport].as_str() } else { "" };
        let short = if metrics.len() > 1 { metric.quantity.short.as_str() } else { "" };
        let label = joined(&[name, &self.variants[group.variant], short]);
        add(&mut self.legend, &label, Swatch::Curve(look));
        let table = self.frame.table;
        let forms = self
            .sorted(group)
            .into_iter()
            .map(|(x, row)| Some((x, metric.theory(table, row).filter(|y| self.shows_y(*y))?)));
        let theory = unbroken(forms);
        let runs = self.runs(group, metric);
        self.theory |= !theory.is_empty();
        self.band |= runs.iter().flatten().any(|mark| mark.y_error.is_some_and(Reach::is_wide));
        let (labels, absent) = self.shares(group, metric, look);
        Curve { look, style: Style::Band, runs, theory, labels, absent, index: number }
    }

    /// The share that arrived, beside the points that need it, and the points without a value because no message
    /// arrived.
    fn shares(&self, group: &CurveRows, metric: &MetricColumns, look: Look) -> (Vec<Label>, Vec<AbsentPoint>) {
        let table = self.frame.table;
        let places = self.sorted(group);
        let arrivals: Vec<Arrival> = places.iter().map(|(_, row)| metric.arrival(table, *row)).collect();
        let (mut labels, mut absent) = (Vec::new(), Vec::new());
        for ((&(x, row), arrival), label) in places.iter().zip(&arrivals).zip(arrival::labels(&arrivals)) {
            match (metric.value(table, row), label) {
                (Some(y), Some(text)) if self.shows_y(y) => {
                    labels.push(Label::share(&PlotPoint { x, y, ..PlotPoint::default() }, text, look));
                }
                (None, label) if *arrival == Arrival::Nothing => {
                    absent.push(AbsentPoint { edge: Edge::Top, at: x, label });
                }
                _ => {}
            }
        }
        (labels, absent)
    }

    /// Rows in the order of the horizontal axis, which must be able to show them.
    fn sorted(&self, group: &CurveRows) -> Vec<(f64, usize)> {
        let log = self.job.chart.x_axis == AxisScale::Log && self.x.names.is_none();
        let places = group.rows.iter().filter_map(|&row| Some((self.x.place(self.frame, row)?, row)));
        let mut places: Vec<_> = places.filter(|(x, _)| !log || *x > 0.0).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        places
    }

    fn shows_y(&self, y: f64) -> bool {
        self.job.chart.y_axis == AxisScale::Linear || y > 0.0
    }

    /// The points, broken at values that are missing or cannot be shown.
    fn runs(&mut self, group: &CurveRows, metric: &MetricColumns) -> Vec<Vec<PlotPoint>> {
        let places = self.sorted(group);
        self.left_out += group.rows.len() - places.len();
        let values: Vec<_> = places.into_iter().map(|(x, row)| (x, row, metric.value(self.frame.table, row))).collect();
        self.left_out += values.iter().filter(|(_, _, value)| value.is_some_and(|y| !self.shows_y(y))).count();
        unbroken(values.into_iter().map(|(x, row, value)| {
            let y = value.filter(|y| self.shows_y(*y))?;
            let arrival = metric.arrival(self.frame.table, row);
            Some(PlotPoint { x, y, x_error: None, y_error: metric.ci(self.frame.table, row), arrival })
        }))
    }

    fn finish(mut self, panels: Vec<Panel>) -> Figure {
        if self.theory {
            let is_dense = curves(&panels).any(Curve::has_dense_theory);
            add(&mut self.legend, "closed form", if is_dense { Swatch::Theory } else { Swatch::TheoryMark });
        }
        if self.band {
            let joined = curves(&panels).flat_map(|curve| &curve.runs).any(|run| run.len() > 1);
            let sample = if joined { Swatch::Band } else { Swatch::Whisker };
            add(&mut self.legend, "95 % confidence interval", sample);
        }
        explain_marks(&mut self.legend, &panels);
        self.remarks.extend(left_out(self.left_out));
        let marks = curves(&panels)
            .flat_map(|curve| {
                let absent = curve.absent.iter().map(|absent| absent.at);
                curve.runs.iter().flatten().map(|mark| mark.x).chain(absent)
            })
            .collect::<Vec<_>>();
        let scale = match self.x.names.take() {
            Some(names) => Scale::category(names),
            None => Scale::fit(self.job.chart.x_axis, marks, Fit::Room),
        };
        Figure {
            title: self.job.title().to_owned(),
            notes: self.job.notes(),
            remarks: self.remarks,
            x: PlotAxis { label: self.key.quantity.label(), scale },
            panels,
            legend: self.legend,
        }
    }
}
