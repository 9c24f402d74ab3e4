//! What a table of results shows: its rows and columns, before any format.

use super::head::{Head, usual_metrics};
use super::readings::ReadRow;
use super::selection::Selection;
use super::tabled::Tabled;
use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::display_unit::DisplayUnit;
use crate::report::labels::PointLabels;
use crate::report::metric_words::{is_usual, label};
use crate::report::survivors::Survivors;
use crate::stats::Estimate;

/// A table of results.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// The heading over the names of the rows.
    pub heading: String,
    pub heads: Vec<Head>,
    /// Rows by points, or all in one part without a name.
    pub parts: Vec<SheetPart>,
}

/// Rows under one name.
#[derive(Clone, Debug)]
pub(super) struct SheetPart {
    /// The point; empty if there is one only.
    pub name: String,
    pub rows: Vec<SheetRow>,
}

/// A transport, or a population, at a point.
#[derive(Clone, Debug)]
pub(super) struct SheetRow {
    pub point: usize,
    pub transport: usize,
    pub population: Option<String>,
    /// Its name in the table.
    pub name: String,
    /// The estimate under each head.
    pub estimates: Vec<Option<Estimate>>,
    /// The closed form under each head.
    pub theory: Vec<Option<f64>>,
    /// The messages that the latencies are of, if not all.
    pub survivors: Option<Survivors>,
}

impl Sheet {
    /// The table of what is selected. Columns without any value are left out unless they were asked for.
    pub fn new(source: &Tabled, selection: &Selection) -> Sheet {
        let experiment = &*source.experiment;
        let are_asked = selection.metrics.is_some();
        let metrics = selection.metrics.clone().unwrap_or_else(|| usual_metrics(experiment));
        let labels = PointLabels::new(experiment);
        let build = Rows { source, selection, labels: &labels, metrics: &metrics };
        let variants = is_of_transports(experiment);
        let parts = if experiment.points() == 1 || variants {
            vec![SheetPart { name: String::new(), rows: build.by_transport() }]
        } else if selection.transports.len() == 1 && !experiment.is_mix() {
            let name =
                if experiment.transports().len() == 1 { String::new() } else { build.name(selection.transports[0]) };
            vec![SheetPart { name, rows: build.by_point() }]
        } else {
            build.parts()
        };
        let is_by_point =
            selection.transports.len() == 1 && experiment.points() > 1 && !experiment.is_mix() && !variants;
        let heading = if is_by_point { labels.heading() } else { "transport".to_owned() };
        let heading = if experiment.is_mix() { "clients".to_owned() } else { heading };
        let heads = (0..metrics.len()).map(|place| head(&metrics, place, &parts, are_asked)).collect();
        let mut sheet = Sheet { heading, heads, parts };
        if !are_asked {
            sheet.leave_out_empty(selection.points.iter().all(|point| source.is_in_request(*point)));
        }
        sheet
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &SheetRow> {
        self.parts.iter().flat_map(|part| &part.rows)
    }

    /// Puts the number of each point before its name.
    pub fn number_points(&mut self) {
        let is_by_point = |part: &SheetPart| part.rows.iter().any(|row| row.point != part.rows[0].point);
        for part in &mut self.parts {
            if let Some(first) = part.rows.first().map(|row| row.point)
                && !is_by_point(part)
                && !part.name.is_empty()
            {
                part.name = format!("{first}: {}", part.name);
            } else if part.rows.len() > 1 && self.heading != "transport" {
                for row in &mut part.rows {
                    row.name = format!("{}: {}", row.point, row.name);
                }
                self.heading = format!("point: {}", self.heading);
            }
        }
    }

    /// Leaves out columns without a value, and latencies that are 0 by definition.
    fn leave_out_empty(&mut self, are_never_late: bool) {
        let is_kept = |place: usize, head: &Head| {
            let mut values = self.rows().filter_map(|row| row.estimates[place]);
            if are_never_late && head.metric.name().starts_with("latency_") {
                values.any(|estimate| estimate.value != 0.0)
            } else {
                values.next().is_some()
            }
        };
        let kept: Vec<usize> = (0..self.heads.len()).filter(|place| is_kept(*place, &self.heads[*place])).collect();
        self.heads = kept.iter().map(|place| self.heads[*place].clone()).collect();
        for row in self.parts.iter_mut().flat_map(|part| &mut part.rows) {
            row.estimates = kept.iter().map(|place| row.estimates[*place]).collect();
            row.theory = kept.iter().map(|place| row.theory[*place]).collect();
        }
    }
}

fn head(metrics: &[Metric], place: usize, parts: &[SheetPart], are_asked: bool) -> Head {
    let metric = metrics[place];
    // Latencies are compared with each other, and share a unit.
    let is_latency = |metric: Metric| metric.name().starts_with("latency_");
    let is_kin = |other: usize| other == place || (is_latency(metric) && is_latency(metrics[other]));
    let kin: Vec<usize> = (0..metrics.len()).filter(|other| is_kin(*other)).collect();
    let rows = parts.iter().flat_map(|part| &part.rows);
    let values = rows.flat_map(|row| kin.iter().filter_map(|place| row.estimates[*place]));
    Head {
        metric,
        label: label(metric).to_owned(),
        unit: DisplayUnit::of(metric, values.map(|estimate| estimate.value)),
        is_extra: !are_asked && !is_usual(metric),
    }
}

/// Whether all swept keys belong to transports, so that points are variants of these.
pub(super) fn is_of_transports(experiment: &Experiment) -> bool {
    let swept = experiment.swept();
    !swept.is_empty() && swept.iter().all(|key| key.run().is_some())
}

/// What the rows of a table are made of.
struct Rows<'a> {
    source: &'a Tabled<'a>,
    selection: &'a Selection,
    labels: &'a PointLabels<'a>,
    metrics: &'a [Metric],
}

impl Rows<'_> {
    /// A part for each point.
    fn parts(&self) -> Vec<SheetPart> {
        let part = |point: &usize| {
            let transports = self.selection.transports.iter();
            let rows = transports.flat_map(|transport| self.rows(*point, *transport, &self.name(*transport))).collect();
            SheetPart { name: self.labels.of(*point), rows }
        };
        // A search does not try every point with every transport.
        self.selection.points.iter().map(part).filter(|part: &SheetPart| !part.rows.is_empty()).collect()
    }

    /// A row for each point of the only transport.
    fn by_point(&self) -> Vec<SheetRow> {
        let transports = self.selection.transports.iter();
        let row = |transport: &usize| {
            let points = self.selection.points.iter();
            let rows = points.flat_map(|point| self.rows(*point, *transport, &self.values(*point)));
            rows.collect::<Vec<_>>()
        };
        transports.flat_map(row).collect()
    }

    /// The rows of each transport, once for each point at which swept keys of its own differ.
    fn by_transport(&self) -> Vec<SheetRow> {
        let mut rows = Vec::new();
        for transport in &self.selection.transports {
            let name = self.name(*transport);
            let mut seen: Vec<String> = Vec::new();
            for point in &self.selection.points {
                let variant = self.labels.of_transport(*point, *transport);
                if seen.contains(&variant) {
                    continue;
                }
                let named = if variant.is_empty() { name.clone() } else { format!("{name}, {variant}") };
                rows.extend(self.rows(*point, *transport, &named));
                seen.push(variant);
            }
        }
        rows
    }

    fn name(&self, transport: usize) -> String {
        self.source.experiment.transports()[transport].clone()
    }

    /// The values of a point, without the name of a key that is the heading.
    fn values(&self, point: usize) -> String {
        let name = self.labels.of(point);
        match self.source.experiment.swept() {
            [_] => name.strip_prefix(&format!("{} = ", self.labels.heading())).unwrap_or(&name).to_owned(),
            _ => name,
        }
    }

    /// A transport at a point: all clients, and each selected population.
    fn rows(&self, point: usize, transport: usize, name: &str) -> Vec<SheetRow> {
        let is_only = self.source.experiment.transports().len() == 1;
        let readings = self.source.readings.at(point, transport);
        let wanted = readings.iter().filter(|reading| self.selection.has_population(reading.population.as_deref()));
        let row = |reading: &ReadRow| {
            let name = match &reading.population {
                None if is_only && self.source.experiment.is_mix() => format!("{name} (all)"),
                None => name.to_owned(),
                Some(population) if is_only => population.clone(),
                Some(population) => format!("{name}: {population}"),
            };
            SheetRow {
                point,
                transport,
                population: reading.population.clone(),
                name,
                estimates: self.metrics.iter().map(|metric| reading.estimate(*metric)).collect(),
                theory: self.metrics.iter().map(|metric| reading.theory(*metric)).collect(),
                survivors: reading.survivors(),
            }
        };
        wanted.map(row).collect()
    }
}
