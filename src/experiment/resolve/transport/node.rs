//! A `[[transport]]` in the document, and a reader of the table of its kind.

use crate::experiment::node::{Node, Span, Value};
use crate::experiment::resolve::Reader;
use crate::model::scenario::TransportKind;
use crate::units::{Bytes, Time};

/// One transport and the document around it.
#[derive(Clone, Copy)]
pub(in crate::experiment) struct TransportNode<'a> {
    pub reader: Reader<'a>,
    pub node: &'a Node,
}

impl<'a> TransportNode<'a> {
    pub fn get(self, path: &[&str]) -> Option<&'a Node> {
        self.node.get(path)
    }

    /// The transport's name.
    pub fn name(self) -> &'a str {
        self.get(&["name"]).and_then(Node::as_text).unwrap_or_default()
    }

    pub fn span(self) -> Span {
        self.get(&["name"]).map_or(self.node.span, |name| name.span)
    }
}

/// The table of a transport's kind.
#[derive(Clone, Copy)]
pub(super) struct KindTable<'a> {
    pub transport: TransportNode<'a>,
    pub kind: TransportKind,
}

impl<'a> KindTable<'a> {
    pub fn node(self, name: &str) -> Option<&'a Node> {
        self.transport.get(&[self.kind.word(), name])
    }

    pub fn span(self, name: &str) -> Span {
        self.node(name).map(|node| node.span).unwrap_or_default()
    }

    pub fn word(self, name: &str) -> &'a str {
        self.node(name).and_then(Node::as_text).unwrap_or_default()
    }

    pub fn flag(self, name: &str) -> bool {
        matches!(self.node(name).map(|node| &node.value), Some(Value::Flag(true)))
    }

    /// A time; of a word that is none, which has been reported, 1 s.
    pub fn time(self, name: &str) -> Option<Time> {
        self.node(name).and_then(Node::as_text).map(|text| text.parse().unwrap_or(Time::from_secs(1)))
    }

    pub fn bytes(self, name: &str) -> Option<Bytes> {
        self.node(name).and_then(Node::as_text).map(|text| text.parse().unwrap_or_default())
    }
}
