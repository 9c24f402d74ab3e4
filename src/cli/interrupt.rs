//! Ctrl-C, a hang-up or a termination request: finished files stay, temporary files are removed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use super::output::{clear_bar, error_columns, print_error, print_error_lines};
use crate::report::release_all;
use crate::terminal::shown;

/// Whether the program is about to end.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Folders to remove when the program ends.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// How often to try to remove a folder in which other threads still write, and the pause between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// From now on an interruption ends the program with exit code 1 and this message.
pub(super) fn handle_interrupts(words: &'static str) {
    // A second handler is refused; the first one stays.
    let _ = ctrlc::set_handler(move || end(&format!("interrupted: {words}")));
}

/// Ends the program with exit code 1 and this message, from any thread.
pub(super) fn end(words: &str) -> ! {
    IS_INTERRUPTED.store(true, Ordering::SeqCst);
    // Without a bar, which takes the `^C` of the terminal with it, the message begins below that.
    if !clear_bar() && error_columns().is_some() {
        print_error("\n");
    }
    print_error_lines(words);
    for path in TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        remove(&path);
    }
    // Last, because other threads are still running.
    release_all();
    std::process::exit(1);
}

/// From now on a file that exceeds the limit of this process (`ulimit -f`) is an error like a full disk, and does not
/// end the process.
pub(super) fn outlive_size_limit() {
    #[cfg(unix)]
    {
        let has_come = std::sync::Arc::new(AtomicBool::new(false));
        // Without it such a run ends by the signal, and the next one continues anyway.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, has_come);
    }
}

/// Waits for the end of the program if it is ending: a failure now is a consequence.
pub(super) fn wait_if_interrupted() {
    while IS_INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::sleep(PAUSE);
    }
}

/// Makes a folder that is removed when it is closed, or when the program is interrupted.
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
