//! The same experiment gives the same bytes, whatever the threads, the path of the engine and an end in between.

use std::fs;
use std::path::Path;

use super::SMALL;
use crate::program::{Scratch, differing_files, run_to};

#[test]
fn threads_change_no_byte() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    for (folder, threads) in [("two", "2"), ("seven", "7")] {
        let other = run_to(&scratch, &file, folder, &["--threads", threads]);
        assert_eq!(differing_files(&one, &other), Vec::<String>::new(), "{threads} threads");
    }
}

#[test]
fn threads_share_one_job_and_change_no_byte() {
    let scratch = Scratch::new();
    // Five parts and a bit.
    let text = SMALL.replace("count = 20", "count = 5500").replace("replications = 3", "replications = 1");
    let file = scratch.file("parts.toml", text.split("[sweep]").next().unwrap());
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    for (folder, threads) in [("two", "2"), ("seven", "7")] {
        let other = run_to(&scratch, &file, folder, &["--threads", threads]);
        assert_eq!(differing_files(&one, &other), Vec::<String>::new(), "{threads} threads");
    }
}

#[test]
fn a_mix_has_a_table_of_its_populations() {
    let scratch = Scratch::new();
    let mix = "[[population]]\nname = \"far\"\nshare = \"25 %\"\nnetwork = { up = { constant = \"0.3 s\" } }\n\n\
               [[population]]\nname = \"near\"\n\n[[chart]]\nname = \"far-and-near\"\nkind = \"line\"\n\
               by_population = true\n\n[sweep]";
    let text = SMALL.replace("count = 20", "count = 3000").replace("[sweep]", mix);
    let file = scratch.file("mix.toml", &text);
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    let other = run_to(&scratch, &file, "five", &["--threads", "5"]);
    assert_eq!(differing_files(&one, &other), Vec::<String>::new());
    let table = fs::read_to_string(one.join("populations.csv")).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = table.lines().map(cells);
    let header = lines.next().unwrap();
    assert_eq!(header[3..6], ["population", "clients", "replications"]);
    let requests = header.iter().position(|name| name == "requests_per_s").unwrap();
    let rows: Vec<Vec<String>> = lines.collect();
    assert_eq!(rows[0][3..6], ["far", "750", "3"]);
    assert_eq!(rows[1][3..6], ["near", "2250", "3"]);
    let summary = fs::read_to_string(one.join("summary.csv")).unwrap();
    let all: f64 = cells(summary.lines().nth(1).unwrap())[requests - 2].parse().unwrap();
    let both: f64 = rows[..2].iter().map(|row| row[requests].parse::<f64>().unwrap()).sum();
    assert!((all - both).abs() < 1e-9 * all, "{all} {both}");
    assert!(one.join("charts/far-and-near.png").exists());
}

#[test]
fn ticks_change_nothing_but_the_number_of_events() {
    let scratch = Scratch::new();
    let tick = SMALL.replace("poisson = { rate = \"0.2 /s\" }", "tick = { every = \"0.5 s\", hit = \"1/20\" }");
    let tick =
        tick.replace("\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]", "\"source.tick.hit\" = [\"1/5\", \"1/50\"]");
    let file = scratch.file("small.toml", &tick);
    let skip = run_to(&scratch, &file, "skip", &[]);
    let each = run_to(&scratch, &file, "each", &["--set", "engine.ticks=each"]);
    let differing = differing_files(&skip, &each);
    assert_eq!(differing, ["replications.csv", "resolved.toml", "summary.csv", "summary_long.csv", "totals.bin"]);
    let without_events = |folder: &Path| {
        let mut rows = crate::program::read_rows(&folder.join("summary_long.csv"));
        rows.retain(|row| row["metric"] != "events");
        rows
    };
    assert_eq!(without_events(&skip), without_events(&each));
    for name in ["replications.csv", "summary.csv"] {
        let without_events =
            |folder: &Path| crate::program::without_columns(&folder.join(name), |column| column.starts_with("events"));
        assert_eq!(without_events(&skip), without_events(&each), "{name}");
    }
}

#[test]
fn both_paths_of_the_engine_give_the_same_bytes() {
    let scratch = Scratch::new();
    for (name, ticks) in [("skip", "engine.ticks=skip"), ("each", "engine.ticks=each")] {
        let file = scratch.file(&format!("{name}.toml"), SMALL);
        let auto = run_to(&scratch, &file, &format!("{name}-auto"), &["--set", ticks]);
        let queue = run_to(&scratch, &file, &format!("{name}-queue"), &["--set", ticks, "--set", "engine.path=queue"]);
        assert_eq!(differing_files(&auto, &queue), ["resolved.toml"]);
    }
}

#[test]
fn a_killed_run_goes_on_and_ends_with_the_same_bytes() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 400").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let whole = run_to(&scratch, &file, "whole", &["--threads", "1"]);

    let out = scratch.path("killed");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("killed/slow/.partial/jobs");
    let mut saved = 0;
    while saved < 20_000 {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it was killed");
        saved = fs::metadata(&journal).map_or(0, |facts| facts.len());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = fs::metadata(&journal).unwrap().len();
    assert!(!Path::new(&scratch.path("killed/slow/summary.csv")).exists(), "an unfinished run shows no results");

    // A torn record at the end must do no harm.
    let mut torn = fs::read(&journal).unwrap();
    torn.truncate(left as usize - 5);
    fs::write(&journal, torn).unwrap();

    let killed = run_to(&scratch, &file, "killed", &["--threads", "1"]);
    assert_eq!(differing_files(&whole, &killed), Vec::<String>::new());
    assert!(!Path::new(&scratch.path("killed/slow/.partial")).exists(), "a complete run leaves nothing unfinished");
}

#[test]
fn a_folder_is_used_by_one_run_at_a_time() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 2000").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    while fs::metadata(scratch.path("out/slow/.partial/jobs")).map_or(0, |facts| facts.len()) < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    let second = scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(second.code, 1, "{}", second.stderr);
    assert!(second.stderr.contains("another run is at work"), "{}", second.stderr);
}

#[test]
fn fresh_does_not_touch_a_run_at_work() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 2000").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("out/slow/.partial/jobs");
    let size = || fs::metadata(&journal).map_or(0, |facts| facts.len());
    while size() < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    let before = size();
    let second = scratch.cometsim(&["run", &file, "--out", &out, "--quiet", "--fresh"]);
    let after = size();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((second.code, after >= before), (1, true), "{}", second.stderr);
}
