//! Standard output and standard error.

use std::fmt::Display;
use std::io::{self, Write};

use anyhow::{Context, Error};

/// Writes a line to standard output.
///
/// # Errors
/// If it cannot be written. A reader that closes early, such as `head`, is no failure.
pub(super) fn print_line(line: impl Display) -> Result<(), Error> {
    print_bytes(format!("{line}\n").as_bytes())
}

/// Writes bytes to standard output, as [`print_line`].
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    unless_reader_left(output.write_all(bytes).and_then(|()| output.flush()))
}

/// The outcome of writing to standard output, where a reader that has gone, such as `head`, is no failure.
///
/// # Errors
/// If it could not be written.
pub(super) fn unless_reader_left(outcome: io::Result<()>) -> Result<(), Error> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Writes a text to standard error.
pub(super) fn print_error(text: impl Display) {
    let mut error = io::stderr().lock();
    // A failure to report a failure cannot be reported; the exit code remains.
    let _ = error.write_all(text.to_string().as_bytes()).and_then(|()| error.flush());
}
