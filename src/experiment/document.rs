//! The document of an experiment: syntax, overrides, one place for every key, and the check against the table of keys.

use toml::de::DeTable;

use super::diagnostics::{Diagnostics, Problem};
use super::keys;
use super::node::{Node, Span, Table, Value};
use super::path::{Names, Path, TransportName, assign, split};
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
        match (entry.key.as_str(), &entry.node.value) {
            ("transport" | "population" | "chart", Value::List(items)) => {
                for item in items {
                    check_below(&entry.key, item, diagnostics);
                }
            }
            ("transport" | "population" | "chart", _) => diagnostics.error(
                Problem::new(format!("`{}` must be a list of tables", entry.key))
                    .at(entry.key_span, "not a list")
                    .help(format!("write [[{}]] with two brackets", entry.key)),
            ),
            ("sweep", _) => {}
            (key, _) if keys::is_table(key) => check_below(key, &entry.node, diagnostics),
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
    for entry in &table.entries {
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
            for name in keys::OVERRIDES {
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

/// Applies one `--set KEY=VALUE`.
pub(super) fn apply_override(root: &mut Node, argument: &str, diagnostics: &mut Diagnostics) {
    let source = diagnostics.add_source("--set", argument);
    let whole = Span { source, start: 0, end: argument.len() };
    let Some((key, value)) = split_argument(argument) else {
        diagnostics.error(
            Problem::new(format!("`{argument}` is not KEY=VALUE"))
                .at(whole, "no `=`")
                .help("write --set clients.count=500"),
        );
        return;
    };
    if value.trim().is_empty() {
        let problem = Problem::new(format!("`{argument}` gives no value")).at(whole, "nothing after the `=`");
        diagnostics.error(problem.help("write --set clients.count=500"));
        return;
    }
    let node = override_value(value, source, argument.len() - value.len());
    let key_span = Span { source, start: 0, end: key.len() };
    if let Some(problem) = only_in_a_file(key, value, key_span) {
        diagnostics.error(problem);
        return;
    }
    match Path::parse(key.trim(), key_span, &names(root)) {
        Err(problem) => diagnostics.error(problem),
        Ok(path) => {
            for checked in [check_assigned(&path, &node), check_way(root, &path, key_span)] {
                if let Err(problem) = checked {
                    diagnostics.error(problem);
                }
            }
            fix_swept(root, &path, key, &node);
            assign(root, &path, node);
        }
    }
}

/// Sweeps and charts are no keys with a value.
fn only_in_a_file(key: &str, value: &str, span: Span) -> Option<Problem> {
    let parts = split(key.trim());
    let rest = parts[1..].join(".");
    let (what, help) = match parts[0].to_ascii_lowercase().as_str() {
        "sweep" | "sweeps" if !rest.is_empty() => {
            ("a sweep", format!("write [sweep] in the file, and below it \"{rest}\" = {}", value.trim()))
        }
        "sweep" | "sweeps" => ("a sweep", "write [sweep] in the file".to_owned()),
        "chart" | "charts" => (
            "a chart",
            "write [[chart]] in the file; `cometsim run` draws it again without a new simulation".to_owned(),
        ),
        _ => return None,
    };
    let problem = Problem::new(format!("`{}` is {what}: --set gives a key one value", key.trim()));
    Some(problem.at(span, "only in a file").help(help))
}

/// What is wrong with a value that a sweep or an override gives to `path`.
pub(super) fn check_assigned(path: &Path, node: &Node) -> Result<(), Problem> {
    if super::path::is_whole_table(path) || (path.key.kind.allows_table() && node.as_table().is_some()) {
        let dotted = super::path::dotted(path);
        let mut inner = Diagnostics::default();
        check_below(&dotted, node, &mut inner);
        return match inner.into_first_problem() {
            Some(problem) => Err(problem),
            None => Ok(()),
        };
    }
    values::check(&path.written, path.key.kind, node)
}

/// An override of a swept key fixes it: the sweep keeps the key with this one value.
fn fix_swept(root: &mut Node, path: &Path, key: &str, node: &Node) {
    let names = names(root);
    let Value::Table(table) = &mut root.value else { return };
    let Some(sweep) = table.entries.iter_mut().find(|entry| entry.key == "sweep") else { return };
    let is_zip = sweep.node.get(&["mode"]).and_then(Node::as_text) == Some("zip");
    let Value::Table(sweep) = &mut sweep.node.value else { return };
    for entry in &mut sweep.entries {
        let is_same = Path::parse(&entry.key, entry.key_span, &names)
            .is_ok_and(|swept| swept.item == path.item && swept.steps == path.steps);
        if is_same || split(&entry.key) == split(key) {
            let values = if is_zip { values_of(&entry.node) } else { 1 };
            entry.node = Node { value: Value::List(vec![node.clone(); values]), span: node.span };
        }
    }
}

/// How many values a swept key has, as written.
fn values_of(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => items.len(),
        _ => node.get(&["steps"]).and_then(|steps| values::count("steps", 2, 1_000_000, steps).ok()).unwrap_or(1)
            as usize,
    }
}

/// What stands in the way of a path: a word where a table would have to be, such as `check = "notify"`.
pub(super) fn check_way(root: &Node, path: &Path, span: Span) -> Result<(), Problem> {
    let start = match path.item {
        None => Some(root),
        Some((name, place)) => list(root, name).get(place),
    };
    let keys = path.keys();
    for length in 1..keys.len() {
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

/// Splits at the first `=` outside quotes.
fn split_argument(argument: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (place, character) in argument.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '=') => return Some((&argument[..place], &argument[place + 1..])),
            _ => {}
        }
    }
    None
}

/// The value of an override: TOML, or else a string.
fn override_value(text: &str, source: usize, start: usize) -> Node {
    const KEY: &str = "v=";
    let document = format!("{KEY}{text}");
    let span = Span { source, start, end: start + text.len() };
    let parsed = DeTable::parse(&document).ok();
    let value = parsed.as_ref().filter(|table| table.get_ref().len() == 1).and_then(|table| table.get_ref().get("v"));
    match value {
        Some(value) => Node::from_toml(value, source, start.cast_signed() - KEY.len().cast_signed()),
        None => Node::text(text.trim(), span),
    }
}
