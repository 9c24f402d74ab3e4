//! Dotted paths of keys, as sweeps and overrides name them.

use super::diagnostics::Problem;
use super::keys::{self, Key};
use super::node::{Node, Span};
use super::suggest;

/// A key of the file that a sweep or an override sets.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The table of a list that it belongs to: `transport` or `population`, and the place in the list.
    pub item: Option<(&'static str, usize)>,
    /// The keys to follow, from the root or from that table.
    pub steps: Vec<String>,
    /// What is known of the key.
    pub key: &'static Key,
    /// The path as it was written.
    pub written: String,
}

/// A transport as paths name it: its name, and `short_poll` or `long_poll`.
#[derive(Clone, Debug)]
pub(super) struct TransportName {
    pub name: String,
    pub kind: &'static str,
}

/// What paths can name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub transports: Vec<TransportName>,
    pub populations: Vec<String>,
}

/// A delay may also be swept as a whole table.
const WHOLE_TABLES: &[(&str, &[&str])] = &[
    ("network.up", &["network.up.constant"]),
    ("network.down", &["network.down.constant"]),
    ("server.service", &["server.service.constant"]),
    ("server.check.drift", &["server.check.drift.constant"]),
    ("clients.session", &["clients.session.constant"]),
];

impl Path {
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
        let key = find(&dotted).ok_or_else(|| match in_transport(&dotted, &names.transports) {
            Some(path) => Problem::new(format!("`{text}` is a key of a transport"))
                .at(span, "of which one?")
                .help(format!("write {path}")),
            None => unknown(text, &dotted, "", span),
        })?;
        Ok(Path { item: None, steps, key, written: text.to_owned() })
    }

    fn of_population(text: &str, rest: &str, span: Span, names: &[String]) -> Result<Path, Problem> {
        let (place, key) = named(rest, names.iter().map(String::as_str))
            .ok_or_else(|| names_none(text, "population", names.iter().map(String::as_str), span))?;
        let steps = split(&key);
        match find(&format!("population.{}", steps.join("."))) {
            Some(key) if steps[0] != "name" => {
                Ok(Path { item: Some(("population", place)), steps, key, written: text.to_owned() })
            }
            _ => Err(unknown(text, &key, "population", span)),
        }
    }

    fn of_transport(text: &str, rest: &str, span: Span, transports: &[TransportName]) -> Result<Path, Problem> {
        let names = || transports.iter().map(|transport| transport.name.as_str());
        let (place, key) = named(rest, names()).ok_or_else(|| names_none(text, "transport", names(), span))?;
        let transport = &transports[place];
        let mut steps = split(&key);
        let first = steps.first().cloned().unwrap_or_default();
        let stands_beside = first == "name" || [keys::TRANSPORTS, keys::OVERRIDES].concat().contains(&first.as_str());
        if !stands_beside {
            steps.insert(0, transport.kind.to_owned());
        }
        if steps.len() > 1 && steps[0] == transport.kind && keys::OVERRIDES.contains(&steps[1].as_str()) {
            steps.remove(0);
        }
        let dotted = format!("transport.{}", steps.join("."));
        let is_other_kind = keys::TRANSPORTS.iter().any(|kind| steps[0] == *kind && *kind != transport.kind);
        match find(&dotted) {
            Some(key) if !is_other_kind && steps[0] != "name" => {
                Ok(Path { item: Some(("transport", place)), steps, key, written: text.to_owned() })
            }
            _ => Err(unknown(text, &key, &format!("transport.{}", transport.kind), span)),
        }
    }

    /// The steps as `Node::set` takes them.
    pub fn keys(&self) -> Vec<&str> {
        self.steps.iter().map(String::as_str).collect()
    }
}

/// The place of the longest of these names, quoted or not, with which a path begins, and the rest of the path.
fn named<'a>(rest: &str, names: impl Iterator<Item = &'a str>) -> Option<(usize, String)> {
    let below = |name: &str| {
        [format!("\"{name}\""), format!("'{name}'"), name.to_owned()]
            .iter()
            .find_map(|name| rest.strip_prefix(name.as_str())?.strip_prefix('.').map(str::to_owned))
    };
    let candidates = names.enumerate().filter_map(|(place, name)| Some((name.len(), (place, below(name)?))));
    candidates.max_by_key(|(length, _)| *length).map(|(_, found)| found)
}

/// A path to an item of a list that is not there.
fn names_none<'a>(text: &str, list: &str, names: impl Iterator<Item = &'a str>, span: Span) -> Problem {
    let problem = Problem::new(format!("`{text}` names no {list} of this file")).at(span, format!("no such {list}"));
    let problem = problem.help(format!("write {list}.\"NAME\".KEY"));
    let names: Vec<&str> = names.collect();
    if names.is_empty() { problem } else { problem.help(format!("{list}s: {}", names.join(", "))) }
}

/// The path of a key that only a transport has, in the first transport that has it.
fn in_transport(dotted: &str, transports: &[TransportName]) -> Option<String> {
    transports.iter().find_map(|transport| {
        let key = dotted.strip_prefix(transport.kind).map_or(dotted, |rest| rest.trim_start_matches('.'));
        let is_its_own = keys::find(&format!("transport.{}.{key}", transport.kind)).is_some();
        is_its_own.then(|| format!("transport.\"{}\".{key}", transport.name))
    })
}

fn find(dotted: &str) -> Option<&'static Key> {
    let settable = |key: &&Key| !key.path.starts_with("chart.");
    keys::find(dotted).filter(settable).or_else(|| {
        let (_, stand_in) = WHOLE_TABLES.iter().find(|(path, _)| *path == dotted)?;
        keys::find(stand_in.first()?)
    })
}

/// A path as the table of keys names it, without the name of a transport or population.
pub(super) fn dotted(path: &Path) -> String {
    let steps = path.steps.join(".");
    path.item.map_or_else(|| steps.clone(), |(list, _)| format!("{list}.{steps}"))
}

/// Whether a path names a table that is swept as a whole.
pub(super) fn is_whole_table(path: &Path) -> bool {
    WHOLE_TABLES.iter().any(|(table, _)| path.item.is_none() && path.steps.join(".") == *table)
}

/// A path that is no key; `key` is what stands behind the name of a transport or population, `below` their table.
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
    let overrides = if below.starts_with("transport") { keys::OVERRIDES } else { &[] };
    let known: Vec<&str> = keys::names_below(below).into_iter().chain(overrides.iter().copied()).collect();
    let near = if key.contains('.') { Vec::new() } else { suggest::nearest(key, known.iter().copied()) };
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

/// Splits at dots outside quotes, and takes the quotes off.
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

/// Sets the key at `path` in the document.
pub(super) fn assign(root: &mut Node, path: &Path, node: Node) {
    match path.item {
        None => root.set(&path.keys(), node),
        Some((list, place)) => {
            if let Some(item) = super::document::list_mut(root, list).and_then(|list| list.get_mut(place)) {
                item.set(&path.keys(), node);
            }
        }
    }
}
