//! The estimates in the tables of a folder.

use std::collections::BTreeMap;

use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::survivors::Survivors;
use crate::report::table::CsvTable;
use crate::stats::{Estimate, Interval};

/// The estimates of every transport, and of every population of a mix, at every point.
pub(super) struct Readings {
    /// By point and transport: all clients, then each population.
    rows: BTreeMap<(usize, usize), Vec<ReadRow>>,
}

/// A row of a table.
pub(super) struct ReadRow {
    point: usize,
    /// Number of the transport.
    transport: usize,
    /// The population of a mix; `None`: all clients.
    pub population: Option<String>,
    /// Replications, if the table has them.
    pub replications: Option<u32>,
    /// In the order of [`Metric::ALL`].
    estimates: Vec<Option<Estimate>>,
    /// The closed forms, in the same order.
    theory: Vec<Option<f64>>,
}

impl Readings {
    /// Reads the table of transports, and that of populations, which only a mix has.
    pub fn new(experiment: &Experiment, summary: &CsvTable, populations: &CsvTable) -> Readings {
        let mut rows: BTreeMap<(usize, usize), Vec<ReadRow>> = BTreeMap::new();
        for row in of_table(experiment, summary).into_iter().chain(of_table(experiment, populations)) {
            rows.entry((row.point, row.transport)).or_default().push(row);
        }
        Readings { rows }
    }

    /// All clients, then each population, of a transport at a point.
    pub fn at(&self, point: usize, transport: usize) -> &[ReadRow] {
        self.rows.get(&(point, transport)).map_or(&[], Vec::as_slice)
    }

    /// All clients of a transport at a point.
    pub fn whole(&self, point: usize, transport: usize) -> Option<&ReadRow> {
        self.at(point, transport).iter().find(|row| row.population.is_none())
    }

    /// All clients of every transport at every point.
    pub fn wholes(&self) -> impl Iterator<Item = &ReadRow> {
        self.rows.values().flatten().filter(|row| row.population.is_none())
    }

    /// The fewest and the most replications of a row, if the table has them.
    pub fn replications(&self) -> Option<(u32, u32)> {
        let counts = || self.rows.values().flatten().filter_map(|row| row.replications);
        counts().min().zip(counts().max())
    }
}

impl ReadRow {
    /// The estimate of a metric; `None` where the table has none.
    pub fn estimate(&self, metric: Metric) -> Option<Estimate> {
        self.estimates.get(metric as usize).copied().flatten()
    }

    /// The messages that its latencies are of, if not all.
    pub fn survivors(&self) -> Option<Survivors> {
        let replications = self.replications.map_or(1.0, f64::from);
        Survivors::of(replications, |metric| self.estimate(metric).map(|estimate| estimate.value))
    }

    /// The closed form of a metric; `None` where the table has none.
    pub fn theory(&self, metric: Metric) -> Option<f64> {
        self.theory.get(metric as usize).copied().flatten()
    }
}

/// The rows of a table; none of a table without points and transports. Rows of other transports are left out.
fn of_table(experiment: &Experiment, table: &CsvTable) -> Vec<ReadRow> {
    let (Some(point), Some(transport)) = (table.column("point"), table.column("transport")) else { return Vec::new() };
    let (population, replications) = (table.column("population"), table.column("replications"));
    let columns: Vec<MetricColumns> = Metric::ALL.iter().map(|metric| MetricColumns::of(table, *metric)).collect();
    let reading = |row: usize| {
        let name = table.text(row, transport);
        Some(ReadRow {
            point: table.text(row, point).parse().ok()?,
            transport: experiment.transports().iter().position(|transport| transport == name)?,
            population: population.map(|column| table.text(row, column).to_owned()),
            replications: replications.and_then(|column| table.text(row, column).parse().ok()),
            estimates: columns.iter().map(|columns| columns.estimate(table, row)).collect(),
            theory: columns.iter().map(|columns| table.number(row, columns.theory?)).collect(),
        })
    };
    (0..table.rows.len()).filter_map(reading).collect()
}

/// The columns of a metric, as far as a table has them.
struct MetricColumns {
    value: Option<usize>,
    half_width: Option<usize>,
    low: Option<usize>,
    high: Option<usize>,
    theory: Option<usize>,
    replications: Option<usize>,
}

impl MetricColumns {
    fn of(table: &CsvTable, metric: Metric) -> MetricColumns {
        let column = |ending: &str| table.column(&format!("{}{ending}", metric.name()));
        MetricColumns {
            value: column(""),
            half_width: column("_ci95"),
            low: column("_low95"),
            high: column("_high95"),
            theory: column("_theory"),
            replications: table.column("replications"),
        }
    }

    fn estimate(&self, table: &CsvTable, row: usize) -> Option<Estimate> {
        let number = |column: Option<usize>| table.number(row, column?);
        let value = number(self.value)?;
        let around = || Some(Interval::around(value, number(self.half_width)?));
        let interval = match (number(self.low), number(self.high)) {
            (Some(low), Some(high)) => Some(Interval::between(low, high)),
            _ => around(),
        };
        Some(Estimate { value, interval, samples: number(self.replications).unwrap_or(0.0) as usize })
    }
}
