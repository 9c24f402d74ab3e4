//! The sentence that answers.

use super::ratio::Standing;
use super::rival::{Rival, at_point, variants};
use super::sheet::is_of_transports;
use super::tabled::Tabled;
use super::verdict::verdict;
use crate::report::labels::PointLabels;

/// What the results say. Transports are compared at one point; values of a swept key only if it belongs to a transport.
/// The answers of a search stand by themselves.
pub(super) fn sentence(tabled: &Tabled) -> String {
    let experiment = &*tabled.experiment;
    let labels = PointLabels::new(experiment);
    let baseline = experiment.baseline();
    let text = if experiment.search().is_some() {
        String::new()
    } else if experiment.points() == 1 {
        verdict(&at_point(tabled, 0), baseline).to_string()
    } else if is_of_transports(experiment) {
        verdict(&variants(tabled, &labels), baseline).to_string()
    } else {
        along(tabled, &labels)
    };
    let single = || match tabled.readings.replications() {
        Some((fewest, _)) => fewest == 1,
        None => experiment.replications_of_points().contains(&1),
    };
    let caution = if experiment.quick() {
        "This is a quick run, not for publication."
    } else if single() {
        "One replication gives no intervals."
    } else {
        ""
    };
    format!("{text} {caution}").trim().to_owned()
}

/// The first and the last point: each by itself, and what holds for both.
fn along(tabled: &Tabled, labels: &PointLabels) -> String {
    let last = tabled.experiment.points() - 1;
    let said = |point: usize| verdict(&at_point(tabled, point), tabled.experiment.baseline());
    let (mut first_said, mut last_said) = (said(0), said(last));
    let names = [labels.of(0), labels.of(last)];
    let of_points = if first_said.to_string() == last_said.to_string() {
        format!("At {} and at {}: {first_said}", names[0], names[1])
    } else {
        let common = first_said.common(&mut last_said);
        let both =
            if common.is_empty() { String::new() } else { format!(" At both: {}", lower_first(&common.join(" "))) };
        format!("At {}: {first_said} At {}: {last_said}{both}", names[0], names[1])
    };
    let everywhere = match always_first(tabled) {
        Some(name) => {
            format!(" {name} sends the fewest bytes for each message at every one of the {} points.", last + 1)
        }
        None => String::new(),
    };
    format!("{of_points}{everywhere}")
}

/// The first letter small; sentences begin with words of this program.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The transport with the fewest bytes for each message at every point, if there are several transports and it is one.
fn always_first(tabled: &Tabled) -> Option<String> {
    let first = |point: usize| {
        let rivals = at_point(tabled, point);
        let is_less = |rival: &Rival, other: &Rival| match (&rival.bytes, &other.bytes) {
            (Some(one), Some(more)) => {
                one.standing(more) == Standing::Apart && one.estimate.value < more.estimate.value
            }
            _ => false,
        };
        let wins = |rival: &&Rival| rivals.iter().all(|other| other.name == rival.name || is_less(rival, other));
        if rivals.len() > 1 { rivals.iter().find(wins).map(|rival| rival.name.clone()) } else { None }
    };
    let name = first(0)?;
    let is_first = (1..tabled.experiment.points()).all(|point| first(point).as_ref() == Some(&name));
    if is_first { Some(name) } else { None }
}
