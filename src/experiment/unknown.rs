//! Errors about unknown keys and tables, and about values in place of tables.

use super::diagnostics::Problem;
use super::node::{Entry, Node, Value};
use super::{keys, suggest};
use crate::units::Time;

/// A table that is not known.
pub(super) fn unknown_table(key: &str, entry: &Entry) -> Problem {
    if let Some(problem) = not_available("", entry) {
        return problem;
    }
    let problem = Problem::new(format!("unknown table `{key}`")).at(entry.key_span, "unknown");
    let problem = match suggest::of_key("", key, None) {
        Some(help) => problem.help(help),
        None => problem,
    };
    problem.help(format!("allowed: {}", suggest::names_below("").join(", ")))
}

/// A plain value in place of a table.
pub(super) fn not_a_table(path: &str, node: &Node) -> Problem {
    let names = keys::names_below(path);
    let problem =
        Problem::new(format!("`{path}` must be a table, not {}", node.kind())).at(node.span, "wrong kind of value");
    let name = path.rsplit('.').next().unwrap_or(path);
    let fixed = match &node.value {
        Value::Text(text) if text.parse::<Time>().is_ok() => Some(text.clone()),
        Value::Text(text) if text.parse::<f64>().is_ok() => Some(format!("{text} ms")),
        Value::Integer(digits) | Value::Float(digits) => Some(format!("{digits} ms")),
        _ => None,
    };
    let is_law = names.contains(&"constant");
    let meant = match (&node.value, if is_law { fixed } else { None }) {
        (_, Some(time)) => Some(format!("for a fixed time write {name} = {{ constant = \"{time}\" }}")),
        (Value::Flag(true), None) if !is_law => Some(format!("write {name} = {{}}")),
        (Value::Text(word), None) => suggest::of_word(path, word)
            .map(|inside| format!("write {name} = {{ {inside} }}"))
            .or_else(|| suggest::with_value(path, node).map(|text| format!("write {text}"))),
        _ => {
            suggest::with_value(path, node).or_else(|| suggest::example(name)).map(|example| format!("write {example}"))
        }
    };
    let problem = match meant {
        Some(help) => problem.help(help),
        None => problem,
    };
    let problem = match &node.value {
        Value::Flag(false) if keys::may_be_off(path) => {
            problem.help("write \"off\", which is the same as leaving it out")
        }
        Value::Text(text) if keys::may_be_off(path) => problem.near(text, [keys::OFF]),
        _ => problem,
    };
    problem.help(format!("keys of it: {}", names.join(", ")))
}

/// A key of a feature that does not exist but that users look for.
fn not_available(path: &str, entry: &Entry) -> Option<Problem> {
    let (what, instead) = suggest::unavailable(path, &entry.key)?;
    let dotted = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
    let problem = Problem::new(format!("`{dotted}` ({what}) is not available yet"));
    Some(problem.at(entry.key_span, "not available").help(instead))
}

/// A key that is not known in the table `path`.
pub(super) fn unknown_key(path: &str, entry: &Entry) -> Problem {
    if let Some(problem) = not_available(path, entry) {
        return problem;
    }
    let place = if path.is_empty() { "outside all tables".to_owned() } else { format!("in `{path}`") };
    let problem = Problem::new(format!("unknown key `{}` {place}", entry.key)).at(entry.key_span, "unknown key");
    let problem = match suggest::of_key(path, &entry.key, Some(&entry.node)) {
        Some(help) => problem.help(help),
        None => problem,
    };
    if path.starts_with("transport.") && keys::is_override(&entry.key) {
        return problem.help(format!("`{0}` stands beside this table: transport.\"NAME\".{0}", entry.key));
    }
    let what = if path.is_empty() { "tables" } else { "allowed" };
    problem.help(format!("{what}: {}", suggest::names_below(path).join(", ")))
}
