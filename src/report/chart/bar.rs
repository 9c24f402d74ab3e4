//! A metric as bars.

use super::arrival::{self, Arrival};
use super::axis::PlotAxis;
use super::bars::{Bar, BarSlot, room_above};
use super::canvas::Drawing;
use super::curve::left_out;
use super::figure::{Figure, Panel, panel_height};
use super::format::plain;
use super::job::{ChartError, ChartJob};
use super::legend::{LegendEntry, add};
use super::names::shared_label;
use super::palette::{Look, Swatch, color};
use super::plot::PlotContent;
use super::run_table::{self, KeyColumn, MetricColumns, RunTable, by_axis, chosen, distinct, joined};
use super::scale::{Fit, Scale};
use crate::experiment::chart::AxisScale;

/// More bars than this at one place are not all drawn.
const MOST_BARS: usize = 12;

/// Bars over the values of a key, or over the transports.
pub fn draw(job: &ChartJob) -> Result<Drawing, ChartError> {
    let frame = RunTable::new(job, job.tables.summary)?;
    let key = match job.x() {
        Some("transport") => None,
        Some(path) if frame.key(path).is_none() && job.needs_key() => return Err(job.no_column(path)),
        Some(path) => frame.key(path),
        None => frame.keys.first(),
    };
    let metrics = frame.metrics(job)?;
    let mut build = BarChart {
        job,
        frame: &frame,
        key,
        legend: Vec::new(),
        hidden: 0,
        cut: None,
        mixed: false,
        theory: false,
        error: false,
        hatched: false,
        cross: false,
    };
    let axes = by_axis(metrics);
    build.mixed = axes.iter().any(|axis| axis.len() > 1);
    let panels = axes.iter().map(|axis| build.panel(axis, panel_height(axes.len()))).collect();
    build.finish(panels).draw()
}

#[expect(clippy::struct_excessive_bools, reason = "what the legend has to explain")]
struct BarChart<'a> {
    job: &'a ChartJob<'a>,
    frame: &'a RunTable<'a>,
    /// `None`: the places are the transports.
    key: Option<&'a KeyColumn>,
    legend: Vec<LegendEntry>,
    /// Some plot has several metrics, so that a colour cannot stand for a transport.
    mixed: bool,
    hidden: usize,
    cut: Option<usize>,
    theory: bool,
    error: bool,
    hatched: bool,
    cross: bool,
}

impl BarChart<'_> {
    /// The text that gives a row its place.
    fn place(&self, row: usize) -> &str {
        self.key.map_or_else(
            || self.frame.transports[self.frame.transport(row)].as_str(),
            |key| self.frame.table.text(row, key.column),
        )
    }

    fn places(&self) -> Vec<String> {
        distinct((0..self.frame.table.rows.len()).map(|row| self.place(row)))
    }

    /// What distinguishes the bars at one place, except the metric, for each row.
    fn series(&self) -> Vec<String> {
        let transport = |row| match self.key {
            Some(_) => self.frame.transports[self.frame.transport(row)].as_str(),
            None => "",
        };
        let variants = self.frame.variant_names(self.key);
        variants.iter().enumerate().map(|(row, variant)| joined(&[transport(row), variant])).collect()
    }

    fn panel(&mut self, metrics: &[MetricColumns], height: f64) -> Panel {
        let rows = 0..self.frame.table.rows.len();
        let names = self.series();
        let series = distinct(names.iter().map(String::as_str));
        let kept = chosen(series.len(), MOST_BARS / metrics.len());
        if kept.len() < series.len() {
            self.cut = Some(series.len());
        }
        let values = self.places();
        let places = run_table::places(&values);
        let label = |series: &str, metric: &MetricColumns| {
            joined(&[series, if metrics.len() > 1 { metric.quantity.short.as_str() } else { "" }])
        };
        // In the order of the series, whether or not they have values, so that a colour means the same in all charts.
        if kept.len() * metrics.len() > 1 || self.mixed {
            for (&index, metric) in kept.iter().flat_map(|index| metrics.iter().map(move |metric| (index, metric))) {
                self.shade(&label(&series[index], metric), metric);
            }
        }
        let mut bars = Vec::new();
        for row in rows {
            let Some(slot) = kept.iter().position(|&index| series[index] == names[row]) else { continue };
            let Some(&place) = places.get(self.place(row)) else { continue };
            for (index, metric) in metrics.iter().enumerate() {
                let slot = BarSlot { place, slot: slot * metrics.len() + index, of: kept.len() * metrics.len() };
                bars.extend(self.bar(row, metric, slot, &label(&names[row], metric)));
            }
        }
        let ends = |bar: &Bar| {
            let end = bar.value.map(|value| value + bar.error.unwrap_or_default().above.min(value.abs()));
            [bar.value, end, bar.theory].into_iter().flatten().collect::<Vec<_>>()
        };
        let scale = Scale::fit(self.job.chart.y_axis, bars.iter().flat_map(ends), Fit::Bars);
        let room = room_above(&bars, values.len(), height, |value| scale.share(value));
        let scale = scale.with_room_above(room);
        let quantities: Vec<_> = metrics.iter().map(|metric| metric.quantity.clone()).collect();
        Panel { y: PlotAxis { label: shared_label(&quantities), scale }, content: PlotContent::Bars(bars) }
    }

    fn bar(&mut self, row: usize, metric: &MetricColumns, slot: BarSlot, label: &str) -> Option<Bar> {
        let table = self.frame.table;
        let (value, arrival) = (metric.value(table, row), metric.arrival(table, row));
        if value.is_none() && arrival != Arrival::Nothing {
            return None;
        }
        if self.job.chart.y_axis == AxisScale::Log && value.is_some_and(|value| value <= 0.0) {
            self.hidden += 1;
            return None;
        }
        let shade = if slot.of == 1 && !self.mixed { self.frame.transport(row) } else { self.shade(label, metric) };
        let look = Look { color: color(shade), dash: &[], marker: None };
        let (error, theory) = (metric.ci(table, row).filter(|error| error.is_wide()), metric.theory(table, row));
        self.error |= error.is_some();
        self.theory |= theory.is_some();
        self.hatched |= value.is_some() && arrival.is_marked();
        self.cross |= value.is_none();
        Some(Bar { look, slot, value, error, theory, arrival })
    }

    /// The number of a series' colour.
    fn shade(&mut self, label: &str, metric: &MetricColumns) -> usize {
        self.legend_place(if label.is_empty() { &metric.quantity.name } else { label })
    }

    /// The index of a label among the legend's entries; a new one is added.
    fn legend_place(&mut self, label: &str) -> usize {
        let next = Swatch::Bar(color(self.legend.len()));
        add(&mut self.legend, label, next);
        self.legend.iter().position(|entry| entry.label == label).unwrap_or(0)
    }

    fn finish(mut self, panels: Vec<Panel>) -> Figure {
        if self.theory {
            add(&mut self.legend, "closed form", Swatch::TheoryMark);
        }
        if self.error {
            add(&mut self.legend, "95 % confidence interval", Swatch::Whisker);
        }
        if self.hatched {
            add(&mut self.legend, arrival::HATCHED, Swatch::Hatched);
        }
        if self.cross {
            add(&mut self.legend, arrival::ABSENT, Swatch::Cross);
        }
        let cut =
            self.cut.map(|count| format!("Drawn: the first, the middle and the last of {count} bars at each place."));
        let label = self.key.map_or_else(String::new, |key| key.quantity.label());
        let number = |text: String| match text.parse::<f64>() {
            Ok(value) if self.key.is_some() => plain(value),
            _ => text,
        };
        Figure {
            title: self.job.title().to_owned(),
            notes: self.job.notes(),
            remarks: cut.into_iter().chain(left_out(self.hidden)).collect(),
            x: PlotAxis { label, scale: Scale::category(self.places().into_iter().map(number).collect()) },
            panels,
            legend: self.legend,
        }
    }
}
