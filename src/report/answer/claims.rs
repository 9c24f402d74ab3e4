//! The verdicts on claims in words, with a mark for each.

use std::collections::BTreeMap;

use super::tabled::Tabled;
use crate::experiment::Experiment;
use crate::experiment::claim::{Claim, Condition, Relation};
use crate::report::columns::NO_BREAK;
use crate::report::digits::in_words;
use crate::report::inference::JudgedClaim;
use crate::report::labels::PointLabels;

/// What is said of the claims of a quick run.
const NOT_JUDGED: &str = "Claims are not judged: a quick run says nothing about them.";

/// A line about the claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClaimLine {
    /// `✓` holds, `✗` fails, `?` cannot be told; `None` in front of what is said of all.
    pub mark: Option<char>,
    /// The text without the mark.
    pub text: String,
}

/// A line for each claim; none without claims.
pub(super) fn lines(tabled: &Tabled) -> Vec<ClaimLine> {
    let claims = tabled.experiment.claims();
    if tabled.experiment.quick() && !claims.is_empty() {
        return vec![ClaimLine { mark: None, text: NOT_JUDGED.to_owned() }];
    }
    let places = PlaceNames::new(&tabled.experiment);
    tabled.claims.iter().zip(claims).map(|(judged, claim)| line(judged, claim, &places)).collect()
}

/// Points as verdicts name them, by the paths of keys, and as people read them.
struct PlaceNames(BTreeMap<String, String>);

impl PlaceNames {
    fn new(experiment: &Experiment) -> PlaceNames {
        let labels = PointLabels::new(experiment);
        PlaceNames((0..experiment.points()).map(|point| (experiment.words_of_point(point), labels.of(point))).collect())
    }

    /// The place as people read it; one that is no point of the experiment as it is.
    fn read<'a>(&'a self, at: &'a str) -> &'a str {
        self.0.get(at).map_or(at, String::as_str)
    }
}

/// A claim with its verdict: `text: 23.4 (23.2 to 23.6) s`.
fn line(judged: &JudgedClaim, claim: &Claim, places: &PlaceNames) -> ClaimLine {
    let mark = match (judged.holds(), judged.fails()) {
        (true, _) => '✓',
        (_, true) => '✗',
        _ => '?',
    };
    let unit = if matches!(claim.relation, Relation::Over(_)) { "" } else { claim.metric.unit() };
    let measured = match judged.measured {
        // A line is not broken within a number and its unit.
        Some(value) => in_words(value, judged.low95.zip(judged.high95), unit).replace(' ', NO_BREAK),
        None => "no value".to_owned(),
    };
    let verdict = match (judged.holds(), judged.fails()) {
        (true, _) => String::new(),
        (_, true) => format!(", {}: not {}", judged.verdict, condition(claim.is, unit)),
        _ => format!(", {}: {}", judged.verdict, condition(claim.is, unit)),
    };
    let reason = if judged.reason.is_empty() { String::new() } else { format!(" ({})", judged.reason) };
    let at = match places.read(&judged.at) {
        "" => String::new(),
        at if claim.points.is_none() && judged.holds() => format!(" at {at}, and at every other point"),
        at => format!(" at {at}"),
    };
    ClaimLine { mark: Some(mark), text: format!("{}: {measured}{at}{verdict}{reason}", judged.text) }
}

/// What is claimed, as in the file: `<= 0.4 s`.
fn condition(is: Condition, unit: &str) -> String {
    let number = |value: f64| in_words(value, Some((value, value)), unit).replace(' ', NO_BREAK);
    match is {
        Condition::Above(limit) => format!("> {}", number(limit)),
        Condition::AtLeast(limit) => format!(">= {}", number(limit)),
        Condition::Below(limit) => format!("< {}", number(limit)),
        Condition::AtMost(limit) => format!("<= {}", number(limit)),
        Condition::Within(value, by) => format!("= {} within {}", number(value), number(by)),
        Condition::Theory => "= theory".to_owned(),
    }
}
