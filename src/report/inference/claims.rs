//! Claims against results.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::contrasts::{MeasuredClients, by_place, paired};
use crate::experiment::Experiment;
use crate::experiment::claim::{Claim, ClaimedClients, Condition, Relation, Verdict};
use crate::model::Metric;
use crate::runner::Group;
use crate::stats::student_t_quantile;

/// A claim that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedClaim {
    /// The claim in words.
    pub text: String,
    /// The value that decides, in the unit of the metric: at the point where it holds least.
    pub measured: Option<f64>,
    /// The lower end of its 95 % confidence interval.
    pub low95: Option<f64>,
    /// The upper end of it.
    pub high95: Option<f64>,
    /// `holds`, `fails` or `cannot be told`.
    pub verdict: String,
    /// The swept values of the point that decides, in words; empty without a sweep.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// Why it cannot be told; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl JudgedClaim {
    /// Whether the results contradict it.
    pub fn fails(&self) -> bool {
        self.verdict == Verdict::Fails.word()
    }

    /// Whether the results bear it out.
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds.word()
    }
}

/// A claim at one point.
struct AtPoint {
    point: usize,
    measured: Option<f64>,
    ends: Option<(f64, f64)>,
    verdict: Verdict,
    slack: f64,
    reason: &'static str,
}

/// A number that was measured.
struct Measured {
    value: f64,
    /// The ends of its interval; `None` if it has none and is not exact.
    ends: Option<(f64, f64)>,
    theory: Option<f64>,
    /// The degrees of freedom of the interval; `None` if it is exact, or without one.
    degrees: Option<u32>,
}

impl Measured {
    /// The ends of the interval that contains the true number with 1 - 0.05 / `tests`: if each of so many closed forms is
    /// compared with one, all agree in 95 of 100 experiments or more (Bonferroni).
    fn widened(&self, (low, high): (f64, f64), tests: usize) -> (f64, f64) {
        let Some(degrees) = self.degrees else { return (low, high) };
        let times = student_t_quantile(1.0 - 0.025 / tests as f64, degrees) / student_t_quantile(0.975, degrees);
        (self.value - times * (self.value - low), self.value + times * (high - self.value))
    }
}

/// Every claim of an experiment. A quick run judges none.
pub fn judge(experiment: &Experiment, groups: &[Group]) -> Vec<JudgedClaim> {
    if experiment.quick() {
        return Vec::new();
    }
    let places = by_place(groups);
    let judge_one = |claim: &Claim| {
        // A search does not try every value with every transport.
        let is_tried = |point: &usize| {
            experiment.search().is_none() || sides(claim).all(|side| places.contains_key(&(*point, side.transport)))
        };
        let points = match &claim.points {
            Some(points) => points.clone(),
            None => (0..experiment.points()).filter(is_tried).collect(),
        };
        // Points at which the groups are the same are one test.
        let groups_at = |point: &usize| {
            sides(claim).map(|side| places.get(&(*point, side.transport)).map(|group| group.point)).collect()
        };
        let tests = points.iter().map(groups_at).collect::<BTreeSet<Vec<Option<usize>>>>().len();
        let at = |point: &usize| {
            let group = |side: &ClaimedClients| {
                let group = places.get(&(*point, side.transport))?;
                Some(MeasuredClients { group, population: side.population })
            };
            at_point(claim, (*point, tests), group)
        };
        judged(experiment, claim, points.iter().map(at).reduce(worse))
    };
    experiment.claims().iter().map(judge_one).collect()
}

/// The clients whose numbers a claim needs.
fn sides(claim: &Claim) -> impl Iterator<Item = &ClaimedClients> {
    let other = match &claim.relation {
        Relation::Alone => None,
        Relation::Over(other) | Relation::Minus(other) => Some(other),
    };
    [&claim.of].into_iter().chain(other)
}

/// The one that decides a claim about both points: it fails if it fails at one, and cannot be told if that cannot be told
/// at one.
///
/// Of several points with one verdict it is the one where the interval lies farthest out.
fn worse(one: AtPoint, other: AtPoint) -> AtPoint {
    let is_worse = other.verdict > one.verdict || (other.verdict == one.verdict && other.slack < one.slack);
    if is_worse { other } else { one }
}

fn judged(experiment: &Experiment, claim: &Claim, worst: Option<AtPoint>) -> JudgedClaim {
    let at = match &worst {
        Some(worst) if experiment.points() > 1 => experiment.words_of_point(worst.point),
        _ => String::new(),
    };
    let ends = worst.as_ref().and_then(|worst| worst.ends);
    JudgedClaim {
        text: claim.text.clone(),
        measured: worst.as_ref().and_then(|worst| worst.measured),
        low95: ends.map(|(low, _)| low),
        high95: ends.map(|(_, high)| high),
        verdict: worst.as_ref().map_or(Verdict::CannotBeTold, |worst| worst.verdict).word().to_owned(),
        at,
        reason: worst.map_or("no value", |worst| worst.reason).to_owned(),
    }
}

/// A claim at a point, one of several `tests`.
fn at_point<'a>(
    claim: &Claim,
    (point, tests): (usize, usize),
    group: impl Fn(&ClaimedClients) -> Option<MeasuredClients<'a>>,
) -> AtPoint {
    let measured = match &claim.relation {
        Relation::Alone => group(&claim.of).and_then(|of| alone(of, claim.metric)),
        Relation::Over(other) => {
            group(&claim.of).zip(group(other)).and_then(|(of, other)| over(of, other, claim.metric))
        }
        Relation::Minus(other) => {
            group(&claim.of).zip(group(other)).and_then(|(of, other)| minus(of, other, claim.metric))
        }
    };
    let unknown = AtPoint {
        point,
        measured: measured.as_ref().map(|measured| measured.value),
        ends: None,
        verdict: Verdict::CannotBeTold,
        slack: f64::NEG_INFINITY,
        reason: "no value",
    };
    let Some(measured) = measured else { return unknown };
    let (Some(ends), theory) = (measured.ends, measured.theory) else {
        return AtPoint { reason: "no interval: too few replications or too few messages", ..unknown };
    };
    let judged = if claim.is == Condition::Theory { measured.widened(ends, tests) } else { ends };
    let verdict = claim.is.verdict(judged, theory);
    let reason = match verdict {
        Verdict::CannotBeTold if claim.is == Condition::Theory => "no closed form",
        Verdict::CannotBeTold => "the interval contains the limit",
        _ => "",
    };
    AtPoint { ends: Some(ends), verdict, slack: claim.is.slack(judged, theory), reason, ..unknown }
}

/// The value of a metric that is the same in all replications, of which there are several.
fn is_exact(of: MeasuredClients, metric: Metric) -> bool {
    let mut values = of.replications(metric);
    let first = values.next().flatten();
    let mut others = values.peekable();
    first.is_some() && others.peek().is_some() && others.all(|value| value == first)
}

fn alone(of: MeasuredClients, metric: Metric) -> Option<Measured> {
    let estimate = match of.population {
        Some(population) => of.group.population_estimate(population, metric),
        None => of.group.estimate(metric),
    }?;
    let ends = match estimate.interval {
        Some(interval) => Some((interval.low, interval.high)),
        None if is_exact(of, metric) => Some((estimate.value, estimate.value)),
        None => None,
    };
    let degrees = estimate.interval.and_then(|_| u32::try_from(estimate.samples).ok()?.checked_sub(1));
    Some(Measured { value: estimate.value, ends, theory: of.closed_form(metric), degrees })
}

fn over(of: MeasuredClients, other: MeasuredClients, metric: Metric) -> Option<Measured> {
    let contrast = paired(of, other, metric)?;
    let value = contrast.ratio?;
    let theory = match (of.closed_form(metric), other.closed_form(metric)) {
        (Some(one), Some(other)) if other != 0.0 => Some(one / other),
        _ => None,
    };
    let ends = match contrast.ratio_interval {
        Some(interval) => Some((interval.low, interval.high)),
        None => exact(of, other, metric, value),
    };
    Some(Measured { value, ends, theory, degrees: contrast.degrees })
}

fn minus(of: MeasuredClients, other: MeasuredClients, metric: Metric) -> Option<Measured> {
    let contrast = paired(of, other, metric)?;
    let theory = of.closed_form(metric).zip(other.closed_form(metric)).map(|(one, other)| one - other);
    let ends = match contrast.difference_interval {
        Some(interval) => Some((interval.low, interval.high)),
        None => exact(of, other, metric, contrast.difference),
    };
    Some(Measured { value: contrast.difference, ends, theory, degrees: contrast.degrees })
}

fn exact(of: MeasuredClients, other: MeasuredClients, metric: Metric, value: f64) -> Option<(f64, f64)> {
    if is_exact(of, metric) && is_exact(other, metric) { Some((value, value)) } else { None }
}
