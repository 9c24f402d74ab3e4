//! Standard output and standard error that cannot be written.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::program::{SMALL, Scratch, edit_manifest, small};

/// Streams to nowhere.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stream {
    Null,
    Full,
    Closed,
}

impl Stream {
    fn open(self) -> Stdio {
        match self {
            Stream::Null => Stdio::null(),
            Stream::Full => File::options().write(true).open("/dev/full").unwrap().into(),
            Stream::Closed => {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                writer.into()
            }
        }
    }
}

fn code(arguments: &[&str], stdout: Stream, stderr: Stream) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cometsim"));
    command.args(arguments).stdout(stdout.open()).stderr(stderr.open()).status().unwrap().code()
}

#[test]
fn the_exit_code_is_right_where_standard_error_cannot_be_written() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let folder = folder.to_str().unwrap();
    let (out, nowhere) = (scratch.path("out"), scratch.path("nowhere"));
    let bad = scratch.file("bad.toml", &SMALL.replace("count", "cuont"));
    // A warning is printed.
    let warned = scratch.file("warned.toml", &SMALL.replace("accept ", "# accept "));
    for stream in [Stream::Full, Stream::Closed] {
        for (arguments, expected) in [
            (vec!["check", &nowhere], 2),
            (vec!["check", &bad], 2),
            (vec!["check", &warned], 0),
            (vec!["run", &nowhere, "--out", &out], 2),
            (vec!["run", &bad, "--out", &out], 2),
            (vec!["run", &warned, "--out", &out, "--fresh"], 0),
            (vec!["run", &file, "--out", &file], 1),
            (vec!["run", &file, "--out", &out, "--seed", "9"], 2),
            (vec!["plan", &nowhere], 2),
            (vec!["plan", &bad], 2),
            (vec!["plan", &warned], 0),
            (vec!["chart", &nowhere], 2),
            (vec!["chart", folder], 0),
            (vec!["verify", &nowhere], 2),
            (vec!["verify", folder], 0),
            (vec!["fly"], 2),
            (vec!["run"], 2),
        ] {
            assert_eq!(code(&arguments, Stream::Null, stream), Some(expected), "{arguments:?} {stream:?}");
            if expected != 0 {
                assert_eq!(code(&arguments, stream, stream), Some(expected), "{arguments:?} {stream:?}, both");
            }
        }
    }
    edit_manifest(folder.as_ref(), |manifest| manifest["seed"] = 3.into());
    assert_eq!(code(&["verify", folder], Stream::Null, Stream::Full), Some(3));
}

#[test]
fn the_exit_code_tells_that_standard_output_is_full_and_not_that_its_reader_has_gone() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let (folder, out) = (folder.to_str().unwrap(), scratch.path("out"));
    for arguments in [
        vec!["check", &file],
        vec!["run", &file, "--out", &out],
        vec!["run", &file, "--out", &out, "--fresh"],
        vec!["plan", &file],
        vec!["chart", folder],
        vec!["verify", folder],
        vec!["man"],
        vec!["completions", "bash"],
        vec!["--help"],
        vec!["run", "--help"],
        vec!["--version"],
    ] {
        assert_eq!(code(&arguments, Stream::Full, Stream::Null), Some(1), "{arguments:?}");
        assert_eq!(code(&arguments, Stream::Full, Stream::Full), Some(1), "{arguments:?}");
        assert_eq!(code(&arguments, Stream::Closed, Stream::Null), Some(0), "{arguments:?}");
    }
}
