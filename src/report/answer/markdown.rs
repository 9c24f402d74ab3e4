//! A table of results in Markdown.

use super::cell::{SheetCell, Spread95};
use super::claims::ClaimLine;
use super::sheet::{Sheet, SheetRow};
use crate::experiment::warning::Warning;
use crate::report::columns::NO_BREAK;
use crate::report::markdown::escaped;
use crate::terminal::without_controls;

/// The lines of the table. Points have a column of their own.
pub(super) fn table(sheet: &Sheet) -> Vec<String> {
    let has_points = sheet.parts.iter().any(|part| !part.name.is_empty());
    let point = if has_points { "point | " } else { "" };
    let heads = sheet.heads.iter().map(|head| match head.unit.name {
        "" => head.label.clone(),
        unit => format!("{} ({unit})", head.label),
    });
    let heads: Vec<String> = heads.collect();
    let rules = if has_points { "--- | " } else { "" };
    let mut lines = vec![
        format!("| {point}{} | {} |", escaped(&sheet.heading), heads.join(" | ")),
        format!("| {rules}--- | {} |", vec!["---:"; heads.len()].join(" | ")),
    ];
    for part in &sheet.parts {
        for row in &part.rows {
            let point = if has_points { format!("{} | ", escaped(&part.name)) } else { String::new() };
            let cells: Vec<String> = (0..sheet.heads.len()).map(|place| cell(sheet, row, place)).collect();
            lines.push(format!("| {point}{} | {} |", escaped(&row.name), cells.join(" | ")));
        }
    }
    lines
}

fn cell(sheet: &Sheet, row: &SheetRow, place: usize) -> String {
    let Some(cell) = SheetCell::new(row, place, &sheet.heads[place], None) else { return "–".to_owned() };
    let rough = if cell.is_rough { "\\~" } else { "" };
    let few = if cell.is_of_few { "\\*" } else { "" };
    let spread = match &cell.spread {
        Spread95::Nothing => String::new(),
        Spread95::Half(half) => format!(" ± {half}"),
        Spread95::Ends(low, high) => format!(" [{low}, {high}]"),
    };
    format!("{rough}{}{spread}{few}", escaped(&cell.value))
}

/// A claim as an item of a list, with its mark.
pub(super) fn of_claim(line: &ClaimLine) -> String {
    let text = escaped(&line.text.replace(NO_BREAK, " "));
    match line.mark {
        Some(mark) => format!("- {mark} {text}"),
        None => text,
    }
}

/// The warnings as a list.
pub(super) fn warnings(warnings: &[Warning]) -> Vec<String> {
    let item = |warning: &Warning| {
        let accepted = if warning.accepted { " (accepted by the experiment)" } else { "" };
        let details: String = warning.details.iter().map(|detail| format!("; {}", with_code(detail))).collect();
        format!("- `{}`: {}{details}{accepted}", warning.id, with_code(&warning.message))
    };
    warnings.iter().map(item).collect()
}

/// A text whose names in backticks stay code.
fn with_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A name may have a backtick of its own.
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(place, part): (usize, &&str)| match place % 2 {
        1 => format!("`{}`", without_controls(part, |_| false)),
        _ => escaped(part),
    };
    parts.iter().enumerate().map(part).collect()
}
