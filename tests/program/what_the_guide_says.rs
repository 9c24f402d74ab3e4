//! Sentences of the guide about columns and starts, measured.

#![allow(clippy::pedantic)]

use std::collections::BTreeMap;

use crate::program::{Scratch, read_rows, run_to};

type Row = BTreeMap<String, String>;

/// Rows of a table of one run.
fn rows(text: &str, table: &str) -> Vec<Row> {
    let scratch = Scratch::new();
    let chart = "[[chart]]\nname = \"c\"\nkind = \"cdf\"\n";
    let file = scratch.file("guide.toml", &format!("{text}\n{chart}"));
    read_rows(&run_to(&scratch, &file, "out", &[]).join(table))
}

fn header(warmup: &str, duration: &str, count: u32) -> String {
    format!(
        "experiment = {{ replications = 2, warmup = \"{warmup}\", duration = \"{duration}\" }}\nclients.count = {count}\n"
    )
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row[column]))
}

/// A capacity is a number of Mbit/s in the tables, whatever unit it has in the file.
#[test]
fn a_swept_capacity_is_in_megabits() {
    let text = header("5 s", "20 s", 2)
        + "transport = [{ name = \"t\", long_poll = {} }]\n[sweep]\n\"network.server_link\" = [\"500 kbit/s\", \"1 Gbit/s\", \"off\"]\n";
    let cells: Vec<String> =
        rows(&text, "summary.csv").iter().map(|row| row["network_server_link_mbit_per_s"].clone()).collect();
    assert_eq!(cells, ["0.5", "1000", "off"]);
}

/// Where clients only come, none leaves; where all are there from the start, both columns are empty.
#[test]
fn columns_of_clients_that_come_and_go() {
    let run = |keys: &str| {
        let text = header("5 s", "20 s", 3) + keys + "\ntransport = [{ name = \"t\", long_poll = {} }]\n";
        let row = rows(&text, "summary.csv").remove(0);
        ["clients_online_mean", "clients_left"].map(|column| row.get(column).cloned().unwrap_or_default())
    };
    assert_eq!(run(""), ["", ""]);
    assert_eq!(run("clients.crowd = { at = \"6 s\", count = 4 }")[1], "0");
    assert_ne!(run("clients.crowd = { at = \"6 s\", count = 4 }")[0], "");
    assert_ne!(run("clients.session.constant = \"15 s\"\nclients.start_within = \"1 s\"")[1], "0");
}

/// `point` counts the combinations from 0, the first swept key slowest.
#[test]
fn points_are_counted_from_0() {
    let sweep = "[sweep]\n\"clients.count\" = [2, 3]\n\"source.payload\" = [\"1 B\", \"2 B\"]\n";
    let text = |sweep: &str| header("5 s", "10 s", 1) + "transport = [{ name = \"t\", long_poll = {} }]\n" + sweep;
    let points = |text: &str| -> Vec<[String; 3]> {
        let cells = |row: &Row| {
            ["point", "clients_count", "source_payload_B"].map(|name| row.get(name).cloned().unwrap_or_default())
        };
        rows(text, "summary.csv").iter().map(cells).collect()
    };
    assert_eq!(points(&text(sweep)), [["0", "2", "1"], ["1", "2", "2"], ["2", "3", "1"], ["3", "3", "2"]]);
    assert_eq!(points(&text("")), [["0", "", ""]]);
}

/// Connections that the proxy cuts for being idle are no gateway timeouts.
#[test]
fn cut_connections_are_no_gateway_timeouts() {
    let run = |keys: &str| {
        let text = header("5 s", "60 s", 1)
            + keys
            + "\nclients.on_error = { retry = {} }\nsource.poisson.rate = \"1 /h\"\ntransport = [{ name = \"t\", sse = {} }]\n";
        rows(&text, "summary.csv").remove(0)
    };
    let cut = run("proxy.idle_timeout = \"5 s\"");
    assert!(!cut.contains_key("gateway_timeouts"));
    assert!(number(&cut, "connections_cut") > 4.0);
    let read = run("proxy.read_timeout = \"5 s\"");
    assert_eq!(read["gateway_timeouts"], "0");
    assert!(!read.contains_key("connections_cut"));
}

/// First requests: within the hold of the server for what is pushed, `recycle_after` where there is one, `min` for adaptive
/// polls, a hold for a long poll, an interval for a short one; with `start_within` all but short polls start together.
#[test]
fn first_requests_leave_in_the_time_that_the_guide_says() {
    let transports = "\
        [[transport]]\nname = \"push\"\nwebsocket = {}\n\
        [[transport]]\nname = \"recycled\"\nsse = { recycle_after = \"12 s\" }\n\
        [[transport]]\nname = \"adaptive\"\nadaptive_poll = { min = \"6 s\", factor = 100, max = \"10 min\" }\n\
        [[transport]]\nname = \"held\"\nlong_poll = { check = { every = \"1 s\", count = 20 } }\n\
        [[transport]]\nname = \"short\"\nshort_poll = { interval = \"30 s\" }\n";
    let starts = |keys: &str| -> BTreeMap<String, Vec<f64>> {
        let text = header("1 s", "60 s", 400)
            + "source = { periodic = { every = \"1 d\" }, phase = \"1 h\" }\nexperiment.bin = \"2 s\"\n"
            + keys
            + "\n"
            + transports;
        let text =
            text.replace("experiment = {", "experiment = { bin = \"2 s\",").replace("experiment.bin = \"2 s\"\n", "");
        let mut by_transport: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for row in rows(&text, "timeline.csv") {
            by_transport.entry(row["transport"].clone()).or_default().push(2.0 * number(&row, "requests_per_s"));
        }
        by_transport
    };
    // In how many bins of 2 s the 400 first requests leave; evenly.
    let spread = |requests: &[f64]| -> usize {
        let sums = requests.iter().scan(0.0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        let bins = 1 + sums.take_while(|sum| *sum < 399.5).count();
        let seen: f64 = requests[..bins].iter().sum();
        assert!((seen - 400.0).abs() < 1e-6, "{requests:?}");
        assert!(
            requests[..bins]
                .iter()
                .all(|count| (count - 400.0 / bins as f64).abs() < 6.0 * (400.0 / bins as f64).sqrt())
        );
        bins
    };
    let usual = starts("");
    let bins: Vec<usize> = ["push", "recycled", "adaptive", "held", "short"].map(|name| spread(&usual[name])).to_vec();
    assert_eq!(bins, [20, 6, 3, 10, 15]);
    let together = starts("clients.start_within = \"10 s\"");
    for name in ["push", "recycled", "adaptive", "held"] {
        assert_eq!(together[name][..5], together["push"][..5], "{name}");
        assert_eq!(spread(&together[name]), 5, "{name}");
    }
    assert_eq!(spread(&together["short"]), 15);
}

/// Another share moves clients between populations: the messages of all together are the same.
#[test]
fn a_share_changes_no_message_of_all_clients() {
    let text = header("5 s", "5 min", 40)
        + "source.poisson.rate = \"2 /min\"\ntransport = [{ name = \"t\", long_poll = {} }]\n\
           [[population]]\nname = \"a\"\nshare = \"50 %\"\ntimeout = \"70 s\"\n[[population]]\nname = \"b\"\n\
           [sweep]\n\"population.a.share\" = { from = \"10 %\", to = \"90 %\", steps = 3 }\n";
    let created: Vec<String> = rows(&text, "summary.csv").iter().map(|row| row["messages_created"].clone()).collect();
    assert_eq!(created.len(), 3);
    assert!(number(&rows(&text, "summary.csv")[0], "messages_created") > 100.0);
    assert!(created.iter().all(|count| *count == created[0]), "{created:?}");
}
