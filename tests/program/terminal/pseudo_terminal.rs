//! A terminal for a program, and what it shows.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use unicode_width::UnicodeWidthStr;

use crate::program::Scratch;

/// Rows of a screen from which nothing scrolls away.
const HISTORY: u16 = 2_000;

/// A terminal on which a program will run.
pub struct Terminal {
    keyboard: File,
    program_side: File,
    size: (u16, u16),
    has_stdout: bool,
    name: &'static str,
}

/// What a terminal shows after a program has ended.
pub struct Shown {
    pub code: i32,
    /// The rows of the screen.
    pub text: String,
    /// The rows of a screen from which nothing has scrolled away.
    pub history: String,
    /// Every line as it was written, those too that were cleared.
    pub lines: Vec<String>,
    pub raw: String,
    pub is_cursor_hidden: bool,
}

impl Terminal {
    pub fn new(columns: u16, rows: u16) -> Terminal {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap().into_string().unwrap();
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&keyboard, size).unwrap();
        let program_side = OpenOptions::new().read(true).write(true).open(name).unwrap();
        Terminal {
            keyboard: File::from(keyboard),
            program_side,
            size: (rows, columns),
            has_stdout: true,
            name: "xterm",
        }
    }

    /// The same with standard output elsewhere.
    pub fn without_stdout(mut self) -> Terminal {
        self.has_stdout = false;
        self
    }

    /// The same as a terminal that obeys no commands.
    pub fn dumb(mut self) -> Terminal {
        self.name = "dumb";
        self
    }

    /// Runs the program to its end.
    pub fn run(self, scratch: &Scratch, arguments: &[&str]) -> Shown {
        self.watch(scratch, arguments, None)
    }

    /// Runs the program, and strikes Ctrl-C when the terminal has shown these words: the terminal shows it, and the program
    /// gets a signal.
    pub fn run_until(self, scratch: &Scratch, arguments: &[&str], words: &str) -> Shown {
        self.watch(scratch, arguments, Some(words))
    }

    fn watch(self, scratch: &Scratch, arguments: &[&str], until: Option<&str>) -> Shown {
        let Terminal { mut keyboard, program_side, size, has_stdout, name } = self;
        let side = || Stdio::from(program_side.try_clone().unwrap());
        let mut command = scratch.command(arguments);
        command.env("TERM", name).env_remove("NO_COLOR");
        command.stdin(side()).stdout(if has_stdout { side() } else { Stdio::null() }).stderr(side());
        let mut child = command.spawn().unwrap();
        // The command and this side would keep the terminal open.
        drop((command, program_side));
        let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
        let (mut struck, mut is_interrupted) = (None, false);
        // Where the program has ended, Linux gives an error.
        while let Ok(count @ 1..) = keyboard.read(&mut piece) {
            bytes.extend_from_slice(&piece[..count]);
            let has = |from: usize, words: &str| String::from_utf8_lossy(&bytes[from..]).contains(words);
            match struck {
                None if until.is_some_and(|words| has(0, words)) => {
                    keyboard.write_all(b"\x03").unwrap();
                    struck = Some(bytes.len());
                }
                // A terminal that takes the key drops what has not been read, and only then the signal comes.
                Some(from) if !is_interrupted && has(from, "^C") => {
                    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
                    is_interrupted = true;
                }
                _ => {}
            }
        }
        let code = child.wait().unwrap().code().unwrap_or(-1);
        assert_eq!(is_interrupted, until.is_some(), "{}", String::from_utf8_lossy(&bytes));
        Shown::new(code, &bytes, size)
    }
}

/// The screen after these bytes.
fn screen(bytes: &[u8], rows: u16, columns: u16) -> vt100::Parser {
    let [rows, columns] = [rows, columns].map(|size| NonZero::new(size).unwrap());
    let mut parser = vt100::Parser::new(rows, columns, 0);
    parser.process(bytes);
    parser
}

impl Shown {
    fn new(code: i32, bytes: &[u8], (rows, columns): (u16, u16)) -> Shown {
        let parser = screen(bytes, rows, columns);
        let is_cursor_hidden = parser.screen().hide_cursor();
        let text = parser.screen().contents().trim_end().to_owned();
        let history = screen(bytes, HISTORY, columns).screen().contents();
        let raw = String::from_utf8(bytes.to_vec()).unwrap();
        let lines = raw.split(['\r', '\n']).map(|line| line.replace("\u{1b}[2K", "").trim_end().to_owned()).collect();
        Shown { code, text, history, lines, raw, is_cursor_hidden }
    }

    /// The columns that a text takes.
    pub fn width(text: &str) -> usize {
        UnicodeWidthStr::width(text)
    }
}
