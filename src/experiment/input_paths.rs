//! The paths of input files in a document.

use super::keys::{self, FileUse, ValueKind};
use super::node::{Node, Value};
use super::path::Path;
use super::sweep::SweepAxis;

/// Calls `use_path` with every path of an input file and the use of the file.
pub(super) fn each(node: &mut Node, use_path: &mut impl FnMut(&mut Node, FileUse)) {
    match &mut node.value {
        Value::Table(table) => {
            for entry in &mut table.entries {
                each_in(&entry.key, &mut entry.node, use_path);
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| each(item, use_path)),
        _ => {}
    }
}

/// The same below `name`.
fn each_in(name: &str, node: &mut Node, use_path: &mut impl FnMut(&mut Node, FileUse)) {
    match (keys::file_of(name), node.as_table_mut().and_then(|table| table.get_mut("file"))) {
        (Some(wanted), Some(path)) => use_path(path, wanted),
        _ => each(node, use_path),
    }
}

/// The same in a value that a sweep gives to `path`.
pub(super) fn each_swept(path: &Path, node: &mut Node, use_path: &mut impl FnMut(&mut Node, FileUse)) {
    match path.kind() {
        Some(ValueKind::File(wanted)) => use_path(node, wanted),
        _ => each_in(path.steps.last().map_or("", String::as_str), node, use_path),
    }
}

/// A value of a swept key with other paths.
pub(super) fn renamed(axis: &SweepAxis, node: &Node, new_path: &impl Fn(&str) -> Option<String>) -> Node {
    let mut node = node.clone();
    each_swept(&axis.path, &mut node, &mut |path, _| rename(path, new_path));
    node
}

/// Gives a file another path.
pub(super) fn rename(path: &mut Node, new_path: &impl Fn(&str) -> Option<String>) {
    if let Some(new_path) = path.as_text().and_then(new_path) {
        *path = Node::text(new_path, path.span);
    }
}
