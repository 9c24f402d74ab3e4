//! Errors and warnings as data, for programs that show them in their own way.

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

/// A place on one line of a text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// The file, or `--set` for an override.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters (Unicode scalar values).
    pub column: usize,
    /// In characters; 0 between two characters.
    pub length: usize,
    /// First byte of the file, from 0.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}
