//! The replications of transports, from which their ratios get paired intervals.

use std::collections::BTreeMap;

use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::table::CsvTable;
use crate::stats::{Jackknifed, Ratio, without_each};

/// HTTP bytes and messages of every replication.
pub(super) struct Pairs {
    /// By point and transport: bytes per second of the window, and messages that were delivered.
    counts: BTreeMap<(usize, usize), Vec<[f64; 2]>>,
}

impl Pairs {
    /// Reads the table of the replications.
    pub fn new(experiment: &Experiment, table: &CsvTable) -> Pairs {
        let column = |metric: Metric| table.column(metric.name());
        let places = table.column("point").zip(table.column("transport"));
        let columns = column(Metric::HttpBytesPerSecond).zip(column(Metric::MessagesDelivered));
        let mut counts: BTreeMap<(usize, usize), Vec<[f64; 2]>> = BTreeMap::new();
        let (Some((point, transport)), Some((bytes, delivered))) = (places, columns) else { return Pairs { counts } };
        for row in 0..table.rows.len() {
            let name = table.text(row, transport);
            let transport = experiment.transports().iter().position(|transport| transport == name);
            let numbers = table.number(row, bytes).zip(table.number(row, delivered));
            if let (Ok(point), Some(transport), Some((bytes, delivered))) =
                (table.text(row, point).parse(), transport, numbers)
            {
                counts.entry((point, transport)).or_default().push([bytes, delivered]);
            }
        }
        Pairs { counts }
    }

    /// HTTP bytes for each message, of all replications and without each of them, if the window lasts `seconds`.
    pub fn bytes_per_message(&self, point: usize, transport: usize, seconds: f64) -> Option<Jackknifed> {
        // Bytes are whole numbers, and a sum of them has no rounding.
        let part = |[bytes, delivered]: &[f64; 2]| Ratio {
            above: (bytes * seconds).round() as u128,
            below: delivered.round() as u128,
        };
        let parts: Vec<Ratio> = self.counts.get(&(point, transport))?.iter().map(part).collect();
        without_each(&parts)
    }
}
