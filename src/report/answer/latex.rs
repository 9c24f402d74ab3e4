//! A table of results for LaTeX, with booktabs and siunitx.

use super::cell::{SheetCell, Spread95};
use super::sheet::{Sheet, SheetRow};
use crate::report::tex::{escaped, label};

/// The lines of a table with this title, the size of the study, and notes below.
pub(super) fn table(sheet: &Sheet, title: &str, size: &str, notes: &[String]) -> Vec<String> {
    let caption = format!("{title} ({size}). Uncertainties and intervals: 95 % confidence.");
    let caption = caption.as_str();
    let mut lines = vec![
        "% \\usepackage{booktabs,siunitx,textcomp}".to_owned(),
        "% \\sisetup{separate-uncertainty} writes 1.23 ± 0.04 in place of 1.23(4).".to_owned(),
    ];
    let names = sheet.rows().map(|row| row.name.as_str()).chain(sheet.parts.iter().map(|part| part.name.as_str()));
    if names.chain([caption]).any(|name| !name.is_ascii()) {
        lines.push(
            "% Names are not all in ASCII: use LuaLaTeX or XeLaTeX with a font that has their characters.".to_owned(),
        );
    }
    lines.push("\\begin{table}".to_owned());
    lines.push("  \\centering".to_owned());
    lines.push(format!("  \\caption{{{}}}", escaped(caption)));
    lines.push(format!("  \\label{{{}}}", label(title)));
    lines.push(format!("  \\begin{{tabular}}{{l{}}}", "r".repeat(sheet.heads.len())));
    lines.push("    \\toprule".to_owned());
    let heads = sheet.heads.iter().map(|head| match head.unit.name {
        "" => escaped(&head.label),
        unit => format!("{} ({})", escaped(&head.label), escaped(unit)),
    });
    let heads: Vec<String> = [escaped(&sheet.heading)].into_iter().chain(heads).collect();
    lines.push(format!("    {} \\\\", heads.join(" & ")));
    lines.push("    \\midrule".to_owned());
    for part in &sheet.parts {
        if !part.name.is_empty() {
            lines.push(format!("    \\multicolumn{{{}}}{{l}}{{{}}} \\\\", heads.len(), escaped(&part.name)));
        }
        lines.extend(part.rows.iter().map(|row| line(sheet, row)));
    }
    lines.push("    \\bottomrule".to_owned());
    lines.push("  \\end{tabular}".to_owned());
    lines.extend(notes.iter().map(|note| format!("  \\par\\footnotesize {}", escaped(note))));
    lines.push("\\end{table}".to_owned());
    lines
}

fn line(sheet: &Sheet, row: &SheetRow) -> String {
    let cells = (0..sheet.heads.len()).map(|place| cell(sheet, row, place));
    let cells: Vec<String> = [escaped(&row.name)].into_iter().chain(cells).collect();
    format!("    {} \\\\", cells.join(" & "))
}

fn cell(sheet: &Sheet, row: &SheetRow, place: usize) -> String {
    let Some(cell) = SheetCell::new(row, place, &sheet.heads[place], None) else { return "--".to_owned() };
    let rough = if cell.is_rough { "$\\sim$" } else { "" };
    let few = if cell.is_of_few { "\\textsuperscript{*}" } else { "" };
    let number = match (&cell.spread, cell.value.strip_prefix('>')) {
        (_, Some(value)) => format!("$>$\\num{{{value}}}"),
        (Spread95::Nothing, _) => format!("\\num{{{}}}", cell.value),
        (Spread95::Half(half), _) => format!("\\num{{{} \\pm {half}}}", cell.value),
        (Spread95::Ends(low, high), _) => format!("\\num{{{}}} [\\num{{{low}}}, \\num{{{high}}}]", cell.value),
    };
    format!("{rough}{number}{few}")
}
