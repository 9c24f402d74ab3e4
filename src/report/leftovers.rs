//! Unfinished work that is left in a folder once all results are there. Failing to remove it is not an error.

use super::folder::{Folder, FolderError, Held, HoldError, Sharing};

/// Removes it.
pub(super) fn remove(held: Held, on_note: &dyn Fn(&str)) {
    if let Err(error) = held.finish() {
        note_of(error, on_note);
    }
}

/// Removes what an earlier run could not remove.
pub(super) fn remove_if_any(folder: &Folder, sharing: Sharing, on_note: &dyn Fn(&str)) {
    if !folder.has_partial() {
        return;
    }
    match folder.hold(sharing, &|_| ()) {
        Ok(held) => remove(held, on_note),
        // It belongs to another run now.
        Err(HoldError::InUse(_) | HoldError::Owned { .. }) => {}
        Err(HoldError::Folder(error)) => note_of(error, on_note),
    }
}

fn note_of(error: FolderError, on_note: &dyn Fn(&str)) {
    on_note(&format!("warning: {:#}; the results are complete", anyhow::Error::new(error)));
}
