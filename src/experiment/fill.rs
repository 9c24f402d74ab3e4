//! Defaults: every key that is not written gets its default, so that one point is complete.

use std::sync::LazyLock;

use super::keys::{self, KeyRow, When, WhenAbsent};
use super::node::{Node, Span};

/// Defaults that depend on swept keys, so that each point has its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    /// Defaults that depend on `source.scope`.
    pub source: bool,
    /// Defaults that depend on a table `[http.http2]`.
    pub http2: bool,
}

/// A key with a default, taken apart once: every point of a sweep is filled.
struct Default {
    key: &'static KeyRow,
    /// The list in whose tables it stands.
    list: Option<&'static str>,
    /// Its path from the root, or from a table of the list.
    steps: Vec<&'static str>,
    /// The path of the table that has to be there, if there is a condition of that kind.
    table: Vec<&'static str>,
    literal: Node,
}

static DEFAULTS: LazyLock<Vec<Default>> = LazyLock::new(|| {
    let of_key = |key: &'static KeyRow| {
        let text = match key.absent {
            WhenAbsent::Default(text) | WhenAbsent::DefaultWhen(_, text) => text,
            WhenAbsent::Inherits(other) => keys::find(other)?.default()?,
            _ => return None,
        };
        let (list, path) = keys::split_list(key.path).map_or((None, key.path), |(list, path)| (Some(list), path));
        let table = match key.absent {
            WhenAbsent::DefaultWhen(When::In(table), _) if list.is_none() => table,
            WhenAbsent::DefaultWhen(When::In(table), _) => keys::split_list(table).map_or(table, |(_, table)| table),
            _ => path.rsplit_once('.').map_or("", |(parent, _)| parent),
        };
        let steps = |path: &'static str| path.split('.').collect();
        Some(Default { key, list, steps: steps(path), table: steps(table), literal: literal(key, text) })
    };
    // Charts are read with their own defaults.
    keys::keys().filter_map(of_key).filter(|default| default.list != Some("chart")).collect()
});

/// Adds every default to the document, except those that are left open.
pub(super) fn fill(root: &mut Node, title: &str, open: Open) {
    root.set_default(&["experiment", "title"], Node::text(title, Span::default()));
    for default in DEFAULTS.iter() {
        match default.list {
            Some(list) => fill_items(root, list, default, open),
            None if root.get(&default.steps).is_none() && has_default(root, default, open) => {
                root.set(&default.steps, default.literal.clone());
            }
            None => {}
        }
    }
}

/// Whether a key of the file, outside lists, has its default.
fn has_default(root: &Node, default: &Default, open: Open) -> bool {
    match default.key.absent {
        WhenAbsent::Default(_) => true,
        WhenAbsent::DefaultWhen(_, _) if open.source && default.steps[0] == "source" => false,
        WhenAbsent::DefaultWhen(When::In(_), _) => root.get(&default.table).is_some_and(Node::is_table),
        WhenAbsent::DefaultWhen(when, _) => holds(when, root, default.key.path),
        _ => false,
    }
}

/// Whether the condition of the default of the key `path` holds.
fn holds(when: When, root: &Node, path: &str) -> bool {
    let scope = root.get(&["source", "scope"]).and_then(Node::as_text);
    match when {
        When::In(table) => root.at(table).is_some_and(Node::is_table),
        When::With(other) => root.at(other).is_some(),
        When::Scope(word) => scope == Some(word),
        When::NoOther => has_no_other(root, path),
        When::NoOtherProcess => {
            let (process, _) = path.rsplit_once('.').unwrap_or((path, ""));
            !matches!(scope, Some("request" | "group")) && (root.at(process).is_some() || has_no_other(root, process))
        }
        When::Checks => root.get(&["server", "check"]).and_then(Node::as_text) != Some("notify"),
        When::Uncounted => !populations_count_themselves(root),
    }
}

/// Whether no alternative to `path` is there.
fn has_no_other(root: &Node, path: &str) -> bool {
    let (parent, _) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(parent) = root.at(parent) else { return true };
    parent.is_table() && keys::excluded_by(path).iter().all(|other| parent.get(&[other]).is_none())
}

/// Gives a key its default in the tables of a list, if it has one.
fn fill_items(root: &mut Node, list: &str, default: &Default, open: Open) {
    let may_be_filled = match default.key.absent {
        WhenAbsent::Default(_) | WhenAbsent::DefaultWhen(When::In(_), _) => true,
        // Without a table for all transports, the table of a transport gets the defaults.
        WhenAbsent::Inherits(other) => match keys::find(other).map(|other| other.absent) {
            Some(WhenAbsent::DefaultWhen(when @ When::In(_), _)) => !open.http2 && !holds(when, root, other),
            _ => false,
        },
        _ => false,
    };
    if !may_be_filled {
        return;
    }
    for item in root.list_mut(list) {
        if !item.get(&default.table).is_some_and(Node::is_table) {
            continue;
        }
        if item.get(&default.steps).is_none() {
            item.set(&default.steps, default.literal.clone());
        }
    }
}

/// Whether there are populations and each says how many clients it has.
pub(super) fn populations_count_themselves(root: &Node) -> bool {
    let populations = root.list("population");
    !populations.is_empty() && populations.iter().all(|population| population.get(&["count"]).is_some())
}

/// A default as a value without a place in a file.
pub(super) fn literal(key: &KeyRow, default: &str) -> Node {
    let node = Node::new(keys::literal(default), Span::default());
    let typed = key.kind.parse(key.path, &node).ok();
    Node { typed, ..node }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_right() {
        for key in keys::keys() {
            if let Some(default) = key.default() {
                assert!(literal(key, default).typed.is_some(), "{}", key.path);
            }
        }
    }
}
