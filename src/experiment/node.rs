//! The document tree: owned values with their places.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::typed::Typed;

/// A place in a source text: the text, and a range of its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub source: usize,
    pub start: usize,
    pub end: usize,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub value: Value,
    /// Its typed value, once it has been checked.
    pub typed: Option<Typed>,
    pub span: Span,
}

/// A value as written; numbers keep their text.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(String),
    Float(String),
    Flag(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

/// A table in the order of its keys in the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

impl Node {
    /// A value that has not been checked.
    pub fn new(value: Value, span: Span) -> Node {
        Node { value, typed: None, span }
    }

    /// A text.
    pub fn text(text: impl Into<String>, span: Span) -> Node {
        Node::new(Value::Text(text.into()), span)
    }

    pub fn from_toml(value: &Spanned<DeValue>, source: usize, offset: isize) -> Node {
        let span = span_of(value.span(), source, offset);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => Value::Integer(integer_text(integer.as_str(), integer.radix())),
            DeValue::Float(float) => Value::Float(float.as_str().to_owned()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| Node::from_toml(item, source, offset)).collect())
            }
            DeValue::Table(table) => Value::Table(Table::from_toml(table, source, offset)),
        };
        Node::new(value, span)
    }

    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn is_table(&self) -> bool {
        self.as_table().is_some()
    }

    /// Whether it is a table without keys.
    pub fn is_empty_table(&self) -> bool {
        self.as_table().is_some_and(|table| table.entries.is_empty())
    }

    pub fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The kind of this value, in words.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a decimal number",
            Value::Flag(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value at a path of keys.
    pub fn get(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.as_table()?.get(key))
    }

    /// The value at a dotted path.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.as_table()?.get(key))
    }

    /// Sets the value at a path of keys; values on the way that are not tables become tables.
    pub fn set(&mut self, path: &[&str], node: Node) {
        let Some((first, rest)) = path.split_first() else {
            *self = node;
            return;
        };
        if self.as_table().is_none() {
            self.value = Value::Table(Table::default());
        }
        if let Some(table) = self.as_table_mut() {
            table.entry(first, node.span).set(rest, node);
        }
    }

    /// The table at a path of keys; another value there becomes a table.
    pub fn table_at(&mut self, path: &[&str], span: Span) -> Option<&mut Table> {
        if self.get(path).is_none_or(|node| node.as_table().is_none()) {
            self.set(path, Node::new(Value::Table(Table::default()), span));
        }
        let node = path.iter().try_fold(self, |node, key| node.as_table_mut()?.get_mut(key))?;
        node.as_table_mut()
    }

    /// The tables of a list of tables, such as `transport` or `chart`.
    pub fn list(&self, name: &str) -> &[Node] {
        match self.get(&[name]).map(|node| &node.value) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The tables of a list of tables, to be changed.
    pub fn list_mut(&mut self, name: &str) -> &mut [Node] {
        match self.as_table_mut().and_then(|table| table.get_mut(name)).map(|node| &mut node.value) {
            Some(Value::List(list)) => list,
            _ => &mut [],
        }
    }

    /// The name of a table of a list.
    pub fn name(&self) -> Option<&str> {
        self.get(&["name"])?.as_text()
    }

    /// Removes the value at a path of keys, if there is one.
    pub fn remove(&mut self, path: &[&str]) {
        let Some((last, above)) = path.split_last() else { return };
        if self.get(path).is_some()
            && let Some(table) = self.table_at(above, Span::default())
        {
            table.remove(last);
        }
    }

    /// Sets the value at a path of keys unless there is one.
    pub fn set_default(&mut self, path: &[&str], node: Node) {
        if self.get(path).is_none() {
            self.set(path, node);
        }
    }
}

impl Table {
    pub fn from_toml(table: &DeTable, source: usize, offset: isize) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: span_of(key.span(), source, offset),
                node: Node::from_toml(value, source, offset),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span);
        Table { entries }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
    }

    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(place))
    }

    fn entry(&mut self, key: &str, span: Span) -> &mut Node {
        let place = self.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            let node = Node::new(Value::Table(Table::default()), span);
            self.entries.push(Entry { key: key.to_owned(), key_span: span, node });
            self.entries.len() - 1
        });
        &mut self.entries[place].node
    }
}

fn span_of(range: std::ops::Range<usize>, source: usize, offset: isize) -> Span {
    let shifted = |byte: usize| byte.saturating_add_signed(offset);
    Span { source, start: shifted(range.start), end: shifted(range.end) }
}

/// The integer in decimal, if it fits; else as written.
fn integer_text(digits: &str, radix: u32) -> String {
    i128::from_str_radix(digits, radix).map_or_else(|_| digits.to_owned(), |integer| integer.to_string())
}
