//! The replications of transports, by which they are compared in pairs.

use std::collections::BTreeMap;

use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::table::CsvTable;
use crate::stats::{Jackknifed, Ratio, without_each};

/// What every replication has of the quantities that are compared.
pub(super) struct Pairs {
    /// By point and transport, in the order of the replications.
    rows: BTreeMap<(usize, usize), Vec<PairedRow>>,
}

/// What one replication has.
#[derive(Clone, Copy)]
struct PairedRow {
    /// HTTP bytes per second of the window.
    bytes: Option<f64>,
    /// Messages that were delivered.
    delivered: Option<f64>,
    /// The 95th percentile of their latencies.
    late: Option<f64>,
}

/// A number by replications.
#[derive(Clone, Debug, Default)]
pub(super) struct ByReplication {
    /// That of each replication.
    pub each: Vec<f64>,
    /// That of all replications, and without each of them; `None` with fewer than two, or if one has no number.
    pub without_each: Option<Jackknifed>,
}

impl Pairs {
    /// Reads the table of the replications.
    pub fn new(experiment: &Experiment, table: &CsvTable) -> Pairs {
        let mut rows: BTreeMap<(usize, usize), Vec<PairedRow>> = BTreeMap::new();
        let Some((point, transport)) = table.column("point").zip(table.column("transport")) else {
            return Pairs { rows };
        };
        let column = |metric: Metric| table.column(metric.name());
        let [bytes, delivered, late] =
            [Metric::HttpBytesPerSecond, Metric::MessagesDelivered, Metric::LatencyP95].map(column);
        for row in 0..table.rows.len() {
            let name = table.text(row, transport);
            let transport = experiment.transports().iter().position(|transport| transport == name);
            let number = |column: Option<usize>| table.number(row, column?);
            if let (Ok(point), Some(transport)) = (table.text(row, point).parse(), transport) {
                let replicated = PairedRow { bytes: number(bytes), delivered: number(delivered), late: number(late) };
                rows.entry((point, transport)).or_default().push(replicated);
            }
        }
        Pairs { rows }
    }

    fn at(&self, point: usize, transport: usize) -> &[PairedRow] {
        self.rows.get(&(point, transport)).map_or(&[], Vec::as_slice)
    }

    /// HTTP bytes for each message, if the window lasts `seconds`.
    pub fn bytes_per_message(&self, point: usize, transport: usize, seconds: f64) -> ByReplication {
        let rows = self.at(point, transport);
        // Bytes are whole numbers, and a sum of them has no rounding.
        let part = |row: &PairedRow| {
            let (bytes, delivered) = row.bytes.zip(row.delivered)?;
            Some(Ratio { above: (bytes * seconds).round() as u128, below: delivered.round() as u128 })
        };
        let parts: Vec<Ratio> = rows.iter().filter_map(part).collect();
        let each: Vec<f64> = parts.iter().map(|part| part.above as f64 / part.below as f64).collect();
        // No bytes at all are a number too.
        let of_mean =
            || Jackknifed::of_mean(each.iter().map(|value| if value.is_finite() { Some(*value) } else { None }));
        let without_each = without_each(&parts).or_else(of_mean);
        ByReplication { each, without_each }
    }

    /// The 95th percentile of the latencies, as the mean of those of the replications.
    pub fn late(&self, point: usize, transport: usize) -> ByReplication {
        let values = || self.at(point, transport).iter().map(|row| row.late);
        ByReplication { each: values().flatten().collect(), without_each: Jackknifed::of_mean(values()) }
    }
}
