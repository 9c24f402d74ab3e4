//! Keys without effect.

mod rules;

use std::collections::BTreeMap;

use super::view::{ClientsView, ResolvedPoint};
use crate::experiment::fill;
use crate::experiment::identity::canonical_value;
use crate::experiment::keys;
use crate::experiment::node::{Entry, Node, Span};
use crate::experiment::sweep::Sweep;
use crate::experiment::warning::{Diagnosis, Finding, Gathering, Subject, WarningKind};
use rules::{RULES, Rule};

/// The rule on a transport that no clients use: nothing else is said of its keys.
const UNUSED: &str = "transport.name";

/// Observations about the keys, over the points of a sweep.
#[derive(Debug, Default)]
pub(in crate::experiment) struct Idle {
    /// By the rule and the transport or population: `None` for a key with an effect at some point.
    keys: BTreeMap<(usize, Option<String>), Option<Seen>>,
}

/// A key without effect so far.
#[derive(Debug)]
struct Seen {
    place: Span,
    /// Whether a value other than the default was seen; otherwise no warning is needed.
    differs: bool,
    points: Vec<usize>,
}

impl Idle {
    /// Examines the keys of one point.
    pub fn look(&mut self, point: &ResolvedPoint) {
        let (root, views) = (point.reader.root, point.views());
        for (number, rule) in RULES.iter().enumerate() {
            let (list, path) = rule.split();
            for table in list.map_or(std::slice::from_ref(root), |list| root.list(list)) {
                let name = table.name();
                let key = (number, name.map(str::to_owned));
                if matches!(self.keys.get(&key), Some(None)) {
                    continue;
                }
                let Some(entry) = entry(table, path).filter(|entry| is_written(&entry.node)) else { continue };
                let is_its_own = |view: &&ClientsView| match list {
                    Some("transport") => view.transport.name() == name,
                    Some(_) => view.population.and_then(Node::name) == name,
                    None => true,
                };
                let mut own = views.iter().filter(is_its_own).peekable();
                let is_used = own.peek().is_some();
                if (!is_used && rule.key != UNUSED) || own.any(rule.acts) {
                    self.keys.insert(key, None);
                    continue;
                }
                let place = if entry.key_span == Span::default() { entry.node.span } else { entry.key_span };
                let seen = self.keys.entry(key).or_insert(Some(Seen { place, differs: false, points: Vec::new() }));
                if let Some(seen) = seen {
                    seen.points.push(point.number);
                    seen.differs |= differs(rule.key, &entry.node);
                }
            }
        }
    }

    /// Adds the keys without effect at every point.
    pub fn finish(self, found: &mut Gathering) {
        for ((number, name), seen) in self.keys {
            let Some(seen) = seen.filter(|seen| seen.differs) else { continue };
            let rule = &RULES[number];
            let subject = name.map(|name| Subject { transport: name, population: None, is_only_run: false });
            for point in seen.points {
                let what = Diagnosis {
                    kind: WarningKind::KeyWithoutEffect,
                    cause: rule.key.to_owned(),
                    weight: 0.0,
                    message: format!("`{}` has no effect here", rule.shown()),
                    details: vec![rule.why.to_owned()],
                    help: rule.help.to_owned(),
                };
                let finding = Finding { what, subject: subject.clone(), point };
                found.add_at(finding, Some((seen.place, "no effect".to_owned())));
            }
        }
    }
}

/// Keys of the file in a table that is swept as a whole: a value of the sweep without them removes them.
pub(in crate::experiment) fn look_at_sweep(root: &Node, sweep: &Sweep, found: &mut Gathering) {
    for axis in &sweep.axes {
        let dotted = axis.path.dotted();
        let one_of = keys::alternatives(&dotted);
        let table = axis.path.start(root).and_then(|start| start.get(&axis.path.keys())).and_then(Node::as_table);
        for entry in table.into_iter().flat_map(|table| &table.entries) {
            let path = format!("{dotted}.{}", entry.key);
            let has = |node: &Node| node.get(&[&entry.key]).map(|own| canonical_value(&path, own));
            let is_first = axis.values.first().and_then(has) == Some(canonical_value(&path, &entry.node));
            let is_lost = axis.values.iter().any(|node| node.is_table() && has(node).is_none());
            if one_of.contains(&entry.key.as_str()) || is_first || !is_lost || !differs(&path, &entry.node) {
                continue;
            }
            let what = Diagnosis {
                kind: WarningKind::KeyWithoutEffect,
                cause: path.clone(),
                weight: 0.0,
                message: format!(
                    "`{path}` of the file has no effect where the sweep of `{}` leaves it out",
                    axis.column
                ),
                details: vec!["a table that is swept as a whole takes the place of that of the file".to_owned()],
                help: format!("write {} in each value of the sweep that is to have it", entry.key),
            };
            let place = (entry.key_span, "not in every value of the sweep".to_owned());
            found.add_at(Finding { what, subject: None, point: 0 }, Some(place));
        }
    }
}

impl Rule {
    /// The list of the key, and the path in its tables.
    fn split(&self) -> (Option<&'static str>, &'static str) {
        keys::split_list(self.key).map_or((None, self.key), |(list, path)| (Some(list), path))
    }

    /// The key as a message names it.
    fn shown(&self) -> &'static str {
        let (list, path) = self.split();
        let of_kind = path.rsplit_once('.').filter(|(kind, _)| list.is_some() && keys::TRANSPORTS.contains(kind));
        of_kind.map_or(path, |(_, key)| key)
    }
}

/// The entry at a path of keys.
fn entry<'a>(node: &'a Node, path: &str) -> Option<&'a Entry> {
    let (above, last) = path.rsplit_once('.').map_or((None, path), |(above, last)| (Some(above), last));
    let table = above.into_iter().flat_map(|above| above.split('.')).try_fold(node, |node, key| node.get(&[key]))?;
    table.as_table()?.entries.iter().find(|entry| entry.key == last)
}

/// Whether the value comes from the file, an override or the sweep, not from a default.
fn is_written(node: &Node) -> bool {
    let below = node.as_table().into_iter().flat_map(|table| &table.entries);
    node.span != Span::default() || below.into_iter().any(|entry| is_written(&entry.node))
}

/// Whether a value differs from the value of the key if it is not written.
fn differs(path: &str, node: &Node) -> bool {
    if ["http.http2", "transport.http2"].contains(&path) {
        return node.as_text() != Some(keys::OFF);
    }
    if let (Some(key), Some(default)) = (keys::find(path), keys::default_in_table(path)) {
        return canonical_value(path, node) != canonical_value(path, &fill::literal(key, default));
    }
    match node.as_table() {
        Some(table) if !table.entries.is_empty() => {
            table.entries.iter().any(|entry| differs(&format!("{path}.{}", entry.key), &entry.node))
        }
        _ => true,
    }
}
