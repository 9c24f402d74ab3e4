//! Dotted paths of keys, as sweeps and overrides name them.

use super::diagnostics::{Problem, listed};
use super::keys::{self, KeyRow, ValueKind};
use super::likeness::nearest;
use super::names::{Names, TransportName};
use super::node::{Node, Span};
use super::{parse, suggest};

/// A key of the file that a sweep or an override sets.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The table of a list to which it belongs: `transport` or `population`, and the index in the list.
    pub item: Option<(&'static str, usize)>,
    /// The keys to follow, from the root or from that table.
    pub steps: Vec<String>,
    /// The path as written.
    pub written: String,
    /// Its key, which may take a table too; `None` for a table as a whole.
    pub key: Option<&'static KeyRow>,
    /// Keys beside the last step that exclude it.
    excluded: Vec<&'static str>,
    /// Whether it may be `"off"`.
    pub may_be_off: bool,
}

impl Path {
    fn new(written: &str, item: Option<(&'static str, usize)>, steps: &[String]) -> Path {
        // A quoted part may contain dots; the names of keys have none.
        let steps = steps.iter().flat_map(|step| step.split('.')).map(str::to_owned).collect();
        let written = written.to_owned();
        let mut path = Path { item, steps, written, key: None, excluded: Vec::new(), may_be_off: false };
        let dotted = path.dotted();
        path.key = keys::find(&dotted);
        path.excluded = keys::excluded_by(&dotted);
        path.may_be_off = keys::may_be_off(&dotted);
        path
    }

    /// Reads a dotted path; parts with dots or spaces may be quoted.
    pub fn parse(text: &str, span: Span, names: &Names) -> Result<Path, Problem> {
        if let Some(rest) = text.strip_prefix("transport.") {
            return Path::of_transport(text, rest, span, &names.transports);
        }
        if let Some(rest) = text.strip_prefix("population.") {
            return Path::of_population(text, rest, span, &names.populations);
        }
        let steps = split(text);
        let dotted = steps.join(".");
        if may_be_set(&dotted) {
            return Ok(Path::new(text, None, &steps));
        }
        Err(match in_transport(&dotted, &names.transports) {
            Some(path) => Problem::new(format!("`{text}` is a key of a transport"))
                .at(span, "of which one?")
                .help(format!("write {path}")),
            None => unknown(text, &dotted, "", span),
        })
    }

    fn of_population(text: &str, rest: &str, span: Span, names: &[String]) -> Result<Path, Problem> {
        let (place, key) = named(rest, names.iter().map(String::as_str))
            .ok_or_else(|| names_none(text, "population", names.iter().map(String::as_str), span))?;
        let steps = split(&key);
        if steps[0] == "name" || !may_be_set(&format!("population.{}", steps.join("."))) {
            return Err(unknown(text, &key, "population", span));
        }
        Ok(Path::new(text, Some(("population", place)), &steps))
    }

    fn of_transport(text: &str, rest: &str, span: Span, transports: &[TransportName]) -> Result<Path, Problem> {
        let names = || transports.iter().map(|transport| transport.name.as_str());
        let (place, key) = named(rest, names()).ok_or_else(|| names_none(text, "transport", names(), span))?;
        let transport = &transports[place];
        let mut steps = split(&key);
        let first = steps.first().cloned().unwrap_or_default();
        let stands_beside = first == "name" || keys::TRANSPORTS.contains(&first.as_str()) || keys::is_override(&first);
        if !stands_beside {
            steps.insert(0, transport.kind.to_owned());
        }
        if steps.len() > 1 && steps[0] == transport.kind && keys::is_override(&steps[1]) {
            steps.remove(0);
        }
        let dotted = format!("transport.{}", steps.join("."));
        let is_other_kind = keys::TRANSPORTS.iter().any(|kind| steps[0] == *kind && *kind != transport.kind);
        if is_other_kind || steps[0] == "name" || !may_be_set(&dotted) {
            return Err(unknown(text, &key, &format!("transport.{}", transport.kind), span));
        }
        Ok(Path::new(text, Some(("transport", place)), &steps))
    }

    /// The steps as `Node::set` takes them.
    pub fn keys(&self) -> Vec<&str> {
        self.steps.iter().map(String::as_str).collect()
    }

    /// The path as the table of keys names it, without the name of a transport or population.
    pub fn dotted(&self) -> String {
        let steps = self.steps.join(".");
        self.item.map_or_else(|| steps.clone(), |(list, _)| format!("{list}.{steps}"))
    }

    /// Where its steps begin: the document, or a table of a list in it.
    pub fn start<'a>(&self, root: &'a Node) -> Option<&'a Node> {
        self.item.map_or(Some(root), |(list, place)| root.list(list).get(place))
    }

    /// Whether both lead to the same place.
    pub fn is_same(&self, other: &Path) -> bool {
        self.item == other.item && self.steps == other.steps
    }

    /// The kind of values of its key; `None` for a table.
    pub fn kind(&self) -> Option<ValueKind> {
        self.key.map(|key| key.kind)
    }

    /// Whether it leads to this key of the table of keys.
    pub fn is_key(&self, path: &str) -> bool {
        self.key.is_some_and(|key| key.path == path)
    }

    /// Whether it leads to this key, of the document or instead of it, to a part of it, or to what it is a part of.
    pub fn overlaps(&self, key: &str) -> bool {
        key.split('.').zip(&self.steps).all(|(one, other)| one == other)
    }

    /// Whether its value may be a table, or absent.
    pub fn changes_structure(&self) -> bool {
        self.kind().is_none_or(ValueKind::allows_table) || self.may_be_off
    }

    /// Whether `other` replaces this one, because they exclude each other.
    pub fn excludes(&self, other: &Path) -> bool {
        let [(last, above), (other_last, other_above)] = [self, other].map(|path| match path.steps.split_last() {
            Some((last, above)) => (last.as_str(), above),
            None => ("", &[][..]),
        });
        self.item == other.item && above == other_above && last != other_last && self.excluded.contains(&other_last)
    }

    /// The steps of `other` below this path: none if both are the same; `None` if it is not below.
    pub fn steps_below<'a>(&self, other: &'a Path) -> Option<&'a [String]> {
        if self.item == other.item { other.steps.strip_prefix(self.steps.as_slice()) } else { None }
    }
}

/// The index of the longest of these names, quoted or not, with which a path begins, and the rest of the path.
fn named<'a>(rest: &str, names: impl Iterator<Item = &'a str>) -> Option<(usize, String)> {
    let escaped = leading_string(rest);
    let below = |name: &str| {
        let after = escaped.as_ref().filter(|(text, _)| text == name).map(|(_, after)| *after);
        after.and_then(|after| after.strip_prefix('.')).map(str::to_owned).or_else(|| {
            [format!("\"{name}\""), format!("'{name}'"), name.to_owned()]
                .iter()
                .find_map(|name| rest.strip_prefix(name.as_str())?.strip_prefix('.').map(str::to_owned))
        })
    };
    let candidates = names.enumerate().filter_map(|(place, name)| Some((name.len(), (place, below(name)?))));
    candidates.max_by_key(|(length, _)| *length).map(|(_, found)| found)
}

/// The TOML string with escapes that a text begins with, and the text after it.
fn leading_string(text: &str) -> Option<(String, &str)> {
    let mut is_escaped = false;
    let end = text.strip_prefix('"')?.find(|character| {
        let is_end = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_end
    })?;
    let (literal, after) = text.split_at(end + 2);
    Some((parse::string(literal)?, after))
}

/// A path to a missing item of a list.
fn names_none<'a>(text: &str, list: &str, names: impl Iterator<Item = &'a str>, span: Span) -> Problem {
    let problem = Problem::new(format!("`{text}` names no {list} of this file")).at(span, format!("no such {list}"));
    let problem = problem.help(format!("write {list}.\"NAME\".KEY"));
    let names: Vec<&str> = names.collect();
    if names.is_empty() { problem } else { problem.help(format!("{list}s: {}", listed(&names))) }
}

/// The path of a key that only transports have, in the first transport with it.
fn in_transport(dotted: &str, transports: &[TransportName]) -> Option<String> {
    transports.iter().find_map(|transport| {
        let key = dotted.strip_prefix(transport.kind).map_or(dotted, |rest| rest.trim_start_matches('.'));
        let is_its_own = keys::find(&format!("transport.{}.{key}", transport.kind)).is_some();
        if is_its_own { Some(format!("transport.\"{}\".{key}", transport.name)) } else { None }
    })
}

/// Whether a path may set the key or the table at a dotted path.
fn may_be_set(dotted: &str) -> bool {
    !keys::is_list(dotted) && !dotted.starts_with("chart.") && !dotted.starts_with("claim.") && keys::is_there(dotted)
}

/// A path that is not a key. `key` is the part after the name of a transport or population, `below` their table.
fn unknown(text: &str, key: &str, below: &str, span: Span) -> Problem {
    let dotted = if below.is_empty() { key.to_owned() } else { format!("{below}.{key}") };
    let (parent, last) = dotted.rsplit_once('.').unwrap_or(("", &dotted));
    let first = dotted.split('.').next().unwrap_or_default();
    if let Some((what, instead)) = suggest::unavailable(parent, last).or_else(|| suggest::unavailable("", first)) {
        let problem = Problem::new(format!("`{text}` ({what}) is not available yet"));
        return problem.at(span, "not available").help(instead);
    }
    if !below.is_empty() && last == "name" {
        let problem = Problem::new(format!("`{text}` cannot vary: tables and charts name rows by it"));
        return problem.at(span, "a name").help("vary another key, or write a second table with another name");
    }
    let problem = Problem::new(format!("`{text}` is not a key of an experiment")).at(span, "unknown key");
    if below.is_empty() {
        let help = suggest::of_path(&dotted);
        return problem.help(help.unwrap_or_else(|| "write the whole path, such as \"clients.count\"".to_owned()));
    }
    let mut known = keys::names_below(below);
    if below.starts_with("transport") {
        known.extend(keys::overrides().map(|(name, _)| name));
    }
    let near = if key.contains('.') { Vec::new() } else { nearest(key, known.iter().copied()) };
    match near.first() {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => match suggest::of_path(&dotted) {
            Some(help) => {
                let before = text.strip_suffix(key).unwrap_or_default();
                let nameless = match below.split_once('.') {
                    Some((list, kind)) => format!("{list}.NAME.{kind}."),
                    None => format!("{below}.NAME."),
                };
                problem.help(help.replace(&nameless, before))
            }
            None => problem,
        },
    }
    .help(format!("allowed: {}", known.join(", ")))
}

/// Splits at dots outside quotes, and removes the quotes.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '.') => parts.push(String::new()),
            (None, ' ') => {}
            _ => parts.last_mut().unwrap_or(&mut String::new()).push(character),
        }
    }
    parts
}

/// Gives `path` its value at a point, or by an override. Among keys that exclude each other, such as two distributions,
/// the new one replaces the other.
pub(super) fn assign(root: &mut Node, path: &Path, node: Node) {
    let parent = match path.item {
        None => Some(root),
        Some((list, place)) => root.list_mut(list).get_mut(place),
    };
    let Some(parent) = parent else { return };
    let (last, above) = path.steps.split_last().map_or(("", &[][..]), |(last, above)| (last.as_str(), above));
    let above: Vec<&str> = above.iter().map(String::as_str).collect();
    if let Some(table) = parent.table_at(&above, node.span) {
        table.entries.retain(|entry| !path.excluded.contains(&entry.key.as_str()));
        if is_off(path, &node) {
            table.remove(last);
            return;
        }
    }
    parent.set(&path.keys(), node);
}

/// Whether a value removes the key or table at `path`.
pub(super) fn is_off(path: &Path, node: &Node) -> bool {
    path.may_be_off && node.as_text() == Some(keys::OFF)
}
