//! The identity of an experiment, which decides its numbers: the keys that differ from their defaults, in canonical
//! form.
//!
//! A key with its default is left out. So a later program with more keys gives the same text for the same file, and for
//! a `resolved.toml` of an earlier program. The text is a promise: folders of results contain its digest.

mod canonical;
mod chosen;
mod inherit;
mod reduce;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Experiment;
use super::node::Node;
use super::path::Path;
use super::sweep::SweepAxis;
use super::typed::{quoted, quoted_key};
pub(super) use canonical::canonical_value;
use canonical::{Canonical, CanonicalLines};
pub use chosen::ChosenKey;

/// Longer values are not shown in full.
const MOST_CHARACTERS: usize = 60;

/// The identity of an experiment.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The keys that differ from their defaults, by their paths.
    keys: CanonicalLines,
    /// The swept keys with their values, in the order in which they number the points.
    sweep: Vec<(String, String)>,
    /// The paths of the swept keys as `keys` has them.
    swept: BTreeSet<String>,
    /// Every key with its value, at the first point.
    complete: CanonicalLines,
}

impl Experiment {
    /// The identity. Different notations of equal quantities, the order of keys and written defaults make no
    /// difference. The content of an input file counts, not its name.
    pub fn identity(&self) -> Identity {
        let canonical = Canonical::new(&self.inputs);
        let (keys, complete) = reduce::reduce(self, &canonical);
        let mut sweep: Vec<(String, String)> = self
            .sweep
            .axes
            .iter()
            .map(|axis| (format!("sweep.{}", quoted(&axis.column)), values(axis, &canonical)))
            .collect();
        if self.sweep.is_zip && sweep.len() > 1 {
            sweep.insert(0, ("sweep.mode".to_owned(), quoted("zip")));
        }
        let swept = self.sweep.axes.iter().map(|axis| self.label(&axis.path)).collect();
        Identity { keys, sweep, swept, complete }
    }

    /// A path as [`Identity`] names it.
    fn label(&self, path: &Path) -> String {
        let steps = path.steps.iter().map(|step| quoted_key(step)).collect::<Vec<_>>().join(".");
        let Some((list, _)) = path.item else { return steps };
        let name = path.start(&self.root).and_then(Node::name).unwrap_or_default();
        format!("{list}.{}.{steps}", quoted(name))
    }
}

/// The values of a swept key. For replications only the number of values counts, because it numbers the points.
fn values(axis: &SweepAxis, canonical: &Canonical) -> String {
    let dotted = axis.path.dotted();
    if dotted == "experiment.replications" {
        return format!("{} values", axis.values.len());
    }
    let values: Vec<String> = axis.values.iter().map(|node| canonical.swept_value(&dotted, node)).collect();
    format!("[{}]", values.join(", "))
}

impl Identity {
    /// The canonical text: a line for each key that differs from its default, then one for each swept key.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let sweep = self.sweep.iter().map(|(path, value)| (path, value));
        for (path, value) in self.keys.iter().chain(sweep) {
            let _ = writeln!(text, "{path} = {value}");
        }
        text
    }

    /// The keys in which another experiment differs, such as `clients.count: 100 there, 200 here`: `self` is there,
    /// `here` is here.
    pub fn differences(&self, here: &Identity) -> Vec<String> {
        let is_swept = |key: &str| self.swept.iter().chain(&here.swept).any(|swept| is_at_or_below(key, swept));
        let keys: BTreeSet<&String> = self.keys.keys().chain(here.keys.keys()).collect();
        let differs = |key: &&&String| self.keys.get(**key) != here.keys.get(**key);
        let plain = keys.iter().filter(differs).filter(|key| !is_swept(key) && !is_of_one_side(key, self, here));
        let mut told: Vec<String> = plain.map(|key| told(key, self.shown(key), here.shown(key))).collect();
        let sweeps = [&self.sweep, &here.sweep].map(|sweep| sweep.iter().cloned().collect::<BTreeMap<_, _>>());
        let swept: BTreeSet<&String> = sweeps.iter().flat_map(BTreeMap::keys).collect();
        let pairs = swept.into_iter().map(|key| (key, sweeps[0].get(key), sweeps[1].get(key)));
        let differing = pairs.filter(|(_, there, here)| there != here);
        told.extend(differing.map(|(key, there, here)| self::told(key, there.cloned(), here.cloned())));
        if told.is_empty() && self.sweep != here.sweep {
            told.push("the order of the keys in [sweep]".to_owned());
        }
        told
    }

    /// The value of a key, or its default.
    fn shown(&self, key: &str) -> Option<String> {
        self.complete.get(key).or_else(|| self.keys.get(key)).cloned()
    }
}

fn is_at_or_below(key: &str, path: &str) -> bool {
    key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether a key belongs to a transport or population that only one side has, which is reported once.
fn is_of_one_side(key: &str, there: &Identity, here: &Identity) -> bool {
    let Some((item, _)) = canonical::split_item(key) else { return false };
    let has = |side: &Identity| side.complete.keys().any(|other| other.starts_with(item));
    !(has(there) && has(here))
}

fn told(key: &str, there: Option<String>, here: Option<String>) -> String {
    let [there, here] = [there, here].map(|value| value.map_or_else(|| "absent".to_owned(), |value| short(&value)));
    format!("{key}: {there} there, {here} here")
}

fn short(value: &str) -> String {
    match value.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
