//! The rows of a table sorted into curves: by transport and by the swept values that stay fixed along a curve.

use std::collections::{BTreeMap, BTreeSet};

use crate::experiment::chart::SweptKey;
use crate::report::table::CsvTable;

use super::arrival::{self, Arrival};
use super::curve::Reach;
use super::format::plain;
use super::job::{ChartError, ChartJob};
use super::names::{self, AxisQuantity};
use super::palette::{self, Look};

/// More fixed values than this are not all drawn.
pub const MOST_CURVES: usize = 12;

/// A swept key with its column.
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub path: String,
    pub column: usize,
    pub quantity: AxisQuantity,
}

/// Rows that make up one curve, in the order of the table.
#[derive(Clone, Debug)]
pub struct CurveRows {
    /// Index of its transport.
    pub transport: usize,
    /// Index of its fixed values.
    pub variant: usize,
    pub rows: Vec<usize>,
}

/// A table by transport and swept keys.
pub struct RunTable<'a> {
    pub table: &'a CsvTable,
    pub keys: Vec<KeyColumn>,
    pub transports: Vec<String>,
    transport_column: usize,
    point_column: usize,
}

impl<'a> RunTable<'a> {
    /// Reads the table; swept keys without a column are left out.
    ///
    /// # Errors
    /// When the table has rows but no column `transport` or `point`.
    pub fn new(job: &ChartJob, table: &'a CsvTable) -> Result<RunTable<'a>, ChartError> {
        let key = |swept: &SweptKey| {
            Some(KeyColumn {
                path: swept.path.clone(),
                column: table.column(&swept.path)?,
                quantity: names::key(swept),
            })
        };
        let (transport_column, point_column) = (job.column(table, "transport")?, job.column(table, "point")?);
        let transports = distinct((0..table.rows.len()).map(|row| table.text(row, transport_column)));
        Ok(RunTable {
            table,
            keys: job.context.swept.iter().filter_map(key).collect(),
            transports,
            transport_column,
            point_column,
        })
    }

    /// Index of the transport of a row.
    pub fn transport(&self, row: usize) -> usize {
        let name = self.table.text(row, self.transport_column);
        self.transports.iter().position(|transport| transport == name).unwrap_or(0)
    }

    /// The key with this path.
    pub fn key(&self, path: &str) -> Option<&KeyColumn> {
        self.keys.iter().find(|key| key.path == path)
    }

    /// The points, in order.
    pub fn points(&self) -> Vec<String> {
        distinct((0..self.table.rows.len()).map(|row| self.table.text(row, self.point_column)))
    }

    /// The point of a row.
    pub fn point(&self, row: usize) -> &str {
        self.table.text(row, self.point_column)
    }

    /// The name of a row's value of a key, with its unit.
    pub fn value_name(&self, row: usize, key: &KeyColumn) -> String {
        let Some(value) = self.table.number(row, key.column) else {
            return self.table.text(row, key.column).to_owned();
        };
        let text = plain(value);
        match key.quantity.unit.as_str() {
            "" => text,
            unit => format!("{text} {unit}"),
        }
    }

    /// The name of each row's values of the keys that stay fixed along `along`.
    pub fn variant_names(&self, along: Option<&KeyColumn>) -> Vec<String> {
        let fixed = self.fixed_keys(along);
        (0..self.table.rows.len()).map(|row| self.values_name(row, &fixed)).collect()
    }

    /// `clients = 100, payload = 20 B`, of these keys.
    pub fn values_name(&self, row: usize, keys: &[&KeyColumn]) -> String {
        let named = keys.iter().map(|key| format!("{} = {}", key.quantity.name, self.value_name(row, key)));
        named.collect::<Vec<_>>().join(", ")
    }

    /// The keys that stay fixed along a curve: the others, unless they all step together with `along`.
    fn fixed_keys(&self, along: Option<&KeyColumn>) -> Vec<&KeyColumn> {
        let others: Vec<&KeyColumn> =
            self.keys.iter().filter(|key| along.is_none_or(|along| along.path != key.path)).collect();
        let Some(along) = along else { return others };
        let values = distinct((0..self.table.rows.len()).map(|row| self.table.text(row, along.column)));
        if values.len() > 1 && values.len() == self.points().len() { Vec::new() } else { others }
    }

    /// The curves along a key, and the names of their fixed values.
    pub fn groups(&self, along: Option<&KeyColumn>) -> (Vec<CurveRows>, Vec<String>) {
        let names = self.variant_names(along);
        let variants = distinct(names.iter().map(String::as_str));
        let places = places(&variants);
        let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (row, name) in names.iter().enumerate() {
            groups.entry((self.transport(row), places[name.as_str()])).or_default().push(row);
        }
        let group = |((transport, variant), rows)| CurveRows { transport, variant, rows };
        (groups.into_iter().map(group).collect(), variants)
    }

    /// The columns of the metrics that the chart shows.
    ///
    /// # Errors
    /// As [`RunTable::metric`].
    pub fn metrics(&self, job: &ChartJob) -> Result<Vec<MetricColumns>, ChartError> {
        job.y().into_iter().map(|name| self.metric(job, name)).collect()
    }

    /// The columns of a metric.
    ///
    /// # Errors
    /// When the table has rows but not this metric.
    pub fn metric(&self, job: &ChartJob, name: &str) -> Result<MetricColumns, ChartError> {
        let value = self.table.column(name);
        if value.is_none() && !self.table.rows.is_empty() {
            return Err(job.no_column(name));
        }
        let beside = |end: &str| self.table.column(&format!("{name}_{end}"));
        let ends = beside("low95").zip(beside("high95"));
        // The age of information grows if no message arrives, so it needs no mark.
        let is_latency = name.starts_with("latency_");
        let arrived = if is_latency { arrival::Columns::of(self.table) } else { arrival::Columns::none() };
        let (ci, theory) = (beside("ci95"), beside("theory"));
        Ok(MetricColumns { value, ci, ends, theory, arrived, quantity: names::column(name) })
    }
}

/// A metric's columns.
#[derive(Clone, Debug)]
pub struct MetricColumns {
    value: Option<usize>,
    ci: Option<usize>,
    /// The ends of its confidence interval, if it is not symmetric.
    ends: Option<(usize, usize)>,
    theory: Option<usize>,
    arrived: arrival::Columns,
    pub quantity: AxisQuantity,
}

impl MetricColumns {
    /// Its mean in a row.
    pub fn value(&self, table: &CsvTable, row: usize) -> Option<f64> {
        table.number(row, self.value?)
    }

    /// How far its confidence interval reaches.
    pub fn ci(&self, table: &CsvTable, row: usize) -> Option<Reach> {
        let Some((low, high)) = self.ends else {
            let half = table.number(row, self.ci?).filter(|half| *half >= 0.0)?;
            return Some(Reach { below: half, above: half });
        };
        let value = self.value(table, row)?;
        let (below, above) = (value - table.number(row, low)?, table.number(row, high)? - value);
        Some(Reach { below: below.max(0.0), above: above.max(0.0) })
    }

    /// Its closed form.
    pub fn theory(&self, table: &CsvTable, row: usize) -> Option<f64> {
        table.number(row, self.theory?)
    }

    /// The share of the messages that it covers.
    pub fn arrival(&self, table: &CsvTable, row: usize) -> Arrival {
        self.arrived.arrival(table, row)
    }
}

/// Metrics sorted into axes, in order of first appearance.
pub fn by_axis(metrics: Vec<MetricColumns>) -> Vec<Vec<MetricColumns>> {
    let mut axes: Vec<Vec<MetricColumns>> = Vec::new();
    for next in metrics {
        match axes.iter_mut().find(|group| group[0].quantity.axis_key() == next.quantity.axis_key()) {
            Some(group) => group.push(next),
            None => axes.push(vec![next]),
        }
    }
    axes
}

/// The values without repetition, in order.
pub fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.filter(|value| seen.insert(*value)).map(str::to_owned).collect()
}

/// The index of each of these distinct values.
pub fn places(values: &[String]) -> BTreeMap<&str, usize> {
    values.iter().map(String::as_str).zip(0..).collect()
}

/// First, middle and last of `count`, or all when there are at most `most`.
pub fn chosen(count: usize, most: usize) -> Vec<usize> {
    if count <= most.max(3) {
        return (0..count).collect();
    }
    vec![0, count / 2, count - 1]
}

/// The style of a curve: its transport gives the colour; its form, the other differences, gives the marker and the
/// dash. With one transport, or one form, the other one gives both.
pub fn look(transport: usize, transports: usize, form: usize, forms: usize) -> Look {
    if transports > 1 && forms > 1 {
        return Look { color: palette::color(transport), dash: palette::dash(form), marker: Some(form) };
    }
    let index = if transports > 1 { transport } else { form };
    Look { color: palette::color(index), dash: &[], marker: Some(index) }
}

/// The parts that are not empty, with commas.
pub fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_one_unit_share_an_axis() {
        let metric = |name| MetricColumns {
            value: None,
            ci: None,
            ends: None,
            theory: None,
            arrived: arrival::Columns::none(),
            quantity: names::column(name),
        };
        let axes = by_axis(["latency_mean_s", "http_mbit_per_s", "latency_p95_s"].map(metric).to_vec());
        assert_eq!(axes.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn distinct_values_keep_the_order_of_their_first_appearance() {
        let values = distinct(["b", "a", "b", "c", "a"].into_iter());
        assert_eq!(values, ["b", "a", "c"]);
        assert_eq!(places(&values), BTreeMap::from([("a", 1), ("b", 0), ("c", 2)]));
    }

    #[test]
    fn many_are_cut_to_first_middle_and_last() {
        assert_eq!(chosen(4, 6), [0, 1, 2, 3]);
        assert_eq!(chosen(40, 6), [0, 20, 39]);
        assert_eq!(chosen(3, 1), [0, 1, 2]);
    }
}
