//! The document as TOML, with every default written out.

use std::fmt::Write as _;

use super::keys;
use super::node::{Node, Value};
use super::typed::{quoted, quoted_key};

/// What is said in a comment on the line of a key or of a table, by its path and the place in its list.
type Note<'a> = &'a dyn Fn(&str, usize) -> Option<String>;

/// The whole document: tables in the order of the table of keys, then the sweep, the charts and the claims.
pub(super) fn document(root: &Node) -> String {
    annotated(root, &|_, _| None)
}

/// The document with comments on some lines.
pub(super) fn annotated(root: &Node, note: Note) -> String {
    let mut text = String::new();
    for name in keys::names_below("").into_iter().filter(|name| !["chart", "claim"].contains(name)) {
        table_or_list(&mut text, name, root, note);
    }
    if let Some(sweep) = root.get(&["sweep"]) {
        let _ = writeln!(text, "[sweep]");
        for entry in sweep.as_table().iter().flat_map(|table| &table.entries) {
            let _ = writeln!(text, "{} = {}", quoted_key(&entry.key), inline(&entry.node));
        }
        text.push('\n');
    }
    table_or_list(&mut text, "chart", root, note);
    table_or_list(&mut text, "claim", root, note);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// A table of the file, or all tables of a list.
fn table_or_list(text: &mut String, name: &str, root: &Node, note: Note) {
    match root.get(&[name]).map(|node| (node, &node.value)) {
        Some((_, Value::List(items))) => {
            for (place, item) in items.iter().enumerate() {
                let _ = writeln!(text, "[[{name}]]");
                body(text, name, item, &|path| note(path, place));
            }
        }
        Some((table, _)) => {
            let _ = writeln!(text, "[{name}]{}", comment(note(name, 0)));
            body(text, name, table, &|path| note(path, 0));
        }
        None => {}
    }
}

/// The keys of one table in the order of the table of keys.
fn body(text: &mut String, path: &str, table: &Node, note: &dyn Fn(&str) -> Option<String>) {
    for name in keys::names_below(path) {
        if let Some(node) = table.get(&[name]) {
            let whole = format!("{path}.{name}");
            let _ = writeln!(text, "{name} = {}{}", inline(&sorted(&whole, node)), comment(note(&whole)));
        }
    }
    text.push('\n');
}

fn comment(note: Option<String>) -> String {
    note.map(|note| format!(" # {note}")).unwrap_or_default()
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
