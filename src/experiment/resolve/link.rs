//! `network.server_link`, `network.client_link`, `network.loss`: the limits of the network.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::keys;
use crate::model::scenario::{Link, Loss};
use crate::units::{BitRate, Probability, Time};

/// Reads the link at `path`; `None` without a limit.
pub(super) fn link(reader: Reader, path: &str, diagnostics: &mut Diagnostics) -> Option<Link> {
    let node = reader.node(path)?;
    let Some(table) = node.as_table() else {
        let both: BitRate = reader.right(path)?;
        return Some(Link { up: Some(both), down: Some(both) });
    };
    let rate = |direction: &str| reader.right(&format!("{path}.{direction}"));
    let link = Link { up: rate("up"), down: rate("down") };
    let name = reader.name(path);
    if table.get("up").or(table.get("down")).is_none() && !keys::has_unknown(&name, table) {
        let problem = Problem::new(format!("`{name}` has no capacity")).at(node.span, "incomplete");
        diagnostics.error(problem.help("write \"100 Mbit/s\", or { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"));
    }
    link.up.or(link.down)?;
    Some(link)
}

/// Reads `network.loss`; `None` without loss.
pub(super) fn loss(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Loss> {
    let name = reader.name("network.loss");
    reader.node("network.loss")?.as_table()?;
    if reader.lacks("network.loss", &["rate"], "write loss = { rate = \"1 %\" }", diagnostics) {
        return None;
    }
    if reader.right("network.loss.rate") == Some(Probability::ONE) {
        let problem = Problem::new(format!("`{name}.rate` must be below 1"));
        let problem = problem.at(reader.span("network.loss.rate"), "nothing would ever arrive");
        diagnostics.error(problem.help("write a share of the packets such as \"1 %\""));
        return None;
    }
    let (timeout, max_timeout) = (reader.time("network.loss.timeout"), reader.time("network.loss.max_timeout"));
    if max_timeout < timeout {
        let problem = Problem::new(format!("`{name}.max_timeout` must not be below `timeout`"));
        let problem = problem
            .at(reader.written(&["network.loss.max_timeout", "network.loss.timeout"]), format!("below {timeout}"));
        diagnostics.error(problem.help("exchange them, or write a longer max_timeout"));
    }
    let rate = reader.read("network.loss.rate");
    let loss = Loss { rate, timeout: timeout.max(Time(1)), max_timeout: max_timeout.max(timeout).max(Time(1)) };
    Some(loss)
}
