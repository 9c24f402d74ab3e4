//! Texts for Markdown.

use crate::terminal::without_controls;

/// A text in which no character has a meaning for Markdown, on one line.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in without_controls(text, |_| false).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_a_table() {
        assert_eq!(escaped("a|b"), "a\\|b");
        assert_eq!(escaped("=1+1"), "=1+1");
        assert_eq!(escaped("*长*\n"), "\\*长\\*\\\\n");
    }
}
