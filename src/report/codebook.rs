//! `columns.csv`: what each column of each table is.

use super::cells::{csv_text, word};
use super::table::said;
use super::tables::{
    CLAIMS, COLUMNS, COMPARISON, LATENCY_CDF, POPULATIONS, REPLICATIONS, SEARCH, SUMMARY_LONG, TIMELINE, TextFile,
};
use crate::experiment::Experiment;
use crate::experiment::chart::{SweptKey, metric_of};
use crate::model::Metric;
use crate::model::metric::{Aggregation, LEAST, LEAST_ABOVE_QUANTILE, LEAST_DURATIONS};

/// The columns of the codebook.
const HEADER: [&str; 6] = ["file", "column", "unit", "meaning", "estimate", "interval"];
/// In place of a file: all tables.
const ALL: &str = "";
const MEAN_OF_RUNS: &str = "Mean over the replications.";
const POOLED: &str = "From all latencies of all replications together.";

const PAIRED: &str = "Jackknife of the pairs of replications with the same number. Empty where an estimate has none.";
const CROSSING: &str = "The values at which the limit lies within the interval of the metric. Empty beyond the range.";
const CLAIMED: &str = "As the metric; of two transports the jackknife of the pairs of replications.";

/// The columns that are neither metrics nor swept keys: table, column, unit, meaning, how it is estimated, how its
/// interval is made. The row of a table comes before the row of all tables.
pub(super) const ROWS: &[[&str; 6]] = &[
    [
        ALL,
        "point",
        "",
        "Number of the combination of swept values, from 0; of a row that holds for several points the first of them.",
        "",
        "",
    ],
    [ALL, "transport", "", "Name of the transport.", "", ""],
    [ALL, "replications", "", "Number of replications.", "", ""],
    [ALL, "duration_s", "s", "Length of the measured window.", "", ""],
    [ALL, "warmup_s", "s", "Simulated time before the measured window.", "", ""],
    [ALL, "seed", "", "Root of all random streams.", "", ""],
    [ALL, "quick", "", "true: a smoke run, not for publication.", "", ""],
    [POPULATIONS, "population", "", "Name of the population.", "", ""],
    [POPULATIONS, "clients", "", "Number of clients of the population.", "", ""],
    [REPLICATIONS, "replication", "", "Number of the replication, from 0.", "", ""],
    [REPLICATIONS, "fingerprint", "", "Digest of all that was counted in the replication.", "", ""],
    [LATENCY_CDF, "latency_s", "s", "Time from the creation of a message to its delivery.", POOLED, ""],
    [LATENCY_CDF, "fraction", "", "Fraction of the delivered messages that took at most as long.", POOLED, ""],
    [
        TIMELINE,
        "time_s",
        "s",
        "Begin of the time bin since the start of the run; the warm-up ends at warmup_s.",
        "",
        "",
    ],
    [TIMELINE, "requests_per_s", "1/s", "Requests that clients send in the bin.", MEAN_OF_RUNS, ""],
    [
        TIMELINE,
        "http_mbit_per_s",
        "Mbit/s",
        "HTTP bits sent in the bin, both ways, per second / 10^6.",
        MEAN_OF_RUNS,
        "",
    ],
    [TIMELINE, "held_requests", "", "Mean number of requests at the server in the bin.", MEAN_OF_RUNS, ""],
    [TIMELINE, "messages_delivered_per_s", "1/s", "Messages delivered in the bin.", MEAN_OF_RUNS, ""],
    [SUMMARY_LONG, "population", "", "Name of the population of a mix; empty for all clients together.", "", ""],
    [SUMMARY_LONG, "metric", "", "Name of the metric: its column in summary.csv.", "", ""],
    [SUMMARY_LONG, "unit", "", "Unit of the values in this row.", "", ""],
    [
        SUMMARY_LONG,
        "estimate",
        "",
        "Value of the metric over all replications.",
        "As the column of the metric in summary.csv.",
        "",
    ],
    [
        SUMMARY_LONG,
        "low95",
        "",
        "Lower end of the 95 % confidence interval.",
        "",
        "As the column of the metric in summary.csv; empty where no interval would hold.",
    ],
    [
        SUMMARY_LONG,
        "high95",
        "",
        "Upper end of the 95 % confidence interval.",
        "",
        "As the column of the metric in summary.csv; empty where no interval would hold.",
    ],
    [SUMMARY_LONG, "samples", "", "Number of replications with a sample.", "", ""],
    [SUMMARY_LONG, "theory", "", "Closed form of the metric in the steady state, where it is known.", "", ""],
    [SEARCH, "transport", "", "Name of the transport; of two that are compared the first.", "", ""],
    [SEARCH, "key", "", "Dotted path of the key that is searched.", "", ""],
    [SEARCH, "target", "", "What is sought.", "", ""],
    [
        SEARCH,
        "answer",
        "",
        "The last value of the key that meets the target, or the first one; of two transports where the difference \
         changes its sign. In the unit of the key's column in summary.csv.",
        "Bisection over the range, with the estimate of the metric at each value.",
        "",
    ],
    [SEARCH, "low95", "", "Lower end of the 95 % confidence interval of the answer.", "", CROSSING],
    [SEARCH, "high95", "", "Upper end of the 95 % confidence interval of the answer.", "", CROSSING],
    [
        SEARCH,
        "found",
        "",
        "yes; nowhere or everywhere: the target is met at no value tried, or at all; not monotone: it is met, missed and \
         met again.",
        "",
        "",
    ],
    [COMPARISON, "baseline", "", "Name of the transport that the other one is compared with.", "", ""],
    [COMPARISON, "metric", "", "Name of the metric: its column in summary.csv.", "", ""],
    [
        COMPARISON,
        "difference",
        "",
        "The metric of the transport minus that of the baseline, in the unit of the metric.",
        "Of the estimates in summary.csv.",
        "",
    ],
    [COMPARISON, "difference_low95", "", "Lower end of the 95 % confidence interval of the difference.", "", PAIRED],
    [COMPARISON, "difference_high95", "", "Upper end of the 95 % confidence interval of the difference.", "", PAIRED],
    [
        COMPARISON,
        "ratio",
        "",
        "The metric of the transport / that of the baseline; empty unless both have one sign in every replication.",
        "Of the estimates in summary.csv.",
        "",
    ],
    [COMPARISON, "ratio_low95", "", "Lower end of the 95 % confidence interval of the ratio.", "", PAIRED],
    [COMPARISON, "ratio_high95", "", "Upper end of the 95 % confidence interval of the ratio.", "", PAIRED],
    [
        COMPARISON,
        "p_value",
        "",
        "Two-sided p-value of no difference, after Holm's correction over all rows of the table.",
        "Student's t of the paired difference.",
        "",
    ],
    [COMPARISON, "significant", "", "true: the p-value is below 0.05.", "", ""],
    [CLAIMS, "text", "", "The claim in words.", "", ""],
    [
        CLAIMS,
        "measured",
        "",
        "The value that decides, in the unit of the metric: at the point where the claim holds least.",
        "As the metric, or the paired ratio or difference of two transports.",
        "",
    ],
    [CLAIMS, "low95", "", "Lower end of the 95 % confidence interval.", "", CLAIMED],
    [CLAIMS, "high95", "", "Upper end of the 95 % confidence interval.", "", CLAIMED],
    [
        CLAIMS,
        "verdict",
        "",
        "holds or fails: the whole interval lies on one side; cannot be told: it contains the limit.",
        "",
        "",
    ],
    [COLUMNS, "file", "", "Name of the table.", "", ""],
    [COLUMNS, "column", "", "Name of the column.", "", ""],
    [COLUMNS, "unit", "", "Unit of its numbers; empty for plain numbers and words.", "", ""],
    [COLUMNS, "meaning", "", "What it is.", "", ""],
    [COLUMNS, "estimate", "", "How one value is made of several replications.", "", ""],
    [COLUMNS, "interval", "", "How its 95 % confidence interval is made, and when there is none.", "", ""],
];

/// The codebook of these tables, and of itself.
///
/// # Errors
/// If a table is no CSV, or a row cannot be written, neither of which happens in memory.
pub(super) fn columns_csv(experiment: &Experiment, tables: &[TextFile]) -> Result<String, csv::Error> {
    let quick = if experiment.quick() { Some("quick") } else { None };
    let mut rows = Vec::new();
    for (file, text) in tables {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        rows.extend(reader.headers()?.iter().map(|column| row(experiment, file, said(column))));
    }
    rows.extend(HEADER.into_iter().chain(quick).map(|column| row(experiment, COLUMNS, column)));
    let header: Vec<String> = HEADER.into_iter().chain(quick).map(str::to_owned).collect();
    csv_text(
        &header,
        rows.into_iter().map(|cells| cells.into_iter().chain(quick.and(Some("true".to_owned()))).collect()),
    )
}

/// The row of a column of a table.
fn row(experiment: &Experiment, file: &str, column: &str) -> [String; 6] {
    let [unit, meaning, estimate, interval] = described(experiment, file, column);
    [file.to_owned(), column.to_owned(), unit, meaning, estimate, interval].map(|text| word(&text))
}

fn described(experiment: &Experiment, file: &str, column: &str) -> [String; 4] {
    let find = |file: &str| ROWS.iter().find(|row| row[..2] == [file, column]);
    if let Some([_, _, texts @ ..]) = find(file).or_else(|| find(ALL)) {
        return texts.map(str::to_owned);
    }
    if let Some(key) = experiment.swept().iter().find(|key| key.column == column) {
        return of_key(key);
    }
    match metric_of(column) {
        Some((metric, _)) if file == REPLICATIONS => {
            [metric.unit().to_owned(), plain(metric.doc()), "The value of one replication.".to_owned(), String::new()]
        }
        Some((metric, ending)) => of_metric(metric, ending),
        None => Default::default(),
    }
}

fn of_key(key: &SweptKey) -> [String; 4] {
    let unit = match key.unit {
        Some("/s") if key.column.ends_with("_per_s") => "1/s",
        Some(unit @ ("s" | "B" | "Mbit/s")) if ["_s", "_B"].iter().any(|end| key.column.ends_with(end)) => unit,
        _ => "",
    };
    let path = &key.path;
    let meaning = match key.doc {
        "" => format!("The swept table {path}."),
        doc => format!("The swept key {path}. {}", plain(doc)),
    };
    [unit.to_owned(), format!("{meaning} Empty in a row that holds for all its values."), String::new(), String::new()]
}

fn of_metric(metric: Metric, ending: &str) -> [String; 4] {
    let (name, unit) = (metric.name(), metric.unit().to_owned());
    let none = String::new;
    match ending {
        "" => [unit, plain(metric.doc()), estimate(metric), interval(metric)],
        "_theory" => {
            let what = format!("Closed form of {name} in the steady state.");
            [
                unit,
                format!("{what} Empty where none is known, or the window does not show the steady state."),
                none(),
                none(),
            ]
        }
        _ => {
            let part = match ending {
                "_low95" => "Lower end",
                "_high95" => "Upper end",
                _ => "Half the width",
            };
            [unit, format!("{part} of the 95 % confidence interval of {name}."), none(), interval(metric)]
        }
    }
}

/// How a metric is estimated from several replications.
fn estimate(metric: Metric) -> String {
    match metric.aggregation() {
        Aggregation::Average => MEAN_OF_RUNS.to_owned(),
        Aggregation::Ratio | Aggregation::Fraction => {
            "Sum of the numerators of all replications / sum of their denominators.".to_owned()
        }
        Aggregation::Quantile(order) => {
            format!("The {}th percentile of all latencies of all replications together.", percent(order))
        }
        Aggregation::Minimum => "Least value of all replications.".to_owned(),
        Aggregation::Maximum => "Largest value of all replications.".to_owned(),
        Aggregation::Sum => "Sum over the replications.".to_owned(),
    }
}

/// How its interval is made, and when there is none.
fn interval(metric: Metric) -> String {
    let few = format!("with fewer than {LEAST} messages that change it");
    match metric.aggregation() {
        Aggregation::Average => format!(
            "Student's t over the replications. Empty with one replication, {few}, or with fewer than {LEAST} of what it \
             counts."
        ),
        Aggregation::Ratio => {
            let least = if metric.unit() == "s" { LEAST_DURATIONS } else { LEAST };
            format!(
                "Jackknife over the replications. Empty with one replication, {few}, or with a denominator below {least}."
            )
        }
        Aggregation::Fraction => format!(
            "Jackknife over the replications. Empty with one replication, {few}, or with fewer than {LEAST} on either \
             side of the fraction."
        ),
        Aggregation::Quantile(order) => {
            let least = (LEAST as f64).max((LEAST_ABOVE_QUANTILE / (1.0 - order)).round());
            format!(
                "Woodruff's, with the replications as clusters. Empty with one replication or fewer than {least} \
                 messages, or where it would end above the largest latency."
            )
        }
        Aggregation::Minimum | Aggregation::Maximum => "None: an extreme grows with the number of messages.".to_owned(),
        Aggregation::Sum => "None: nothing is estimated.".to_owned(),
    }
}

/// 95 of 0.95.
fn percent(order: f64) -> f64 {
    (order * 100.0).round()
}

/// Markdown as plain text.
fn plain(markdown: &str) -> String {
    markdown.replace(['`', '\\'], "").replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::COLUMNS as KNOWN;
    use crate::report::results::csv_files;
    use crate::report::table::CsvTable;

    fn experiment(more: &str) -> Experiment {
        let text = format!(
            "[experiment]\nquick = true\n[clients]\ncount = 4\n[[transport]]\nname = \"a\"\nshort_poll = {{ interval = \"5 s\" }}\n{more}"
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    #[test]
    fn every_column_of_every_table_has_a_row_with_its_meaning() {
        let mix = "[[population]]\nname = \"p\"\ncount = 4\ntransport = \"a\"\n";
        let sweep =
            "[sweep]\ntransport.a.interval = [\"1 s\", \"2 s\"]\n\"network.server_link\" = [\"1 Mbit/s\", \"off\"]\n";
        for experiment in [experiment(""), experiment(&format!("{mix}{sweep}"))] {
            let files = csv_files(&experiment, &[]).unwrap();
            let book = CsvTable::parse(&files.last().unwrap().1).unwrap();
            let [file, column, meaning] = ["file", "column", "meaning"].map(|name| book.column(name).unwrap());
            let mut rows = 0;
            for (name, text) in &files {
                let header = CsvTable::parse(text).unwrap().header;
                let found: Vec<usize> = (0..book.rows.len()).filter(|row| book.text(*row, file) == *name).collect();
                assert_eq!(found.iter().map(|row| book.text(*row, column)).collect::<Vec<_>>(), header, "{name}");
                assert!(found.iter().all(|row| book.text(*row, meaning).ends_with('.')), "{name}");
                rows += found.len();
            }
            assert_eq!(rows, book.rows.len());
            assert!(book.rows.iter().flatten().all(|cell| !cell.contains(['`', '\\'])), "no Markdown");
        }
    }

    #[test]
    fn units_and_estimates_are_those_of_the_column() {
        let experiment = experiment(
            "[sweep]\ntransport.a.interval = [\"1 s\", \"2 s\"]\n\"network.server_link\" = [\"1 Mbit/s\", \"off\"]\n\
             \"source.poisson.rate\" = [\"1 /s\", \"2 /s\"]\n\"clients.count\" = [1, 2]\n",
        );
        let unit = |column: &str| described(&experiment, "summary.csv", column)[0].clone();
        let columns = ["interval_s", "network_server_link_mbit_per_s", "poisson_rate_per_s", "clients_count"];
        assert_eq!(columns.map(unit), ["s", "Mbit/s", "1/s", ""]);
        assert_eq!(unit("latency_p99_s_low95"), "s");
        let [_, _, estimate, interval] = described(&experiment, "summary.csv", "latency_p99_s");
        assert_eq!(estimate, "The 99th percentile of all latencies of all replications together.");
        assert!(interval.contains("fewer than 1000 messages"), "{interval}");
        assert!(described(&experiment, "summary.csv", "latency_mean_s")[3].contains("below 200"));
        assert!(described(&experiment, "summary.csv", "requests_per_message")[3].contains("below 50"));
        assert_eq!(described(&experiment, REPLICATIONS, "latency_mean_s")[2], "The value of one replication.");
    }

    #[test]
    fn no_swept_key_takes_the_name_of_a_column() {
        for [_, column, ..] in ROWS {
            assert!(KNOWN.contains(column) || metric_of(column).is_some(), "{column} is not in COLUMNS");
        }
    }
}
