//! `--set KEY=VALUE`: overrides of values of the file.

use toml::de::DeTable;

use super::check::{check_assigned, check_way};
use super::claim;
use super::diagnostics::{Diagnostics, Problem};
use super::keys::SHORTENED;
use super::names::Names;
use super::node::{Entry, Node, Span, Value};
use super::normalize::without_off;
use super::path::{Path, assign, is_off, split};
use super::sweep::STEPS;
use super::typed::Typed;
use super::write;

/// Applies one `--set KEY=VALUE`.
pub(super) fn apply(root: &mut Node, argument: &str, diagnostics: &mut Diagnostics) {
    let source = diagnostics.add_source("--set", argument);
    let whole = Span { source, start: 0, end: argument.len() };
    let wrong = |message, label| Problem::new(message).at(whole, label).help("write --set clients.count=500");
    let Some((key, value)) = split_argument(argument) else {
        return diagnostics.error(wrong(format!("`{argument}` is not KEY=VALUE"), "no `=`"));
    };
    if value.trim().is_empty() {
        return diagnostics.error(wrong(format!("`{argument}` gives no value"), "nothing after the `=`"));
    }
    let node = override_value(value, source, argument.len() - value.len());
    let key_span = Span { source, start: 0, end: key.len() };
    if let Some(problem) = only_in_a_file(key, value, key_span) {
        return diagnostics.error(problem);
    }
    match Path::parse(key.trim(), key_span, &Names::of(root)) {
        Err(problem) => diagnostics.error(problem),
        Ok(path) => {
            let mut node = without_off(&path, &node);
            let checks = [
                check_assigned(&path, &mut node),
                check_way(root, &path, key_span),
                check_swept(root, &path, &node, key_span),
            ];
            let problems: Vec<Problem> = checks.into_iter().filter_map(Result::err).collect();
            if problems.is_empty() {
                fix_swept(root, &path, key, &node);
                let is_there = path.start(root).and_then(|start| start.get(&path.keys())).is_some();
                if !is_off(&path, &node) || is_there {
                    assign(root, &path, node);
                }
            }
            for problem in problems {
                diagnostics.error(problem);
            }
        }
    }
}

/// Of the overrides, a quick run keeps what it would shorten in a file: they are asked for in this run.
pub(super) fn keep(root: &mut Node, overrides: &[String]) {
    if !matches!(root.get(&["experiment", "quick"]).map(|quick| &quick.value), Some(Value::Flag(true))) {
        return;
    }
    let is_overridden = |key: &str| {
        let named = overrides.iter().filter_map(|argument| split_argument(argument));
        named.map(|(path, _)| split(path.trim())).any(|steps| steps == ["experiment", key])
    };
    let path = ["experiment", "quick_keeps"];
    let mut kept = match root.get(&path).map(|node| &node.value) {
        Some(Value::List(kept)) => kept.clone(),
        Some(_) => return,
        None => Vec::new(),
    };
    for key in SHORTENED.iter().filter(|key| is_overridden(key)) {
        if !kept.iter().any(|kept| kept.as_text() == Some(key)) {
            kept.push(Node::text(*key, Span::default()));
        }
    }
    if !kept.is_empty() {
        root.set(&path, Node::new(Value::List(kept), Span::default()));
    }
}

/// Sweeps, charts and claims are not keys with a value.
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
        "claim" | "claims" => ("a claim", "write [[claim]] in the file; `cometsim run` judges it again".to_owned()),
        _ => return None,
    };
    let problem = Problem::new(format!("`{}` is {what}: --set gives a key one value", key.trim()));
    Some(problem.at(span, "only in a file").help(help))
}

/// The swept keys, with their paths.
fn swept(root: &Node) -> Vec<(Path, &Entry)> {
    let names = Names::of(root);
    let entries =
        root.get(&["sweep"]).and_then(Node::as_table).map(|sweep| sweep.entries.as_slice()).unwrap_or_default();
    let parsed = entries.iter().map(|entry| Some((Path::parse(&entry.key, entry.key_span, &names).ok()?, entry)));
    parsed.flatten().collect()
}

/// Reports a sweep that would undo the override at every point.
fn check_swept(root: &Node, path: &Path, node: &Node, span: Span) -> Result<(), Problem> {
    for (swept, entry) in swept(root) {
        let column = &entry.key;
        if let Some(below @ [_, ..]) = swept.steps_below(path) {
            let table = below.iter().rev().fold(write::inline(node), |inner, step| format!("{{ {step} = {inner} }}"));
            return Err(Problem::new(format!("`{column}` is swept as a whole, with all that is below it"))
                .at(span, "would have no effect")
                .help(format!("set that: --set '{column}={table}'")));
        }
        let below = path.steps_below(&swept).unwrap_or_default();
        let sets_it = !below.is_empty() && {
            let keys: Vec<&str> = below.iter().map(String::as_str).collect();
            is_off(path, node) || node.get(&keys).is_some()
        };
        if sets_it || path.excludes(&swept) {
            return Err(Problem::new(format!("the file sweeps `{column}`"))
                .at(span, "would have no effect")
                .help(format!("set that to fix it: --set '{column}=…', or take it out of [sweep]")));
        }
    }
    Ok(())
}

/// An override of a swept key fixes it: the sweep keeps the key with this one value.
fn fix_swept(root: &mut Node, path: &Path, key: &str, node: &Node) {
    let names = Names::of(root);
    let Value::Table(table) = &mut root.value else { return };
    let Some(sweep) = table.entries.iter_mut().find(|entry| entry.key == "sweep") else { return };
    let is_zip = sweep.node.get(&["mode"]).and_then(Node::as_text) == Some("zip");
    let Value::Table(sweep) = &mut sweep.node.value else { return };
    for entry in &mut sweep.entries {
        let is_same = Path::parse(&entry.key, entry.key_span, &names).is_ok_and(|swept| swept.is_same(path));
        if is_same || split(&entry.key) == split(key) {
            let values = if is_zip { values_of(&entry.node) } else { 1 };
            entry.node = Node::new(Value::List(vec![node.clone(); values]), node.span);
        }
    }
    // If no key varies any more, one point is left.
    let mut keys: Vec<&mut Entry> = sweep.entries.iter_mut().filter(|entry| entry.key != "mode").collect();
    if keys.iter().all(|entry| fixed(entry).is_some()) {
        for entry in &mut keys {
            if let Value::List(items) = &mut entry.node.value {
                items.truncate(1);
            }
        }
    }
}

/// The value that an override gave to a swept key, once or at each point of lists that step together.
fn fixed(entry: &Entry) -> Option<&Node> {
    let Value::List(items) = &entry.node.value else { return None };
    items.first().filter(|first| items.iter().all(|item| item.span == first.span && item.span.source != 0))
}

/// Leaves out the claims about values of swept keys that overrides took away.
pub(super) fn leave_out_claims(root: &mut Node) {
    // Near words for the keys of a long sweep take long.
    if root.list("claim").is_empty() {
        return;
    }
    let fixed: Vec<(Path, Node)> =
        swept(root).into_iter().filter_map(|(path, entry)| Some((path, fixed(entry)?.clone()))).collect();
    for (path, node) in fixed {
        claim::leave_out(root, &path, &node);
    }
}

/// The number of values of a swept key, as written.
fn values_of(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => items.len(),
        _ => match node.get(&["steps"]).map(|steps| STEPS.parse("steps", steps)) {
            Some(Ok(Typed::Count(steps))) => steps as usize,
            _ => 1,
        },
    }
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
