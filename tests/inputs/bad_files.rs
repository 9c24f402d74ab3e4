//! Every refusal of an experiment file, word for word.
//!
//! Each `tests/bad/NAME.toml` must be refused with exactly `tests/bad/NAME.stderr`; lines `# --set KEY=VALUE` at its top
//! are overrides. `UPDATE_EXPECTED=1 cargo test --test inputs bad_files::` writes what is now said: read it before committing.

use std::fs;
use std::path::{Path, PathBuf};

use cometsim::experiment::Experiment;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad");

/// The bad files, in the order of their names.
fn bad_files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of bad files");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn overrides(text: &str) -> Vec<String> {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    comments.filter_map(|line| line.strip_prefix("# --set ")).map(str::to_owned).collect()
}

/// What is said about a bad file, or why it does not count as one.
fn refusal(path: &Path) -> Result<String, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a bad file is UTF-8");
    match Experiment::from_text(&name, &text, Path::new(FOLDER), &overrides(&text)) {
        Ok(_) => Err(format!("{name} was accepted")),
        Err(diagnostics) => Ok(diagnostics.render()),
    }
}

/// Each message on its own: what stands between two lines that begin with a severity.
fn messages(rendered: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in rendered.lines() {
        if line.starts_with("error") || line.starts_with("warning") {
            messages.push(String::new());
        }
        let message = messages.last_mut().expect("the first line is that of a message");
        message.push_str(line);
        message.push('\n');
    }
    messages
}

/// Whether a text holds `name:line:column`.
fn has_place(message: &str) -> bool {
    message.lines().any(|line| {
        let place = line.split_once("┌─ ").map(|(_, place)| place.rsplitn(3, ':').collect::<Vec<_>>());
        place.is_some_and(|parts| {
            parts.len() == 3 && parts[..2].iter().all(|part| part.parse::<usize>().is_ok_and(|n| n > 0))
        })
    })
}

#[test]
fn every_refusal_is_as_expected() {
    let files = bad_files();
    assert!(files.len() >= 45, "only {} bad files", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let said = match refusal(&path) {
            Ok(said) => said,
            Err(reason) => {
                wrong.push(reason);
                continue;
            }
        };
        let expected = path.with_extension("stderr");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &said).expect("the expected text can be written");
        }
        match fs::read_to_string(&expected) {
            Ok(wanted) if wanted == said => {}
            Ok(wanted) => wrong.push(format!("{}\nexpected:\n{wanted}\nsaid:\n{said}", path.display())),
            Err(error) => wrong.push(format!("{}: {error}", expected.display())),
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_message_has_a_place_and_help() {
    for path in bad_files() {
        let said = refusal(&path).expect("a refusal");
        for message in messages(&said) {
            assert!(has_place(&message), "{}: no name:line:column in\n{message}", path.display());
            assert!(message.contains("= help: "), "{}: no help in\n{message}", path.display());
            assert!(message.contains('^'), "{}: no caret in\n{message}", path.display());
        }
    }
}

#[test]
fn no_expected_text_is_left_over() {
    for entry in fs::read_dir(FOLDER).expect("the folder of bad files") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "stderr") {
            assert!(path.with_extension("toml").exists(), "{} has no file", path.display());
        }
    }
}

#[test]
fn a_file_with_many_errors_shows_them_all() {
    let said = refusal(&Path::new(FOLDER).join("several-errors.toml")).expect("a refusal");
    for part in [
        "experiment.seed",
        "experiment.duration",
        "clients.count",
        "timeot",
        "source.payload",
        "source.tick.every",
        "source.tick.hit",
        "client.count",
        "clients.timeout",
        "latency_men_s",
        "needs an interval",
        "two transports",
        "turnaround",
    ] {
        assert!(said.contains(part), "nothing about {part} in\n{said}");
    }
}
