//! Plans of tasks: any number of tasks, in any order, killed or not, give the bytes of `run`; what is wrong is said.

#![allow(clippy::pedantic)]

mod wrong_parts;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use crate::program::{Scratch, files_below, run_to, verify};

/// Warnings that short runs have.
const ACCEPTED: &str = r#"accept = ["few-messages-expected", "too-few-messages", "imprecise", "messages-pending", "backlog-grows", "not-steady", "warmup-shorter-than-needed", "looks-differ", "nothing-created"]"#;

/// A sweep of one of two transports, with a trace, a comparison, a claim and a chosen warm-up.
pub const SWEEP: &str = r#"replications = 6
duration = "2 min"
warmup = "auto"
bin = "15 s"
baseline = "long polling"
[clients]
count = 20
[source.trace]
file = "../data/messages.csv"
repeat = true
[[transport]]
name = "short polling"
short_poll = { interval = "4 s" }
[[transport]]
name = "long polling"
long_poll = {}
[[claim]]
text = "long polling costs less"
metric = "http_bytes_per_s"
of = "long polling"
over = "short polling"
is = "< 1"
[sweep]
'transport."short polling".interval' = ["2 s", "4 s"]
"#;

/// One point of many clients that share nothing, in one replication.
const HUGE: &str = r#"replications = 1
duration = "1 min"
warmup = "1 min"
bin = "15 s"
[clients]
count = 30_000
[cost]
memory_per_connection = "20 kB"
[[transport]]
name = "long polling"
long_poll = {}
"#;

/// Clients that share workers: no replication can be divided.
pub const POOL: &str = r#"replications = 5
duration = "2 min"
[server]
workers = 20
[clients]
count = 60
[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }
[[transport]]
name = "long polling"
long_poll = {}
"#;

const PRECISION: &str = r#"replications = 3
precision = [{ metric = "latency_p95_s", half_width = "3 %" }, { metric = "http_bytes_per_s", half_width = "100 B/s" }]
max_replications = 100
duration = "5 min"
[clients]
count = 40
[[transport]]
name = "short polling"
short_poll = { interval = "1 s" }
[[transport]]
name = "long polling"
long_poll = {}
[sweep]
"clients.count" = [40, 100]
"#;

const SEARCH: &str = r#"replications = 4
[server]
workers = 20
[clients]
count = 40
[[transport]]
name = "short polling"
short_poll = { interval = "1 s" }
[[transport]]
name = "long polling"
long_poll = {}
[search]
key = "clients.count"
range = [10, 60]
target = "latency_p95_s <= 2 s"
"#;

const ALL: [(&str, &str); 5] =
    [("sweep", SWEEP), ("huge", HUGE), ("pool", POOL), ("precision", PRECISION), ("search", SEARCH)];

/// Writes an experiment with its data to a folder of its own.
pub fn file(scratch: &Scratch, name: &str, text: &str) -> String {
    for folder in ["data", "files"] {
        fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    scratch.file("data/messages.csv", "time_s,client\n0.5,0\n1.25,3\n3,19\n4.75,7\n9,0\n");
    scratch.file(&format!("files/{name}.toml"), &format!("[experiment]\n{ACCEPTED}\n{text}"))
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
    let mut files = files_below(folder);
    files.retain(|name, _| !name.starts_with("tasks/"));
    let whole = files_below(run);
    assert_eq!(files.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    for (name, bytes) in &whole {
        match name.as_str() {
            "manifest.json" => assert_eq!(without_run(&files[name]), without_run(bytes)),
            _ => assert!(files[name] == *bytes, "{name} differs"),
        }
    }
}

/// A manifest without the facts of the run.
fn without_run(bytes: &[u8]) -> serde_json::Value {
    let mut manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    assert!(manifest.as_object_mut().unwrap().remove("run").is_some());
    manifest
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
    let round = fs::read_to_string(grown.join("tasks/round-1.json")).unwrap();
    assert!(round.contains(r#""first":5,"count":3"#), "{round}");
    run_tasks(&scratch, folder, "0-2");
    merge(&scratch, folder, 3);
    assert_results(&grown, &whole);
}

/// How far the tasks are, as `status` says.
fn status(scratch: &Scratch, folder: &str) -> String {
    let status = scratch.cometsim(&["status", folder]);
    assert_eq!(status.code, 0, "{}", status.stderr);
    status.stdout
}

/// The tasks that are to be run again.
fn missing(scratch: &Scratch, folder: &str) -> Vec<String> {
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

#[cfg(unix)]
#[test]
fn a_task_that_is_killed_goes_on_to_the_same_bytes() {
    let scratch = Scratch::new();
    let slow = POOL.replace("replications = 5", "replications = 60").replace("2 min", "20 min");
    let path = file(&scratch, "pool", &slow);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let folder = plan(&scratch, &path, 2, "pool");
    let work = Path::new(&folder).join("tasks/work");
    let size = || -> u64 {
        let files = fs::read_dir(work.join("1-00000")).into_iter().flatten();
        files.map(|file| file.map_or(0, |file| file.metadata().map_or(0, |facts| facts.len()))).sum()
    };
    let mut in_the_middle = 0;
    for signal in ["KILL", "TERM", "KILL"] {
        let before = size();
        let mut child = scratch.start(&["task", &folder, "--index", "0", "--threads", "1", "--quiet"]);
        while size() < before + 20_000 && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            assert!(status(&scratch, &folder).contains(&format!("running 0: process {} on", child.id())));
            assert_eq!(missing(&scratch, &folder), ["1"]);
        }
        scratch.shell(&format!("kill -{signal} {} 2>/dev/null || true", child.id()));
        child.wait().unwrap();
        in_the_middle += usize::from(!Path::new(&folder).join("tasks/parts/1-00000").exists());
    }
    assert!(in_the_middle > 0, "the task was never killed in the middle");
    assert!(status(&scratch, &folder).contains("stopped 0"), "{}", status(&scratch, &folder));
    run_tasks(&scratch, &folder, "0-1");
    assert_eq!(fs::read_dir(&work).unwrap().count(), 0, "nothing is left of the attempts");
    merge(&scratch, &folder, 2);
    assert_results(Path::new(&folder), &whole);
}

#[test]
fn a_worker_of_another_machine_may_be_dead() {
    let scratch = Scratch::new();
    let folder = plan(&scratch, &file(&scratch, "pool", POOL), 2, "pool");
    let work = Path::new(&folder).join("tasks/work");
    fs::create_dir_all(work.join("1-00001")).unwrap();
    fs::write(work.join("1-00001/elsewhere-7"), "").unwrap();
    let owner = r#"{"host":"elsewhere","space":"","number":7,"started":"","since":"2026-01-01T00:00:00Z"}"#;
    fs::write(work.join("1-00001/elsewhere-7.owner"), owner).unwrap();
    assert!(status(&scratch, &folder).contains("running 1: process 7 on elsewhere, since 2026-01-01T00:00:00Z"));
    let missing = scratch.cometsim(&["plan", "--missing", &folder]);
    assert_eq!(missing.stdout, "0\n1\n");
    assert!(missing.stderr.contains("1 of them may be running on other machines"), "{}", missing.stderr);
    run_tasks(&scratch, &folder, "0-1");
    merge(&scratch, &folder, 2);
    assert!(!work.join("1-00001").exists());
}

#[test]
fn many_processes_may_do_the_same_task() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let folder = plan(&scratch, &path, 3, "pool");
    let start = || scratch.start(&["task", &folder, "--index", "0-2", "--quiet", "--threads", "1"]);
    let children: Vec<_> = (0..4).map(|_| start()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    merge(&scratch, &folder, 3);
    assert_results(Path::new(&folder), &whole);
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
