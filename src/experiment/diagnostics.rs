//! Errors and warnings: where, what, what is allowed, what to do next.

use std::collections::BTreeSet;
use std::fmt;

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term;

use super::node::Span;

/// All that is wrong with an experiment, or worth a warning, in the order of the text.
#[derive(Debug, Default)]
pub struct Diagnostics {
    sources: Vec<(String, String)>,
    entries: Vec<Entry>,
    seen: BTreeSet<(Span, String)>,
    /// Found after [`MOST`] had been collected.
    not_shown: usize,
}

#[derive(Debug)]
struct Entry {
    is_error: bool,
    message: String,
    place: Option<(Span, String)>,
    /// What a warning of a kind has beyond an error; its text is wrapped.
    coded: Option<Box<Coded>>,
    help: Vec<String>,
    /// The same message at another place is no news.
    is_told_once: bool,
}

/// The kind of a warning, and why and where it is so.
#[derive(Debug)]
struct Coded {
    code: String,
    notes: Vec<String>,
}

/// More distinct errors than this are not collected.
const MOST: usize = 50;
/// Bytes of a quoted text, of a message, and of what is left of a longer one.
const LONGEST_QUOTE: usize = 200;
const LONGEST_MESSAGE: usize = 4_000;
const SHORTENED: usize = 60;

/// One error or warning on its way into [`Diagnostics`].
#[derive(Debug)]
pub(super) struct Problem {
    entry: Entry,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Problem {
        Problem {
            entry: Entry {
                is_error: true,
                message: shortened(message.into()),
                place: None,
                coded: None,
                help: Vec::new(),
                is_told_once: false,
            },
        }
    }

    /// Points at a place, with a few words under the caret.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Problem {
        self.entry.place = Some((span, shortened(label.into())));
        self
    }

    /// Names the kind of a warning, and says why, and where.
    pub fn coded(mut self, code: &str, notes: &[String]) -> Problem {
        self.entry.coded = Some(Box::new(Coded { code: code.to_owned(), notes: notes.to_owned() }));
        self
    }

    /// Makes the same message at other places no news: every point of a sweep may repeat it.
    pub fn once(mut self) -> Problem {
        self.entry.is_told_once = true;
        self
    }

    /// Adds what is allowed, or what to do.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.entry.help.push(shortened(help.into()));
        self
    }

    /// Adds "did you mean …?" where one of `known` is near to `name`. Other capitals are nearer than other letters.
    pub fn near<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        if name.len() > LONGEST_QUOTE {
            return self;
        }
        let distance =
            |candidate: &str| (strsim::damerau_levenshtein(name, candidate), !name.eq_ignore_ascii_case(candidate));
        let near = known
            .into_iter()
            .map(|candidate| (distance(candidate), candidate))
            .filter(|((distance, _), candidate)| *distance <= (candidate.chars().count() / 3).max(1))
            .min();
        match near {
            Some((_, candidate)) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }

    /// Adds "did you mean …?" where one of `known` is near to `name`, and all of them.
    pub fn suggest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        let known: Vec<&str> = known.into_iter().collect();
        let problem = self.near(name, known.iter().copied());
        if known.is_empty() {
            return problem;
        }
        problem.help(format!("allowed: {}", known.join(", ")))
    }
}

impl Diagnostics {
    /// Registers a text that places refer to, and returns its number.
    pub(super) fn add_source(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.sources.push((name.into(), text.into()));
        self.sources.len() - 1
    }

    /// The number that the next text will get.
    pub(super) fn next_source(&self) -> usize {
        self.sources.len()
    }

    /// The number of a text, registered once.
    pub(super) fn source_of(&mut self, name: &str, text: &str) -> usize {
        let known = self.sources.iter().position(|(known, content)| known == name && content == text);
        known.unwrap_or_else(|| self.add_source(name, text))
    }

    /// Adds an error, once.
    pub(super) fn error(&mut self, problem: Problem) {
        self.add(problem.entry);
    }

    /// Adds a warning, once.
    pub(super) fn warning(&mut self, problem: Problem) {
        self.add(Entry { is_error: false, ..problem.entry });
    }

    /// The first error as a problem of its own.
    pub(super) fn into_first_problem(self) -> Option<Problem> {
        self.entries.into_iter().next().map(|entry| Problem { entry })
    }

    fn add(&mut self, entry: Entry) {
        let place = entry.place.as_ref().filter(|_| !entry.is_told_once);
        let span = place.map_or_else(Span::default, |(span, _)| *span);
        if self.entries.len() >= MOST {
            self.not_shown += 1;
        } else if self.seen.insert((span, entry.message.clone())) {
            self.entries.push(entry);
        }
    }

    /// Whether so much is wrong that looking on shows nothing more.
    pub(super) fn is_overfull(&self) -> bool {
        self.not_shown > 0
    }

    /// Whether no more are collected.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= MOST
    }

    /// Whether something is wrong, warnings aside.
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_error)
    }

    /// How many errors and warnings there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is neither error nor warning.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text for a person, without colour.
    pub fn render(&self) -> String {
        self.render_with(|files, diagnostic| {
            term::emit_into_string(&config(), files, diagnostic).unwrap_or_else(|_| diagnostic.message.clone())
        })
    }

    /// The text for a terminal, in colour.
    pub fn render_colored(&self) -> String {
        self.render_with(|files, diagnostic| {
            let mut buffer = term::termcolor::Buffer::ansi();
            match term::emit_to_write_style(&mut buffer, &config(), files, diagnostic) {
                Ok(()) => String::from_utf8_lossy(buffer.as_slice()).into_owned(),
                Err(_) => diagnostic.message.clone(),
            }
        })
    }

    fn render_with(&self, emit: impl Fn(&SimpleFiles<&str, &str>, &Diagnostic<usize>) -> String) -> String {
        let mut files = SimpleFiles::new();
        for (name, text) in &self.sources {
            files.add(name.as_str(), text.as_str());
        }
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|entry| entry.place.as_ref().map(|(span, _)| *span));
        let mut text = String::new();
        for entry in entries {
            text.push_str(emit(&files, &self.diagnostic(entry)).trim_end());
            text.push_str("\n\n");
        }
        if self.entries.iter().any(|entry| entry.coded.is_some()) {
            text.push_str(ABOUT_WARNINGS);
        }
        if self.not_shown > 0 {
            text.push_str("help: only the first errors are shown; mend them, and the others will follow\n\n");
        }
        text
    }

    fn diagnostic(&self, entry: &Entry) -> Diagnostic<usize> {
        let severity = if entry.is_error { Severity::Error } else { Severity::Warning };
        let labels = entry.place.iter().filter_map(|(span, label)| {
            let text = &self.sources.get(span.source)?.1;
            let range = visible(text, *span);
            Some(Label::primary(span.source, range).with_message(label))
        });
        let help = entry.help.iter().map(|help| format!("help: {help}"));
        let notes = entry.coded.iter().flat_map(|coded| coded.notes.iter().cloned()).chain(help);
        let diagnostic = Diagnostic::new(severity).with_labels(labels.collect());
        match &entry.coded {
            None => diagnostic.with_message(&entry.message).with_notes(notes.collect()),
            Some(coded) => diagnostic
                .with_code(&coded.code)
                .with_message(wrapped(&entry.message, "warning[]: ".len() + coded.code.len(), "  "))
                .with_notes(notes.map(|note| wrapped(&note, GUTTER, "")).collect()),
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render())
    }
}

impl std::error::Error for Diagnostics {}

/// Columns of the text of a warning: it is read in narrow terminals too.
const COLUMNS: usize = 60;

/// Columns before a note, where lines have up to three digits.
const GUTTER: usize = 6;

/// What is said once below all warnings.
const ABOUT_WARNINGS: &str = "help: the guide's page \"Warnings\" explains each; what is\n      intended goes into \
    `accept = [\"…\"]` of [experiment]\n\n";

/// What stays on the line of the number before it.
const UNITS: [&str; 10] = ["s", "ms", "us", "ns", "%", "B", "/s", "kbit/s", "Mbit/s", "Gbit/s"];

/// Breaks a text into lines, the first behind `used` columns, the others behind `indent`.
fn wrapped(text: &str, used: usize, indent: &str) -> String {
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
        } else if column + 1 + width > COLUMNS {
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

/// A message in which what is quoted from the file, which may be of any length, is cut.
fn shortened(message: String) -> String {
    if message.len() <= LONGEST_QUOTE {
        return message;
    }
    let quotes = ['`', '"'];
    let mut text = String::new();
    for (place, part) in message.split_inclusive(quotes).enumerate() {
        let is_quoted = place > 0 && part.ends_with(quotes);
        let body = part.trim_end_matches(quotes);
        if is_quoted && body.len() > LONGEST_QUOTE {
            text.push_str(cut(body, SHORTENED));
            text.push('…');
            text.push_str(&part[body.len()..]);
        } else {
            part.split_inclusive(' ').for_each(|word| match word.len() > LONGEST_QUOTE {
                true => text.extend([cut(word, SHORTENED), "… "]),
                false => text.push_str(word),
            });
        }
    }
    if text.len() > LONGEST_MESSAGE { format!("{}…", cut(&text, LONGEST_MESSAGE)) } else { text }
}

/// The beginning of a text: so many bytes at most, and whole characters.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

fn config() -> term::Config {
    term::Config::default()
}

/// The part of a span on its first line, cut to whole characters: an arrow over many lines hides what it points at.
fn visible(text: &str, span: Span) -> std::ops::Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    let mut end = span.end.clamp(start, line_end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_of_any_length_leaves_a_short_message() {
        let long = "é".repeat(1_000_000);
        for message in [
            format!("`{long}` is not a metric"),
            format!("`clients.timeout`: `{long}` is out of range"),
            format!("`clients.timeout` cannot be \"{long}\""),
            format!("two transports are named `{long}`"),
        ] {
            let short = shortened(message.clone());
            assert!(short.len() < 400, "{} bytes", short.len());
            assert!(short.contains("éé…"));
            let whole: Vec<&str> = message.split(&long).collect();
            assert!(short.starts_with(whole[0]) && short.ends_with(whole[1]), "{short}");
        }
        assert!(shortened(format!("`clients.count` cannot be {long}")).len() < 200);
        assert!(shortened(format!("no quotes: {}", "é ".repeat(1_000_000))).len() < LONGEST_MESSAGE + 20);
        assert!(shortened(format!("many quotes: {}", "` x".repeat(1_000_000))).len() < LONGEST_MESSAGE + 20);
        let list = format!("`x` is unknown, allowed: {}", "one of many, ".repeat(100));
        assert_eq!(shortened(list.clone()), list);
    }
}
