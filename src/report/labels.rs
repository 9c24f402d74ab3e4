//! Names of points and variants of transports, of which no two are alike.

use std::collections::BTreeSet;

use super::chart::{key_quantity, number_in_words, own_key_name};
use crate::experiment::Experiment;
use crate::experiment::chart::SweptKey;

/// The name of every point in words: `clients = 100, payload = 20 B`; empty without a sweep.
pub struct PointLabels<'a> {
    experiment: &'a Experiment,
    /// The name of each swept key: what it sets, or its path if two would have one name.
    keys: Vec<String>,
    /// The same without the transport to which it belongs.
    own: Vec<String>,
    /// Whether two points would have one name, so that values are shown as the tables have them.
    is_verbatim: bool,
}

/// More points than this are not compared with each other: their values are shown as the tables have them.
const MOST_COMPARED: usize = 10_000;

impl<'a> PointLabels<'a> {
    /// The names for an experiment.
    pub fn new(experiment: &'a Experiment) -> PointLabels<'a> {
        let names: Vec<String> = experiment.swept().iter().map(|key| key_quantity(key).name).collect();
        let path = |(name, key): (&String, &SweptKey)| {
            let twice = names.iter().filter(|other| *other == name).count() > 1;
            if twice { key.path.clone() } else { name.clone() }
        };
        let keys: Vec<String> = names.iter().zip(experiment.swept()).map(path).collect();
        let own = |(name, key): (&String, &SweptKey)| match own_key_name(key) {
            Some(own) if *name != key.path => own.to_owned(),
            _ => name.clone(),
        };
        let own = keys.iter().zip(experiment.swept()).map(own).collect();
        let mut labels = PointLabels { experiment, keys, own, is_verbatim: experiment.points() > MOST_COMPARED };
        if !labels.is_verbatim {
            let mut seen = BTreeSet::new();
            labels.is_verbatim = !(0..experiment.points()).all(|point| seen.insert(labels.of(point)));
        }
        labels
    }

    /// All swept values of a point.
    pub fn of(&self, point: usize) -> String {
        self.of_keys(point, &self.keys, |_| true)
    }

    /// The values of the swept keys that belong to a transport, by its number, without its name.
    pub fn of_transport(&self, point: usize, transport: usize) -> String {
        self.of_keys(point, &self.own, |key| key.run() == Some(transport))
    }

    /// The value of each swept key at a point.
    pub fn values(&self, point: usize) -> Vec<String> {
        let values = self.experiment.coordinates(point);
        self.experiment.swept().iter().zip(values).map(|(key, value)| self.value(key, &value)).collect()
    }

    fn of_keys(&self, point: usize, names: &[String], is_wanted: impl Fn(&SweptKey) -> bool) -> String {
        let values = self.experiment.coordinates(point);
        let keys = self.experiment.swept().iter().zip(names).zip(values);
        let wanted = keys.filter(|((key, _), _)| is_wanted(key));
        wanted
            .map(|((key, name), value)| format!("{name} = {}", self.value(key, &value)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn value(&self, key: &SweptKey, value: &str) -> String {
        let number = if key.has_words { None } else { value.parse::<f64>().ok() };
        let Some(number) = number else { return value.to_owned() };
        if self.is_verbatim {
            return key.unit.map_or_else(|| value.to_owned(), |unit| format!("{value} {unit}"));
        }
        let quantity = key_quantity(key);
        number_in_words(number, &quantity.unit, quantity.is_share)
    }

    /// The name of each swept key.
    pub fn names(&self) -> &[String] {
        &self.keys
    }

    /// The heading over points: the swept keys.
    pub fn heading(&self) -> String {
        self.keys.join(", ")
    }
}
