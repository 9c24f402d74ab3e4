//! Runs the program in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// An experiment of one point that takes no time, with one chart.
pub const SMALL: &str = r#"[experiment]
title        = "Small"
replications = 2
warmup       = "45 s"
duration     = "60 s"
bin          = "15 s"
accept       = ["few-messages-expected", "too-few-messages", "imprecise"]

[clients]
count = 5

[source]
poisson = { rate = "0.1 /s" }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[transport]]
name = "long polling"
long_poll = {}

[[chart]]
name = "bandwidth"
kind = "bar"
"#;

/// A folder that goes away with the test.
pub struct Scratch {
    folder: tempfile::TempDir,
}

/// What the program said.
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Scratch {
    pub fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and returns its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// The program with these arguments, in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cometsim"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    pub fn cometsim(&self, arguments: &[&str]) -> Output {
        Output::of(&self.command(arguments).output().unwrap())
    }

    /// Runs a line of shell in the folder, with the program in `$COMETSIM`: for limits of the system.
    #[cfg(unix)]
    #[allow(dead_code, reason = "few test programs need limits")]
    pub fn shell(&self, line: &str) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("COMETSIM", env!("CARGO_BIN_EXE_cometsim")).current_dir(self.folder.path());
        Output::of(&command.output().unwrap())
    }

    /// Starts the program and does not wait.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

impl Output {
    pub fn of(output: &std::process::Output) -> Output {
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

/// Runs an experiment file to the folder `out` and returns the folder of its results.
pub fn run_to(scratch: &Scratch, file: &str, out: &str, options: &[&str]) -> PathBuf {
    let out = scratch.path(out);
    let output = scratch.cometsim(&[&["run", file, "--out", &out, "--quiet"], options].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    Path::new(&out).join(Path::new(file).file_stem().unwrap())
}

/// Writes an experiment to `small.toml` and runs it. Returns the file and the folder of its results.
pub fn run_text(scratch: &Scratch, text: &str) -> (String, PathBuf) {
    let file = scratch.file("small.toml", text);
    let folder = run_to(scratch, &file, "out", &[]);
    (file, folder)
}

/// A file with [`SMALL`] and a folder with its results.
pub fn small(scratch: &Scratch) -> (String, PathBuf) {
    run_text(scratch, SMALL)
}

/// `verify` of a folder.
pub fn verify(scratch: &Scratch, folder: &Path, options: &[&str]) -> Output {
    scratch.cometsim(&[&["verify", "--quiet", folder.to_str().unwrap()], options].concat())
}

pub fn edit_manifest(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, serde_json::to_string_pretty(&manifest).unwrap()).unwrap();
}

/// Every file below a folder, by its relative path.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// The files in which two folders differ, the manifest and the command in the page aside. A page that shows another file
/// that differs is not named.
pub fn differing_files(one: &Path, other: &Path) -> Vec<String> {
    let [mut one, mut other] = [one, other].map(files_below);
    for files in [&mut one, &mut other] {
        files.remove("manifest.json");
        without_command(files);
    }
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = |name: &&&String| one.get(**name) != other.get(**name);
    let mut names: Vec<String> = names.iter().filter(differs).map(|name| (*name).clone()).collect();
    if names.iter().any(|name| name == "resolved.toml") {
        names.retain(|name| name != PAGE);
    }
    names
}

/// Requires that two folders have the same results, byte for byte, and nothing else but a plan of tasks. Of their manifests
/// some keys may differ.
pub fn assert_same_results(one: &Path, other: &Path, changing: &[&str]) {
    let results = |folder: &Path| {
        let mut files = files_below(folder);
        files.retain(|name, _| !name.starts_with("tasks/"));
        if changing.contains(&"command") {
            without_command(&mut files);
        }
        let mut manifest: serde_json::Value = serde_json::from_slice(&files.remove("manifest.json").unwrap()).unwrap();
        for key in changing {
            assert!(manifest.as_object_mut().unwrap().remove(*key).is_some());
        }
        (manifest, files)
    };
    let ((one_manifest, one), (other_manifest, other)) = (results(one), results(other));
    assert!(one.len() > 4, "{:?}", one.keys());
    assert!(one.keys().eq(other.keys()), "{:?}, {:?}", one.keys(), other.keys());
    let differing: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert_eq!(differing, [""; 0]);
    assert_eq!(one_manifest, other_manifest);
}

const PAGE: &str = "index.html";

/// Leaves the command and the question, which is a comment of the file, out of the page.
fn without_command(files: &mut BTreeMap<String, Vec<u8>>) {
    if let Some(page) = files.get_mut(PAGE) {
        let text = String::from_utf8_lossy(page).into_owned();
        let told = ["aria-label=\"Command\"", "class=\"lead\"", "class=\"kicker\"", "<h1>"];
        let lines = text.lines().filter(|line| !told.iter().any(|part| line.contains(part)));
        *page = lines.collect::<Vec<_>>().join("\n").into_bytes();
    }
}

/// The rows of a table as maps from column to cell.
pub fn read_rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The cells of a table without some columns.
pub fn without_columns(path: &Path, is_left_out: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let kept: Vec<usize> = reader
        .headers()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, name)| !is_left_out(name))
        .map(|(place, _)| place)
        .collect();
    reader
        .records()
        .map(|record| kept.iter().map(|place| record.as_ref().unwrap()[*place].to_owned()).collect())
        .collect()
}
