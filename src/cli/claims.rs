//! The verdicts on the claims of an experiment.

use std::io::IsTerminal;

use super::output::print_line;
use crate::experiment::Experiment;
use crate::experiment::claim::Relation;
use crate::report::{Folder, JudgedClaim, ReportError, in_words};
use crate::terminal::without_controls;

/// Prints the verdicts on the claims of `experiment`, whose results are in `folder`; gives the number of claims that fail.
pub(super) fn print_claims(folder: &Folder, experiment: &Experiment) -> Result<usize, anyhow::Error> {
    if experiment.claims().is_empty() {
        return Ok(0);
    }
    if experiment.quick() {
        print_line("claims are not judged: a quick run says nothing about them")?;
        return Ok(0);
    }
    let Some(manifest) = folder.manifest().map_err(ReportError::from)? else { return Ok(0) };
    let is_coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    for (judged, claim) in manifest.claims.iter().zip(experiment.claims()) {
        let unit = if matches!(claim.relation, Relation::Over(_)) { "" } else { claim.metric.unit() };
        print_line(line(judged, (unit, claim.points.is_none()), is_coloured))?;
    }
    Ok(manifest.claims.iter().filter(|claim| claim.fails()).count())
}

/// A claim with its verdict: `✓ text: 23.4 (23.2 to 23.6) s`.
fn line(claim: &JudgedClaim, (unit, is_everywhere): (&str, bool), is_coloured: bool) -> String {
    let (mark, colour) = match (claim.holds(), claim.fails()) {
        (true, _) => ("✓", "32"),
        (_, true) => ("✗", "31"),
        _ => ("?", "33"),
    };
    let mark = if is_coloured { format!("\x1b[{colour}m{mark}\x1b[0m") } else { mark.to_owned() };
    let measured = match claim.measured {
        Some(value) => in_words(value, claim.low95.zip(claim.high95), unit),
        None => "no value".to_owned(),
    };
    let verdict = if claim.holds() { String::new() } else { format!(", {}", claim.verdict) };
    let reason = if claim.reason.is_empty() { String::new() } else { format!(" ({})", claim.reason) };
    let at = match claim.at.as_str() {
        "" => String::new(),
        at if is_everywhere && claim.holds() => format!(" at {at}, and at every other point"),
        at => format!(" at {at}"),
    };
    let text = without_controls(&format!("{}: {measured}{at}{verdict}{reason}", claim.text), |_| false);
    format!("{mark} {text}")
}
