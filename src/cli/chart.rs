//! `cometsim chart`: draws the charts again from the CSV files.

use std::path::Path;

use super::Failure;
use super::failure::{name_warnings, note, require_results};
use super::output::print_line;
use crate::report::{Folder, RESOLVED, redraw};
use crate::terminal::shown;

/// Draws the charts of a finished run again; with `is_forced` from altered tables, too.
pub(super) fn chart(path: &Path, is_forced: bool) -> Result<(), Failure> {
    require_results(path, RESOLVED)?;
    let folder = Folder::new(path);
    for name in redraw(&folder, is_forced, &note)? {
        print_line(shown(&path.join(name)))?;
    }
    name_warnings(&folder)
}
