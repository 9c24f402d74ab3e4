//! `[experiment] baseline`: the transport with which all others are compared.

use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Span};

/// The baseline of the document, one of the `runs` of a point; `None` without one, or after an error.
pub(super) fn read(root: &Node, runs: &[String], diagnostics: &mut Diagnostics) -> Option<String> {
    let node = root.get(&["experiment", "baseline"])?;
    let name = node.as_text()?;
    // Missing transports are reported elsewhere.
    if runs.is_empty() {
        return None;
    }
    if let [only] = runs {
        let problem = Problem::new("there is nothing to compare with the baseline").at(node.span, "the only one");
        diagnostics.error(
            problem
                .help(format!("each point has one run, `{only}`: add a [[transport]]"))
                .help("to compare it with another experiment, write cometsim compare output/ONE output/OTHER"),
        );
        return None;
    }
    if runs.iter().any(|run| run == name) {
        return Some(name.to_owned());
    }
    diagnostics.error(no_such(name, node.span, runs));
    None
}

/// The error of a name that no transport has.
pub(super) fn no_such(name: &str, span: Span, runs: &[String]) -> Problem {
    let problem = Problem::new(format!("no transport is named `{name}`")).at(span, "unknown");
    problem.suggest(name, runs.iter().map(String::as_str))
}
