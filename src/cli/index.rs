//! `cometsim index`: a page over the experiments in a folder.

use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use super::failure::note;
use super::output::print_line;
use crate::report::{GalleryError, write_index};
use crate::terminal::shown;

/// Writes the page, and says what it leaves out.
pub(super) fn index(folder: &Path) -> Result<(), Failure> {
    let gallery = write_index(folder).map_err(|error| match error {
        GalleryError::Refused(why) => Failure::Wrong(anyhow!(why)),
        other => Failure::Failed(other.into()),
    })?;
    let count = gallery.experiments;
    let experiments = if count == 1 { "experiment" } else { "experiments" };
    print_line(format_args!("{}: {count} {experiments}", shown(&gallery.path)))?;
    for (name, why) in gallery.left_out {
        note(&format!("note: {} is left out: {why}", shown(Path::new(&name))));
    }
    Ok(())
}
