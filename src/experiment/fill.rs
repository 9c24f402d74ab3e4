//! Defaults: every key that is not written gets its default, so that one point is complete.

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

/// Adds every default to the document, except those that are left open.
pub(super) fn fill(root: &mut Node, title: &str, open: Open) {
    root.set_default(&["experiment", "title"], Node::text(title, Span::default()));
    for key in keys::keys() {
        match keys::split_list(key.path) {
            // Charts are read with their own defaults.
            Some(("chart", _)) => {}
            Some((list, path)) => fill_items(root, list, path, key, open),
            None => {
                let path = steps(key.path);
                if root.get(&path).is_none()
                    && let Some(default) = default_in_file(root, key, open)
                {
                    root.set(&path, literal(key, default));
                }
            }
        }
    }
}

fn steps(path: &str) -> Vec<&str> {
    path.split('.').collect()
}

fn is_table(root: &Node, path: &str) -> bool {
    root.get(&steps(path)).is_some_and(Node::is_table)
}

/// The default of a key of the file, outside lists, if it has one.
fn default_in_file(root: &Node, key: &KeyRow, open: Open) -> Option<&'static str> {
    match key.absent {
        WhenAbsent::Default(default) => Some(default),
        WhenAbsent::DefaultWhen(when, default) => {
            let is_open = open.source && key.path.starts_with("source.");
            if !is_open && holds(when, root, key.path) { Some(default) } else { None }
        }
        _ => None,
    }
}

/// Whether the condition of the default of the key `path` holds.
fn holds(when: When, root: &Node, path: &str) -> bool {
    let scope = root.get(&["source", "scope"]).and_then(Node::as_text);
    match when {
        When::In(table) => is_table(root, table),
        When::With(other) => root.get(&steps(other)).is_some(),
        When::Scope(word) => scope == Some(word),
        When::NoOther => has_no_other(root, path),
        When::NoOtherProcess => {
            let (process, _) = path.rsplit_once('.').unwrap_or((path, ""));
            !matches!(scope, Some("request" | "group"))
                && (root.get(&steps(process)).is_some() || has_no_other(root, process))
        }
        When::Checks => root.get(&["server", "check"]).and_then(Node::as_text) != Some("notify"),
        When::Uncounted => !populations_count_themselves(root),
    }
}

/// Whether no alternative to `path` is there.
fn has_no_other(root: &Node, path: &str) -> bool {
    let (parent, _) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(parent) = root.get(&steps(parent)) else { return true };
    parent.is_table() && keys::excluded_by(path).iter().all(|other| parent.get(&[other]).is_none())
}

/// Gives a key its default in the tables of a list, if it has one.
fn fill_items(root: &mut Node, list: &str, path: &str, key: &KeyRow, open: Open) {
    let (parent, _) = path.rsplit_once('.').unwrap_or(("", path));
    let (table, default) = match key.absent {
        WhenAbsent::Default(default) => (parent, default),
        WhenAbsent::DefaultWhen(When::In(table), default) => {
            (keys::split_list(table).map_or(table, |(_, table)| table), default)
        }
        // Without a table for all transports, the table of a transport gets the defaults.
        WhenAbsent::Inherits(other) => match keys::find(other).map(|other| other.absent) {
            Some(WhenAbsent::DefaultWhen(When::In(table), default)) if !open.http2 && !is_table(root, table) => {
                (parent, default)
            }
            _ => return,
        },
        _ => return,
    };
    for item in root.list_mut(list).iter_mut().filter(|item| is_table(item, table)) {
        item.set_default(&steps(path), literal(key, default));
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
