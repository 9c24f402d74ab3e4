//! A `[[transport]]` in the document, and a reader of the table of its kind.

use crate::experiment::node::{Node, Span};
use crate::experiment::resolve::reader::{Reader, StandIn};
use crate::model::scenario::TransportKind;

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

    /// A reader of its table.
    pub fn inside(self) -> Reader<'a> {
        self.reader.inside(self.node, "transport.")
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

    /// The value of a key; `None` if it is absent.
    pub fn get<T: StandIn>(self, name: &str) -> Option<T> {
        self.transport.inside().get(&self.path(name))
    }

    /// The value of a key that has one.
    pub fn read<T: StandIn>(self, name: &str) -> T {
        self.transport.inside().read(&self.path(name))
    }

    fn path(self, name: &str) -> String {
        format!("{}.{name}", self.kind.word())
    }
}
