//! The choice of a warm-up (`warmup = "auto"`): a pilot runs every transport at every point from t = 0, and the warm-up
//! lasts until all their metrics have settled.
//!
//! The choice depends on the plan alone, not on threads or on time, and it is part of the results: with another rule the
//! same file gives other numbers.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::RunFailure;
use super::fewer::fewer;
use super::settling::{SETTLING_METRICS, Strictness, alike, late_metrics};
use crate::experiment::Plan;
use crate::model::{Scenario, Totals, shards, simulate};
use crate::stats::Matters;
use crate::units::Time;

/// Replications of the pilot. They are those of the run, as far as its clients are not fewer: MSER-5 is made to cut the
/// output that it has seen.
const REPLICATIONS: u32 = 3;
/// Most clients of the pilot, unless it needs more to be like the run.
const CLIENTS: u32 = 500;
/// The same where clients come and go, because not all are there at once.
const COMERS: u32 = 4000;
/// Fewest time bins of the pilot.
const BINS: u64 = 1000;
/// The probability of a needlessly long warm-up.
const CHANCE: f64 = 0.01;

/// The chosen warm-up, and why.
#[derive(Clone, Debug)]
pub struct WarmupChoice {
    /// The warm-up.
    pub warmup: Time,
    /// Replications that the pilot has simulated.
    pub runs: u64,
    /// Their events.
    pub events: u64,
    /// The metric that settles last; `None` if the shortest warm-up is enough.
    pub last: Option<Settled>,
    /// Metrics that do not settle in the first half of the pilot.
    pub unsettled: Vec<Settled>,
}

/// When a metric settles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// Number of the point.
    pub point: usize,
    /// Number of the transport.
    pub transport: usize,
    /// The name of the metric.
    pub metric: &'static str,
    /// When it settles; the middle of the pilot if it does not by then.
    pub at: Time,
    /// Whether it settles by then.
    pub is_settled: bool,
}

/// The pilot of one transport at one point.
#[derive(Clone, Copy)]
struct WarmupPilot {
    point: usize,
    transport: usize,
}

/// Chooses the shortest warm-up that holds for all transports and points of `plan`, whose scenarios have the shortest one
/// that settings ask for ([`Scenario::shortest_warmup`]). On `threads` threads (0: all cores).
///
/// A scenario that is meant to change asks for no more. If a metric does not settle in the first half of the pilot, the
/// warm-up is that half.
///
/// # Errors
/// If the threads cannot be started.
pub fn choose_warmup(plan: &Plan, threads: usize) -> Result<WarmupChoice, RunFailure> {
    let pilots = pilots(plan);
    let strictness =
        Strictness { chance: CHANCE / (pilots.len().max(1) * SETTLING_METRICS) as f64, matters: Matters::Always };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let looked = pool.install(|| pilots.par_iter().map(|pilot| look(plan, *pilot, strictness)).collect::<Vec<_>>());

    let shortest = (0..plan.points()).filter_map(|point| plan.scenarios(point).first().map(|one| one.window.warmup));
    let mut choice = WarmupChoice {
        warmup: shortest.max().unwrap_or_default(),
        runs: looked.len() as u64 * u64::from(REPLICATIONS),
        events: 0,
        last: None,
        unsettled: Vec::new(),
    };
    for (events, found) in looked {
        choice.events += events;
        for settled in found {
            if !settled.is_settled {
                choice.unsettled.push(settled);
            }
            if choice.last.is_none_or(|last| last.at < settled.at) {
                choice.last = Some(settled);
            }
        }
    }
    choice.warmup = choice.last.map_or(choice.warmup, |last| choice.warmup.max(last.at)).rounded_up();
    Ok(choice)
}

/// One pilot for all points at which a transport has the same scenario, as far as the first point and the one before
/// tell. Scenarios that are meant to change have none.
fn pilots(plan: &Plan) -> Vec<WarmupPilot> {
    let mut pilots = Vec::new();
    let mut seen: Vec<[Scenario; 2]> = Vec::new();
    for point in 0..plan.points() {
        for (transport, scenario) in plan.scenarios(point).iter().enumerate() {
            let scenario = pilot_scenario(scenario);
            let is_known = seen.get(transport).is_some_and(|seen| seen.contains(&scenario));
            if !is_known && !scenario.is_meant_to_change() {
                pilots.push(WarmupPilot { point, transport });
            }
            match seen.get_mut(transport) {
                Some([_, last]) => *last = scenario,
                None => seen.push([scenario.clone(), scenario]),
            }
        }
    }
    pilots
}

/// The scenario with fewer clients, and with time bins that are fine enough.
fn pilot_scenario(scenario: &Scenario) -> Scenario {
    let most = if scenario.clients.come_and_go() { COMERS } else { CLIENTS };
    let mut pilot = fewer(scenario, most).scenario;
    pilot.window.bin = pilot.window.bin.min(Time(pilot.window.horizon().0 / BINS)).max(Time(1));
    pilot
}

/// Runs the pilot of one transport at one point. Returns its events, and the metrics that settle late.
fn look(plan: &Plan, pilot: WarmupPilot, strictness: Strictness) -> (u64, Vec<Settled>) {
    let scenario = pilot_scenario(&plan.scenarios(pilot.point)[pilot.transport]);
    let mut pooled: Option<Totals> = None;
    for replication in 0..REPLICATIONS {
        for clients in shards(&scenario) {
            let totals = simulate(&scenario, replication, clients);
            match &mut pooled {
                Some(pooled) => pooled.merge(&totals),
                None => pooled = Some(totals),
            }
        }
    }
    let Some(pooled) = pooled else { return (0, Vec::new()) };
    let half = Time(scenario.window.horizon().0 / 2);
    let late =
        alike(&scenario, &pooled).into_iter().flat_map(|totals| late_metrics(totals, &scenario.window, strictness));
    let settled = late.map(|late| Settled {
        point: pilot.point,
        transport: pilot.transport,
        metric: late.metric,
        at: late.until.unwrap_or(half),
        is_settled: late.until.is_some(),
    });
    (pooled.events, settled.collect())
}
