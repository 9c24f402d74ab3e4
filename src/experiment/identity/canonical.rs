//! The canonical form of every value.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::experiment::inputs::Inputs;
use crate::experiment::keys::{self, ValueKind};
use crate::experiment::node::{Node, Value};
use crate::experiment::typed::{Typed, quoted, quoted_key};
use crate::experiment::write::inline;

/// Values by the paths of their keys.
pub(super) type CanonicalLines = BTreeMap<String, String>;

/// Writes values; knows the contents of input files.
pub(super) struct Canonical<'a> {
    inputs: &'a Inputs,
    /// Digest of every input file, by its unique name.
    digests: BTreeMap<&'a str, String>,
}

/// The place of a value: the path that names it, and the path in the table of keys.
struct KeyPath {
    label: String,
    path: String,
}

impl KeyPath {
    fn below(&self, key: &str) -> KeyPath {
        let join = |path: &str, key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        KeyPath { label: join(&self.label, &quoted_key(key)), path: join(&self.path, key) }
    }
}

impl<'a> Canonical<'a> {
    pub fn new(inputs: &'a Inputs) -> Canonical<'a> {
        let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let digests = inputs.files.iter().map(|file| (file.name.as_str(), hex(&file.bytes))).collect();
        Canonical { inputs, digests }
    }

    /// The values of a document without its sweep; tables without keys too if `marks_empty`, as `{}`.
    pub fn lines(&self, root: &Node, marks_empty: bool) -> CanonicalLines {
        let mut lines = CanonicalLines::new();
        for entry in root.as_table().iter().flat_map(|table| &table.entries).filter(|entry| entry.key != "sweep") {
            let place = KeyPath { label: entry.key.clone(), path: entry.key.clone() };
            match &entry.node.value {
                Value::List(items) if !keys::decides_nothing(&entry.key) => {
                    self.items(&mut lines, &place, items, marks_empty);
                }
                _ => self.add(&mut lines, &place, &entry.node, marks_empty),
            }
        }
        lines
    }

    /// The tables with a name: first the names in their order, then the keys of each.
    fn items(&self, lines: &mut CanonicalLines, place: &KeyPath, items: &[Node], marks_empty: bool) {
        let name = |item: &Node| quoted(item.name().unwrap_or_default());
        lines.insert(place.label.clone(), format!("[{}]", items.iter().map(name).collect::<Vec<_>>().join(", ")));
        for item in items {
            let inside = KeyPath { label: format!("{}.{}", place.label, name(item)), path: place.path.clone() };
            for entry in item.as_table().iter().flat_map(|table| &table.entries).filter(|entry| entry.key != "name") {
                self.add(lines, &inside.below(&entry.key), &entry.node, marks_empty);
            }
        }
    }

    fn add(&self, lines: &mut CanonicalLines, place: &KeyPath, node: &Node, marks_empty: bool) {
        if keys::decides_nothing(&place.path) {
            return;
        }
        let kind = keys::find(&place.path).map(|key| key.kind);
        match (&node.value, kind) {
            (Value::Table(table), _) if table.entries.is_empty() => {
                if marks_empty {
                    lines.insert(place.label.clone(), "{}".to_owned());
                }
            }
            (Value::Table(table), Some(ValueKind::TimeOrTable)) if table.get("constant").is_some() => {
                lines
                    .extend(table.get("constant").map(|time| (place.label.clone(), self.value(ValueKind::Time, time))));
            }
            (Value::Table(table), _) => {
                for entry in &table.entries {
                    self.add(lines, &place.below(&entry.key), &entry.node, marks_empty);
                }
            }
            (_, Some(kind @ ValueKind::BitRateOrTable)) => {
                for direction in ["up", "down"] {
                    lines.insert(place.below(direction).label, self.value(kind, node));
                }
            }
            (_, Some(kind)) => {
                lines.insert(place.label.clone(), self.value(kind, node));
            }
            (_, None) => {
                lines.insert(place.label.clone(), inline(node));
            }
        }
    }

    /// A swept value of the key or table at `path`. Its cell in the tables names a file, so its name counts.
    pub fn swept_value(&self, path: &str, node: &Node) -> String {
        if let (Some(kind @ ValueKind::File(_)), Some(written)) = (keys::find(path).map(|key| key.kind), node.as_text())
        {
            let name = self.inputs.name(written).unwrap_or_default();
            return format!("{} {}", quoted(&name), self.value(kind, node));
        }
        let mut lines = CanonicalLines::new();
        let place = KeyPath { label: String::new(), path: path.to_owned() };
        self.add(&mut lines, &place, node, true);
        match lines.get("") {
            Some(value) => value.clone(),
            None => {
                let lines: Vec<String> = lines.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", lines.join(", "))
            }
        }
    }

    /// A value that is not a table.
    pub fn value(&self, kind: ValueKind, node: &Node) -> String {
        let written = match (kind, node.as_text()) {
            (ValueKind::File(_), Some(written)) => self.digest(written),
            _ => node.typed.as_ref().and_then(Typed::canonical),
        };
        written.unwrap_or_else(|| inline(node))
    }

    fn digest(&self, written: &str) -> Option<String> {
        let name = self.inputs.name(written)?;
        Some(format!("sha256:{}", self.digests.get(name.as_str())?))
    }
}

/// A value of the key or table at `path` in canonical form; files are identified by their names.
pub(in crate::experiment) fn canonical_value(path: &str, node: &Node) -> String {
    let inputs = Inputs::default();
    let canonical = Canonical::new(&inputs);
    match keys::find(path) {
        Some(key) if node.as_table().is_none() => canonical.value(key.kind, node),
        _ => canonical.swept_value(path, node),
    }
}

/// The part of a path that names a transport or a population, with the dot after it, and the rest.
pub(super) fn split_item(label: &str) -> Option<(&str, &str)> {
    let list = ["transport.\"", "population.\""].into_iter().find(|list| label.starts_with(list))?;
    let mut is_escaped = false;
    for (place, character) in label.char_indices().skip(list.len()) {
        match character {
            '"' if !is_escaped => return label.get(..place + 2).zip(label.get(place + 2..)),
            _ => is_escaped = character == '\\' && !is_escaped,
        }
    }
    None
}
