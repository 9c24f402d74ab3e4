//! Texts that are shown in terminals, tables, charts and file names.

use super::diagnostics::Problem;
use super::keys::ValueKind;
use super::node::Span;
use crate::terminal::is_hidden;

/// Most characters of a title.
const TITLE: usize = 500;
/// Most characters of the path of a file.
const PATH: usize = 4096;
/// Most characters of one of several texts.
const ONE_OF_TEXTS: usize = 1000;

/// The error in the characters of the value of the key `path`, or in their number.
pub(super) fn check(path: &str, kind: ValueKind, text: &str, span: Span) -> Result<(), Problem> {
    let most = match kind {
        ValueKind::Title => TITLE,
        ValueKind::File(_) => PATH,
        ValueKind::Text(most) => most,
        _ => ONE_OF_TEXTS,
    };
    // A character has at most four bytes.
    if text.len() > most && (text.len() > 4 * most || text.chars().count() > most) {
        let (count, ending) =
            (text.chars().count(), if matches!(kind, ValueKind::File(_)) { "this path" } else { "this text" });
        return Err(Problem::new(format!("`{path}` has {count} characters; {most} are the most"))
            .at(span, "too long")
            .help(format!("shorten {ending}")));
    }
    let Some(character) = text.chars().find(|character| is_hidden(*character)) else { return Ok(()) };
    Err(Problem::new(format!("`{path}` has the character U+{:04X}, which shows nothing", u32::from(character)))
        .at(span, "not a text to show")
        .help("leave it out: names and titles stand on terminals, in tables and in charts"))
}
