//! Names in the tables and the folder of results: of swept keys, and of input files under `inputs/`.

use super::chart::SweptKey;
use super::inputs::Inputs;
use super::node::{Node, Span, Value};
use super::{path, sweep};

/// Gives every file of a trace or of measured delays its new name.
pub(super) fn rename_files(node: &mut Node, new_name: &impl Fn(&str) -> Option<String>) {
    match &mut node.value {
        Value::Table(table) => {
            for entry in &mut table.entries {
                if ["trace", "empirical"].contains(&entry.key.as_str()) {
                    let name = entry.node.get(&["file"]).and_then(Node::as_text).and_then(new_name);
                    if let Some(name) = name {
                        entry.node.set(&["file"], Node::text(name, Span::default()));
                    }
                } else {
                    rename_files(&mut entry.node, new_name);
                }
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| rename_files(item, new_name)),
        _ => {}
    }
}

/// The same for the values of a swept key.
pub(super) fn rename_swept(root: &mut Node, axis: &sweep::Axis, inputs: &Inputs) {
    let renamed = axis.values.iter().filter_map(|node| inputs.rewritten(node.as_text()?));
    let list = renamed.map(|name| Node::text(name, Span::default())).collect();
    root.set(&["sweep", &axis.column], Node { value: Value::List(list), span: Span::default() });
}

/// The column of a swept key.
pub(super) fn swept_key(axis: &sweep::Axis) -> SweptKey {
    let unit = if path::is_whole_table(&axis.path) { None } else { axis.path.key.kind.unit() };
    SweptKey { path: axis.column.clone(), unit }
}
