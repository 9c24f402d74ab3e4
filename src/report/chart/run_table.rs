//! The rows of a table sorted into curves: by transport and by the swept values that stay fixed along a curve.

use std::collections::BTreeMap;

use crate::experiment::chart::{AxisScale, SweptKey};
use crate::report::display_unit::DisplayUnit;
use crate::report::survivors::falls_with;
use crate::report::table::CsvTable;

use super::arrival::{self, Arrival};
use super::axis_title::AxisTitle;
use super::curve::Reach;
use super::error::ChartError;
use super::job::ChartJob;
use super::names::{self, AxisQuantity, distinct};
use super::palette::Look;
use super::units::{axis_unit, in_words};

/// More curves than this are not all drawn.
const MOST_CURVES: usize = 12;

/// Words that repeat along the rows of a table.
#[derive(Default)]
pub struct Categories {
    /// Each word once, in the order of first appearance.
    pub names: Vec<String>,
    /// The index of the word of each row.
    pub of_row: Vec<usize>,
}

impl Categories {
    pub fn new<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Categories {
        Categories::among(distinct(words.clone()), words)
    }

    /// The words of rows, which are all among `names`.
    pub fn among<'a>(names: Vec<String>, words: impl Iterator<Item = &'a str>) -> Categories {
        let places: BTreeMap<&str, usize> = names.iter().map(String::as_str).zip(0..).collect();
        let of_row = words.map(|word| places[word]).collect();
        Categories { names, of_row }
    }

    pub fn name(&self, row: usize) -> &str {
        &self.names[self.of_row[row]]
    }
}

/// A swept key with its column.
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub path: String,
    pub column: usize,
    pub quantity: AxisQuantity,
    /// Of its values on an axis; `None`: that of the table.
    pub unit: Option<DisplayUnit>,
    /// Whether its values are words, even one that looks like a number.
    pub has_words: bool,
}

/// Rows that make up one curve, in the order of the table.
#[derive(Debug)]
pub struct CurveRows {
    /// Index of its transport.
    pub transport: usize,
    /// Index of its fixed values among the drawn ones.
    pub variant: usize,
    pub rows: Vec<usize>,
}

/// The drawn curves along a key.
pub struct CurveGroups {
    pub groups: Vec<CurveRows>,
    /// The names of their fixed values.
    pub variants: Vec<String>,
    /// The note if not all are drawn.
    pub remark: Option<String>,
}

/// A table by transport and swept keys.
pub struct RunTable<'a> {
    pub table: &'a CsvTable,
    pub keys: Vec<KeyColumn>,
    pub transports: Categories,
    pub points: Categories,
}

impl KeyColumn {
    /// Its title on an axis.
    pub fn title(&self) -> AxisTitle {
        let unit = self.unit.map_or(self.quantity.unit.as_str(), |unit| unit.name);
        AxisTitle { unit: unit.to_owned(), ..self.quantity.title() }
    }
}

impl<'a> RunTable<'a> {
    /// Reads the table, whose rows need the columns `transport` and `point`; swept keys without a column are left out.
    pub fn new(job: &ChartJob, table: &'a CsvTable) -> Result<RunTable<'a>, ChartError> {
        let key = |swept: &SweptKey| {
            let (column, quantity) = (table.column(&swept.column)?, names::key(swept));
            let values = job.whole_summary().numbers(&swept.column).into_iter();
            let unit = axis_unit(&quantity.unit, quantity.is_share, job.chart.x_axis, values);
            Some(KeyColumn { path: swept.path.clone(), column, quantity, unit, has_words: swept.has_words })
        };
        Ok(RunTable {
            table,
            keys: job.context.swept.iter().filter_map(key).collect(),
            transports: Categories::new(table.texts(job.column(table, "transport")?)),
            points: Categories::new(table.texts(job.column(table, "point")?)),
        })
    }

    pub fn key(&self, path: &str) -> Option<&KeyColumn> {
        self.keys.iter().find(|key| key.path == path)
    }

    /// The key on the horizontal axis, which rows need if the chart names it; else the first one. `None`: the
    /// transports, or nothing.
    pub fn key_across(&self, job: &ChartJob) -> Result<Option<&KeyColumn>, ChartError> {
        match job.x() {
            None => Ok(self.keys.first()),
            Some("transport") => Ok(None),
            Some(path) => match self.key(path) {
                None if !self.table.rows.is_empty() && !job.context.swept.is_empty() => Err(job.no_column(path)),
                key => Ok(key),
            },
        }
    }

    /// The values of a key in all rows.
    pub fn values(&self, key: &KeyColumn) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.table.texts(key.column)
    }

    /// The number of the point of the sweep of a row.
    pub fn point(&self, row: usize) -> Option<usize> {
        self.points.name(row).parse().ok()
    }

    /// The value of a key that is a number, in the unit of the table.
    fn number(&self, row: usize, key: &KeyColumn) -> Option<f64> {
        if key.has_words { None } else { self.table.number(row, key.column) }
    }

    /// The value of a key that is a number, in the unit of its axis.
    pub fn place(&self, row: usize, key: &KeyColumn) -> Option<f64> {
        let value = self.number(row, key)?;
        Some(key.unit.map_or(value, |unit| unit.to(value)))
    }

    /// `100`, or with its unit `20 B`.
    pub fn value_name(&self, row: usize, key: &KeyColumn) -> String {
        match self.number(row, key) {
            Some(value) => in_words(value, &key.quantity.unit, key.quantity.is_share),
            None => self.table.text(row, key.column).to_owned(),
        }
    }

    /// `clients = 100, payload = 20 B`, of these keys.
    pub fn values_name(&self, row: usize, keys: &[&KeyColumn]) -> String {
        let named = keys.iter().map(|key| format!("{} = {}", key.quantity.name, self.value_name(row, key)));
        named.collect::<Vec<_>>().join(", ")
    }

    /// The name of each row's values of the keys that stay fixed along `along`: the others, unless they all step
    /// together with it.
    pub fn variants(&self, along: Option<&KeyColumn>) -> Categories {
        let steps = along.map_or(0, |key| distinct(self.values(key)).len());
        let fixed: Vec<&KeyColumn> = match steps > 1 && steps == self.points.names.len() {
            true => Vec::new(),
            false => self.keys.iter().filter(|key| along.is_none_or(|along| along.path != key.path)).collect(),
        };
        let names: Vec<String> = (0..self.table.rows.len()).map(|row| self.values_name(row, &fixed)).collect();
        Categories::new(names.iter().map(String::as_str))
    }

    /// The curves of `metrics` metrics along a key; of too many the first, the middle and the last fixed values.
    pub fn groups(&self, along: Option<&KeyColumn>, metrics: usize) -> CurveGroups {
        let all = self.variants(along);
        let most = MOST_CURVES / (self.transports.names.len() * metrics).max(1);
        let (kept, remark) = chosen(all.names.len(), most, "combinations of the other swept values");
        let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (row, variant) in all.of_row.iter().enumerate() {
            if let Some(variant) = kept.iter().position(|kept| kept == variant) {
                groups.entry((self.transports.of_row[row], variant)).or_default().push(row);
            }
        }
        let group = |((transport, variant), rows)| CurveRows { transport, variant, rows };
        let variants = kept.iter().map(|&kept| all.names[kept].clone()).collect();
        CurveGroups { groups: groups.into_iter().map(group).collect(), variants, remark }
    }

    /// The transport as a curve is named by it, if it has to be, and the look of the curve of one of so many metrics: the
    /// transport gives the colour; metric and fixed values give dash and marker. Of one transport, the fixed values give
    /// the colour.
    pub fn style<'b>(
        &'b self,
        job: &'b ChartJob,
        group: &CurveRows,
        (metric, metrics): (usize, usize),
        variants: usize,
    ) -> (&'b str, Look) {
        let several = self.transports.names.len() > 1;
        let transport = &self.transports.names[group.transport];
        let name = if several || metrics * variants == 1 { job.label(transport) } else { "" };
        if several || variants == 1 {
            let (look, form) = (job.context.looks.get(transport), metric * variants + group.variant);
            return (name, if several { look.in_form(form) } else { look.of_metric(metric, form) });
        }
        let look = Look::of_value(group.variant, variants);
        (name, if metrics > 1 { look.of_metric(metric, metric) } else { look })
    }

    /// The metrics that the chart shows, by the axes that they share, in order of first appearance; `unit` chooses the
    /// unit of an axis.
    pub fn metrics_by_axis(
        &self,
        job: &ChartJob,
        unit: impl Fn(&AxisQuantity, &[f64]) -> Option<DisplayUnit>,
    ) -> Result<Vec<Vec<MetricRows>>, ChartError> {
        let mut axes: Vec<Vec<MetricRows>> = Vec::new();
        for name in job.y() {
            let next = self.values_of(job, name)?;
            match axes.iter_mut().find(|axis| axis[0].quantity.axis_key() == next.quantity.axis_key()) {
                Some(axis) => axis.push(next),
                None => axes.push(vec![next]),
            }
        }
        for metrics in &mut axes {
            in_unit_of_people(job, metrics, &unit);
        }
        Ok(axes)
    }

    /// The metric of this name, which rows need, for an axis of its own.
    pub fn metric(&self, job: &ChartJob, name: &str, axis: AxisScale) -> Result<MetricRows, ChartError> {
        let mut metric = self.values_of(job, name)?;
        in_unit_of_people(job, std::slice::from_mut(&mut metric), |quantity, values| of_axis(quantity, axis, values));
        Ok(metric)
    }

    /// The metric of this name in the unit of the table.
    fn values_of(&self, job: &ChartJob, name: &str) -> Result<MetricRows, ChartError> {
        let table = self.table;
        let value = job.column(table, name)?;
        let [low, high, half, theory] =
            ["low95", "high95", "ci95", "theory"].map(|end| table.column(&format!("{name}_{end}")));
        let arrivals = if falls_with(name) { arrival::of_rows(table) } else { Vec::new() };
        let reading = |row: usize| {
            let number = |column: Option<usize>| table.number(row, column?);
            let value = table.number(row, value);
            let half = number(half).filter(|half| *half >= 0.0).map(|half| Reach { below: half, above: half });
            // Of an interval that is not symmetric the table has the ends.
            let between = || {
                let (below, above) = (value? - number(low)?, number(high)? - value?);
                Some(Reach { below: below.max(0.0), above: above.max(0.0) })
            };
            MetricValue {
                value,
                ci: if low.is_some() && high.is_some() { between() } else { half },
                theory: number(theory),
                arrival: arrivals.get(row).copied().unwrap_or_default(),
            }
        };
        Ok(MetricRows {
            column: name.to_owned(),
            quantity: names::column(name),
            shift: 0,
            rows: (0..table.rows.len()).map(reading).collect(),
        })
    }
}

/// A metric in the rows of a table.
pub struct MetricRows {
    /// The name of its column.
    column: String,
    pub quantity: AxisQuantity,
    /// A value of the table times ten to the power of this is one of these.
    pub shift: i32,
    pub rows: Vec<MetricValue>,
}

/// A metric in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricValue {
    /// Its mean.
    pub value: Option<f64>,
    /// How far its confidence interval reaches.
    pub ci: Option<Reach>,
    /// Its closed form.
    pub theory: Option<f64>,
    /// The share of the messages that it covers.
    pub arrival: Arrival,
}

/// The unit of an axis of this kind.
pub fn of_axis(quantity: &AxisQuantity, axis: AxisScale, values: &[f64]) -> Option<DisplayUnit> {
    axis_unit(&quantity.unit, quantity.is_share, axis, values.iter().copied())
}

/// The metrics of one axis in the unit that fits all values in all plots.
fn in_unit_of_people(
    job: &ChartJob,
    metrics: &mut [MetricRows],
    unit: impl Fn(&AxisQuantity, &[f64]) -> Option<DisplayUnit>,
) {
    let Some(first) = metrics.first() else { return };
    let is_share = metrics.iter().all(|metric| metric.quantity.is_share);
    let values = metrics.iter().flat_map(|metric| job.whole_summary().numbers(&metric.column));
    let values: Vec<f64> = values.collect();
    let Some(unit) = unit(&AxisQuantity { is_share, ..first.quantity.clone() }, &values) else { return };
    for metric in metrics {
        unit.name.clone_into(&mut metric.quantity.unit);
        metric.shift = unit.shift;
        for MetricValue { value, ci, theory, .. } in &mut metric.rows {
            *value = value.map(|value| unit.to(value));
            *theory = theory.map(|value| unit.to(value));
            *ci = ci.map(|Reach { below, above }| Reach { below: unit.to(below), above: unit.to(above) });
        }
    }
}

/// Which of `count` to draw: all when there are at most `most`, else the first, the middle and the last, with the remark
/// that says `what` they are.
pub fn chosen(count: usize, most: usize, what: &str) -> (Vec<usize>, Option<String>) {
    if count <= most.max(3) {
        return ((0..count).collect(), None);
    }
    let remark = format!("Drawn: the first, the middle and the last of {count} {what}.");
    (vec![0, count / 2, count - 1], Some(remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_the_order_of_their_first_appearance() {
        let words = Categories::new(["b", "a", "b", "c", "a"].into_iter());
        assert_eq!(words.names, ["b", "a", "c"]);
        assert_eq!(words.of_row, [0, 1, 0, 2, 1]);
    }

    #[test]
    fn many_are_cut_to_first_middle_and_last() {
        assert_eq!(chosen(4, 6, "bars"), (vec![0, 1, 2, 3], None));
        assert_eq!(chosen(40, 6, "bars").0, [0, 20, 39]);
        assert_eq!(chosen(3, 1, "bars").0, [0, 1, 2]);
    }
}
