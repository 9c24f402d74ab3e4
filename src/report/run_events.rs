//! What a time line marks: the warm-up and the single events of a run.

use super::chart::Period;
use crate::experiment::Experiment;
use crate::experiment::chart::ChartKind;
use crate::model::scenario::Scenario;

/// What they depend on.
const KEYS: [&str; 3] = ["experiment.warmup", "server.restart", "clients.crowd"];

/// Warm-up and events that are the same in all runs of an experiment, in seconds, each once; none if no chart shows them.
pub(super) fn run_events(experiment: &Experiment) -> Vec<Period> {
    if experiment.charts().iter().all(|chart| chart.kind != ChartKind::Timeline) {
        return Vec::new();
    }
    let mut common: Option<Vec<Period>> = None;
    for scenario in experiment.points_by(&KEYS).flat_map(|point| experiment.scenarios(point)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(rest: &str) -> Experiment {
        let transport =
            |name: &str| format!("[[transport]]\nname = \"{name}\"\nshort_poll = {{ interval = \"5 s\" }}\n");
        let text = format!(
            "[experiment]\nwarmup = \"20 s\"\n[clients]\ncount = 4\n[source]\npoisson.rate = \"1 /s\"\n[server]\n\
             restart = {{ at = \"30 s\", down = \"5 s\" }}\n{}{rest}",
            ["one", "other", "third"].map(transport).concat()
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    fn names(sweep: &str) -> Vec<String> {
        let events = run_events(&experiment(&format!("{sweep}[[chart]]\nname = \"c\"\nkind = \"timeline\"\n")));
        events.into_iter().map(|event| format!("{} {} {}", event.name, event.from, event.to)).collect()
    }

    #[test]
    fn what_all_transports_share_is_there_once() {
        assert_eq!(names(""), ["warm-up 0 20", "restart 30 35"]);
        assert_eq!(names("[sweep]\n\"clients.count\" = [1, 2]\n"), ["warm-up 0 20", "restart 30 35"]);
    }

    /// The first point and the last one have the same, but not the one between.
    #[test]
    fn what_differs_between_points_is_not_there() {
        let sweep = "[sweep]\nmode = \"zip\"\n\"clients.count\" = [1, 2, 3]\n\"server.restart.down\" = [\"5 s\", \"6 s\", \"5 s\"]\n";
        assert_eq!(names(sweep), ["warm-up 0 20"]);
        assert_eq!(names("[sweep]\n\"experiment.warmup\" = [\"20 s\", \"25 s\"]\n"), ["restart 30 35"]);
    }

    #[test]
    fn only_points_with_other_events_are_read() {
        let points = |sweep: &str| experiment(sweep).points_by(&KEYS).collect::<Vec<_>>();
        assert_eq!(points(""), [0]);
        assert_eq!(points("[sweep]\n\"clients.count\" = [1, 2]\n\"source.payload\" = [\"1 B\", \"2 B\"]\n"), [0]);
        let sweep = "[sweep]\n\"clients.count\" = [1, 2]\n\"server.restart.down\" = [\"5 s\", \"6 s\"]\n";
        assert_eq!(points(sweep), [0, 1]);
        let whole =
            "[sweep]\n\"server.restart\" = [{ at = \"9 s\", down = \"5 s\" }, { at = \"8 s\", down = \"5 s\" }]\n";
        assert_eq!(points(whole), [0, 1]);
        assert_eq!(points(&sweep.replace("[sweep]", "[sweep]\nmode = \"zip\"")), [0, 1]);
    }

    #[test]
    fn without_a_time_line_there_are_none() {
        assert!(run_events(&experiment("[[chart]]\nname = \"c\"\nkind = \"bar\"\n")).is_empty());
    }
}
