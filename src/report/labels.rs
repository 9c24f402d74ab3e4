//! Names of points and variants of transports, of which no two are alike.

use std::collections::BTreeSet;

use super::chart::{key_quantity, plain_number};
use crate::experiment::Experiment;
use crate::experiment::chart::SweptKey;

/// The name of every point in words: `clients = 100, payload = 20 B`; empty without a sweep.
pub struct PointLabels<'a> {
    experiment: &'a Experiment,
    /// The name of each swept key: what it sets, or its path if two would have one name.
    keys: Vec<String>,
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
        let keys = names.iter().zip(experiment.swept()).map(path).collect();
        let mut labels = PointLabels { experiment, keys, is_verbatim: experiment.points() > MOST_COMPARED };
        if !labels.is_verbatim {
            let mut seen = BTreeSet::new();
            labels.is_verbatim = !(0..experiment.points()).all(|point| seen.insert(labels.of(point)));
        }
        labels
    }

    /// All swept values of a point.
    pub fn of(&self, point: usize) -> String {
        self.of_keys(point, |_| true)
    }

    /// The values of the swept keys that belong to a transport, without its name.
    pub fn of_transport(&self, point: usize, transport: &str) -> String {
        self.of_keys(point, |key| is_of_transport(key, transport)).replace(&format!(" of {transport} ="), " =")
    }

    fn of_keys(&self, point: usize, is_wanted: impl Fn(&SweptKey) -> bool) -> String {
        let values = self.experiment.coordinates(point);
        let keys = self.experiment.swept().iter().zip(&self.keys).zip(values);
        let wanted = keys.filter(|((key, _), _)| is_wanted(key));
        wanted
            .map(|((key, name), value)| format!("{name} = {}", self.value(key, &value)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn value(&self, key: &SweptKey, value: &str) -> String {
        let Some(number) = value.parse::<f64>().ok() else { return value.to_owned() };
        let number = if self.is_verbatim { value.to_owned() } else { plain_number(number) };
        match key.unit {
            Some(unit) => format!("{number} {unit}"),
            None => number,
        }
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

/// Whether a swept key belongs to this transport.
pub fn is_of_transport(key: &SweptKey, transport: &str) -> bool {
    let Some(rest) = key.path.strip_prefix("transport.") else { return false };
    ["", "\"", "'"].iter().any(|quote| rest.starts_with(&format!("{quote}{transport}{quote}.")))
}

/// The transport to which a swept key belongs; `None` for a key of all transports.
pub fn owner<'a>(experiment: &'a Experiment, key: &SweptKey) -> Option<&'a String> {
    let mut owners = experiment.transports().iter().filter(|transport| is_of_transport(key, transport));
    // Of `a` and `a.b` the longer name is meant.
    owners.by_ref().max_by_key(|transport| transport.len())
}
