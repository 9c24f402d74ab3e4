//! `cometsim chart`: the charts again, from the CSV files.

use std::path::Path;

use super::Failure;
use super::failure::{print_warnings, require_results};
use super::say::say;
use crate::experiment::Experiment;
use crate::report::{Folder, RESOLVED, redraw};

/// Draws the charts of a finished run again.
pub(super) fn chart(path: &Path) -> Result<(), Failure> {
    require_results(path, RESOLVED)?;
    let experiment = Experiment::load(&path.join(RESOLVED), &[]).map_err(|errors| Failure::File(errors.into()))?;
    let folder = Folder::new(path);
    for name in redraw(&folder, &experiment)? {
        say(path.join(name).display())?;
    }
    print_warnings(&folder, |_| true)
}
