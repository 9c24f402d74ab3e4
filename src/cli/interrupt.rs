//! Ctrl-C, a hang-up or a request to end: what is finished stays in place, what is temporary goes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use super::output::print_error;
use crate::experiment::shown;
use crate::report::release_all;

/// Whether the program is about to end.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Folders that are not to outlive the program.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// How often a folder is removed in which other threads are still writing, and the pause between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// From now on an interruption ends the program with exit code 1 and these words.
pub(super) fn handle_interrupts(words: &'static str) {
    // A second handler is refused; the first one stays.
    let _ = ctrlc::set_handler(move || end(&format!("interrupted: {words}")));
}

/// Ends the program with exit code 1 and these words, from any thread.
pub(super) fn end(words: &str) -> ! {
    IS_INTERRUPTED.store(true, Ordering::SeqCst);
    print_error(format_args!("\n{words}\n"));
    for path in TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        remove(&path);
    }
    // Last: other threads are still at work.
    release_all();
    std::process::exit(1);
}

/// From now on a file that grows beyond the limit of this process (`ulimit -f`) is an error like a full disk, and not the
/// end of the process.
pub(super) fn outlive_size_limit() {
    #[cfg(unix)]
    {
        let has_come = std::sync::Arc::new(AtomicBool::new(false));
        // Without it such a run ends by the signal, and the next one goes on all the same.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, has_come);
    }
}

/// Waits for the end of the program where that is near: what fails now fails because of it.
pub(super) fn wait_if_interrupted() {
    while IS_INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::sleep(PAUSE);
    }
}

/// Makes a folder that is gone when it is closed, or when the program is interrupted.
///
/// # Errors
/// If it cannot be made.
pub(super) fn temporary_folder() -> io::Result<TempDir> {
    // The handler waits until the folder is known, or finds none.
    let mut known = TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::Builder::new().prefix("cometsim-").tempdir()?;
    known.push(folder.path().to_owned());
    Ok(folder)
}

fn remove(path: &Path) {
    for _ in 0..TRIES {
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => std::thread::sleep(PAUSE),
            _ => return,
        }
    }
    print_error(format_args!("warning: {} could not be removed\n", shown(path)));
}
