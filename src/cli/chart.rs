//! `cometsim chart`: the charts again, from the CSV files.

use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use super::say::say;
use crate::experiment::Experiment;
use crate::report::{Folder, RESOLVED, redraw};

/// Draws the charts of a finished run again.
pub(super) fn chart(path: &Path) -> Result<(), Failure> {
    if !path.join(RESOLVED).is_file() {
        return Err(Failure::Wrong(anyhow!("{} is no folder of results: it has no {RESOLVED}", path.display())));
    }
    let experiment = Experiment::load(&path.join(RESOLVED), &[]).map_err(|errors| Failure::File(errors.into()))?;
    let folder = Folder::new(path);
    for name in redraw(&folder, &experiment)? {
        say(path.join(name).display())?;
    }
    Ok(())
}
