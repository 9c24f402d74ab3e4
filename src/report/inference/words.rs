//! The words and numbers of a comparison, before any format.

use std::collections::BTreeMap;

use super::contrasts::{Gap, LEVEL, PairRow};
use crate::report::digits::{fixed, significant, with_half};
use crate::report::labels::PointLabels;

/// A number, and half the width of its interval.
pub(super) type NumberText = (String, Option<String>);

/// A difference this many times smaller than the values has no digits left.
const ROUNDING: f64 = 1e-12;

/// The difference with its sign.
pub(super) fn difference(row: &PairRow) -> NumberText {
    let contrast = &row.contrast;
    let half = contrast.difference_interval.map(|interval| interval.half_width);
    // The scatter of a difference of exact values is their rounding.
    let largest = row.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let half = half.map(|half| if half <= ROUNDING * largest { 0.0 } else { half });
    let (value, half) = with_half(contrast.difference, half);
    let sign = if contrast.difference > 0.0 { "+" } else { "" };
    (format!("{sign}{value}"), half)
}

/// The ratio, if there is one.
pub(super) fn ratio(row: &PairRow) -> Option<NumberText> {
    let half = row.contrast.ratio_interval.map(|interval| interval.half_width);
    row.contrast.ratio.map(|ratio| with_half(ratio, half))
}

/// `4.753 ± 0.044`.
pub(super) fn joined((value, half): &NumberText) -> String {
    match half {
        Some(half) => format!("{value} ± {half}"),
        None => value.clone(),
    }
}

/// A p-value with three decimals.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { fixed(p, 3) }
}

/// Rows of one pair at one point.
pub(super) struct PairPart<'a> {
    /// The two sides, and the swept values.
    pub heading: String,
    pub rows: Vec<&'a PairRow>,
}

/// The rows by pairs and points, in their order.
pub(super) fn parts<'a>(labels: &PointLabels, rows: &'a [PairRow]) -> Vec<PairPart<'a>> {
    let mut parts: Vec<PairPart> = Vec::new();
    let is_same = |one: &PairRow, other: &PairRow| {
        (one.point, &one.transport, &one.baseline) == (other.point, &other.transport, &other.baseline)
    };
    for row in rows {
        match parts.last_mut() {
            Some(part) if part.rows.last().is_some_and(|last| is_same(last, row)) => part.rows.push(row),
            _ => parts.push(PairPart { heading: heading(labels, row), rows: vec![row] }),
        }
    }
    parts
}

/// `long polling against short polling, clients = 100`.
fn heading(labels: &PointLabels, row: &PairRow) -> String {
    let pair = match &row.experiment {
        Some(experiment) => format!("{}: {experiment} against {}", row.transport, row.baseline),
        None => format!("{} against {}", row.transport, row.baseline),
    };
    let at = labels.of(row.point);
    if at.is_empty() { pair } else { format!("{pair}, {at}") }
}

/// What the marks mean.
pub(super) fn notes(rows: &[PairRow]) -> Vec<String> {
    let tests = rows.iter().filter(|row| row.p_value.is_some()).count();
    let mut notes = Vec::new();
    if tests > 0 {
        let family = if tests == 1 { String::new() } else { format!("; p after Holm's correction for {tests} tests") };
        notes.push(format!("±: 95 % confidence interval of each number alone{family}."));
    }
    if rows.iter().any(|row| row.is_significant() == Some(false) && !row.is_equal) {
        notes.push(format!("n.s.: no significant difference (p ≥ {LEVEL})."));
    }
    notes.extend(gaps(rows));
    notes.extend(saved(rows));
    notes
}

/// Why some rows have no interval, with the metrics of each reason.
fn gaps(rows: &[PairRow]) -> Vec<String> {
    let mut metrics: BTreeMap<&Gap, Vec<&str>> = BTreeMap::new();
    for (row, gap) in rows.iter().filter_map(|row| Some((row, row.gap.as_ref()?))) {
        let names = metrics.entry(gap).or_default();
        if !names.contains(&row.metric.name()) {
            names.push(row.metric.name());
        }
    }
    metrics
        .into_iter()
        .map(|(gap, names)| format!("–: no interval of {}: {}.", names.join(", "), reason(gap)))
        .collect()
}

fn reason(gap: &Gap) -> String {
    match gap {
        Gap::Combined => "a smallest, largest or summed value has none".to_owned(),
        Gap::OneReplication => "there is one replication".to_owned(),
        Gap::Extreme { name, is_all: false } => {
            format!("{name} has 0 in every replication, and what was not seen may be rare")
        }
        Gap::Extreme { name, is_all: true } => {
            format!("{name} has 100 % in every replication, and what was not seen may be rare")
        }
        Gap::FewEvents => "there are too few events, or some replications have no value".to_owned(),
    }
}

/// Pairs are worth a word where they save more than this.
const WORTH: f64 = 1.1;

/// How many times as many independent replications would give the same intervals, where that is worth a word.
fn saved(rows: &[PairRow]) -> Option<String> {
    let mut saved: Vec<f64> = rows.iter().filter_map(|row| row.contrast.saved).collect();
    saved.sort_by(f64::total_cmp);
    let middle = *saved.get(saved.len() / 2)?;
    if middle < WORTH {
        return None;
    }
    let times = significant(middle, 2);
    Some(format!(
        "Both sides see the same messages in each replication and are compared in pairs: otherwise such intervals would \
         take about {times} times as many replications."
    ))
}
