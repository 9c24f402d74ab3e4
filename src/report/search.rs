//! Runs a search: the points that the answer needs, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{csv_text, word};
use super::labels::PointLabels;
use super::request::{Lack, ReportError, Simulator, TriedValue};
use crate::experiment::{Experiment, KeySearch, Target};
use crate::model::metric::Aggregation;
use crate::runner::{Group, Journal};
use crate::stats::{Contrast, Crossing, Estimate, Interval, Packed, Positions, Ratio, crossing, jackknife};

/// Significant digits of an answer that is no whole number.
const DIGITS: u32 = 5;
/// How many steps of a bisection are looked ahead where tasks do the work.
const AHEAD: usize = 3;
/// How often the number of replications is doubled at a point whose margin has no interval.
const DOUBLINGS: u32 = 4;

/// What a search has found.
pub(super) struct Searched {
    /// The experiment with the points that were tried, in rising order.
    pub experiment: Experiment,
    /// Their results.
    pub groups: Vec<Group>,
    /// The table of answers.
    pub table: String,
}

/// Runs the search of an experiment that has one.
///
/// # Errors
/// If a point cannot be run, or its results cannot be saved.
pub(super) fn run(simulator: Simulator, search: &KeySearch, journal: &mut Journal) -> Result<Searched, ReportError> {
    let mut searcher = Searcher {
        simulator,
        search,
        journal,
        tried: BTreeSet::new(),
        groups: BTreeMap::new(),
        margins: BTreeMap::new(),
    };
    let sought: Vec<Vec<usize>> = match search.target {
        Target::Equal(_) => vec![search.transports.clone()],
        _ => search.transports.iter().map(|transport| vec![*transport]).collect(),
    };
    let positions = positions(search);
    let mut answers = Vec::new();
    let mut lack = Lack::default();
    for transports in sought {
        // What one answer lacks does not keep the others from going on.
        let before = lack.names.len();
        if searcher.journal.is_final() {
            for probe in positions.probes() {
                lack.note(searcher.margin(probe, &transports))?;
            }
        }
        if lack.names.len() > before {
            continue;
        }
        match crossing(positions, |position| searcher.margin(position, &transports)) {
            Err(ReportError::Lacking(_)) => {
                searcher.look_ahead((positions, &transports), &mut BTreeMap::new(), &mut lack)?;
            }
            found => {
                let found = found?;
                let found = if searcher.lacks_value(found, &transports) { None } else { Some(found) };
                answers.push((transports[0], found));
            }
        }
    }
    if !lack.names.is_empty() {
        return Err(ReportError::Lacking(lack));
    }
    let table = searcher.table(&answers)?;
    let Searcher { groups, .. } = searcher;
    let tried: Vec<u64> = groups.keys().map(|(position, _)| *position).collect::<BTreeSet<_>>().into_iter().collect();
    let experiment = simulator.experiment.with_tried(&tried).map_err(wrong_value)?;
    let numbered = |((position, _), group): ((u64, usize), Group)| {
        let point = tried.partition_point(|other| *other < position);
        Group { point, points: vec![point], ..group }
    };
    Ok(Searched { experiment, groups: groups.into_iter().map(numbered).collect(), table })
}

fn positions(search: &KeySearch) -> Positions {
    let [low, high] = search.range;
    Positions { low, high, digits: if search.is_whole { None } else { Some(DIGITS) } }
}

/// About how many values a search tries for an answer.
pub fn usual_tries(search: &KeySearch) -> usize {
    positions(search).usual_tries()
}

fn wrong_value(diagnostics: crate::experiment::Diagnostics) -> ReportError {
    ReportError::Experiment(Box::new(diagnostics))
}

struct Searcher<'a> {
    simulator: Simulator<'a>,
    search: &'a KeySearch,
    journal: &'a mut Journal,
    /// The positions that were tried.
    tried: BTreeSet<u64>,
    /// The results by position and transport.
    groups: BTreeMap<(u64, usize), Group>,
    /// The margins by position and the first transport of an answer.
    margins: BTreeMap<(u64, usize), Estimate>,
}

impl Searcher<'_> {
    /// Adds what is lacking at the next position, and, while fewer than [`AHEAD`] are assumed, at those that may follow:
    /// rounds of tasks take longer than replications that turn out not to be needed.
    fn look_ahead(
        &mut self,
        (positions, transports): (Positions, &[usize]),
        assumed: &mut BTreeMap<u64, Estimate>,
        lack: &mut Lack,
    ) -> Result<(), ReportError> {
        let mut next = None;
        let look = |position| match assumed.get(&position) {
            Some(margin) => Ok(*margin),
            None => {
                next = Some(position);
                self.margin(position, transports)
            }
        };
        lack.note(crossing(positions, look))?;
        let (Some(next), true) = (next, assumed.len() + 1 < AHEAD) else { return Ok(()) };
        for sign in [1.0, -1.0] {
            assumed.insert(next, Estimate { interval: Some(Interval::around(sign, 0.0)), ..Estimate::bare(sign, 1) });
            self.look_ahead((positions, transports), assumed, lack)?;
        }
        assumed.remove(&next);
        Ok(())
    }

    /// By how much the target is met at a position: at least 0 if it is.
    fn margin(&mut self, position: u64, transports: &[usize]) -> Result<Estimate, ReportError> {
        if let Some(margin) = self.margins.get(&(position, transports[0])) {
            return Ok(*margin);
        }
        let margin = self.simulated_margin(position, transports)?;
        self.margins.insert((position, transports[0]), margin);
        Ok(margin)
    }

    fn simulated_margin(&mut self, position: u64, transports: &[usize]) -> Result<Estimate, ReportError> {
        let experiment = self.simulator.experiment.with_tried(&[position]).map_err(wrong_value)?;
        self.tried.insert(position);
        let (number, words) = (self.tried.len(), PointLabels::new(&experiment).of(0));
        let tried = TriedValue { number, words: &words };
        let written = experiment.replications_at(0);
        let most = experiment.max_replications().max(written);
        let mut count = written;
        loop {
            let plan = experiment.plan().only(transports).keeping_pairs().keeping_latencies();
            let plan = plan.with_replications(count);
            let groups = self.simulator.groups(&plan, self.journal, Some((position, tried)))?;
            let margin = self.of_groups(&groups);
            let is_enough = margin.interval.is_some() || count >= most || count >= written << DOUBLINGS;
            if is_enough || experiment.quick() {
                let keyed = groups.into_iter().map(|group| ((position, group.transport), group));
                self.groups.extend(keyed);
                return Ok(margin);
            }
            count = (2 * count).min(most);
        }
    }

    /// Without any sample the target is not met: surely, if there were messages and none arrived.
    fn of_groups(&self, groups: &[Group]) -> Estimate {
        let is_sure = groups.iter().all(|group| group.pooled.created > 0);
        let never = Interval { low: f64::NEG_INFINITY, high: f64::NEG_INFINITY, half_width: 0.0 };
        let nothing =
            Estimate { interval: if is_sure { Some(never) } else { None }, ..Estimate::bare(f64::NEG_INFINITY, 0) };
        let metric = self.search.target.metric();
        if let (Aggregation::Quantile(order), [group, ..]) = (metric.aggregation(), groups)
            && !matches!(self.search.target, Target::Equal(_))
        {
            return self.share_in_time(group, order).unwrap_or(nothing);
        }
        let found = match (self.search.target, groups) {
            (Target::AtMost(_, limit), [group, ..]) => self.estimate(group).map(|found| mirrored(found, limit)),
            (Target::AtLeast(_, limit), [group, ..]) => self.estimate(group).map(|found| moved(found, -limit)),
            // A value that equals the limit is on the other side of the number next to it.
            (Target::Below(_, limit), [group, ..]) => {
                self.estimate(group).map(|found| mirrored(found, limit.next_down()))
            }
            (Target::Above(_, limit), [group, ..]) => self.estimate(group).map(|found| moved(found, -limit.next_up())),
            (Target::Equal(_), [one, other, ..]) => self.difference(one, other),
            _ => None,
        };
        found.unwrap_or(nothing)
    }

    /// The metric of the target, of all clients or of the population.
    fn estimate(&self, group: &Group) -> Option<Estimate> {
        let metric = self.search.target.metric();
        match self.search.population {
            None => group.estimate(metric),
            Some(population) => group.population_estimate(population, metric),
        }
    }

    /// Whether an outcome says nothing of the metric: it had no value at any position, or of two that are compared at one
    /// that decides.
    fn lacks_value(&self, found: Crossing, transports: &[usize]) -> bool {
        let mut tried: BTreeMap<u64, bool> = BTreeMap::new();
        for ((position, _), group) in self.groups.iter().filter(|((_, transport), _)| transports.contains(transport)) {
            *tried.entry(*position).or_insert(true) &= self.estimate(group).is_some();
        }
        match (self.search.target, found) {
            (Target::Equal(_), Crossing::At { answer, .. }) => {
                let beside =
                    [tried.range(..answer).next_back(), tried.range(answer..).nth(1), tried.get_key_value(&answer)];
                beside.into_iter().flatten().any(|(_, has_value)| !has_value)
            }
            (Target::Equal(_), _) => tried.values().any(|has_value| !has_value),
            (_, Crossing::Nowhere) => tried.values().all(|has_value| !has_value),
            _ => false,
        }
    }

    /// A percentile on the right side of a limit: the share of the messages within the limit, minus the order of the
    /// percentile, or the other way round. A share has an interval where that of the percentile would reach beyond all
    /// messages.
    fn share_in_time(&self, group: &Group, order: f64) -> Option<Estimate> {
        let target = self.search.target;
        let metric = target.metric();
        let (limit, counts_limit) = match target {
            Target::AtMost(_, limit) | Target::Above(_, limit) => (limit, true),
            Target::AtLeast(_, limit) | Target::Below(_, limit) => (limit, false),
            Target::Equal(_) => return None,
        };
        let place = self.search.population.map_or(0, |population| population + 1);
        let limit = (limit * 1e9).round() as u64;
        let within = if counts_limit { Packed::at_most } else { Packed::below };
        let part = |latencies: &Packed| Ratio {
            above: u128::from(within(latencies, limit)),
            below: u128::from(latencies.count()),
        };
        let parts: Vec<Ratio> = group.latencies.get(place)?.iter().map(part).collect();
        let found = jackknife(&parts)?;
        let scenario = self.search.population.map(|population| group.scenario.of_population(population));
        let totals =
            self.search.population.map_or(Some(&group.pooled), |population| group.pooled.parts.get(population))?;
        let is_honest = totals.suffice(metric, scenario.as_ref().unwrap_or(&group.scenario), &group.pooled);
        // None within the limit, in any replication: the share is 0.
        let interval = if found.value > 0.0 { found.interval } else { Some(Interval::around(0.0, 0.0)) };
        let share = Estimate { interval, ..found }.only_if(is_honest);
        if !target.wants_more() {
            return Some(moved(share, -order));
        }
        let margin = mirrored(share, order);
        // The percentile is the first value up to which the share is reached.
        let value = if margin.value > 0.0 { margin.value } else { margin.value - f64::MIN_POSITIVE };
        Some(Estimate { value, ..margin })
    }

    /// The difference of two transports, paired by their replications.
    fn difference(&self, one: &Group, other: &Group) -> Option<Estimate> {
        let metric = self.search.target.metric();
        // Groups are in the order of transports, and the answer is that of the first one named.
        let is_first = self.search.transports.first() == Some(&one.transport);
        let (one, other) = if is_first { (one, other) } else { (other, one) };
        let [Some(first), Some(second)] = [one, other].map(|group| self.estimate(group)) else { return None };
        let sides = [one, other].map(|group| group.jackknifed(self.search.population, metric));
        let contrast = match sides {
            [Some(one), Some(other)] => Contrast::paired(one, other),
            _ => Contrast::bare(first.value, second.value),
        };
        let interval = contrast.difference_interval;
        Some(Estimate { value: contrast.difference, interval, samples: first.samples.min(second.samples) })
    }

    /// The table of the answers, with values in the unit of the key's column.
    fn table(&self, answers: &[(usize, Option<Crossing>)]) -> Result<String, ReportError> {
        let header = ["transport", "key", "target", "answer", "low95", "high95", "found"];
        let mut rows = Vec::new();
        for (transport, found) in answers {
            let (ends, outcome) = match found {
                Some(Crossing::At { answer, low, high }) => ([Some(*answer), *low, *high], "yes"),
                Some(Crossing::Nowhere) => ([None; 3], "nowhere"),
                Some(Crossing::Everywhere) => ([None; 3], "everywhere"),
                Some(Crossing::NotMonotone) => ([None; 3], "not monotone"),
                None => ([None; 3], "no value"),
            };
            let name = &self.simulator.experiment.transports()[*transport];
            let mut row = [name, &self.search.key, &self.search.text].map(|text| word(text)).to_vec();
            for end in ends {
                row.push(match end {
                    None => String::new(),
                    Some(position) => {
                        let at = self.simulator.experiment.with_tried(&[position]).map_err(wrong_value)?;
                        at.coordinates(0).concat()
                    }
                });
            }
            row.push(outcome.to_owned());
            rows.push(row);
        }
        Ok(csv_text(&header.map(str::to_owned), rows.into_iter())?)
    }
}

/// `limit` minus the estimate.
fn mirrored(estimate: Estimate, limit: f64) -> Estimate {
    let interval = estimate.interval.map(|ends| Interval::between(limit - ends.high, limit - ends.low));
    Estimate { value: limit - estimate.value, interval, ..estimate }
}

/// The estimate plus `offset`.
fn moved(estimate: Estimate, offset: f64) -> Estimate {
    let interval = estimate.interval.map(|ends| Interval::between(ends.low + offset, ends.high + offset));
    Estimate { value: estimate.value + offset, interval, ..estimate }
}
