//! The table of keys: every key of the experiment file, its kind, its default and a line of explanation.
//!
//! The reader, the error messages, the sweeps, the written-out experiment and the guide all use this one table.

mod table;

use std::fmt::Write as _;

pub use table::KEYS;

/// A key of the experiment file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Dotted path; for a transport or a chart without its name.
    pub path: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// The default as written in the file; `None` where there is none or where it depends on other keys.
    pub default: Option<&'static str>,
    /// What it means, in a line.
    pub doc: &'static str,
}

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text, or an empty one for none.
    Title,
    /// A whole number from the first to the last.
    Count(u64, u64),
    /// A number above zero.
    Positive,
    /// A number of at least zero.
    NotNegative,
    /// `true` or `false`.
    Flag,
    /// A time of at least zero.
    Time,
    /// A time above zero.
    Span,
    /// A size.
    Bytes,
    /// A rate above zero.
    Rate,
    /// A capacity above zero, or a table with one for each direction.
    BitRateOrTable,
    /// A capacity above zero.
    BitRate,
    /// A probability in (0, 1].
    Probability,
    /// A share in [0, 1].
    Share,
    /// A time, or the word.
    TimeOr(&'static str),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A table, or the word.
    TableOr(&'static str),
    /// One of these words, or a table.
    ChoiceOrTable(&'static [&'static str]),
    /// A time, or a table with the distribution of one.
    TimeOrTable,
    /// A file, relative to the experiment file.
    File,
    /// One text, or a list of them.
    Texts,
    /// A list of such words.
    Words(&'static [&'static str]),
    /// A list of numbers of at least zero, one of them above, so many at most.
    Numbers(usize),
}

impl Kind {
    /// The unit of the numbers in a result column; `None` for plain numbers and words.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Kind::Time | Kind::Span | Kind::TimeOr(_) | Kind::TimeOrTable => Some("s"),
            Kind::Bytes => Some("B"),
            Kind::Rate => Some("/s"),
            Kind::BitRate | Kind::BitRateOrTable => Some("Mbit/s"),
            _ => None,
        }
    }

    /// Whether a table may stand in the place of a plain value.
    pub(super) fn allows_table(self) -> bool {
        matches!(self, Kind::TableOr(_) | Kind::ChoiceOrTable(_) | Kind::TimeOrTable | Kind::BitRateOrTable)
    }

    /// What is allowed, in words.
    pub fn allowed(self) -> String {
        match self {
            Kind::Text => "a string".to_owned(),
            Kind::Title => "a string, empty for no title".to_owned(),
            Kind::Count(low, high) => format!("a whole number from {low} to {high}"),
            Kind::Positive => "a number above 0".to_owned(),
            Kind::NotNegative => "a number of at least 0".to_owned(),
            Kind::Flag => "true or false, without quotes".to_owned(),
            Kind::Time => format!("a time such as \"0.5 s\" (units: {})", crate::units::Time::UNITS),
            Kind::Span => format!("a time above 0 such as \"0.5 s\" (units: {})", crate::units::Time::UNITS),
            Kind::Bytes => format!("a size such as \"871 B\" (units: {})", crate::units::Bytes::UNITS),
            Kind::Rate => format!("a rate above 0 such as \"0.03 /s\" (units: {})", crate::units::Rate::UNITS),
            Kind::BitRate => {
                format!("a capacity above 0 such as \"100 Mbit/s\" (units: {})", crate::units::BitRate::UNITS)
            }
            Kind::BitRateOrTable => {
                "a capacity such as \"100 Mbit/s\", or one for each direction such as { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"
                    .to_owned()
            }
            Kind::Probability => "a probability above 0 and at most 1, such as \"15/999\", \"5 %\" or 0.01".to_owned(),
            Kind::Share => "a share from 0 to 1, such as \"50 %\" or 0.5".to_owned(),
            Kind::TimeOr(word) => format!("a time such as \"0.5 s\", or \"{word}\""),
            Kind::Choice(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            Kind::ChoiceOrTable(words) => format!("{}, or a table", Kind::Choice(words).allowed()),
            Kind::TimeOrTable => {
                "a time such as \"6 ms\", or a distribution such as { exponential = \"6 ms\" }".to_owned()
            }
            Kind::TableOr(word) => format!("a table, or \"{word}\""),
            Kind::File => "the path of a file, relative to the experiment file".to_owned(),
            Kind::Texts => "a string, or a list of strings".to_owned(),
            Kind::Words(words) => format!("a list of: {}", words.join(", ")),
            Kind::Numbers(most) => format!("a list of 1 to {most} numbers of at least 0, one of them above 0"),
        }
    }
}

/// The kinds of transports: a transport has the table of one.
pub(super) const TRANSPORTS: &[&str] = crate::model::scenario::TransportKind::WORDS;

/// The keys of a transport's table that override keys of other tables.
pub(super) const OVERRIDES: &[&str] =
    &["timeout", "request_header", "response_header", "request_body", "empty_body", "message_framing", "http2"];

/// The word that says that a table or a limit is not there.
pub(super) const OFF: &str = "off";

/// Tables and keys that may be `"off"`, which is the same as leaving them out: then what they describe is not there.
pub const MAY_BE_OFF: &[&str] = &[
    "clients.session",
    "clients.arrival_rate",
    "clients.crowd",
    "clients.sends",
    "source.spread",
    "http.http2",
    "server.check.drift",
    "server.restart",
    "server.workers",
    "server.backlog",
    "server.service",
    "proxy",
    "proxy.read_timeout",
    "proxy.idle_timeout",
    "cost",
    "cost.radio",
    "network.up",
    "network.down",
    "network.wire",
    "network.wire.tls",
    "network.server_link",
    "network.client_link",
    "network.loss",
    "transport.streaming.recycle_after",
    "transport.streaming.recycle_bytes",
    "transport.streaming.keep_alive",
    "transport.sse.recycle_after",
    "transport.sse.recycle_bytes",
    "transport.sse.keep_alive",
    "transport.websocket.recycle_after",
    "transport.websocket.recycle_bytes",
    "transport.websocket.keep_alive",
];

/// Whether the key or the table at a dotted path may be `"off"`.
pub(super) fn may_be_off(path: &str) -> bool {
    MAY_BE_OFF.contains(&path)
}

/// The names beside the last one of a dotted path that cannot stand beside it: of laws and processes there is one.
pub(super) fn excluded_by(path: &str) -> Vec<&'static str> {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut names = alternatives(parent);
    if !names.contains(&last) {
        return Vec::new();
    }
    names.retain(|name| *name != last);
    names
}

/// The names directly below a path of which one may stand there.
pub(super) fn alternatives(parent: &str) -> Vec<&'static str> {
    const PROCESSES: [&str; 6] = ["tick", "poisson", "periodic", "trace", "on_off", "day"];
    let mut names = names_below(parent);
    match parent {
        "source" | "clients.sends" => names.retain(|name| PROCESSES.contains(name)),
        "source.spread" => {}
        _ if names.contains(&"constant") && names.contains(&"exponential") => {}
        _ => names.clear(),
    }
    names
}

/// The key at a dotted path.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether a table holds a key that is not allowed below `path`: what seems missing may be misspelled.
pub(super) fn has_unknown(path: &str, table: &super::node::Table) -> bool {
    let names = names_below(path);
    table.entries.iter().any(|entry| !names.contains(&entry.key.as_str()))
}

/// Whether keys lie below this path.
pub(super) fn is_table(path: &str) -> bool {
    KEYS.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The names that may stand directly below a path, each once, in the order of the table.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in KEYS {
        let below = if path.is_empty() {
            Some(key.path)
        } else {
            key.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'))
        };
        if let Some(name) = below.and_then(|rest| rest.split('.').next()).filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    names
}

/// The table of keys as Markdown, for the guide.
pub fn key_table_markdown() -> String {
    let mut text = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for key in KEYS {
        let default = key.default.map_or(String::new(), |default| format!("`{default}`"));
        let _ = writeln!(text, "| `{}` | {} | {default} | {} |", key.path, key.kind.allowed(), key.doc);
    }
    text
}
