//! Errors and warnings: where, what, what is allowed, what to do next.

mod excerpt;
mod readable;

use std::collections::BTreeSet;
use std::fmt;

use codespan_reporting::diagnostic::{self, Diagnostic, Label};
use codespan_reporting::term;

use super::likeness::nearest;
use super::node::Span;
use excerpt::Excerpt;
use readable::{GUTTER, readable, wrapped};

pub use excerpt::Location;

/// The severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The experiment cannot be run.
    Error,
    /// It can, but it looks wrong.
    Warning,
}

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Told {
    /// Error or warning.
    pub severity: Severity,
    /// The name of a warning, which never changes.
    pub code: Option<String>,
    /// The message.
    pub message: String,
    /// The place; `None` if there is none.
    pub place: Option<Location>,
    /// A few words on the place.
    pub label: Option<String>,
    /// The reasons.
    pub notes: Vec<String>,
    /// What is allowed, and what to do next.
    pub help: Vec<String>,
}

/// All errors and warnings of an experiment, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    sources: Vec<(String, String)>,
    entries: Vec<Problem>,
    seen: BTreeSet<(Span, String)>,
    /// Whether more was found after [`MOST`] had been collected.
    has_more: bool,
}

/// The kind of a warning, with its reasons and places.
#[derive(Clone, Debug)]
struct Coded {
    code: String,
    notes: Vec<String>,
}

/// More distinct errors than this are not collected.
const MOST: usize = 50;

/// One error or warning.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    is_error: bool,
    message: String,
    place: Option<(Span, String)>,
    /// The parts of a warning that an error does not have; its text is wrapped.
    coded: Option<Box<Coded>>,
    help: Vec<String>,
    /// The same message at another place is not shown.
    is_told_once: bool,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Problem {
        let message = readable(&message.into());
        Problem { is_error: true, message, place: None, coded: None, help: Vec::new(), is_told_once: false }
    }

    /// Points at a place, with a few words under the caret.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Problem {
        self.place = Some((span, readable(&label.into())));
        self
    }

    /// Names the kind of a warning, and says why, and where.
    pub fn coded(mut self, code: &str, notes: &[String]) -> Problem {
        self.coded =
            Some(Box::new(Coded { code: readable(code), notes: notes.iter().map(|note| readable(note)).collect() }));
        self
    }

    /// Shows the same message at other places no more: every point of a sweep may repeat it.
    pub fn once(mut self) -> Problem {
        self.is_told_once = true;
        self
    }

    /// Adds help: what is allowed, or what to do.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help.push(readable(&help.into()));
        self
    }

    /// Adds help, if there is any.
    pub fn help_if(self, help: Option<impl Into<String>>) -> Problem {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Adds "did you mean …?" if one of `known` is similar to `name`.
    pub fn near<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        self.help_if(nearest(name, known).first().map(|candidate| format!("did you mean `{candidate}`?")))
    }

    /// Adds "did you mean …?" if one of `known` is similar to `name`, and lists all of them.
    pub fn suggest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        let known: Vec<&str> = known.into_iter().collect();
        let problem = self.near(name, known.iter().copied());
        if known.is_empty() {
            return problem;
        }
        // Names of a user may have commas in them.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
        let list = match known.iter().all(|name| name.chars().all(is_plain)) {
            true => known.join(", "),
            false => listed(&known),
        };
        problem.help(format!("allowed: {list}"))
    }
}

/// Names that a user chose, in a list: they may have commas in them.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
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
        self.add(problem);
    }

    /// Adds a warning, once.
    pub(super) fn warning(&mut self, problem: Problem) {
        self.add(Problem { is_error: false, ..problem });
    }

    /// The first error as a separate problem.
    pub(super) fn into_first_problem(self) -> Option<Problem> {
        self.entries.into_iter().next()
    }

    fn add(&mut self, entry: Problem) {
        let span = match &entry.place {
            Some((span, _)) if !entry.is_told_once => *span,
            _ => Span::default(),
        };
        if self.entries.len() >= MOST {
            self.has_more = true;
        } else if self.seen.insert((span, entry.message.clone())) {
            self.entries.push(entry);
        }
    }

    /// Whether there is an error at exactly this place.
    pub(super) fn has_error_at(&self, place: Span) -> bool {
        let is_there = |entry: &Problem| entry.place.as_ref().is_some_and(|(span, _)| *span == place);
        place != Span::default() && self.entries.iter().any(|entry| entry.is_error && is_there(entry))
    }

    /// Whether no more are collected.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= MOST
    }

    /// Whether there are errors.
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_error)
    }

    /// The number of errors and warnings.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is neither error nor warning.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text for a person, without colour.
    pub fn render(&self) -> String {
        self.render_with(usize::MAX, |excerpt, diagnostic| {
            term::emit_into_string(&term::Config::default(), excerpt, diagnostic)
                .unwrap_or_else(|_| diagnostic.message.clone())
        })
    }

    /// The text for a terminal with this number of columns, in colour. Lines of the file are not broken.
    pub fn render_colored_within(&self, columns: usize) -> String {
        self.render_with(columns, |excerpt, diagnostic| {
            let mut buffer = term::termcolor::Buffer::ansi();
            match term::emit_to_write_style(&mut buffer, &term::Config::default(), excerpt, diagnostic) {
                Ok(()) => String::from_utf8_lossy(buffer.as_slice()).into_owned(),
                Err(_) => diagnostic.message.clone(),
            }
        })
    }

    /// All errors and warnings as data, in the order of the text.
    pub fn told(&self) -> Vec<Told> {
        self.listed().into_iter().map(|(told, _)| told).collect()
    }

    /// All errors and warnings in the order of the text, each with the text that its place is in.
    fn listed(&self) -> Vec<(Told, Option<&str>)> {
        let mut entries: Vec<&Problem> = self.entries.iter().collect();
        entries.sort_by_key(|entry| entry.place.as_ref().map(|(span, _)| *span));
        let listed = |entry: &Problem| {
            let span = entry.place.as_ref().map(|(span, _)| *span);
            let source = span.and_then(|span| Some((span, self.sources.get(span.source)?)));
            let place = source.map(|(span, (name, text))| excerpt::place(name, text, span.start..span.end));
            (told(entry, place), source.map(|(_, (_, text))| text.as_str()))
        };
        entries.into_iter().map(listed).collect()
    }

    /// Whether there are more errors than are collected: then further checks show nothing new.
    pub fn has_more(&self) -> bool {
        self.has_more
    }

    fn render_with(&self, columns: usize, emit: impl Fn(&Excerpt, &Diagnostic<()>) -> String) -> String {
        let mut text = String::new();
        for (told, source) in self.listed() {
            let excerpt = told.place.as_ref().zip(source).map(|(place, source)| Excerpt::new(source, place));
            let labels = excerpt.iter().map(|excerpt| {
                let label = told.label.clone().unwrap_or_default();
                Label::primary((), excerpt.range.clone()).with_message(label)
            });
            let diagnostic = diagnostic(&told, columns).with_labels(labels.collect());
            text.push_str(emit(&excerpt.unwrap_or_default(), &diagnostic).trim_end());
            text.push_str("\n\n");
        }
        if self.entries.iter().any(|entry| entry.coded.is_some()) {
            text.push_str(ABOUT_WARNINGS);
        }
        if self.has_more {
            text.push_str("help: only the first errors are shown; mend them, and the others will follow\n\n");
        }
        text
    }
}

/// An error or a warning as data.
fn told(entry: &Problem, place: Option<Location>) -> Told {
    let coded = entry.coded.as_ref();
    Told {
        severity: if entry.is_error { Severity::Error } else { Severity::Warning },
        code: coded.map(|coded| coded.code.clone()),
        message: entry.message.clone(),
        label: place.as_ref().and(entry.place.as_ref()).map(|(_, label)| label.clone()),
        place,
        notes: coded.map(|coded| coded.notes.clone()).unwrap_or_default(),
        help: entry.help.clone(),
    }
}

/// An error or a warning as it is drawn, without its place: an error within `columns`, a warning in few.
fn diagnostic(told: &Told, columns: usize) -> Diagnostic<()> {
    let severity = match told.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
    };
    let (columns, code) = match &told.code {
        Some(code) => (COLUMNS, code.len() + "[]".len()),
        None => (columns, 0),
    };
    let help = told.help.iter().map(|help| format!("help: {help}"));
    let notes = told.notes.iter().cloned().chain(help);
    let diagnostic = Diagnostic::new(severity)
        .with_message(wrapped(&told.message, columns, "warning: ".len() + code, "  "))
        .with_notes(notes.map(|note| wrapped(&note, columns, GUTTER, "")).collect());
    match &told.code {
        Some(code) => diagnostic.with_code(code),
        None => diagnostic,
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

/// The note below all warnings.
const ABOUT_WARNINGS: &str = "help: `cometsim guide warnings` explains each; what is\n      intended goes into \
    `accept = [\"…\"]` of [experiment]\n\n";
