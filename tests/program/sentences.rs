//! What the sentence says of transports that differ, that are alike, and that cannot be told apart; and how it names them.

use std::fs;

use crate::program::{Output, Scratch};

/// A small experiment with other tables.
fn experiment(replications: u32, rest: &str) -> String {
    format!(
        "[experiment]\nseed = 6\nreplications = {replications}\nwarmup = \"60 s\"\nduration = \"60 s\"\nbin = \"20 s\"\n\
         accept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\", \"messages-pending\"]\n\
         [clients]\ncount = 10\n[source]\npoisson = {{ rate = \"0.2 /s\" }}\npayload = \"20 B\"\n{rest}\n"
    )
}

fn run(scratch: &Scratch, text: &str) -> Output {
    let file = scratch.file("x.toml", text);
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--fresh"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    output
}

/// Standard output without line breaks.
fn flowing(output: &Output) -> String {
    output.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

const LONG: &str = "[[transport]]\nname = \"long\"\nlong_poll = { check = \"notify\" }\n";

#[test]
fn as_many_is_said_only_of_what_is_shown_to_be_so() {
    let scratch = Scratch::new();
    // Two replications of a few messages: 0.89 kB of each, with an interval of a fifth.
    let poll = "[[transport]]\nname = \"poll\"\nshort_poll = { interval = \"5 s\" }\n";
    let adaptive = "[[transport]]\nname = \"adaptive\"\nadaptive_poll = { min = \"1 s\", max = \"10 s\" }\n";
    let based = |text: String| text.replace("[experiment]\n", "[experiment]\nbaseline = \"long\"\n");
    let said = flowing(&run(&scratch, &based(experiment(2, &format!("{LONG}{adaptive}{poll}")))));
    assert!(said.contains("Against long, adaptive sends ") && !said.contains("as many"), "{said}");
    assert!(said.contains("; poll cannot be told apart from long by them;"), "{said}");
    let said = flowing(&run(&scratch, &based(experiment(2, &format!("{LONG}{poll}")))));
    assert!(said.contains("poll cannot be told apart from long by the bytes for each message;"), "{said}");
    // The same under another name sends as many, whatever the interval.
    let twin = LONG.replace("\"long\"", "\"twin\"");
    let said = flowing(&run(&scratch, &based(experiment(2, &format!("{LONG}{twin}")))));
    assert!(said.contains("Against long, twin sends as many bytes for each message; all are as fast"), "{said}");
    let said = flowing(&run(&scratch, &experiment(2, &format!("{LONG}{twin}"))));
    assert!(said.contains("long and twin send as many bytes for each message; all are as fast"), "{said}");
    let said = flowing(&run(&scratch, &experiment(1, &format!("{LONG}{twin}"))));
    assert!(said.contains("send as many bytes") && said.contains("One replication gives no intervals."), "{said}");
}

#[test]
fn as_fast_is_said_only_of_what_is_shown_to_be_so() {
    let scratch = Scratch::new();
    let checked = |name: &str, every: &str, count: u32| {
        format!(
            "[[transport]]\nname = \"{name}\"\nlong_poll = {{ check = {{ every = \"{every}\", count = {count} }} }}\n"
        )
    };
    // Delays of 1 s on average hide that one server looks every 0.1 s, and the other one every 0.11 s.
    let slow = "[network]\ndown = { exponential = \"1 s\" }\n";
    let rest = format!("{}{}{slow}", checked("A", "0.1 s", 100), checked("B", "0.11 s", 90));
    let long = |text: String| text.replace("duration = \"60 s\"", "duration = \"5 min\"");
    let said = flowing(&run(&scratch, &long(experiment(5, &rest))));
    assert!(said.contains("the latencies cannot be told apart: with ") && !said.contains("as fast"), "{said}");
    // What differs in the pairs is told apart, though the intervals of the percentiles overlap.
    let push = "[[transport]]\nname = \"C\"\nwebsocket = {}\n";
    let rest = format!("{}{push}{slow}", checked("A", "0.1 s", 100));
    let said = flowing(&run(&scratch, &long(experiment(5, &rest))));
    assert!(said.contains("it is also the fastest: 95 % of the messages"), "{said}");
    let table = fs::read_to_string(scratch.path("out/x/summary_long.csv")).unwrap();
    let late: Vec<Vec<&str>> =
        table.lines().filter(|row| row.contains(",latency_p95_s,")).map(|row| row.split(',').collect()).collect();
    let end = |row: usize, column: usize| late[row][column].parse::<f64>().unwrap();
    assert!(late.len() == 2 && end(0, 6) < end(1, 7), "{late:?}");
}

#[test]
fn a_swept_key_belongs_to_a_transport_of_any_name() {
    let scratch = Scratch::new();
    for name in ["a \"b\" c", "it's", "v1.0", "=, 长"] {
        let quoted = serde_json::to_string(name).unwrap();
        let path = match name.contains('"') {
            true => format!("transport.'{name}'.interval"),
            false => format!("transport.\"{name}\".interval"),
        };
        let text = experiment(
            2,
            &format!(
                "[[transport]]\nname = {quoted}\nshort_poll = {{ interval = \"5 s\" }}\n{LONG}[sweep]\n{} = [\"2 s\", \"4 s\"]\n",
                serde_json::to_string(&path).unwrap()
            ),
        );
        let output = run(&scratch, &text);
        // Points are variants of the transport, and the other one has one row.
        assert!(flowing(&output).contains(&format!("{name}, polling interval = 2 s")), "{}", output.stdout);
        let rows = output.stdout.lines().filter(|line| line.starts_with("long  ")).count();
        assert_eq!(rows, 1, "{}", output.stdout);
        assert!(!output.stdout.contains("transport."), "{}", output.stdout);
    }
}

#[test]
fn a_swept_word_that_looks_like_a_number_is_a_word() {
    let scratch = Scratch::new();
    let transport = |name: &str| format!("[[transport]]\nname = \"{name}\"\nshort_poll = {{ interval = \"1 s\" }}\n");
    let mix = "[[population]]\nname = \"a\"\nshare = \"50 %\"\ntransport = \"nan\"\n[[population]]\nname = \"b\"\n\
               transport = \"nan\"\n[sweep]\n\"population.a.transport\" = [\"nan\", \"1e3\"]\n\
               [[chart]]\nname = \"traffic\"\nkind = \"line\"\n";
    let text = experiment(2, &format!("{}{}{mix}", transport("nan"), transport("1e3")));
    let output = run(&scratch, &text);
    for point in ["population.a.transport = nan", "population.a.transport = 1e3"] {
        assert!(output.stdout.contains(point), "{}", output.stdout);
    }
    let json = scratch.cometsim(&["show", "--format", "json", &scratch.path("out/x")]).stdout;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let words: Vec<&serde_json::Value> =
        document["rows"].as_array().unwrap().iter().flat_map(|row| row["keys"].as_object().unwrap().values()).collect();
    assert!(words.iter().all(|word| word.is_string()), "{words:?}");
    let chart = fs::read_to_string(scratch.path("out/x/charts/traffic.svg")).unwrap();
    assert!(chart.contains("aria-label=\"nan\""), "the axis has the word");
}

#[test]
fn the_table_of_a_quick_run_says_so_in_every_row() {
    let scratch = Scratch::new();
    let file = scratch.file("x.toml", &experiment(2, LONG));
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quick"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let show = |format: &str| scratch.cometsim(&["show", "--format", format, &scratch.path("out/x")]).stdout;
    let csv = show("csv");
    let long = fs::read_to_string(scratch.path("out/x/summary_long.csv")).unwrap();
    assert_eq!(csv.lines().next(), long.lines().next(), "the columns of summary_long.csv");
    assert!(csv.lines().skip(1).all(|row| long.contains(row)), "{csv}");
}
