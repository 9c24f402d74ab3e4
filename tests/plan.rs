//! What `plan` predicts against what `run` takes, and the refusal of what does not fit. Time is not tested.

#[allow(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;
use std::path::Path;

use program::{Scratch, differing_files, run_to};

/// Long polling that starts slowly: the first requests are spread over the longest hold.
const COMET: &str = r#"
[experiment]
replications = 2
warmup       = "0 s"
duration     = "5 min"

[clients]
count = 3000

[[transport]]
name = "short polling"
short_poll = { interval = "5 s" }

[[transport]]
name = "long polling"
long_poll = {}
"#;

/// The figure that stands before `unit` in what `plan` says.
fn planned(scratch: &Scratch, file: &str, unit: &str) -> f64 {
    let plan = scratch.cometsim(&["plan", file]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    let line = plan.stdout.lines().find(|line| line.ends_with(unit)).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let place = words.iter().rposition(|word| *word == "about").unwrap() + 1;
    let figure: f64 = words[place].parse().unwrap();
    figure
        * match words[place + 1] {
            "kB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            _ => 1.0,
        }
}

#[track_caller]
fn assert_within_a_factor_of_two(planned: f64, taken: f64) {
    assert!(planned < 2.0 * taken && taken < 2.0 * planned, "planned {planned:e}, taken {taken:e}");
}

#[test]
fn the_events_are_planned() {
    let sweep = "\n[sweep]\n\"clients.count\" = { from = 10, to = 5000, steps = 40, scale = \"log\" }\n";
    let each = "\n[engine]\nticks = \"each\"\n";
    let room = "\n[source]\nscope = \"broadcast\"\npoisson = { rate = \"0.1 /s\" }\n";
    let few = "count = 3000";
    for (name, text) in [
        ("plain", COMET.to_owned()),
        ("sweep", format!("{COMET}{sweep}")),
        ("each", format!("{}{each}", COMET.replace(few, "count = 300"))),
        ("room", format!("{}{room}", COMET.replace(few, "count = 300"))),
        (
            "one",
            COMET
                .replace(few, "count = 1")
                .replace("5 min", "100 h")
                .replace("replications", "bin = \"1 h\"\nreplications"),
        ),
    ] {
        let scratch = Scratch::new();
        let file = scratch.file(&format!("{name}.toml"), &text);
        let planned = planned(&scratch, &file, "events");
        let rows = program::read_rows(&run_to(&scratch, &file, "out", &[]).join("summary.csv"));
        let taken: f64 = rows.iter().map(|row| 2.0 * row["events"].parse::<f64>().unwrap()).sum();
        assert_within_a_factor_of_two(planned, taken);
    }
}

/// The memory of a process can be read while it is there: the last reading before its end.
#[cfg(target_os = "linux")]
#[test]
fn the_memory_is_planned() {
    let peak = |child: &mut std::process::Child| {
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0.0;
        while child.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            if let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
                peak = line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() * 1024.0;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        peak
    };
    let small = COMET.replace("count = 3000", "count = 300");
    let bins = small.replace("replications", "bin = \"2 ms\"\nreplications");
    let queue = "\n[engine]\npath = \"queue\"\n";
    let many = format!("{}{queue}", COMET.replace("3000", "200000").replace("5 min", "20 s"));
    let late = "\n[network]\nup = { constant = \"15 s\" }\n";
    for (name, text) in [("small", small), ("bins", bins), ("overlapping", format!("{many}{late}")), ("queue", many)] {
        let scratch = Scratch::new();
        let file = scratch.file(&format!("{name}.toml"), &text);
        let planned = planned(&scratch, &file, "memory");
        let taken = peak(&mut scratch.start(&["run", &file, "--out", &scratch.path("out"), "--quiet"]));
        assert_within_a_factor_of_two(planned, taken);
    }
}

#[test]
fn a_billion_clients_are_planned_without_running_them() {
    let scratch = Scratch::new();
    let few = scratch.file("few.toml", &COMET.replace("count = 3000", "count = 20000"));
    let many = scratch.file("many.toml", &COMET.replace("count = 3000", "count = 1000000000"));
    let scaled = 50_000.0 * planned(&scratch, &few, "events");
    assert_within_a_factor_of_two(planned(&scratch, &many, "events"), scaled);
    assert!(planned(&scratch, &many, "memory") < 2.0 * planned(&scratch, &few, "memory"));
}

#[test]
fn a_year_of_microseconds_is_planned_without_running_it() {
    let scratch = Scratch::new();
    let dense = |duration: &str| {
        let text = COMET.replace("replications", "bin = \"1 d\"\nreplications");
        text.replace("5 s", "1 us").replace("5 min", duration).replace("3000", "1")
    };
    let second = scratch.file("second.toml", &dense("1 s"));
    let year = scratch.file("year.toml", &dense("365 d"));
    let scaled = 365.0 * 86400.0 * planned(&scratch, &second, "events");
    assert_within_a_factor_of_two(planned(&scratch, &year, "events"), scaled);
}

#[test]
fn what_does_not_fit_into_memory_is_refused() {
    let scratch = Scratch::new();
    let small = COMET.replace("count = 3000", "count = 3");
    // 100,000 points with 1,000,000 time bins each.
    let rates = "\n[source.poisson]\nrate = \"1 /s\"\n\n[sweep]\n\"source.poisson.rate\" = { from = \"1 /s\", to = \"2 /s\", steps = 100000 }\n";
    let huge = small.replace("replications", "bin = \"300 us\"\nreplications");
    let file = scratch.file("huge.toml", &format!("{huge}{rates}"));
    let good = scratch.file("good.toml", &small);
    let output = scratch.cometsim(&["run", &good, &file, "--out", &scratch.path("out"), "--quiet"]);
    if cfg!(target_os = "linux") {
        assert_eq!(output.code, 2, "{}", output.stderr);
        assert!(output.stderr.contains("huge.toml: the run needs about 1"), "{}", output.stderr);
        assert!(output.stderr.contains(" TB of memory, this machine has "), "{}", output.stderr);
        assert!(output.stderr.contains("sweep fewer points") || output.stderr.contains("experiment.bin"));
        assert!(output.stderr.contains("--force"), "{}", output.stderr);
        assert!(!Path::new(&scratch.path("out")).exists(), "nothing is written while one of the files does not fit");
    }
}

#[test]
fn force_changes_no_byte_of_what_fits() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", &COMET.replace("count = 3000", "count = 3"));
    let (with, without) = (run_to(&scratch, &file, "with", &["--force"]), run_to(&scratch, &file, "without", &[]));
    assert_eq!(differing_files(&with, &without), Vec::<String>::new());
}
