//! Names in the tables and the folder of results: of swept keys, and of input files under `inputs/`.

use super::chart::SweptKey;
use super::inputs::{Inputs, table_use};
use super::keys::ValueKind;
use super::node::{Node, Span, Value};
use super::sweep::Axis;

/// Gives every file of a trace or of measured delays its new name.
pub(super) fn rename_files(node: &mut Node, new_name: &impl Fn(&str) -> Option<String>) {
    match &mut node.value {
        Value::Table(table) => {
            for entry in &mut table.entries {
                if table_use(&entry.key).is_some() {
                    rename_file(&mut entry.node, new_name);
                } else {
                    rename_files(&mut entry.node, new_name);
                }
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| rename_files(item, new_name)),
        _ => {}
    }
}

fn rename_file(table: &mut Node, new_name: &impl Fn(&str) -> Option<String>) {
    let name = table.get(&["file"]).and_then(Node::as_text).and_then(new_name);
    if let Some(name) = name {
        table.set(&["file"], Node::text(name, Span::default()));
    }
}

/// A swept value with the new names of its files.
pub(super) fn renamed(axis: &Axis, node: &Node, new_name: &impl Fn(&str) -> Option<String>) -> Node {
    let mut node = node.clone();
    let last = axis.path.steps.last().map_or("", String::as_str);
    match (axis.path.kind(), &node.value) {
        (Some(ValueKind::File(_)), Value::Text(file)) => {
            if let Some(name) = new_name(file) {
                node = Node::text(name, node.span);
            }
        }
        (_, Value::Table(_)) if table_use(last).is_some() => rename_file(&mut node, new_name),
        _ => rename_files(&mut node, new_name),
    }
    node
}

/// Gives the files of the values of a swept key their new names.
pub(super) fn rename_swept(root: &mut Node, axis: &Axis, inputs: &Inputs) {
    if axis.is_range {
        return;
    }
    let list = axis.values.iter().map(|node| renamed(axis, node, &|file| inputs.rewritten(file))).collect();
    root.set(&["sweep", &axis.column], Node { value: Value::List(list), span: Span::default() });
}

/// The column of a swept key.
pub(super) fn swept_key(axis: &Axis) -> SweptKey {
    SweptKey { path: axis.column.clone(), unit: axis.path.kind().and_then(ValueKind::unit) }
}
