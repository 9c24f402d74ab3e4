//! What a run will take, from a small pilot of the same scenarios.

use std::time::{Duration, Instant};

use super::Jobs;
use crate::experiment::Experiment;
use crate::model::{Scenario, job_bytes, simulate};
use crate::units::Time;

/// What a whole run is expected to take.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Events of all jobs, warm-up included.
    pub events: f64,
    /// Processor time of all jobs.
    pub processor_seconds: f64,
    /// Memory of the largest job at work, in bytes.
    pub job_bytes: f64,
    /// Memory of the results of all jobs until they are written, in bytes.
    pub results_bytes: f64,
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
    let mut total = Estimate { events: 0.0, processor_seconds: 0.0, job_bytes: 0.0, results_bytes: 0.0 };
    let (mut jobs_seen, mut groups_seen) = (0.0, 0.0);
    for point in (0..points).step_by(step) {
        let replications = f64::from(experiment.replications_at(point));
        for scenario in experiment.scenarios(point) {
            let pilot = run_pilot(&scenario);
            total.events += pilot.events * replications;
            total.processor_seconds += pilot.processor_seconds * replications;
            total.job_bytes = total.job_bytes.max(pilot.job_bytes);
            total.results_bytes += pilot.results_bytes;
            groups_seen += 1.0;
            jobs_seen += replications;
        }
    }
    let scale = Jobs::of(experiment).count() as f64 / f64::max(jobs_seen, 1.0);
    let groups = (points * experiment.transports().len()) as f64;
    Estimate {
        events: total.events * scale,
        processor_seconds: total.processor_seconds * scale,
        job_bytes: total.job_bytes,
        results_bytes: total.results_bytes * groups / f64::max(groups_seen, 1.0),
    }
}

/// One replication of `scenario`, scaled up from as much of it as the time allows: first a longer and longer part of the
/// run of one client, then more and more clients.
fn run_pilot(scenario: &Scenario) -> Estimate {
    let horizon = scenario.window.horizon();
    let mut part = scenario.clone();
    part.window.warmup = Time::ZERO;
    part.window.duration = Time(horizon.0 / 64).max(Time(1)).min(horizon);
    let mut clients = 1;
    loop {
        let start = Instant::now();
        let totals = simulate(&part, 0, 0..clients);
        let elapsed = start.elapsed();
        let is_whole = part.window.duration == horizon && clients == scenario.clients.count;
        if elapsed * 2 > PILOT_TIME || is_whole {
            let scale = f64::from(scenario.clients.count) / f64::from(clients) * horizon.0 as f64
                / part.window.duration.0 as f64;
            return Estimate {
                events: totals.events as f64 * scale,
                processor_seconds: elapsed.as_secs_f64() * scale,
                job_bytes: job_bytes(scenario) as f64,
                results_bytes: results_bytes(scenario),
            };
        }
        if part.window.duration < horizon {
            part.window.duration = part.window.duration.times(4).min(horizon);
        } else {
            clients = clients.saturating_mul(4).min(scenario.clients.count);
        }
    }
}

/// Memory of the merged totals of one transport at one point, and of its rows in the time line on their way to the charts.
fn results_bytes(scenario: &Scenario) -> f64 {
    const HISTOGRAM: f64 = 100_000.0;
    const ROW: f64 = 500.0;
    let bins = scenario.window.horizon().0.div_ceil(scenario.window.bin.0);
    job_bytes(scenario) as f64 + HISTOGRAM + ROW * bins as f64
}
