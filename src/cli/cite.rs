//! `cometsim cite`: how to cite a run.

use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use super::answer::warn_of_damage;
use super::failure::require_results;
use super::output::print_line;
use crate::report::{Folder, MANIFEST, citation};

/// Prints a sentence, BibTeX, and what identifies the numbers.
pub(super) fn cite(path: &Path) -> Result<(), Failure> {
    require_results(path, MANIFEST)?;
    let folder = Folder::new(path);
    let manifest = folder.manifest().map_err(|error| Failure::Wrong(error.into()))?;
    let manifest = manifest.ok_or_else(|| Failure::Wrong(anyhow!("the folder has no {MANIFEST}")))?;
    warn_of_damage(&folder, &manifest);
    for line in citation(&path.to_string_lossy(), &manifest) {
        print_line(line)?;
    }
    Ok(())
}
