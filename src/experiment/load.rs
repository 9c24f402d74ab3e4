//! From a path to a text.

use std::path::Path;

use super::diagnostics::{Diagnostics, Problem};
use super::node::Span;
use super::{Experiment, file_name, regular_file};

/// Most bytes of an experiment file.
const MOST_BYTES: u64 = 16 << 20;

impl Experiment {
    /// Reads the file at `path` with `--set KEY=VALUE` overrides.
    ///
    /// # Errors
    /// With all errors at once.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Experiment, Diagnostics> {
        let name = path.display().to_string();
        let folder = path.parent().unwrap_or(Path::new(""));
        let failed = |message: String, help: &str| {
            let mut diagnostics = Diagnostics::default();
            diagnostics.error(Problem::new(message).help(help));
            diagnostics
        };
        let bytes = regular_file::read(path, MOST_BYTES).map_err(|reason| {
            let is_input = path == Path::new("-");
            let help =
                if is_input { "save what comes from there to a file" } else { "give the path of an experiment file" };
            failed(format!("cannot read {name}: {reason}"), help)
        })?;
        let stem = path.file_stem().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default();
        if let Some(problem) = file_name::problem(&stem) {
            let message = format!("{name}: `{stem}` cannot be the name of a folder of results: it {problem}");
            return Err(failed(message, "rename the file: its name without the ending is that of the folder"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let start = error.utf8_error().valid_up_to();
            let mut diagnostics = Diagnostics::default();
            let source = diagnostics.add_source(&name, String::from_utf8_lossy(error.as_bytes()));
            let problem = Problem::new("this is not UTF-8 text");
            diagnostics
                .error(problem.at(Span { source, start, end: start + 1 }, "here").help("save the file as UTF-8"));
            diagnostics
        })?;
        Experiment::from_text(&name, &text, folder, overrides)
    }
}
