//! The check of a document against the table of keys. A value that is right becomes typed.

use super::diagnostics::{Diagnostics, Problem};
use super::keys::{self, ValueKind};
use super::node::{Entry, Node, Span, Value};
use super::path::{Path, is_off};
use super::typed::quoted_key;
use super::values::meant::usual_unit;
use super::{suggest, write};
use crate::units::Time;

/// Checks every key and value against the table of keys.
pub(super) fn check_keys(root: &mut Node, diagnostics: &mut Diagnostics) {
    let Some(table) = root.as_table_mut() else { return };
    let names: Vec<String> = table.entries.iter().map(|entry| entry.key.clone()).collect();
    let tables = Some(names.as_slice());
    for entry in &mut table.entries {
        if diagnostics.has_more() {
            return;
        }
        match (entry.key.as_str(), &mut entry.node.value) {
            (key, Value::List(items)) if keys::is_list(key) => {
                for item in items {
                    check_below(key, item, tables, diagnostics);
                }
            }
            (key, _) if keys::is_list(key) => diagnostics.error(
                Problem::new(format!("`{key}` must be a list of tables"))
                    .at(entry.key_span, "not a list")
                    .help(format!("write [[{key}]] with two brackets")),
            ),
            ("sweep", _) => {}
            (key, _) if keys::is_table(key) && !key.contains('.') => {
                check_below(key, &mut entry.node, tables, diagnostics);
            }
            _ => diagnostics.error(unknown_key("", entry, tables)),
        }
    }
}

/// Checks a table of a file that has these `tables`, if they are known.
fn check_below(path: &str, node: &mut Node, tables: Option<&[String]>, diagnostics: &mut Diagnostics) {
    let span = node.span;
    let Some(table) = node.as_table_mut() else {
        diagnostics.error(not_a_table(path, node));
        return;
    };
    if table.entries.is_empty()
        && let Some(problem) = says_nothing(path, span)
    {
        diagnostics.error(problem);
    }
    for entry in &mut table.entries {
        if diagnostics.has_more() {
            return;
        }
        let below = format!("{path}.{}", entry.key);
        match keys::find(&below) {
            _ if entry.key.contains('.') => diagnostics.error(unknown_key(path, entry, tables)),
            Some(key) if key.kind.allows_table() && entry.node.is_table() => {
                check_below(&below, &mut entry.node, tables, diagnostics);
            }
            Some(key) => check_value(&below, key.kind, &mut entry.node, diagnostics),
            None if keys::is_table(&below) => check_below(&below, &mut entry.node, tables, diagnostics),
            None => diagnostics.error(unknown_key(path, entry, tables)),
        }
    }
}

fn check_value(path: &str, kind: ValueKind, node: &mut Node, diagnostics: &mut Diagnostics) {
    // An override has been checked under the path that was written.
    if node.typed.is_some() || diagnostics.has_error_at(node.span) {
        return;
    }
    match kind.parse(path, node) {
        Ok(typed) => node.typed = Some(typed),
        Err(problem) => diagnostics.error(problem),
    }
}

/// An empty table in the place of a word, whose one key has to be there.
fn says_nothing(path: &str, span: Span) -> Option<Problem> {
    let kind = keys::find(path)?.kind;
    if !matches!(kind, ValueKind::TableOr(_) | ValueKind::ChoiceOrTable(_)) || keys::names_below(path) != ["retry"] {
        return None;
    }
    let word = path.rsplit('.').next().unwrap_or(path);
    Some(
        Problem::new(format!("`{path}` is an empty table"))
            .at(span, "says nothing")
            .help(format!("write {word} = {{ retry = {{}} }}: wait, and ask again"))
            .help(format!("or {word} = \"stop\": ask no more")),
    )
}

/// A plain value in place of a table.
fn not_a_table(path: &str, node: &Node) -> Problem {
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
    if is_law && let Some(time) = meant_time(path, node) {
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

/// The time that a plain value may mean, in the usual unit of its key if it has none.
fn meant_time(path: &str, node: &Node) -> Option<String> {
    let unit = usual_unit(path);
    match &node.value {
        Value::Text(text) if text.parse::<Time>().is_ok() => Some(text.clone()),
        Value::Text(text) if text.parse::<f64>().is_ok() => Some(format!("{text} {unit}")),
        Value::Integer(digits) | Value::Float(digits) => Some(format!("{digits} {unit}")),
        _ => None,
    }
}

/// A key or a table that is not known in the table `path` of a file that has these `tables`, if they are known.
fn unknown_key(path: &str, entry: &Entry, tables: Option<&[String]>) -> Problem {
    let key = &entry.key;
    if let Some((what, instead)) = suggest::unavailable(path, key) {
        let dotted = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let problem = Problem::new(format!("`{dotted}` ({what}) is not available yet"));
        return problem.at(entry.key_span, "not available").help(instead);
    }
    let is_table = path.is_empty() && matches!(entry.node.value, Value::Table(_) | Value::List(_));
    let (message, label, names) = match path {
        "" if is_table => (format!("unknown table `{key}`"), "unknown", "allowed"),
        "" => (format!("unknown key `{key}` outside all tables"), "unknown key", "tables"),
        _ => (format!("unknown key `{key}` in `{path}`"), "unknown key", "allowed"),
    };
    let help = suggest::of_key(path, key, Some(&entry.node), tables);
    let problem = Problem::new(message).at(entry.key_span, label).help_if(help);
    if path.starts_with("transport.") && keys::is_override(key) {
        return problem.help(format!("`{key}` stands beside this table: transport.\"NAME\".{key}"));
    }
    problem.help(format!("{names}: {}", suggest::names_below(path).join(", ")))
}

/// The error of a value that a sweep or an override gives to `path`.
pub(super) fn check_assigned(path: &Path, node: &mut Node) -> Result<(), Problem> {
    if is_off(path, node) {
        return Ok(());
    }
    let dotted = path.dotted();
    match path.kind() {
        Some(kind) if !kind.allows_table() || node.as_table().is_none() => {
            node.typed = Some(kind.parse(&path.written, node)?);
            Ok(())
        }
        None if node.as_text() == Some(keys::OFF) => Err(never_off(&dotted, node.span)),
        _ => {
            let mut inner = Diagnostics::default();
            check_below(&dotted, node, None, &mut inner);
            inner.into_first_problem().map_or(Ok(()), Err)
        }
    }
}

/// A table that must not be left out.
fn never_off(dotted: &str, span: Span) -> Problem {
    let problem = Problem::new(format!("`{dotted}` cannot be \"off\"")).at(span, "always there");
    let (parent, last) = dotted.rsplit_once('.').unwrap_or(("", dotted));
    let others = keys::alternatives(parent);
    if others.contains(&last) {
        return problem.help(format!("there is one of {}: set another one in its place", others.join(", ")));
    }
    if keys::TRANSPORTS.contains(&last) {
        return problem.help("a transport is of one kind: write the table of it");
    }
    problem.help(if keys::split_list(dotted).is_some() {
        "left out, it would be that of all: write the table that it is to be"
    } else {
        "left out, it would have its defaults: write {} for these, or the table that it is to be"
    })
}

/// What conflicts with a path: a word in place of a table, such as `check = "notify"`, or another distribution or
/// process where the path would set a part of one.
pub(super) fn check_way(root: &Node, path: &Path, span: Span) -> Result<(), Problem> {
    let (start, keys) = (path.start(root), path.keys());
    for length in 1..keys.len() {
        check_only_one(start, path, length, span)?;
        let Some(node) = start.and_then(|start| start.get(&keys[..length])) else { return Ok(()) };
        if node.as_table().is_none() {
            let (way, value) = (keys[..length].join("."), write::inline(node));
            return Err(Problem::new(format!("`{way}` is {value}: it has no `{}`", keys[length..].join(".")))
                .at(span, "leads nowhere")
                .help(format!("set `{way}` to a table, or leave this key out")));
        }
    }
    Ok(())
}

/// The step after `length` others must not be a second law or process where only a part of it is set.
fn check_only_one(start: Option<&Node>, path: &Path, length: usize, span: Span) -> Result<(), Problem> {
    let (above, name) = (&path.keys()[..length - 1], path.keys()[length - 1]);
    let list = path.item.map(|(list, _)| list);
    let parent = list.iter().chain(above).copied().collect::<Vec<_>>().join(".");
    let Some(table) = start.and_then(|start| start.get(above)).and_then(Node::as_table) else { return Ok(()) };
    let names = keys::alternatives(&parent);
    if !names.contains(&name) || table.get(name).is_some() {
        return Ok(());
    }
    let Some(other) = table.entries.iter().find(|entry| names.contains(&entry.key.as_str())) else { return Ok(()) };
    let parts = keys::names_below(&format!("{parent}.{name}"));
    let parts = parts.iter().map(|part| format!("{part} = …")).collect::<Vec<_>>().join(", ");
    let item = path.item.and_then(|(list, _)| Some((list, start?.name()?)));
    let item = item.map_or(String::new(), |(list, of)| format!("{list}.{}.", quoted_key(of)));
    let (key, above) = (&other.key, format!("{item}{}", above.join(".")));
    Err(Problem::new(format!("`{item}{}` is part of `{name}`, and `{above}` has `{key}`", path.steps.join(".")))
        .at(span, "part of a second one")
        .help(format!("to put {name} in the place of {key}, set it as a whole: {above}.{name} = {{ {parts} }}")))
}
