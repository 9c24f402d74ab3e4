//! The replications of one transport at one point.

use sha2::{Digest, Sha256};

use super::Job;
use crate::experiment::Experiment;
use crate::model::{Half, Metric, Scenario, Totals};
use crate::stats::{Summary, summarize};

/// All replications of one transport at one point.
#[derive(Clone, Debug)]
pub struct Group {
    /// Number of the point.
    pub point: usize,
    /// Number of the transport.
    pub transport: usize,
    /// What was simulated.
    pub scenario: Scenario,
    /// In the order of their numbers.
    pub replications: Vec<Replication>,
    /// The totals of all replications, merged.
    pub pooled: Totals,
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
    /// Mean and half-width of the metric at `place` in [`Metric::ALL`] over the replications.
    pub fn summary(&self, place: usize) -> Option<Summary> {
        summarize(self.replications.iter().map(|replication| replication.metrics[place]))
    }

    /// The same of one population of a mix.
    pub fn population_summary(&self, population: usize, place: usize) -> Option<Summary> {
        summarize(self.replications.iter().map(|replication| replication.populations[population][place]))
    }
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
fn fingerprint(totals: &Totals) -> String {
    let mut hasher = Sha256::new();
    totals.feed(&mut |bytes| hasher.update(bytes));
    hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Groups that fill up as jobs end, in any order.
pub(super) struct Groups<'a> {
    experiment: &'a Experiment,
    filling: Vec<Filling>,
}

struct Filling {
    scenario: Option<Scenario>,
    replications: Vec<Option<Replication>>,
    pooled: Option<Totals>,
}

impl<'a> Groups<'a> {
    pub fn new(experiment: &'a Experiment) -> Groups<'a> {
        let transports = experiment.transports().len();
        let filling = (0..experiment.points() * transports)
            .map(|place| Filling {
                scenario: None,
                replications: vec![None; experiment.replications_at(place / transports) as usize],
                pooled: None,
            })
            .collect();
        Groups { experiment, filling }
    }

    pub fn add(&mut self, job: Job, totals: &Totals) {
        let transports = self.experiment.transports().len();
        let filling = &mut self.filling[job.point * transports + job.transport];
        let scenario =
            filling.scenario.get_or_insert_with(|| self.experiment.scenarios(job.point).swap_remove(job.transport));
        filling.replications[job.replication as usize] = Some(Replication::new(totals, scenario));
        match &mut filling.pooled {
            Some(pooled) => pooled.merge(totals),
            pooled => *pooled = Some(totals.clone()),
        }
    }

    /// The full groups; all are full once every job has ended.
    pub fn finish(self) -> Vec<Group> {
        let transports = self.experiment.transports().len();
        let full = |(place, filling): (usize, Filling)| {
            Some(Group {
                point: place / transports,
                transport: place % transports,
                scenario: filling.scenario?,
                replications: filling.replications.into_iter().collect::<Option<_>>()?,
                pooled: filling.pooled?,
            })
        };
        self.filling.into_iter().enumerate().filter_map(full).collect()
    }
}
