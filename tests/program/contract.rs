//! The contract with readers of papers: what `run` and `verify` say about a folder, whichever version wrote it.

#![allow(clippy::pedantic)]

mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{self, Scratch, edit_manifest, files_below, run_text, verify};
use cometsim::report::sha256;

/// The tables of a run without populations.
const TABLES: [&str; 4] = ["latency_cdf.csv", "replications.csv", "summary.csv", "timeline.csv"];
const THIS: &str = env!("CARGO_PKG_VERSION");

/// [`program::SMALL`] with two points, and a chart of them.
fn small_sweep() -> String {
    let sweep = "\n[sweep]\n\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]\n";
    program::SMALL.replace("kind = \"bar\"", "kind = \"line\"") + sweep
}

/// Its file, and a folder with its results.
fn small(scratch: &Scratch) -> (String, PathBuf) {
    run_text(scratch, &small_sweep())
}

/// Changes a file of the folder and its digest in the manifest, as if it had been written like that.
fn rewrite(folder: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let text = change(fs::read_to_string(folder.join(name)).unwrap());
    edit_manifest(folder, |manifest| manifest["results"][name] = sha256(text.as_bytes()).into());
    fs::write(folder.join(name), text).unwrap();
}

/// The folder as an earlier version would have written it.
fn age(folder: &Path) {
    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    let mut commit = String::new();
    edit_manifest(folder, |manifest| {
        manifest["cometsim_version"] = "0.1.9".into();
        commit = manifest["git_commit"].as_str().unwrap().to_owned();
        manifest["git_commit"] = COMMIT.into();
        manifest.as_object_mut().unwrap().remove("warnings");
    });
    rewrite(folder, "index.html", |text| text.replace(&commit, COMMIT).replace(env!("CARGO_PKG_VERSION"), "0.1.9"));
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
        without(&text, &["pending_fraction", "http_up_bytes_per_s", "http_up_bytes_per_s_theory", "age_mean_s"])
    });
    rewrite(&folder, "replications.csv", |text| {
        without(&text, &["pending_fraction", "http_up_bytes_per_s", "age_mean_s"])
    });
    rewrite(&folder, "timeline.csv", |text| without(&text, &["held_requests"]));
    for name in ["columns.csv", "summary_long.csv"] {
        fs::remove_file(folder.join(name)).unwrap();
        edit_manifest(&folder, |manifest| drop(manifest["results"].as_object_mut().unwrap().remove(name)));
    }
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
        format!(
            "{path}: verified: 8 fingerprints, the totals of 8 replications and {} values in 4 tables are the same",
            all - fingerprints
        )
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
            "note: replications.csv: only a new run has `http_up_bytes_per_s`, `age_mean_s`, `pending_fraction`",
            "note: summary.csv: only a new run has `http_up_bytes_per_s`, `http_up_bytes_per_s_theory`, `age_mean_s`, \
             `pending_fraction`",
            "note: timeline.csv: only a new run has `held_requests`",
            "note: only a new run writes `columns.csv`, `summary_long.csv`",
            "note: 3 files of charts were drawn by another build and are not compared",
            "note: index.html was written by another build and is not compared",
            "note: summary.md was written by another build and is not compared",
            "note: not checked, as a folder cannot tell: build, machine and time of the run, the digest of small.toml, \
             `warnings`, which another build words differently",
        ]
    );

    // Nothing is written over it.
    let before = files_below(&folder);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    let told = format!(
        "{path}: the results are there already, written by cometsim 0.1.9 without 9 of the columns of cometsim {THIS}; \
         nothing to do (--fresh writes them anew)"
    );
    assert_eq!((again.code, lines(&again.stdout).contains(&told.as_str())), (0, true), "{}", again.stdout);
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
    rewrite(&folder, "timeline.csv", |text| text + "1,long polling,0.5,999,1,,1,,1,,1,,45\n");
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
    let output = verify(&scratch, &folder, &["--bytes"]);
    let said = lines(&output.stdout)[0];
    assert!(output.code == 0 && said.starts_with(&format!("{path}: verified: ")), "{said}");
    assert!(said.ends_with(" files are the same, byte for byte"), "{said}");
    age(&folder);
    rewrite(&folder, "summary.csv", |text| text.replace('\n', "\r\n"));
    let output = verify(&scratch, &folder, &["--bytes"]);
    assert_eq!(output.code, 3);
    assert!(output.stdout.contains("summary.csv: a new run gives other bytes\n"), "{}", output.stdout);
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
