//! Text in columns: widths as a terminal shows them, and lines that fit.

use unicode_width::UnicodeWidthStr;

/// The columns that a text takes: two for most Chinese, Japanese and Korean characters.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text with spaces behind it.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A space at which no line is broken, if it fits.
pub const NO_BREAK: &str = "\u{a0}";

/// The text in lines of at most `columns`, broken at spaces; a longer word is broken anywhere.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(text, columns) {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(&word) <= columns {
            line.push_str(&" ".repeat(gap));
            line.push_str(&word);
            continue;
        }
        for piece in pieces(&word, columns) {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(&piece);
        }
    }
    lines.push(line);
    lines
}

/// The words of a text; one with spaces that are not to be broken is several words where it does not fit.
fn words(text: &str, columns: usize) -> Vec<String> {
    let is_space = |c: char| c.is_whitespace() && !NO_BREAK.contains(c);
    let mut words = Vec::new();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if width(word) > columns {
            words.extend(word.split_whitespace().map(str::to_owned));
        } else {
            words.push(word.replace(NO_BREAK, " "));
        }
    }
    words
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
        assert_eq!(wrapped("in 2.5\u{a0}s or 3.5\u{a0}s", 8), ["in 2.5 s", "or 3.5 s"]);
        assert_eq!(wrapped("about 2.5\u{a0}s", 8), ["about", "2.5 s"]);
        assert_eq!(wrapped("12345\u{a0}6789", 8), ["12345", "6789"]);
    }
}
