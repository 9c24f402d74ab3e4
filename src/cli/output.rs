//! Standard output and standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Error};
use indicatif::ProgressBar;

use crate::report::width;

/// The bar that the terminal shows, if any.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);
/// Columns of a terminal that does not tell how many it has.
const USUAL_COLUMNS: usize = 80;

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

/// Writes a text to standard error, above the bar if there is one.
pub(super) fn print_error(text: impl Display) {
    let write = || {
        let mut error = io::stderr().lock();
        // A failure to report a failure cannot be reported; the exit code remains.
        let _ = error.write_all(text.to_string().as_bytes()).and_then(|()| error.flush());
    };
    match &*BAR.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Writes lines to standard error. On a terminal they are broken at spaces to fit.
pub(super) fn print_error_lines(text: &str) {
    let Some(columns) = error_columns() else { return print_error(format_args!("{text}\n")) };
    let lines = text.split('\n').map(|line| broken(line, columns));
    print_error(lines.collect::<Vec<_>>().join("\n") + "\n");
}

/// A line broken at its spaces. The terminal breaks a path that is too long, so that it can be copied whole.
fn broken(line: &str, columns: usize) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for (place, word) in line.split(' ').enumerate() {
        let long = width(word);
        if at > 0 && at + 1 + long > columns {
            text.push('\n');
            at = 0;
        } else if place > 0 {
            text.push(' ');
            at += 1;
        }
        text.push_str(word);
        at += long;
        if at > columns {
            at = at.checked_rem(columns).unwrap_or(0);
        }
    }
    text
}

/// The columns of standard error if it is a terminal.
pub(super) fn error_columns() -> Option<usize> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let told = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0));
    Some(told.filter(|columns| *columns > 0).unwrap_or(USUAL_COLUMNS))
}

/// From now on the terminal shows this bar, and other texts stand above it.
pub(super) fn show_bar(bar: &ProgressBar) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
}

/// Clears the bar. Whether there was one.
pub(super) fn clear_bar() -> bool {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).take();
    bar.inspect(ProgressBar::finish_and_clear).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces_and_paths_stay_whole() {
        assert_eq!(broken("one two three", 7), "one two\nthree");
        assert_eq!(broken("one two", 7), "one two");
        assert_eq!(broken("see /a/long/path now", 8), "see\n/a/long/path now");
        assert_eq!(broken("see /a/long/path later", 8), "see\n/a/long/path\nlater");
        assert_eq!(broken("长轮询 a b", 8), "长轮询 a\nb");
        assert_eq!(broken("  a", 8), "  a");
        assert_eq!(broken("", 8), "");
    }
}
