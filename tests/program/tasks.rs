//! Five questions of a paper, each answered by one experiment file and one command. The values are compared with closed
//! forms, with other runs, or with what `replications.csv` gives by hand.

#![allow(clippy::pedantic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::program::{Scratch, read_rows, run_to};

type Row = BTreeMap<String, String>;

fn task(name: &str) -> String {
    format!("{}/tests/tasks/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

fn run(scratch: &Scratch, name: &str) -> PathBuf {
    run_to(scratch, &task(name), "output", &[])
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {:?}", row.get(column)))
}

fn row<'a>(rows: &'a [Row], cells: &[(&str, &str)]) -> &'a Row {
    let found: Vec<&Row> = rows.iter().filter(|row| cells.iter().all(|(column, cell)| row[*column] == *cell)).collect();
    assert_eq!(found.len(), 1, "{cells:?}");
    found[0]
}

/// The values of a transport in `replications.csv`, in order; at one point, if there are several.
fn of_replications(folder: &Path, transport: &str, point: Option<&str>, metric: &str) -> Vec<f64> {
    let rows = read_rows(&folder.join("replications.csv"));
    let kept =
        rows.iter().filter(|row| row["transport"] == transport && point.is_none_or(|point| row["point"] == point));
    kept.map(|row| number(row, metric)).collect()
}

/// The mean of some values, and the half-width of its 95 % interval by the quantile of Student's distribution.
fn mean_and_half_width(values: &[f64], quantile: f64) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, quantile * (variance / count).sqrt())
}

/// The numbers in `\num{…}` of a cell, without their half-widths.
fn numbers_of_latex(cell: &str) -> Vec<f64> {
    let inner = cell.split("\\num{").skip(1).map(|rest| rest.split(['}', ' ']).next().unwrap());
    inner.map(|text| text.parse().unwrap_or_else(|_| panic!("{cell}"))).collect()
}

#[test]
fn a_table_for_a_paper() {
    let scratch = Scratch::new();
    let folder = run(&scratch, "table");
    let output = scratch.cometsim(&["show", "--format", "latex", folder.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let latex = output.stdout;
    for part in ["\\begin{tabular}", "\\toprule", "\\midrule", "\\bottomrule", "\\end{tabular}", " \\pm "] {
        assert!(latex.contains(part), "{part}: {latex}");
    }
    let lines: Vec<Vec<&str>> = latex
        .lines()
        .filter_map(|line| line.trim().strip_suffix(" \\\\"))
        .map(|line| line.split(" & ").collect())
        .collect();
    let summary = read_rows(&folder.join("summary.csv"));
    let columns = [
        ("mean latency (s)", "latency_mean_s", 1.0),
        ("p95 latency (s)", "latency_p95_s", 1.0),
        ("traffic (kB/s)", "http_bytes_per_s", 1000.0),
        ("bytes per message (kB)", "http_bytes_per_message", 1000.0),
    ];
    assert_eq!(lines.len(), 4, "{latex}");
    for (title, metric, unit) in columns {
        let column = lines[0].iter().position(|cell| *cell == title).unwrap_or_else(|| panic!("{title}: {latex}"));
        for line in &lines[1..] {
            let stored = row(&summary, &[("transport", line[0])]);
            let shown = numbers_of_latex(line[column]);
            let (value, half_width) = (number(stored, metric) / unit, number(stored, &format!("{metric}_ci95")) / unit);
            assert!((shown[0] - value).abs() <= half_width / 2.0, "{line:?} has {shown:?} for {value} ± {half_width}");
            // A percentile has both ends of its interval.
            if let [_, low, high] = shown[..] {
                assert!(low < value && value < high, "{line:?}");
            }
        }
    }
    // A message waits for half an interval and a transit, on average 40 ms exp(σ²/2); a pushed one for a transit.
    let transit = 0.04 * (0.125_f64).exp();
    for (transport, mean) in [("short polling", 2.5 + transit), ("WebSocket", transit)] {
        let stored = row(&summary, &[("transport", transport)]);
        let distance = (number(stored, "latency_mean_s") - mean).abs();
        assert!(distance < 2.0 * number(stored, "latency_mean_s_ci95"), "{transport}: {distance} from {mean}");
    }
}

#[test]
fn how_many_times_fewer_bytes_long_polling_uses() {
    let scratch = Scratch::new();
    let folder = run(&scratch, "ratio");
    let rows = read_rows(&folder.join("comparison.csv"));
    let found = row(&rows, &[("transport", "short polling"), ("metric", "http_bytes_per_s")]);
    assert_eq!((found["baseline"].as_str(), found["significant"].as_str()), ("long polling", "true"));
    let (ratio, low, high) = (number(found, "ratio"), number(found, "ratio_low95"), number(found, "ratio_high95"));
    assert_eq!(format!("{ratio:.4} ± {:.4}", (high - low) / 2.0), "7.8965 ± 0.0010");
    // By hand: the replications of both see the same messages, so their ratios are a sample.
    let [short, long] =
        ["short polling", "long polling"].map(|name| of_replications(&folder, name, None, "http_bytes_per_s"));
    let ratios: Vec<f64> = short.iter().zip(&long).map(|(short, long)| short / long).collect();
    let (mean, half_width) = mean_and_half_width(&ratios, 2.093_024);
    assert_eq!(ratios.len(), 20);
    assert!((mean - ratio).abs() < 1e-4 && (half_width - (high - low) / 2.0).abs() < 2e-5, "{mean} ± {half_width}");
}

#[test]
fn how_many_clients_200_workers_carry() {
    let scratch = Scratch::new();
    let folder = run(&scratch, "workers");
    let rows = read_rows(&folder.join("search.csv"));
    let found = row(&rows, &[("transport", "long polling"), ("key", "clients.count"), ("found", "yes")]);
    let [answer, low, high] = ["answer", "low95", "high95"].map(|column| number(found, column));
    assert!(low <= answer && answer <= high, "{found:?}");
    assert!((220.0..250.0).contains(&answer) && low > 200.0 && high < 250.0, "{found:?}");
    // The runs at the answer and beside it.
    let points = read_rows(&folder.join("summary.csv"));
    let p95 = |clients: f64| number(row(&points, &[("clients_count", &clients.to_string())]), "latency_p95_s");
    assert!(p95(answer) <= 2.0 && p95(answer + 1.0) > 2.0);
    // A run of its own: 220 hold, 250 do not.
    let text = std::fs::read_to_string(task("workers")).unwrap();
    let sweep = format!("{}[sweep]\n\"clients.count\" = [220, 250]\n", text.split("[search]").next().unwrap());
    let swept = read_rows(&run_to(&scratch, &scratch.file("swept.toml", &sweep), "output", &[]).join("summary.csv"));
    let p95 = |clients| number(row(&swept, &[("clients_count", clients)]), "latency_p95_s");
    assert!(p95("220") <= 2.0 && p95("250") > 4.0, "{} {}", p95("220"), p95("250"));
}

#[test]
fn at_which_interval_short_polling_costs_as_much_as_long_polling() {
    let scratch = Scratch::new();
    let folder = run(&scratch, "break-even");
    let rows = read_rows(&folder.join("search.csv"));
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0]["found"].as_str(), rows[0]["transport"].as_str()), ("yes", "short polling"));
    let [answer, low, high] = ["answer", "low95", "high95"].map(|column| number(&rows[0], column));
    assert!((39.64..=39.67).contains(&answer) && low < answer && answer < high, "{:?}", rows[0]);
    assert!(high - low < 0.05, "{:?}", rows[0]);
    // By hand: below the interval short polling costs more in all pairs of replications, above it less; the difference
    // is significant outside the interval, and not within it.
    let summary = read_rows(&folder.join("summary.csv"));
    let short: Vec<&Row> = summary.iter().filter(|row| row["transport"] == "short polling").collect();
    let mut below_and_above = [0, 0];
    for point in short {
        let interval = number(point, "interval_s");
        let [short, long] = ["short polling", "long polling"]
            .map(|name| of_replications(&folder, name, Some(&point["point"]), "http_bytes_per_s"));
        assert_eq!((short.len(), long.len()), (10, 10));
        let differences: Vec<f64> = short.iter().zip(&long).map(|(short, long)| short - long).collect();
        let (mean, half_width) = mean_and_half_width(&differences, 2.262_157);
        if interval < low {
            assert!(mean > half_width, "{interval}: {mean} ± {half_width}");
            below_and_above[0] += 1;
        } else if interval > high {
            assert!(mean < -half_width, "{interval}: {mean} ± {half_width}");
            below_and_above[1] += 1;
        } else if interval > low && interval < high {
            assert!(mean.abs() <= half_width, "{interval}: {mean} ± {half_width}");
        }
    }
    assert!(below_and_above.iter().all(|count| *count > 2), "{below_and_above:?}");
}

#[test]
fn the_95th_percentile_within_2_percent() {
    let scratch = Scratch::new();
    let folder = run(&scratch, "precision");
    let rows = read_rows(&folder.join("summary.csv"));
    for (transport, truth) in [("short polling", 57.0), ("long polling", 0.475)] {
        let found = row(&rows, &[("transport", transport)]);
        let [p95, low, high] =
            ["latency_p95_s", "latency_p95_s_low95", "latency_p95_s_high95"].map(|c| number(found, c));
        assert!(p95 - low <= 0.02 * p95 && high - p95 <= 0.02 * p95, "{transport}: {low} {p95} {high}");
        assert!(low <= truth && truth <= high, "{transport}: {low} {p95} {high}");
        let count: usize = found["replications"].parse().unwrap();
        assert!(count > 5 && count < 400, "{count}");
        assert_eq!(of_replications(&folder, transport, None, "latency_p95_s").len(), count);
    }
}
