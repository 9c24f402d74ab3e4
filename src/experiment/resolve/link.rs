//! `network.server_link`, `network.client_link`, `network.loss`: what limits the network.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::experiment::node::Node;
use crate::model::scenario::{Link, Loss};
use crate::units::{BitRate, Probability, Time};

/// Reads a link; `None` where there is no limit. Its key in the file is `prefix` and `path`.
pub(super) fn link(reader: Reader, prefix: &str, path: &str, diagnostics: &mut Diagnostics) -> Option<Link> {
    let node = reader.node(path)?;
    let rate = |node: Option<&Node>| node.and_then(Node::as_text).and_then(|text| text.parse::<BitRate>().ok());
    let Some(table) = node.as_table() else {
        let both = rate(Some(node));
        return both.map(|_| Link { up: both, down: both });
    };
    let link = Link { up: rate(table.get("up")), down: rate(table.get("down")) };
    if table.get("up").or(table.get("down")).is_none() && !keys::has_unknown(&format!("{prefix}{path}"), table) {
        let problem = Problem::new(format!("`{prefix}{path}` has no capacity")).at(node.span, "incomplete");
        diagnostics.error(problem.help("write \"100 Mbit/s\", or { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"));
    }
    (link.up.or(link.down).is_some()).then_some(link)
}

/// Reads `network.loss`; `None` where no packet is lost.
pub(super) fn loss(reader: Reader, prefix: &str, diagnostics: &mut Diagnostics) -> Option<Loss> {
    let node = reader.node("network.loss")?;
    let table = node.as_table()?;
    if table.get("rate").is_none() {
        if !keys::has_unknown(&format!("{prefix}network.loss"), table) {
            let problem = Problem::new(format!("`{prefix}network.loss.rate` is missing")).at(node.span, "incomplete");
            diagnostics.error(problem.help("write loss = { rate = \"1 %\" }"));
        }
        return None;
    }
    let rate = reader.probability("network.loss.rate");
    if rate == Probability::ONE
        && table.get("rate").is_some_and(|rate| crate::experiment::values::probability("", rate).is_ok())
    {
        let problem = Problem::new(format!("`{prefix}network.loss.rate` must be below 1"));
        let problem = problem.at(reader.span("network.loss.rate"), "nothing would ever arrive");
        diagnostics.error(problem.help("write a share of the packets such as \"1 %\""));
        return None;
    }
    let (timeout, max_timeout) = (reader.time("network.loss.timeout"), reader.time("network.loss.max_timeout"));
    if max_timeout < timeout {
        let problem = Problem::new(format!("`{prefix}network.loss.max_timeout` must not be below `timeout`"));
        let problem = problem
            .at(reader.written(&["network.loss.max_timeout", "network.loss.timeout"]), format!("below {timeout}"));
        diagnostics.error(problem.help("exchange them, or write a longer max_timeout"));
    }
    let loss = Loss { rate, timeout: timeout.max(Time(1)), max_timeout: max_timeout.max(timeout).max(Time(1)) };
    Some(loss)
}
