//! The comparison of two experiments: two settings, or two versions of the program.

use std::collections::{BTreeMap, BTreeSet};

use super::contrasts::{MeasuredClients, Method, NamedPair, OneSided, PairRow, by_place, correct};
use crate::experiment::Experiment;
use crate::model::Metric;
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

/// Every transport of `other` against that of the same name of `base`, at the points with the same swept values.
///
/// # Errors
/// With the reason in words, if they have no transport or no point in common.
pub fn between(base: Ran, other: Ran, metrics: &[Metric]) -> Result<Compared, String> {
    let mut notes = vec![settings(base, other)];
    let transports = matched_transports(base, other, &mut notes)?;
    let points = matched_points(base, other, &mut notes)?;
    let [base_places, other_places] = [base, other].map(|ran| by_place(ran.groups));
    let (mut rows, mut one_sided) = (Vec::new(), Vec::new());
    let mut unpaired = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (there, here) in points {
        for (from, to) in &transports {
            let (Some(there), Some(group)) = (base_places.get(&(there, *from)), other_places.get(&(here, *to))) else {
                continue;
            };
            if !seen.insert((*to, there.point, group.point)) {
                continue;
            }
            let reason = why_unpaired(there, group);
            unpaired.extend(reason);
            let method: Method = if reason.is_none() { Contrast::paired } else { Contrast::independent };
            let sides = [MeasuredClients::all(group), MeasuredClients::all(there)];
            let names = [other.experiment.transports()[*to].as_str(), base.name];
            let pair = NamedPair { point: here, names, sides, method };
            rows.extend(metrics.iter().filter_map(|metric| pair.row(*metric)));
            one_sided.extend(pair.one_sided(metrics));
        }
    }
    for reason in unpaired {
        notes.push(format!("not paired, as {reason}: intervals are those of independent runs (Welch)"));
    }
    correct(&mut rows);
    Ok(Compared { rows, one_sided, notes })
}

/// Why two groups do not share their random numbers.
fn why_unpaired(one: &Group, other: &Group) -> Option<&'static str> {
    if one.scenario.seed != other.scenario.seed {
        Some("the seeds differ")
    } else if one.replications.len() != other.replications.len() {
        Some("the numbers of replications differ")
    } else {
        None
    }
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
        let (there, here) = (there.join(", "), here.join(", "));
        return Err(format!("no transport has the same name: {there} in {}; {here} in {}", base.name, other.name));
    }
    let alone = |names: &[String], others: &[String]| {
        names.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<_>>()
    };
    let left_out = [alone(there, here), alone(here, there)].concat();
    if !left_out.is_empty() {
        notes.push(format!("transports of one of them only are left out: {}", left_out.join(", ")));
    }
    Ok(pairs)
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
