//! Searches: what is said of their answers, of claims about their points, and of the answers that they replace.

use std::fs;

use cometsim::report::CsvTable;

use crate::program::{Output, Scratch};

/// A small experiment with these transports and other tables.
fn experiment(clients: u32, rest: &str) -> String {
    format!(
        "[experiment]\nreplications = 3\nmax_replications = 3\nwarmup = \"60 s\"\nduration = \"60 s\"\nbin = \"20 s\"\n\
         accept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\", \"messages-pending\"]\n\
         [clients]\ncount = {clients}\n[source]\npoisson = {{ rate = \"0.1 /s\" }}\npayload = \"20 B\"\n{rest}\n"
    )
}

const POLL: &str = "[[transport]]\nname = \"poll\"\nshort_poll = { interval = \"2 s\" }\n";
const PUSH: &str = "[[transport]]\nname = \"push\"\nwebsocket = {}\n";

fn run(scratch: &Scratch, text: &str) -> Output {
    let file = scratch.file("x.toml", text);
    scratch.cometsim(&["run", &file, "--out", &scratch.path("out")])
}

/// What the text columns of a table have in every row, without the header.
fn column(scratch: &Scratch, table: &str, name: &str) -> Vec<String> {
    let table = CsvTable::parse(&fs::read_to_string(scratch.path(&format!("out/x/{table}"))).unwrap()).unwrap();
    let column = table.column(name).unwrap();
    table.texts(column).map(str::to_owned).collect()
}

/// Standard output without line breaks.
fn flowing(output: &Output) -> String {
    output.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_claim_about_an_end_of_the_range_is_judged_there() {
    let scratch = Scratch::new();
    let claim = |text: &str, at: &str, is: &str| {
        format!("[[claim]]\ntext = \"{text}\"\nmetric = \"http_bytes_per_s\"\nof = \"poll\"\n{at}\nis = \"{is}\"\n")
    };
    let claims = [
        claim("many need more", "at = { \"clients.count\" = 400 }", "> 150 kB/s"),
        claim("few need less", "at = { clients.count = 10 }", "< 5 kB/s"),
        claim("all need little", "", "< 1 MB/s"),
        claim("even few need much", "at = { \"clients.count\" = 10 }", "> 150 kB/s"),
    ];
    let search = "[search]\nkey = \"clients.count\"\nrange = [10, 400]\ntarget = \"http_bytes_per_s <= 50 kB/s\"\n\
                  transport = \"poll\"\n";
    let text = experiment(20, &format!("{PUSH}{POLL}{search}{}", claims.concat()));
    let output = run(&scratch, &text);
    assert_eq!(output.code, 4, "{}{}", output.stdout, output.stderr);
    assert_eq!(column(&scratch, "claims.csv", "verdict"), ["holds", "holds", "holds", "fails"]);
    let measured: Vec<f64> =
        column(&scratch, "claims.csv", "measured").iter().map(|number| number.parse().unwrap()).collect();
    assert!((30.0..=50.0).contains(&(measured[0] / measured[1])), "400 clients and 10: {measured:?}");
    // Another title draws again, and keeps the verdicts; other claims are judged by what is there.
    let before = fs::read(scratch.path("out/x/claims.csv")).unwrap();
    let titled = text.replace("[experiment]\n", "[experiment]\ntitle = \"Other\"\n");
    assert_eq!(run(&scratch, &titled).code, 4);
    assert_eq!(fs::read(scratch.path("out/x/claims.csv")).unwrap(), before);
    assert_eq!(run(&scratch, &text.replace("> 150 kB/s", "> 160 kB/s")).code, 4);
    assert_eq!(column(&scratch, "claims.csv", "verdict"), ["holds", "holds", "holds", "fails"]);
}

#[test]
fn a_claim_of_a_search_is_about_the_values_that_were_tried_with_its_transports() {
    let scratch = Scratch::new();
    // The answers differ, so that each transport has points of its own.
    let claim = "[[claim]]\ntext = \"it arrives\"\nmetric = \"http_bytes_per_s\"\nof = \"push\"\nis = \"< 1 MB/s\"\n";
    let search = "[search]\nkey = \"clients.count\"\nrange = [10, 400]\ntarget = \"http_bytes_per_s <= 500 B/s\"\n";
    let output = run(&scratch, &experiment(20, &format!("{PUSH}{POLL}{search}{claim}")));
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    assert_eq!(column(&scratch, "claims.csv", "verdict"), ["holds"]);
}

#[test]
fn two_transports_are_equal_for_the_population_that_is_named_even_without_intervals() {
    let scratch = Scratch::new();
    // One client has too few messages for an interval. The others wait 10 s for each.
    let mix = "[[population]]\nname = \"near\"\ncount = 1\n[[population]]\nname = \"far\"\nnetwork.down = { constant = \
               \"10 s\" }\n";
    let search = "[search]\nkey = \"transport.poll.interval\"\nrange = [\"0.1 s\", \"100 s\"]\nequal = \
                  [\"latency_mean_s\", \"poll\", \"push\"]\npopulation = \"near\"\n";
    let output = run(&scratch, &experiment(100, &format!("{POLL}{PUSH}{mix}{search}")));
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(column(&scratch, "search.csv", "found"), ["everywhere"], "{}", output.stdout);
    assert!(flowing(&output).contains("of population near is at least as high with poll as with push everywhere"));
}

#[test]
fn where_nothing_arrives_nothing_is_lower_and_a_target_says_why_it_is_not_met() {
    let scratch = Scratch::new();
    let silent = |search: &str| {
        let text = experiment(
            20,
            &format!("{POLL}{PUSH}[search]\nkey = \"transport.poll.interval\"\nrange = [\"1 s\", \"100 s\"]\n{search}"),
        );
        text.replace("0.1 /s", "0.00000001 /s").replace("accept = [", "accept = [\"nothing-created\", ")
    };
    let output = run(&scratch, &silent("equal = [\"latency_mean_s\", \"poll\", \"push\"]"));
    let said = flowing(&output);
    assert!(
        said.contains("poll and push cannot be compared in latency_mean_s") && !said.contains("is lower"),
        "{said}"
    );
    assert!(said.contains("no value with poll at polling interval of poll = 1 s, as no message arrived"), "{said}");
    assert_eq!(column(&scratch, "search.csv", "found"), ["no value"]);
    fs::remove_dir_all(scratch.path("out")).unwrap();
    for target in ["latency_p95_s <= 1 s", "latency_mean_s > 1 s"] {
        let output = run(&scratch, &silent(&format!("target = \"{target}\"")));
        let said = flowing(&output);
        assert!(said.contains(&format!("poll: {target} is met nowhere between")), "{said}");
        assert!(said.contains(": no value, as no message arrived."), "{said}");
        assert_eq!(column(&scratch, "search.csv", "found"), ["no value", "no value"]);
    }
}

#[test]
fn a_search_for_a_limit_that_all_values_equal_depends_on_its_sign() {
    let scratch = Scratch::new();
    let link = "[network]\ndown = { constant = \"1 s\" }\n";
    for (target, found) in [
        ("latency_p95_s <= 1 s", "everywhere"),
        ("latency_p95_s < 1 s", "nowhere"),
        ("latency_p95_s >= 1 s", "everywhere"),
        ("latency_p95_s > 1 s", "nowhere"),
        ("latency_p95_s > 999 ms", "everywhere"),
        ("latency_p95_s < 1001 ms", "everywhere"),
        ("latency_mean_s < 1 s", "nowhere"),
        ("latency_mean_s <= 1 s", "everywhere"),
        ("latency_mean_s > 1 s", "nowhere"),
        ("latency_mean_s >= 1 s", "everywhere"),
    ] {
        let search = format!("[search]\nkey = \"clients.count\"\nrange = [50, 200]\ntarget = \"{target}\"\n");
        let output = run(&scratch, &experiment(20, &format!("{PUSH}{link}{search}")));
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(column(&scratch, "search.csv", "found"), [found], "{target}");
    }
}

#[test]
fn names_in_the_answers_are_marked_as_in_all_tables() {
    let scratch = Scratch::new();
    let search = "[search]\nkey = \"clients.count\"\nrange = [10, 50]\ntarget = \"http_bytes_per_s <= 20 kB/s\"\n";
    let text = experiment(20, &format!("{}{search}", POLL.replace("\"poll\"", "\"-5\"")));
    assert_eq!(run(&scratch, &text).code, 0);
    for table in ["search.csv", "summary.csv"] {
        let text = fs::read_to_string(scratch.path(&format!("out/x/{table}"))).unwrap();
        assert!(text.contains("'-5,"), "{table}: {text}");
    }
}

#[test]
fn another_search_in_a_folder_says_which_answer_it_replaces() {
    let scratch = Scratch::new();
    let text = |target: &str, range: &str| {
        let search = format!("[search]\nkey = \"clients.count\"\nrange = {range}\ntarget = \"{target}\"\n");
        experiment(20, &format!("{POLL}{PUSH}{search}"))
    };
    let first = run(&scratch, &text("http_bytes_per_s <= 20 kB/s", "[10, 50]"));
    assert!(first.code == 0 && !first.stderr.contains("replaced"), "{}", first.stderr);
    let other = run(&scratch, &text("http_bytes_per_s <= 10 kB/s", "[10, 50]"));
    assert_eq!(other.code, 0, "{}", other.stderr);
    let said = "the answer to another search is replaced (http_bytes_per_s <= 20 kB/s, clients.count from 10 to 50, with \
                poll and push)";
    assert!(other.stderr.contains(said), "{}", other.stderr);
    // The ends of the range are points like those of a sweep.
    let wider = run(&scratch, &text("http_bytes_per_s <= 10 kB/s", "[10, 60]"));
    assert!(
        wider.code == 2 && wider.stderr.contains("search.range: [10, 50] there, [10, 60] here"),
        "{}",
        wider.stderr
    );
    let again = run(&scratch, &text("http_bytes_per_s <= 10 kB/s", "[10, 50]"));
    assert!(again.code == 0 && !again.stderr.contains("replaced"), "{}", again.stderr);
}
