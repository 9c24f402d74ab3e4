//! Defaults: every key that is not written gets its default, so that one point is complete.

use super::document::{list, list_mut};
use super::keys::{KEYS, TRANSPORTS};
use super::node::{Node, Span, Value};

/// The written-out defaults of tick source and request source.
const HIT: &str = "15/999";
const EVERY: &str = "0.5 s";

/// Defaults of keys of a table that is there: the table, the key below it, the default.
const DEPENDENT: &[(&[&str], &str, &str)] = &[
    (&["clients", "on_error"], "retry.first", "\"1 s\""),
    (&["clients", "on_error"], "retry.factor", "2"),
    (&["clients", "on_error"], "retry.max", "\"30 s\""),
    (&["clients", "on_error"], "retry.jitter", "\"50 %\""),
    (&["clients", "on_timeout"], "retry.first", "\"1 s\""),
    (&["clients", "on_timeout"], "retry.factor", "2"),
    (&["clients", "on_timeout"], "retry.max", "\"30 s\""),
    (&["clients", "on_timeout"], "retry.jitter", "\"50 %\""),
    (&["clients", "crowd"], "within", "\"0 s\""),
    (&["http", "http2"], "first_request", "\"435 B\""),
    (&["http", "http2"], "request", "\"20 B\""),
    (&["http", "http2"], "first_response", "\"109 B\""),
    (&["http", "http2"], "response", "\"15 B\""),
    (&["http", "http2"], "date", "\"23 B\""),
    (&["network", "loss"], "timeout", "\"1 s\""),
    (&["network", "loss"], "max_timeout", "\"60 s\""),
    (&["server", "restart"], "down", "\"0 s\""),
    (&["network", "wire"], "segment", "\"1448 B\""),
    (&["network", "wire"], "header", "\"52 B\""),
    (&["network", "wire"], "ack_delay", "\"40 ms\""),
    (&["network", "wire"], "server_ack_delay", "\"0 s\""),
    (&["network", "wire"], "keep_alive", "\"75 s\""),
    (&["network", "wire", "tls"], "client", "\"259 B\""),
    (&["network", "wire", "tls"], "server", "\"774 B\""),
    (&["network", "wire", "tls"], "record", "\"22 B\""),
    (&["cost"], "cpu_per_request", "\"100 us\""),
    (&["cost"], "cpu_per_check", "\"10 us\""),
    (&["cost"], "cpu_per_byte", "\"1 ns\""),
    (&["cost"], "cpu_per_push", "\"10 us\""),
    (&["cost"], "cpu_per_handshake", "\"100 us\""),
    (&["cost"], "memory_per_connection", "\"17 kB\""),
    (&["cost"], "memory_per_worker", "\"700 kB\""),
    (&["cost"], "memory_base", "\"0 B\""),
    (&["cost"], "price_per_gb", "0.09"),
    (&["cost"], "price_per_core_hour", "0.0425"),
];

/// Defaults that depend on what a sweep varies, so that each point has its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    /// What depends on `source.scope`.
    pub source: bool,
    /// What depends on whether there is a table `[http.http2]`.
    pub http2: bool,
}

/// Defaults that are written out where a table needs them, beside those of the table of keys.
const WRITTEN_OUT: &[(&str, &str)] = &[
    ("clients.tabs_per_browser", "1"),
    ("clients.connections_per_host", "6"),
    ("network.up.constant", "\"0 s\""),
    ("network.down.constant", "\"0 s\""),
    ("source.trace.repeat", "false"),
];

/// The default of a key that depends on the tables around it.
pub(super) fn dependent_default(path: &str) -> Option<&'static str> {
    let above = |table: &[&str], name: &str| format!("{}.{name}", table.join("."));
    let path = path.strip_prefix("population.").map_or_else(
        || path.to_owned(),
        |path| match path {
            path if path.starts_with("on_timeout") => format!("clients.{path}"),
            path => path.to_owned(),
        },
    );
    let path = path.replacen("transport.http2.", "http.http2.", 1);
    let written = WRITTEN_OUT.iter().find(|(known, _)| *known == path).map(|(_, default)| *default);
    let dependent = DEPENDENT.iter().find(|(table, name, _)| above(table, name) == path);
    written.or_else(|| dependent.map(|(_, _, default)| *default))
}

/// Adds every default to the document but those that are left open.
pub(super) fn fill(root: &mut Node, title: &str, open: Open) {
    let span = Span::default();
    root.set_default(&["experiment", "title"], Node::text(title, span));
    let is_notified = root.get(&["server", "check"]).and_then(Node::as_text) == Some("notify");
    for key in KEYS {
        let Some(default) = key.default else { continue };
        if key.path.starts_with("transport.") || key.path.starts_with("chart.") {
            continue;
        }
        if key.path == "clients.count" && populations_count_themselves(root) {
            continue;
        }
        if is_notified && key.path.starts_with("server.check.") {
            continue;
        }
        let steps: Vec<&str> = key.path.split('.').collect();
        root.set_default(&steps, literal(default));
    }
    for direction in ["up", "down"] {
        let is_empty = |node: &Node| node.as_table().is_some_and(|table| table.entries.is_empty());
        if root.get(&["network", direction]).is_none_or(is_empty) {
            root.set(&["network", direction, "constant"], Node::text("0 s", span));
        }
    }
    for (path, name, default) in DEPENDENT {
        if root.get(path).is_some_and(|node| node.as_table().is_some()) {
            let steps: Vec<&str> = path.iter().copied().chain(name.split('.')).collect();
            root.set_default(&steps, literal(default));
        }
    }
    for population in list_mut(root, "population").into_iter().flatten() {
        if population.get(&["on_timeout"]).is_some_and(|node| node.as_table().is_some()) {
            for (_, name, default) in DEPENDENT.iter().filter(|(path, ..)| *path == ["clients", "on_timeout"]) {
                let steps: Vec<&str> = std::iter::once("on_timeout").chain(name.split('.')).collect();
                population.set_default(&steps, literal(default));
            }
        }
        if population.get(&["network", "loss"]).is_some_and(|node| node.as_table().is_some()) {
            population.set_default(&["network", "loss", "timeout"], literal("\"1 s\""));
            population.set_default(&["network", "loss", "max_timeout"], literal("\"60 s\""));
        }
    }
    let browsers = [("tabs_per_browser", "1"), ("connections_per_host", "6")];
    if browsers.iter().any(|(name, _)| root.get(&["clients", name]).is_some()) {
        for (name, default) in browsers {
            root.set_default(&["clients", name], literal(default));
        }
    }
    if !open.source {
        fill_source(root);
    }
    // Without sizes for all a transport has the defaults; with them it has those.
    let has_sizes = open.http2 || root.get(&["http", "http2"]).is_some_and(|node| node.as_table().is_some());
    for transport in list_mut(root, "transport").into_iter().flatten() {
        fill_transport(transport);
        if !has_sizes && transport.get(&["http2"]).is_some_and(|node| node.as_table().is_some()) {
            for (_, name, default) in DEPENDENT.iter().filter(|(path, ..)| *path == ["http", "http2"]) {
                transport.set_default(&["http2", name], literal(default));
            }
        }
    }
}

/// Whether there are populations and each says how many clients it has.
pub(super) fn populations_count_themselves(root: &Node) -> bool {
    let populations = list(root, "population");
    !populations.is_empty() && populations.iter().all(|population| population.get(&["count"]).is_some())
}

fn fill_source(root: &mut Node) {
    let span = Span::default();
    if root.get(&["source", "scope"]).and_then(Node::as_text) == Some("request") {
        root.set_default(&["source", "hit"], Node::text(HIT, span));
        return;
    }
    if root.get(&["source", "scope"]).and_then(Node::as_text) == Some("group") {
        root.set_default(&["source", "size"], literal("10"));
        return;
    }
    let has_process =
        ["poisson", "periodic", "trace", "on_off", "day"].iter().any(|name| root.get(&["source", name]).is_some());
    if !has_process || root.get(&["source", "tick"]).is_some() {
        root.set_default(&["source", "tick", "every"], Node::text(EVERY, span));
        root.set_default(&["source", "tick", "hit"], Node::text(HIT, span));
    }
    if root.get(&["source", "trace"]).is_some() {
        root.set_default(&["source", "trace", "repeat"], literal("false"));
    }
    if root.get(&["source", "day"]).is_some() {
        root.set_default(&["source", "day", "period"], literal("\"1 d\""));
    }
}

fn fill_transport(transport: &mut Node) {
    for kind in TRANSPORTS {
        if transport.get(&[kind]).is_none_or(|node| node.as_table().is_none()) {
            continue;
        }
        let below = format!("transport.{kind}.");
        for key in KEYS {
            if let (Some(name), Some(default)) = (key.path.strip_prefix(&below), key.default) {
                transport.set_default(&[kind, name], literal(default));
            }
        }
    }
}

/// A default of the table of keys as a value.
pub(super) fn literal(text: &str) -> Node {
    let span = Span::default();
    let value = match text {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        text => match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => Value::Text(text.to_owned()),
            None if text.contains('.') => Value::Float(text.to_owned()),
            None => Value::Integer(text.to_owned()),
        },
    };
    Node { value, span }
}
