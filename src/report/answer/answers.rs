//! What a search has found, in words.

use super::found::{Found, SearchEnding};
use super::readings::ReadRow;
use super::tabled::Tabled;
use crate::experiment::{KeySearch, Target};
use crate::model::Metric;
use crate::report::chart::{number_with_unit, plain_number};
use crate::report::digits::{Digits, with_half};
use crate::report::labels::PointLabels;
use crate::stats::Estimate;

/// The points of the answers, the next ones, where a target is not met any more, and the ends of the range.
pub(super) fn points_of_answers(tabled: &Tabled) -> Vec<usize> {
    let experiment = &*tabled.experiment;
    let last = experiment.points() - 1;
    let mut points = vec![0, last];
    points.extend(answered_points(tabled));
    if let Some(spoken) = Spoken::new(tabled) {
        points.extend(tabled.found.iter().filter_map(|found| spoken.next(found)));
    }
    points.sort_unstable();
    points.dedup();
    points
}

/// The points of the answers.
pub(super) fn answered_points(tabled: &Tabled) -> Vec<usize> {
    let experiment = &*tabled.experiment;
    let value = |point: usize| experiment.coordinates(point).concat().parse::<f64>().ok();
    let is_answer = |point: &usize| {
        let value = value(*point);
        tabled.found.iter().any(|found| found.answer.is_some() && found.answer == value)
    };
    (0..experiment.points()).filter(is_answer).collect()
}

/// A sentence for each answer of a search; none without a search.
pub(super) fn answers(tabled: &Tabled) -> Vec<String> {
    let Some(spoken) = Spoken::new(tabled) else { return Vec::new() };
    tabled.found.iter().map(|found| spoken.sentence(found)).collect()
}

/// What the sentences are made of.
struct Spoken<'a> {
    tabled: &'a Tabled<'a>,
    search: &'a KeySearch,
    /// The name of the key.
    key: String,
    unit: Option<&'static str>,
}

impl<'a> Spoken<'a> {
    /// `None` without a search.
    fn new(tabled: &'a Tabled<'a>) -> Option<Spoken<'a>> {
        let experiment = &*tabled.experiment;
        let (search, key) = (experiment.search()?, experiment.swept().first()?);
        Some(Spoken { tabled, search, key: PointLabels::new(experiment).heading(), unit: key.unit })
    }

    /// The point next to the answer at which the target is not met, if values are whole numbers and it was tried.
    fn next(&self, found: &Found) -> Option<usize> {
        if !self.search.is_whole || matches!(self.search.target, Target::Equal(_)) {
            return None;
        }
        let step = if self.is_met_at_first(found.transport)? { 1.0 } else { -1.0 };
        let wanted = found.answer? + step;
        let experiment = &*self.tabled.experiment;
        let is_there = |point: &usize| {
            let value = experiment.coordinates(*point).concat().parse::<f64>();
            value.is_ok_and(|value| value.total_cmp(&wanted).is_eq())
        };
        (0..experiment.points()).find(is_there)
    }

    fn sentence(&self, found: &Found) -> String {
        let clients = match self.population() {
            Some(population) => format!(" of population {population}"),
            None => String::new(),
        };
        let text = match (self.search.target, self.search.transports.as_slice()) {
            (Target::Equal(metric), [one, other]) => self.of_equal(found, [*one, *other], metric),
            _ => format!("{}: {}{clients} {}", self.name(found.transport), self.search.text, self.of_target(found)),
        };
        format!("{text}.")
    }

    /// Where a target is met.
    fn of_target(&self, found: &Found) -> String {
        let range = self.range();
        match (found.outcome, found.answer) {
            (SearchEnding::Nowhere, _) => format!("is met nowhere {range}"),
            (SearchEnding::Everywhere, _) => format!("is met everywhere {range}"),
            (SearchEnding::NoValue, _) => {
                format!("is met nowhere {range}: no value{}", self.why_absent(0, found.transport))
            }
            (SearchEnding::Yes, Some(answer)) => {
                let interval = self.interval(found, answer);
                let value = self.value(answer, found);
                let at = self.at(&value, &[found.transport]);
                let next = self.beside(self.next(found), found.transport);
                match self.is_met_at_first(found.transport) {
                    Some(true) => format!("up to {at} {interval}{next}"),
                    Some(false) => format!("from {at} on {interval}{next}"),
                    None => format!("changes at {at} {interval}"),
                }
            }
            (SearchEnding::Yes | SearchEnding::NotMonotone, _) => format!("is not monotone {range}{}", self.more()),
        }
    }

    /// Where a metric of two transports is equal.
    fn of_equal(&self, found: &Found, two: [usize; 2], metric: Metric) -> String {
        let [one, other] = two.map(|transport| self.name(transport));
        let range = self.range();
        let clients = self.population().map(|name| format!(" of population {name}")).unwrap_or_default();
        match (found.outcome, found.answer) {
            (SearchEnding::NoValue, _) => {
                let text = format!("{one} and {other} cannot be compared in {}{clients} {range}", metric.name());
                match self.absent(two) {
                    Some((point, transport)) => format!(
                        "{text}: no value with {} at {}{}",
                        self.name(transport),
                        PointLabels::new(&self.tabled.experiment).of(point),
                        self.why_absent(point, transport)
                    ),
                    None => text,
                }
            }
            (SearchEnding::Nowhere, _) => {
                let metric = metric.name();
                format!("{metric}{clients} is lower with {one} than with {other} everywhere {range}")
            }
            (SearchEnding::Everywhere, _) => {
                let metric = metric.name();
                format!("{metric}{clients} is at least as high with {one} as with {other} everywhere {range}")
            }
            (SearchEnding::Yes, Some(answer)) => {
                let (interval, value) = (self.interval(found, answer), self.value(answer, found));
                let sides = match self.is_first_more(two) {
                    Some(true) => format!("; below it {one} has more, above it {other}"),
                    Some(false) => format!("; below it {other} has more, above it {one}"),
                    None => String::new(),
                };
                let (at, metric) = (self.at(&value, &two), metric.labels()[0]);
                format!("{one} and {other} have equal {metric}{clients} at {at} {interval}{sides}")
            }
            (SearchEnding::Yes | SearchEnding::NotMonotone, _) => {
                let (more, metric) = (self.more(), metric.name());
                format!("the difference of {one} and {other} in {metric}{clients} is not monotone {range}{more}")
            }
        }
    }

    /// The first point and transport of these two at which the metric has no value.
    fn absent(&self, two: [usize; 2]) -> Option<(usize, usize)> {
        let places = (0..=self.last()).flat_map(|point| two.map(|transport| (point, transport)));
        let mut tried = places.filter(|(point, transport)| self.row(*point, *transport).is_some());
        tried.find(|(point, transport)| self.estimate(*point, *transport).is_none())
    }

    /// Why a metric has no value, if that is known.
    fn why_absent(&self, point: usize, transport: usize) -> &'static str {
        let delivered = self.row(point, transport).and_then(|row| row.estimate(Metric::MessagesDelivered));
        if delivered.is_some_and(|delivered| delivered.value > 0.0) { "" } else { ", as no message arrived" }
    }

    /// Where to look if there is no single answer.
    fn more(&self) -> String {
        let chart = self.tabled.experiment.charts().iter().find(|chart| chart.x.as_ref() == Some(&self.search.key));
        let chart = chart.map(|chart| format!(" and charts/{}.png", chart.name)).unwrap_or_default();
        format!(": see summary.csv{chart}")
    }

    fn name(&self, transport: usize) -> &str {
        &self.tabled.experiment.transports()[transport]
    }

    fn population(&self) -> Option<String> {
        let place = self.search.population?;
        let scenarios = self.tabled.experiment.scenarios(0);
        Some(scenarios.first()?.populations.get(place)?.name.clone())
    }

    /// `between clients = 10 and 10000`.
    fn range(&self) -> String {
        let experiment = &*self.tabled.experiment;
        let end = |point: usize| {
            let text = experiment.coordinates(point).concat();
            self.number_with_unit(&text.parse().map_or(text, plain_number))
        };
        format!("between {} = {} and {}", self.key, end(0), end(self.last()))
    }

    fn number_with_unit(&self, number: &str) -> String {
        number_with_unit(number, self.unit.unwrap_or_default())
    }

    /// A value of the key with its noun: `53 clients`, `a polling interval of 22.3 s`. The key of one of these transports
    /// does not name it again.
    fn at(&self, value: &str, transports: &[usize]) -> String {
        if self.search.key == "clients.count" {
            return format!("{value} {}", if value == "1" { "client" } else { "clients" });
        }
        let own =
            transports.iter().find_map(|transport| self.key.strip_suffix(&format!(" of {}", self.name(*transport))));
        match own {
            Some(noun) => {
                let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                format!("{article} {noun} of {value}")
            }
            None => format!("{} = {value}", self.key),
        }
    }

    /// The value of the metric at the next point, where the target is not met: `; with 54 it is 1.09 s`.
    fn beside(&self, point: Option<usize>, transport: usize) -> String {
        let Some(point) = point else { return String::new() };
        let metric = self.search.target.metric();
        let key = self.tabled.experiment.coordinates(point).concat();
        match self.estimate(point, transport) {
            Some(estimate) => {
                let (value, _) = with_half(estimate.value, estimate.half_width());
                format!("; with {} it is {value} {}", self.number_with_unit(&key), metric.unit()).trim_end().to_owned()
            }
            None => format!("; with {} it has no value", self.number_with_unit(&key)),
        }
    }

    fn value(&self, answer: f64, found: &Found) -> String {
        self.number_with_unit(&self.number(answer, found))
    }

    /// A number with the digits that the interval of the answer allows; a whole one with all.
    fn number(&self, number: f64, found: &Found) -> String {
        let ends = [found.low, found.high].into_iter().flatten();
        let half = match (found.low, found.high) {
            (Some(low), Some(high)) => (high - low) / 2.0,
            _ => ends.map(|end| (end - found.answer.unwrap_or(end)).abs()).fold(0.0, f64::max),
        };
        match Digits::of_half(found.answer.unwrap_or(number), Some(half)) {
            digits @ Digits::Decimals(_) if !self.search.is_whole => digits.write(number),
            _ => plain_number(number),
        }
    }

    /// `(95 %: 218 to 231)`.
    fn interval(&self, found: &Found, answer: f64) -> String {
        let shown = |end: f64| self.number(end, found);
        match (found.low, found.high) {
            (Some(low), Some(high)) if shown(low) == shown(high) => format!("(95 %: {})", shown(low)),
            (Some(low), Some(high)) => format!("(95 %: {} to {})", shown(low), shown(high)),
            (Some(low), None) => format!("(95 %: from {}; {})", shown(low), self.beyond(self.last())),
            (None, Some(high)) => format!("(95 %: up to {}; {})", shown(high), self.beyond(0)),
            (None, None) => match self.is_estimated_at(self.point_of(answer)) {
                true => "(the 95 % interval reaches beyond the range)".to_owned(),
                false => "(no interval: the data are too few)".to_owned(),
            },
        }
    }

    /// Why an end of the interval is missing: beyond the range, or there is no interval of the metric where it ends.
    fn beyond(&self, point: usize) -> &'static str {
        match self.is_estimated_at(point) {
            true => "the interval reaches beyond the range",
            false => "the other end is not known",
        }
    }

    fn last(&self) -> usize {
        self.tabled.experiment.points() - 1
    }

    /// The point at which the key has this value.
    fn point_of(&self, value: f64) -> usize {
        let experiment = &*self.tabled.experiment;
        let is_there = |point: &usize| experiment.coordinates(*point).concat().parse() == Ok(value);
        (0..experiment.points()).find(is_there).unwrap_or_default()
    }

    /// Whether the metric has an interval at a point.
    fn is_estimated_at(&self, point: usize) -> bool {
        let mut estimates = self.search.transports.iter().filter_map(|transport| self.estimate(point, *transport));
        estimates.any(|estimate| estimate.interval.is_some())
    }

    /// The metric of the target at a point.
    fn estimate(&self, point: usize, transport: usize) -> Option<Estimate> {
        self.row(point, transport)?.estimate(self.search.target.metric())
    }

    /// The clients whose metric counts; `None` where they were not tried.
    fn row(&self, point: usize, transport: usize) -> Option<&ReadRow> {
        let population = self.population();
        self.tabled.readings.at(point, transport).iter().find(|row| row.population == population)
    }

    /// Whether the target is met at the first value of the range and not at the last, or the other way round.
    fn is_met_at_first(&self, transport: usize) -> Option<bool> {
        let ends = [0, self.last()].map(|point| self.estimate(point, transport).map(|estimate| estimate.value));
        // Without a value the target is not met: nothing arrives.
        let is_better = |one: f64, other: f64| match self.search.target {
            target if target.wants_more() => one > other,
            _ => one < other,
        };
        match ends {
            [Some(first), Some(last)] if first.total_cmp(&last).is_ne() => Some(is_better(first, last)),
            [Some(_), None] => Some(true),
            [None, Some(_)] => Some(false),
            _ => None,
        }
    }

    /// Whether the first of two transports has more at the first value of the range.
    fn is_first_more(&self, two: [usize; 2]) -> Option<bool> {
        let [one, other] = two.map(|transport| self.estimate(0, transport).map(|estimate| estimate.value));
        let (one, other) = one.zip(other)?;
        if one.total_cmp(&other).is_eq() { None } else { Some(one > other) }
    }
}
