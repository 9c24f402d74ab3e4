//! The program as people use it: commands, files, exit codes, interruption.

use std::fs;
use std::path::Path;

use crate::program::{Scratch, differing_files, files_below, run_to};

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
        "charts/bandwidth.png",
        "charts/bandwidth.svg",
        "charts/latency-cdf.png",
        "charts/latency-cdf.svg",
        "charts/latency.png",
        "charts/latency.svg",
        "charts/tradeoff.png",
        "charts/tradeoff.svg",
        "latency_cdf.csv",
        "manifest.json",
        "replications.csv",
        "resolved.toml",
        "summary.csv",
        "timeline.csv",
    ];
    assert_eq!(names, expected);
    for name in expected {
        assert!(output.stdout.contains(name), "{name} is not on standard output");
    }
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
        "point,transport,source.poisson.rate,replications,requests_per_s,requests_per_s_ci95,requests_per_s_theory,replies_per_s"
    ));
    let last = cometsim::model::Metric::ALL.last().unwrap().name();
    assert!(header("summary.csv").ends_with(&format!(",{last},{last}_ci95,{last}_theory")));
    assert!(
        header("replications.csv")
            .starts_with("point,transport,source.poisson.rate,replication,fingerprint,requests_per_s,replies_per_s")
    );
    assert_eq!(header("latency_cdf.csv"), "point,transport,latency_s,fraction");
    assert_eq!(
        header("timeline.csv"),
        "point,transport,time_s,requests_per_s,http_mbit_per_s,held_requests,messages_delivered_per_s"
    );
}

#[test]
fn threads_change_no_byte() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    for (folder, threads) in [("two", "2"), ("seven", "7")] {
        let other = run_to(&scratch, &file, folder, &["--threads", threads]);
        assert_eq!(differing_files(&one, &other), Vec::<String>::new(), "{threads} threads");
    }
}

#[test]
fn threads_share_one_job_and_change_no_byte() {
    let scratch = Scratch::new();
    // Five parts and a bit.
    let text = SMALL.replace("count = 20", "count = 5500").replace("replications = 3", "replications = 1");
    let file = scratch.file("parts.toml", text.split("[sweep]").next().unwrap());
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    for (folder, threads) in [("two", "2"), ("seven", "7")] {
        let other = run_to(&scratch, &file, folder, &["--threads", threads]);
        assert_eq!(differing_files(&one, &other), Vec::<String>::new(), "{threads} threads");
    }
}

#[test]
fn a_mix_has_a_table_of_its_populations() {
    let scratch = Scratch::new();
    let mix = "[[population]]\nname = \"far\"\nshare = \"25 %\"\nnetwork = { up = { constant = \"0.3 s\" } }\n\n\
               [[population]]\nname = \"near\"\n\n[[chart]]\nname = \"far-and-near\"\nkind = \"line\"\n\
               by_population = true\n\n[sweep]";
    let text = SMALL.replace("count = 20", "count = 3000").replace("[sweep]", mix);
    let file = scratch.file("mix.toml", &text);
    let one = run_to(&scratch, &file, "one", &["--threads", "1"]);
    let other = run_to(&scratch, &file, "five", &["--threads", "5"]);
    assert_eq!(differing_files(&one, &other), Vec::<String>::new());
    let table = fs::read_to_string(one.join("populations.csv")).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = table.lines().map(cells);
    let header = lines.next().unwrap();
    assert_eq!(header[3..6], ["population", "clients", "replications"]);
    let requests = header.iter().position(|name| name == "requests_per_s").unwrap();
    let rows: Vec<Vec<String>> = lines.collect();
    assert_eq!(rows[0][3..6], ["far", "750", "3"]);
    assert_eq!(rows[1][3..6], ["near", "2250", "3"]);
    let summary = fs::read_to_string(one.join("summary.csv")).unwrap();
    let all: f64 = cells(summary.lines().nth(1).unwrap())[requests - 2].parse().unwrap();
    let both: f64 = rows[..2].iter().map(|row| row[requests].parse::<f64>().unwrap()).sum();
    assert!((all - both).abs() < 1e-9 * all, "{all} {both}");
    assert!(one.join("charts/far-and-near.png").exists());
}

#[test]
fn ticks_change_nothing_but_the_number_of_events() {
    let scratch = Scratch::new();
    let tick = SMALL.replace("poisson = { rate = \"0.2 /s\" }", "tick = { every = \"0.5 s\", hit = \"1/20\" }");
    let tick =
        tick.replace("\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]", "\"source.tick.hit\" = [\"1/5\", \"1/50\"]");
    let file = scratch.file("small.toml", &tick);
    let skip = run_to(&scratch, &file, "skip", &[]);
    let each = run_to(&scratch, &file, "each", &["--set", "engine.ticks=each"]);
    let differing = differing_files(&skip, &each);
    assert_eq!(differing, ["replications.csv", "resolved.toml", "summary.csv"]);
    for name in ["replications.csv", "summary.csv"] {
        let without_events =
            |folder: &Path| crate::program::without_columns(&folder.join(name), |column| column.starts_with("events"));
        assert_eq!(without_events(&skip), without_events(&each), "{name}");
    }
}

#[test]
fn both_paths_of_the_engine_give_the_same_bytes() {
    let scratch = Scratch::new();
    for (name, ticks) in [("skip", "engine.ticks=skip"), ("each", "engine.ticks=each")] {
        let file = scratch.file(&format!("{name}.toml"), SMALL);
        let auto = run_to(&scratch, &file, &format!("{name}-auto"), &["--set", ticks]);
        let queue = run_to(&scratch, &file, &format!("{name}-queue"), &["--set", ticks, "--set", "engine.path=queue"]);
        assert_eq!(differing_files(&auto, &queue), ["resolved.toml"]);
    }
}

#[test]
fn a_killed_run_goes_on_and_ends_with_the_same_bytes() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 400").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let whole = run_to(&scratch, &file, "whole", &["--threads", "1"]);

    let out = scratch.path("killed");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("killed/slow/.partial/jobs");
    let mut saved = 0;
    while saved < 20_000 {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it was killed");
        saved = fs::metadata(&journal).map_or(0, |facts| facts.len());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = fs::metadata(&journal).unwrap().len();
    assert!(!Path::new(&scratch.path("killed/slow/summary.csv")).exists(), "an unfinished run shows no results");

    // A torn record at the end must do no harm.
    let mut torn = fs::read(&journal).unwrap();
    torn.truncate(left as usize - 5);
    fs::write(&journal, torn).unwrap();

    let killed = run_to(&scratch, &file, "killed", &["--threads", "1"]);
    assert_eq!(differing_files(&whole, &killed), Vec::<String>::new());
    assert!(!Path::new(&scratch.path("killed/slow/.partial")).exists(), "a complete run leaves nothing unfinished");
}

#[test]
fn a_folder_is_used_by_one_run_at_a_time() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 2000").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    while fs::metadata(scratch.path("out/slow/.partial/jobs")).map_or(0, |facts| facts.len()) < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    let second = scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(second.code, 1, "{}", second.stderr);
    assert!(second.stderr.contains("another run is at work"), "{}", second.stderr);
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
    for name in ["summary.csv", "replications.csv", "latency_cdf.csv", "timeline.csv"] {
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
fn fresh_does_not_touch_a_run_at_work() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 20", "count = 2000").replace("replications = 3", "replications = 40");
    let file = scratch.file("slow.toml", &slow);
    let out = scratch.path("out");
    let mut child = scratch.start(&["run", &file, "--out", &out, "--threads", "1", "--quiet"]);
    let journal = scratch.path("out/slow/.partial/jobs");
    let size = || fs::metadata(&journal).map_or(0, |facts| facts.len());
    while size() < 1000 {
        assert!(child.try_wait().unwrap().is_none());
    }
    let before = size();
    let second = scratch.cometsim(&["run", &file, "--out", &out, "--quiet", "--fresh"]);
    let after = size();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((second.code, after >= before), (1, true), "{}", second.stderr);
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
fn a_set_of_a_zipped_key_holds_at_every_point() {
    let scratch = Scratch::new();
    let zip = SMALL.replace(
        "\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]",
        "\"source.poisson.rate\" = [\"0.1 /s\", \"0.5 /s\"]\n\"clients.count\" = [5, 6]\nmode = \"zip\"",
    );
    let file = scratch.file("zip.toml", &zip);
    let folder = run_to(&scratch, &file, "out", &["--set", "clients.count=3"]);
    let rows = crate::program::read_rows(&folder.join("summary.csv"));
    assert_eq!(rows.iter().map(|row| row["clients.count"].as_str()).collect::<Vec<_>>(), ["3"; 4]);
    assert_ne!(rows[0]["source.poisson.rate"], rows[2]["source.poisson.rate"]);
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
    assert_eq!(charts, ["charts/mine.png", "charts/mine.svg"]);
    for name in ["summary.csv", "replications.csv", "latency_cdf.csv", "timeline.csv"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    let text = String::from_utf8(after["charts/mine.svg"].clone()).unwrap();
    assert!(text.contains("Another title"));
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
}
