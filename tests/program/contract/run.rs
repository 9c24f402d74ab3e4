//! What `run` says where a folder holds results already: of the same experiment, of another one, or of another version.

use std::fs;
use std::path::Path;

use super::{TABLES, THIS, age, lines, rewrite, small, small_sweep, without};
use crate::program::{Scratch, edit_manifest, files_below, verify};

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
    let fewer = run(&["--replications", "1"]);
    assert_eq!(
        (fewer.code, fewer.stderr),
        (
            2,
            format!(
                "error: {path} holds this experiment with 2 replications, and 1 are asked for: keep them with \
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
    let other = small_sweep()
        .replace("[clients]\ncount = 5", "[clients]\ntimeout = \"80 s\"\ncount = 5\nstart_within = \"longest hold\"")
        .replace("\"2 s\"", "\"2000 ms\"")
        .replace("[\"0.1 /s\", \"0.5 /s\"]", "[\"6 /min\", \"30 /min\"]")
        .replace("long_poll = {}", "long_poll = { hold = \"40 s\" }\n[engine]\npath = \"queue\"");
    let file = scratch.file("small.toml", &other);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    let told = format!("{}: the results are there already; nothing to do", folder.display());
    assert_eq!((again.code, lines(&again.stdout).contains(&told.as_str())), (0, true), "{}", again.stdout);
    assert!(files_below(&folder) == before);
}

#[test]
fn charts_drawn_again_by_another_build_leave_the_folder_verified() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    age(&folder);
    let tables: Vec<_> = TABLES.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect();
    let titled = small_sweep().replace("\"Small\"", "\"Renamed\"").replace("kind = \"line\"", "kind = \"cdf\"");
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
    for name in ["summary.csv", "replications.csv"] {
        rewrite(&folder, name, |text| without(&text, &["age_mean_s"]));
    }
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
fn unfinished_work_serves_other_numbers_of_replications() {
    let scratch = Scratch::new();
    let slow = small_sweep().replace("count = 5", "count = 2000").replace("replications = 2", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("out/slow/.partial/jobs");
    while fs::metadata(&journal).map_or(0, |facts| facts.len()) < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let fewer = ["run", &file, "--quiet", "--replications", "3", "--out"];
    assert_eq!(scratch.cometsim(&[&fewer[..], &[&out]].concat()).code, 0);
    let anew = scratch.path("anew");
    assert_eq!(scratch.cometsim(&[&fewer[..], &[&anew]].concat()).code, 0);
    let files = |out: &str| {
        let mut files = files_below(&Path::new(out).join("slow"));
        files.retain(|name, _| !name.ends_with("manifest.json"));
        files
    };
    assert!(files(&out) == files(&anew));
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
