//! Experiments on a Slurm whose tasks and nodes fail, to the bytes of a run on one machine.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use crate::processes::{Process, is_soon};
use crate::program::{Scratch, assert_same_results, run_to};
use crate::slurm::{NODES, Slurm};

/// An experiment of several points.
const SWEEP: &str = r#"
[experiment]
title        = "A sweep on a cluster"
replications = 80
warmup       = "45 s"
duration     = "1 h"
bin          = "1 min"

[clients]
count = 200

[source]
poisson = { rate = "2 /min" }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[transport]]
name = "long polling"
long_poll = {}

[sweep]
"clients.count" = [200, 400]

[[chart]]
name = "bandwidth"
kind = "line"
"#;

/// An experiment that goes on until an interval is narrow enough.
const PRECISE: &str = r#"
[experiment]
title        = "Precision on a cluster"
replications = 30
warmup       = "45 s"
duration     = "2 h"
bin          = "5 min"

[experiment.precision]
metric     = "latency_mean_s"
half_width = "0.08 %"

[clients]
count = 200

[source]
poisson = { rate = "2 /min" }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[chart]]
name = "bandwidth"
kind = "bar"
"#;

/// The unfinished parts with replications in them.
fn begun(out: &str) -> usize {
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let files = entries(&Path::new(out).join("tasks/work")).flat_map(|of_task| entries(&of_task).collect::<Vec<_>>());
    files.filter(|path| path.metadata().is_ok_and(|facts| facts.len() > 2000)).count()
}

/// Halts tasks in the middle of their work, on each node at least one, so that they are still there when something happens
/// to them, however fast the machine is.
fn halt(slurm: &Slurm, out: &str) {
    let are_at_work = || begun(out) >= 2 && NODES.iter().all(|node| !slurm.tasks_on(node).is_empty());
    slurm.wait("tasks on both nodes", are_at_work);
    send(slurm, Signal::STOP);
}

/// Sends a signal to all tasks that are at work.
fn send(slurm: &Slurm, signal: Signal) {
    NODES.iter().flat_map(|node| slurm.tasks_on(node)).for_each(|task| task.send(signal));
}

#[test]
fn a_task_and_a_node_die() {
    let scratch = Scratch::new();
    let Some(mut slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    let file = scratch.file("sweep.toml", SWEEP);
    let out = scratch.path("50 % done");
    let submitted = slurm.cometsim(&["slurm", &file, "--tasks", "8", "--bundle", "1", "--out", &out]);
    assert_eq!(submitted.code, 0, "{}", submitted.stderr);
    halt(&slurm, &out);
    slurm.tasks_on("n1").first().expect("a task is halted").send(Signal::KILL);
    slurm.kill_second_node();
    slurm.start_second_node();
    send(&slurm, Signal::CONT);
    // Slurm runs the tasks of the node again, and cancels the merge, as a task has failed.
    assert!(slurm.log().contains("due to failure of node n2"), "{}", slurm.log());
    let run = run_to(&scratch, &file, "one", &[]);
    slurm.wait("all other tasks", || slurm.queue().is_empty());
    assert!(!Path::new(&out).join("manifest.json").exists());
    let missing = slurm.cometsim(&["plan", "--missing", &out]);
    assert_eq!((missing.code, missing.stdout.lines().count()), (0, 1), "{}", missing.stdout);
    let merge = slurm.cometsim(&["merge", &out]);
    assert_eq!(merge.code, 1, "{}", merge.stdout);

    let again = slurm.cometsim(&["slurm", "--continue", &out]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains(": 1 tasks in job "), "{}", again.stdout);
    slurm.wait("the merge", || slurm.queue().is_empty());
    assert_same_results(&run, out.as_ref(), &["run"]);
    slurm.end();
}

#[test]
fn rounds_and_a_preempted_task() {
    preempted_in("normal");
}

/// With a `GraceTime`, Slurm sends nothing to a batch script until that time is over.
#[test]
fn rounds_and_a_task_that_is_preempted_after_a_grace_time() {
    preempted_in("graceful");
}

fn preempted_in(partition: &str) {
    let scratch = Scratch::new();
    let Some(slurm) = Slurm::start(scratch.path("").as_ref()) else { return };
    let file = scratch.file("precise.toml", PRECISE);
    let out = scratch.path("out");
    let options = ["--bundle", "1", "--cpus-per-task", "2", "--partition", partition];
    let submitted = slurm.cometsim(&[&["slurm", &file, "--tasks", "3", "--out", &out], &options[..]].concat());
    assert_eq!(submitted.code, 0, "{}", submitted.stderr);
    halt(&slurm, &out);
    // Both nodes have something more urgent to do.
    for node in NODES {
        let node = format!("--nodelist={node}");
        let urgent = ["--parsable", "--partition=urgent", "--cpus-per-task=2", "--output=/dev/null", &node];
        let urgent = slurm.run("sbatch", &[&urgent[..], &["--wrap=sleep 0.1"]].concat());
        assert_eq!(urgent.code, 0, "{}", urgent.stderr);
    }
    slurm.wait("the urgent jobs", || slurm.log().matches("has been requeued to reclaim resources").count() == 2);
    let run = run_to(&scratch, &file, "one", &[]);
    slurm.wait("the last round", || slurm.queue().is_empty());
    let logs = fs::read_dir(scratch.path("out/tasks/logs")).unwrap();
    let logs: String = logs.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(logs.matches("DUE TO PREEMPTION").count(), 2, "{logs}");
    assert_eq!(logs.matches("finished replications are kept").count(), 2, "{logs}");
    assert!(Path::new(&out).join("tasks/round-2").exists(), "there was one round only");
    assert_same_results(&run, out.as_ref(), &["run"]);
    slurm.end();
}

/// The check that no process stays behind finds one.
#[test]
fn a_process_that_stays_behind_is_found() {
    let scratch = Scratch::new();
    let folder = scratch.path("here");
    let started = std::process::Command::new("sleep").arg("60").env("PLACE", format!("{folder}/x")).spawn();
    let mut child = started.unwrap();
    let found = || Process::with(&format!("PLACE={folder}/"));
    assert!(is_soon(Duration::from_secs(5), || !found().is_empty()));
    assert_eq!(crate::processes::kill_all(folder.as_ref()), [""; 0]);
    assert!(found().is_empty());
    child.wait().unwrap();
}
