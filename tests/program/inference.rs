//! Comparisons and claims: their tables, what is printed, exit codes, and what becomes of them in a folder that is there.

use std::fs;

use cometsim::report::CsvTable;

use crate::program::{Output, Scratch};

/// Two transports at two points, and a third one.
const STUDY: &str = r#"[experiment]
replications = 10
duration     = "2 min"
warmup       = "45 s"
bin          = "15 s"
baseline     = "=long, 长"
accept       = ["few-messages-expected", "too-few-messages", "imprecise", "messages-pending"]

[clients]
count = 40

[source]
poisson = { rate = "0.1 /s" }

[[transport]]
name = "short polling"
short_poll = { interval = "4 s" }

[[transport]]
name = "=long, 长"
long_poll = {}

[sweep]
"clients.count" = [20, 40]

[[chart]]
name = "bandwidth"
kind = "line"
"#;

/// Runs the study with these claims in a folder `out`.
fn run(scratch: &Scratch, claims: &str) -> Output {
    let file = scratch.file("study.toml", &format!("{STUDY}\n{claims}"));
    scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"])
}

fn claim(text: &str, rest: &str) -> String {
    format!("[[claim]]\ntext = \"{text}\"\nof = \"short polling\"\n{rest}\n")
}

/// A table in the folder.
fn table(scratch: &Scratch, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = fs::read_to_string(scratch.path(&format!("out/study/{name}"))).unwrap();
    let CsvTable { header, rows } = CsvTable::parse(&text).unwrap();
    (header, rows)
}

#[test]
fn a_baseline_gives_a_table_of_paired_differences() {
    let scratch = Scratch::new();
    let output = run(&scratch, "");
    assert_eq!(output.code, 0, "{}", output.stderr);
    let (header, rows) = table(&scratch, "comparison.csv");
    let last = [
        "transport",
        "baseline",
        "metric",
        "difference",
        "difference_low95",
        "difference_high95",
        "ratio",
        "ratio_low95",
        "ratio_high95",
        "p_value",
        "significant",
    ];
    assert_eq!(header[0], "point");
    assert_eq!(header[2..], last);
    assert_eq!(rows.len(), 2 * 7, "six usual metrics, and that of the chart");
    let (names, replications) = table(&scratch, "replications.csv");
    let column = |name: &str| names.iter().position(|column| column == name).unwrap();
    let (transport, metric) = (column("transport"), column("http_bytes_per_s"));
    let of = |name: &str| -> Vec<f64> {
        let rows = replications.iter().filter(|row| row[0] == "0" && row[transport] == name);
        rows.map(|row| row[metric].parse().unwrap()).collect()
    };
    let (short, long) = (of("short polling"), of("=long, 长"));
    let differences: Vec<f64> = short.iter().zip(&long).map(|(short, long)| short - long).collect();
    let mean = differences.iter().sum::<f64>() / 10.0;
    let variance = differences.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 9.0;
    let half = cometsim::stats::student_t_quantile(0.975, 9) * (variance / 10.0).sqrt();
    let row = rows.iter().find(|row| row[0] == "0" && row[4] == "http_bytes_per_s").unwrap();
    assert_eq!((row[2].as_str(), row[3].as_str()), ("short polling", "=long, 长"));
    let number = |place: usize| row[place].parse::<f64>().unwrap();
    for (place, expected) in [(5, mean), (6, mean - half), (7, mean + half)] {
        assert!((number(place) / expected - 1.0).abs() < 1e-9, "{} is not {expected}", number(place));
    }
    assert_eq!(row[12], "true");
    let verified = scratch.cometsim(&["verify", &scratch.path("out/study"), "--bytes", "--quiet"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn claims_are_judged_after_all_is_written_and_a_failed_one_exits_with_4() {
    let scratch = Scratch::new();
    let claims = [
        claim("every point", "metric = \"latency_mean_s\"\nis = \"> 1 s\""),
        claim("half", "metric = \"latency_mean_s\"\nat = { \"clients.count\" = 40 }\nis = \"= 2 s within 10 %\""),
        claim("ratio", "metric = \"latency_mean_s\"\nover = \"=long, 长\"\nis = \"< 2\""),
        claim("difference", "metric = \"requests_per_s\"\nminus = \"=long, 长\"\nis = \"> 0\""),
        claim("theory", "metric = \"requests_per_s\"\nis = \"= theory\""),
        claim("largest", "metric = \"latency_max_s\"\nis = \"> 100 ms\""),
    ];
    let output = run(&scratch, &claims.concat());
    assert_eq!(output.code, 4, "{}{}", output.stdout, output.stderr);
    let (header, rows) = table(&scratch, "claims.csv");
    assert_eq!(header, ["text", "measured", "low95", "high95", "verdict"]);
    let verdicts: Vec<&str> = rows.iter().map(|row| row[4].as_str()).collect();
    assert_eq!(verdicts, ["holds", "holds", "fails", "holds", "holds", "cannot be told"]);
    assert!(output.stdout.contains("✗ ratio: ") && output.stdout.contains("? largest: "), "{}", output.stdout);
    assert!(output.stdout.contains("at clients = "), "{}", output.stdout);
    let manifest = fs::read_to_string(scratch.path("out/study/manifest.json")).unwrap();
    assert!(manifest.contains("\"verdict\": \"fails\""));

    // The same again: nothing to do, and the same verdict.
    let again = run(&scratch, &claims.concat());
    assert_eq!(again.code, 4);
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);

    // Other claims are judged by the replications that are there.
    let before = fs::read(scratch.path("out/study/replications.csv")).unwrap();
    let better = claims[..2].concat();
    assert_eq!(run(&scratch, &better).code, 0);
    assert_eq!(table(&scratch, "claims.csv").1.len(), 2);
    assert_eq!(fs::read(scratch.path("out/study/replications.csv")).unwrap(), before);
    let verified = scratch.cometsim(&["verify", &scratch.path("out/study"), "--bytes", "--quiet"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);

    // A damaged table is written anew, and without claims it goes.
    fs::write(scratch.path("out/study/claims.csv"), "text\n").unwrap();
    assert_eq!(scratch.cometsim(&["verify", &scratch.path("out/study"), "--quiet"]).code, 3);
    assert_eq!(run(&scratch, &better).code, 0);
    assert_eq!(table(&scratch, "claims.csv").1.len(), 2);
    assert_eq!(run(&scratch, "").code, 0);
    assert!(!fs::exists(scratch.path("out/study/claims.csv")).unwrap());
}

#[test]
fn a_quick_run_judges_nothing() {
    let scratch = Scratch::new();
    let text = format!("{STUDY}\n{}", claim("no", "metric = \"latency_mean_s\"\nis = \"> 1 h\""));
    let file = scratch.file("study.toml", &text);
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quick", "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("Claims are not judged"), "{}", output.stdout);
    assert!(!fs::exists(scratch.path("out/study/claims.csv")).unwrap());
}

#[test]
fn one_replication_tells_nothing() {
    let scratch = Scratch::new();
    let text = format!("{STUDY}\n{}", claim("one", "metric = \"latency_mean_s\"\nis = \"> 1 ms\""));
    let file = scratch.file("study.toml", &text.replace("replications = 10", "replications = 1"));
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(table(&scratch, "claims.csv").1[0][4], "cannot be told");
    for row in table(&scratch, "comparison.csv").1 {
        assert_eq!([&row[6], &row[9], &row[11], &row[12]], ["", "", "", ""]);
    }
}

#[test]
fn compare_says_what_differs_within_an_experiment_and_between_two() {
    let scratch = Scratch::new();
    assert_eq!(run(&scratch, "").code, 0);
    let (one, other) = (scratch.path("out/study"), scratch.path("other/study"));
    let compare = |arguments: &[&str]| scratch.cometsim(&[&["compare"], arguments, &["--quiet"]].concat());

    let output = compare(&[&one]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("short polling against =long, 长, clients = 20"), "{}", output.stdout);
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    let csv = compare(&[&one, "--format", "csv"]).stdout;
    assert_eq!(csv, fs::read_to_string(scratch.path("out/study/comparison.csv")).unwrap());
    for format in ["markdown", "latex"] {
        let table = compare(&[&one, "--format", format]).stdout;
        assert!(table.contains("short polling") && table.contains("mean latency (s)"), "{table}");
    }

    // The same setting: equal. Another seed: not paired, and hardly anything significant.
    let file = scratch.path("study.toml");
    scratch.cometsim(&["run", &file, "--out", &scratch.path("other"), "--quiet"]);
    let output = compare(&[&one, &other, "--fail-if", "http_bytes_per_s > 0 %"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("equal in all replications"), "{}", output.stdout);
    assert!(output.stdout.contains("both have the same settings"), "{}", output.stdout);
    scratch.cometsim(&["run", &file, "--out", &scratch.path("seed"), "--seed", "7", "--quiet"]);
    let output = compare(&[&one, &scratch.path("seed/study")]);
    assert!(output.stdout.contains("the seeds differ: intervals are those of independent runs"), "{}", output.stdout);

    // A metric without a value is there with the reason.
    let output = compare(&[&one, "--metrics", "latency_mean_s,wire_bytes_per_s,server_checks_per_s,gateway_timeouts"]);
    for line in ["wire_bytes_per_s: empty without [network.wire]", "gateway_timeouts: empty without proxy.read_timeout"]
    {
        assert!(output.stdout.lines().any(|there| there == line), "{}", output.stdout);
    }
    let output = compare(&[&one, "--metrics", "wire_bytes_per_s"]);
    assert!(output.code == 2 && output.stderr.contains("empty without [network.wire]"), "{}", output.stderr);
    let output = compare(&[&one, "--fail-if", "wire_bytes_per_s > 1 B/s"]);
    assert!(output.stderr.contains("cannot be told: the metric is empty without [network.wire]"), "{}", output.stderr);

    // A limit that is passed, one that is not, one that cannot be told, and a wrong one.
    let limit = |text: &str| compare(&[&one, "--fail-if", text]);
    assert_eq!(limit("latency_mean_s > +5 %").code, 3);
    assert_eq!(limit("latency_mean_s > 3 s").code, 0);
    let unknown = limit("latency_max_s > 1 ms");
    assert!(unknown.code == 0 && unknown.stderr.contains("cannot be told"), "{}", unknown.stderr);
    assert_eq!(limit("latency > 1 ms").code, 2);
    assert_eq!(compare(&[&one, "--baseline", "nobody"]).code, 2);
    assert_eq!(compare(&[&one, "--metrics", "nothing"]).code, 2);
    assert_eq!(compare(&[&scratch.path("nowhere")]).code, 2);
}

#[test]
fn compare_takes_points_and_transports_and_pairs_what_both_have() {
    let scratch = Scratch::new();
    let sweep = STUDY.replace("[20, 40]", "[20, 25, 30, 35, 40]").replace("baseline     = \"=long, 长\"\n", "");
    let third = "[[transport]]\nname = \"socket, 1\"\nwebsocket = {}\n[sweep]";
    let file =
        scratch.file("study.toml", &sweep.replace("[sweep]", third).replace("replications = 10", "replications = 4"));
    let out = |name: &str, options: &[&str]| {
        let to = scratch.path(name);
        let output = scratch.cometsim(&[&["run", &file, "--out", &to, "--quiet"], options].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        format!("{to}/study")
    };
    let one = out("out", &[]);
    let compare = |arguments: &[&str]| scratch.cometsim(&[&["compare"], arguments, &["--quiet"]].concat());

    // The first, the middle and the last point, and how to see the others.
    let usual = compare(&[&one, "--metrics", "arrived,http_bytes_per_s"]).stdout;
    let has = |text: &str, count: usize| text.contains(&format!("against short polling, clients = {count}\n"));
    let shown = [20, 25, 30, 35, 40].map(|count| has(&usual, count));
    assert_eq!(shown, [true, false, true, false, true], "{usual}");
    assert!(usual.contains("2 more points: --points all"), "{usual}");
    assert!(usual.contains("Holm's correction"), "{usual}");
    let chosen =
        compare(&[&one, "--points", "clients=25", "--transports", "socket, 1", "--metrics", "http_bytes_per_s"]);
    assert!(has(&chosen.stdout, 25) && !chosen.stdout.contains("=long, 长"), "{}", chosen.stdout);
    assert!(!chosen.stdout.contains("more points") && !chosen.stdout.contains("Holm"), "{}", chosen.stdout);
    // What a push over a network without a delay cannot be other than 0 varies by nothing.
    let certain = compare(&[&one, "--points", "0", "--transports", "socket, 1", "--metrics", "latency_mean_s"]).stdout;
    assert!(certain.contains(" ± ") && !certain.contains('–'), "{certain}");
    // That all messages arrive is what was seen, and no more.
    let all = compare(&[&one, "--points", "0", "--transports", "socket, 1", "--metrics", "arrived_fraction"]).stdout;
    assert!(all.contains("socket, 1 has 100 % in every replication"), "{all}");
    assert!(compare(&[&one, "--format", "csv"]).stdout.lines().any(|row| row.starts_with("3,35,")));
    for wrong in [["--points", "9"], ["--transports", "socket"], ["--points", "clients=21"], ["--metrics", "arived"]] {
        let output = compare(&[&[one.as_str()][..], &wrong].concat());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong:?}: {}", output.stderr);
    }
    // Nothing is said of a metric without a look at its values.
    let only = compare(&[&one, "--transports", "short polling", "--metrics", "wire_bytes_per_s"]);
    assert!(only.code == 2 && only.stderr.contains("`short polling` is the baseline; name another"), "{}", only.stderr);
    assert!(!only.stderr.contains("empty without"), "{}", only.stderr);
    let near = compare(&[&one, "--baseline", "short poling"]).stderr;
    assert!(near.contains("did you mean `short polling`?") && near.contains("`socket, 1`"), "{near}");

    // With the same seed the replications that both have are pairs.
    let more = out("more", &["--replications", "6"]);
    let output = compare(&[&one, &more]).stdout;
    assert!(output.contains("4 replications against 6: the first 4 are compared in pairs"), "{output}");
    assert!(output.contains("short polling: ") && output.contains("more/study against "), "{output}");
}
