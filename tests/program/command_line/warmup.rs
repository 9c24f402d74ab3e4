//! The warm-up: chosen by the program, and in a quick run.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::Path;

use crate::program::{Scratch, differing_files, run_to};

/// Clients of a long poll come within 20 s, and stay for a hold of 20 s: 40.1 s, and 41 s rounded up.
const AUTO: &str = r#"
[experiment]
replications = 4
warmup       = "auto"
duration     = "5 min"

[clients]
count = 50

[source]
poisson = { rate = "6 /min" }

[network]
up   = { constant = "50 ms" }
down = { constant = "50 ms" }

[[transport]]
name = "short poll"
short_poll = { interval = "10 s" }

[[transport]]
name = "long poll"
long_poll = { check = "notify", hold = "20 s" }
"#;

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap()
}

/// The first and the last row of a metric's time line end with the run: its horizon, in seconds.
fn horizon(folder: &Path) -> u64 {
    let text = fs::read_to_string(folder.join("timeline.csv")).unwrap();
    let place = text.lines().next().unwrap().split(',').position(|name| name == "time_s").unwrap();
    let times = text.lines().skip(1).map(|line| line.split(',').nth(place).unwrap().parse::<f64>().unwrap());
    times.fold(0.0, f64::max) as u64 + 1
}

#[test]
fn a_warm_up_is_chosen_told_and_chosen_again() {
    let scratch = Scratch::new();
    let file = scratch.file("auto.toml", AUTO);
    let folder = run_to(&scratch, &file, "out", &["--threads", "2"]);
    assert_eq!(manifest(&folder)["chosen_warmup_s"], 41.0);
    assert_eq!(horizon(&folder), 341);
    assert!(fs::read_to_string(folder.join("resolved.toml")).unwrap().contains("warmup = \"auto\""));
    let plan = scratch.cometsim(&["plan", &file]);
    assert!(plan.stdout.contains("# warm-up 41 s, chosen by a pilot of 6 runs"), "{}", plan.stdout);
    assert!(plan.stdout.contains("warmup = \"auto\""), "{}", plan.stdout);
    let again = run_to(&scratch, folder.join("resolved.toml").to_str().unwrap(), "again", &["--threads", "1"]);
    assert_eq!(differing_files(&folder, &again), Vec::<String>::new());

    // The same as with this warm-up written down, but another experiment.
    let written = run_to(&scratch, &file, "written", &["--set", "experiment.warmup=41 s"]);
    for name in ["summary.csv", "replications.csv", "timeline.csv", "latency_cdf.csv"] {
        assert_eq!(fs::read(folder.join(name)).unwrap(), fs::read(written.join(name)).unwrap(), "{name}");
    }
    assert!(manifest(&written).get("chosen_warmup_s").is_none());
    assert_ne!(manifest(&written)["identity"], manifest(&folder)["identity"]);

    let path = folder.to_str().unwrap();
    assert_eq!(scratch.cometsim(&["verify", path, "--quiet"]).code, 0);
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    fs::write(folder.join("manifest.json"), text.replace("\"chosen_warmup_s\": 41.0", "\"chosen_warmup_s\": 42.0"))
        .unwrap();
    let other = scratch.cometsim(&["verify", path, "--quiet"]);
    assert_eq!(other.code, 3);
    assert!(other.stdout.contains("`chosen_warmup_s` is 42 there, and a new run has 41"), "{}", other.stdout);
}

/// Clients come for 3 min each: their number rises for 3 min, whenever the first ones have started.
#[test]
fn what_settles_late_lengthens_the_warm_up() {
    let scratch = Scratch::new();
    let filling = "[experiment]\nreplications = 3\nwarmup = \"auto\"\nduration = \"1 h\"\n[clients]\ncount = 1\n\
                   arrival_rate = \"0.4 /s\"\nsession.constant = \"3 min\"\n[source]\npoisson = { rate = \"2 /min\" }\n\
                   [[transport]]\nname = \"polls\"\nshort_poll = { interval = \"5 s\" }\n";
    let folder = run_to(&scratch, &scratch.file("filling.toml", filling), "out", &[]);
    let chosen = manifest(&folder)["chosen_warmup_s"].as_f64().unwrap();
    assert!((120.0..=600.0).contains(&chosen), "{chosen}");
}

#[test]
fn a_quick_run_starts_with_settled_clients() {
    let scratch = Scratch::new();
    for (warmup, name) in [("auto", "auto"), ("5 min", "long"), ("1 s", "short")] {
        let text = AUTO.replace("\"auto\"", &format!("\"{warmup}\""));
        let folder = run_to(&scratch, &scratch.file(&format!("{name}.toml"), &text), "out", &["--quick"]);
        assert_eq!(horizon(&folder), 41 + 60, "{warmup}");
        assert!(fs::read_to_string(folder.join("resolved.toml")).unwrap().contains("warmup = \"41 s\""));
        assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);
    }
}

#[test]
fn what_is_asked_for_wins_over_quick() {
    let scratch = Scratch::new();
    let file = scratch.file("auto.toml", &AUTO.replace("\"auto\"", "\"5 min\""));
    let asked =
        ["--quick", "--replications", "3", "--set", "experiment.duration=90 s", "--set", "experiment.warmup=20 s"];
    let folder = run_to(&scratch, &file, "out", &asked);
    assert_eq!(horizon(&folder), 110);
    let rows = fs::read_to_string(folder.join("replications.csv")).unwrap().lines().count();
    assert_eq!(rows, 1 + 2 * 3);
    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    assert!(resolved.contains("quick_keeps = [\"replications\", \"warmup\", \"duration\"]"), "{resolved}");
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);
    // Only what is asked for.
    let folder = run_to(&scratch, &file, "one", &["--quick", "--set", "experiment.duration=90 s"]);
    assert_eq!(horizon(&folder), 41 + 90);
    let rows = fs::read_to_string(folder.join("replications.csv")).unwrap().lines().count();
    assert_eq!(rows, 1 + 2 * 2);
}
