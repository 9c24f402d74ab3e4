//! Plans of tasks: any number of tasks, in any order, killed or not, give the bytes of `run`; what is wrong is said.

#![allow(clippy::pedantic)]

mod merging;
mod processes;
mod wrong_parts;

use std::fs;
use std::path::{Path, PathBuf};

use cometsim::runner::{Divided, JobSpan};

use crate::program::{Scratch, assert_same_results, files_below, run_to, verify};
use crate::studies::{self, HUGE, POOL, PRECISION, SEARCH, SWEEP};

const ALL: [(&str, &str); 5] =
    [("sweep", SWEEP), ("huge", HUGE), ("pool", POOL), ("precision", PRECISION), ("search", SEARCH)];

/// Writes an experiment with its data to a folder of its own.
pub fn file(scratch: &Scratch, name: &str, text: &str) -> String {
    for folder in ["data", "files"] {
        fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    scratch.file("data/messages.csv", "time_s,client\n0.5,0\n1.25,3\n3,19\n4.75,7\n9,0\n");
    scratch.file(&format!("files/{name}.toml"), &studies::text(text))
}

/// Plans `file` for `tasks` and returns the folder of the plan.
pub fn plan(scratch: &Scratch, file: &str, tasks: u32, out: &str) -> String {
    let out = scratch.path(out);
    let planned = scratch.cometsim(&["plan", file, "--tasks", &tasks.to_string(), "--out", &out]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    out
}

/// Runs some tasks of the current round.
pub fn run_tasks(scratch: &Scratch, folder: &str, list: &str) {
    let done = scratch.cometsim(&["task", folder, "--index", list, "--quiet", "--threads", "2"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
}

/// Merges, and runs all tasks of each further round. Returns the number of rounds.
pub fn merge(scratch: &Scratch, folder: &str, tasks: u32) -> usize {
    for round in 1.. {
        let merged = scratch.cometsim(&["merge", folder]);
        match merged.code {
            0 => return round,
            5 => run_tasks(scratch, folder, &format!("0-{}", tasks - 1)),
            code => panic!("exit {code}: {}", merged.stderr),
        }
    }
    unreachable!("there is an end to all rounds")
}

/// The folder of a plan has the files of a run, and nothing else but the plan.
pub fn assert_results(folder: &Path, run: &Path) {
    assert_same_results(folder, run, &["run"]);
}

#[test]
fn any_number_of_tasks_gives_the_bytes_of_a_run() {
    let scratch = Scratch::new();
    for (name, text) in ALL {
        let file = file(&scratch, name, text);
        let whole = run_to(&scratch, &file, "whole", &[]);
        for tasks in [1, 7, 100] {
            let folder = plan(&scratch, &file, tasks, &format!("{name}-{tasks}"));
            // The last half first.
            let half = tasks / 2;
            run_tasks(&scratch, &folder, &format!("{half}-{}", tasks - 1));
            if half > 0 {
                run_tasks(&scratch, &folder, &format!("0-{}", half - 1));
            }
            let rounds = merge(&scratch, &folder, tasks);
            assert_eq!(rounds > 1, ["precision", "search"].contains(&name), "{name}: {rounds} rounds");
            assert_results(Path::new(&folder), &whole);
        }
        let folder = PathBuf::from(scratch.path(&format!("{name}-7")));
        assert_eq!(verify(&scratch, &folder, &["--bytes"]).code, 0, "{name}");
    }
}

#[test]
fn one_replication_of_clients_that_share_nothing_is_divided() {
    let scratch = Scratch::new();
    let folder = plan(&scratch, &file(&scratch, "huge", HUGE), 7, "huge");
    run_tasks(&scratch, &folder, "0-6");
    let parts = fs::read_dir(Path::new(&folder).join("tasks/parts")).unwrap();
    let sizes: Vec<u64> = parts.map(|part| part.unwrap().metadata().unwrap().len()).collect();
    assert!(sizes.len() == 7 && sizes.iter().all(|size| *size < 1 << 20), "{sizes:?}");
}

#[test]
fn a_plan_needs_no_other_file_and_is_made_once() {
    let scratch = Scratch::new();
    let path = file(&scratch, "sweep", SWEEP);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let folder = plan(&scratch, &path, 3, "sweep");
    let before = files_below(Path::new(&folder));
    let again = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", &folder]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("the plan is there already: 3 tasks"), "{}", again.stdout);
    assert!(files_below(Path::new(&folder)) == before);
    fs::remove_dir_all(scratch.path("files")).unwrap();
    fs::remove_dir_all(scratch.path("data")).unwrap();
    // The folder may be moved, too.
    let moved = scratch.path("moved folder");
    fs::rename(&folder, &moved).unwrap();
    run_tasks(&scratch, &moved, "0,2,1");
    assert_eq!(merge(&scratch, &moved, 3), 1);
    assert_results(Path::new(&moved), &whole);
    let again = scratch.cometsim(&["merge", &moved]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("the results are there already; nothing to do"), "{}", again.stdout);
}

/// The replications of the first round.
fn spans(folder: &Path) -> Vec<JobSpan> {
    let bytes = fs::read(folder.join("tasks/round-1")).unwrap();
    let round = &bytes["cometsim-round-1\n".len()..bytes.len() - 32];
    let (_, _, divided): (u32, Vec<u64>, Divided) = postcard::from_bytes(round).unwrap();
    assert!(!divided.spans.is_empty());
    divided.spans
}

#[test]
fn results_that_are_there_are_not_planned_again() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let grown = run_to(&scratch, &path, "grown", &[]);
    let whole = run_to(&scratch, &path, "whole", &["--replications", "8"]);
    let folder = grown.to_str().unwrap();
    let planned = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", folder]);
    assert!(planned.stdout.contains("the results are there already; nothing to do"), "{}", planned.stdout);
    let planned = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", folder, "--replications", "8"]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert!(spans(&grown).iter().all(|span| (span.first, span.count) == (5, 3)));
    run_tasks(&scratch, folder, "0-2");
    merge(&scratch, folder, 3);
    assert_results(&grown, &whole);
}

/// How far the tasks are, as `status` says.
pub fn status(scratch: &Scratch, folder: &str) -> String {
    let status = scratch.cometsim(&["status", folder]);
    assert_eq!(status.code, 0, "{}", status.stderr);
    status.stdout
}

/// The tasks that are to be run again.
pub fn missing(scratch: &Scratch, folder: &str) -> Vec<String> {
    let missing = scratch.cometsim(&["plan", "--missing", folder]);
    assert_eq!(missing.code, 0, "{}", missing.stderr);
    missing.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn status_and_missing_tell_what_is_done() {
    let scratch = Scratch::new();
    let folder = plan(&scratch, &file(&scratch, "pool", POOL), 4, "pool");
    assert!(status(&scratch, &folder).contains("round 1, 4 tasks: 0 done, 0 running, 0 stopped, 4 missing"));
    run_tasks(&scratch, &folder, "1,3");
    assert!(status(&scratch, &folder).contains("2 done, 0 running, 0 stopped, 2 missing"));
    assert_eq!(missing(&scratch, &folder), ["0", "2"]);
    let merged = scratch.cometsim(&["merge", &folder]);
    assert_eq!(merged.code, 1);
    assert!(merged.stderr.contains("2 parts are missing or damaged in round 1"), "{}", merged.stderr);
    assert!(merged.stderr.contains(&format!("cometsim task {folder} --index 0,2")), "{}", merged.stderr);
    assert!(!Path::new(&folder).join("manifest.json").exists());
    run_tasks(&scratch, &folder, "0-3");
    assert!(missing(&scratch, &folder).is_empty());
    assert!(status(&scratch, &folder).contains("next: cometsim merge"));
}

#[test]
fn a_fresh_plan_replaces_results_and_plan() {
    let scratch = Scratch::new();
    let pool = file(&scratch, "pool", POOL);
    let sweep = file(&scratch, "sweep", SWEEP);
    let whole = run_to(&scratch, &sweep, "whole", &[]);
    let folder = run_to(&scratch, &pool, "other", &[]);
    let out = folder.to_str().unwrap();
    for _ in 0..2 {
        let planned = scratch.cometsim(&["plan", &sweep, "--tasks", "2", "--out", out, "--fresh"]);
        assert_eq!(planned.code, 0, "{}", planned.stderr);
        assert!(!folder.join("manifest.json").exists() && !folder.join("tasks/parts").exists());
        run_tasks(&scratch, out, "0-1");
    }
    merge(&scratch, out, 2);
    assert_results(&folder, &whole);
}

#[cfg(target_os = "linux")]
#[test]
fn a_merge_reads_in_proportion_to_the_parts() {
    let scratch = Scratch::new();
    let small = POOL.replace("workers = 20", "workers = 20000").replace("duration = \"2 min\"", "duration = \"10 s\"");
    let read_by_merge = |tasks: u32| -> u64 {
        let text = small.replace("replications = 5", &format!("replications = {}", tasks / 2));
        let folder = plan(&scratch, &file(&scratch, "many", &text), tasks, &format!("many-{tasks}"));
        run_tasks(&scratch, &folder, &format!("0-{}", tasks - 1));
        // What a shell has read includes what its children have.
        let line = format!("\"$COMETSIM\" merge {folder} >/dev/null 2>&1 && cat /proc/$$/io");
        let counted = scratch.shell(&line);
        let line = counted.stdout.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().to_owned();
        line.parse().unwrap()
    };
    let (few, many) = (read_by_merge(20), read_by_merge(200));
    assert!(many < 11 * few, "{few} bytes for 20 parts, {many} for 200");
}
