//! Running again: nothing to do, more replications, more points, and what was killed; each time the bytes of one run.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::program::{Scratch, assert_same_results, edit_manifest, files_below, run_to, verify};
use crate::studies::{self, PRECISION, SEARCH, STUDY};

const ALL: [(&str, &str); 3] = [("study", STUDY), ("search", SEARCH), ("precision", PRECISION)];

fn file(scratch: &Scratch, name: &str, text: &str) -> String {
    scratch.file(&format!("{name}.toml"), &studies::text(text))
}

/// Nothing differs but time, duration and threads of the run.
fn assert_same(one: &Path, other: &Path) {
    assert_same_results(one, other, &["run", "command"]);
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let scratch = Scratch::new();
    for (name, text) in ALL {
        let file = file(&scratch, name, text);
        let folder = run_to(&scratch, &file, "out", &[]);
        let before = files_below(&folder);
        let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert!(again.stdout.contains("the results are there already; nothing to do"), "{name}: {}", again.stdout);
        assert!(files_below(&folder) == before, "{name}");
        assert_eq!(verify(&scratch, &folder, &["--bytes"]).code, 0, "{name}");
    }
}

#[test]
fn ten_and_then_twenty_replications_are_twenty() {
    let scratch = Scratch::new();
    let file = file(&scratch, "study", STUDY);
    let ten = run_to(&scratch, &file, "grown", &["--replications", "10"]);
    let first = fs::read_to_string(ten.join("replications.csv")).unwrap();
    let grown = run_to(&scratch, &file, "grown", &["--replications", "20"]);
    let whole = run_to(&scratch, &file, "whole", &["--replications", "20"]);
    assert_same(&grown, &whole);
    // What was there is there, unchanged.
    let then = fs::read_to_string(grown.join("replications.csv")).unwrap();
    assert!(first.lines().all(|row| then.lines().any(|other| other == row)));
    assert!(then.lines().count() > first.lines().count());
    assert_eq!(verify(&scratch, &grown, &["--bytes"]).code, 0);
}

#[test]
fn more_points_later_are_all_points_at_once() {
    let scratch = Scratch::new();
    let few = run_to(&scratch, &file(&scratch, "study", STUDY), "grown", &[]);
    let old = fs::read_to_string(few.join("replications.csv")).unwrap();
    // One before, one between, one after; `long polling` is the same at all of them.
    let longer = STUDY.replace(r#"["2 s", "4 s"]"#, r#"["1 s", "2 s", "3 s", "4 s", "8 s"]"#);
    let file = file(&scratch, "study", &longer);
    let grown = run_to(&scratch, &file, "grown", &[]);
    let whole = run_to(&scratch, &file, "whole", &[]);
    assert_same(&grown, &whole);
    // The old replications have their old fingerprints.
    let fingerprints = |text: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let place = reader.headers().unwrap().iter().position(|name| name == "fingerprint").unwrap();
        reader.records().map(|record| record.unwrap()[place].to_owned()).collect()
    };
    let new = fingerprints(&fs::read_to_string(grown.join("replications.csv")).unwrap());
    assert!(fingerprints(&old).iter().all(|fingerprint| new.contains(fingerprint)));
    assert_eq!(verify(&scratch, &grown, &["--bytes"]).code, 0);
}

/// Starts a run and kills it once the journal has grown. Returns whether the run was not finished.
fn kill_in_the_middle(scratch: &Scratch, file: &str, out: &str, folder: &Path) -> bool {
    let jobs = folder.join(".partial/jobs");
    let size = || fs::metadata(&jobs).map_or(0, |metadata| metadata.len());
    // The first bytes of a journal are no job.
    const HEADER: u64 = 100;
    let before = size().max(HEADER);
    let mut child = scratch.start(&["run", file, "--out", &scratch.path(out), "--quiet", "--threads", "1"]);
    while size() <= before && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    size() > before && !folder.join("manifest.json").exists()
}

#[test]
fn what_was_killed_goes_on_to_the_same_bytes() {
    let scratch = Scratch::new();
    for (name, text) in [("search", SEARCH), ("precision", PRECISION)] {
        let file = file(&scratch, name, text);
        let whole = run_to(&scratch, &file, "whole", &[]);
        let folder = PathBuf::from(scratch.path(&format!("killed/{name}")));
        let killed = (0..3).filter(|_| kill_in_the_middle(&scratch, &file, "killed", &folder)).count();
        assert!(killed > 0, "{name} was never killed in the middle");
        assert_same(&run_to(&scratch, &file, "killed", &[]), &whole);
        assert!(!folder.join(".partial").exists());
        assert_eq!(verify(&scratch, &folder, &["--bytes"]).code, 0, "{name}");
    }
}

#[test]
fn threads_change_no_byte() {
    let scratch = Scratch::new();
    for (name, text) in ALL {
        let file = file(&scratch, name, text);
        let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
        assert_same(&one, &run_to(&scratch, &file, "seven", &["--threads", "7"]));
    }
}

/// Changes the last digit of the second line of a table, or the last byte of a file that is no text.
fn alter(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let place = match std::str::from_utf8(&bytes) {
        Ok(text) => {
            let row = text.match_indices('\n').nth(1).map_or(text.len(), |(place, _)| place);
            text[..row].rfind(|c: char| c.is_ascii_digit()).unwrap()
        }
        Err(_) => bytes.len() - 1,
    };
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn verify_finds_a_cell_that_was_altered_even_if_the_manifest_was() {
    let scratch = Scratch::new();
    let tables = [
        ("study", STUDY, ["comparison.csv", "claims.csv", "totals.bin"].as_slice()),
        ("search", SEARCH, ["search.csv", "totals.bin"].as_slice()),
    ];
    for (name, text, tables) in tables {
        let folder = run_to(&scratch, &file(&scratch, name, text), "out", &[]);
        assert_eq!(verify(&scratch, &folder, &[]).code, 0);
        for table in tables {
            let path = folder.join(table);
            let manifest = fs::read(folder.join("manifest.json")).unwrap();
            let good = fs::read(&path).unwrap();
            alter(&path);
            let digest: String = Sha256::digest(fs::read(&path).unwrap()).iter().map(|b| format!("{b:02x}")).collect();
            edit_manifest(&folder, |manifest| manifest["results"][*table] = digest.into());
            let output = verify(&scratch, &folder, &[]);
            assert_eq!(output.code, 3, "{table} with its digest: {}", output.stdout);
            assert!(output.stdout.contains(table), "{}", output.stdout);
            fs::write(&path, good).unwrap();
            fs::write(folder.join("manifest.json"), manifest).unwrap();
        }
    }
}
