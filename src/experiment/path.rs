//! Dotted paths of keys, as sweeps and overrides name them.

use super::diagnostics::Problem;
use super::keys::{self, Key};
use super::node::{Node, Span};

/// A key of the file that a sweep or an override sets.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The transport it belongs to, by its place in the file.
    pub transport: Option<usize>,
    /// The keys to follow, from the root or from the transport's table.
    pub steps: Vec<String>,
    /// What is known of the key.
    pub key: &'static Key,
}

/// A transport as paths name it: its name, and `short_poll` or `long_poll`.
#[derive(Clone, Debug)]
pub(super) struct TransportName {
    pub name: String,
    pub kind: &'static str,
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
    pub fn parse(text: &str, span: Span, transports: &[TransportName]) -> Result<Path, Problem> {
        if let Some(rest) = text.strip_prefix("transport.") {
            return Path::of_transport(text, rest, span, transports);
        }
        let steps = split(text);
        let dotted = steps.join(".");
        let key = find(&dotted).ok_or_else(|| match in_transport(&dotted, transports) {
            Some(path) => Problem::new(format!("`{text}` is a key of a transport"))
                .at(span, "of which one?")
                .help(format!("write {path}")),
            None => unknown(text, &dotted, "", span),
        })?;
        Ok(Path { transport: None, steps, key })
    }

    fn of_transport(text: &str, rest: &str, span: Span, transports: &[TransportName]) -> Result<Path, Problem> {
        let key_of = |transport: &TransportName| {
            [format!("\"{}\"", transport.name), format!("'{}'", transport.name), transport.name.clone()]
                .iter()
                .find_map(|name| rest.strip_prefix(name.as_str())?.strip_prefix('.').map(str::to_owned))
        };
        let candidates =
            transports.iter().enumerate().filter_map(|(place, transport)| Some((place, transport, key_of(transport)?)));
        let Some((place, transport, key)) = candidates.max_by_key(|(_, transport, _)| transport.name.len()) else {
            let names: Vec<&str> = transports.iter().map(|transport| transport.name.as_str()).collect();
            let problem =
                Problem::new(format!("`{text}` names no transport of this file")).at(span, "no such transport");
            let problem = problem.help("write transport.\"NAME\".KEY");
            return Err(if names.is_empty() {
                problem
            } else {
                problem.help(format!("transports: {}", names.join(", ")))
            });
        };
        let mut steps = split(&key);
        let first = steps.first().cloned().unwrap_or_default();
        if !["name", "short_poll", "long_poll"].contains(&first.as_str()) && !keys::OVERRIDES.contains(&first.as_str())
        {
            steps.insert(0, transport.kind.to_owned());
        }
        if steps.len() > 1 && steps[0] == transport.kind && keys::OVERRIDES.contains(&steps[1].as_str()) {
            steps.remove(0);
        }
        let dotted = format!("transport.{}", steps.join("."));
        let is_other_kind = ["short_poll", "long_poll"].iter().any(|kind| steps[0] == *kind && *kind != transport.kind);
        match find(&dotted) {
            Some(key) if !is_other_kind && steps[0] != "name" => Ok(Path { transport: Some(place), steps, key }),
            _ => Err(unknown(text, &key, &format!("transport.{}", transport.kind), span)),
        }
    }

    /// The steps as `Node::set` takes them.
    pub fn keys(&self) -> Vec<&str> {
        self.steps.iter().map(String::as_str).collect()
    }
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

/// Whether a path names a table that is swept as a whole.
pub(super) fn is_whole_table(path: &Path) -> bool {
    WHOLE_TABLES.iter().any(|(table, _)| path.transport.is_none() && path.steps.join(".") == *table)
}

fn unknown(text: &str, dotted: &str, below: &str, span: Span) -> Problem {
    let known: Vec<&str> = if below.is_empty() {
        let outside = |path: &&str| !path.starts_with("transport.") && !path.starts_with("chart.");
        keys::KEYS.iter().map(|key| key.path).filter(outside).collect()
    } else {
        keys::names_below(below).into_iter().chain(keys::OVERRIDES.iter().copied()).collect()
    };
    let problem = Problem::new(format!("`{text}` is not a key of an experiment")).at(span, "unknown key");
    if !below.is_empty() {
        return problem.suggest(dotted, known);
    }
    let near = known.iter().map(|path| (strsim::damerau_levenshtein(dotted, path), *path)).min();
    match near.filter(|(distance, path)| *distance <= path.len() / 3) {
        Some((_, path)) => problem.help(format!("did you mean `{path}`?")),
        None => problem.help("write the whole path, such as \"source.tick.hit\" or \"clients.count\""),
    }
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
    match path.transport {
        None => root.set(&path.keys(), node),
        Some(place) => {
            if let Some(transport) = super::document::transports_mut(root).and_then(|list| list.get_mut(place)) {
                transport.set(&path.keys(), node);
            }
        }
    }
}
