//! The replications of one transport at one point.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::estimates::{Replicated, Sample};
use super::work::Job;
use crate::experiment::Plan;
use crate::model::{Half, Metric, Scenario, Totals};
use crate::stats::{Estimate, Jackknifed};

/// All replications of one transport at one point.
#[derive(Clone, Debug)]
pub struct Group {
    /// Number of the point; of several the first one.
    pub point: usize,
    /// All points for which it holds: more than one if swept keys do not touch the transport.
    pub points: Vec<usize>,
    /// Number of the transport.
    pub transport: usize,
    /// The simulated scenario.
    pub scenario: Scenario,
    /// In the order of their numbers.
    pub replications: Vec<Replication>,
    /// The totals of all replications, merged.
    pub pooled: Totals,
    /// The estimate of every metric from all replications, in the order of [`Metric::ALL`].
    pub estimates: Vec<Option<Estimate>>,
    /// The same for each population of a mix.
    pub population_estimates: Vec<Vec<Option<Estimate>>>,
    /// What a comparison with another group needs, if the plan [keeps it](Plan::keeps_pairs).
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
    /// The group of these replications of `scenario`, in the order of their numbers, with its pairing; `None` without any.
    pub fn of(scenario: &Scenario, totals: &[Totals]) -> Option<Group> {
        let mut filling = Filling::new(Arc::new(scenario.clone()), totals.len(), true);
        totals.iter().enumerate().for_each(|(number, totals)| filling.add(number, totals));
        filling.close(0, 0)
    }

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
fn fingerprint(totals: &Totals) -> String {
    let mut hasher = Sha256::new();
    totals.feed(&mut |bytes| hasher.update(bytes));
    hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Groups that fill up as jobs end, in any order. The large parts of a replication are kept only until its group is
/// full.
pub(super) struct Groups<'a> {
    plan: &'a Plan<'a>,
    filling: Vec<Option<Filling>>,
    full: Vec<Option<Group>>,
}

/// The finished replications of a group.
struct Filling {
    scenario: Arc<Scenario>,
    /// Each with the parts that are kept: of all clients, then of each population.
    replications: Vec<Option<(Replication, Vec<Sample>)>>,
    missing: usize,
    pooled: Option<Totals>,
    keeps_pairs: bool,
}

impl Filling {
    fn new(scenario: Arc<Scenario>, replications: usize, keeps_pairs: bool) -> Filling {
        Filling { scenario, replications: vec![None; replications], missing: replications, pooled: None, keeps_pairs }
    }

    fn add(&mut self, number: usize, totals: &Totals) {
        let scenario = &self.scenario;
        let mut samples = vec![Sample::new(totals, scenario)];
        for (place, part) in totals.parts.iter().enumerate() {
            samples.push(Sample::new(part, &scenario.of_population(place)));
        }
        self.replications[number] = Some((Replication::new(totals, scenario), samples));
        self.missing -= 1;
        match &mut self.pooled {
            Some(pooled) => pooled.merge(totals),
            pooled => *pooled = Some(totals.clone()),
        }
    }

    /// The group, once all replications are there.
    fn close(self, point: usize, transport: usize) -> Option<Group> {
        let scenario = Arc::unwrap_or_clone(self.scenario);
        let pooled = self.pooled?;
        let (replications, samples): (Vec<Replication>, Vec<Vec<Sample>>) =
            self.replications.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let keeps_pairs = self.keeps_pairs;
        // Of all clients, or of a population, whose samples come after those of all.
        let estimates = |scenario: &Scenario, values: Vec<&[Option<f64>]>, pooled_part, place: usize| {
            let samples = samples.iter().map(|samples| &samples[place]).collect();
            let replicated = Replicated { scenario, samples, values, pooled: pooled_part, whole: &pooled };
            (replicated.estimates(), if keeps_pairs { replicated.without_each() } else { Vec::new() })
        };
        let of_population = |place: usize| {
            let values = replications.iter().map(|replication| replication.populations[place].as_slice()).collect();
            estimates(&scenario.of_population(place), values, &pooled.parts[place], place + 1)
        };
        let (population_estimates, populations) = (0..scenario.populations.len()).map(of_population).unzip();
        let values = replications.iter().map(|replication| replication.metrics.as_slice()).collect();
        let (estimates, whole) = estimates(&scenario, values, &pooled, 0);
        let pairing = if keeps_pairs { Some(Pairing { whole, populations }) } else { None };
        Some(Group {
            point,
            points: vec![point],
            transport,
            scenario,
            replications,
            pooled,
            estimates,
            population_estimates,
            pairing,
        })
    }
}

impl<'a> Groups<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Groups<'a> {
        let groups = plan.points() * plan.transports().len();
        Groups { plan, filling: (0..groups).map(|_| None).collect(), full: (0..groups).map(|_| None).collect() }
    }

    pub fn add(&mut self, job: Job, totals: &Totals) {
        let place = job.point * self.plan.transports().len() + job.transport;
        let filling = self.filling[place].get_or_insert_with(|| {
            let scenario = Arc::clone(&self.plan.scenarios(job.point)[job.transport]);
            Filling::new(scenario, self.plan.replications(job.point) as usize, self.plan.keeps_pairs())
        });
        filling.add(job.replication as usize, totals);
        if filling.missing == 0
            && let Some(filling) = self.filling[place].take()
        {
            self.full[place] = filling.close(job.point, job.transport);
        }
    }

    /// The full groups; all are full once every job has ended.
    pub fn finish(self) -> Vec<Group> {
        self.full.into_iter().flatten().collect()
    }
}
