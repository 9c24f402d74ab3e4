//! From a text of TOML to a tree.

use toml::de::DeTable;

use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Span, Table, Value};
use super::syntax;

/// Parses a text into a tree; all syntax errors at once.
pub(super) fn parse(text: &str, source: usize, diagnostics: &mut Diagnostics) -> Node {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = (text.len() - body.len()).cast_signed();
    let (table, errors) = DeTable::parse_recoverable(body);
    let other = if errors.is_empty() { None } else { syntax::other_language(text, source) };
    let errors = if other.is_some() { Vec::new() } else { errors };
    if let Some(problem) = other {
        diagnostics.error(problem);
    }
    let mut last_line = None;
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        // After an error the rest of its line gives errors that say nothing new.
        let line = body.get(..range.start).unwrap_or(body).matches('\n').count();
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let shifted = |byte: usize| byte.saturating_add_signed(offset);
        let span = Span { source, start: shifted(range.start), end: shifted(range.end) };
        let problem = Problem::new(format!("this is not TOML: {}", error.message())).at(span, "here");
        diagnostics.error(problem.help(syntax::help(error.message(), line_of(text, span.start))));
    }
    let table = Table::from_toml(table.get_ref(), source, offset);
    Node::new(Value::Table(table), Span { source, start: 0, end: 0 })
}

/// The line that holds a byte.
fn line_of(text: &str, byte: usize) -> &str {
    let (before, after) = text.split_at_checked(byte).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = after.find('\n').map_or(text.len(), |length| before.len() + length);
    &text[start..end]
}

/// The text of a TOML string with its quotes.
pub(super) fn string(literal: &str) -> Option<String> {
    let document = format!("v={literal}");
    let table = DeTable::parse(&document).ok()?;
    table.get_ref().get("v")?.get_ref().as_str().map(str::to_owned)
}
