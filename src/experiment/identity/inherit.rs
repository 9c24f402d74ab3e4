//! Keys of a transport or population that inherit the value of another key.

use crate::experiment::fill::literal;
use crate::experiment::keys;
use crate::experiment::node::{Node, Span};
use crate::experiment::sweep::Sweep;

/// Writes into a complete document the values that transports and populations inherit. Keys that inherit a swept key
/// are left out: their value differs from point to point.
pub(super) fn inherit(root: &mut Node, sweep: &Sweep) {
    let globals = Globals { root: root.clone(), sweep };
    for transport in root.list_mut("transport").iter_mut() {
        globals.of_transport(transport);
    }
    let transports = root.clone();
    for population in root.list_mut("population").iter_mut() {
        globals.of_population(population, &transports);
    }
    if root.get(&["clients", "sends"]).is_some_and(Node::is_table) {
        globals.give(root, &["clients", "sends", "payload"], "source.payload");
    }
}

struct Globals<'a> {
    root: Node,
    sweep: &'a Sweep,
}

impl Globals<'_> {
    /// The value of a key, if it is the same at every point.
    fn get(&self, path: &str) -> Option<&Node> {
        if self.is_swept(path) {
            return None;
        }
        self.root.get(&path.split('.').collect::<Vec<_>>())
    }

    /// Whether the key, something above it or something below it is swept.
    fn is_swept(&self, path: &str) -> bool {
        let overlaps = |swept: &str| {
            let is_below = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
            swept == path || is_below(swept, path) || is_below(path, swept)
        };
        let mut plain = self.sweep.axes.iter().filter(|axis| axis.path.item.is_none());
        plain.any(|axis| overlaps(&axis.path.steps.join(".")))
    }

    /// Sets the value at `target`, unless there is one, to that of the key `path`.
    fn give(&self, node: &mut Node, target: &[&str], path: &str) {
        let is_missing = node.get(target).is_none_or(Node::is_empty_table);
        if let (true, Some(value)) = (is_missing, self.get(path)) {
            node.set(target, value.clone());
        }
    }

    fn of_transport(&self, transport: &mut Node) {
        for (name, other) in keys::overrides().filter(|(name, _)| *name != "http2") {
            self.give(transport, &[name], other);
        }
        self.http2(transport);
        if transport.get(&["long_poll"]).is_some_and(Node::is_table) {
            self.give(transport, &["long_poll", "hold"], "server.hold");
            self.check(transport);
        }
    }

    fn http2(&self, transport: &mut Node) {
        let is_swept = self.is_swept("http.http2");
        match transport.get(&["http2"]).map(Node::is_table) {
            None if !is_swept && self.root.get(&["http", "http2"]).is_none() => {
                transport.set(&["http2"], Node::text("off", Span::default()));
            }
            None => self.give(transport, &["http2"], "http.http2"),
            Some(true) => {
                for name in keys::names_below("http.http2") {
                    self.give(transport, &["http2", name], &format!("http.http2.{name}"));
                }
            }
            Some(false) => {}
        }
    }

    /// The check loop of a long poll: its own loop inherits the parts of the server's loop that it does not name, or
    /// their defaults if the server notifies.
    fn check(&self, transport: &mut Node) {
        let Some(server) = self.get("server.check") else { return };
        let own = transport.get(&["long_poll", "check"]);
        if own.is_some_and(|own| !own.is_table()) {
            return;
        }
        if own.is_none() && !server.is_table() {
            transport.set(&["long_poll", "check"], server.clone());
            return;
        }
        for name in keys::names_below("transport.long_poll.check") {
            let default = || {
                let key = keys::find(&format!("server.check.{name}"))?;
                Some(literal(key, key.default()?))
            };
            let value = server.get(&[name]).cloned().or_else(default);
            if let Some(value) = value {
                transport.set_default(&["long_poll", "check", name], value);
            }
        }
    }

    fn of_population(&self, population: &mut Node, root: &Node) {
        self.give(population, &["on_timeout"], "clients.on_timeout");
        for name in ["up", "down", "client_link", "loss"] {
            self.give(population, &["network", name], &format!("network.{name}"));
        }
        // Its own timeout overrides the timeout of its transport.
        let sweeps_items = self.sweep.axes.iter().any(|axis| axis.path.item.is_some());
        let name = population.get(&["transport"]).and_then(Node::as_text);
        let is_it = |transport: &&Node| transport.name() == name;
        let transport = root.list("transport").iter().find(is_it);
        let timeout = transport.and_then(|transport| transport.get(&["timeout"]));
        if let (false, Some(_), Some(timeout)) = (sweeps_items, name, timeout.cloned()) {
            population.set_default(&["timeout"], timeout);
        }
    }
}
