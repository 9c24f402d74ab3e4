//! Groups that fill up as jobs end.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bin_spread::BinSpread;
use super::estimates::{Replicated, Sample};
use super::group::{Group, Pairing, Replication};
use crate::experiment::{Plan, PlannedRun, Precision, RunKey};
use crate::model::{Scenario, Totals};
use crate::stats::LookAhead;

/// Groups that fill up as jobs end, in any order. The large parts of a replication are kept only until its group is
/// full.
pub(super) struct Groups<'a> {
    plan: &'a Plan<'a>,
    filling: Vec<Option<Filling<'a>>>,
    full: Vec<Option<Group>>,
}

impl<'a> Groups<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Groups<'a> {
        let groups = plan.runs().len();
        Groups { plan, filling: (0..groups).map(|_| None).collect(), full: (0..groups).map(|_| None).collect() }
    }

    pub fn add(&mut self, number: usize, replication: u32, totals: &Totals) {
        if self.full[number].is_some() {
            return;
        }
        let run = &self.plan.runs()[number];
        let filling = self.filling[number]
            .get_or_insert_with(|| Filling::new(self.plan.scenario(run), run.replications, self.plan.precision()));
        filling.add(replication, totals);
        if filling.is_full
            && let Some(filling) = self.filling[number].take()
        {
            self.full[number] = filling.close(run, self.plan.keeps_pairs(), self.plan.keeps_latencies());
        }
    }

    /// The replications of a run that are simulated next, until it is known whether there must be more of them.
    pub fn wanted(&self, run: usize) -> Vec<u32> {
        let most = self.plan.runs()[run].replications;
        if self.full[run].is_some() {
            return Vec::new();
        }
        let Some(precision) = self.plan.precision() else {
            let is_missing = |number: &u32| self.filling[run].as_ref().is_none_or(|filling| !filling.has(*number));
            return (0..most).filter(is_missing).collect();
        };
        match &self.filling[run] {
            None => (0..precision.fewest.max(LookAhead::default().earliest()).min(most)).collect(),
            Some(filling) => filling.next(precision).filter(|number| !filling.has(*number)).collect(),
        }
    }

    /// The full groups; all are full once every job has ended.
    pub fn finish(self) -> Vec<Group> {
        self.full.into_iter().flatten().collect()
    }
}

impl Group {
    /// The group of these replications of `scenario`, in the order of their numbers, with its pairing; `None` without any.
    pub fn of(scenario: &Scenario, totals: &[Totals]) -> Option<Group> {
        let run = PlannedRun { key: RunKey([0; 16]), points: vec![0], transport: 0, replications: totals.len() as u32 };
        let mut filling = Filling::new(Arc::new(scenario.clone()), totals.len() as u32, None);
        (0..).zip(totals).for_each(|(number, totals)| filling.add(number, totals));
        filling.close(&run, true, false)
    }
}

/// The finished replications of a group.
pub(super) struct Filling<'a> {
    scenario: Arc<Scenario>,
    /// Those from the first one on without a gap, each with the parts that are kept: of all clients, then of each
    /// population.
    replications: Vec<(Replication, Vec<Sample>)>,
    /// Their totals, merged.
    pooled: Option<Totals>,
    /// How far apart they are in each time bin.
    spread: BinSpread,
    /// Replications after a gap.
    waiting: BTreeMap<u32, Totals>,
    most: u32,
    /// The goals, and the rule that stops.
    stopping: Option<(&'a Precision, LookAhead)>,
    is_full: bool,
}

impl<'a> Filling<'a> {
    /// A group of `most` replications of `scenario`, or of fewer that are precise.
    pub fn new(scenario: Arc<Scenario>, most: u32, precision: Option<&'a Precision>) -> Filling<'a> {
        Filling {
            scenario,
            replications: Vec::new(),
            pooled: None,
            spread: BinSpread::default(),
            waiting: BTreeMap::new(),
            most,
            stopping: precision.map(|precision| (precision, LookAhead::default())),
            is_full: false,
        }
    }

    /// Takes a replication. They count in the order of their numbers, so that those in a group do not depend on the
    /// order in which jobs end.
    pub fn add(&mut self, number: u32, totals: &Totals) {
        if number as usize != self.replications.len() {
            self.waiting.insert(number, totals.clone());
            return;
        }
        self.absorb(totals);
        while let Some(totals) = self.waiting.remove(&(self.replications.len() as u32)) {
            self.absorb(&totals);
        }
    }

    fn has(&self, number: u32) -> bool {
        (number as usize) < self.replications.len() || self.waiting.contains_key(&number)
    }

    fn absorb(&mut self, totals: &Totals) {
        if self.is_full {
            return;
        }
        let scenario = &self.scenario;
        let mut samples = vec![Sample::new(totals, scenario)];
        for (place, part) in totals.parts.iter().enumerate() {
            samples.push(Sample::new(part, &scenario.of_population(place)));
        }
        match &mut self.pooled {
            Some(pooled) => {
                self.spread.add(&totals.bins, &pooled.bins, self.replications.len());
                pooled.merge(totals);
            }
            pooled => *pooled = Some(totals.clone()),
        }
        self.replications.push((Replication::new(totals, scenario), samples));
        let count = self.replications.len() as u32;
        let is_enough = match self.stopping {
            None => false,
            Some((precision, mut rule)) => {
                let stops = rule.add(count >= 2 && self.excess(precision) <= 1.0) && count >= precision.fewest;
                self.stopping = Some((precision, rule));
                stops
            }
        };
        self.is_full = is_enough || count == self.most;
    }

    /// The largest half-width as a multiple of its goal; infinite without an interval.
    fn excess(&self, precision: &Precision) -> f64 {
        let Some(pooled) = &self.pooled else { return f64::INFINITY };
        let replicated = Replicated {
            scenario: &self.scenario,
            samples: self.replications.iter().map(|(_, samples)| &samples[0]).collect(),
            values: self.replications.iter().map(|(replication, _)| replication.metrics.as_slice()).collect(),
            pooled,
            whole: pooled,
        };
        precision.goals.iter().map(|goal| replicated.excess(goal)).fold(0.0, f64::max)
    }

    /// The replications up to the number at which it may be time to stop. A guess changes no result: of more than are
    /// needed those after the last one do not count.
    fn next(&self, precision: &Precision) -> std::ops::Range<u32> {
        let count = self.replications.len() as u32;
        let earliest = self.stopping.map_or(self.most, |(_, rule)| rule.earliest());
        // The half-width falls with the square root of the number.
        let factor = self.excess(precision).min(1.4);
        let guess = (f64::from(count) * factor * factor).ceil() as u32;
        count..guess.max(earliest).max(count + 1).min(self.most)
    }

    /// The group, once all replications are there.
    pub fn close(self, run: &PlannedRun, keeps_pairs: bool, keeps_latencies: bool) -> Option<Group> {
        let scenario = Arc::unwrap_or_clone(self.scenario);
        let pooled = self.pooled?;
        let (replications, samples): (Vec<Replication>, Vec<Vec<Sample>>) = self.replications.into_iter().unzip();
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
        let places = if keeps_latencies { scenario.populations.len() + 1 } else { 0 };
        let latencies_at = |place: usize| samples.iter().map(|samples| samples[place].latency().clone()).collect();
        let latencies = (0..places).map(latencies_at).collect();
        let pairing = if keeps_pairs { Some(Pairing { whole, populations }) } else { None };
        Some(Group {
            point: run.point(),
            points: run.points.clone(),
            transport: run.transport,
            key: run.key,
            scenario,
            bin_half_widths: self.spread.half_widths(replications.len()),
            replications,
            pooled,
            estimates,
            population_estimates,
            latencies,
            pairing,
        })
    }
}
