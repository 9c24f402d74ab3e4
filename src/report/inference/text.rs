//! A comparison in words, for a terminal.

use std::fmt::Write as _;

use super::contrasts::{LEVEL, PairRow};
use super::rounded::rounded;
use crate::experiment::Experiment;

/// Columns of a line.
const WIDTH: usize = 80;
/// Columns of the name of a metric and its difference together.
const BOTH: usize = 47;

/// The rows as text, 80 columns wide unless names are long; points are those of `experiment`.
pub fn comparison_text(experiment: &Experiment, rows: &[PairRow]) -> String {
    let mut text = String::new();
    let mut last = None;
    for row in rows {
        let key = (row.point, &row.transport, &row.baseline);
        if last != Some(key) {
            last = Some(key);
            let at = if experiment.points() > 1 { experiment.words_of_point(row.point) } else { String::new() };
            let pair = format!("{} against {}", row.transport, row.baseline);
            let separator = if pair.chars().count() + at.chars().count() + 2 <= WIDTH { ", " } else { ",\n  " };
            let separator = if at.is_empty() { "" } else { separator };
            let _ = writeln!(text, "{pair}{separator}{at}");
            text += &line(["", "difference", "ratio", "p"]);
        }
        text += &row_text(row);
    }
    text + &legend(rows)
}

/// A line of the table: a metric, its difference, its ratio, and the p-value.
fn line([name, difference, ratio, p]: [&str; 4]) -> String {
    let width = BOTH.saturating_sub(name.len() + 1);
    format!(" {name} {difference:>width$} {ratio:>19}  {p}").trim_end().to_owned() + "\n"
}

fn row_text(row: &PairRow) -> String {
    let name = row.metric.name();
    let contrast = &row.contrast;
    let sign = if contrast.difference > 0.0 { "+" } else { "" };
    let unit = row.metric.unit();
    let difference = with_half(contrast.difference, contrast.difference_interval.map(|interval| interval.half_width));
    let difference = format!("{sign}{difference} {unit}");
    let ratio =
        contrast.ratio.map(|ratio| with_half(ratio, contrast.ratio_interval.map(|interval| interval.half_width)));
    let ratio = ratio.as_deref().unwrap_or("-");
    match (row.is_equal, row.p_value) {
        (true, _) => line([name, "equal in all replications", "", ""]),
        (false, None) => line([name, difference.trim_end(), ratio, "-"]),
        (false, Some(p)) => {
            let p = if p < LEVEL { probability(p) } else { format!("{} n.s.", probability(p)) };
            line([name, difference.trim_end(), ratio, &p])
        }
    }
}

/// A number with half its interval: `4.753 ± 0.044`.
pub fn with_half(value: f64, half: Option<f64>) -> String {
    match half {
        Some(half) if half > 0.0 => format!("{} ± {}", rounded(value, Some(half)), rounded(half, Some(half))),
        _ => rounded(value, None),
    }
}

/// A p-value with two digits.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

/// What the marks mean, and what the pairing was worth.
fn legend(rows: &[PairRow]) -> String {
    let tests = rows.iter().filter(|row| row.p_value.is_some()).count();
    let mut text = String::new();
    if tests > 0 {
        let _ = writeln!(
            text,
            "±: 95 % interval of each number alone; p: after Holm's correction for {tests} tests;\nn.s.: no significant \
             difference (p ≥ {LEVEL})."
        );
    }
    if rows.iter().any(|row| row.p_value.is_none() && !row.is_equal) {
        text += "-: no interval: too few replications or events, or a smallest, largest or\nsummed value.\n";
    }
    text + &saved(rows).map(|words| words + "\n").unwrap_or_default()
}

/// How many times as many independent replications would give the same intervals.
pub(super) fn saved(rows: &[PairRow]) -> Option<String> {
    let mut saved: Vec<f64> = rows.iter().filter_map(|row| row.contrast.saved).collect();
    saved.sort_by(f64::total_cmp);
    let (least, most) = (saved.first()?, saved.last()?);
    let middle = saved[saved.len() / 2];
    let times = |value: &f64| rounded(*value, Some(value / 10.0));
    Some(format!(
        "Pairing by replication: without it the same intervals would take {} times as\nmany replications (median; {} to \
         {}).",
        times(&middle),
        times(least),
        times(most)
    ))
}
