//! The document of an experiment: syntax, overrides, one place for every key, and the check against the table of keys.

use toml::de::DeTable;

use super::diagnostics::{Diagnostics, Problem};
use super::keys::{self, ValueKind};
use super::node::{Node, Span, Table, Value};
use super::path::{Names, Path, TransportName, is_off};
use super::unknown::{not_a_table, unknown_key, unknown_table};
use super::{syntax, values};

/// The tables of a list of tables, such as `transport` or `chart`, where there is one.
pub(super) fn list_mut<'a>(root: &'a mut Node, name: &str) -> Option<&'a mut Vec<Node>> {
    let Value::Table(table) = &mut root.value else { return None };
    let entry = table.entries.iter_mut().find(|entry| entry.key == name)?;
    match &mut entry.node.value {
        Value::List(list) => Some(list),
        _ => None,
    }
}

/// The tables of a list of tables, such as `transport` or `chart`.
pub(super) fn list<'a>(root: &'a Node, name: &str) -> &'a [Node] {
    match root.get(&[name]).map(|node| &node.value) {
        Some(Value::List(list)) => list,
        _ => &[],
    }
}

/// Parses a text into a tree; all syntax errors at once.
pub(super) fn parse(text: &str, source: usize, diagnostics: &mut Diagnostics) -> Node {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = (text.len() - body.len()).cast_signed();
    let (table, errors) = DeTable::parse_recoverable(body);
    let other = if errors.is_empty() { None } else { syntax::other_language(text, source) };
    let is_other = other.is_some();
    if let Some(problem) = other {
        diagnostics.error(problem);
    }
    let mut last_line = None;
    for error in errors.into_iter().filter(|_| !is_other) {
        let range = error.span().unwrap_or(0..0);
        // What follows on a line that is not understood is no news.
        let line = body.get(..range.start).unwrap_or(body).matches('\n').count();
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let shifted = |byte: usize| byte.saturating_add_signed(offset);
        let span = Span { source, start: shifted(range.start), end: shifted(range.end) };
        let problem = Problem::new(format!("this is not TOML: {}", error.message())).at(span, "here");
        diagnostics.error(problem.help(syntax::help(error.message(), line_of(text, span.start))));
    }
    Node {
        value: Value::Table(Table::from_toml(table.get_ref(), source, offset)),
        span: Span { source, start: 0, end: 0 },
    }
}

/// The line that holds a byte.
fn line_of(text: &str, byte: usize) -> &str {
    let (before, behind) = text.split_at_checked(byte).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = behind.find('\n').map_or(text.len(), |length| before.len() + length);
    &text[start..end]
}

/// Checks every key and value against the table of keys.
pub(super) fn check_keys(root: &Node, diagnostics: &mut Diagnostics) {
    let Some(table) = root.as_table() else { return };
    for entry in &table.entries {
        if diagnostics.has_more() {
            return;
        }
        match (entry.key.as_str(), &entry.node.value) {
            (key, Value::List(items)) if keys::is_list(key) => {
                for item in items {
                    check_below(key, item, diagnostics);
                }
            }
            (key, _) if keys::is_list(key) => diagnostics.error(
                Problem::new(format!("`{key}` must be a list of tables"))
                    .at(entry.key_span, "not a list")
                    .help(format!("write [[{key}]] with two brackets")),
            ),
            ("sweep", _) => {}
            (key, _) if keys::is_table(key) && !key.contains('.') => check_below(key, &entry.node, diagnostics),
            (key, value) => diagnostics.error(match value {
                Value::Table(_) | Value::List(_) => unknown_table(key, entry),
                _ => unknown_key("", entry),
            }),
        }
    }
}

fn check_below(path: &str, node: &Node, diagnostics: &mut Diagnostics) {
    let Some(table) = node.as_table() else {
        diagnostics.error(not_a_table(path, node));
        return;
    };
    if let Some(ValueKind::TableOr(_) | ValueKind::ChoiceOrTable(_)) = keys::find(path).map(|key| key.kind)
        && table.entries.is_empty()
        && keys::names_below(path) == ["retry"]
    {
        let word = path.rsplit('.').next().unwrap_or(path);
        diagnostics.error(
            Problem::new(format!("`{path}` is an empty table"))
                .at(node.span, "says nothing")
                .help(format!("write {word} = {{ retry = {{}} }}: wait, and ask again"))
                .help(format!("or {word} = \"stop\": ask no more")),
        );
    }
    for entry in &table.entries {
        if diagnostics.has_more() {
            return;
        }
        if entry.key.contains('.') {
            diagnostics.error(unknown_key(path, entry));
            continue;
        }
        let below = format!("{path}.{}", entry.key);
        match keys::find(&below) {
            Some(key) if key.kind.allows_table() && entry.node.as_table().is_some() => {
                check_below(&below, &entry.node, diagnostics);
            }
            // An override has been checked by the path that was written.
            Some(_) if diagnostics.has_error_at(entry.node.span) => {}
            Some(key) => {
                if let Err(problem) = values::check(&below, key.kind, &entry.node) {
                    diagnostics.error(problem);
                }
            }
            None if keys::is_table(&below) => check_below(&below, &entry.node, diagnostics),
            None => diagnostics.error(unknown_key(path, entry)),
        }
    }
}

/// Brings every key of a transport to one place: `check` and `hold` into `long_poll`, overrides beside the name.
pub(super) fn normalize_transports(root: &mut Node, diagnostics: &mut Diagnostics) {
    for transport in list_mut(root, "transport").into_iter().flatten() {
        let Value::Table(table) = &mut transport.value else { continue };
        for kind in keys::TRANSPORTS {
            let Some(place) = table.entries.iter().position(|entry| entry.key == *kind) else { continue };
            for (name, _) in keys::overrides() {
                let Value::Table(inner) = &mut table.entries[place].node.value else { continue };
                let Some(entry) = inner.remove(name) else { continue };
                move_key(table, entry, diagnostics);
            }
        }
        let Some(place) = table.entries.iter().position(|entry| entry.key == "long_poll") else { continue };
        for name in ["check", "hold"] {
            let Some(entry) = table.remove(name) else { continue };
            let place = table.entries.iter().position(|entry| entry.key == "long_poll").unwrap_or(place);
            let Value::Table(inner) = &mut table.entries[place].node.value else { continue };
            move_key(inner, entry, diagnostics);
        }
    }
}

fn move_key(table: &mut Table, entry: super::node::Entry, diagnostics: &mut Diagnostics) {
    if table.get(&entry.key).is_some() {
        let message = format!("`{}` is given twice, beside the name and inside", entry.key);
        diagnostics.error(Problem::new(message).at(entry.key_span, "one of the two").help("keep one of them"));
    } else {
        table.entries.push(entry);
    }
}

/// The names of transports and populations.
pub(super) fn names(root: &Node) -> Names {
    let name_of = |node: &Node| node.get(&["name"]).and_then(Node::as_text).unwrap_or_default().to_owned();
    let transport = |node: &Node| TransportName {
        name: name_of(node),
        kind: keys::TRANSPORTS.iter().find(|kind| node.get(&[kind]).is_some()).unwrap_or(&"short_poll"),
    };
    Names {
        transports: list(root, "transport").iter().map(transport).collect(),
        populations: list(root, "population").iter().map(name_of).collect(),
    }
}

/// What is wrong with a value that a sweep or an override gives to `path`.
pub(super) fn check_assigned(path: &Path, node: &Node) -> Result<(), Problem> {
    if is_off(path, node) {
        return Ok(());
    }
    let dotted = path.dotted();
    match path.kind() {
        Some(kind) if !kind.allows_table() || node.as_table().is_none() => values::check(&path.written, kind, node),
        None if node.as_text() == Some(keys::OFF) => Err(never_off(&dotted, node.span)),
        _ => {
            let mut inner = Diagnostics::default();
            check_below(&dotted, node, &mut inner);
            inner.into_first_problem().map_or(Ok(()), Err)
        }
    }
}

/// A table that cannot be left out.
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
    problem.help(if dotted.starts_with("population.") || dotted.starts_with("transport.") {
        "left out, it would be that of all: write the table that it is to be"
    } else {
        "left out, it would have its defaults: write {} for these, or the table that it is to be"
    })
}

/// What stands in the way of a path: a word where a table would have to be, such as `check = "notify"`, or another law or
/// process where it would set a part of one.
pub(super) fn check_way(root: &Node, path: &Path, span: Span) -> Result<(), Problem> {
    let start = match path.item {
        None => Some(root),
        Some((name, place)) => list(root, name).get(place),
    };
    let keys = path.keys();
    for length in 1..keys.len() {
        check_only_one(start, path, length, span)?;
        let Some(node) = start.and_then(|start| start.get(&keys[..length])) else { return Ok(()) };
        if node.as_table().is_none() {
            let (way, value) = (keys[..length].join("."), super::write::inline(node));
            return Err(Problem::new(format!("`{way}` is {value}: it has no `{}`", keys[length..].join(".")))
                .at(span, "leads nowhere")
                .help(format!("set `{way}` to a table, or leave this key out")));
        }
    }
    Ok(())
}

/// The step behind `length` others must not be a second law or process where only a part of it is set.
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
    let item = path.item.and_then(|(list, _)| Some((list, start?.get(&["name"])?.as_text()?)));
    let item = item.map_or(String::new(), |(list, of)| format!("{list}.{}.", super::write::key(of)));
    let (key, above) = (&other.key, format!("{item}{}", above.join(".")));
    Err(Problem::new(format!("`{item}{}` is part of `{name}`, and `{above}` has `{key}`", path.steps.join(".")))
        .at(span, "part of a second one")
        .help(format!("to put {name} in the place of {key}, set it as a whole: {above}.{name} = {{ {parts} }}")))
}

/// The text of a TOML string with its quotes.
pub(super) fn string(literal: &str) -> Option<String> {
    let document = format!("v={literal}");
    let table = DeTable::parse(&document).ok()?;
    table.get_ref().get("v")?.get_ref().as_str().map(str::to_owned)
}

/// Leaves out what the file says is `"off"`.
pub(super) fn leave_out_off(root: &mut Node) {
    for path in keys::off() {
        match keys::split_list(path) {
            Some((list, below)) => {
                list_mut(root, list).into_iter().flatten().for_each(|item| leave_out_one(item, below));
            }
            None => leave_out_one(root, path),
        }
    }
}

/// A value for `path` without what in it is `"off"`, which is the same as leaving it out.
pub(super) fn without_off(path: &Path, node: &Node) -> Node {
    let (mut node, dotted) = (node.clone(), path.dotted());
    for below in keys::off().filter_map(|path| path.strip_prefix(dotted.as_str())?.strip_prefix('.')) {
        leave_out_one(&mut node, below);
    }
    node
}

fn leave_out_one(node: &mut Node, path: &str) {
    let path: Vec<&str> = path.split('.').collect();
    let Some((last, above)) = path.split_last() else { return };
    if node.get(&path).and_then(Node::as_text) == Some(keys::OFF)
        && let Some(table) = node.table_at(above, Span::default())
    {
        table.remove(last);
    }
}
