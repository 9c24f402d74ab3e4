//! The names of transports, of populations, and of the runs of an experiment.

use super::diagnostics::{Diagnostics, Problem};
use super::keys;
use super::near::near_names;
use super::node::{Entry, Node, Span, Value};

/// The single run of an experiment in which every population has its own transport.
pub(super) const MIX: &str = "mix";

/// A transport in paths: its name, and `short_poll` or `long_poll`.
#[derive(Clone, Debug)]
pub(super) struct TransportName {
    pub name: String,
    pub kind: &'static str,
}

/// The names that paths can contain.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub transports: Vec<TransportName>,
    pub populations: Vec<String>,
}

impl Names {
    /// The names of the transports and populations of a document.
    pub fn of(root: &Node) -> Names {
        let name = |node: &Node| node.name().unwrap_or_default().to_owned();
        let transport = |node: &Node| TransportName {
            name: name(node),
            kind: keys::TRANSPORTS.iter().find(|kind| node.get(&[kind]).is_some()).unwrap_or(&"short_poll"),
        };
        Names {
            transports: root.list("transport").iter().map(transport).collect(),
            populations: root.list("population").iter().map(name).collect(),
        }
    }
}

/// There is at least one transport. Transports have distinct names, and so have populations.
pub(super) fn check(root: &Node, diagnostics: &mut Diagnostics) {
    let transports = root.list("transport");
    if transports.is_empty() && root.get(&["transport"]).is_none_or(|node| matches!(node.value, Value::List(_))) {
        let tables = || root.as_table().into_iter().flat_map(|table| &table.entries);
        // A table of another name is the first thing to mend.
        let is_meant = tables().any(|entry| !near_names(&entry.key, ["transport"]).is_empty());
        if !is_meant {
            // It would stand after what is simulated, before what is made of the results.
            let is_simulated = |entry: &&Entry| !["chart", "claim", "search", "sweep"].contains(&entry.key.as_str());
            let spans = tables().filter(is_simulated).map(|entry| entry.key_span);
            let last = spans.filter(|span| span.source == 0).max_by_key(|span| span.start);
            let place = last.unwrap_or(Span { source: 0, start: 0, end: 0 });
            let problem = Problem::new("there is no transport").at(place, "nothing to simulate");
            diagnostics.error(problem.help("add [[transport]] with name = \"long polling\" and long_poll = {}"));
        }
    }
    check_names(transports, "transport", "long polling", diagnostics);
    check_names(root.list("population"), "population", "mobile", diagnostics);
}

fn check_names(items: &[Node], what: &str, example: &str, diagnostics: &mut Diagnostics) {
    let mut names: Vec<&str> = Vec::new();
    for node in items.iter().filter(|node| node.is_table()) {
        let Some(name_node) = node.get(&["name"]) else {
            let problem = Problem::new(format!("a {what} needs a name")).at(node.span, "no name");
            diagnostics.error(problem.help(format!("add name = \"{example}\": tables and charts use it")));
            continue;
        };
        match name_node.as_text() {
            Some(name) if names.contains(&name) => {
                let problem = Problem::new(format!("two {what}s are named `{name}`"));
                diagnostics.error(problem.at(name_node.span, "the second").help("give each a name of its own"));
            }
            name => names.extend(name),
        }
    }
}

/// The names of the runs of a point: the transports, or [`MIX`].
pub(super) fn runs(root: &Node, transports: &[TransportName]) -> Vec<String> {
    if names_all_transports(root) {
        return vec![MIX.to_owned()];
    }
    transports.iter().map(|transport| transport.name.clone()).collect()
}

/// Whether there are populations and each has its own transport, so that all runs are the same.
pub(super) fn names_all_transports(root: &Node) -> bool {
    let populations = root.list("population");
    !populations.is_empty() && populations.iter().all(|population| population.get(&["transport"]).is_some())
}
