//! A comparison as a table for a document.

use std::fmt::Write as _;

use super::contrasts::PairRow;
use super::rounded::rounded;
use super::text::{probability, with_half};
use crate::experiment::Experiment;

/// The rows as a Markdown table; points are those of `experiment`.
pub fn comparison_markdown(experiment: &Experiment, rows: &[PairRow]) -> String {
    let mut text = "| point | transport | baseline | metric | difference | ratio | p | significant |\n\
                    | --- | --- | --- | --- | ---: | ---: | ---: | --- |\n"
        .to_owned();
    for row in rows {
        let contrast = &row.contrast;
        let difference = with_half(contrast.difference, contrast.difference_interval.map(|ends| ends.half_width));
        let ratio = contrast.ratio.map(|ratio| with_half(ratio, contrast.ratio_interval.map(|ends| ends.half_width)));
        let cells = [
            experiment.words_of_point(row.point),
            row.transport.clone(),
            row.baseline.clone(),
            row.metric.name().to_owned(),
            format!("{difference} {}", row.metric.unit()).trim_end().to_owned(),
            ratio.unwrap_or_default(),
            row.p_value.map(probability).unwrap_or_default(),
            row.is_significant().map_or("", |is| if is { "yes" } else { "no" }).to_owned(),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|").replace('<', "&lt;"));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// The rows as a LaTeX table with booktabs and siunitx; points are those of `experiment`.
pub fn comparison_latex(experiment: &Experiment, rows: &[PairRow]) -> String {
    let mut text = "% \\usepackage{booktabs, siunitx}\n\\begin{tabular}{llllrrr}\n\\toprule\n\
                    point & transport & baseline & metric & difference & ratio & $p$ \\\\\n\\midrule\n"
        .to_owned();
    for row in rows {
        let contrast = &row.contrast;
        let difference = number(contrast.difference, contrast.difference_interval.map(|ends| ends.half_width));
        let ratio = contrast.ratio.map(|ratio| number(ratio, contrast.ratio_interval.map(|ends| ends.half_width)));
        let p = row.p_value.map(|p| if p < 0.001 { "$<0.001$".to_owned() } else { format!("${p:.3}$") });
        let unit = if row.metric.unit().is_empty() { String::new() } else { format!(" {}", row.metric.unit()) };
        let cells = [
            escaped(&experiment.words_of_point(row.point)),
            escaped(&row.transport),
            escaped(&row.baseline),
            escaped(row.metric.name()),
            format!("{difference}{unit}"),
            ratio.unwrap_or_default(),
            p.unwrap_or_default(),
        ];
        let _ = writeln!(text, "{} \\\\", cells.join(" & "));
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

fn number(value: f64, half: Option<f64>) -> String {
    match half {
        Some(half) if half > 0.0 => format!("\\num{{{} +- {}}}", rounded(value, Some(half)), rounded(half, Some(half))),
        _ => format!("\\num{{{}}}", rounded(value, None)),
    }
}

/// A text with the characters that LaTeX would obey escaped.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '\\' => "\\textbackslash{}".to_owned(),
        '~' => "\\textasciitilde{}".to_owned(),
        '^' => "\\textasciicircum{}".to_owned(),
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}
