//! One place for every key, and nothing that is `"off"`.

use super::diagnostics::{Diagnostics, Problem};
use super::keys;
use super::node::{Entry, Node, Table};
use super::path::Path;

/// Normalises the keys of a transport: `check` and `hold` go into `long_poll`, overrides beside the name.
pub(super) fn normalize_transports(root: &mut Node, diagnostics: &mut Diagnostics) {
    for table in root.list_mut("transport").iter_mut().filter_map(Node::as_table_mut) {
        for kind in keys::TRANSPORTS {
            for (name, _) in keys::overrides() {
                let Some(inner) = table.get_mut(kind).and_then(Node::as_table_mut) else { continue };
                let Some(entry) = inner.remove(name) else { continue };
                move_key(table, entry, diagnostics);
            }
        }
        for name in ["check", "hold"] {
            if table.get("long_poll").is_none() {
                continue;
            }
            let Some(entry) = table.remove(name) else { continue };
            let Some(inner) = table.get_mut("long_poll").and_then(Node::as_table_mut) else { continue };
            move_key(inner, entry, diagnostics);
        }
    }
}

fn move_key(table: &mut Table, entry: Entry, diagnostics: &mut Diagnostics) {
    if table.get(&entry.key).is_some() {
        let message = format!("`{}` is given twice, beside the name and inside", entry.key);
        diagnostics.error(Problem::new(message).at(entry.key_span, "one of the two").help("keep one of them"));
    } else {
        table.entries.push(entry);
    }
}

/// Removes the keys and tables that are `"off"` in the file.
pub(super) fn leave_out_off(root: &mut Node) {
    for path in keys::off() {
        match keys::split_list(path) {
            Some((list, below)) => {
                root.list_mut(list).iter_mut().for_each(|item| leave_out_one(item, below));
            }
            None => leave_out_one(root, path),
        }
    }
}

/// A value for `path` without the parts that are `"off"`, which is the same as leaving them out.
pub(super) fn without_off(path: &Path, node: &Node) -> Node {
    let (mut node, dotted) = (node.clone(), path.dotted());
    for below in keys::off().filter_map(|path| path.strip_prefix(dotted.as_str())?.strip_prefix('.')) {
        leave_out_one(&mut node, below);
    }
    node
}

fn leave_out_one(node: &mut Node, path: &str) {
    let path: Vec<&str> = path.split('.').collect();
    if node.get(&path).and_then(Node::as_text) == Some(keys::OFF) {
        node.remove(&path);
    }
}
