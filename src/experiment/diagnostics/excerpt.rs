//! The line of a text that a message is about, for display: hidden characters escaped, a long line cut around the
//! place.

use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use super::readable::shown;
use crate::terminal::escape;

/// A line with more characters is cut.
const LONGEST_LINE: usize = 240;
/// Characters that are shown before and from the place on.
const AROUND: (usize, usize) = (60, 100);

/// A place on one line of a text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// The file, or `--set` for an override.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters (Unicode scalar values).
    pub column: usize,
    /// In characters; 0 between two characters.
    pub length: usize,
    /// First byte of the file, from 0.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// One line, with the place on it.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    name: String,
    line: String,
    number: usize,
    column: usize,
    /// The place, in bytes of `line`.
    pub range: Range<usize>,
}

/// The place of a span of `text`: the part on its first line, cut to whole characters. An arrow over many lines would
/// hide its target.
pub(super) fn place(file: &str, text: &str, span: Range<usize>) -> Location {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    let mut end = span.end.clamp(start, line_end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    Location {
        file: file.to_owned(),
        line: text[..line_start].matches('\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
        length: text[start..end].chars().count(),
        start,
        end,
    }
}

impl Excerpt {
    pub fn new(text: &str, place: &Location) -> Excerpt {
        let start = text[..place.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[place.start..].find('\n').map_or(text.len(), |length| place.start + length);
        let whole = &text[start..end];
        let first = place.column - 1;
        let (from, to) = match whole.chars().count() {
            count if count <= LONGEST_LINE => (0, count),
            count => (first.saturating_sub(AROUND.0), first.saturating_add(AROUND.1).min(count)),
        };
        let mut line = String::from(if from > 0 { "…" } else { "" });
        let mut range = line.len()..line.len();
        for (number, (offset, character)) in whole.char_indices().enumerate().skip(from).take(to - from) {
            if start + offset == place.start {
                range = line.len()..line.len();
            }
            push(&mut line, character, start + offset == 0, offset + character.len_utf8() == whole.len());
            if start + offset < place.end && number >= first {
                range.end = line.len();
            }
        }
        if place.start == end {
            range = line.len()..line.len();
        }
        if to < whole.chars().count() {
            line.push('…');
        }
        Excerpt { name: place.file.chars().map(shown).collect(), line, number: place.line, column: place.column, range }
    }
}

/// Adds a character. A byte order mark, and the first half of a line end, do not belong to the line.
fn push(line: &mut String, character: char, is_first_of_file: bool, is_last_of_line: bool) {
    match (character, escape(character)) {
        ('\u{feff}', _) if is_first_of_file => {}
        ('\r', _) if is_last_of_line => {}
        // Tabs are widened when the line is drawn.
        ('\t', _) | (_, None) => line.push(character),
        (_, Some(escaped)) => line.push_str(&escaped),
    }
}

impl<'a> Files<'a> for Excerpt {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.line)
    }

    fn line_index(&'a self, (): (), _byte: usize) -> Result<usize, Error> {
        Ok(0)
    }

    fn line_number(&'a self, (): (), _line: usize) -> Result<usize, Error> {
        Ok(self.number)
    }

    fn column_number(&'a self, (): (), _line: usize, _byte: usize) -> Result<usize, Error> {
        Ok(self.column)
    }

    fn line_range(&'a self, (): (), line: usize) -> Result<Range<usize>, Error> {
        match line {
            0 => Ok(0..self.line.len()),
            line => Err(Error::LineTooLarge { given: line, max: 0 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, span: Range<usize>) -> Excerpt {
        Excerpt::new(text, &place("x.toml", text, span))
    }

    #[test]
    fn the_place_counts_characters_from_one() {
        let text = "a = 1\ngröße = \"ö\" # x\n";
        let start = text.find("\"ö\"").unwrap();
        let found = place("x.toml", text, start..start + 4);
        assert_eq!((found.line, found.column, found.length), (2, 9, 3));
        assert_eq!(&text[found.start..found.end], "\"ö\"");
    }

    #[test]
    fn the_caret_stays_under_what_it_is_about() {
        let text = "n = \"\u{1b}[31m\" # \u{202e}\r\nb = 2";
        let start = text.find('"').unwrap();
        let found = excerpt(text, start..start + 7);
        assert_eq!(found.line, "n = \"\\u001B[31m\" # \\u202E");
        assert_eq!(&found.line[found.range.clone()], "\"\\u001B[31m\"");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("t = \"{}\" x = 5", "a".repeat(1_000_000));
        let end = text.len();
        let found = excerpt(&text, end - 1..end);
        assert_eq!(found.line, format!("…{}\" x = 5", "a".repeat(54)));
        assert_eq!(&found.line[found.range.clone()], "5");
        let found = excerpt(&text, 4..1_000_000);
        assert_eq!(found.line.chars().count(), 105);
        assert!(found.line.starts_with("t = \"aaa") && found.line.ends_with("aa…"), "{}", found.line);
        assert_eq!(found.range, 4..104);
    }

    #[test]
    fn the_end_of_a_text_has_a_place() {
        let found = excerpt("a = ", 4..4);
        assert_eq!((found.line.as_str(), found.range.clone()), ("a = ", 4..4));
        let found = excerpt("a = 1\n", 6..9);
        assert_eq!((found.line.as_str(), found.range.clone(), found.number), ("", 0..0, 2));
    }
}
