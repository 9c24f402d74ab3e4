//! A comparison in words, for a terminal.

use super::contrasts::{LEVEL, PairRow};
use super::words::{difference, joined, notes, parts, probability, ratio};
use crate::experiment::Experiment;
use crate::report::columns::{left, right, width, wrapped};
use crate::report::labels::PointLabels;
use crate::terminal::without_controls;

/// Spaces between two columns.
const GAP: usize = 2;
/// What stands before the numbers of a metric whose name has a line of its own.
const INDENT: &str = "   ";
/// What is said of values that do not differ in any replication.
const EQUAL: &str = "equal in all replications";

/// The rows in lines of at most `columns`, as far as the numbers allow; points are those of `experiment`.
pub fn comparison_text(experiment: &Experiment, rows: &[PairRow], columns: usize) -> Vec<String> {
    let labels = PointLabels::new(experiment);
    let layout = PairLayout::new(rows, columns);
    let mut lines = Vec::new();
    for part in parts(&labels, rows) {
        let heading = without_controls(&part.heading, |_| false);
        lines.extend(wrapped(&heading, columns).into_iter().enumerate().map(indented));
        lines.push(layout.heads());
        lines.extend(part.rows.iter().flat_map(|row| layout.row(row)));
    }
    lines.extend(notes(rows).iter().flat_map(|note| wrapped(&without_controls(note, |_| false), columns)));
    lines
}

/// Lines after the first of a heading are indented.
fn indented((place, line): (usize, String)) -> String {
    if place == 0 { line } else { format!("  {line}") }
}

/// Difference, ratio and p-value of a row.
fn cells(row: &PairRow) -> [String; 3] {
    if row.is_equal {
        return [EQUAL.to_owned(), String::new(), String::new()];
    }
    let p = match row.p_value {
        Some(p) if p < LEVEL => probability(p),
        Some(p) => format!("{} n.s.", probability(p)),
        None => "–".to_owned(),
    };
    let difference = format!("{} {}", joined(&difference(row)), row.metric.unit()).trim_end().to_owned();
    [difference, ratio(row).as_ref().map_or_else(|| "–".to_owned(), joined), p]
}

const HEADS: [&str; 3] = ["difference", "ratio", "p"];

struct PairLayout {
    /// Columns of the names; 0 if they stand above the numbers.
    name: usize,
    widths: [usize; 3],
}

impl PairLayout {
    fn new(rows: &[PairRow], columns: usize) -> PairLayout {
        let mut widths = HEADS.map(width);
        for row in rows {
            let cells = cells(row);
            // Equal values may reach into the next columns.
            let counted = if row.is_equal { 0 } else { widths.len() };
            for (widest, cell) in widths.iter_mut().zip(&cells[..counted]) {
                *widest = width(cell).max(*widest);
            }
        }
        let name = rows.iter().map(|row| row.metric.name().len()).max().unwrap_or(0);
        let numbers: usize = widths.iter().map(|width| GAP + width).sum();
        PairLayout { name: if 1 + name + numbers <= columns { name } else { 0 }, widths }
    }

    fn heads(&self) -> String {
        self.line(if self.name > 0 { "" } else { INDENT.trim_end() }, HEADS.map(str::to_owned))
    }

    fn row(&self, row: &PairRow) -> Vec<String> {
        let cells = cells(row);
        match (self.name, row.is_equal) {
            (0, true) => vec![format!(" {}", row.metric.name()), format!("{INDENT}{EQUAL}")],
            (_, true) => vec![format!(" {}{}{EQUAL}", left(row.metric.name(), self.name), " ".repeat(GAP))],
            (0, false) => vec![format!(" {}", row.metric.name()), self.line("", cells)],
            (_, false) => vec![self.line(row.metric.name(), cells)],
        }
    }

    fn line(&self, name: &str, [difference, ratio, p]: [String; 3]) -> String {
        let gap = " ".repeat(GAP);
        let numbers =
            [right(&difference, self.widths[0]), right(&ratio, self.widths[1]), left(&p, self.widths[2])].join(&gap);
        format!(" {}{gap}{numbers}", left(name, self.name)).trim_end().to_owned()
    }
}
