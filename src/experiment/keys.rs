//! The table of keys: every key of the experiment file, its kind, its value if absent, and a line of explanation.
//!
//! The reader, the error messages, the sweeps, the written-out experiment and the guide all use this one table.

mod kind;
mod table;

use std::fmt::Write as _;

use super::node::{Table, Value};
pub(super) use kind::Quantity;
pub use kind::{FileUse, ValueKind};
use table::ROWS;

/// A key of the experiment file, or a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Dotted path; for a transport or a chart without its name.
    pub path: &'static str,
    /// The kind of its values.
    pub kind: ValueKind,
    /// Its value if it is not written.
    pub absent: Absent,
    /// Its meaning, in a line.
    pub doc: &'static str,
    also: &'static [Also],
}

/// The value of a key that is not written. Defaults are written as in the file, strings without their quotes.
#[derive(Clone, Copy, Debug)]
pub enum Absent {
    /// None: it is required, or its feature is absent.
    Nothing,
    /// Its feature is absent, as with `"off"`.
    Off,
    /// The value of this key.
    Inherits(&'static str),
    /// This default; in the table of a transport, if the table exists.
    Default(&'static str),
    /// This default, under a condition.
    DefaultWhen(When, &'static str),
}

/// The condition of a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// This table is there.
    In(&'static str),
    /// This key is there.
    With(&'static str),
    /// `source.scope` is this word.
    Scope(&'static str),
    /// Its table has no alternative to it.
    NoOther,
    /// The source has no other process, by its keys or its scope.
    NoOtherProcess,
    /// The server has a check loop.
    Checks,
    /// Some population has no count.
    Uncounted,
}

/// Further properties of a key or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Also {
    /// Of the keys in its table with this mark, one may be there.
    OneOf,
    /// An example, if it is one of several kinds.
    Example(&'static str),
    /// A valid value is valid together with all values of other keys.
    Independent,
    /// It decides no number. (`engine.ticks` decides the column `events`. The number of replications decides none,
    /// because each replication stays the same.)
    DecidesNothing,
    /// A sweep cannot vary it; the text says what to do instead.
    Fixed(&'static [&'static str]),
}

impl Key {
    /// The default, if there is one.
    pub fn default(&self) -> Option<&'static str> {
        match self.absent {
            Absent::Default(default) | Absent::DefaultWhen(_, default) => Some(default),
            _ => None,
        }
    }

    fn is_table(&self) -> bool {
        matches!(self.kind, ValueKind::Table | ValueKind::List)
    }

    /// Whether a valid value is valid together with all values of other keys.
    pub(super) fn is_independent(&self) -> bool {
        self.also.contains(&Also::Independent)
    }

    /// What to do instead of sweeping it, if a sweep cannot vary it.
    pub(super) fn fixed(&self) -> Option<&'static [&'static str]> {
        self.also.iter().find_map(|also| match also {
            Also::Fixed(help) => Some(*help),
            _ => None,
        })
    }

    fn example(&self) -> Option<&'static str> {
        self.also.iter().find_map(|also| match also {
            Also::Example(example) => Some(*example),
            _ => None,
        })
    }
}

fn rows() -> impl Iterator<Item = &'static Key> {
    ROWS.iter().copied().flatten()
}

/// Every key, in the order in which a written-out experiment lists them.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    rows().filter(|row| !row.is_table())
}

/// Tables and keys that may be `"off"`, which is the same as leaving them out.
pub fn off() -> impl Iterator<Item = &'static str> {
    rows().filter(|row| matches!(row.absent, Absent::Off)).map(|row| row.path)
}

/// The kinds of transports: a transport has the table of one.
pub(super) const TRANSPORTS: &[&str] = crate::model::scenario::TransportKind::WORDS;

/// The word that removes a table or a limit.
pub(super) const OFF: &str = "off";

/// The names in a transport's table that override keys of other tables, and those keys.
pub(super) fn overrides() -> impl Iterator<Item = (&'static str, &'static str)> {
    keys()
        .filter_map(|key| match key.absent {
            Absent::Inherits(other) => Some((key.path.strip_prefix("transport.")?, other)),
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
    off().any(|off| off == path)
}

/// Whether the key or the table at a dotted path decides no number.
pub(super) fn decides_nothing(path: &str) -> bool {
    rows().any(|row| row.path == path && row.also.contains(&Also::DecidesNothing))
}

/// Whether this is a list of tables with names, such as `transport`.
pub(super) fn is_list(name: &str) -> bool {
    rows().any(|row| row.path == name && row.kind == ValueKind::List)
}

/// The list in whose tables a key stands, and the path there.
pub(super) fn split_list(path: &str) -> Option<(&str, &str)> {
    path.split_once('.').filter(|(list, _)| is_list(list))
}

/// An example of a key or a table of this name, if it is one of several kinds.
pub(super) fn example(name: &str) -> Option<&'static str> {
    rows().filter(|row| row.path.rsplit('.').next() == Some(name)).find_map(Key::example)
}

/// What the file of a table of this name is used for; `None` where the table has none.
pub(super) fn file_of(table: &str) -> Option<FileUse> {
    let is_its_file =
        |path: &str| path.strip_suffix(".file").is_some_and(|path| path.rsplit('.').next() == Some(table));
    keys().find_map(|key| match key.kind {
        ValueKind::File(wanted) if is_its_file(key.path) => Some(wanted),
        _ => None,
    })
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
    let below = rows().filter(|row| row.also.contains(&Also::OneOf)).filter_map(|row| row.path.rsplit_once('.'));
    below.filter(|(above, _)| *above == parent).map(|(_, name)| name).collect()
}

/// The key at a dotted path.
pub fn find(path: &str) -> Option<&'static Key> {
    keys().find(|key| key.path == path)
}

/// The default of a key in an existing table: its own, or that of the key whose value it inherits.
pub(super) fn default_in_table(path: &str) -> Option<&'static str> {
    match find(path)?.absent {
        Absent::Inherits(other) => match find(other)?.absent {
            Absent::DefaultWhen(When::In(_) | When::NoOther, default) => Some(default),
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

/// Whether there are keys below this path.
pub(super) fn is_table(path: &str) -> bool {
    keys().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The names allowed directly below a path, each once, in the order of the table.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in keys() {
        let below = if path.is_empty() {
            Some(key.path)
        } else {
            key.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'))
        };
        if let Some(name) = below.and_then(|rest| rest.split('.').next())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The table of keys as Markdown, for the guide.
pub fn key_table_markdown() -> String {
    let mut text = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for key in keys() {
        let default = match key.default().map(|default| (default, literal(default))) {
            Some((default, Value::Text(_))) => format!("`\"{default}\"`"),
            Some((default, _)) => format!("`{default}`"),
            None => String::new(),
        };
        let _ = writeln!(text, "| `{}` | {} | {default} | {} |", key.path, key.kind.allowed(), key.doc);
    }
    text
}
