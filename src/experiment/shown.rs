//! Names as a terminal may be given them.

use std::path::Path;

use super::file_name::is_invisible;

/// A path for a message: characters that would move the cursor or colour what follows are escaped.
pub fn shown(path: &Path) -> String {
    without_controls(&path.to_string_lossy(), |_| false)
}

/// A text in which control characters are escaped, but for those that are `kept`.
pub fn without_controls(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) && !kept(c) {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_but_text() {
        assert_eq!(shown(Path::new("a b/Überblick, 中文.toml")), "a b/Überblick, 中文.toml");
        assert_eq!(shown(Path::new("a\x1b[31m\nb\u{202e}\u{9b}c")), "a\\u{1b}[31m\\nb\\u{202e}\\u{9b}c");
        assert_eq!(without_controls("one\ntwo\x07", |c| c == '\n'), "one\ntwo\\u{7}");
    }
}
