//! Failures of commands, and their exit codes.

use std::path::Path;

use anyhow::anyhow;

use super::interrupt::wait_if_interrupted;
use super::output::{error_columns, print_error, print_error_lines};
use crate::experiment::warning::{Warning, printable};
use crate::experiment::{Diagnostics, Experiment};
use crate::report::{ANSWER, Folder, MANIFEST, ReportError, TasksError};
use crate::terminal::{shown, without_controls};

/// A failure of a command.
#[derive(Debug)]
pub enum Failure {
    /// Disk, memory or system: exit code 1.
    Failed(anyhow::Error),
    /// The command is wrong: exit code 2.
    Wrong(anyhow::Error),
    /// The experiment file is wrong: exit code 2.
    File(Box<Diagnostics>),
    /// The experiment file is wrong, which has been reported: exit code 2.
    Told,
    /// A verification failed: exit code 3.
    Differs(anyhow::Error),
    /// A claim fails: exit code 4.
    Claim(anyhow::Error),
    /// Another round of tasks is needed: exit code 5.
    NextRound(anyhow::Error),
    /// A round of tasks is not there yet, and may be soon: exit code 75, `EX_TEMPFAIL` of sysexits.h.
    Later(anyhow::Error),
}

impl Failure {
    /// Prints the failure and its causes to standard error.
    pub fn print(&self) {
        wait_if_interrupted();
        match self {
            Failure::File(diagnostics) => print_diagnostics(diagnostics),
            Failure::Told => {}
            Failure::Failed(error)
            | Failure::Wrong(error)
            | Failure::Differs(error)
            | Failure::Claim(error)
            | Failure::Later(error) => note(&format!("error: {error:#}")),
            Failure::NextRound(next) => note(&format!("{next:#}")),
        }
    }
}

/// Prints a line, or a few, to standard error. Names in it cannot move the cursor of a terminal.
pub(super) fn note(text: &str) {
    print_error_lines(&without_controls(text, |c| c == '\n'));
}

/// Whether the user wants no colour (<https://no-color.org>).
pub(super) fn refuses_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Prints errors or warnings of an experiment file to standard error, in colour on a terminal.
pub(super) fn print_diagnostics(diagnostics: &Diagnostics) {
    match error_columns() {
        Some(columns) if !refuses_colour() => print_error(diagnostics.render_colored_within(columns.max(40))),
        _ => print_error(diagnostics.render()),
    }
}

/// Prints the warnings in the manifest of a folder of results, if they are among these.
pub(super) fn print_warnings(folder: &Folder, is_wanted: impl Fn(&Warning) -> bool) -> Result<(), Failure> {
    if let Some(manifest) = folder.manifest()? {
        print_diagnostics(&printable(manifest.warnings.iter().filter(|warning| is_wanted(warning))));
    }
    Ok(())
}

/// Names the warnings in the manifest of a folder of results in one line: they were told in full when it was written.
pub(super) fn name_warnings(folder: &Folder) -> Result<(), Failure> {
    let Some(manifest) = folder.manifest()? else { return Ok(()) };
    let mut names: Vec<&str> = Vec::new();
    for warning in manifest.warnings.iter().filter(|warning| !warning.accepted) {
        if !names.contains(&warning.id.as_str()) {
            names.push(&warning.id);
        }
    }
    let file = shown(&folder.path().join(if folder.has(ANSWER) { ANSWER } else { MANIFEST }));
    match names.as_slice() {
        [] => {}
        [name] => note(&format!("1 warning: {name} (see {file})")),
        several => note(&format!("{} warnings: {} (see {file})", several.len(), several.join(", "))),
    }
    Ok(())
}

/// Says what the source is where the file does not say it.
pub(super) fn note_usual_source(file: &Path, experiment: &Experiment) {
    if let Some(source) = experiment.usual_source() {
        note(&format!("note: {} has no [source]: {source}", shown(file)));
    }
}

/// Refuses a folder without `file`, which every finished run writes.
pub(super) fn require_results(path: &Path, file: &str) -> Result<(), Failure> {
    let why = match path.join(file) {
        found if found.is_file() => return Ok(()),
        _ if !path.exists() => "there is nothing of this name".to_owned(),
        _ if path.is_file() => "it is a file; `cometsim run` makes a folder of it, such as output/comet".to_owned(),
        _ if Folder::new(path).has_unfinished_work() => {
            let path = shown(path);
            return Err(Failure::Wrong(anyhow!("{path} is not finished: the same command as before goes on with it")));
        }
        _ => format!("it has no {file}"),
    };
    Err(Failure::Wrong(anyhow!("{} is no folder of results: {why}", shown(path))))
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        match error.into().downcast::<ReportError>() {
            Ok(ReportError::Refused(reason)) => Failure::Wrong(anyhow!(reason)),
            Ok(ReportError::Altered(reason)) => Failure::Differs(anyhow!(reason)),
            Ok(ReportError::Experiment(diagnostics)) => Failure::File(diagnostics),
            Ok(ReportError::Tasks(error @ TasksError::NoRound { .. })) => Failure::Later(error.into()),
            Ok(ReportError::Tasks(error)) if error.is_wrong_use() => Failure::Wrong(error.into()),
            Ok(error) => Failure::Failed(error.into()),
            Err(error) => Failure::Failed(error),
        }
    }
}
