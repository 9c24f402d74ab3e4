//! One way of writing every value.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::experiment::inputs::Inputs;
use crate::experiment::keys::{self, ValueKind};
use crate::experiment::node::{Node, Value};
use crate::experiment::values;
use crate::experiment::write::{inline, key as quoted_key, quoted};
use crate::units::{BitRate, Bytes, Rate, Time};

/// Values by the paths of their keys.
pub(super) type Lines = BTreeMap<String, String>;

/// Writes values; knows the contents of input files.
pub(super) struct Canonical<'a> {
    inputs: &'a Inputs,
    /// Digest of every input file, by its unique name.
    digests: BTreeMap<&'a str, String>,
}

/// Where a value stands: the path that names it, and the path in the table of keys.
struct Place {
    label: String,
    path: String,
}

impl Place {
    fn below(&self, key: &str) -> Place {
        let join = |path: &str, key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        Place { label: join(&self.label, &quoted_key(key)), path: join(&self.path, key) }
    }
}

impl<'a> Canonical<'a> {
    pub fn new(inputs: &'a Inputs) -> Canonical<'a> {
        let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let digests = inputs.files.iter().map(|file| (file.name.as_str(), hex(&file.bytes))).collect();
        Canonical { inputs, digests }
    }

    /// The values of a document without its sweep; tables without keys too if `marks_empty`, as `{}`.
    pub fn lines(&self, root: &Node, marks_empty: bool) -> Lines {
        let mut lines = Lines::new();
        for entry in root.as_table().iter().flat_map(|table| &table.entries).filter(|entry| entry.key != "sweep") {
            let place = Place { label: entry.key.clone(), path: entry.key.clone() };
            match &entry.node.value {
                Value::List(items) if !is_left_out(&entry.key) => self.items(&mut lines, &place, items, marks_empty),
                _ => self.add(&mut lines, &place, &entry.node, marks_empty),
            }
        }
        lines
    }

    /// The tables with a name: first the names in their order, then the keys of each.
    fn items(&self, lines: &mut Lines, place: &Place, items: &[Node], marks_empty: bool) {
        let name = |item: &Node| quoted(item.get(&["name"]).and_then(Node::as_text).unwrap_or_default());
        lines.insert(place.label.clone(), format!("[{}]", items.iter().map(name).collect::<Vec<_>>().join(", ")));
        for item in items {
            let inside = Place { label: format!("{}.{}", place.label, name(item)), path: place.path.clone() };
            for entry in item.as_table().iter().flat_map(|table| &table.entries).filter(|entry| entry.key != "name") {
                self.add(lines, &inside.below(&entry.key), &entry.node, marks_empty);
            }
        }
    }

    fn add(&self, lines: &mut Lines, place: &Place, node: &Node, marks_empty: bool) {
        if is_left_out(&place.path) {
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
        let mut lines = Lines::new();
        let place = Place { label: String::new(), path: path.to_owned() };
        self.add(&mut lines, &place, node, true);
        match lines.get("") {
            Some(value) => value.clone(),
            None => {
                let lines: Vec<String> = lines.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", lines.join(", "))
            }
        }
    }

    /// A value that is no table.
    pub fn value(&self, kind: ValueKind, node: &Node) -> String {
        let text = values::plain(node);
        let number = text.replace('_', "");
        let written = match kind {
            ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => {
                text.parse::<Time>().ok().map(|time| quoted(&time.to_string()))
            }
            ValueKind::Bytes => text.parse::<Bytes>().ok().map(|bytes| quoted(&bytes.to_string())),
            ValueKind::BitRate | ValueKind::BitRateOrTable => {
                text.parse::<BitRate>().ok().map(|rate| quoted(&rate.to_string()))
            }
            ValueKind::Rate => text.parse().ok().map(rate),
            ValueKind::Probability => values::probability("", node).ok().map(|ratio| quoted(&ratio.to_string())),
            ValueKind::Share => values::share("", node).ok().map(float),
            ValueKind::Positive | ValueKind::NotNegative => number.parse().ok().map(float),
            ValueKind::Count(..) => number.parse::<u64>().ok().map(|count| count.to_string()),
            ValueKind::Numbers(_) => {
                let numbers = values::numbers("", usize::MAX, node).ok();
                numbers.map(|all| format!("[{}]", all.into_iter().map(float).collect::<Vec<_>>().join(", ")))
            }
            ValueKind::File(_) => {
                let name = self.inputs.name(&text);
                name.and_then(|name| Some(format!("sha256:{}", self.digests.get(name.as_str())?)))
            }
            ValueKind::Text(_)
            | ValueKind::Title
            | ValueKind::Texts
            | ValueKind::Words(_)
            | ValueKind::Flag
            | ValueKind::Choice(_)
            | ValueKind::ChoiceOrTable(_)
            | ValueKind::TableOr(_)
            | ValueKind::Table
            | ValueKind::List => None,
        };
        written.unwrap_or_else(|| inline(node))
    }
}

/// A rate as a decimal where that is exact, else as a ratio.
fn rate(rate: Rate) -> String {
    let text = rate.to_string();
    if text.parse() == Ok(rate) { quoted(&text) } else { quoted(&format!("{} /s", rate.ratio())) }
}

/// The shortest decimal that reads back the same; there is no negative zero.
fn float(number: f64) -> String {
    (number + 0.0).to_string()
}

fn is_left_out(path: &str) -> bool {
    keys::decides_nothing(path)
}

/// The part of a path that names a transport or a population, with the dot behind it, and the rest.
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
