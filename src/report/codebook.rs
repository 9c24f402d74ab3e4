//! `columns.csv`: what each column of each table is.

mod rows;

use super::cells::{csv_text, word};
use super::table::said;
use super::tables::{COLUMNS, REPLICATIONS, TextFile};
use crate::experiment::Experiment;
use crate::experiment::chart::{SweptKey, metric_of};
use crate::model::Metric;
use crate::model::metric::{Aggregation, LEAST, LEAST_ABOVE_QUANTILE, LEAST_DURATIONS};
use rows::{ALL, MEAN_OF_RUNS, ROWS};

/// The columns of the codebook.
const HEADER: [&str; 6] = ["file", "column", "unit", "meaning", "estimate", "interval"];

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
