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
            '±' => escaped.push_str("$\\pm$"),
            '≥' => escaped.push_str("$\\ge$"),
            '–' => escaped.push_str("--"),
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

/// The name of a table for `\ref`: `tab:` and the words of its title.
pub(super) fn label(title: &str) -> String {
    let words: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() { "tab:results".to_owned() } else { format!("tab:{}", words.join("-")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_a_table() {
        assert_eq!(label("Bandwidth & latency, 10 %"), "tab:bandwidth-latency-10");
        assert_eq!(label("长轮询"), "tab:results");
    }

    #[test]
    fn no_character_has_a_meaning() {
        assert_eq!(escaped("50 % & #1_a"), "50 \\% \\& \\#1\\_a");
        assert_eq!(escaped("\\x{y}"), "\\textbackslash{}x\\{y\\}");
        assert_eq!(escaped("[a]"), "{}[a]");
        assert_eq!(escaped("~^"), "\\textasciitilde{}\\textasciicircum{}");
        assert_eq!(escaped("长轮询"), "长轮询");
    }
}
