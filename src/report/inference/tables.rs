//! The tables that answer what the experiment asks: comparisons with the baseline, and claims.

use super::claims::JudgedClaim;
use super::contrasts::{PairRow, compared_metrics, contrasts};
use super::scope::PairScope;
use crate::experiment::Experiment;
use crate::report::cells::{cell, csv_text, number_or_word, word};
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
                let metrics = compared_metrics(experiment);
                comparison(experiment, &contrasts(experiment, groups, baseline, PairScope::all(&metrics)))
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
        cells.extend(experiment.coordinates(row.point).iter().map(|value| number_or_word(value)));
        cells.extend([&row.transport, &row.baseline].map(|name| word(name)));
        cells.push(row.metric.name().to_owned());
        let contrast = &row.contrast;
        cells.extend(with_interval(Some(contrast.difference), contrast.difference_interval));
        cells.extend(with_interval(contrast.ratio, contrast.ratio_interval));
        cells.push(probability(row.p_value));
        cells.push(row.is_significant().map_or(String::new(), |is_significant| is_significant.to_string()));
        cells.extend(quick("true"));
        cells
    };
    csv_text(&header, rows.iter().map(cells))
}

fn verdicts(claims: &[JudgedClaim]) -> Result<String, csv::Error> {
    let header = ["text", "measured", "low95", "high95", "verdict"].map(str::to_owned);
    let cells = |claim: &JudgedClaim| {
        let mut cells = vec![word(&claim.text)];
        cells.extend([claim.measured, claim.low95, claim.high95].map(cell));
        cells.push(claim.verdict.clone());
        cells
    };
    csv_text(&header, claims.iter().map(cells))
}

fn with_interval(value: Option<f64>, interval: Option<Interval>) -> [String; 3] {
    [value, interval.map(|interval| interval.low), interval.map(|interval| interval.high)].map(cell)
}

/// A probability as a cell; a very small one with a power of ten.
fn probability(value: Option<f64>) -> String {
    match value {
        Some(value) if value > 0.0 && value < 1e-4 => format!("{value:e}"),
        value => cell(value),
    }
}
