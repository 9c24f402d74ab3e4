//! From a text of TOML to a tree, or help for a text that is not TOML.

use toml::de::DeTable;

use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Span, Table, Value};

/// Parses a text into a tree; all syntax errors at once.
pub(super) fn parse(text: &str, source: usize, diagnostics: &mut Diagnostics) -> Node {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = (text.len() - body.len()).cast_signed();
    let (table, mut errors) = DeTable::parse_recoverable(body);
    if !errors.is_empty()
        && let Some(problem) = other_language(text, source)
    {
        errors.clear();
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
        diagnostics.error(problem.help(help(error.message(), line_of(text, span.start))));
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

/// A single error for a text in another language, such as YAML, which would have a TOML error on every line.
fn other_language(text: &str, source: usize) -> Option<Problem> {
    let body = text.trim_start_matches('\u{feff}');
    let is_said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = body.lines().find(is_said)?;
    let (name, example) = if first.trim_start().starts_with('{') {
        ("JSON", json_example(body))
    } else if first.trim_start().starts_with('<') {
        ("XML", "[clients] on one line, count = 1000 on the next".to_owned())
    } else {
        let lines: Vec<&str> = body.lines().filter(is_said).take(1_000).collect();
        let of_yaml = lines.iter().filter(|line| pair_of_yaml(line).is_some()).count();
        if !first.starts_with("---") && of_yaml * 2 <= lines.len() {
            return None;
        }
        ("YAML", yaml_example(&lines))
    };
    let start = first.as_ptr() as usize - text.as_ptr() as usize;
    let span = Span { source, start, end: start + first.trim_end().len() };
    let problem = Problem::new(format!("this looks like {name}; an experiment is written in TOML"));
    Some(problem.at(span, format!("{name}?")).help(format!("write {example}")))
}

/// Help for a syntax error on `line`, with the message of the parser.
fn help(message: &str, line: &str) -> String {
    if message.contains("duplicate key") {
        return "keep one of them: a key stands once in its table, and a table has one header".to_owned();
    }
    if line.trim_start().starts_with("//") || line.trim_start().starts_with(';') {
        return "a comment begins with `#`".to_owned();
    }
    if let Some((key, value)) = pair_of_yaml(line).filter(|(_, value)| !value.is_empty()) {
        return format!("write {key} = {}", of_toml(value));
    }
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    if let Some(flag) = flag(value) {
        return format!("write {flag}, in small letters and without quotes");
    }
    let help = if message.contains("must be quoted") || message.contains("string") {
        "write text and quantities between quotes on one line: timeout = \"80 s\""
    } else if message.contains("unclosed") {
        "close every bracket: [clients], [[transport]], [1, 2], { every = \"0.5 s\" }"
    } else {
        "a line is `[table]`, `[[transport]]`, `key = value` or a `# comment`"
    };
    help.to_owned()
}

/// `true` or `false` for the words of other languages.
pub(super) fn flag(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some("true"),
        "false" | "no" | "off" | "0" => Some("false"),
        _ => None,
    }
}

/// Key and value of `key: value` or `- key: value`.
fn pair_of_yaml(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("- ");
    let (key, value) = line.split_once(':')?;
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let is_pair = !key.is_empty() && key.chars().all(is_key) && (value.is_empty() || value.starts_with(' '));
    if !is_pair {
        return None;
    }
    Some((key.trim(), value.split(" #").next().unwrap_or_default().trim()))
}

/// A plain value of YAML as TOML writes it.
fn of_toml(value: &str) -> String {
    let is_plain =
        value.parse::<f64>().is_ok() || value == "true" || value == "false" || value.starts_with(['"', '\'', '[', '{']);
    match flag(value) {
        _ if is_plain => value.to_owned(),
        Some(flag) => flag.to_owned(),
        None => format!("\"{value}\""),
    }
}

/// The first table of a text of YAML with its first key, in TOML.
fn yaml_example(lines: &[&str]) -> String {
    let pairs = lines.iter().filter_map(|line| pair_of_yaml(line));
    let mut header = None;
    for (key, value) in pairs {
        match (header, value.is_empty()) {
            (_, true) => header = Some(key),
            (Some(table), false) => return format!("[{table}] on one line, {key} = {} on the next", of_toml(value)),
            (None, false) => return format!("{key} = {}", of_toml(value)),
        }
    }
    "[clients] on one line, count = 1000 on the next".to_owned()
}

/// The first table of a text of JSON with its first key, in TOML.
fn json_example(text: &str) -> String {
    let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).take(2).collect();
    let is_name = |name: &&&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match quoted.iter().filter(is_name).collect::<Vec<_>>()[..] {
        [table, key] => format!("[{table}] on one line, {key} = … on the next"),
        _ => "[clients] on one line, count = 1000 on the next".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_languages_get_their_toml() {
        assert_eq!(help("", "count: 100  # clients"), "write count = 100");
        assert_eq!(help("", "timeout: 80 s"), "write timeout = \"80 s\"");
        assert_eq!(help("", "quick: yes"), "write quick = true");
        assert_eq!(
            help("string values must be quoted", "quick = True"),
            "write true, in small letters and without quotes"
        );
        assert_eq!(help("", "// clients"), "a comment begins with `#`");
        assert!(help("", "count 100").starts_with("a line is"));
    }

    #[test]
    fn a_text_is_of_another_language_as_a_whole() {
        let is_other = |text: &str| other_language(text, 0).is_some();
        assert!(is_other("clients:\n  count: 100\n"));
        assert!(is_other("# a comment\n---\ntransport:\n  - name: a\n"));
        assert!(is_other("\u{feff}{ \"clients\": { \"count\": 100 } }"));
        assert!(!is_other("[clients]\ncount: 100\ntimeout = \"80 s\"\n"));
        assert!(!is_other(""));
        assert_eq!(yaml_example(&["clients:", "  count: 100"]), "[clients] on one line, count = 100 on the next");
        assert_eq!(json_example("{\"clients\": {\"count\": 1}}"), "[clients] on one line, count = … on the next");
    }
}
