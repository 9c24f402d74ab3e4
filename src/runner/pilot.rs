//! What a run will take, from a small pilot of the same scenarios.

use std::time::{Duration, Instant};

use super::group::Replication;
use super::journal::record;
use super::memory::{Latencies, Memory, stretches};
use crate::experiment::Experiment;
use crate::model::scenario::Arrivals;
use crate::model::{Scenario, Totals, parts, simulate};
use crate::units::{BitRate, Rate, Time};

/// What a whole run is expected to take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Estimate {
    /// Events of all jobs, warm-up included.
    pub events: f64,
    /// Time of all threads together that all jobs take, in seconds.
    pub processor_seconds: f64,
    /// Time in which one job after the other is saved, in seconds.
    pub saving_seconds: f64,
    /// Threads that have something to do at most.
    pub most_threads: f64,
    /// Time bins of all groups: rows of the time line.
    pub bins: f64,
    /// The most memory in use at any time, in bytes.
    pub memory_bytes: f64,
}

/// Scenarios that the pilot runs, at most; those of other points are taken to be like their neighbours.
const SCENARIOS: usize = 24;
/// Time that the pilot may take for all of them.
const PILOT_TIME: Duration = Duration::from_millis(250);
/// Points of a stretch whose size is looked at, at most.
const WEIGHED: usize = 100;
/// Clients of a pilot, at most: as many as share the processor's cache in a run.
const CLIENTS: u32 = 1024;
/// The first run of a pilot goes to this part of the horizon: in a year, 30 microseconds.
const FIRST_STEP: u64 = 1 << 40;

/// Runs some clients of some points and scales up, for a run on `threads` threads. Events and memory are those of the
/// scenario, the time is that of this machine now.
pub fn estimate(experiment: &Experiment, threads: usize) -> Estimate {
    let transports = experiment.transports().len().max(1);
    let most = (SCENARIOS / transports).max(1);
    let count = experiment.points().min(most);
    let time = PILOT_TIME / (count * transports).max(1) as u32;
    let mut estimate = Estimate::default();
    let mut memory = Memory::default();
    for (place, stretch) in stretches(experiment.points(), most).enumerate() {
        // Steps of the golden ratio do not fall in with those of an inner sweep.
        let share = (place as f64 * 0.618_034 + 0.5).fract();
        let pilot_point = stretch.start + (stretch.len() as f64 * share) as usize;
        let pilots: Vec<_> = experiment
            .scenarios(pilot_point)
            .into_iter()
            .map(|scenario| (run_pilot(&scenario, time), size(&scenario)))
            .collect();
        for like in stretches(stretch.len(), WEIGHED) {
            let point = stretch.start + like.start;
            let replications = experiment.replications_at(point);
            let jobs = f64::from(replications) * like.len() as f64;
            for (scenario, (pilot, pilot_size)) in experiment.scenarios(point).iter().zip(&pilots) {
                let scale = jobs * size(scenario) / pilot_size;
                estimate.events += pilot.events * scale;
                estimate.processor_seconds += pilot.seconds * scale;
                estimate.saving_seconds += pilot.saving_seconds * jobs;
                estimate.most_threads += jobs * parts(scenario).len() as f64;
                estimate.bins +=
                    (scenario.window.horizon().0.div_ceil(scenario.window.bin.0) * like.len() as u64) as f64;
                memory.add_groups(scenario, replications, pilot.latencies, like.len() as f64);
            }
        }
    }
    Estimate { memory_bytes: memory.peak(threads), ..estimate }
}

/// What the cost of a scenario grows with.
fn size(scenario: &Scenario) -> f64 {
    f64::from(scenario.population()) * scenario.window.horizon().as_secs_f64()
}

/// One replication.
struct Pilot {
    events: f64,
    seconds: f64,
    saving_seconds: f64,
    latencies: Latencies,
}

/// One replication of `scenario`, scaled up from as much of it as `time` allows.
///
/// A full set of clients gives the time of an event: what a longer run costs more than a shorter one, so that what is
/// done once per client counts once. Where `time` does not suffice to the horizon, fewer clients give the number of
/// events up to there: the start of a run is not like the rest.
fn run_pilot(scenario: &Scenario, time: Duration) -> Pilot {
    let horizon = scenario.window.horizon();
    let few = fewer(scenario, CLIENTS);
    let (scenario, population, clients) = (&few, scenario.population(), few.population());
    let mut span = Time((horizon.0 / FIRST_STEP).max(1)).min(horizon);
    let mut longer = measure(scenario, span);
    let mut shorter = None;
    while longer.elapsed * 4 < time && span < horizon {
        let factor = match longer.elapsed {
            elapsed if elapsed * 512 < time => 64,
            elapsed if elapsed * 64 < time => 8,
            _ => 2,
        };
        span = span.times(factor).min(horizon);
        shorter = Some(std::mem::replace(&mut longer, measure(scenario, span)));
    }
    let (seconds, events) = (longer.elapsed.as_secs_f64(), longer.totals.events as f64);
    let whole = f64::from(population) / f64::from(clients);
    let saving_seconds = time_to_save(&longer.totals, scenario);
    if span == horizon {
        let latencies = Latencies::like(&longer.totals, whole);
        return Pilot { events: events * whole, seconds: seconds * whole, saving_seconds, latencies };
    }
    let per_event = match shorter.filter(|shorter| shorter.totals.events * 3 < longer.totals.events * 2) {
        Some(shorter) => {
            let more = events - shorter.totals.events as f64;
            f64::max(seconds - shorter.elapsed.as_secs_f64(), seconds / 4.0) / more
        }
        None => seconds / f64::max(events, 1.0),
    };
    let part = to_horizon(scenario, f64::from(clients) * span.0 as f64 / horizon.0 as f64);
    let all_events = part.events * f64::from(population);
    Pilot {
        events: all_events,
        seconds: seconds * whole + per_event * f64::max(all_events - events * whole, 0.0),
        saving_seconds,
        latencies: Latencies::like(&part.totals, f64::from(population) / f64::from(part.clients)),
    }
}

/// What a few clients do up to the horizon.
struct Part {
    clients: u32,
    /// Events of each client.
    events: f64,
    totals: Totals,
}

/// Runs as many clients to the horizon as the time for `clients` of them allows: where it is for less than one, one
/// client for a part of the time, of which the first half does not count.
fn to_horizon(scenario: &Scenario, clients: f64) -> Part {
    let horizon = scenario.window.horizon();
    if clients >= 1.0 {
        let few = fewer(scenario, clients as u32);
        let (clients, totals) = (few.population(), measure(&few, horizon).totals);
        return Part { clients, events: totals.events as f64 / f64::from(clients), totals };
    }
    let mut part = fewer(scenario, 1);
    let half = Time((horizon.0 as f64 * clients / 2.0) as u64).max(Time(1));
    part.window.warmup = half;
    part.window.duration = half;
    let clients = part.population();
    let totals = simulate(&part, 0, 0..clients);
    let events = totals.events as f64 / f64::from(clients) * horizon.0 as f64 / half.0 as f64;
    Part { clients, events, totals }
}

/// The scenario with so many clients at most, but a whole group, and a server for so many.
fn fewer(scenario: &Scenario, most: u32) -> Scenario {
    let population = scenario.population();
    let mut few = scenario.clone();
    let most = match scenario.source.arrivals {
        Arrivals::Group { size } => most.max(size),
        _ => most,
    };
    if population <= most {
        return few;
    }
    let share = |count: u32| (u64::from(count) * u64::from(most)).div_ceil(u64::from(population)) as u32;
    let clients = &mut few.clients;
    if few.populations.is_empty() {
        clients.count = share(clients.count).max(1);
    } else {
        few.populations.iter_mut().for_each(|population| population.count = share(population.count));
        clients.count = few.populations.iter().map(|population| population.count).sum();
    }
    if let Some(crowd) = &mut clients.crowd {
        crowd.count = share(crowd.count);
    }
    clients.arrival_rate = (clients.arrival_rate).and_then(|rate| {
        Rate::new((rate.per_second() * 1e9 * f64::from(most) / f64::from(population)) as u64, 1_000_000_000)
    });
    if let Some(pool) = &mut few.server.pool {
        pool.workers = share(pool.workers).max(1);
        pool.backlog = pool.backlog.map(share);
    }
    if let Some(link) = &mut few.server_link {
        let capacity = |of: BitRate| {
            let part = u128::from(of.0) * u128::from(most) / u128::from(population);
            BitRate((part as u64).max(1))
        };
        (link.up, link.down) = (link.up.map(capacity), link.down.map(capacity));
    }
    few
}

/// What a scenario costs up to an instant.
struct Measured {
    totals: Totals,
    elapsed: Duration,
}

fn measure(scenario: &Scenario, span: Time) -> Measured {
    let mut part = scenario.clone();
    part.window.warmup = Time::ZERO;
    part.window.duration = span;
    let started = Instant::now();
    let totals = simulate(&part, 0, 0..part.population());
    Measured { totals, elapsed: started.elapsed() }
}

/// How long it takes to write one replication to the journal and to note its metrics.
fn time_to_save(totals: &Totals, scenario: &Scenario) -> f64 {
    let started = Instant::now();
    std::hint::black_box((record(0, totals).map_or(0, |record| record.len()), Replication::new(totals, scenario)));
    started.elapsed().as_secs_f64()
}
