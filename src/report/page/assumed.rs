//! What an experiment assumes: its keys that differ from their defaults, and what the results tell of their effect.

use serde::Serialize;

use crate::experiment::{ChosenKey, Experiment};
use crate::report::digits::significant;
use crate::report::labels::PointLabels;
use crate::report::table::CsvTable;

/// A key that differs from its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct AssumedKey {
    path: String,
    value: String,
    /// Empty if there is none.
    default: String,
    /// Its meaning.
    doc: String,
    /// What the results tell of its effect; empty if they tell nothing.
    effect: String,
}

/// The keys of an experiment that differ from their defaults.
pub(super) fn assumed(experiment: &Experiment, summary: &CsvTable) -> Vec<AssumedKey> {
    let row = |chosen: ChosenKey| AssumedKey {
        value: plain(&chosen.value),
        default: chosen.default.unwrap_or_default().to_owned(),
        doc: chosen.doc.replace('`', ""),
        effect: effect(&chosen.key, summary),
        path: chosen.path,
    };
    let swept: Vec<&str> = experiment.swept().iter().map(|key| key.path.as_str()).collect();
    let is_swept = |path: &str| swept.iter().any(|swept| swept.replace('"', "") == path.replace('"', ""));
    let mut rows: Vec<AssumedKey> = experiment.chosen().into_iter().map(row).collect();
    rows.retain(|row| !is_swept(&row.path));
    let mut varied = varied(experiment, summary);
    varied.extend(rows);
    varied
}

/// A text of the file without its quotes.
fn plain(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains(['"', '\\'])).unwrap_or(value).to_owned()
}

/// The swept keys.
fn varied(experiment: &Experiment, summary: &CsvTable) -> Vec<AssumedKey> {
    let labels = PointLabels::new(experiment);
    let of_points: Vec<Vec<String>> = (0..experiment.points()).map(|point| labels.values(point)).collect();
    let span = |key: usize| {
        let mut values: Vec<&str> = Vec::new();
        for value in of_points.iter().map(|of_point| of_point[key].as_str()) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        match values.as_slice() {
            [first, _, .., last] => format!("varied: {first} to {last}, {} values", values.len()),
            _ => format!("varied: {}", values.join(", ")),
        }
    };
    let effects = [("latency_mean_s", "mean latency", "s"), ("http_bytes_per_message", "bytes per message", "B")];
    let effects: Vec<String> = effects
        .into_iter()
        .filter_map(|(name, label, unit)| {
            let (low, high) = ends(column(summary, name))?;
            Some(format!("{label} {} to {} {unit}", significant(low, 3), significant(high, 3)))
        })
        .collect();
    let keys = experiment.swept().iter().enumerate().map(|(place, key)| AssumedKey {
        path: key.path.clone(),
        value: span(place),
        default: String::new(),
        doc: key.doc.replace('`', ""),
        effect: if effects.is_empty() { String::new() } else { format!("over all rows: {}", effects.join(", ")) },
    });
    keys.collect()
}

/// What the results tell of the effect of a key.
fn effect(key: &str, summary: &CsvTable) -> String {
    let percent = |share: f64| significant(share * 100.0, 3);
    let of = |over: &str, under: &str, words: &dyn Fn(f64, f64) -> String| {
        let (over, under) = (column(summary, over), column(summary, under));
        let shares = over.into_iter().zip(under).map(|(over, under)| match (over, under) {
            (Some(over), Some(under)) if under > 0.0 => Some(over / under),
            _ => None,
        });
        ends(shares.collect()).map(|(low, high)| words(low, high)).unwrap_or_default()
    };
    let to = |low: String, high: String| if low == high { low } else { format!("{low} to {high}") };
    let total = |name: &str, words: &str| match ends(column(summary, name)) {
        Some((low, high)) => format!("{} {words}", to(significant(low, 3), significant(high, 3))),
        None => String::new(),
    };
    match key {
        "http.request_header" | "http.response_header" | "http.http2" => {
            of("header_bytes_per_s", "http_bytes_per_s", &|low, high| {
                format!("headers are {} % of the bytes of HTTP", to(percent(low), percent(high)))
            })
        }
        _ if key.starts_with("network.wire") => of("wire_bytes_per_s", "http_bytes_per_s", &|low, high| {
            format!("on the wire {} times the bytes of HTTP", to(significant(low, 3), significant(high, 3)))
        }),
        _ if key.starts_with("network.loss") => total("packets_lost", "packets lost in a run"),
        "server.workers" => total("workers_busy_mean", "workers busy on average"),
        "server.queue" => total("refused", "requests refused in a run"),
        "clients.timeout" => total("timeouts", "requests given up in a run"),
        _ => String::new(),
    }
}

fn column(summary: &CsvTable, name: &str) -> Vec<Option<f64>> {
    let Some(column) = summary.column(name) else { return Vec::new() };
    (0..summary.rows.len()).map(|row| summary.number(row, column)).collect()
}

/// The least and the greatest value.
fn ends(values: Vec<Option<f64>>) -> Option<(f64, f64)> {
    let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    let found = values.into_iter().flatten().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    if found.0 <= found.1 { Some(found) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_is_what_the_table_tells() {
        let table = CsvTable::parse("http_bytes_per_s,header_bytes_per_s,packets_lost\n100,98,\n200,190,\n").unwrap();
        assert_eq!(effect("http.request_header", &table), "headers are 95.0 to 98.0 % of the bytes of HTTP");
        assert_eq!(effect("network.loss.rate", &table), "");
        assert_eq!(effect("clients.count", &table), "");
    }

    #[test]
    fn texts_lose_their_quotes_unless_they_have_some() {
        assert_eq!(plain("\"50 ms\""), "50 ms");
        assert_eq!(plain("\"a \\\" b\""), "\"a \\\" b\"");
        assert_eq!(plain("{ rate = \"1 /s\" }"), "{ rate = \"1 /s\" }");
    }
}
