//! What `cometsim slurm` submits, and what it says where it cannot.

use std::fs;

use crate::page::{assert_same_as_run, blocks, folder, results, run_block};
use crate::program::{SMALL, Scratch};
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
        assert!(!fs::exists(scratch.path("out/tasks/slurm.json")).unwrap());
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
