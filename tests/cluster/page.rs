//! The guide's page on clusters: its commands, run as they are written, to the bytes of a run on one machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::processes::path;
use crate::program::{Output, Scratch, assert_same_results, run_to};

/// The folder of the results in the commands of the page.
const RESULTS: &str = "output/comet";

/// The blocks of a section in a language.
pub fn blocks(section: &str, language: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/cluster.md");
    let page = fs::read_to_string(file).unwrap();
    let sections = page.split("\n## ").filter(|text| text.trim_start_matches("# ").starts_with(section));
    let fences = sections.flat_map(|text| text.split("\n```").skip(1).step_by(2));
    let blocks = fences.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    let blocks: Vec<String> = blocks.map(str::to_owned).collect();
    assert!(!blocks.is_empty(), "{section} has no block of {language}");
    blocks
}

/// A folder with the experiments of the page, in which its commands are run.
pub fn folder() -> Scratch {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("experiments")).unwrap();
    let comet = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/comet.toml");
    fs::copy(comet, scratch.path("experiments/comet.toml")).unwrap();
    scratch
}

/// Runs the lines of a block in a folder, with the program in the search path.
pub fn run_block(scratch: &Scratch, block: &str, environment: &[(&str, String)]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-euc", block]).current_dir(scratch.path("")).env("PATH", path());
    let output = Output::of(&command.envs(environment.iter().cloned()).output().unwrap());
    assert_eq!(output.code, 0, "{block}: {}{}", output.stdout, output.stderr);
    output
}

/// Requires that the commands of the page have written what `run` does.
pub fn assert_same_as_run(scratch: &Scratch) {
    let run = run_to(scratch, "experiments/comet.toml", "one", &[]);
    assert_same_results(&run, scratch.path(RESULTS).as_ref(), &["run"]);
}

#[test]
fn a_loop_of_the_shell() {
    let scratch = folder();
    for block in blocks("On a cluster", "sh") {
        run_block(&scratch, &block, &[]);
    }
    assert_same_as_run(&scratch);
}

/// The folder of the results, and the experiment.
pub fn results(scratch: &Scratch) -> PathBuf {
    scratch.path(RESULTS).into()
}
