//! The tables that answer what the experiment asks: comparisons with the baseline, and claims.

use csv::Writer;

use super::claims::JudgedClaim;
use super::contrasts::{PairRow, compared_metrics, contrasts};
use crate::experiment::Experiment;
use crate::report::table::of_word;
use crate::report::tables::{CLAIMS, COMPARISON, TextFile};
use crate::runner::Group;
use crate::stats::Interval;

/// Whether a file is one of these tables: they hold no numbers of their own, like a chart.
pub(in crate::report) fn is_inferred(name: &str) -> bool {
    [COMPARISON, CLAIMS].contains(&name)
}

/// The names of the tables that an experiment asks for.
pub(in crate::report) fn names(experiment: &Experiment) -> Vec<&'static str> {
    let wanted = [
        (experiment.baseline().is_some(), COMPARISON),
        (!experiment.claims().is_empty() && !experiment.quick(), CLAIMS),
    ];
    wanted.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, name)| name).collect()
}

/// The tables that an experiment asks for, from its results and the verdicts on its claims.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub(in crate::report) fn tables(
    experiment: &Experiment,
    groups: &[Group],
    claims: &[JudgedClaim],
) -> Result<Vec<TextFile>, csv::Error> {
    let table = |name| {
        let text = match (name, experiment.baseline()) {
            (COMPARISON, Some(baseline)) => {
                comparison(experiment, &contrasts(experiment, groups, baseline, &compared_metrics(experiment)))
            }
            _ => verdicts(claims),
        };
        text.map(|text| (name, text))
    };
    names(experiment).into_iter().map(table).collect()
}

/// Tables as files.
pub(in crate::report) fn named(tables: Vec<TextFile>) -> impl Iterator<Item = (String, Vec<u8>)> {
    tables.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()))
}

/// Rows of a comparison as CSV.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub fn comparison(experiment: &Experiment, rows: &[PairRow]) -> Result<String, csv::Error> {
    let mut header = vec!["point".to_owned()];
    header.extend(experiment.swept().iter().map(|key| key.column.clone()));
    let columns = [
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
    header.extend(columns.map(str::to_owned));
    let is_quick = experiment.quick();
    let quick = |cell: &str| if is_quick { Some(cell.to_owned()) } else { None };
    header.extend(quick("quick"));
    let cells = |row: &PairRow| {
        let mut cells = vec![row.point.to_string()];
        cells.extend(experiment.coordinates(row.point).into_iter().map(number_or_word));
        cells.extend([&row.transport, &row.baseline].map(|name| of_word(name).into_owned()));
        cells.push(row.metric.name().to_owned());
        let contrast = &row.contrast;
        cells.extend(with_interval(Some(contrast.difference), contrast.difference_interval));
        cells.extend(with_interval(contrast.ratio, contrast.ratio_interval));
        cells.push(probability(row.p_value));
        cells.push(row.is_significant().map_or(String::new(), |is_significant| is_significant.to_string()));
        cells.extend(quick("true"));
        cells
    };
    written(&header, rows.iter().map(cells))
}

fn verdicts(claims: &[JudgedClaim]) -> Result<String, csv::Error> {
    let header = ["text", "measured", "low95", "high95", "verdict"].map(str::to_owned);
    let cells = |claim: &JudgedClaim| {
        let mut cells = vec![of_word(&claim.text).into_owned()];
        cells.extend([claim.measured, claim.low95, claim.high95].map(number));
        cells.push(claim.verdict.clone());
        cells
    };
    written(&header, claims.iter().map(cells))
}

fn with_interval(value: Option<f64>, interval: Option<Interval>) -> [String; 3] {
    [value, interval.map(|interval| interval.low), interval.map(|interval| interval.high)].map(number)
}

/// The shortest decimal that reads back the same; empty without a value.
fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

/// The same; a very small one with a power of ten.
fn probability(value: Option<f64>) -> String {
    match value {
        Some(value) if value > 0.0 && value < 1e-4 => format!("{value:e}"),
        value => number(value),
    }
}

fn number_or_word(text: String) -> String {
    if text.parse::<f64>().is_ok() { text } else { of_word(&text).into_owned() }
}

fn written(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<String, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(header.iter().map(|name| of_word(name).into_owned()))?;
    for cells in rows {
        writer.write_record(cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}
