//! Merges that are killed, or at work at the same time, and folders that something else uses.

use std::fs;
use std::path::Path;

use super::{assert_results, file, merge, plan, run_tasks};
use crate::program::{Scratch, files_below, run_to};
use crate::studies::{POOL, SWEEP};

/// What a run of another machine leaves in a folder of a file system without locks.
const ELSEWHERE: &str = r#"{"host":"elsewhere","space":"","number":7,"started":"","since":"2026-01-01T00:00:00Z"}"#;

/// The sweep with charts, which take a merge some time.
fn slow_to_merge() -> String {
    let chart = |name: &str| format!("[[chart]]\nname = \"{name}\"\nkind = \"bar\"\n");
    format!("{SWEEP}{}{}", chart("bandwidth"), chart("latency"))
}

#[test]
fn merges_at_the_same_time_end_well_with_the_same_bytes() {
    let scratch = Scratch::new();
    let path = file(&scratch, "sweep", &slow_to_merge());
    let whole = run_to(&scratch, &path, "whole", &[]);
    let few = run_to(&scratch, &path, "few", &["--replications", "4"]);
    let ready = plan(&scratch, &path, 3, "ready");
    run_tasks(&scratch, &ready, "0-2");
    let grown = few.to_str().unwrap().to_owned();
    let planned = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", &grown]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    run_tasks(&scratch, &grown, "0-2");
    // Into an empty folder, and over results with fewer replications.
    for start in [ready, grown] {
        for number in 0..3 {
            let folder = format!("{start}-{number}");
            assert_eq!(scratch.shell(&format!("cp -r {start} {folder}")).code, 0);
            let merges: Vec<_> = (0..4).map(|_| scratch.start(&["merge", &folder, "--threads", "1"])).collect();
            for mut merge in merges {
                assert_eq!(merge.wait().unwrap().code(), Some(0), "{folder}");
            }
            assert_results(Path::new(&folder), &whole);
        }
    }
}

#[test]
fn a_merge_that_is_killed_at_any_time_is_done_by_the_next_one() {
    let scratch = Scratch::new();
    let path = file(&scratch, "sweep", &slow_to_merge());
    let whole = run_to(&scratch, &path, "whole", &[]);
    let few = run_to(&scratch, &path, "few", &["--replications", "4"]);
    let grown = few.to_str().unwrap().to_owned();
    let planned = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", &grown]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    run_tasks(&scratch, &grown, "0-2");
    for name in ["resolved.toml", "summary.csv", "summary.md", "totals.bin"] {
        let folder = format!("{grown}-{name}");
        assert_eq!(scratch.shell(&format!("cp -r {grown} {folder}")).code, 0);
        // It is killed when it has just replaced a file.
        let old = fs::read(format!("{folder}/{name}")).unwrap();
        let mut killed = scratch.start(&["merge", &folder, "--threads", "1"]);
        while killed.try_wait().unwrap().is_none() && fs::read(format!("{folder}/{name}")).unwrap() == old {}
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(!Path::new(&folder).join(".partial/owner").exists());
        merge(&scratch, &folder, 3);
        assert_results(Path::new(&folder), &whole);
    }
}

#[test]
fn a_merge_says_what_uses_its_folder() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let folder = plan(&scratch, &path, 2, "pool");
    run_tasks(&scratch, &folder, "0-1");
    let partial = Path::new(&folder).join(".partial");
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("owner"), ELSEWHERE).unwrap();
    let refused = |code: i32, words: &str| {
        let before = files_below(Path::new(&folder));
        let merged = scratch.cometsim(&["merge", &folder]);
        assert_eq!(merged.code, code, "{}", merged.stderr);
        assert!(merged.stderr.contains(words), "{}", merged.stderr);
        assert!(!merged.stderr.contains("--out") && !merged.stderr.contains("--fresh"), "{}", merged.stderr);
        let mut after = files_below(Path::new(&folder));
        after.retain(|name, bytes| name != ".partial/jobs" || !bytes.is_empty());
        assert!(after == before);
    };
    refused(
        1,
        "process 7 on elsewhere, since 2026-01-01T00:00:00Z; wait for it, then merge again; if it is dead, remove",
    );
    fs::remove_file(partial.join("owner")).unwrap();
    // Unfinished work of another experiment.
    let other = [b"cometsim-jobs-6\n".as_slice(), &[9; 32]].concat();
    fs::write(partial.join("jobs"), &other).unwrap();
    refused(2, "holds unfinished work of `cometsim run` for another experiment");
    assert_eq!(fs::read(partial.join("jobs")).unwrap(), other);
    fs::remove_file(partial.join("jobs")).unwrap();
    merge(&scratch, &folder, 2);
    assert_results(Path::new(&folder), &run_to(&scratch, &path, "whole", &[]));
}

/// Load that cannot be carried: no warm-up is long enough.
const UNSETTLED: &str = r#"replications = 2
duration = "2 min"
warmup = "auto"
[server]
workers = 1
service = { exponential = "100 ms" }
[clients]
count = 60
[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }
"#;

#[test]
fn the_warnings_about_a_chosen_warmup_are_those_of_a_run() {
    let scratch = Scratch::new();
    let path = file(&scratch, "unsettled", UNSETTLED);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let manifest = fs::read_to_string(whole.join("manifest.json")).unwrap();
    assert!(manifest.contains("warmup-not-found"), "{manifest}");
    let folder = plan(&scratch, &path, 2, "unsettled");
    run_tasks(&scratch, &folder, "0-1");
    merge(&scratch, &folder, 2);
    assert_results(Path::new(&folder), &whole);
}
