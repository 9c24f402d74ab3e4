//! The terminal of a bar: it leaves the last columns free.

use std::io;

use console::Term;
use indicatif::TermLike;

/// Columns that stay free, so that the `^C` that a terminal shows stands behind the bar and goes with it.
const FREE: u16 = 3;

/// Standard error without its last columns.
#[derive(Debug)]
pub(super) struct NarrowTerminal(pub Term);

impl TermLike for NarrowTerminal {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(FREE).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.0.write_line(s)
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.0.write_str(s)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
