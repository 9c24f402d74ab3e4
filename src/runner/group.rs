//! The replications of one transport at one point.

use sha2::{Digest, Sha256};

use crate::experiment::RunKey;
use crate::model::{Half, Metric, Scenario, Totals};
use crate::stats::{Estimate, Jackknifed, Packed};

/// All replications of one transport at one point.
#[derive(Clone, Debug)]
pub struct Group {
    /// Number of the point; of several the first one.
    pub point: usize,
    /// All points for which it holds: more than one if swept keys do not touch the transport.
    pub points: Vec<usize>,
    /// Number of the transport.
    pub transport: usize,
    /// Digest of the scenario.
    pub key: RunKey,
    /// The simulated scenario.
    pub scenario: Scenario,
    /// In the order of their numbers.
    pub replications: Vec<Replication>,
    /// The totals of all replications, merged.
    pub pooled: Totals,
    /// Half-widths of the 95 % intervals of the mean [counts](crate::model::BinTotals::counts) of a replication in each time
    /// bin; empty with one replication.
    pub bin_half_widths: Vec<[f64; 4]>,
    /// The estimate of every metric from all replications, in the order of [`Metric::ALL`].
    pub estimates: Vec<Option<Estimate>>,
    /// The same for each population of a mix.
    pub population_estimates: Vec<Vec<Option<Estimate>>>,
    /// The latencies of each replication, of all clients and then of each population, if the plan
    /// [keeps them](crate::experiment::Plan::keeps_latencies); else empty.
    pub latencies: Vec<Vec<Packed>>,
    /// What a comparison with another group needs, if the plan [keeps it](crate::experiment::Plan::keeps_pairs).
    pub pairing: Option<Pairing>,
}

/// The leave-one-out values of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// Of every metric that has an interval, in the order of [`Metric::ALL`].
    pub whole: Vec<Option<Jackknifed>>,
    /// The same for each population of a mix.
    pub populations: Vec<Vec<Option<Jackknifed>>>,
}

/// One replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// The first 16 hexadecimal digits of the SHA-256 of its totals, without `events`.
    pub fingerprint: String,
    /// The value of every metric, in the order of [`Metric::ALL`].
    pub metrics: Vec<Option<f64>>,
    /// The same for each population of a mix.
    pub populations: Vec<Vec<Option<f64>>>,
    /// The halves of the window.
    pub halves: [Half; 2],
}

impl Group {
    /// The estimate of a metric from all replications; `None` if none has a sample.
    pub fn estimate(&self, metric: Metric) -> Option<Estimate> {
        of_metric(&self.estimates, metric)
    }

    /// The same of one population of a mix.
    pub fn population_estimate(&self, population: usize, metric: Metric) -> Option<Estimate> {
        of_metric(self.population_estimates.get(population)?, metric)
    }

    /// The leave-one-out values of a metric, of all clients or of one population; `None` without an interval, or if
    /// they were not kept.
    pub fn jackknifed(&self, population: Option<usize>, metric: Metric) -> Option<&Jackknifed> {
        let pairing = self.pairing.as_ref()?;
        let values = match population {
            Some(population) => pairing.populations.get(population)?,
            None => &pairing.whole,
        };
        values.get(metric as usize)?.as_ref()
    }
}

/// Metrics are in the order in which they are declared.
fn of_metric(estimates: &[Option<Estimate>], metric: Metric) -> Option<Estimate> {
    estimates.get(metric as usize).copied().flatten()
}

impl Replication {
    pub(super) fn new(totals: &Totals, scenario: &Scenario) -> Replication {
        let all = |value: &dyn Fn(Metric) -> Option<f64>| Metric::ALL.iter().map(|metric| value(*metric)).collect();
        let populations = 0..scenario.populations.len();
        Replication {
            fingerprint: fingerprint(totals),
            metrics: all(&|metric| totals.metric(metric, scenario)),
            populations: populations
                .map(|place| all(&|metric| totals.population_metric(metric, scenario, place)))
                .collect(),
            halves: totals.halves(&scenario.window),
        }
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of the totals without `events`.
pub fn fingerprint(totals: &Totals) -> String {
    let mut hasher = Sha256::new();
    totals.feed(&mut |bytes| hasher.update(bytes));
    hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
