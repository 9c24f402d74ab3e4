//! What a time line marks: the warm-up and the single events of a run.

use super::chart::Period;
use crate::experiment::Experiment;
use crate::model::scenario::Scenario;

/// Warm-up and events that are the same in all runs of an experiment, in seconds.
pub(super) fn run_events(experiment: &Experiment) -> Vec<Period> {
    let [first, last] = [0, experiment.points().saturating_sub(1)]
        .map(|point| experiment.scenarios(point).iter().flat_map(events).collect::<Vec<_>>());
    let mut events: Vec<Period> = first.into_iter().filter(|event| last.contains(event)).collect();
    events.dedup();
    events
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
