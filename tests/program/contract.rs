//! The contract with readers of papers: what `run` and `verify` say about a folder, whichever version wrote it.

#![allow(clippy::pedantic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Output, Scratch, files_below, run_to};
use cometsim::report::sha256;

const SMALL: &str = r#"[experiment]
title        = "Small"
replications = 2
warmup       = "45 s"
duration     = "60 s"
bin          = "15 s"
accept       = ["few-messages-expected"]

[clients]
count = 5

[source]
poisson = { rate = "0.1 /s" }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[transport]]
name = "long polling"
long_poll = {}

[sweep]
"source.poisson.rate" = ["0.1 /s", "0.5 /s"]

[[chart]]
name = "bandwidth"
kind = "line"
"#;

/// The tables of a run without populations.
const TABLES: [&str; 4] = ["latency_cdf.csv", "replications.csv", "summary.csv", "timeline.csv"];
const THIS: &str = env!("CARGO_PKG_VERSION");

/// A folder with the results of [`SMALL`].
fn small(scratch: &Scratch) -> (String, PathBuf) {
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(scratch, &file, "out", &[]);
    (file, folder)
}

/// Changes a file of the folder and its digest in the manifest, as if it had been written like that.
fn rewrite(folder: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let text = change(fs::read_to_string(folder.join(name)).unwrap());
    edit_manifest(folder, |manifest| manifest["results"][name] = sha256(text.as_bytes()).into());
    fs::write(folder.join(name), text).unwrap();
}

fn edit_manifest(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, serde_json::to_string_pretty(&manifest).unwrap()).unwrap();
}

/// The folder as an earlier version would have written it.
fn age(folder: &Path) {
    edit_manifest(folder, |manifest| {
        manifest["cometsim_version"] = "0.1.9".into();
        manifest["git_commit"] = "0123456789abcdef0123456789abcdef01234567".into();
        manifest.as_object_mut().unwrap().remove("warnings");
    });
}

/// A table without some columns.
fn without(text: &str, columns: &[&str]) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let kept = |record: &csv::StringRecord| -> csv::StringRecord {
        record.iter().zip(&header).filter(|(_, name)| !columns.contains(name)).map(|(cell, _)| cell).collect()
    };
    writer.write_record(&kept(&header)).unwrap();
    for record in reader.records() {
        writer.write_record(&kept(&record.unwrap())).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A table with another value in a column of a row.
fn with_cell(text: &str, row: usize, column: &str, value: &str) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = header.iter().position(|name| name == column).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for (number, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let cells = record.iter().enumerate();
        writer.write_record(cells.map(|(at, cell)| if (number, at) == (row, place) { value } else { cell })).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn verify(scratch: &Scratch, folder: &Path, options: &[&str]) -> Output {
    scratch.cometsim(&[&["verify", folder.to_str().unwrap(), "--quiet"], options].concat())
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// Cells of all tables, and how many of them are fingerprints.
fn cells(folder: &Path) -> (usize, usize) {
    let count = |name: &str| crate::program::read_rows(&folder.join(name)).iter().map(BTreeMap::len).sum::<usize>();
    let fingerprints = crate::program::read_rows(&folder.join("replications.csv")).len();
    (TABLES.iter().map(|name| count(name)).sum(), fingerprints)
}

#[test]
fn an_earlier_version_with_fewer_keys_and_columns_is_verified() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let path = folder.display();
    age(&folder);
    rewrite(&folder, "summary.csv", |text| {
        without(&text, &["sends_failed", "sends_failed_ci95", "sends_failed_theory", "age_mean_s"])
    });
    rewrite(&folder, "replications.csv", |text| without(&text, &["sends_failed", "age_mean_s"]));
    rewrite(&folder, "timeline.csv", |text| without(&text, &["held_requests"]));
    rewrite(&folder, "resolved.toml", |text| {
        let kept = text.lines().filter(|line| !["quick = false", "session_lock = false"].contains(line));
        kept.collect::<Vec<_>>().join("\n").replace(", piggyback = false", "")
    });
    rewrite(&folder, "charts/bandwidth.svg", |text| text.replace("<svg", "<svg data-old=\"\""));

    let (all, fingerprints) = cells(&folder);
    assert_eq!(fingerprints, 8);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let said = lines(&output.stdout);
    assert_eq!(
        said[0],
        format!("{path}: verified: 8 fingerprints and {} values in 4 tables are the same", all - fingerprints)
    );
    assert!(
        said[1].starts_with(
            "note: written by another build of cometsim: values are compared, not bytes (0.1.9 (commit 0123456789ab) there, "
        ),
        "{}",
        said[1]
    );
    assert_eq!(
        said[2..],
        [
            "note: replications.csv: only a new run has `age_mean_s`, `sends_failed`",
            "note: summary.csv: only a new run has `age_mean_s`, `sends_failed`, `sends_failed_ci95`, `sends_failed_theory`",
            "note: timeline.csv: only a new run has `held_requests`",
            "note: 2 files of charts were drawn by another build and are not compared",
            "note: not checked, as nothing in the folder tells: the build that wrote it (`cometsim_version`, `git_commit`, \
             `target`), time, machine, threads and duration (`run`), the digest of small.toml in `inputs`, `warnings`, which \
             another build words differently",
        ]
    );

    // Nothing is written over it.
    let before = files_below(&folder);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(
        (again.code, again.stdout),
        (
            0,
            format!(
                "{path}: the results are there already, written by cometsim 0.1.9 without 7 of the columns of cometsim \
                 {THIS}; nothing to do (--fresh writes them anew)\n"
            )
        )
    );
    assert!(files_below(&folder) == before);

    let strict = verify(&scratch, &folder, &["--bytes"]);
    assert_eq!(strict.code, 3);
    for line in [
        "charts/bandwidth.svg: a new run gives other bytes",
        "resolved.toml: a new run gives other bytes",
        "timeline.csv: only a new run has `held_requests`",
    ] {
        assert!(lines(&strict.stdout).contains(&line), "{line} is not in {}", strict.stdout);
    }
}

#[test]
fn another_value_is_named_with_its_place() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let path = folder.display().to_string();
    age(&folder);
    let requests = crate::program::read_rows(&folder.join("summary.csv"))[1]["requests_per_s"].clone();
    let fingerprint = crate::program::read_rows(&folder.join("replications.csv"))[5]["fingerprint"].clone();
    rewrite(&folder, "summary.csv", |text| with_cell(&text, 1, "requests_per_s", "871"));
    rewrite(&folder, "replications.csv", |text| with_cell(&text, 5, "fingerprint", "00"));
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    assert_eq!(
        lines(&output.stdout)[..2],
        [
            "replications.csv, point 1, transport short polling, replication 1: `fingerprint` is 00 there, ".to_owned()
                + &fingerprint
                + " here",
            format!("summary.csv, point 0, transport long polling: `requests_per_s` is 871 there, {requests} here"),
        ]
    );
    assert_eq!(output.stderr, format!("error: {path}: not verified: 2 differences\n"));
}

#[test]
fn lost_rows_columns_and_files_are_named() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    age(&folder);
    rewrite(&folder, "timeline.csv", |text| text + "1,long polling,999,1,1,1,1\n");
    rewrite(&folder, "summary.csv", |text| {
        let mut rows = text.lines().map(|line| format!("{line},1"));
        let header = rows.next().unwrap().replace(",1", ",gone");
        std::iter::once(header).chain(rows).collect::<Vec<_>>().join("\n")
    });
    fs::write(folder.join("extra.csv"), "point\n0\n").unwrap();
    edit_manifest(&folder, |manifest| manifest["results"]["extra.csv"] = sha256(b"point\n0\n").into());
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    assert_eq!(
        lines(&output.stdout)[..3],
        [
            "extra.csv: a new run does not write it",
            "summary.csv: a new run has no column `gone`",
            "timeline.csv: a new run has no row of point 1, transport long polling, time_s 999",
        ]
    );
}

#[test]
fn a_damaged_file_is_a_difference_whichever_version_wrote_it() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let path = folder.display().to_string();
    age(&folder);
    let text = fs::read_to_string(folder.join("summary.csv")).unwrap();
    fs::write(folder.join("summary.csv"), text.replace('\n', "\r\n")).unwrap();
    fs::remove_file(folder.join("charts/bandwidth.png")).unwrap();
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    assert_eq!(
        lines(&output.stdout)[..2],
        [
            "charts/bandwidth.png: the file is not what the manifest says",
            "summary.csv: the file is not what the manifest says"
        ]
    );
    assert_eq!(output.stderr, format!("error: {path}: not verified: 2 differences\n"));
}

#[test]
fn bytes_are_compared_where_that_is_asked_for() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let path = folder.display().to_string();
    age(&folder);
    let output = verify(&scratch, &folder, &["--bytes"]);
    assert_eq!(
        (output.code, lines(&output.stdout)[0]),
        (0, format!("{path}: verified: 7 files are the same, byte for byte").as_str())
    );
    rewrite(&folder, "summary.csv", |text| text.replace('\n', "\r\n"));
    let output = verify(&scratch, &folder, &["--bytes"]);
    assert_eq!((output.code, output.stdout.as_str()), (3, "summary.csv: a new run gives other bytes\n"));
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
}

#[test]
fn another_results_version_is_named_first_and_not_run() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let path = folder.display().to_string();
    age(&folder);
    edit_manifest(&folder, |manifest| manifest["results_version"] = 1.into());
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    assert_eq!(
        lines(&output.stdout),
        [
            format!(
                "{path}: these are results of version 1, written by cometsim 0.1.9; cometsim {THIS} gives version 2, with \
                 other numbers"
            ),
            "to verify them, install cometsim 0.1.9 (commit 0123456789ab); CHANGELOG.md lists the versions, and under \
             \"Results change\" what changed"
                .to_owned(),
            "all files are what the manifest says; they were not run again".to_owned(),
        ]
    );
    assert_eq!(output.stderr, format!("error: {path}: not verified: results of version 1\n"));

    let run = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(
        (run.code, run.stderr),
        (
            2,
            format!(
                "error: {path} holds results of version 1, written by cometsim 0.1.9; cometsim {THIS} gives version 2, with \
                 other numbers (see CHANGELOG.md): choose another folder with --out, or add --fresh to replace them\n"
            )
        )
    );
}

#[test]
fn a_different_experiment_is_refused_with_the_keys_that_differ() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let path = folder.display().to_string();
    let out = scratch.path("out");
    let before = files_below(&folder);
    let run = |options: &[&str]| scratch.cometsim(&[&["run", &file, "--out", &out, "--quiet"], options].concat());
    let other = run(&["--seed", "7", "--set", "clients.timeout=1 min", "--set", "server.workers=3"]);
    assert_eq!(
        (other.code, other.stderr),
        (
            2,
            format!(
                "error: {path} holds the results of a different experiment (`Small`):\n  \
                 clients.timeout: \"80 s\" there, \"60 s\" here\n  \
                 experiment.seed: 2010 there, 7 here\n  \
                 server.workers: absent there, 3 here\n\
                 choose another folder with --out, or add --fresh to replace them\n"
            )
        )
    );
    let more = run(&["--replications", "5"]);
    assert_eq!(
        (more.code, more.stderr),
        (
            2,
            format!(
                "error: {path} holds this experiment with 2 replications, and 5 are asked for: keep them with \
                 --replications 2, choose another folder with --out, or add --fresh to replace them\n"
            )
        )
    );
    let quick = run(&["--quick"]);
    assert_eq!(quick.code, 2);
    assert!(quick.stderr.contains("a full run, and a quick one is no match for them (`Small`)"), "{}", quick.stderr);
    assert!(files_below(&folder) == before);
}

#[test]
fn the_same_in_other_words_is_nothing_to_do() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let before = files_below(&folder);
    let other = SMALL
        .replace("[clients]\ncount = 5", "[clients]\ntimeout = \"80 s\"\ncount = 5\nstart_within = \"longest hold\"")
        .replace("\"2 s\"", "\"2000 ms\"")
        .replace("[\"0.1 /s\", \"0.5 /s\"]", "[\"6 /min\", \"30 /min\"]")
        .replace("long_poll = {}", "long_poll = { hold = \"40 s\" }\n[engine]\npath = \"queue\"");
    let file = scratch.file("small.toml", &other);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(
        (again.code, again.stdout),
        (0, format!("{}: the results are there already; nothing to do\n", folder.display()))
    );
    assert!(files_below(&folder) == before);
}

#[test]
fn charts_drawn_again_by_another_build_leave_the_folder_verified() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    age(&folder);
    let tables: Vec<_> = TABLES.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect();
    let titled = SMALL.replace("\"Small\"", "\"Renamed\"").replace("kind = \"line\"", "kind = \"cdf\"");
    let file = scratch.file("small.toml", &titled);
    let redrawn = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(redrawn.code, 0, "{}", redrawn.stderr);
    assert_eq!(TABLES.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect::<Vec<_>>(), tables);
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["cometsim_version"], &manifest["title"]), (&"0.1.9".into(), &"Renamed".into()));
    assert_eq!(manifest["redrawn_by"]["cometsim_version"], THIS);
    assert!(fs::read_to_string(folder.join("resolved.toml")).unwrap().contains("kind = \"cdf\""));
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);

    // A column that an earlier version did not write cannot be drawn.
    rewrite(&folder, "summary.csv", |text| without(&text, &["age_mean_s"]));
    let aged = titled.replace("kind = \"cdf\"", "kind = \"line\"\ny = \"age_mean_s\"");
    let file = scratch.file("small.toml", &aged);
    let refused = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(
        (refused.code, refused.stderr),
        (
            2,
            format!(
                "error: the chart `bandwidth` shows `age_mean_s`, which the results of cometsim 0.1.9 in {} do not have: \
                 choose another folder with --out, or add --fresh to replace them\n",
                folder.display()
            )
        )
    );
}

#[test]
fn damaged_results_are_written_anew_and_that_is_said() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let before = fs::read(folder.join("summary.csv")).unwrap();
    fs::write(folder.join("summary.csv"), "").unwrap();
    let out = scratch.path("out");
    let run = || scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]);
    let again = run();
    assert_eq!(
        (again.code, lines(&again.stdout)[0]),
        (0, format!("{}: summary.csv was not what the manifest says, and is written anew", folder.display()).as_str())
    );
    assert_eq!(fs::read(folder.join("summary.csv")).unwrap(), before);
    // Without the experiment nobody knows what the results are of.
    fs::write(folder.join("resolved.toml"), "").unwrap();
    let refused = run();
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("holds results whose resolved.toml is not what the manifest says: "),
        "{}",
        refused.stderr
    );
}

#[test]
fn unfinished_work_of_other_replications_is_refused() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 5", "count = 2000").replace("replications = 2", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("out/slow/.partial/jobs");
    while fs::metadata(&journal).map_or(0, |facts| facts.len()) < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let refused = scratch.cometsim(&["run", &file, "--out", &out, "--quiet", "--replications", "3"]);
    assert_eq!(
        (refused.code, refused.stderr),
        (
            2,
            format!(
                "error: {journal} holds unfinished work of a different experiment, of other replications, or of another \
                 version of cometsim: finish it with the command that began it, choose another folder with --out, or add \
                 --fresh to discard it\n"
            )
        )
    );
}

#[test]
fn what_a_later_version_wrote_and_this_one_cannot_read_is_named() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let path = folder.display().to_string();
    edit_manifest(&folder, |manifest| manifest["cometsim_version"] = "9.9.9".into());
    rewrite(&folder, "resolved.toml", |text| text + "\n[later]\nkey = 1\n");
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(
        (output.code, output.stdout),
        (3, format!("resolved.toml: it was written by cometsim 9.9.9, cometsim {THIS} cannot read it\n"))
    );
    assert!(output.stderr.ends_with(&format!("error: {path}: not verified: 1 difference\n")), "{}", output.stderr);
    let run = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(
        (run.code, run.stderr),
        (
            2,
            format!(
                "error: {path} holds results whose resolved.toml was written by cometsim 9.9.9, and cometsim {THIS} cannot \
                 read it: choose another folder with --out, or add --fresh to replace them\n"
            )
        )
    );
}
