//! The comparison of two experiments: two settings, or two versions of the program.

use std::collections::{BTreeMap, BTreeSet};

use super::contrasts::{MeasuredClients, Method, NamedPair, OneSided, PairRow, by_place, correct};
use super::scope::PairScope;
use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::absence::{absent_metrics, why_absent};
use crate::runner::Group;
use crate::stats::Contrast;

/// More differences of two experiments than this are not named.
const MOST_KEYS: usize = 6;

/// An experiment with its results.
#[derive(Clone, Copy)]
pub struct Ran<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its groups.
    pub groups: &'a [Group],
    /// Its name in the comparison.
    pub name: &'a str,
}

/// Two experiments, compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The rows; points are those of the second experiment.
    pub rows: Vec<PairRow>,
    /// What cannot be compared, as one side has no value.
    pub one_sided: Vec<OneSided>,
    /// How they were matched, and what a reader has to know of that.
    pub notes: Vec<String>,
}

impl Compared {
    /// Why some of these metrics have no row, or not all of their rows.
    pub fn absences(&self, metrics: &[Metric]) -> Vec<String> {
        let reason = |metric: Metric| {
            let one_sided = self.one_sided.iter().filter(|pair| pair.metric == metric);
            let absent: BTreeSet<&str> = one_sided.map(|pair| pair.absent.as_str()).collect();
            let is_compared = self.rows.iter().any(|row| row.metric == metric);
            match (absent.into_iter().collect::<Vec<_>>().as_slice(), is_compared) {
                ([], true) => None,
                ([], false) => why_absent(metric),
                ([one], _) => Some(format!("{one} has no value")),
                (several, _) => Some(format!("{} have no value", several.join(", "))),
            }
        };
        absent_metrics(metrics.iter().map(|metric| (*metric, reason(*metric))))
    }
}

/// Every transport of `other` against that of the same name of `base`, at the points with the same swept values.
///
/// # Errors
/// With the reason in words, if they have no transport or no point in common.
pub fn between(base: Ran, other: Ran, scope: PairScope) -> Result<Compared, String> {
    let mut notes = vec![settings(base, other)];
    let transports = matched_transports(base, other, &mut notes)?;
    let points = matched_points(base, other, &mut notes)?;
    let [base_places, other_places] = [base, other].map(|ran| by_place(ran.groups));
    let (mut rows, mut one_sided) = (Vec::new(), Vec::new());
    let mut remarks = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let is_asked = |name: usize| scope.has_transport(&other.experiment.transports()[name]);
    for (there, here) in points.into_iter().filter(|(_, here)| scope.has_point(*here)) {
        for (from, to) in transports.iter().filter(|(_, to)| is_asked(*to)) {
            let (Some(there), Some(group)) = (base_places.get(&(there, *from)), other_places.get(&(here, *to))) else {
                continue;
            };
            if !seen.insert((*to, there.point, group.point)) {
                continue;
            }
            let (method, remark) = method(there, group);
            remarks.extend(remark);
            let sides = [MeasuredClients::all(group), MeasuredClients::all(there)];
            let names = [other.experiment.transports()[*to].as_str(), base.name];
            let pair = NamedPair { point: here, names, experiment: Some(other.name), sides, method };
            rows.extend(scope.metrics.iter().filter_map(|metric| pair.row(*metric)));
            one_sided.extend(pair.one_sided(scope.metrics));
        }
    }
    if seen.is_empty() {
        return Err(format!(
            "none of the transports and points that are asked for is in both {} and {}",
            base.name, other.name
        ));
    }
    notes.extend(remarks);
    correct(&mut rows);
    Ok(Compared { rows, one_sided, notes })
}

/// How two groups are compared: in pairs if they share their random numbers, as far as both have replications.
fn method(one: &Group, other: &Group) -> (Method, Option<String>) {
    let [there, here] = [one, other].map(|group| group.replications.len());
    if one.scenario.seed != other.scenario.seed {
        let remark = "the seeds differ: intervals are those of independent runs (Welch)";
        return (Contrast::independent, Some(remark.to_owned()));
    }
    let remark = match there.min(here) {
        _ if there == here => None,
        1 => Some("there is one common replication: intervals are those of independent runs (Welch)".to_owned()),
        pairs => Some(format!("{there} replications against {here}: the first {pairs} are compared in pairs")),
    };
    (if there.min(here) > 1 { Contrast::paired } else { Contrast::independent }, remark)
}

/// The keys in which two experiments differ.
fn settings(base: Ran, other: Ran) -> String {
    let [there, here] = [base, other].map(|ran| ran.experiment.identity());
    let mut differences = there.differences(&here);
    if differences.is_empty() {
        return "both have the same settings".to_owned();
    }
    let more = differences.len().saturating_sub(MOST_KEYS);
    differences.truncate(MOST_KEYS);
    if more > 0 {
        differences.push(format!("and {more} more"));
    }
    format!("settings that differ ({} there, {} here):\n  {}", base.name, other.name, differences.join("\n  "))
}

/// Pairs of the numbers of transports with the same name.
fn matched_transports(base: Ran, other: Ran, notes: &mut Vec<String>) -> Result<Vec<(usize, usize)>, String> {
    let [there, here] = [base, other].map(|ran| ran.experiment.transports());
    let same = |(to, name): (usize, &String)| Some((there.iter().position(|known| known == name)?, to));
    let pairs: Vec<(usize, usize)> = here.iter().enumerate().filter_map(same).collect();
    if let ([from], [to], true) = (there, here, pairs.is_empty()) {
        notes.push(format!("`{to}` is compared with `{from}`, the only transport there"));
        return Ok(vec![(0, 0)]);
    }
    if pairs.is_empty() {
        let [there, here] = [there, here].map(quoted);
        return Err(format!("no transport has the same name: {there} in {}; {here} in {}", base.name, other.name));
    }
    let alone = |names: &[String], others: &[String]| {
        names.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<_>>()
    };
    let left_out = [alone(there, here), alone(here, there)].concat();
    if !left_out.is_empty() {
        notes.push(format!("transports of one of them only are left out: {}", quoted(&left_out)));
    }
    Ok(pairs)
}

/// Names in a list: they may have commas in them.
fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Pairs of the numbers of points with the same swept values, or with the same number.
fn matched_points(base: Ran, other: Ran, notes: &mut Vec<String>) -> Result<Vec<(usize, usize)>, String> {
    let paths = |ran: Ran| -> Vec<String> { ran.experiment.swept().iter().map(|key| key.path.clone()).collect() };
    let counts = [base, other].map(|ran| ran.experiment.points());
    if paths(base) != paths(other) {
        if counts[0] != counts[1] {
            let (there, here) = (paths(base).join(", "), paths(other).join(", "));
            return Err(format!(
                "their points cannot be matched: {} sweeps {}, {} sweeps {}",
                base.name,
                if there.is_empty() { "nothing" } else { &there },
                other.name,
                if here.is_empty() { "nothing" } else { &here }
            ));
        }
        notes.push("points are matched by their numbers, as the swept keys differ".to_owned());
        return Ok((0..counts[1]).map(|point| (point, point)).collect());
    }
    let known: BTreeMap<Vec<String>, usize> =
        (0..counts[0]).map(|point| (base.experiment.coordinates(point), point)).collect();
    let same = |point: usize| Some((*known.get(&other.experiment.coordinates(point))?, point));
    let pairs: Vec<(usize, usize)> = (0..counts[1]).filter_map(same).collect();
    if pairs.is_empty() {
        return Err("no point has the same swept values in both".to_owned());
    }
    let left_out = counts[0] + counts[1] - 2 * pairs.len();
    if left_out > 0 {
        notes.push(format!("{left_out} points of one of them only are left out"));
    }
    Ok(pairs)
}
