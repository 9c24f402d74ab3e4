//! Text in columns: widths as a terminal shows them, and lines that fit.

use unicode_width::UnicodeWidthStr;

/// The columns that a text takes: two for most Chinese, Japanese and Korean characters.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text with spaces behind it.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in lines of at most `columns`, broken at spaces; a longer word is broken anywhere.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = &mut lines[0];
        let gap = usize::from(!line.is_empty());
        if width(line) + gap + width(word) <= columns {
            line.push_str(&" ".repeat(gap));
            line.push_str(word);
            continue;
        }
        for piece in pieces(word, columns) {
            if !lines[0].is_empty() {
                lines.insert(0, String::new());
            }
            lines[0].push_str(&piece);
        }
    }
    lines.reverse();
    lines
}

/// A word in parts of at most `columns`.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    for character in word.chars() {
        let mut buffer = [0; 4];
        let character = &*character.encode_utf8(&mut buffer);
        let place = parts.len() - 1;
        if !parts[place].is_empty() && width(&parts[place]) + width(character) > columns {
            parts.push(character.to_owned());
        } else {
            parts[place].push_str(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("长轮询"), 6);
        assert_eq!(left("长", 4), "长  ");
        assert_eq!(right("1", 3), "  1");
    }

    #[test]
    fn lines_are_broken_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("长轮询和短轮询", 6), ["长轮询", "和短轮", "询"]);
        assert_eq!(wrapped("a abcdefgh", 4), ["a", "abcd", "efgh"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}
