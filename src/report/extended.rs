//! A run that adds to the results in its folder: what it cannot keep, and what it replaces.

use super::existing::ELSEWHERE;
use super::folder::Folder;
use super::manifest::{Manifest, sha256};
use super::request::{RESOLVED, ReportError, RunRequest};
use super::stored::experiment_of;
use crate::experiment::{Experiment, KeySearch, Target};
use crate::terminal::shown;

/// Says which parts of the results in the folder, which `before` describes, the run replaces.
///
/// # Errors
/// If the warm-up that was chosen for the run is another one than that of the results, so that none of their replications
/// could be used.
pub(super) fn check(folder: &Folder, request: &RunRequest, before: &Manifest) -> Result<(), ReportError> {
    let (path, here) = (shown(folder.path()), request.experiment);
    if let (Some(there), Some(chosen)) = (before.chosen_warmup(), here.chosen_warmup())
        && there != chosen
    {
        return Err(ReportError::Refused(format!(
            "{path} holds results with the warm-up {there}, and for this experiment warmup = \"auto\" chooses {chosen}, \
             so that no replication could be kept: write warmup = \"{there}\" to add to them, {ELSEWHERE}"
        )));
    }
    let whole = folder.read(RESOLVED).ok().filter(|bytes| before.results.get(RESOLVED) == Some(&sha256(bytes)));
    if let Some(there) = whole.and_then(|bytes| experiment_of(folder, bytes).ok()) {
        for what in replaced(&there, here) {
            (request.on_note)(&format!("note: {path}: {what}"));
        }
    }
    Ok(())
}

/// What the results of `here` replace, besides numbers that they have too.
fn replaced(there: &Experiment, here: &Experiment) -> Vec<String> {
    let mut told = Vec::new();
    if let (Some(before), Some(now)) = (there.search(), here.search())
        && question(there, before) != question(here, now)
    {
        let question = question(there, before);
        told.push(format!(
            "the answer to another search is replaced ({question}); the replications that both need are used again"
        ));
    }
    let (before, now) = (there.transports(), here.transports());
    let is_in_order = {
        let kept: Vec<&String> = now.iter().filter(|name| before.contains(name)).collect();
        before.iter().filter(|name| now.contains(name)).collect::<Vec<_>>() == kept
    };
    if !is_in_order {
        told.push(format!("its tables had the transports in another order ({})", before.join(", ")));
    }
    told
}

/// What a search asks.
fn question(experiment: &Experiment, search: &KeySearch) -> String {
    let end = |point: usize| experiment.coordinates(point).concat();
    let mut of: Vec<&str> =
        search.transports.iter().map(|transport| experiment.transports()[*transport].as_str()).collect();
    if !matches!(search.target, Target::Equal(_)) {
        // Each has an answer of its own, whatever their order.
        of.sort_unstable();
    }
    let population = search.population.and_then(|place| {
        let scenario = experiment.scenarios(0).into_iter().next()?;
        scenario.populations.get(place).map(|population| format!(", population {}", population.name))
    });
    let (key, text) = (&search.key, &search.text);
    format!(
        "{text}, {key} from {} to {}, with {}{}",
        end(0),
        end(experiment.points() - 1),
        of.join(" and "),
        population.unwrap_or_default()
    )
}
