//! What a time line marks: the warm-up and the single events of a run.

use super::chart::Period;
use crate::experiment::Experiment;
use crate::model::scenario::Scenario;

/// Warm-up and events that are the same in all runs of an experiment, in seconds, each once.
pub(super) fn run_events(experiment: &Experiment) -> Vec<Period> {
    let mut common: Option<Vec<Period>> = None;
    for scenario in (0..experiment.points()).flat_map(|point| experiment.scenarios(point)) {
        let of_run = events(&scenario);
        match &mut common {
            None => common = Some(of_run),
            Some(common) => common.retain(|event| of_run.contains(event)),
        }
        if common.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
    }
    common.unwrap_or_default()
}

fn events(scenario: &Scenario) -> Vec<Period> {
    let span = |name: &str, from: f64, to: f64| Period { from, to, name: name.to_owned() };
    let warmup = scenario.window.warmup.as_secs_f64();
    let restart = scenario.server.restart.map(|restart| {
        let at = restart.at.as_secs_f64();
        span("restart", at, at + restart.down.as_secs_f64())
    });
    let crowd = scenario.clients.crowd.map(|crowd| crowd.at.as_secs_f64()).map(|at| span("crowd", at, at));
    let warmup = if warmup > 0.0 { Some(span("warm-up", 0.0, warmup)) } else { None };
    [warmup, restart, crowd].into_iter().flatten().collect()
}
