//! Texts for LaTeX.

/// A text in which no character has a meaning for LaTeX. At its start it cannot be taken for an argument of the line
/// before.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    if text.starts_with(['[', '*']) {
        escaped.push_str("{}");
    }
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(character);
            }
            'µ' => escaped.push_str("\\textmu{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '"' => escaped.push_str("\\textquotedbl{}"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_has_a_meaning() {
        assert_eq!(escaped("50 % & #1_a"), "50 \\% \\& \\#1\\_a");
        assert_eq!(escaped("\\x{y}"), "\\textbackslash{}x\\{y\\}");
        assert_eq!(escaped("[a]"), "{}[a]");
        assert_eq!(escaped("~^"), "\\textasciitilde{}\\textasciicircum{}");
        assert_eq!(escaped("长轮询"), "长轮询");
    }
}
