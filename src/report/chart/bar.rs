//! A metric as bars.

use super::arrival::Arrival;
use super::axis::PlotAxis;
use super::bars::{Bar, BarSlot, room_above};
use super::curve::left_out;
use super::figure::{Figure, Head};
use super::format::plain;
use super::job::{ChartError, ChartJob};
use super::legend::{LegendEntry, add};
use super::names::{joined, shared_label};
use super::palette::{Swatch, color};
use super::plot::{Panel, panel_height};
use super::run_table::{Categories, KeyColumn, MetricRows, MetricValue, RunTable, chosen};
use super::scale::{Fit, Scale, can_show};

/// More bars than this at one place are not all drawn.
const MOST_BARS: usize = 12;

/// Bars over the values of a key, or over the transports.
pub fn figure(job: &ChartJob) -> Result<Figure, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let key = frame.key_across(job)?;
    let axes = frame.metrics_by_axis(job)?;
    let mut chart = BarChart {
        job,
        frame: &frame,
        places: Categories::new((0..frame.table.rows.len()).map(|row| place(&frame, key, row))),
        series: series(&frame, key),
        is_mixed: axes.iter().any(|axis| axis.len() > 1),
        legend: Vec::new(),
        hidden: 0,
        cut: None,
    };
    let panels = axes.iter().map(|metrics| chart.panel(metrics, panel_height(axes.len()))).collect();
    let name = |name: String| match name.parse() {
        Ok(value) if key.is_some() => plain(value),
        _ => name,
    };
    let label = key.map_or_else(String::new, |key| key.quantity.label());
    Ok(Figure {
        head: Head::of(job),
        remarks: chart.cut.into_iter().chain(left_out(chart.hidden)).collect(),
        x: PlotAxis { label, scale: Scale::category(chart.places.names.into_iter().map(name).collect()) },
        panels,
        legend: chart.legend,
    })
}

/// The text that gives a row its place.
fn place<'a>(frame: &'a RunTable, key: Option<&KeyColumn>, row: usize) -> &'a str {
    key.map_or_else(|| frame.transports.name(row), |key| frame.table.text(row, key.column))
}

/// What distinguishes the bars at one place, except the metric, for each row.
fn series(frame: &RunTable, key: Option<&KeyColumn>) -> Categories {
    let variants = frame.variants(key);
    let transport = |row| if key.is_some() { frame.transports.name(row) } else { "" };
    let names = (0..frame.table.rows.len()).map(|row| joined(&[transport(row), variants.name(row)]));
    let names: Vec<String> = names.collect();
    Categories::new(names.iter().map(String::as_str))
}

struct BarChart<'a> {
    job: &'a ChartJob<'a>,
    frame: &'a RunTable<'a>,
    /// Along the horizontal axis.
    places: Categories,
    /// The bars at a place.
    series: Categories,
    /// Whether a plot has several metrics, so that a colour cannot stand for a transport.
    is_mixed: bool,
    legend: Vec<LegendEntry>,
    /// How many bars the axis cannot show.
    hidden: usize,
    /// The remark if not all are drawn.
    cut: Option<String>,
}

impl BarChart<'_> {
    fn panel(&mut self, metrics: &[MetricRows], height: f64) -> Panel {
        let (kept, cut) = chosen(self.series.names.len(), MOST_BARS / metrics.len(), "bars at each place");
        self.cut = cut.or(self.cut.take());
        let label = |series: &str, metric: &MetricRows| match (series, metrics) {
            ("", [_]) => metric.quantity.name.clone(),
            (_, [_]) => series.to_owned(),
            _ => joined(&[series, &metric.quantity.short]),
        };
        let of = kept.len() * metrics.len();
        // In the order of the series, whether or not they have values, so that a colour means the same in all charts.
        if of > 1 || self.is_mixed {
            for (&index, metric) in kept.iter().flat_map(|index| metrics.iter().map(move |metric| (index, metric))) {
                self.shade(&label(&self.series.names[index], metric));
            }
        }
        let mut bars = Vec::new();
        for row in 0..self.frame.table.rows.len() {
            let Some(slot) = kept.iter().position(|&index| index == self.series.of_row[row]) else { continue };
            for (index, metric) in metrics.iter().enumerate() {
                let slot = BarSlot { place: self.places.of_row[row], slot: slot * metrics.len() + index, of };
                bars.extend(self.bar(row, metric, slot, &label(self.series.name(row), metric)));
            }
        }
        let ends = |bar: &Bar| {
            let end = bar.value.map(|value| value + bar.error.unwrap_or_default().above.min(value.abs()));
            [bar.value, end, bar.theory].into_iter().flatten().collect::<Vec<_>>()
        };
        let scale = Scale::fit(self.job.chart.y_axis, bars.iter().flat_map(ends), Fit::Bars);
        let room = room_above(&bars, self.places.names.len(), height, |value| scale.share(value));
        let label = shared_label(metrics.iter().map(|metric| &metric.quantity));
        Panel { y: PlotAxis { label, scale: scale.with_room_above(room) }, curves: Vec::new(), bars }
    }

    fn bar(&mut self, row: usize, metric: &MetricRows, slot: BarSlot, label: &str) -> Option<Bar> {
        let MetricValue { value, ci, theory, arrival } = metric.rows[row];
        if value.is_none() && arrival != Arrival::Nothing {
            return None;
        }
        if value.is_some_and(|value| !can_show(self.job.chart.y_axis, value)) {
            self.hidden += 1;
            return None;
        }
        let is_alone = slot.of == 1 && !self.is_mixed;
        let shade = if is_alone { self.frame.transports.of_row[row] } else { self.shade(label) };
        let error = ci.filter(|error| error.is_wide());
        Some(Bar { color: color(shade), slot, value, error, theory, arrival })
    }

    /// The number of the colour of a label: its place in the legend, to which a new one is added.
    fn shade(&mut self, label: &str) -> usize {
        let next = Swatch::Bar(color(self.legend.len()));
        add(&mut self.legend, label, next);
        self.legend.iter().position(|entry| entry.label == label).unwrap_or(0)
    }
}
