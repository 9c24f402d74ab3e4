//! What a search has found, in words.

use super::digits::{decimals, fixed};
use super::found::{Found, SearchEnding};
use super::labels::PointLabels;
use super::readings::ReadRow;
use super::tabled::Tabled;
use crate::experiment::{KeySearch, Target};
use crate::model::Metric;
use crate::report::chart::plain_number;
use crate::stats::Estimate;

/// The points of the answers, and the ends of the range.
pub(super) fn points_of_answers(tabled: &Tabled) -> Vec<usize> {
    let experiment = &*tabled.experiment;
    let last = experiment.points() - 1;
    let value = |point: usize| experiment.coordinates(point).concat().parse::<f64>().ok();
    let is_answer = |point: usize| {
        let value = value(point);
        tabled.found.iter().any(|found| found.answer.is_some() && found.answer == value)
    };
    (0..=last).filter(|point| *point == 0 || *point == last || is_answer(*point)).collect()
}

/// A sentence for each answer of a search; none without a search.
pub(super) fn answers(tabled: &Tabled) -> Vec<String> {
    let experiment = &*tabled.experiment;
    let (Some(search), Some(key)) = (experiment.search(), experiment.swept().first()) else { return Vec::new() };
    let spoken = Spoken { tabled, search, key: PointLabels::new(experiment).heading(), unit: key.unit };
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

impl Spoken<'_> {
    fn sentence(&self, found: &Found) -> String {
        let clients = match self.population() {
            Some(population) => format!(" of population {population}"),
            None => String::new(),
        };
        let text = match (self.search.target, self.search.transports.as_slice()) {
            (Target::Equal(metric), [one, other]) => self.of_equal(found, [*one, *other], metric.name()),
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
                match self.is_met_at_first(found.transport) {
                    Some(true) => format!("up to {} = {value} {interval}", self.key),
                    Some(false) => format!("from {} = {value} on {interval}", self.key),
                    None => format!("changes at {} = {value} {interval}", self.key),
                }
            }
            (SearchEnding::Yes | SearchEnding::NotMonotone, _) => format!("is not monotone {range}{}", self.more()),
        }
    }

    /// Where a metric of two transports is equal.
    fn of_equal(&self, found: &Found, two: [usize; 2], metric: &str) -> String {
        let [one, other] = two.map(|transport| self.name(transport));
        let range = self.range();
        let clients = self.population().map(|name| format!(" of population {name}")).unwrap_or_default();
        match (found.outcome, found.answer) {
            (SearchEnding::NoValue, _) => {
                let text = format!("{one} and {other} cannot be compared in {metric}{clients} {range}");
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
                format!("{metric}{clients} is lower with {one} than with {other} everywhere {range}")
            }
            (SearchEnding::Everywhere, _) => {
                format!("{metric}{clients} is at least as high with {one} as with {other} everywhere {range}")
            }
            (SearchEnding::Yes, Some(answer)) => {
                let (interval, value) = (self.interval(found, answer), self.value(answer, found));
                let sides = match self.is_first_more(two) {
                    Some(true) => format!("; below it {one} has more, above it {other}"),
                    Some(false) => format!("; below it {other} has more, above it {one}"),
                    None => String::new(),
                };
                format!("{one} = {other} in {metric}{clients} at {} = {value} {interval}{sides}", self.key)
            }
            (SearchEnding::Yes | SearchEnding::NotMonotone, _) => {
                let more = self.more();
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
            self.with_unit(&text.parse().map_or(text, plain_number))
        };
        format!("between {} = {} and {}", self.key, end(0), end(self.last()))
    }

    fn with_unit(&self, number: &str) -> String {
        match self.unit {
            Some(unit) => format!("{number} {unit}"),
            None => number.to_owned(),
        }
    }

    fn value(&self, answer: f64, found: &Found) -> String {
        self.with_unit(&self.number(answer, found))
    }

    /// A number with the digits that the interval of the answer allows; a whole one with all.
    fn number(&self, number: f64, found: &Found) -> String {
        let ends = [found.low, found.high].into_iter().flatten();
        let half = match (found.low, found.high) {
            (Some(low), Some(high)) => (high - low) / 2.0,
            _ => ends.map(|end| (end - found.answer.unwrap_or(end)).abs()).fold(0.0, f64::max),
        };
        if self.search.is_whole || half <= 0.0 { plain_number(number) } else { fixed(number, decimals(half)) }
    }

    /// `(95 %: 218 to 231)`.
    fn interval(&self, found: &Found, answer: f64) -> String {
        let shown = |end: f64| self.number(end, found);
        match (found.low, found.high) {
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
