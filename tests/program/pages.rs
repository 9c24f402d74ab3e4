//! The README and pages of the guide: their files are written, their commands run, and what follows a command is what it
//! prints. `UPDATE_EXPECTED=1` renews the pages; read the difference.
//!
//! - A block of TOML that begins with `# NAME.toml` is that file. If this line names another file too, or the same one
//!   again, the block follows the text of that file: `# NAME.toml: below the lines that OTHER.toml has`.
//! - The block after the commands has what the last of them prints.

#![cfg(unix)]
#![allow(clippy::pedantic)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::program::Scratch;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The language and the place of each block of a page.
fn blocks(page: &str) -> Vec<(&str, Range<usize>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut place = 0;
    for line in page.split_inclusive('\n') {
        let fence = line.trim_end().strip_prefix("```");
        match (open, fence) {
            (None, Some(language)) => open = Some((language, place + line.len())),
            (Some((language, start)), Some("")) => {
                blocks.push((language, start..place));
                open = None;
            }
            _ => {}
        }
        place += line.len();
    }
    assert!(open.is_none(), "a block has no end");
    blocks
}

/// Files named in the first line of a block: the one that it is, and the one that it follows.
fn named_files(block: &str) -> Vec<&str> {
    let first = block.lines().next().unwrap_or_default();
    let Some(first) = first.strip_prefix("# ") else { return Vec::new() };
    first.split([' ', ':', ',']).filter(|word| word.ends_with(".toml")).collect()
}

/// What the last of some commands prints, in a folder with the files of the page.
fn run_all(scratch: &Scratch, commands: &str) -> Option<String> {
    let mut said = None;
    for line in commands.lines() {
        let line = line.split("  #").next().unwrap().trim();
        let line = line.replace("cargo run --release --", "cometsim");
        if line.starts_with("cargo ") {
            continue;
        }
        let output = scratch.shell(&format!("cometsim() {{ \"$COMETSIM\" \"$@\"; }}\n{line}"));
        assert_eq!(output.code, 0, "{line}: {}{}", output.stdout, output.stderr);
        let is_silent = !["warning", "error", "note"].iter().any(|word| output.stderr.contains(word));
        assert!(is_silent || line.contains("verify"), "{line}: {}", output.stderr);
        said = Some(output.stdout);
    }
    said
}

/// A text without what differs from run to run and from build to build: how long it took, and the commit.
fn lasting(text: &str) -> String {
    let lasting = |line: &str| -> Option<String> {
        let line = without_commit(line);
        let is_size = line.contains("replications of ") && line.contains(" transport");
        match line.rfind(", ") {
            _ if line.starts_with("commit: ") => None,
            Some(place) if is_size && !line.contains('{') => Some(line[..place].to_owned()),
            _ => Some(line),
        }
    };
    text.trim_end().lines().filter_map(lasting).collect::<Vec<String>>().join("\n")
}

/// What a page shows of an output: all but the commit.
fn shown(text: &str) -> String {
    let kept = text.trim_end().lines().filter(|line| !line.starts_with("commit: "));
    kept.map(|line| without_commit(line) + "\n").collect()
}

fn without_commit(line: &str) -> String {
    match line.split_once(" (commit ") {
        Some((before, rest)) => format!("{before}{}", rest.split_once(')').unwrap().1),
        None => line.to_owned(),
    }
}

/// The page with what its commands print, and how many outputs it shows.
fn renewed(page: &str) -> (String, usize) {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("experiments")).unwrap();
    for entry in fs::read_dir(root().join("experiments")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("experiments/{}", path.file_name().unwrap().to_str().unwrap());
        fs::copy(&path, scratch.path(&name)).unwrap();
    }
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut said: Option<String> = None;
    let mut renewed = String::new();
    let mut end = 0;
    let mut count = 0;
    for (language, place) in blocks(page) {
        let block = &page[place.clone()];
        let output = said.take();
        match (language, output) {
            ("toml", _) => {
                if let [name, rest @ ..] = &named_files(block)[..] {
                    let before = rest.first().map_or_else(String::new, |other| files[other].clone() + "\n");
                    let text = before + block;
                    scratch.file(name, &text);
                    files.insert(name, text);
                }
            }
            ("sh", _) => said = run_all(&scratch, block),
            (_, Some(output)) => {
                count += 1;
                renewed.push_str(&page[end..place.start]);
                let is_same = lasting(block) == lasting(&output);
                renewed.push_str(&if is_same { block.to_owned() } else { shown(&output) });
                end = place.end;
            }
            _ => {}
        }
    }
    renewed.push_str(&page[end..]);
    (renewed, count)
}

fn assert_page(name: &str, least: usize) {
    let path = root().join(name);
    let page = fs::read_to_string(&path).unwrap();
    let (renewed, count) = renewed(&page);
    assert!(count >= least, "{name} shows {count} outputs");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &renewed).unwrap();
        return;
    }
    let differing: Vec<(&str, &str)> = page.lines().zip(renewed.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(page, renewed, "renew {name} with UPDATE_EXPECTED=1: {differing:#?}");
}

#[test]
fn the_readme_shows_what_its_commands_print() {
    assert_page("README.md", 5);
}

#[test]
fn the_page_of_traces_shows_what_its_command_prints() {
    assert_page("src/guide/trace.md", 1);
}

#[test]
fn the_tutorial_shows_what_its_commands_print() {
    assert_page("src/guide/tutorial.md", 8);
}

#[test]
fn the_fair_comparison_shows_what_its_commands_print() {
    assert_page("src/guide/fair_comparison.md", 2);
}

/// The settings of today that the page gives to copy are those of the experiment, which its claims check.
#[test]
fn the_settings_of_today_are_those_of_the_experiment() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (page, today) = (read("src/guide/fair_comparison.md"), read("experiments/today.toml"));
    let (_, place) = blocks(&page).into_iter().find(|(language, _)| *language == "toml").unwrap();
    let settings: Vec<&str> = page[place].lines().map(|line| line.split("  #").next().unwrap().trim()).collect();
    assert!(settings.len() >= 8, "{settings:?}");
    for setting in settings {
        assert!(today.lines().any(|line| line.trim() == setting), "experiments/today.toml has no `{setting}`");
    }
}

/// A page whose output is not that of the command is found.
#[test]
fn another_number_is_found() {
    let page = |answer: &str| {
        format!("```sh\necho 2 transports, 3 replications of 1 min, 5 s\necho 42\n```\n\n```text\n{answer}\n```\n")
    };
    assert_eq!(renewed(&page("41")), (page("42"), 1));
    assert_eq!(renewed(&page("42")), (page("42"), 1));
    assert_eq!(
        lasting("2 transports, 3 replications of 1 min, 5 s\n"),
        lasting("2 transports, 3 replications of 1 min, 8 s")
    );
    assert_ne!(
        lasting("2 transports, 3 replications of 1 min, 5 s"),
        lasting("2 transports, 4 replications of 1 min, 5 s")
    );
}
