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
    let run_file = |file: &str, options: &[&str]| {
        let arguments = ["run", file, "--out", &scratch.path("out"), "--fresh", "--quiet"];
        let said = scratch.cometsim(&[&arguments[..], options].concat()).stdout;
        // Lines are broken anywhere.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let run = |options: &[&str]| run_file(&file, options);
    let single = run(&["--replications", "1"]);
    assert!(single.contains("One replication gives no intervals.") && single.contains("about "), "{single}");
    assert!(single.contains('~'), "{single}");
    assert!(run(&["--quick"]).contains("This is a quick run, not for"));
    let nothing = run(&["--set", "source.poisson.rate=1 /d"]);
    assert!(nothing.contains("No message arrived"), "{nothing}");
    let in_request = run(&["--set", "source={ scope = \"request\" }"]);
    let sweep = SMALL.replace("[[chart]]", "[sweep]\n\"clients.count\" = [5, 9]\n[[chart]]");
    let swept = run_file(&scratch.file("sweep.toml", &sweep), &["--set", "source={ scope = \"request\" }"]);
    let times = swept.matches("there is no latency to compare").count();
    assert!(times == 1 && swept.contains("At clients = 5 and at clients = 9: "), "{swept}");
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
    has("@software{cometsim-");
    has(manifest["identity"].as_str().unwrap());
    has(&format!("results version {}", cometsim::model::RESULTS_VERSION));
    has(&format!("seed:            {}\n", manifest["seed"]));
    // A shell takes what is suggested, whatever the name of the folder.
    let spaced = scratch.path("it's a folder");
    let output = scratch.cometsim(&["run", &scratch.path("small.toml"), "--out", &spaced, "--quiet"]);
    let quoted = format!("'{}/small'", spaced.replace('\'', "'\\''"));
    for command in ["show", "cite"] {
        assert!(output.stdout.contains(&format!("cometsim {command} {quoted}")), "{}", output.stdout);
    }
    let version = scratch.cometsim(&["--version"]).stdout;
    assert!(version.contains(&format!("\nresults version {}\ncommit ", cometsim::model::RESULTS_VERSION)), "{version}");
}

/// [`SMALL`] with enough clients and replications for intervals, and more lines in its first table.
fn measured(more: &str) -> String {
    let text = SMALL.replace("count = 5", "count = 60").replace("replications = 2", "replications = 4");
    text.replace("[clients]", &format!("{more}\n[clients]"))
}

/// All words of a text, whose lines may be broken anywhere.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_ratio_is_that_of_the_comparison_with_its_interval() {
    let scratch = Scratch::new();
    let (_, folder) = run_text(&scratch, &measured(""));
    let plain = words(&show(&scratch, &folder, &[]).stdout);
    let scratch = Scratch::new();
    // Against the one with the fewest bytes the ratio of the comparison is that of the sentence.
    let (_, folder) = run_text(&scratch, &measured("baseline = \"long polling\""));
    let against = words(&show(&scratch, &folder, &[]).stdout);
    let comparison = fs::read_to_string(folder.join("comparison.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(comparison.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let row = rows.iter().find(|row| row.iter().any(|cell| cell == "http_bytes_per_message")).unwrap();
    let number = |name: &str| row[header.iter().position(|column| column == name).unwrap()].parse::<f64>().unwrap();
    let [ratio, low, high] = ["ratio", "ratio_low95", "ratio_high95"].map(number);
    for (text, before, after) in [
        (&plain, "bytes for each message, ", " times fewer than short polling"),
        (&against, "Against long polling, short polling sends ", " times as many bytes for each message"),
    ] {
        let said = text.split(before).nth(1).and_then(|rest| rest.split(after).next());
        let said = said.unwrap_or_else(|| panic!("{text}"));
        let (value, half) = said.split_once(" ± ").unwrap_or_else(|| panic!("{said}"));
        let digit = half.split_once('.').map_or(1.0, |(_, decimals)| 0.1_f64.powi(decimals.len() as i32));
        let [value, half] = [value, half].map(|number| number.parse::<f64>().unwrap());
        assert!((value - ratio).abs() <= 0.51 * digit, "{said}: {ratio}");
        assert!((half - (high - low) / 2.0).abs() <= 0.51 * digit, "{said}: {low} to {high}");
    }
}

#[test]
fn claims_stand_below_the_sentence_wherever_the_table_does() {
    let scratch = Scratch::new();
    let claims = "[[claim]]\ntext = \"it | holds\"\nmetric = \"requests_per_s\"\nof = \"short polling\"\nis = \"> 1\"\n\
        [[claim]]\ntext = \"it fails\"\nmetric = \"requests_per_s\"\nof = \"short polling\"\nis = \"> 1000\"\n";
    let text = format!("{}{claims}", measured(""));
    let file = scratch.file("claims.toml", &text);
    let run = |options: &[&str]| {
        scratch.cometsim(&[&["run", &file, "--out", &scratch.path("out"), "--quiet"], options].concat())
    };
    let output = run(&[]);
    assert_eq!(output.code, 4, "{}", output.stderr);
    let out = &output.stdout;
    let parts = ["sends the fewest bytes", "\n✓ it | holds: ", "\n✗ it fails: ", "files, among them"];
    let places = parts.map(|part| out.find(part));
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{out}");
    assert!(!out.contains('\x1b'), "no colour but on a terminal");
    let folder = Path::new(&scratch.path("out")).join("claims");
    assert!(show(&scratch, &folder, &[]).stdout.contains("\n✗ it fails: "));
    let answer = || fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(answer().contains("\n- ✓ it \\| holds: ") && answer().contains("\n- ✗ it fails: "), "{}", answer());
    let json = show(&scratch, &folder, &["--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["claims"][1]["verdict"], "fails");
    let book = || fs::read_to_string(folder.join("columns.csv")).unwrap();
    assert!(book().contains("\nclaims.csv,verdict,") && !book().contains("comparison.csv"));
    // With another claim and a baseline their tables, and the codebook, are renewed.
    let other = text.replace("> 1000", "> 2").replace("\n[clients]", "\nbaseline = \"long polling\"\n[clients]");
    scratch.file("claims.toml", &other);
    let output = run(&[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(answer().contains("\n- ✓ it fails: "), "{}", answer());
    assert!(book().contains("\ncomparison.csv,ratio,") && book().contains("\nclaims.csv,verdict,"));
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap()]).code, 0);
    assert!(answer().contains("\n- ✓ it fails: "), "{}", answer());
    let verified = verify(&scratch, &folder, &[]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(run(&["--quick", "--fresh"]).stdout.contains("Claims are not judged"));
}

/// What the table of a search says, run into a folder of its own: its words, and its lines.
fn searched(scratch: &Scratch, name: &str, search: &str) -> (String, String, std::path::PathBuf) {
    let text = measured("").replace("[[chart]]", &format!("[search]\n{search}\n[[chart]]"));
    let file = scratch.file(&format!("{name}.toml"), &text);
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let folder = Path::new(&scratch.path("out")).join(name);
    let shown = show(scratch, &folder, &[]).stdout;
    assert_eq!(shown.lines().nth(3), output.stdout.lines().nth(3), "the same again");
    let markdown = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(markdown.starts_with(&show(scratch, &folder, &["--format", "markdown"]).stdout), "{markdown}");
    (words(&shown), shown, folder)
}

#[test]
fn a_search_answers_first_and_shows_the_points_of_its_answers() {
    let scratch = Scratch::new();
    // Short polling makes about one request each 2 s and client.
    let key = "key = \"clients.count\"\nrange = [2, 40]\ntransport = \"short polling\"\n";
    let of = |name: &str, target: &str| searched(&scratch, name, &format!("{key}target = \"{target}\""));
    let (text, shown, folder) = of("most", "requests_per_s <= 10.2");
    assert!(text.contains("short polling: requests_per_s <= 10.2 up to 20 clients (95 %: "), "{text}");
    let points: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("clients = ")).collect();
    assert_eq!(points, ["2", "20", "21", "40"], "{shown}");
    assert!(text.contains("; with 21 it is 10.5"), "{text}");
    let tried = fs::read_to_string(folder.join("summary.csv")).unwrap().lines().count() - 1;
    assert!(tried > 3 && text.contains(&format!("{tried} points tried")), "{text}");
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap()]).code, 0);
    let again = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(again.contains("10.2 up to 20 clients"), "{again}");
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
    let (text, ..) = of("least", "requests_per_s >= 9.8");
    assert!(text.contains("requests_per_s >= 9.8 from 20 clients on (95 %: "), "{text}");
    let (text, ..) = of("nowhere", "requests_per_s <= 0.5");
    assert!(text.contains("requests_per_s <= 0.5 is met nowhere between clients = 2 and 40."), "{text}");
    let (text, ..) = of("everywhere", "requests_per_s <= 500");
    assert!(text.contains("is met everywhere between clients = 2 and 40."), "{text}");
    let equal = "key = 'transport.\"short polling\".interval'\nrange = [\"1 s\", \"15 s\"]\n\
        equal = [\"requests_per_s\", \"short polling\", \"long polling\"]";
    let (text, ..) = searched(&scratch, "equal", equal);
    let at = "short polling and long polling have equal request rate at a polling interval of ";
    assert!(text.contains(at), "{text}");
    assert!(text.contains("; below it short polling has more, above it long polling."), "{text}");
}

#[test]
fn values_for_programs_have_their_samples_and_closed_forms_under_the_names_of_the_tables() {
    let scratch = Scratch::new();
    let sweep = "[sweep]\n\"source.payload\" = [\"1 kB\", \"2 kB\"]\n[[chart]]";
    let (_, folder) = run_text(&scratch, &measured("").replace("[[chart]]", sweep));
    let csv = show(&scratch, &folder, &["--points", "all", "--format", "csv"]).stdout;
    let long = fs::read_to_string(folder.join("summary_long.csv")).unwrap();
    assert_eq!(csv.lines().next(), long.lines().next());
    let rows: std::collections::BTreeSet<&str> = long.lines().collect();
    assert!(csv.lines().count() > 9 && csv.lines().all(|row| rows.contains(row)), "{csv}");
}

#[test]
fn names_of_points_never_collide() {
    let scratch = Scratch::new();
    let sweep = "[sweep]\nmode = \"zip\"\n\
        \"network.up.lognormal.median\" = [\"20 ms\", \"20 ms\", \"30 ms\"]\n\
        \"network.down.lognormal.median\" = [\"20 ms\", \"20.000001 ms\", \"20 ms\"]\n[[chart]]";
    let network = "[network]\nup = { lognormal = { median = \"1 ms\", sigma = 1 } }\n\
        down = { lognormal = { median = \"1 ms\", sigma = 1 } }\n[source]";
    let text = measured("").replace("[[chart]]", sweep).replace("[source]", network);
    let (_, folder) = run_text(&scratch, &text);
    let shown = show(&scratch, &folder, &["--format", "markdown"]).stdout;
    let rows = shown.lines().filter(|line| line.contains("| short polling |"));
    let points: std::collections::BTreeSet<&str> = rows.filter_map(|row| row.split('|').nth(1)).collect();
    assert!(points.len() == 3, "{shown}");
    assert!(points.iter().all(|part| part.contains(" up = 0.0") && part.contains(" down = 0.02")), "{shown}");
}
