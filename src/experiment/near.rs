//! Names that may be meant by a name that does not exist.

use super::likeness::nearest;
use super::suggest;
use crate::model::Metric;

/// The metrics that may be meant, the nearest first.
pub fn near_metrics(name: &str) -> Vec<&'static str> {
    let known: Vec<&'static str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    suggest::metrics(name, &known)
}

/// The names among `known` that may be meant, the nearest first.
pub fn near_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    nearest(name, known.into_iter().collect::<Vec<_>>())
}
