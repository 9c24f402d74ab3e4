//! The table of keys: every key of the experiment file, its kind, its value if absent, and a line of explanation.
//!
//! The reader, the error messages, the sweeps, the written-out experiment and the guide all use this one table.

mod chart_rows;
mod row;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::node::{Node, Table, Value};
use row::Also;
pub(super) use row::Quantity;
pub use row::{FileUse, KeyRow, Parts, ValueKind, When, WhenAbsent};
use table::ROWS;
pub(super) use table::SHORTENED;

fn rows() -> impl Iterator<Item = &'static KeyRow> {
    ROWS.iter().copied().flatten()
}

/// What is asked of the rows for each value of each point. A search through the 300 rows every time would make reading an
/// experiment three times as slow.
struct Index {
    keys: BTreeMap<&'static str, &'static KeyRow>,
    alternatives: BTreeMap<&'static str, Vec<&'static str>>,
    files: BTreeMap<&'static str, FileUse>,
    lists: BTreeSet<&'static str>,
    off: BTreeSet<&'static str>,
    deciding_nothing: BTreeSet<&'static str>,
    /// The first example of the keys and tables of each name.
    examples: BTreeMap<&'static str, &'static str>,
    /// The names directly below each path, each once, in the order of the table.
    names_below: BTreeMap<&'static str, Vec<&'static str>>,
    /// The path of every key and table, each once, in the order of the table.
    places: Vec<&'static str>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut alternatives = BTreeMap::<_, Vec<_>>::new();
    for (above, name) in
        rows().filter(|row| row.also.contains(&Also::OneOf)).filter_map(|row| row.path.rsplit_once('.'))
    {
        alternatives.entry(above).or_default().push(name);
    }
    let (mut names_below, mut places) = (BTreeMap::<_, Vec<_>>::new(), Vec::new());
    for path in keys().map(|key| key.path) {
        for (end, _) in path.match_indices('.').chain([(path.len(), "")]) {
            let (above, name) = path[..end].rsplit_once('.').unwrap_or(("", &path[..end]));
            let names = names_below.entry(above).or_default();
            if !names.contains(&name) {
                names.push(name);
                places.push(&path[..end]);
            }
        }
    }
    let mut examples = BTreeMap::new();
    for row in rows() {
        if let (Some(name), Some(example)) = (row.path.rsplit('.').next(), row.example()) {
            examples.entry(name).or_insert(example);
        }
    }
    let file = |key: &KeyRow| match key.kind {
        ValueKind::File(wanted) => Some((key.path.strip_suffix(".file")?.rsplit('.').next()?, wanted)),
        _ => None,
    };
    let paths = |is_meant: fn(&KeyRow) -> bool| rows().filter(|row| is_meant(row)).map(|row| row.path).collect();
    Index {
        keys: keys().map(|key| (key.path, key)).collect(),
        alternatives,
        files: keys().filter_map(file).collect(),
        lists: paths(|row| row.kind == ValueKind::List),
        off: off().collect(),
        deciding_nothing: paths(|row| row.also.contains(&Also::DecidesNothing)),
        examples,
        names_below,
        places,
    }
});

/// Every key, in the order in which a written-out experiment lists them.
pub fn keys() -> impl Iterator<Item = &'static KeyRow> {
    rows().filter(|row| !row.is_table())
}

/// Tables and keys that may be `"off"`, which is the same as leaving them out.
pub fn off() -> impl Iterator<Item = &'static str> {
    rows().filter(|row| matches!(row.absent, WhenAbsent::Off)).map(|row| row.path)
}

/// The kinds of transports: a transport has the table of one.
pub(super) const TRANSPORTS: &[&str] = crate::model::scenario::TransportKind::WORDS;

/// The word that removes a table or a limit.
pub(super) const OFF: &str = "off";

/// The names in a transport's table that override keys of other tables, and those keys.
pub(super) fn overrides() -> impl Iterator<Item = (&'static str, &'static str)> {
    keys()
        .filter_map(|key| match key.absent {
            WhenAbsent::Inherits(other) => Some((key.path.strip_prefix("transport.")?, other)),
            _ => None,
        })
        .filter(|(name, _)| !name.contains('.'))
}

/// Whether a name in a transport's table overrides a key of another table.
pub(super) fn is_override(name: &str) -> bool {
    overrides().any(|(known, _)| known == name)
}

/// Whether the key or the table at a dotted path may be `"off"`.
pub(super) fn may_be_off(path: &str) -> bool {
    INDEX.off.contains(path)
}

/// Whether the key or the table at a dotted path decides no number.
pub(super) fn decides_nothing(path: &str) -> bool {
    INDEX.deciding_nothing.contains(path)
}

/// Whether this is a list of tables with names, such as `transport`.
pub(super) fn is_list(name: &str) -> bool {
    INDEX.lists.contains(name)
}

/// The list of a key, and its path in the tables of the list.
pub(super) fn split_list(path: &str) -> Option<(&str, &str)> {
    path.split_once('.').filter(|(list, _)| is_list(list))
}

/// An example of a key or a table of this name, if it is one of several kinds.
pub(super) fn example(name: &str) -> Option<&'static str> {
    INDEX.examples.get(name).copied()
}

/// The use of the file of a table with this name; `None` if it has no file.
pub(super) fn file_of(table: &str) -> Option<FileUse> {
    INDEX.files.get(table).copied()
}

/// The names that exclude the last one of a dotted path: there is one distribution or process.
pub(super) fn excluded_by(path: &str) -> Vec<&'static str> {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut names = alternatives(parent);
    if !names.contains(&last) {
        return Vec::new();
    }
    names.retain(|name| *name != last);
    names
}

/// The alternatives directly below a path.
pub(super) fn alternatives(parent: &str) -> Vec<&'static str> {
    INDEX.alternatives.get(parent).cloned().unwrap_or_default()
}

/// The key at a dotted path.
pub fn find(path: &str) -> Option<&'static KeyRow> {
    INDEX.keys.get(path).copied()
}

/// The default of a key in an existing table: its own, or that of the key whose value it inherits.
pub(super) fn default_in_table(path: &str) -> Option<&'static str> {
    match find(path)?.absent {
        WhenAbsent::Inherits(other) => match find(other)?.absent {
            WhenAbsent::DefaultWhen(When::In(_) | When::NoOther, default) => Some(default),
            _ => None,
        },
        _ => find(path)?.default(),
    }
}

/// A default as a value.
pub(super) fn literal(text: &str) -> Value {
    match text {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        number if number.parse::<u64>().is_ok() => Value::Integer(number.to_owned()),
        number if number.parse::<f64>().is_ok() => Value::Float(number.to_owned()),
        text => Value::Text(text.to_owned()),
    }
}

/// Whether a table contains a key that is not allowed below `path`: a missing key may be misspelled.
pub(super) fn has_unknown(path: &str, table: &Table) -> bool {
    let names = names_below(path);
    table.entries.iter().any(|entry| !names.contains(&entry.key.as_str()))
}

/// Whether this is the path of a key or a table.
pub(super) fn is_there(path: &str) -> bool {
    find(path).is_some() || is_table(path)
}

/// Whether there are keys below this path.
pub(super) fn is_table(path: &str) -> bool {
    !path.is_empty() && INDEX.names_below.contains_key(path)
}

/// The path of every key and table, each once, in the order of the table.
pub(super) fn places() -> &'static [&'static str] {
    &INDEX.places
}

/// Whether a value may be that of the key or the table at a path.
pub(super) fn fits(path: &str, value: &Node) -> bool {
    let names = names_below(path);
    match (find(path), value.as_table()) {
        (Some(key), None) => key.kind.parse(path, value).is_ok(),
        (Some(key), Some(_)) if !key.kind.allows_table() => false,
        (_, Some(table)) => table.entries.iter().all(|entry| names.contains(&entry.key.as_str())),
        (None, None) => false,
    }
}

/// The names allowed directly below a path, each once, in the order of the table.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    INDEX.names_below.get(path).cloned().unwrap_or_default()
}

/// The table of keys as Markdown, for the guide.
pub fn key_table_markdown() -> String {
    let mut text = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for key in keys() {
        let quote = |default: &str| if matches!(literal(default), Value::Text(_)) { "\"" } else { "" };
        let written = key.default().map(|default| format!("`{0}{default}{0}`", quote(default)));
        let default = written.unwrap_or_default();
        // Brackets outside of code would be a link.
        let allowed = key.kind.allowed().replace('[', "`[").replace(']', "]`");
        let _ = writeln!(text, "| `{}` | {allowed} | {default} | {} |", key.path, key.doc);
    }
    text
}
