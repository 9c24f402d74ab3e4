//! What `verify` says about a manifest.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::program::{SMALL, Scratch, edit_manifest, run_to, verify};

/// Results of an experiment that reads a file, made with overrides.
fn with_inputs(scratch: &Scratch) -> PathBuf {
    scratch.file("room.csv", "time_s\n1\n5\n");
    let trace = "trace = { file = \"room.csv\", repeat = true }";
    let file = scratch.file("traced.toml", &SMALL.replace("poisson = { rate = \"0.1 /s\" }", trace));
    run_to(scratch, &file, "out", &["--set", "clients.timeout=1 min", "--seed", "7", "--replications", "3"])
}

#[test]
fn every_word_of_a_manifest_that_can_be_known_is_compared() {
    let scratch = Scratch::new();
    let folder = with_inputs(&scratch);
    let good = fs::read(folder.join("manifest.json")).unwrap();
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);

    type Change = fn(&mut Value);
    let changes: [(&str, Change); 17] = [
        ("`seed` is 8 there, 7 in resolved.toml", |manifest| manifest["seed"] = json!(8)),
        ("`quick` is true there, false in", |manifest| manifest["quick"] = json!(true)),
        ("`title` is Great there, Small in", |manifest| manifest["title"] = json!("Great")),
        ("`command`", |manifest| manifest["command"][0] = json!("another")),
        ("`command`", |manifest| manifest["command"][4] = json!("clients.timeout=2 min")),
        ("`command`", |manifest| manifest["command"] = json!([])),
        ("the override `clients.timeout=2 min`", |manifest| {
            manifest["overrides"][0] = json!("clients.timeout=2 min");
            manifest["command"][4] = json!("clients.timeout=2 min");
        }),
        ("the override `clients.cuont=9`", |manifest| {
            manifest["overrides"].as_array_mut().unwrap().push(json!("clients.cuont=9"));
        }),
        ("the override `experiment.seed=8`", |manifest| manifest["overrides"][1] = json!("experiment.seed=8")),
        ("the override `experiment.replications=4`", |manifest| {
            manifest["overrides"][2] = json!("experiment.replications=4");
        }),
        ("another digest of room.csv", |manifest| manifest["inputs"]["room.csv"] = json!("00")),
        ("`inputs` has another.csv", |manifest| manifest["inputs"]["another.csv"] = json!("00")),
        ("`inputs` lacks room.csv", |manifest| {
            manifest["inputs"].as_object_mut().unwrap().remove("room.csv");
        }),
        ("`inputs` lacks the file", |manifest| {
            manifest["inputs"].as_object_mut().unwrap().remove("traced.toml");
        }),
        ("`warnings`", |manifest| manifest["warnings"] = json!([])),
        ("--force", |manifest| manifest["altered"] = json!(["summary.csv"])),
        ("it is not the experiment", |manifest| manifest["identity"] = json!("00")),
    ];
    for (words, change) in changes {
        let manifest: Value = serde_json::from_slice(&good).unwrap();
        let is_warned = manifest["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty());
        if words == "`warnings`" && !is_warned {
            panic!("the experiment has to have a warning");
        }
        edit_manifest(&folder, change);
        let output = verify(&scratch, &folder, &[]);
        assert_eq!(output.code, 3, "{words}: {}", output.stdout);
        let is_said = output.stdout.lines().any(|line| line.contains(words));
        assert!(is_said, "{words}: {}", output.stdout);
        fs::write(folder.join("manifest.json"), &good).unwrap();
    }
}

#[test]
fn what_no_folder_tells_is_named() {
    let scratch = Scratch::new();
    let folder = with_inputs(&scratch);
    let output = verify(&scratch, &folder, &[]);
    let last = output.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        "note: not checked, as a folder cannot tell: build, machine and time of the run, the digest of traced.toml"
    );
}

#[test]
fn an_override_that_names_a_file_elsewhere_is_no_difference() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("data")).unwrap();
    scratch.file("data/other.csv", "time_s\n2\n7\n");
    scratch.file("room.csv", "time_s\n1\n5\n");
    let trace = "trace = { file = \"room.csv\", repeat = true }";
    let file = scratch.file("traced.toml", &SMALL.replace("poisson = { rate = \"0.1 /s\" }", trace));
    let options = ["--set", "source.trace.file=data/other.csv", "--set", "clients.count=4"];
    let folder = run_to(&scratch, &file, "out", &options);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    let last = output.stdout.lines().last().unwrap();
    assert!(last.ends_with("the override `source.trace.file=data/other.csv`"), "{last}");
    edit_manifest(&folder, |manifest| {
        manifest["overrides"][1] = json!("clients.count=5");
        manifest["command"][6] = json!("clients.count=5");
    });
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    assert!(output.stdout.contains("the override `clients.count=5`"), "{}", output.stdout);
}

#[test]
fn a_quick_run_and_one_with_other_charts_are_verified() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "quick", &["--quick"]);
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
    let folder = run_to(&scratch, &file, "out", &["--set", "experiment.title=\"A = B\""]);
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
    run_to(&scratch, &file, "out", &["--set", "experiment.title=Another"]);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
}
