//! The smallest document with the same complete document: a key is left out if the program restores the same value.

use super::canonical::{Canonical, CanonicalLines};
use super::inherit::inherit;
use crate::experiment::Experiment;
use crate::experiment::node::{Node, Value};
use crate::experiment::typed::quoted;

/// The lines of the smallest document, and of the complete one.
pub(super) fn reduce(experiment: &Experiment, canonical: &Canonical) -> (CanonicalLines, CanonicalLines) {
    let reducer = reduced(experiment, canonical);
    (canonical.lines(&reducer.left, true), reducer.complete)
}

/// The smallest document itself.
pub(super) fn smallest(experiment: &Experiment, canonical: &Canonical) -> Node {
    reduced(experiment, canonical).left
}

fn reduced<'a>(experiment: &'a Experiment, canonical: &'a Canonical) -> Reducer<'a> {
    // Complete the document first: then it does not matter which parts were written.
    let mut left = experiment.completed(experiment.template.clone());
    inherit(&mut left, &experiment.sweep);
    let complete = complete_lines(canonical, &left);
    let mut reducer = Reducer { experiment, canonical, complete, left };
    reducer.children(&[]);
    reducer
}

/// The lines of a complete document. A table `[proxy]` decides numbers, even an empty one, and so does `http2` of a
/// transport if the sizes for all are swept.
fn complete_lines(canonical: &Canonical, complete: &Node) -> CanonicalLines {
    let mut lines = canonical.lines(complete, false);
    if complete.get(&["proxy"]).is_some() {
        lines.insert("proxy".to_owned(), "{}".to_owned());
    }
    let is_empty = |item: &&Node| item.get(&["http2"]).is_some_and(Node::is_empty_table);
    for transport in complete.list("transport").iter().filter(is_empty) {
        let name = transport.name().unwrap_or_default();
        lines.insert(format!("transport.{}.http2", quoted(name)), "{}".to_owned());
    }
    lines
}

struct Reducer<'a> {
    experiment: &'a Experiment,
    canonical: &'a Canonical<'a>,
    complete: CanonicalLines,
    /// The keys that are left.
    left: Node,
}

impl Reducer<'_> {
    /// Leaves out the keys that it can of the table at `path`, in the order of their names. Steps of a path are names
    /// of keys and numbers of items.
    fn children(&mut self, path: &[String]) {
        let Some(table) = at(&mut self.left, path).and_then(|node| node.as_table()) else { return };
        let mut names: Vec<String> = table.entries.iter().map(|entry| entry.key.clone()).collect();
        names.sort();
        for name in names {
            if path.is_empty() && ["transport", "population"].contains(&name.as_str()) {
                for item in 0..self.left.list(&name).len() {
                    self.children(&[name.clone(), item.to_string()]);
                }
            } else if !self.leave_out(path, &name) {
                self.children(&[path, &[name]].concat());
            }
        }
    }

    /// Leaves out a key if the document is complete without it.
    fn leave_out(&mut self, path: &[String], name: &str) -> bool {
        let mut candidate = self.left.clone();
        if let Some(Value::Table(table)) = at(&mut candidate, path).map(|node| &mut node.value) {
            table.remove(name);
        }
        let mut completed = self.experiment.completed(candidate.clone());
        inherit(&mut completed, &self.experiment.sweep);
        let is_same = complete_lines(self.canonical, &completed) == self.complete;
        if is_same {
            self.left = candidate;
        }
        is_same
    }
}

fn at<'a>(root: &'a mut Node, path: &[String]) -> Option<&'a mut Node> {
    path.iter().try_fold(root, |node, step| match &mut node.value {
        Value::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Table(table) => table.get_mut(step),
        _ => None,
    })
}
