//! The document of an experiment: syntax, overrides, one place for every key, and the check against the table of keys.

use toml::de::DeTable;

use super::diagnostics::{Diagnostics, Problem};
use super::keys::{self, KEYS};
use super::node::{Node, Span, Table, Value};
use super::path::{Names, Path, TransportName, assign, split};
use super::values;
use crate::units::Time;

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
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let shifted = |byte: usize| byte.saturating_add_signed(offset);
        let span = Span { source, start: shifted(range.start), end: shifted(range.end) };
        let problem = Problem::new(format!("this is not TOML: {}", error.message())).at(span, "here");
        diagnostics.error(problem.help(syntax_help(error.message())));
    }
    Node {
        value: Value::Table(Table::from_toml(table.get_ref(), source, offset)),
        span: Span { source, start: 0, end: 0 },
    }
}

/// What to do about an error of syntax.
fn syntax_help(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "keep one of them: a key stands once in its table, and a table has one header"
    } else if message.contains("must be quoted") || message.contains("string") {
        "write text and quantities between quotes on one line: timeout = \"80 s\""
    } else if message.contains("unclosed") {
        "close every bracket: [clients], [[transport]], [1, 2], { every = \"0.5 s\" }"
    } else {
        "a line is `[table]`, `[[transport]]`, `key = value` or a `# comment`"
    }
}

/// Checks every key and value against the table of keys.
pub(super) fn check_keys(root: &Node, diagnostics: &mut Diagnostics) {
    let Some(table) = root.as_table() else { return };
    for entry in &table.entries {
        if diagnostics.is_overfull() {
            return;
        }
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
            (key, _) => {
                let names = keys::names_below("").into_iter().chain(["sweep"]);
                diagnostics.error(
                    Problem::new(format!("unknown table `{key}`")).at(entry.key_span, "unknown").suggest(key, names),
                );
            }
        }
    }
}

fn check_below(path: &str, node: &Node, diagnostics: &mut Diagnostics) {
    let Some(table) = node.as_table() else {
        let names = keys::names_below(path);
        let mut problem = Problem::new(format!("`{path}` must be a table, not {}", node.kind()))
            .at(node.span, "wrong kind of value")
            .help(format!("keys of it: {}", names.join(", ")));
        if let Some(time) = node.as_text().filter(|text| names.contains(&"constant") && text.parse::<Time>().is_ok()) {
            problem = problem.help(format!("for a fixed time write {{ constant = \"{time}\" }}"));
        }
        diagnostics.error(problem);
        return;
    };
    for entry in &table.entries {
        if diagnostics.is_overfull() {
            return;
        }
        let below = format!("{path}.{}", entry.key);
        match keys::find(&below) {
            Some(key) if key.kind.allows_table() && entry.node.as_table().is_some() => {
                check_below(&below, &entry.node, diagnostics);
            }
            Some(key) => {
                if let Err(problem) = values::check(&below, key.kind, &entry.node) {
                    diagnostics.error(problem);
                }
            }
            None if keys::is_table(&below) => check_below(&below, &entry.node, diagnostics),
            None => diagnostics.error(unknown_key(path, &entry.key, entry.key_span)),
        }
    }
}

fn unknown_key(path: &str, key: &str, span: Span) -> Problem {
    if path == "experiment" && key == "precision" {
        return Problem::new("`experiment.precision` (stopping at a given precision) is not available yet")
            .at(span, "not available")
            .help("give the number of runs instead: replications = 20");
    }
    let problem = Problem::new(format!("unknown key `{key}` in `{path}`")).at(span, "unknown key");
    let problem = problem.suggest(key, keys::names_below(path));
    let elsewhere =
        KEYS.iter().find(|known| known.path.rsplit('.').next() == Some(key) && !known.path.starts_with(path));
    match elsewhere {
        Some(known) => problem.help(format!("`{key}` belongs elsewhere: {}", known.path)),
        None => problem,
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
    values::check(path.key.path, path.key.kind, node)
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
