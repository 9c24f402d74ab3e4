//! Metrics against a swept key.

use std::collections::BTreeMap;

use crate::experiment::chart::AxisScale;

use super::arrival::{self, Arrival};
use super::axis::Axis;
use super::curves::{Frame, Group, Key, MOST_CURVES, Metric, by_axis, chosen, joined, look};
use super::figure::{Figure, Panel, panel_height};
use super::legend::{Entry, add};
use super::names::shared_label;
use super::palette::{Look, Swatch};
use super::plot::{Absent, Content, Curve, Edge, Label, Mark, Reach, Style, room_for_crosses};
use super::scale::{Fit, Scale};
use super::{ChartError, Job, bar};

/// A curve per transport, fixed values and metric; a plot per unit. Bars where nothing is swept.
pub fn figure(job: &Job) -> Result<Figure, ChartError> {
    let frame = Frame::new(job, job.tables.summary)?;
    if job.chart.x.as_deref() == Some("transport") {
        return bar::figure(job);
    }
    let key = match &job.chart.x {
        Some(path) => frame.key(path),
        None => frame.keys.first(),
    };
    let Some(key) = key else {
        return match &job.chart.x {
            Some(path) if !frame.table.rows.is_empty() && !job.context.swept.is_empty() => Err(job.no_column(path)),
            _ => bar::figure(job),
        };
    };
    let names: Vec<&str> =
        if job.chart.y.is_empty() { vec!["http_mbit_per_s"] } else { job.chart.y.iter().map(String::as_str).collect() };
    let metrics = names.into_iter().map(|name| frame.metric(job, name)).collect::<Result<_, _>>()?;
    let mut build = Build::new(job, &frame, key);
    let axes = by_axis(metrics);
    let panels = axes.iter().map(|axis| build.panel(axis, panel_height(axes.len()))).collect();
    Ok(build.finish(panels))
}

/// A line chart in the making.
struct Build<'a> {
    job: &'a Job<'a>,
    frame: &'a Frame<'a>,
    key: &'a Key,
    x: XAxis,
    groups: Vec<Group>,
    variants: Vec<String>,
    remarks: Vec<String>,
    legend: Vec<Entry>,
    left_out: usize,
    theory: bool,
    band: bool,
}

/// The level axis: numbers, or names where a value is a word.
pub struct XAxis {
    pub names: Option<Vec<String>>,
    places: BTreeMap<String, f64>,
    column: usize,
}

impl XAxis {
    /// The axis of a key.
    pub fn new(frame: &Frame, key: &Key) -> XAxis {
        let rows = 0..frame.table.rows.len();
        let words = rows.clone().any(|row| frame.table.number(row, key.column).is_none());
        let names = words.then(|| super::curves::distinct(rows.map(|row| frame.table.text(row, key.column))));
        let places = names.iter().flatten().cloned().zip((0u32..).map(f64::from)).collect();
        XAxis { names, places, column: key.column }
    }

    /// Where a row lies.
    pub fn place(&self, frame: &Frame, row: usize) -> Option<f64> {
        match &self.names {
            None => frame.table.number(row, self.column),
            Some(_) => self.places.get(frame.table.text(row, self.column)).copied(),
        }
    }
}

impl<'a> Build<'a> {
    fn new(job: &'a Job<'a>, frame: &'a Frame<'a>, key: &'a Key) -> Build<'a> {
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
        Build {
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
    fn panel(&mut self, metrics: &[Metric], height: f64) -> Panel {
        let mut curves = Vec::new();
        for group in self.groups.clone() {
            for (index, metric) in metrics.iter().enumerate() {
                let curve = self.curve(&group, metric, index, metrics.len(), curves.len());
                curves.push(curve);
            }
        }
        let log = self.job.chart.y_axis == AxisScale::Log;
        let room = room_for_crosses(&curves, Edge::Top, height);
        let scale = Scale::fit(self.job.chart.y_axis, extent(&curves, log), Fit::NearZero).with_room_above(room);
        let quantities: Vec<_> = metrics.iter().map(|metric| metric.quantity.clone()).collect();
        Panel { y: Axis { label: shared_label(&quantities), scale }, content: Content::Curves(curves) }
    }

    fn curve(&mut self, group: &Group, metric: &Metric, index: usize, metrics: usize, number: usize) -> Curve {
        let transports = self.frame.transports.len();
        let forms = metrics * self.variants.len();
        let look = look(group.transport, transports, index * self.variants.len() + group.variant, forms);
        let name = if transports > 1 || forms == 1 { self.frame.transports[group.transport].as_str() } else { "" };
        let short = if metrics > 1 { metric.quantity.short.as_str() } else { "" };
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

    /// What arrived, beside the points of which it must be said, and the points without a value since nothing did.
    fn shares(&self, group: &Group, metric: &Metric, look: Look) -> (Vec<Label>, Vec<Absent>) {
        let table = self.frame.table;
        let places = self.sorted(group);
        let arrivals: Vec<Arrival> = places.iter().map(|(_, row)| metric.arrival(table, *row)).collect();
        let (mut labels, mut absent) = (Vec::new(), Vec::new());
        for ((&(x, row), arrival), label) in places.iter().zip(&arrivals).zip(arrival::labels(&arrivals)) {
            match (metric.value(table, row), label) {
                (Some(y), Some(text)) if self.shows_y(y) => {
                    labels.push(Label::share(&Mark { x, y, ..Mark::default() }, text, look));
                }
                (None, label) if *arrival == Arrival::Nothing => absent.push(Absent { edge: Edge::Top, at: x, label }),
                _ => {}
            }
        }
        (labels, absent)
    }

    /// Rows in the order of the level axis, which must be able to show them.
    fn sorted(&self, group: &Group) -> Vec<(f64, usize)> {
        let log = self.job.chart.x_axis == AxisScale::Log && self.x.names.is_none();
        let places = group.rows.iter().filter_map(|&row| Some((self.x.place(self.frame, row)?, row)));
        let mut places: Vec<_> = places.filter(|(x, _)| !log || *x > 0.0).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        places
    }

    fn shows_y(&self, y: f64) -> bool {
        self.job.chart.y_axis == AxisScale::Linear || y > 0.0
    }

    /// The points, broken where a value is missing or cannot be shown.
    fn runs(&mut self, group: &Group, metric: &Metric) -> Vec<Vec<Mark>> {
        let places = self.sorted(group);
        self.left_out += group.rows.len() - places.len();
        let values: Vec<_> = places.into_iter().map(|(x, row)| (x, row, metric.value(self.frame.table, row))).collect();
        self.left_out += values.iter().filter(|(_, _, value)| value.is_some_and(|y| !self.shows_y(y))).count();
        unbroken(values.into_iter().map(|(x, row, value)| {
            let y = value.filter(|y| self.shows_y(*y))?;
            let arrival = metric.arrival(self.frame.table, row);
            Some(Mark { x, y, x_error: None, y_error: metric.ci(self.frame.table, row), arrival })
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
            x: Axis { label: self.key.quantity.label(), scale },
            panels,
            legend: self.legend,
        }
    }
}

/// Adds what hollow markers and crosses mean, where there are any.
pub fn explain_marks(legend: &mut Vec<Entry>, panels: &[Panel]) {
    if curves(panels).any(|curve| curve.runs.iter().flatten().any(|mark| mark.arrival.is_marked())) {
        add(legend, arrival::HOLLOW, Swatch::Hollow);
    }
    if curves(panels).any(|curve| !curve.absent.is_empty()) {
        add(legend, arrival::ABSENT, Swatch::Cross);
    }
}

fn curves(panels: &[Panel]) -> impl Iterator<Item = &Curve> {
    panels.iter().flat_map(|panel| match &panel.content {
        Content::Curves(curves) => curves.as_slice(),
        Content::Bars(_) => &[],
    })
}

/// The stretches without a gap.
pub fn unbroken<T>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let mut runs = vec![Vec::new()];
    for item in items {
        match (item, runs.last_mut()) {
            (Some(item), Some(run)) => run.push(item),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// What is said about values that a log axis cannot show.
pub fn left_out(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 value of zero or below is left out: a logarithmic axis cannot show it.".to_owned()),
        _ => Some(format!("{count} values of zero or below are left out: a logarithmic axis cannot show them.")),
    }
}

/// The values an upright axis should show: means, closed forms, and errors as far as they do not dwarf the means.
pub fn extent(curves: &[Curve], log: bool) -> Vec<f64> {
    let marks = || curves.iter().flat_map(|curve| curve.runs.iter().flatten());
    let mut values: Vec<f64> = marks().map(|mark| mark.y).collect();
    values.extend(curves.iter().flat_map(|curve| curve.theory.iter().flatten().map(|(_, y)| *y)));
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = (high - low).max(high.abs() * 0.5);
    let reach = |mark: &Mark| mark.y_error.unwrap_or_default();
    let ends = marks().flat_map(|mark| [mark.y - reach(mark).below, mark.y + reach(mark).above]);
    let floor = match (log, low >= 0.0) {
        (true, _) => low / 3.0,
        (false, true) => (low - span).max(0.0),
        (false, false) => low - span,
    };
    let bounded: Vec<f64> = ends.map(|end| end.clamp(floor, high + span)).collect();
    values.extend(bounded);
    values
}
