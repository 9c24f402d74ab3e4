//! Messages for display: without terminal control sequences, short, and in lines.

use std::fmt::Write as _;

use crate::terminal::escape;

/// Quoted texts with more characters are shortened.
const LONGEST_QUOTE: usize = 80;
/// Their length after that.
const KEPT: usize = 40;
/// A message with more characters is cut in any case.
const LONGEST_TEXT: usize = 2_000;

/// Columns before a note, if line numbers have up to three digits.
pub(super) const GUTTER: usize = 6;
/// The text that stays on the line of the number before it.
const UNITS: [&str; 10] = ["s", "ms", "us", "ns", "%", "B", "/s", "kbit/s", "Mbit/s", "Gbit/s"];

/// A message for display: on one line, with hidden characters escaped and long quoted texts shortened.
pub(super) fn readable(text: &str) -> String {
    let short = shortened(text);
    let count = short.chars().count();
    let mut cut: String = short.chars().take(LONGEST_TEXT).map(shown).collect();
    if count > LONGEST_TEXT {
        cut.push('…');
    }
    cut
}

/// A character, or its code if it is hidden.
pub(super) fn shown(character: char) -> String {
    escape(character).unwrap_or_else(|| character.to_string())
}

/// Cuts long texts between quotes or backticks, and adds their length.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST_QUOTE {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['`', '"']) {
        let quote = &rest[open..=open];
        let inside = &rest[open + 1..];
        let Some(close) = inside.find(quote) else { break };
        let quoted = &inside[..close];
        short.push_str(&rest[..=open]);
        let count = quoted.chars().count();
        if count > LONGEST_QUOTE {
            short.extend(quoted.chars().take(KEPT));
            let _ = write!(short, "…{quote} ({} characters)", with_commas(count));
        } else {
            short.push_str(quoted);
            short.push_str(quote);
        }
        rest = &inside[close + 1..];
    }
    short.push_str(rest);
    short
}

/// A whole number with a comma between thousands.
fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Breaks a text into lines of at most `columns` columns, the first after `used` columns, the others after `indent`.
pub(super) fn wrapped(text: &str, columns: usize, used: usize, indent: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let is_unit = UNITS.contains(&word.trim_end_matches([',', ';', ':', '\"', ')', '`']));
        match words.last_mut() {
            Some(last) if is_unit && last.ends_with(|end: char| end.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let mut lines = String::new();
    let mut column = used;
    for word in words {
        let width = word.chars().count();
        if lines.is_empty() {
            column += width;
        } else if column + 1 + width > columns {
            lines.push('\n');
            lines.push_str(indent);
            column = GUTTER + width;
        } else {
            lines.push(' ');
            column += 1 + width;
        }
        lines.push_str(&word);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(
            readable("`a\u{1b}[31mb\0c\r\nd\u{202e}e\u{9b}f`"),
            "`a\\u001B[31mb\\u0000c\\r\\nd\\u202Ee\\u009Bf`"
        );
        assert_eq!(readable("\u{feff}\u{fffe}\u{e0041}\u{2066}"), "\\uFEFF\\uFFFE\\U000E0041\\u2066");
        assert_eq!(readable("Größe 中文 👩\u{200d}🔬 µs"), "Größe 中文 👩\u{200d}🔬 µs");
    }

    #[test]
    fn long_quoted_texts_are_shortened_and_counted() {
        let long = "a".repeat(1_000_000);
        let short = "a".repeat(40);
        assert_eq!(
            readable(&format!("`clients.timeout` cannot be \"{long}\", not `{long}`")),
            format!(
                "`clients.timeout` cannot be \"{short}…\" (1,000,000 characters), not `{short}…` (1,000,000 characters)"
            )
        );
        assert_eq!(readable(&"ä ".repeat(5_000)).chars().count(), 2_001);
        assert_eq!(readable("`x` is not \"y"), "`x` is not \"y");
    }
}
