//! Errors about unknown keys and tables, and about values in place of tables.

use super::diagnostics::Problem;
use super::node::{Entry, Node, Value};
use super::{keys, suggest};
use crate::units::Time;

/// A plain value in place of a table.
pub(super) fn not_a_table(path: &str, node: &Node) -> Problem {
    let problem = Problem::new(format!("`{path}` must be a table, not {}", node.kind()));
    let problem = problem.at(node.span, "wrong kind of value").help_if(meant_table(path, node));
    let problem = match &node.value {
        Value::Flag(false) if keys::may_be_off(path) => {
            problem.help("write \"off\", which is the same as leaving it out")
        }
        Value::Text(text) if keys::may_be_off(path) => problem.near(text, [keys::OFF]),
        _ => problem,
    };
    problem.help(format!("keys of it: {}", keys::names_below(path).join(", ")))
}

/// The table that may be meant by a plain value.
fn meant_table(path: &str, node: &Node) -> Option<String> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let is_law = keys::names_below(path).contains(&"constant");
    if is_law && let Some(time) = meant_time(node) {
        return Some(format!("for a fixed time write {name} = {{ constant = \"{time}\" }}"));
    }
    match &node.value {
        Value::Flag(true) if !is_law => Some(format!("write {name} = {{}}")),
        Value::Text(word) => match suggest::of_word(path, word) {
            Some(inside) => Some(format!("write {name} = {{ {inside} }}")),
            None => suggest::with_value(path, node).map(|text| format!("write {text}")),
        },
        _ => suggest::with_value(path, node).or_else(|| suggest::example(name)).map(|text| format!("write {text}")),
    }
}

/// The time that a plain value may mean: milliseconds if it has no unit.
fn meant_time(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) if text.parse::<Time>().is_ok() => Some(text.clone()),
        Value::Text(text) if text.parse::<f64>().is_ok() => Some(format!("{text} ms")),
        Value::Integer(digits) | Value::Float(digits) => Some(format!("{digits} ms")),
        _ => None,
    }
}

/// A key of a feature that does not exist but that users look for.
fn not_available(path: &str, entry: &Entry) -> Option<Problem> {
    let (what, instead) = suggest::unavailable(path, &entry.key)?;
    let dotted = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
    let problem = Problem::new(format!("`{dotted}` ({what}) is not available yet"));
    Some(problem.at(entry.key_span, "not available").help(instead))
}

/// A key or a table that is not known in the table `path`.
pub(super) fn unknown_key(path: &str, entry: &Entry) -> Problem {
    if let Some(problem) = not_available(path, entry) {
        return problem;
    }
    let key = &entry.key;
    let is_table = path.is_empty() && matches!(entry.node.value, Value::Table(_) | Value::List(_));
    let (message, label, names) = match path {
        "" if is_table => (format!("unknown table `{key}`"), "unknown", "allowed"),
        "" => (format!("unknown key `{key}` outside all tables"), "unknown key", "tables"),
        _ => (format!("unknown key `{key}` in `{path}`"), "unknown key", "allowed"),
    };
    let value = if is_table { None } else { Some(&entry.node) };
    let problem = Problem::new(message).at(entry.key_span, label).help_if(suggest::of_key(path, key, value));
    if path.starts_with("transport.") && keys::is_override(key) {
        return problem.help(format!("`{key}` stands beside this table: transport.\"NAME\".{key}"));
    }
    problem.help(format!("{names}: {}", suggest::names_below(path).join(", ")))
}
