//! The program as people use it: commands, files, exit codes, interruption.

mod bytes;
mod folders;
mod warmup;

use std::fs;
use std::path::Path;

use crate::program::{Scratch, files_below, run_to};

/// A small experiment with two transports, a sweep and every kind of curve.
const SMALL: &str = r#"# A small experiment.
[experiment]
title        = "Small"
replications = 3
warmup       = "30 s"
duration     = "60 s"

[clients]
count = 20

[source]
poisson = { rate = "0.2 /s" }

[network]
up   = { exponential = "50 ms" }
down = { lognormal = { median = "50 ms", sigma = 0.5 } }

[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }

[[transport]]
name = "long polling"
long_poll = {}

[sweep]
"source.poisson.rate" = ["0.1 /s", "0.5 /s"]
"#;

#[test]
fn a_run_writes_every_file_and_says_which() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out")]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let names: Vec<String> = files_below(Path::new(&scratch.path("out/small"))).into_keys().collect();
    let expected = [
        "charts/bandwidth.pdf",
        "charts/bandwidth.png",
        "charts/bandwidth.svg",
        "charts/latency-cdf.pdf",
        "charts/latency-cdf.png",
        "charts/latency-cdf.svg",
        "charts/latency.pdf",
        "charts/latency.png",
        "charts/latency.svg",
        "charts/tradeoff.pdf",
        "charts/tradeoff.png",
        "charts/tradeoff.svg",
        "columns.csv",
        "index.html",
        "latency_cdf.csv",
        "manifest.json",
        "replications.csv",
        "resolved.toml",
        "summary.csv",
        "summary.md",
        "summary_long.csv",
        "timeline.csv",
        "totals.bin",
    ];
    assert_eq!(names, expected);
    let last = format!("{}: 23 files, among them 6 tables and 4 charts\ncharts: ", scratch.path("out/small"));
    let (_, charts) = output.stdout.split_once(&last).unwrap();
    assert!(charts.lines().next().unwrap().split(", ").any(|chart| chart == "tradeoff"), "{charts}");
    let png = fs::read(scratch.path("out/small/charts/latency.png")).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
}

#[test]
fn the_columns_are_those_of_the_guide() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    assert_eq!(scratch.cometsim(&["run", &file, "--out", &scratch.path("out")]).code, 0);
    let header = |name: &str| {
        let text = fs::read_to_string(scratch.path(&format!("out/small/{name}"))).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    assert!(header("summary.csv").starts_with(
        "point,transport,poisson_rate_per_s,replications,duration_s,warmup_s,seed,requests_per_s,requests_per_s_ci95,\
         requests_per_s_theory,replies_per_s"
    ));
    // Nothing is refused without workers, and no proxy cuts a connection.
    assert!(!header("summary.csv").contains("refused") && !header("summary.csv").contains("connections_cut"));
    assert_eq!(
        header("summary_long.csv"),
        "point,poisson_rate_per_s,transport,population,metric,unit,estimate,low95,high95,samples,theory"
    );
    let last = cometsim::model::Metric::ALL.last().unwrap().name();
    assert!(header("replications.csv").ends_with(&format!(",{last}")));
    assert!(
        header("replications.csv")
            .starts_with("point,transport,poisson_rate_per_s,replication,fingerprint,requests_per_s,replies_per_s")
    );
    assert_eq!(header("latency_cdf.csv"), "point,transport,poisson_rate_per_s,latency_s,fraction");
    assert_eq!(
        header("timeline.csv"),
        "point,transport,poisson_rate_per_s,time_s,requests_per_s,requests_per_s_ci95,http_mbit_per_s,\
         http_mbit_per_s_ci95,held_requests,held_requests_ci95,messages_delivered_per_s,messages_delivered_per_s_ci95,\
         warmup_s"
    );
}

#[test]
fn the_same_again_is_nothing_to_do_and_something_else_is_refused() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    let before = files_below(&folder);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out")]);
    assert_eq!((again.code, files_below(&folder) == before), (0, true));
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);

    let other = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--seed", "7"]);
    assert_eq!((other.code, files_below(&folder) == before), (2, true));
    assert!(other.stderr.contains("--fresh"), "{}", other.stderr);

    let fresh = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--seed", "7", "--fresh"]);
    assert_eq!(fresh.code, 0, "{}", fresh.stderr);
    assert_ne!(files_below(&folder)["summary.csv"], before["summary.csv"]);
    assert!(fs::read_to_string(folder.join("manifest.json")).unwrap().contains("experiment.seed=7"));
}

#[test]
fn a_quick_run_says_so_in_every_output_and_gives_way_to_a_real_one() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", &SMALL.replace("\"60 s\"", "\"3 min\""));
    let folder = run_to(&scratch, &file, "out", &["--quick"]);
    for name in
        ["summary.csv", "summary_long.csv", "replications.csv", "latency_cdf.csv", "timeline.csv", "columns.csv"]
    {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.lines().next().unwrap().ends_with(",quick"), "{name}");
        assert!(text.lines().skip(1).all(|line| line.ends_with(",true")), "{name}");
    }
    assert!(fs::read_to_string(folder.join("resolved.toml")).unwrap().contains("quick = true"));
    assert!(fs::read_to_string(folder.join("manifest.json")).unwrap().contains("\"quick\": true"));
    assert!(fs::read_to_string(folder.join("charts/latency.svg")).unwrap().contains("quick run"));
    let real = run_to(&scratch, &file, "out", &[]);
    assert!(!fs::read_to_string(real.join("summary.csv")).unwrap().contains("quick"));
}

#[test]
fn a_wrong_file_writes_nothing() {
    let scratch = Scratch::new();
    let good = scratch.file("good.toml", SMALL);
    let bad = scratch.file("bad.toml", &SMALL.replace("warmup ", "warmpu "));
    let output = scratch.cometsim(&["run", &good, &bad, "--out", &scratch.path("out")]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("bad.toml:5:1"), "{}", output.stderr);
    assert!(output.stderr.contains("did you mean `warmup`?"), "{}", output.stderr);
    assert!(!Path::new(&scratch.path("out")).exists());
    let check = scratch.cometsim(&["check", &good, &bad]);
    assert_eq!(check.code, 2);
    assert!(check.stdout.contains("good.toml: ok"), "{}", check.stdout);
}

#[test]
fn a_command_that_makes_no_sense_is_exit_2_and_a_full_disk_is_exit_1() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    assert_eq!(scratch.cometsim(&["fly"]).code, 2);
    assert_eq!(scratch.cometsim(&["run"]).code, 2);
    assert_eq!(scratch.cometsim(&["run", &scratch.path("missing.toml")]).code, 2);
    assert_eq!(scratch.cometsim(&["run", &file, "--set", "clients.cuont=5"]).code, 2);
    // A file stands where the folder should be.
    let blocked = scratch.file("blocked", "");
    let output = scratch.cometsim(&["run", &file, "--out", &blocked]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(output.stderr.contains("blocked"), "{}", output.stderr);
}

#[test]
fn overrides_reach_the_run_and_the_manifest() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &["--set", "clients.count=5", "--replications", "2"]);
    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    assert!(resolved.contains("count = 5\n") && resolved.contains("replications = 2\n"), "{resolved}");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(
        manifest.contains("\"clients.count=5\"") && manifest.contains("\"experiment.replications=2\""),
        "{manifest}"
    );
}

#[test]
fn recorded_times_drive_a_run() {
    let scratch = Scratch::new();
    let text = SMALL.replace("poisson = { rate = \"0.2 /s\" }", "trace = { file = \"room.csv\", repeat = true }");
    let text = text.split("[sweep]").next().unwrap().replace("duration     = \"60 s\"", "duration     = \"70 s\"");
    let file = scratch.file("room.toml", &text);
    scratch.file("room.csv", "time_s,sender,bytes\n1.25,anna,10\n2.5,ben,30\n2.5,anna,5\n20.000,ben,7\n");
    let folder = run_to(&scratch, &file, "out", &[]);
    let rows = crate::program::read_rows(&folder.join("summary.csv"));
    for row in &rows {
        // The window [30 s, 100 s): the first three messages of rounds 2, 3, 4 and the last of rounds 1, 2, 3; 20 clients.
        assert_eq!(row["messages_created"], "240");
    }
    assert!(folder.join("inputs/room.csv").exists());
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);

    scratch.file("room.csv", "time_s,sender,bytes\n1.25,anna,10\nnoon,ben,30\n");
    let bad = scratch.cometsim(&["run", &file, "--out", &scratch.path("bad")]);
    assert_eq!(bad.code, 2);
    assert!(bad.stderr.contains("room.csv:3:1"), "{}", bad.stderr);
}

#[test]
fn help_completions_and_manual_are_printed() {
    let scratch = Scratch::new();
    for arguments in [&["--help"][..], &["run", "--help"], &["man"], &["completions", "bash"], &["completions", "zsh"]]
    {
        let output = scratch.cometsim(arguments);
        assert_eq!(output.code, 0, "{arguments:?}");
        assert!(output.stdout.contains("cometsim"), "{arguments:?}");
    }
    let manual = scratch.cometsim(&["man"]).stdout;
    for command in ["run", "check", "plan", "chart", "verify"] {
        assert!(manual.contains(command), "{command}");
    }
}

#[test]
fn the_use_cases_are_exact() {
    let scratch = Scratch::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/use-cases.toml");
    let folder = run_to(&scratch, file.to_str().unwrap(), "out", &["--replications", "2"]);
    let rows = crate::program::read_rows(&folder.join("summary.csv"));
    let short: Vec<_> = rows.iter().filter(|row| row["transport"] == "short polling").collect();
    let column = |name: &str| short.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("http_bytes_per_s"), ["871000", "8710000", "87100000"]);
    assert_eq!(column("http_bytes_per_s_ci95"), ["0", "0", "0"]);
    assert_eq!(column("http_bytes_per_s_theory"), ["871000", "8710000", "87100000"]);
    let rounded: Vec<String> =
        column("http_mibit_per_s").iter().map(|value| format!("{:.3}", value.parse::<f64>().unwrap())).collect();
    assert_eq!(rounded, ["6.645", "66.452", "664.520"]);
}

#[test]
fn a_set_of_a_zipped_key_holds_at_every_point() {
    let scratch = Scratch::new();
    let zip = SMALL.replace(
        "\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]",
        "\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]\n\"clients.count\" = [5, 6]\nmode = \"zip\"",
    );
    let file = scratch.file("zip.toml", &zip);
    let folder = run_to(&scratch, &file, "out", &["--set", "clients.count=3"]);
    let rows = crate::program::read_rows(&folder.join("summary.csv"));
    assert_eq!(rows.iter().map(|row| row["clients_count"].as_str()).collect::<Vec<_>>(), ["3"; 4]);
    assert_ne!(rows[0]["poisson_rate_per_s"], rows[2]["poisson_rate_per_s"]);
    let notify = SMALL
        .replace("\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]", "\"server.check.every\" = [\"1 s\", \"2 s\"]");
    let file = scratch.file("checks.toml", &notify);
    let refused = scratch.cometsim(&["check", &file, "--set", "server.check=notify"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("it has no `every`"), "{}", refused.stderr);
}

#[test]
fn all_bad_files_are_shown() {
    let scratch = Scratch::new();
    let one = scratch.file("one.toml", &SMALL.replace("warmup ", "warmpu "));
    let two = scratch.file("two.toml", &SMALL.replace("duration ", "durtaion "));
    let output = scratch.cometsim(&["run", &one, &two, "--out", &scratch.path("out")]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("one.toml:5") && output.stderr.contains("two.toml:6"), "{}", output.stderr);
}
