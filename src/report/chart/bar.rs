//! A metric as bars.

use super::axis::PlotAxis;
use super::axis_title::AxisTitle;
use super::bar_figure::{BarFigure, BarPanel};
use super::bar_marks::Bar;
use super::error::ChartError;
use super::job::ChartJob;
use super::marks;
use super::names::{joined, shared_title};
use super::palette::Look;
use super::reference::ReferenceLine;
use super::run_table::{Categories, KeyColumn, MetricRows, MetricValue, RunTable, chosen};
use super::scale::{Fit, Scale, can_show};
use super::text_block::Heading;
use super::units::{BarColumn, column_unit};

/// More bars than this at one place are not all drawn.
const MOST_BARS: usize = 12;

/// Bars over the values of a key, or over the transports.
pub fn figure(job: &ChartJob) -> Result<BarFigure, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let key = frame.key_across(job)?;
    let axes = frame.metrics_by_axis(job, |quantity, values| {
        column_unit(&quantity.unit, quantity.is_share, job.chart.y_axis, values)
    })?;
    let most = axes.iter().map(Vec::len).max().unwrap_or(1);
    let series = Series::new(job, &frame, key);
    let (kept, remark) = chosen(series.rows.names.len(), MOST_BARS / most.max(1), "bars at each place");
    let chart = BarChart {
        job,
        places: Categories::new((0..frame.table.rows.len()).map(|row| place(&frame, key, row))),
        series,
        kept,
    };
    let place_name = |row: usize| match key {
        Some(key) => frame.value_name(row, key),
        None => job.label(frame.transports.name(row)).to_owned(),
    };
    let first = |place: usize| chart.places.of_row.iter().position(|&of_row| of_row == place);
    // Each place has its unit beside its value.
    let mut title = key.map_or_else(AxisTitle::default, KeyColumn::title);
    job.chart.view.x_label.iter().for_each(|words| title.reword(words));
    let places: Vec<String> = (0..chart.places.names.len()).filter_map(first).map(place_name).collect();
    let panels: Vec<BarPanel> = axes.iter().map(|metrics| chart.panel(metrics)).collect();
    let names: Vec<&str> = panels.iter().flat_map(|panel| &panel.series).chain(&places).map(String::as_str).collect();
    let count = panels.iter().map(|panel| panel.bars.len()).sum();
    let unsaid = job.unsaid(&frame.transports.names, &names).map(|transport| marks::all_are(transport, "bar", count));
    Ok(BarFigure {
        head: Heading::of(job),
        key: title.name,
        places,
        panels,
        remarks: remark.into_iter().chain(unsaid).collect(),
    })
}

/// The text that gives a row its place.
fn place<'a>(frame: &'a RunTable, key: Option<&KeyColumn>, row: usize) -> &'a str {
    key.map_or_else(|| frame.transports.name(row), |key| frame.table.text(row, key.column))
}

/// What distinguishes the bars at one place, except the metric.
struct Series {
    /// Of each row of the table.
    rows: Categories,
    /// The look of each row.
    looks: Vec<Look>,
    /// Whether there is one transport, of which metrics differ in their looks.
    is_of_one: bool,
}

impl Series {
    fn new(job: &ChartJob, frame: &RunTable, key: Option<&KeyColumn>) -> Series {
        let variants = frame.variants(key);
        // The only transport tells no bars apart.
        let is_named = key.is_some() && frame.transports.names.len() > 1;
        let transport = |row| if is_named { job.label(frame.transports.name(row)) } else { "" };
        let names: Vec<String> =
            (0..frame.table.rows.len()).map(|row| joined(&[transport(row), variants.name(row)])).collect();
        let look = |row: usize| job.context.looks.get(frame.transports.name(row));
        Series {
            rows: Categories::new(names.iter().map(String::as_str)),
            looks: (0..frame.table.rows.len()).map(look).collect(),
            is_of_one: frame.transports.names.len() == 1,
        }
    }
}

struct BarChart<'a> {
    job: &'a ChartJob<'a>,
    /// The groups of bars.
    places: Categories,
    /// The bars at a place.
    series: Series,
    /// The series that are drawn.
    kept: Vec<usize>,
}

impl BarChart<'_> {
    fn panel(&self, metrics: &[MetricRows]) -> BarPanel {
        let mut series = Vec::new();
        for &kept in &self.kept {
            series.extend((0..metrics.len()).map(|index| self.name(kept, metrics, index)));
        }
        let column = BarColumn::of(
            metrics.iter().flat_map(|metric| &metric.rows).filter_map(|row| row.value),
            self.job.chart.y_axis,
        );
        let mut bars = Vec::new();
        for row in 0..self.places.of_row.len() {
            let Some(kept) = self.kept.iter().position(|&kept| kept == self.series.rows.of_row[row]) else { continue };
            for (index, metric) in metrics.iter().enumerate() {
                bars.push(self.bar(row, (kept * metrics.len() + index, index), (metric, &column)));
            }
        }
        let ends = |bar: &Bar| {
            let end = bar.value.map(|value| value + bar.error.unwrap_or_default().above.min(value.abs()));
            [bar.value, end, bar.theory].into_iter().flatten().collect::<Vec<_>>()
        };
        let scale = Scale::fit(self.job.chart.y_axis, bars.iter().flat_map(ends), Fit::Bars);
        let title = shared_title(metrics.iter().map(|metric| &metric.quantity));
        let mut axis = PlotAxis::new(title, scale, metrics.first().map_or(0, |metric| metric.shift));
        let view = &self.job.chart.view;
        view.y_label.iter().for_each(|words| axis.title.reword(words));
        let lines = view.reference.iter().filter(|line| !line.is_of_x).map(|line| ReferenceLine::of(line, &axis));
        let lines: Vec<ReferenceLine> = lines.map(|line| ReferenceLine { is_of_x: true, ..line }).collect();
        for line in &lines {
            axis.scale.reach(line.at);
        }
        if let Some(ends) = view.y_range {
            axis.scale = axis.scale.clone().between(ends.map(|end| axis.place(end)));
        }
        BarPanel { axis, lines, series, bars, is_fixed: view.y_range.is_some() }
    }

    /// The name of the series of a metric, of those that share an axis.
    fn name(&self, kept: usize, metrics: &[MetricRows], index: usize) -> String {
        let short = if metrics.len() > 1 { metrics[index].quantity.short.as_str() } else { "" };
        joined(&[&self.series.rows.names[kept], short])
    }

    fn bar(&self, row: usize, (series, index): (usize, usize), (metric, column): (&MetricRows, &BarColumn)) -> Bar {
        let MetricValue { value, ci, theory, arrival } = metric.rows[row];
        let text = match value {
            Some(value) => column.written(value, ci.map(|error| error.below.max(error.above)), &metric.quantity.unit),
            None if arrival.is_nothing() => String::new(),
            None => "no value".to_owned(),
        };
        let look = self.series.looks[row];
        let is_shown = |value: &f64| can_show(self.job.chart.y_axis, *value);
        Bar {
            place: self.places.of_row[row],
            series,
            look: if self.series.is_of_one { look.of_metric(index, index) } else { look },
            value: value.filter(is_shown),
            text: [Some(text), arrival.label()]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            error: ci,
            theory: theory.filter(is_shown),
            arrival,
        }
    }
}
