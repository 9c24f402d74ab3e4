//! Parts and plans that are wrong: each has its message and its exit code, and nothing is lost.

use std::fs::{self, File};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use cometsim::runner::{PartHead, PartWriter};

use super::{assert_results, file, merge, plan, run_tasks};
use crate::program::{Scratch, files_below, run_to};
use crate::studies::{POOL, SWEEP};

/// A plan of three tasks that are done.
fn done(scratch: &Scratch) -> String {
    let folder = plan(scratch, &file(scratch, "pool", POOL), 3, "pool");
    run_tasks(scratch, &folder, "0-2");
    folder
}

fn part(folder: &str, task: u32) -> String {
    format!("{folder}/tasks/parts/1-0000{task}")
}

/// Merging fails with exit code 1 and these words, writes no results, and changes no part; with the part of task 1 made
/// anew it succeeds.
fn assert_refused(scratch: &Scratch, folder: &str, words: &str) {
    let before = files_below(Path::new(folder));
    let merged = scratch.cometsim(&["merge", folder]);
    assert_eq!(merged.code, 1, "{}", merged.stderr);
    assert!(merged.stderr.contains(words), "{words}: {}", merged.stderr);
    assert!(files_below(Path::new(folder)) == before);
    let whole = run_to(scratch, &file(scratch, "pool", POOL), "whole", &[]);
    run_tasks(scratch, folder, "1");
    merge(scratch, folder, 3);
    assert_results(Path::new(folder), &whole);
}

#[test]
fn a_part_that_is_cut_off_or_altered_is_named_and_made_again() {
    let scratch = Scratch::new();
    let whole = done(&scratch);
    let bytes = fs::read(part(&whole, 1)).unwrap();
    let mut altered = bytes.clone();
    altered[bytes.len() / 2] ^= 1;
    let longer = [bytes.as_slice(), b"x"].concat();
    let cut = |length: usize| bytes[..length].to_vec();
    let cases =
        [cut(0), cut(10), cut(100), cut(bytes.len() / 2), cut(bytes.len() - 1), altered, longer, b"a letter".to_vec()];
    for (number, bytes) in cases.into_iter().enumerate() {
        let folder = scratch.path(&format!("copy-{number}"));
        let copied = scratch.shell(&format!("cp -r {whole} {folder}"));
        assert_eq!(copied.code, 0, "{}", copied.stderr);
        fs::write(part(&folder, 1), bytes).unwrap();
        let missing = scratch.cometsim(&["plan", "--missing", &folder]);
        assert_eq!(missing.stdout, "1\n");
        assert_refused(&scratch, &folder, "parts/1-00001 is ");
    }
}

#[test]
fn a_part_of_something_else_is_refused_with_what_it_is() {
    let scratch = Scratch::new();
    // Another task of the same plan.
    let folder = done(&scratch);
    fs::copy(part(&folder, 2), part(&folder, 1)).unwrap();
    let twice = scratch.cometsim(&["merge", &folder]);
    assert_eq!(twice.code, 1);
    assert!(twice.stderr.contains("1-00001 is the part of task 2 of round 1: remove it"), "{}", twice.stderr);
    fs::remove_file(part(&folder, 1)).unwrap();
    fs::copy(part(&folder, 2), format!("{}-copy", part(&folder, 2))).unwrap();
    let twice = scratch.cometsim(&["merge", &folder]);
    assert_eq!(twice.code, 1);
    assert!(twice.stderr.contains("1-00002-copy: remove one of them"), "{}", twice.stderr);
    assert!(twice.stderr.contains("there are two parts of task 2 of round 1: "), "{}", twice.stderr);
    fs::remove_file(format!("{}-copy", part(&folder, 2))).unwrap();

    // Another experiment, and another plan of this one.
    let other = plan(&scratch, &file(&scratch, "sweep", SWEEP), 3, "sweep");
    run_tasks(&scratch, &other, "1");
    fs::copy(part(&other, 1), part(&folder, 1)).unwrap();
    let merged = scratch.cometsim(&["merge", &folder]);
    assert!(merged.stderr.contains("is of another experiment: remove it"), "{}", merged.stderr);
    let other = plan(&scratch, &file(&scratch, "pool", POOL), 2, "two");
    run_tasks(&scratch, &other, "1");
    fs::copy(part(&other, 1), part(&folder, 1)).unwrap();
    assert_refused(&scratch, &folder, "is of another plan of this experiment: remove it");
}

#[test]
fn a_part_of_another_program_or_results_version_is_refused() {
    let scratch = Scratch::new();
    let head = |results_version, program: &str| PartHead {
        identity: [0; 32],
        results_version,
        program: program.to_owned(),
        plan: [0; 32],
        round: 1,
        task: 1,
    };
    let version = cometsim::model::RESULTS_VERSION;
    for (number, (head, words)) in [
        (head(version + 1, "9.9.9 (commit abc)"), format!("is of results version {}, and the plan is of", version + 1)),
        (head(version, "9.9.9 (commit abc)"), "is of cometsim 9.9.9 (commit abc), and the plan is of".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = plan(&scratch, &file(&scratch, "pool", POOL), 3, &format!("pool-{number}"));
        run_tasks(&scratch, &folder, "0-2");
        let path = part(&folder, 1);
        fs::remove_file(&path).unwrap();
        PartWriter::new(File::create(&path).unwrap(), path.into(), &head).unwrap().seal().unwrap();
        assert_refused(&scratch, &folder, &words);
    }
}

#[test]
fn a_folder_that_something_else_uses_is_left_as_it_is() {
    let scratch = Scratch::new();
    let pool = file(&scratch, "pool", POOL);
    let sweep = file(&scratch, "sweep", SWEEP);
    let folder = plan(&scratch, &pool, 3, "pool");
    let results = run_to(&scratch, &pool, "results", &[]);
    let before = files_below(Path::new(&folder));
    for (arguments, words) in [
        (
            vec!["plan", &sweep, "--tasks", "3", "--out", &folder],
            "holds a plan of another experiment, pool.toml: choose",
        ),
        (vec!["plan", &pool, "--tasks", "4", "--out", &folder], "holds a plan of 3 tasks, not 4: choose"),
        (
            vec!["plan", &pool, "--tasks", "3", "--out", &folder, "--set", "experiment.title=x"],
            "holds a plan of the same experiment with another text, or with other overrides: choose",
        ),
        (
            vec!["plan", &sweep, "--tasks", "3", "--out", results.to_str().unwrap()],
            "holds the results of a different experiment",
        ),
        (vec!["task", &folder, "--index", "3"], "there is no task 3: the plan in"),
        (vec!["task", &folder, "--index", "2-1"], "write numbers from 0, such as 7, 0-9 or 0,3,8-12"),
        (vec!["task", results.to_str().unwrap(), "--index", "0"], "has no plan of tasks: make one with"),
        (vec!["merge", &scratch.path("nowhere")], "has no plan of tasks"),
        (vec!["status", &scratch.path("nowhere")], "has no plan of tasks"),
        (vec!["plan", &pool, "--tasks", "0", "--out", &folder], "0"),
        (vec!["plan", &pool, "--tasks", "3"], "--out"),
        (vec!["plan"], "FILE"),
    ] {
        let refused = scratch.cometsim(&arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.stderr);
        assert!(refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
    }
    assert!(files_below(Path::new(&folder)) == before);
}

#[test]
fn a_plan_of_another_program_and_a_damaged_one_are_refused() {
    let scratch = Scratch::new();
    let path = file(&scratch, "sweep", SWEEP);
    let folder = plan(&scratch, &path, 3, "sweep");
    let change = |name: &str, from: &str, to: &str| {
        let name = format!("{folder}/tasks/{name}");
        let text = fs::read_to_string(&name).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&name, text.replace(from, to)).unwrap();
        let refused = scratch.cometsim(&["task", &folder, "--index", "0"]);
        fs::write(&name, text).unwrap();
        refused
    };
    let other = change("plan.json", "(commit ", "(commit f00");
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("use one program for all tasks"), "{}", other.stderr);
    for (name, from, to) in [
        ("plan.json", "{", "["),
        ("plan.json", "replications = 6", "replications = 6\\nseed = 9"),
        ("inputs/messages.csv", "9,0", "9.5,0"),
    ] {
        let damaged = change(name, from, to);
        assert_eq!(damaged.code, 1, "{name} {from}: {}", damaged.stderr);
        assert!(damaged.stderr.contains("is damaged ("), "{}", damaged.stderr);
    }
    let round = format!("{folder}/tasks/round-1");
    let bytes = fs::read(&round).unwrap();
    let altered = |place: usize| bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == place)).collect();
    let other = plan(&scratch, &path, 4, "four");
    let of_another = fs::read(format!("{other}/tasks/round-1")).unwrap();
    for wrong in [Vec::new(), bytes[..40].to_vec(), altered(3), altered(bytes.len() / 2), of_another] {
        fs::write(&round, wrong).unwrap();
        let damaged = scratch.cometsim(&["task", &folder, "--index", "0"]);
        assert_eq!(damaged.code, 1, "{}", damaged.stderr);
        assert!(damaged.stderr.contains("is damaged (it "), "{}", damaged.stderr);
    }
}

#[test]
fn something_else_in_the_place_of_a_plan_is_left_alone() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let folder = scratch.path("pool");
    fs::create_dir_all(format!("{folder}/tasks")).unwrap();
    fs::write(format!("{folder}/tasks/todo"), "mine").unwrap();
    for more in [&[][..], &["--fresh"]] {
        let refused = scratch.cometsim(&[&["plan", &path, "--tasks", "2", "--out", &folder], more].concat());
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        let words = "pool/tasks is there, and is no plan of cometsim (it has no plan.json): move it away, or choose";
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    assert_eq!(fs::read_to_string(format!("{folder}/tasks/todo")).unwrap(), "mine");
    fs::remove_file(format!("{folder}/tasks/todo")).unwrap();
    plan(&scratch, &path, 2, "pool");
    let again = scratch.cometsim(&["plan", &path, "--tasks", "3", "--out", &folder, "--fresh"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left of the plan before");
}

#[test]
fn a_round_that_is_not_there_yet_is_waited_for_and_then_asked_for_later() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let folder = plan(&scratch, &path, 2, "pool");
    let task =
        |index: &str, round: &str| scratch.cometsim(&["task", &folder, "--index", index, "--round", round, "--quiet"]);
    let done = task("0", "1");
    assert!(done.stdout.contains("task 0 of round 1: done"), "{}{}", done.stdout, done.stderr);
    let later = task("0", "2");
    assert_eq!(later.code, 75, "{}", later.stderr);
    assert!(later.stderr.contains("has no round 2 yet: "), "{}", later.stderr);
    assert_eq!(task("0", "0").code, 2);
    // Another machine makes it while this one waits.
    let (round, hidden) = (format!("{folder}/tasks/round-1"), format!("{folder}/hidden"));
    fs::rename(&round, &hidden).unwrap();
    let mut waiting = scratch.start(&["task", &folder, "--index", "1", "--round", "1", "--quiet"]);
    sleep(Duration::from_millis(500));
    assert!(waiting.try_wait().unwrap().is_none());
    fs::rename(&hidden, &round).unwrap();
    assert!(waiting.wait().unwrap().success());
    merge(&scratch, &folder, 2);
}

#[test]
fn a_task_that_fails_does_not_keep_the_others_from_running() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let folder = plan(&scratch, &path, 4, "pool");
    // Files in the place of the folders of two tasks.
    let work = format!("{folder}/tasks/work");
    fs::create_dir(&work).unwrap();
    for task in [0, 2] {
        fs::write(format!("{work}/1-0000{task}"), "in the way").unwrap();
    }
    let failed = scratch.cometsim(&["task", &folder, "--index", "0-3", "--quiet"]);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    assert!(failed.stdout.contains("task 1 of round 1: done") && failed.stdout.contains("task 3 of round 1: done"));
    let words = format!("2 of the tasks of round 1 failed: run them again with `cometsim task {folder} --index 0,2`");
    assert!(failed.stderr.contains(&words) && failed.stderr.contains("task 2 failed:"), "{}", failed.stderr);
    fs::remove_dir_all(&work).unwrap();
    run_tasks(&scratch, &folder, "0,2");
    merge(&scratch, &folder, 4);
    assert_results(Path::new(&folder), &whole);
}

#[cfg(unix)]
#[test]
fn a_full_disk_or_a_folder_that_cannot_be_written_ends_a_task_which_goes_on_later() {
    let scratch = Scratch::new();
    let path = file(&scratch, "pool", POOL);
    let whole = run_to(&scratch, &path, "whole", &[]);
    let folder = plan(&scratch, &path, 2, "pool");
    let mut failures = 0;
    for blocks in [0, 1, 4, 16] {
        let line = format!("ulimit -f {blocks}; \"$COMETSIM\" task {folder} --index 0 --threads 1 --quiet");
        let limited = scratch.shell(&line);
        if limited.code != 0 {
            assert_eq!(limited.code, 1, "{}", limited.stderr);
            assert!(limited.stderr.contains("cannot use ") && limited.stderr.contains("File too large"));
            failures += 1;
        }
    }
    assert!(failures >= 2, "{failures}");
    // A file in the place of the folder, as root may write anywhere.
    let parts = format!("{folder}/tasks/parts");
    let _ = fs::remove_dir_all(&parts);
    fs::write(&parts, "mine").unwrap();
    let refused = scratch.cometsim(&["task", &folder, "--index", "1", "--quiet"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("cannot use ") && refused.stderr.contains("/parts"), "{}", refused.stderr);
    fs::remove_file(&parts).unwrap();
    run_tasks(&scratch, &folder, "0-1");
    merge(&scratch, &folder, 2);
    assert_results(Path::new(&folder), &whole);
}
