//! Standard output.

use std::fmt::Display;
use std::io::{self, Write};

use super::Failure;

/// Writes a line to standard output.
///
/// # Errors
/// If it cannot be written. A reader that has gone, such as `head`, is no failure.
pub(super) fn say(line: impl Display) -> Result<(), Failure> {
    write(format!("{line}\n").as_bytes())
}

/// Writes bytes to standard output, as [`say`].
pub(super) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Failed(anyhow::Error::new(error).context("cannot write to standard output")))
        }
        _ => Ok(()),
    }
}
