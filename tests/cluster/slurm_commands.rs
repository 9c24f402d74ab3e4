//! What `cometsim slurm` submits, and what it says where it cannot.

use std::fs;

use crate::page::{assert_same_as_run, blocks, folder, results, run_block};
use crate::program::{Output, SMALL, Scratch, assert_same_results, run_to};
use crate::slurm::Slurm;

/// An experiment whose tasks take no time.
fn small(scratch: &Scratch) -> String {
    scratch.file("small.toml", &SMALL.replace("replications = 2", "replications = 40"))
}

/// Whether a printed command has an option, in quotes or without.
fn submits(printed: &str, option: &str) -> bool {
    printed.contains(&format!(" {option} ")) || printed.contains(&format!(" '{option}' "))
}

/// The numbers of the jobs that were submitted: the tasks and their merge.
fn jobs(said: &str) -> [String; 2] {
    let after = said.split("job ").skip(1).map(|text| text.split([' ', ',']).next().unwrap().to_owned());
    after.collect::<Vec<String>>().try_into().unwrap()
}

/// How many jobs are recorded in `out`.
fn job_files(scratch: &Scratch) -> usize {
    let entries = fs::read_dir(scratch.path("out/tasks/slurm")).into_iter().flatten();
    entries.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "json")).count()
}

#[test]
fn a_dry_run_needs_no_slurm_and_leaves_nothing() {
    let scratch = Scratch::new();
    let file = small(&scratch);
    let out = scratch.path("it's 100 %");
    let run = |options: &str| {
        let line = format!("PATH=/nowhere \"$COMETSIM\" slurm {file} --tasks 30 --out \"it's 100 %\" {options}");
        scratch.shell(&line)
    };
    let dry = run("--dry-run --bundle 4 --time 10 --extra '--mem=1G --comment=\"a b\"' --cpus-per-task 3");
    assert_eq!((dry.code, dry.stderr.as_str()), (0, ""));
    assert!(dry.stdout.contains("\n7) tasks="), "{}", dry.stdout);
    for option in ["--array=0-7", "--time=10", "--mem=1G", "--comment=a b", "--cpus-per-task=3", "--requeue"] {
        assert!(submits(&dry.stdout, option), "{option}: {}", dry.stdout);
    }
    assert!(submits(&dry.stdout, "--dependency=afterok:TASKS") && submits(&dry.stdout, "--kill-on-invalid-dep=yes"));
    assert!(dry.stdout.contains("s 100 %%/tasks/logs/%A_%a"), "{}", dry.stdout);
    assert!(!fs::exists(&out).unwrap(), "a dry run plans nothing");

    let real = run("");
    assert_eq!(real.code, 1, "{}", real.stdout);
    assert!(real.stderr.contains("there is no `squeue` on this machine: run this on a login node"), "{}", real.stderr);
    // The plan is there, and can be run by hand.
    let missing = scratch.cometsim(&["plan", "--missing", &out]);
    assert_eq!((missing.code, missing.stdout.lines().count()), (0, 30));
    // The default bundles all of these, as they take no time.
    assert!(submits(&run("--dry-run").stdout, "--array=0-0"));
    let extra = run("--dry-run --extra \"--comment='a\"");
    assert_eq!(extra.code, 2);
    assert!(extra.stderr.contains("a quote is not closed"), "{}", extra.stderr);
}

#[test]
fn a_dry_run_finds_results_that_are_there() {
    let scratch = Scratch::new();
    let file = small(&scratch);
    let folder = run_to(&scratch, &file, "output", &[]);
    let line = format!("PATH=/nowhere \"$COMETSIM\" slurm {file} --tasks 30 --dry-run --out {}", folder.display());
    let dry = scratch.shell(&line);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    assert!(dry.stdout.contains("the results are there already; nothing to do"), "{}", dry.stdout);
    // What is there of more replications is not planned.
    let more = scratch.shell(&format!("{line} --replications 50 --bundle 1"));
    assert!(submits(&more.stdout, "--array=0-19"), "{}", more.stdout);
    assert!(!folder.join("tasks").exists());
}

#[test]
fn two_commands_at_the_same_time_know_of_each_other() {
    let scratch = Scratch::new();
    let Some(slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    let file = small(&scratch);
    let whole = run_to(&scratch, &file, "whole", &[]);
    let out = scratch.path("out");
    let start = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cometsim"));
        command.args(["slurm", &file, "--tasks", "6", "--bundle", "3", "--extra=--hold", "--out", &out]);
        command.envs(slurm.environment()).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let commands = [start(), start()];
    let said = commands.map(|command| Output::of(&command.wait_with_output().unwrap()));
    let again = || slurm.cometsim(&["slurm", "--continue", &out]);
    assert!(said.iter().all(|said| said.code == 0));
    // One may have come so late that there was nothing left to do.
    let submitted: Vec<_> = said.iter().filter(|said| !said.stdout.contains("nothing to submit")).collect();
    assert_eq!(job_files(&scratch), 2 * submitted.len());
    for said in &submitted {
        // The tasks are in the queue as long as one of the arrays is.
        assert!(again().stdout.contains("nothing to submit"), "{}", again().stdout);
        jobs(&said.stdout).iter().for_each(|job| drop(slurm.run("scancel", &[job])));
    }
    let last = slurm.cometsim(&["slurm", &file, "--tasks", "6", "--bundle", "3", "--out", &out]);
    assert!(last.stdout.contains("6 tasks in job"), "{}", last.stdout);
    slurm.wait("the merge", || fs::exists(scratch.path("out/manifest.json")).unwrap() && slurm.queue().is_empty());
    assert_same_results(&whole, out.as_ref(), &["run"]);
    slurm.end();
}

#[test]
fn a_job_that_cannot_complete_is_not_waited_for() {
    let scratch = Scratch::new();
    let Some(slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    let file = small(&scratch);
    let out = scratch.path("out");
    // The tasks fail at once, and their node does not get rid of them.
    slurm.let_jobs_complete(false);
    let submitted = slurm.cometsim(&["slurm", &file, "--tasks", "2", "--out", &out, "--extra=--hold"]);
    assert_eq!(submitted.code, 0, "{}", submitted.stderr);
    let [tasks, merge] = jobs(&submitted.stdout);
    fs::write(scratch.path("out/tasks/parts"), "in the way").unwrap();
    slurm.run("scontrol", &["release", &tasks]);
    slurm.wait("the tasks", || slurm.queue().iter().any(|job| job.contains("COMPLETING")));
    fs::remove_file(scratch.path("out/tasks/parts")).unwrap();
    let again = slurm.cometsim(&["slurm", &file, "--tasks", "2", "--out", &out]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains(": 2 tasks in job "), "{}", again.stdout);
    slurm.run("scancel", &[&merge]);
    slurm.let_jobs_complete(true);
    slurm.wait("the merge", || fs::exists(scratch.path("out/manifest.json")).unwrap() && slurm.queue().is_empty());
    slurm.end();
}

#[test]
fn a_folder_that_was_never_submitted_is_not_continued() {
    let scratch = Scratch::new();
    let file = small(&scratch);
    let said = scratch.cometsim(&["slurm", "--continue", &scratch.path("nowhere")]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("was never submitted: write `cometsim slurm FILE --tasks N"), "{}", said.stderr);
    for options in [&["--tasks", "3"][..], &["--time", "3"], &["--seed", "3"]] {
        let said = scratch.cometsim(&[&["slurm", "--continue", "out"], options].concat());
        assert_eq!(said.code, 2, "{options:?}");
        assert!(said.stderr.contains("cannot be used with"), "{options:?}: {}", said.stderr);
    }
    assert_eq!(scratch.cometsim(&["slurm", &file]).code, 2, "--tasks is missing");
}

#[test]
fn what_slurm_refuses_is_said_with_what_to_do() {
    let scratch = Scratch::new();
    let Some(slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    let file = small(&scratch);
    let out = scratch.path("out");
    let run = |options: &[&str]| slurm.cometsim(&[&["slurm", &file, "--tasks", "30", "--out", &out], options].concat());
    for (options, words) in [
        (&["--partition", "nix"][..], "`sinfo --summarize` lists the partitions"),
        (&["--time", "soon"], "write --time as minutes"),
        (&["--extra", "--mem=1T"], "no node has as much memory"),
        (&["--extra=--nonsense"], "`sbatch --help` lists them"),
    ] {
        let said = run(options);
        assert_eq!(said.code, 1, "{}", said.stdout);
        assert!(said.stderr.contains(words), "{options:?}: {}", said.stderr);
        assert_eq!(job_files(&scratch), 0);
    }
    // The cluster takes arrays of 21 elements; the user may have 7 jobs.
    assert!(submits(&run(&["--bundle", "1", "--dry-run"]).stdout, "--array=0-14"));
    assert!(submits(&run(&["--bundle", "1", "--dry-run", "--max-array", "7"]).stdout, "--array=0-5"));
    assert!(slurm.queue().is_empty());

    // What is in the queue is not submitted again; what was taken from the queue is, and nothing else.
    let held = run(&["--bundle", "6", "--extra=--hold"]);
    assert_eq!(held.code, 0, "{}", held.stderr);
    assert!(held.stdout.contains("an array of 5 with up to 6 tasks each"), "{}", held.stdout);
    let [tasks, merge] = jobs(&held.stdout);
    let again = run(&["--bundle", "6"]);
    let words = format!("nothing to submit: what is missing is in the queue, and job {merge} will merge it");
    assert!(again.stdout.contains(&words), "{}", again.stdout);
    slurm.run("scancel", &[&format!("{tasks}_1"), &merge]);
    let again = slurm.cometsim(&["slurm", "--continue", &out]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains(": 6 tasks in job "), "{}", again.stdout);
    let [again, merge] = jobs(&again.stdout);
    slurm.run("scontrol", &["release", &tasks, &again, &merge]);
    slurm.wait("the merge", || fs::exists(scratch.path("out/manifest.json")).unwrap() && slurm.queue().is_empty());
    let log = fs::read_to_string(scratch.path(&format!("out/tasks/logs/{again}_0"))).unwrap();
    assert_eq!(log.matches("done").count(), 6, "{log}");
    let done = slurm.cometsim(&["slurm", "--continue", &out]);
    assert!(done.stdout.contains("the results are there already; nothing to do"), "{}", done.stdout);
    slurm.end();
}

#[test]
fn the_commands_of_the_guide() {
    let scratch = folder();
    let Some(slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    for block in blocks("Slurm", "sh") {
        run_block(&scratch, &block, &slurm.environment());
    }
    slurm.wait("the merge", || results(&scratch).join("manifest.json").exists() && slurm.queue().is_empty());
    assert_same_as_run(&scratch);
    slurm.end();
}
