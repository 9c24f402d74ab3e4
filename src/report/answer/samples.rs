//! How many replications have a sample of a value.

use std::collections::BTreeMap;

use super::sheet::SheetRow;
use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::table::CsvTable;

/// The numbers of samples in a table with a row per value.
#[derive(Default)]
pub(super) struct Samples {
    /// By point, transport, name of the population and name of the metric.
    counts: BTreeMap<(usize, usize, String, String), u64>,
}

impl Samples {
    /// Reads a table with a row per value; earlier programs wrote none.
    pub fn new(experiment: &Experiment, table: &CsvTable) -> Samples {
        let columns = ["point", "transport", "population", "metric", "samples"].map(|name| table.column(name));
        let [Some(point), Some(transport), Some(population), Some(metric), Some(samples)] = columns else {
            return Samples::default();
        };
        let count = |row: usize| {
            let name = table.text(row, transport);
            let transport = experiment.transports().iter().position(|transport| transport == name)?;
            let [population, metric] = [population, metric].map(|column| table.text(row, column).to_owned());
            let place = (table.text(row, point).parse().ok()?, transport, population, metric);
            Some((place, table.text(row, samples).parse().ok()?))
        };
        Samples { counts: (0..table.rows.len()).filter_map(count).collect() }
    }

    /// The replications with a sample of a metric in a row.
    pub fn of(&self, row: &SheetRow, metric: Metric) -> Option<u64> {
        let population = row.population.clone().unwrap_or_default();
        self.counts.get(&(row.point, row.transport, population, metric.name().to_owned())).copied()
    }
}
