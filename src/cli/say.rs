//! Standard output and standard error.

use std::fmt::Display;
use std::io::{self, Write};

use super::Failure;

/// Writes a line to standard output.
///
/// # Errors
/// If it cannot be written. A reader that closes early, such as `head`, is no failure.
pub(super) fn say(line: impl Display) -> Result<(), Failure> {
    write(format!("{line}\n").as_bytes())
}

/// Writes bytes to standard output, as [`say`].
pub(super) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    said(output.write_all(bytes).and_then(|()| output.flush()))
}

/// The result of writing to standard output.
///
/// # Errors
/// If it failed. A reader that closes early, such as `head`, is no failure.
pub(super) fn said(outcome: io::Result<()>) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Failed(anyhow::Error::new(error).context("cannot write to standard output")))
        }
        _ => Ok(()),
    }
}

/// Writes a text to standard error.
pub(super) fn tell(text: impl Display) {
    let mut error = io::stderr().lock();
    // An error on standard error cannot be reported; the exit code still shows the failure.
    let _ = error.write_all(text.to_string().as_bytes()).and_then(|()| error.flush());
}
