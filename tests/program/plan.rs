//! What `plan` predicts against what `run` takes, and the refusal of what does not fit. Time is not tested.

use std::fs;
use std::path::Path;

use crate::program::{Scratch, differing_files, run_to};

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
        let rows = crate::program::read_rows(&run_to(&scratch, &file, "out", &[]).join("summary.csv"));
        let taken: f64 = rows.iter().map(|row| 2.0 * row["events"].parse::<f64>().unwrap()).sum();
        assert_within_a_factor_of_two(planned, taken);
    }
}

/// The peak of the memory of a process: the last reading before its end.
#[cfg(target_os = "linux")]
fn peak_of(mut child: std::process::Child) -> f64 {
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
}

#[cfg(target_os = "linux")]
#[track_caller]
fn assert_memory_is_planned(name: &str, text: &str) {
    let scratch = Scratch::new();
    let file = scratch.file(&format!("{name}.toml"), text);
    let planned = planned(&scratch, &file, "memory");
    let taken = peak_of(scratch.start(&["run", &file, "--out", &scratch.path("out"), "--quiet"]));
    assert_within_a_factor_of_two(planned, taken);
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_is_planned() {
    let small = COMET.replace("count = 3000", "count = 300");
    let bins = small.replace("replications", "bin = \"2 ms\"\nreplications");
    let queue = "\n[engine]\npath = \"queue\"\n";
    let many = format!("{}{queue}", COMET.replace("3000", "200000").replace("5 min", "20 s"));
    let late = "\n[network]\nup = { constant = \"15 s\" }\n";
    for (name, text) in [("small", small), ("bins", bins), ("overlapping", format!("{many}{late}")), ("queue", many)] {
        assert_memory_is_planned(name, &text);
    }
}

/// A system in which more and more requests wait.
fn overloaded(clients: u32, minutes: u32, what: &str) -> String {
    format!(
        "[experiment]\nreplications = 1\nwarmup = \"1 s\"\nduration = \"{minutes} min\"\n[clients]\ncount = {clients}\n{what}\n\
         [[transport]]\nname = \"p\"\nshort_poll = {{ interval = \"1 s\" }}\n"
    )
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_what_waits_is_planned() {
    let link = "[network]\nserver_link = \"8 Mbit/s\"";
    let delays = "[network]\nup = { constant = \"200 ms\" }\ndown = { constant = \"200 ms\" }";
    for (name, text) in [
        ("link", overloaded(8000, 1, link)),
        ("given-up", overloaded(8000, 1, &format!("timeout = \"10 s\"\n{link}"))),
        ("workers", overloaded(8000, 1, "[server]\nworkers = 20\nservice = { exponential = \"10 ms\" }")),
        ("tabs", overloaded(12_000, 1, &format!("tabs_per_browser = 10\nconnections_per_host = 1\n{delays}"))),
    ] {
        assert_memory_is_planned(name, &text);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_pushes_on_one_queue_is_planned() {
    let head = "[experiment]\nreplications = 1\nwarmup = \"0 s\"\nduration = \"20 s\"\n[clients]\ncount = 200000\n\
                [engine]\npath = \"queue\"\n[[transport]]\nname = \"w\"\n";
    assert_memory_is_planned("websocket", &format!("{head}websocket = {{}}\n"));
    let notified = "[server]\ncheck = \"notify\"\n[engine]";
    assert_memory_is_planned("notified", &format!("{}long_poll = {{}}\n", head.replace("[engine]", notified)));
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_a_trace_is_planned() {
    let scratch = Scratch::new();
    let rows: String = (0..600_000).map(|row| format!("{}.{:03},{}\n", row / 1000, row % 1000, row % 100)).collect();
    scratch.file("trace.csv", &format!("time_s,client\n{rows}"));
    let text = COMET.replace("count = 3000", "count = 100") + "\n[source]\ntrace = { file = \"trace.csv\" }\n";
    let file = scratch.file("traced.toml", &text);
    let planned = planned(&scratch, &file, "memory");
    let taken = peak_of(scratch.start(&["run", &file, "--out", &scratch.path("out"), "--quiet"]));
    assert!(taken > 4e7, "{taken:e}");
    assert_within_a_factor_of_two(planned, taken);
}

#[test]
fn the_events_of_what_is_overloaded_are_planned() {
    for (name, what) in [
        ("link", "[network]\nserver_link = \"4 Mbit/s\""),
        ("workers", "[server]\nworkers = 8\nservice = { exponential = \"10 ms\" }"),
        ("tabs", "tabs_per_browser = 10\nconnections_per_host = 1\n[network]\nup = { constant = \"200 ms\" }"),
    ] {
        let scratch = Scratch::new();
        let file = scratch.file(&format!("{name}.toml"), &overloaded(4000, 1, what));
        let planned = planned(&scratch, &file, "events");
        let rows = crate::program::read_rows(&run_to(&scratch, &file, "out", &[]).join("summary.csv"));
        assert_within_a_factor_of_two(planned, rows.iter().map(|row| row["events"].parse::<f64>().unwrap()).sum());
    }
}

/// Half of 1,000 clients, each with 10^15 messages a second while it is ON, for 32 minutes, 20 times.
#[test]
fn messages_beyond_counting_are_planned_in_number() {
    let scratch = Scratch::new();
    let text = "[source.on_off]\non = \"1 min\"\noff = \"1 min\"\nrate = \"1000000000000000 /s\"\n\
                [[transport]]\nname = \"p\"\nshort_poll = { interval = \"5 s\" }\n";
    let file = scratch.file("countless.toml", text);
    assert_within_a_factor_of_two(planned(&scratch, &file, "events"), 20.0 * 1000.0 * 1920.0 * 1e15 / 2.0);
}

/// Rates, intervals and sizes at their ends. A plan takes about half a second of processor time, in a debug build too; the
/// bound is far from that, and without it a plan that goes on for ever would hang the test.
#[cfg(unix)]
#[test]
fn a_plan_ends_whatever_the_rates_are() {
    let poll = "short_poll = { interval = \"5 s\" }";
    let cases = [
        ("[clients.sends.on_off]\non = \"10 s\"\noff = \"1 min\"\nrate = \"999999999999999 /s\"", poll),
        ("[clients.sends.poisson]\nrate = \"999999999999999 /s\"", poll),
        ("[clients.sends.poisson]\nrate = \"999999999999999 /s\"", "websocket = {}"),
        ("[source.poisson]\nrate = \"999999999999999 /s\"", poll),
        ("[source.poisson]\nrate = \"1000000000 /s\"", "long_poll = {}"),
        ("[source]\nscope = \"broadcast\"\npoisson = { rate = \"999999999999999 /s\" }", "sse = {}"),
        ("[source.on_off]\non = \"10 s\"\noff = \"1 min\"\nrate = \"100000000000 /s\"", "long_poll = {}"),
        ("[source.on_off]\non = \"1 ns\"\noff = \"1 ns\"\nrate = \"0.000000001 /s\"", poll),
        ("[source.periodic]\nevery = \"1 ns\"", poll),
        ("[source]\nphase = \"100 s\"\nperiodic = { every = \"1 ns\" }", "websocket = {}"),
        ("[source.tick]\nevery = \"1 ns\"\nhit = \"1/1000000000000\"", poll),
        ("[source.tick]\nevery = \"1 ns\"\nhit = \"1/1000000000000\"\n[engine]\nticks = \"each\"", "long_poll = {}"),
        ("[source.tick]\nevery = \"1 ns\"\nhit = 1", "streaming = {}"),
        ("[source.day]\nrate = \"999999999999999 /s\"\nshape = [0, 1]\nperiod = \"4 min\"", poll),
        ("", "short_poll = { interval = \"1 ns\" }"),
        ("", "short_poll = { interval = \"1 ns\", phase = \"100 s\" }"),
        ("", "short_poll = { interval = \"1 ns\", pace = \"poisson\" }"),
        ("[network]\nup = { constant = \"1 h\" }", "short_poll = { interval = \"1 ns\" }"),
        (
            "[network]\nup = { constant = \"0 s\" }\ndown = { constant = \"0 s\" }",
            "short_poll = { interval = \"1 ns\", pace = \"after-reply\" }",
        ),
        ("[server]\nworkers = 1\nservice = { constant = \"1 d\" }", "short_poll = { interval = \"1 ns\" }"),
        ("[network]\nserver_link = \"1 bit/s\"", "short_poll = { interval = \"1 us\" }"),
        ("[clients.crowd]\nat = \"2 min\"\nwithin = \"1 s\"\ncount = 3999999000", "long_poll = {}"),
        (
            "[clients.crowd]\nat = \"2 min\"\nwithin = \"1 s\"\ncount = 10\n[source.poisson]\nrate = \"1000000000 /s\"",
            poll,
        ),
        ("arrival_rate = \"1000000 /s\"", poll),
        ("[source]\nscope = \"group\"\nsize = 1000000\n[clients.sends.poisson]\nrate = \"1 /s\"", "websocket = {}"),
        ("tabs_per_browser = 1000000\nconnections_per_host = 1000000", poll),
        ("timeout = \"1 ns\"", "long_poll = {}"),
        ("", "adaptive_poll = { min = \"1 ns\", max = \"1 ns\" }"),
        ("", "websocket = { keep_alive = \"1 ns\" }"),
        (
            "[server]\ncheck = { every = \"1 ns\", count = 1000000000 }\n[engine]\nticks = \"each\"\npath = \"queue\"",
            "long_poll = {}",
        ),
        (
            "[server]\non_lost_reply = \"redeliver\"\n[source.poisson]\nrate = \"100000 /s\"\n[network]\ndown = { constant = \"1 h\" }",
            "short_poll = { interval = \"1 ms\" }",
        ),
        ("[network.wire]\nsegment = \"1 B\"\n[network.loss]\nrate = 0.999999999", poll),
    ];
    let mut ended = 0;
    for (place, (keys, transport)) in cases.iter().enumerate() {
        let count = if keys.starts_with("[clients.crowd") || !keys.contains("group") { 1000 } else { 1_000_000 };
        let text = format!(
            "[experiment]\nbin = \"10 s\"\n[clients]\ncount = {count}\n{keys}\n[[transport]]\nname = \"p\"\n{transport}\n"
        );
        let scratch = Scratch::new();
        let file = scratch.file("extreme.toml", &text);
        let checked = scratch.cometsim(&["check", &file]);
        assert_eq!(checked.code, 0, "case {place}:\n{text}{}", checked.stderr);
        let plan = scratch.shell(&format!("ulimit -t 30; exec \"$COMETSIM\" plan {file}"));
        assert_eq!(plan.code, 0, "case {place}:\n{text}{}", plan.stderr);
        assert!(plan.stdout.contains(" events\n# about "), "case {place}:\n{}", plan.stdout);
        ended += 1;
    }
    assert_eq!(ended, cases.len());
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

#[cfg(target_os = "linux")]
#[test]
fn what_would_pile_up_beyond_memory_is_refused() {
    let scratch = Scratch::new();
    let text = overloaded(1_000_000, 60, "[network]\nserver_link = \"10 Mbit/s\"");
    let file = scratch.file("piles.toml", &text);
    let output = scratch.shell(&format!("ulimit -t 60; exec \"$COMETSIM\" run {file} --out out --quiet"));
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(output.stderr.contains("requests and messages that wait"), "{}", output.stderr);
    assert!(!Path::new(&scratch.path("out")).exists());
}

/// The limit of the address space stands for the memory of a small machine.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_outgrows_the_machine_stops_and_goes_on_from_what_is_finished() {
    let scratch = Scratch::new();
    let text = overloaded(16_000, 1, "[network]\nserver_link = \"10 Mbit/s\"")
        + "[sweep]\n\"network.server_link\" = [\"1 Gbit/s\", \"4 Mbit/s\"]\n";
    let file = scratch.file("grows.toml", &text);
    let run = |limit: &str, out: &str| {
        scratch.shell(&format!("{limit} exec \"$COMETSIM\" run {file} --out {out} --threads 1 --force --quiet"))
    };
    let stopped = run("ulimit -v 250000;", "out");
    assert_eq!(stopped.code, 1, "{}", stopped.stderr);
    assert!(stopped.stderr.contains("stopped: the run uses 2"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("MB of address space that this process may have"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("requests and messages that wait"), "{}", stopped.stderr);
    let kept = fs::metadata(scratch.path("out/grows/.partial/jobs")).unwrap().len();
    assert!(kept > 100, "{kept} bytes: the first point was finished");
    let (resumed, whole) = (run("", "out"), run("", "whole"));
    assert_eq!((resumed.code, whole.code), (0, 0), "{}{}", resumed.stderr, whole.stderr);
    let folder = |out: &str| Path::new(&scratch.path(out)).join("grows");
    assert_eq!(differing_files(&folder("out"), &folder("whole")), Vec::<String>::new());
}

#[test]
fn force_changes_no_byte_of_what_fits() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", &COMET.replace("count = 3000", "count = 3"));
    let (with, without) = (run_to(&scratch, &file, "with", &["--force"]), run_to(&scratch, &file, "without", &[]));
    assert_eq!(differing_files(&with, &without), Vec::<String>::new());
}
