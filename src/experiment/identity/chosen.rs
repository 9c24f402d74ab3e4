//! The keys that differ from their defaults, for people.

use super::canonical::Canonical;
use super::reduce::smallest;
use crate::experiment::Experiment;
use crate::experiment::keys;
use crate::experiment::node::{Node, Value};
use crate::experiment::typed::{quoted, quoted_key};
use crate::experiment::write::inline;

/// A key whose value is not its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenKey {
    /// Its dotted path; of a transport or a population with the name.
    pub path: String,
    /// Its path in the table of keys.
    pub key: String,
    /// Its value as the file has it; of a swept key at the first point.
    pub value: String,
    /// Its default, if it has one.
    pub default: Option<&'static str>,
    /// Its meaning, in a line; empty for a table.
    pub doc: &'static str,
}

impl Experiment {
    /// The keys that differ from their defaults, in the order of the complete document. Title, seed, charts and claims,
    /// which assume nothing, are not among them.
    pub fn chosen(&self) -> Vec<ChosenKey> {
        let left = smallest(self, &Canonical::new(&self.inputs));
        let mut found = Vec::new();
        for name in keys::names_below("") {
            if ["experiment", "sweep", "search", "chart", "claim"].contains(&name) {
                continue;
            }
            match left.get(&[name]).map(|node| (node, &node.value)) {
                Some((_, Value::List(items))) => {
                    for item in items {
                        let owner = format!("{name}.{}", quoted_key(item.name().unwrap_or_default()));
                        below(&owner, name, item, &mut found);
                    }
                }
                Some((node, _)) => below(name, name, node, &mut found),
                None => {}
            }
        }
        found.retain(|key| key.key != "transport.name" && key.key != "population.name");
        // The folder of results has its input files at other paths, under these names.
        let names = self.input_names();
        for key in found.iter_mut().filter(|key| key.key.rsplit('.').next() == Some("file")) {
            let name = names.get(key.value.trim_matches('"')).map(String::as_str).map(quoted);
            key.value = name.unwrap_or_else(|| key.value.clone());
        }
        found
    }
}

/// Adds the keys of a table and of the tables in it, in the order of the table of keys.
fn below(path: &str, key: &str, node: &Node, found: &mut Vec<ChosenKey>) {
    let entries = node.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
    if entries.is_empty() {
        let row = keys::find(key);
        found.push(ChosenKey {
            path: path.to_owned(),
            key: key.to_owned(),
            value: inline(node),
            default: row.and_then(keys::KeyRow::default),
            doc: row.map_or("", |row| row.doc),
        });
        return;
    }
    let order = keys::names_below(key);
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| order.iter().position(|name| *name == entry.key));
    for entry in entries {
        below(&format!("{path}.{}", quoted_key(&entry.key)), &format!("{key}.{}", entry.key), &entry.node, found);
    }
}
