//! What a run will take, from a small pilot of the same scenarios.

use std::time::{Duration, Instant};

use super::Jobs;
use crate::experiment::Experiment;
use crate::model::{Scenario, job_bytes, simulate};

/// What a whole run is expected to take.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Events of all jobs, warm-up included.
    pub events: f64,
    /// Processor time of all jobs.
    pub processor_seconds: f64,
    /// Memory of the largest job at work, in bytes.
    pub job_bytes: f64,
}

/// Points that the pilot looks at, at most; the others are taken to be like their neighbours.
const PILOT_POINTS: usize = 12;
/// Processor time that the pilot may take for one scenario.
const PILOT_TIME: Duration = Duration::from_millis(60);

/// Runs a few clients of a few points and scales up. Events and memory are those of the scenario, the time is that of
/// this machine now.
pub fn estimate(experiment: &Experiment) -> Estimate {
    let points = experiment.points();
    let step = points.div_ceil(PILOT_POINTS).max(1);
    let mut total = Estimate { events: 0.0, processor_seconds: 0.0, job_bytes: 0.0 };
    let mut jobs_seen = 0.0;
    for point in (0..points).step_by(step) {
        let replications = f64::from(experiment.replications_at(point));
        for scenario in experiment.scenarios(point) {
            let pilot = run_pilot(&scenario);
            total.events += pilot.events * replications;
            total.processor_seconds += pilot.processor_seconds * replications;
            total.job_bytes = total.job_bytes.max(pilot.job_bytes);
            jobs_seen += replications;
        }
    }
    let scale = Jobs::of(experiment).count() as f64 / f64::max(jobs_seen, 1.0);
    Estimate { events: total.events * scale, processor_seconds: total.processor_seconds * scale, ..total }
}

/// One replication of `scenario`, scaled up from as many clients as the time allows.
fn run_pilot(scenario: &Scenario) -> Estimate {
    let mut whole = scenario.clone();
    whole.window.duration = whole.window.horizon();
    whole.window.warmup = crate::units::Time::ZERO;
    let mut clients = 1;
    loop {
        let start = Instant::now();
        let totals = simulate(&whole, 0, 0..clients);
        let elapsed = start.elapsed();
        if elapsed * 2 > PILOT_TIME || clients == scenario.clients.count {
            let scale = f64::from(scenario.clients.count) / f64::from(clients);
            return Estimate {
                events: totals.events as f64 * scale,
                processor_seconds: elapsed.as_secs_f64() * scale,
                job_bytes: job_bytes(scenario) as f64,
            };
        }
        clients = clients.saturating_mul(4).min(scenario.clients.count);
    }
}
