//! The document as TOML, with every default written out.

use std::fmt::Write as _;

use super::keys;
use super::node::{Node, Value};
use super::typed::{quoted, quoted_key};

/// The whole document: tables in the order of the table of keys, then the sweep, the charts and the claims.
pub(super) fn document(root: &Node) -> String {
    let mut text = String::new();
    for name in keys::names_below("").into_iter().filter(|name| !["chart", "claim"].contains(name)) {
        table_or_list(&mut text, name, root);
    }
    if let Some(sweep) = root.get(&["sweep"]) {
        let _ = writeln!(text, "[sweep]");
        for entry in sweep.as_table().iter().flat_map(|table| &table.entries) {
            let _ = writeln!(text, "{} = {}", quoted_key(&entry.key), inline(&entry.node));
        }
        text.push('\n');
    }
    table_or_list(&mut text, "chart", root);
    table_or_list(&mut text, "claim", root);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// A table of the file, or all tables of a list.
fn table_or_list(text: &mut String, name: &str, root: &Node) {
    match root.get(&[name]).map(|node| (node, &node.value)) {
        Some((_, Value::List(items))) => {
            for item in items {
                let _ = writeln!(text, "[[{name}]]");
                body(text, name, item);
            }
        }
        Some((table, _)) => {
            let _ = writeln!(text, "[{name}]");
            body(text, name, table);
        }
        None => {}
    }
}

/// The keys of one table in the order of the table of keys.
fn body(text: &mut String, path: &str, table: &Node) {
    for name in keys::names_below(path) {
        if let Some(node) = table.get(&[name]) {
            let _ = writeln!(text, "{name} = {}", inline(&sorted(&format!("{path}.{name}"), node)));
        }
    }
    text.push('\n');
}

/// The value with the keys of its tables in the order of the table of keys.
fn sorted(path: &str, node: &Node) -> Node {
    let Value::Table(table) = &node.value else { return node.clone() };
    let names = keys::names_below(path);
    let mut table = table.clone();
    table.entries.sort_by_key(|entry| names.iter().position(|name| *name == entry.key));
    for entry in &mut table.entries {
        entry.node = sorted(&format!("{path}.{}", entry.key), &entry.node);
    }
    Node::new(Value::Table(table), node.span)
}

/// A value on one line.
pub(super) fn inline(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::Integer(digits) | Value::Float(digits) | Value::Date(digits) => digits.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let entries =
                table.entries.iter().map(|entry| format!("{} = {}", quoted_key(&entry.key), inline(&entry.node)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
