//! A comparison as a table for a document.

use super::contrasts::{LEVEL, PairRow};
use super::words::{NumberText, difference, joined, notes, parts, probability, ratio};
use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::labels::PointLabels;
use crate::report::markdown::escaped as in_markdown;
use crate::report::metric_words::label;
use crate::report::tex::{escaped, label as reference};

/// The words of a metric with its unit.
fn words(metric: Metric) -> String {
    match metric.unit() {
        "" => label(metric).to_owned(),
        unit => format!("{} ({unit})", label(metric)),
    }
}

/// The p-value, with what a paper says of one that is not below the level.
fn tested(p: Option<f64>) -> String {
    match p {
        Some(p) if p < LEVEL => probability(p),
        Some(p) => format!("{} n.s.", probability(p)),
        None => "–".to_owned(),
    }
}

/// The rows as a Markdown table in lines; points are those of `experiment`.
pub fn comparison_markdown(experiment: &Experiment, rows: &[PairRow]) -> Vec<String> {
    let labels = PointLabels::new(experiment);
    let mut lines = vec!["| pair | metric | difference | ratio | p |".to_owned()];
    lines.push("| --- | --- | ---: | ---: | ---: |".to_owned());
    for part in parts(&labels, rows) {
        let heading = in_markdown(&part.heading);
        for row in part.rows {
            let cells = match row.is_equal {
                true => ["equal in all replications".to_owned(), "1".to_owned(), String::new()],
                false => {
                    let ratio = ratio(row).as_ref().map_or_else(|| "–".to_owned(), joined);
                    [joined(&difference(row)), ratio, in_markdown(&tested(row.p_value))]
                }
            };
            lines.push(format!("| {heading} | {} | {} |", in_markdown(&words(row.metric)), cells.join(" | ")));
        }
    }
    for note in notes(rows) {
        lines.extend([String::new(), in_markdown(&note)]);
    }
    lines
}

/// The rows as a LaTeX table in lines, with booktabs and siunitx; points are those of `experiment`.
pub fn comparison_latex(experiment: &Experiment, rows: &[PairRow]) -> Vec<String> {
    let labels = PointLabels::new(experiment);
    let notes = notes(rows);
    let caption = format!("{}: differences and ratios", experiment.title());
    let mut lines: Vec<String> = [
        "% \\usepackage{booktabs,siunitx,textcomp}",
        "% \\sisetup{separate-uncertainty} writes 1.23 ± 0.04 in place of 1.23(4).",
        "\\begin{table}",
        "  \\centering",
    ]
    .map(str::to_owned)
    .to_vec();
    lines.push(format!("  \\caption{{{}}}", escaped(&caption)));
    lines.push(format!("  \\label{{{}-comparison}}", reference(experiment.title())));
    lines.extend(["  \\begin{tabular}{lrrr}", "    \\toprule"].map(str::to_owned));
    lines.push("    metric & difference & ratio & $p$ \\\\".to_owned());
    for part in parts(&labels, rows) {
        lines.push("    \\midrule".to_owned());
        lines.push(format!("    \\multicolumn{{4}}{{l}}{{{}}} \\\\", escaped(&part.heading)));
        lines.extend(part.rows.into_iter().map(latex_row));
    }
    lines.extend(["    \\bottomrule", "  \\end{tabular}"].map(str::to_owned));
    lines.extend(notes.iter().map(|note| format!("  \\par\\footnotesize {}", escaped(note))));
    lines.push("\\end{table}".to_owned());
    lines
}

fn latex_row(row: &PairRow) -> String {
    let metric = escaped(&words(row.metric));
    if row.is_equal {
        return format!("    {metric} & \\multicolumn{{3}}{{l}}{{equal in all replications}} \\\\");
    }
    let ratio = ratio(row).as_ref().map_or_else(|| "--".to_owned(), number);
    let p = match row.p_value {
        None => "--".to_owned(),
        Some(p) if p < 0.001 => "$<$\\num{0.001}".to_owned(),
        Some(p) if p < LEVEL => format!("\\num{{{}}}", probability(p)),
        Some(p) => format!("\\num{{{}}} n.s.", probability(p)),
    };
    format!("    {metric} & {} & {ratio} & {p} \\\\", number(&difference(row)))
}

/// A number with its interval for siunitx. A plus sign is printed, as it is asked for in the number.
fn number((value, half): &NumberText) -> String {
    let (sign, value) = match value.strip_prefix('+') {
        Some(value) => ("$+$", value),
        None => ("", value.as_str()),
    };
    match half {
        Some(half) => format!("{sign}\\num{{{value} \\pm {half}}}"),
        None => format!("{sign}\\num{{{value}}}"),
    }
}
