//! The table and the sentence at the end of a run, and what shows them again.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::Path;

use crate::program::{Output, SMALL, Scratch, run_text, small, verify};

fn show(scratch: &Scratch, folder: &Path, options: &[&str]) -> Output {
    scratch.cometsim(&[&["show", folder.to_str().unwrap()], options].concat())
}

/// [`SMALL`] with other lines in place of its transports and charts.
fn with_transports(transports: &str) -> String {
    format!("{}{transports}", SMALL.split("[[transport]]").next().unwrap())
}

const FEW_CLIENTS: &str = "[[transport]]\nname = \"=1+1, |a|\"\nshort_poll = { interval = \"2 s\" }\n\
    [[transport]]\nname = \"长轮询，通知 100 % _x_\"\nlong_poll = {}\n";

#[test]
fn a_run_ends_with_a_table_of_80_columns_and_a_sentence() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", &SMALL.replace("count = 5", "count = 100"));
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let out = &output.stdout;
    let table = out.split("\n\nmore:").next().unwrap();
    assert!(table.lines().filter(|line| !line.contains("out/small")).all(|line| line.chars().count() <= 80), "{out}");
    assert!(out.starts_with("Small\n2 transports, 2 replications of 1 min, "), "{out}");
    for word in ["mean", "p95", "traffic", "arrived", "short polling ", "long polling "] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert!(out.contains("long polling sends the fewest bytes for each message, "), "{out}");
    let again = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(again.stdout.split("\n\n").nth(1), out.split("\n\n").nth(1), "the same table, if nothing is to do");
}

#[test]
fn what_is_asked_for_is_shown_or_named() {
    let scratch = Scratch::new();
    let sweep = SMALL.replace("[[chart]]", "[sweep]\n\"clients.count\" = [2, 3, 4, 5]\n[[chart]]");
    let (_, folder) = run_text(&scratch, &sweep);
    let usual = show(&scratch, &folder, &[]).stdout;
    let places = ["clients = 2\n", "clients = 4\n", "clients = 5\n"].map(|part| usual.contains(part));
    assert!(places == [true; 3] && !usual.contains("clients = 3\n"), "{usual}");
    let one =
        show(&scratch, &folder, &["--points", "1", "--transports", "long polling", "--metrics", "requests_per_s"]);
    assert!(one.stdout.contains("long polling\n  3 ") && !one.stdout.contains("short polling"), "{}", one.stdout);
    for (options, words) in [
        (["--metrics", "latncy_p95"], "did you mean `latency_p95_s`?"),
        (["--points", "4"], "they are 0 to 3"),
        (["--transports", "long poling"], "did you mean `long polling`?"),
        (["--metrics", ","], "is empty"),
    ] {
        let output = show(&scratch, &folder, &options);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{options:?}");
        assert!(output.stderr.contains(words), "{options:?}: {}", output.stderr);
    }
    let nothing = scratch.cometsim(&["show", &scratch.path("nowhere")]);
    assert_eq!(nothing.code, 2);
}

#[test]
fn every_format_has_the_names_and_the_values() {
    let scratch = Scratch::new();
    let (_, folder) = run_text(&scratch, &with_transports(FEW_CLIENTS));
    let of = |format| {
        let output = show(&scratch, &folder, &["--metrics", "requests_per_s,latency_p95_s", "--format", format]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stdout
    };
    assert!(of("markdown").contains("| 长轮询，通知 100 % \\_x\\_ |"), "{}", of("markdown"));
    assert!(of("markdown").contains("| =1+1, \\|a\\| |"));
    let latex = of("latex");
    assert!(latex.contains("    长轮询，通知 100 \\% \\_x\\_ & ") && latex.contains("\\toprule"), "{latex}");
    assert!(latex.contains("=1+1, \\textbar{}a\\textbar{} & \\num{"), "{latex}");
    let csv = of("csv");
    let summary = fs::read_to_string(folder.join("summary.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!((&rows[0][1], &rows[0][3]), ("'=1+1, |a|", "requests_per_s"));
    assert!(rows.iter().all(|row| summary.contains(&row[5])), "values are those of the table: {csv}");
    let json: serde_json::Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(json["rows"][1]["transport"], "长轮询，通知 100 % _x_");
    let estimate = json["rows"][0]["metrics"]["requests_per_s"]["estimate"].as_f64().unwrap();
    assert_eq!(estimate, rows[0][5].parse::<f64>().unwrap());
}

#[test]
fn the_folder_has_the_same_and_a_new_title_renews_it() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let answer = || fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(answer().starts_with("# Small\n\n2 transports, 2 replications of 1 min.\n"), "{}", answer());
    assert!(
        answer().contains("- `too-few-messages`: ") && answer().contains("(accepted by the experiment)"),
        "{}",
        answer()
    );
    let shown = show(&scratch, &folder, &["--format", "markdown"]).stdout;
    assert!(answer().starts_with(&shown), "{}", answer());
    let again = scratch.file("small.toml", &SMALL.replace("\"Small\"", "\"Other\""));
    assert_eq!(again, file);
    assert_eq!(scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]).code, 0);
    assert!(answer().starts_with("# Other\n"), "{}", answer());
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    // As a chart, it is written anew if it was altered.
    fs::write(folder.join("summary.md"), "better numbers").unwrap();
    assert_eq!(verify(&scratch, &folder, &[]).code, 3);
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap()]).code, 0);
    assert!(answer().starts_with("# Other\n"));
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
}

#[test]
fn what_a_reader_would_be_misled_by_is_said() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let run = |options: &[&str]| {
        let arguments = ["run", &file, "--out", &scratch.path("out"), "--fresh", "--quiet"];
        let said = scratch.cometsim(&[&arguments[..], options].concat()).stdout;
        // Lines are broken anywhere.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let single = run(&["--replications", "1"]);
    assert!(single.contains("One replication gives no intervals.") && single.contains("about "), "{single}");
    assert!(single.contains('~'), "{single}");
    assert!(run(&["--quick"]).contains("This is a quick run, not for"));
    let nothing = run(&["--set", "source.poisson.rate=1 /d"]);
    assert!(nothing.contains("No message arrived"), "{nothing}");
    let in_request = run(&["--set", "source={ scope = \"request\" }"]);
    let latencies = in_request.contains("p95");
    assert!(!latencies && in_request.contains("there is no latency to compare"), "{in_request}");
}

#[test]
fn a_run_can_be_cited() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let output = scratch.cometsim(&["cite", folder.to_str().unwrap()]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let has = |words: &str| assert!(output.stdout.contains(words), "{words}: {}", output.stdout);
    has("\"Small\" was simulated with cometsim ");
    has("@software{cometsim,\n");
    has(manifest["identity"].as_str().unwrap());
    has(&format!("results version {}", cometsim::model::RESULTS_VERSION));
    has(&format!("seed:            {}\n", manifest["seed"]));
    let version = scratch.cometsim(&["--version"]).stdout;
    assert!(version.contains(&format!("\nresults version {}\ncommit ", cometsim::model::RESULTS_VERSION)), "{version}");
}
