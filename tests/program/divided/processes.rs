//! Processes that do the same task, one after the other or at the same time, and how far they are.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::{assert_results, file, merge, missing, plan, run_tasks, status};
use crate::program::{Scratch, run_to};
use crate::studies::POOL;

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
