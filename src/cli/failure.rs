//! What ends a command early, and the exit code that goes with it.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::anyhow;

use crate::experiment::Diagnostics;
use crate::experiment::warning::{Warning, printable};
use crate::report::Folder;

/// What ends a command early.
#[derive(Debug)]
pub enum Failure {
    /// Disk, memory or system: exit code 1.
    Failed(anyhow::Error),
    /// The command is wrong: exit code 2.
    Wrong(anyhow::Error),
    /// The experiment file is wrong: exit code 2.
    File(Box<Diagnostics>),
    /// The experiment file is wrong, which has been told: exit code 2.
    Told,
    /// A verification failed: exit code 3.
    Differs(anyhow::Error),
}

impl Failure {
    /// Prints the failure and its causes to standard error.
    pub fn print(&self) {
        match self {
            Failure::File(diagnostics) => print_diagnostics(diagnostics),
            Failure::Told => {}
            Failure::Failed(error) | Failure::Wrong(error) | Failure::Differs(error) => eprintln!("error: {error:#}"),
        }
    }
}

/// Prints errors or warnings of an experiment file to standard error, in colour on a terminal.
pub(super) fn print_diagnostics(diagnostics: &Diagnostics) {
    if std::io::stderr().is_terminal() {
        let columns = terminal_size::terminal_size_of(std::io::stderr()).map_or(100, |(width, _)| usize::from(width.0));
        eprint!("{}", diagnostics.render_colored_within(columns.max(40)));
    } else {
        eprint!("{}", diagnostics.render());
    }
}

/// Prints warnings that a folder of results has in its manifest, if they are of these.
pub(super) fn print_warnings(folder: &Folder, is_wanted: impl Fn(&Warning) -> bool) -> Result<(), Failure> {
    if let Some(manifest) = folder.manifest()? {
        print_diagnostics(&printable(manifest.warnings.iter().filter(|warning| is_wanted(warning))));
    }
    Ok(())
}

/// Refuses a folder without `file`, which every finished run leaves.
pub(super) fn require_results(path: &Path, file: &str) -> Result<(), Failure> {
    let why = match path.join(file) {
        found if found.is_file() => return Ok(()),
        _ if !path.exists() => "there is nothing of this name".to_owned(),
        _ if path.is_file() => "it is a file; `cometsim run` makes a folder of it, such as output/comet".to_owned(),
        _ if Folder::new(path).has_partial() => "the run is not finished, the same command goes on with it".to_owned(),
        _ => format!("it has no {file}"),
    };
    Err(Failure::Wrong(anyhow!("{} is no folder of results: {why}", path.display())))
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Failed(error.into())
    }
}
