//! What is done with a folder of results: it is verified, drawn again, and run again from what is written out.

use std::fs;

use super::SMALL;
use crate::program::{Scratch, differing_files, files_below, run_to};

#[test]
fn verify_runs_it_again_and_notices_any_change() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    let path = folder.to_str().unwrap();
    let good = scratch.cometsim(&["verify", path, "--quiet"]);
    assert_eq!(good.code, 0, "{}{}", good.stdout, good.stderr);

    let summary = fs::read_to_string(folder.join("summary.csv")).unwrap();
    fs::write(folder.join("summary.csv"), summary.replacen('1', "2", 1)).unwrap();
    let damaged = scratch.cometsim(&["verify", path, "--quiet"]);
    assert_eq!(damaged.code, 3);
    assert!(damaged.stdout.contains("summary.csv"), "{}", damaged.stdout);
    fs::write(folder.join("summary.csv"), summary).unwrap();

    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    fs::write(folder.join("resolved.toml"), resolved.replace("seed = 2010", "seed = 2011")).unwrap();
    let other = scratch.cometsim(&["verify", path, "--quiet"]);
    assert_eq!(other.code, 3);
    assert!(
        other.stdout.contains("resolved.toml: it is not the experiment that the manifest names"),
        "{}",
        other.stdout
    );
    assert_eq!(scratch.cometsim(&["verify", &scratch.path("nowhere")]).code, 2);
}

#[test]
fn the_written_out_experiment_runs_and_gives_the_same_tables() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let first = run_to(&scratch, &file, "out", &[]);
    let resolved = first.join("resolved.toml");
    let second = run_to(&scratch, resolved.to_str().unwrap(), "again", &[]);
    assert_eq!(differing_files(&first, &second), Vec::<String>::new());
    let plan = scratch.cometsim(&["plan", &file]);
    let planned = scratch.file("planned.toml", &plan.stdout);
    let third = run_to(&scratch, &planned, "third", &[]);
    assert_eq!(differing_files(&first, &third), Vec::<String>::new());
}

#[test]
fn charts_are_drawn_again_from_the_tables() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    let before = files_below(&folder);
    fs::remove_dir_all(folder.join("charts")).unwrap();
    let output = scratch.cometsim(&["chart", folder.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(files_below(&folder), before);
}

#[test]
fn charts_leave_unfinished_work_alone() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    fs::create_dir(folder.join(".partial")).unwrap();
    fs::write(folder.join(".partial/jobs"), "unfinished").unwrap();
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap()]).code, 0);
    assert_eq!(fs::read_to_string(folder.join(".partial/jobs")).unwrap(), "unfinished");
    assert_eq!(scratch.cometsim(&["chart", &scratch.path("nowhere")]).code, 2);
}

#[test]
fn a_manifest_that_cannot_be_read_is_not_overwritten_and_one_that_lies_deletes_nothing_outside() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &["--quick"]);
    let victim = scratch.file("victim.txt", "mine");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let lying = manifest
        .replace("\"summary.csv\":", &format!("\"{victim}\": \"00\", \"../../victim.txt\": \"00\", \"summary.csv\":"));
    fs::write(folder.join("manifest.json"), lying).unwrap();
    run_to(&scratch, &file, "out", &[]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");

    fs::write(folder.join("manifest.json"), "{").unwrap();
    let refused = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--seed", "3"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("--fresh"), "{}", refused.stderr);
    assert_eq!(scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--fresh"]).code, 0);
}

#[test]
fn verify_without_what_it_ran_from_is_a_difference() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    fs::write(folder.join("resolved.toml"), "nonsense = [").unwrap();
    let output = scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]);
    assert_eq!(output.code, 3);
    assert!(output.stdout.contains("resolved.toml"), "{}", output.stdout);
}

#[test]
fn input_files_in_any_order_are_verified() {
    let scratch = Scratch::new();
    let text = SMALL
        .replace("poisson = { rate = \"0.2 /s\" }", "trace = { file = \"b.csv\", repeat = true }")
        .replace("up   = { exponential = \"50 ms\" }", "up   = { empirical = { file = \"a.csv\" } }");
    let (head, network) = text.split_once("[network]").unwrap();
    let (network, rest) = network.split_once("[[transport]]").unwrap();
    let (experiment, source) = head.split_once("[source]").unwrap();
    let rest = format!("[[transport]]{}", rest.split("[sweep]").next().unwrap());
    let swapped = format!(
        "{experiment}[network]{network}[source]{source}{rest}[sweep]\n\"source.trace.file\" = [\"c.csv\", \"b.csv\"]\n"
    );
    let file = scratch.file("inputs.toml", &swapped);
    scratch.file("a.csv", "delay_s\n0.01\n0.02\n");
    scratch.file("b.csv", "time_s\n1\n5\n");
    scratch.file("c.csv", "time_s\n2\n7\n");
    let folder = run_to(&scratch, &file, "out", &[]);
    let output = scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    let plan = scratch.cometsim(&["plan", &file]);
    let planned = scratch.file("planned.toml", &plan.stdout);
    assert_eq!(scratch.cometsim(&["check", &planned]).code, 0, "{}", plan.stdout);
}

#[test]
fn other_charts_are_drawn_without_a_new_simulation() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    let before = files_below(&folder);
    let chart = "\n[[chart]]\nname = \"mine\"\nkind = \"line\"\ny = \"requests_per_s\"\n";
    scratch.file("small.toml", &format!("{}{chart}", SMALL.replace("\"Small\"", "\"Another title\"")));
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let after = files_below(&folder);
    let charts: Vec<&String> = after.keys().filter(|name| name.starts_with("charts/")).collect();
    assert_eq!(charts, ["charts/mine.pdf", "charts/mine.png", "charts/mine.svg"]);
    for name in ["summary.csv", "replications.csv", "latency_cdf.csv", "timeline.csv"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    let text = String::from_utf8(after["charts/mine.svg"].clone()).unwrap();
    assert!(text.contains("Another title"));
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
}
