//! The table of the guide's page on a fair comparison: what each setting changes on the way from `tutorial-2010.toml` to
//! `today.toml`.

use std::fs;
use std::path::Path;

use super::shipped::measure;
use cometsim::experiment::Experiment;
use cometsim::model::Metric;

/// The settings that each row adds to those before.
const STEPS: [&[&str]; 7] = [
    &[],
    &[
        "network.up={ lognormal = { median = \"40 ms\", sigma = 0.5 } }",
        "network.down={ lognormal = { median = \"40 ms\", sigma = 0.5 } }",
    ],
    &["server.check=notify", "server.hold=40 s"],
    &["http.http2={}", "transport.WebSocket.http2=off"],
    &["network.wire={}"],
    &["network.wire={ tls = { server = \"3 kB\" } }"],
    &["transport.\"server-sent events\".keep_alive=30 s", "transport.WebSocket.keep_alive=30 s"],
];
/// The first rows count the bytes of HTTP, the others those on the wire.
const ROWS_OF_HTTP: usize = 4;

/// The numbers in each row of the table, without its first column.
fn table(page: &str) -> Vec<Vec<f64>> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| setting |")).skip(2);
    let numbers = |row: &str| -> Vec<f64> {
        row.split('|').skip(2).filter_map(|cell| cell.trim().trim_end_matches(" s").parse().ok()).collect()
    };
    rows.take_while(|line| line.starts_with('|')).map(numbers).collect()
}

/// The bytes of each transport as a multiple of those of the last one, and the mean latency of long polling.
fn measured(settings: &[String], bytes: Metric) -> Vec<f64> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/tutorial-2010.toml");
    let experiment = Experiment::load(&file, settings).unwrap_or_else(|errors| panic!("{errors}"));
    let found: Vec<[f64; 2]> =
        experiment.scenarios(0).iter().map(|scenario| measure(scenario, [bytes, Metric::LatencyMean])).collect();
    let [short, long, events, websocket] = found[..] else { panic!("{found:?}") };
    vec![short[0] / websocket[0], long[0] / websocket[0], events[0] / websocket[0], long[1]]
}

#[test]
fn each_setting_changes_what_the_table_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/fair_comparison.md");
    let table = table(&fs::read_to_string(page).unwrap());
    assert_eq!(table.len(), STEPS.len());
    let mut settings: Vec<String> = Vec::new();
    for (place, (row, step)) in table.iter().zip(STEPS).enumerate() {
        settings.extend(step.iter().map(|&setting| setting.to_owned()));
        let bytes = if place < ROWS_OF_HTTP { Metric::HttpBytesPerSecond } else { Metric::WireBytesPerSecond };
        let found = measured(&settings, bytes);
        // The table is the mean of ten replications, rounded; this is the first of them.
        let is_near = |(found, written): (&f64, &f64)| (found / written - 1.0).abs() < 0.03;
        assert!(row.len() == 4 && found.iter().zip(row).all(is_near), "row {place}: {row:?}, measured {found:?}");
    }
}
