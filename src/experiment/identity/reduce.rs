//! The smallest document with the same complete document: a key is left out if the program restores the same value.

use super::canonical::{Canonical, CanonicalLines};
use super::inherit::inherit;
use crate::experiment::Experiment;
use crate::experiment::node::{Node, Value};
use crate::experiment::quote::quoted;

/// The path of a node.
#[derive(Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// The lines of the smallest document, and of the complete one.
pub(super) fn reduce(experiment: &Experiment, canonical: &Canonical) -> (CanonicalLines, CanonicalLines) {
    // Complete the document first: then it does not matter which parts were written.
    let mut left = experiment.completed(experiment.template.clone());
    inherit(&mut left, &experiment.sweep);
    let complete = complete_lines(canonical, &left);
    let mut reducer = Reducer { experiment, canonical, complete, left };
    reducer.children(&[]);
    (canonical.lines(&reducer.left, true), reducer.complete)
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
    /// Leaves out the keys that it can of the table at `path`, in the order of their names.
    fn children(&mut self, path: &[Step]) {
        let Some(table) = at(&mut self.left, path).and_then(|node| node.as_table()) else { return };
        let mut names: Vec<String> = table.entries.iter().map(|entry| entry.key.clone()).collect();
        names.sort();
        for name in names {
            let below: Vec<Step> = path.iter().cloned().chain([Step::Key(name.clone())]).collect();
            if path.is_empty() && ["transport", "population"].contains(&name.as_str()) {
                for item in 0..self.left.list(&name).len() {
                    self.children(&[Step::Key(name.clone()), Step::Item(item)]);
                }
            } else if !self.leave_out(path, &name) {
                self.children(&below);
            }
        }
    }

    /// Leaves out a key if the document is complete without it.
    fn leave_out(&mut self, path: &[Step], name: &str) -> bool {
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

fn at<'a>(root: &'a mut Node, path: &[Step]) -> Option<&'a mut Node> {
    let (node, rest) = match path {
        [] => return Some(root),
        [Step::Key(name), Step::Item(item), rest @ ..] => (root.list_mut(name).get_mut(*item)?, rest),
        [Step::Key(name), rest @ ..] => {
            let Value::Table(table) = &mut root.value else { return None };
            (&mut table.entries.iter_mut().find(|entry| entry.key == *name)?.node, rest)
        }
        [Step::Item(_), ..] => return None,
    };
    at(node, rest)
}
