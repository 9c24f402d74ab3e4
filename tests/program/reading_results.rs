//! The page of the guide on reading results: its snippets name columns that are there, and run.

#![allow(clippy::pedantic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Scratch, files_below, run_to};

/// The blocks of a language on the page.
fn blocks(language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/reading_results.md");
    let page = fs::read_to_string(page).unwrap();
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

/// The results of the experiment on the page, where it says that they are.
fn results(scratch: &Scratch) -> PathBuf {
    let file = scratch.file("polls.toml", &blocks("toml").concat());
    run_to(scratch, &file, "output", &[])
}

/// Files, columns, transports and metrics of a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, _) in files_below(folder) {
        if name.ends_with(".csv") {
            let mut reader = csv::Reader::from_path(folder.join(&name)).unwrap();
            names.extend(reader.headers().unwrap().iter().map(str::to_owned));
        }
        names.insert(name);
    }
    for row in crate::program::read_rows(&folder.join("summary_long.csv")) {
        names.extend([row["transport"].clone(), row["metric"].clone()]);
    }
    names
}

/// The words in double quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// Whether a program with these arguments ends well, here.
fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

#[test]
fn snippets_name_what_is_in_the_results() {
    let scratch = Scratch::new();
    let names = names(&results(&scratch));
    let others = ["output/polls/", "cross", "latency.png", "", "UTF-8"];
    for (language, least) in [("python", 5), ("r", 1)] {
        let blocks = blocks(language);
        assert!(blocks.len() >= least, "{language}");
        let text = blocks.concat();
        let words = quoted(&text);
        assert!(words.len() > 10, "{language}: {words:?}");
        let unknown: Vec<&&str> =
            words.iter().filter(|word| !names.contains(**word) && !others.contains(word)).collect();
        assert!(unknown.is_empty(), "{language}: {unknown:?}");
    }
    // Columns of R after `$`, and of formulas.
    let text = blocks("r").concat();
    let after =
        text.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
    let unknown: Vec<&str> = after.filter(|word| !names.contains(*word)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// The Python of `COMETSIM_PYTHON`, or the usual one.
#[test]
fn the_snippets_in_python_run_where_pandas_is_installed() {
    let python = std::env::var("COMETSIM_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !works(&python, &["-c", "import pandas"]) {
        eprintln!("not tried: {python} has no pandas");
        return;
    }
    let scratch = Scratch::new();
    results(&scratch);
    let has_plots = works(&python, &["-c", "import matplotlib"]);
    let text: String =
        blocks("python").into_iter().filter(|block| has_plots || !block.contains("matplotlib")).collect();
    let script = scratch.file("page.py", &text);
    let output = Command::new(&python)
        .arg(script)
        .env("MPLBACKEND", "Agg")
        .current_dir(Path::new(&scratch.path("")))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // Both transports have a value at each of the three intervals.
    let mut lines = said.lines();
    let header = lines.find(|line| line.split_whitespace().eq("transport long polling short polling".split(' ')));
    assert!(header.is_some(), "{said}");
    let rows: Vec<Vec<&str>> = lines.skip(1).take(3).map(|row| row.split_whitespace().collect()).collect();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.len() == 3 && !row.contains(&"NaN")), "{said}");
    assert_eq!(has_plots, Path::new(&scratch.path("latency.png")).exists());
}

#[test]
fn the_snippets_in_r_run_where_it_is_installed() {
    if !works("Rscript", &["--version"]) {
        eprintln!("not tried: there is no Rscript");
        return;
    }
    let scratch = Scratch::new();
    results(&scratch);
    let script = scratch.file("page.R", &blocks("r").concat());
    let output = Command::new("Rscript").arg(script).current_dir(Path::new(&scratch.path(""))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
