//! A prediction of a run, from a small pilot of the same scenarios.

mod trend;

use std::collections::BTreeSet;

use super::clock::Stopwatch;
use super::fewer::{Fewer, fewer};
use super::group::Replication;
use super::memory::{Known, Latencies, Memory, MemoryEstimate, chunks, highest_pile};
use super::record::record;
use crate::experiment::{Plan, PlannedRun, RunKey};
use crate::model::scenario::{Arrivals, Process, Scenario, Window};
use crate::model::{Explored, Mark, SEARCH, Totals, clients_bytes, explore, shards, simulate};
use crate::units::Time;
use trend::{events_at, growth, last, waiting_at};

/// The predicted events, time and memory of a run.
#[derive(Clone, Copy, Debug)]
pub struct RunEstimate {
    /// Events of all jobs, warm-up included.
    pub events: f64,
    /// Time of all jobs, summed over all threads, in seconds.
    pub processor_seconds: f64,
    /// Time for saving the jobs, one after the other, in seconds.
    pub saving_seconds: f64,
    /// Most threads that have work.
    pub most_threads: f64,
    /// Time bins of all groups: rows of the time line.
    pub bins: f64,
    /// The most memory in use at any time.
    pub memory: MemoryEstimate,
}

/// Most points whose memory is estimated without a pilot; the others are assumed to be like their neighbours.
const MOST_POINTS: usize = 256;
/// Most scenarios that the pilot runs; other points are assumed to be like their neighbours.
const SCENARIOS: usize = 24;
/// The same where work is divided among tasks.
const MORE_SCENARIOS: usize = 96;
/// Approximate time of the pilot for all of them, in seconds.
const PILOT_SECONDS: f64 = 0.3;
/// Points of a chunk whose size is computed, at most.
const WEIGHED: usize = 100;
/// Most clients of a pilot: as many as share the processor's cache in a run.
const CLIENTS: u32 = 1024;
/// Most time bins, over all populations, in the timed part.
const BINS: u64 = 1 << 16;
/// Time for saving a further time bin of a replication, in seconds: measured.
const SAVED_BIN_SECONDS: f64 = 3e-8;
/// With all clients on one queue: states of up to this number of bytes are in the processor's cache, and each doubling
/// beyond lengthens an event by this fraction. Measured.
const CACHE: f64 = 4e6;
const LONGER_BEYOND: f64 = 0.12;

/// With more messages of a client in a second no pilot is run: they are only counted.
const BEYOND_COUNTING: f64 = 1e8;

/// Runs some clients of some points and scales up, for a run on `threads` threads. Events and memory follow from the
/// scenario, the time from this machine. It takes about a third of a second of processor time, whatever the rates are.
pub fn estimate(plan: &Plan, threads: usize) -> RunEstimate {
    let transports = plan.transports().len().max(1);
    let most = (SCENARIOS / transports).max(1);
    let count = plan.points().min(most);
    let seconds = PILOT_SECONDS / (count * transports).max(1) as f64;
    let (mut events, mut processor_seconds, mut saving_seconds) = (0.0, 0.0, 0.0);
    let (mut most_threads, mut bins) = (0.0, 0.0);
    let mut memory = Memory::new(plan);
    for (place, chunk) in chunks(plan.points(), most).enumerate() {
        // Steps of the golden ratio do not coincide with the steps of an inner sweep.
        let share = (place as f64 * 0.618_034 + 0.5).fract();
        let pilot_point = chunk.start + (chunk.len() as f64 * share) as usize;
        let scenarios = plan.scenarios(pilot_point);
        let pilots: Vec<_> = scenarios.iter().map(|scenario| (run_pilot(scenario, seconds), size(scenario))).collect();
        for like in chunks(chunk.len(), WEIGHED) {
            let point = chunk.start + like.start;
            let replications = plan.replications(point);
            let jobs = f64::from(replications) * like.len() as f64;
            for (scenario, (pilot, pilot_size)) in plan.scenarios(point).iter().zip(&pilots) {
                let scale = jobs * size(scenario) / pilot_size;
                events += pilot.events * scale;
                processor_seconds += pilot.seconds * scale;
                saving_seconds += pilot.saving_seconds * jobs;
                most_threads += jobs * shards(scenario).len() as f64;
                bins += scenario.window.bins() as f64 * like.len() as f64;
                memory.add_groups(scenario, replications, pilot.known, like.len() as f64);
            }
        }
    }
    RunEstimate { events, processor_seconds, saving_seconds, most_threads, bins, memory: memory.estimate(threads) }
}

/// Predicted processor time of one replication of each of these runs, in seconds. Runs between two pilots are assumed to be
/// like their neighbours.
pub(super) fn replication_seconds(plan: &Plan, runs: &[&PlannedRun]) -> Vec<f64> {
    let mut seconds = vec![0.0; runs.len()];
    let transports: BTreeSet<usize> = runs.iter().map(|run| run.transport).collect();
    let most = (MORE_SCENARIOS / transports.len().max(1)).max(1);
    for transport in transports {
        let places: Vec<usize> = (0..runs.len()).filter(|place| runs[*place].transport == transport).collect();
        for chunk in chunks(places.len(), most) {
            let middle = plan.scenario(runs[places[chunk.start + chunk.len() / 2]]);
            let pilot = run_pilot(&middle, PILOT_SECONDS / SCENARIOS as f64);
            for place in &places[chunk] {
                let scale = size(&plan.scenario(runs[*place])) / size(&middle);
                seconds[*place] = pilot.seconds * scale + pilot.saving_seconds;
            }
        }
    }
    seconds
}

/// Memory that a run on `threads` threads needs, about. This takes no noticeable time if the run surely fits into
/// `present` bytes, whatever is overloaded, or if `present` is not known; else it takes the time of [`estimate`].
pub fn estimate_memory(plan: &Plan, threads: usize, present: Option<u64>) -> MemoryEstimate {
    let mut memory = Memory::new(plan);
    let mut pile = 0.0_f64;
    for chunk in chunks(plan.points(), MOST_POINTS) {
        let point = chunk.start;
        for scenario in plan.scenarios(point).iter() {
            memory.add_groups(scenario, plan.replications(point), Known::NOTHING, chunk.len() as f64);
            pile = pile.max(highest_pile(scenario));
        }
    }
    let known = memory.estimate(threads);
    let most = known.bytes + pile * memory.busy(threads);
    match present.map(|bytes| bytes as f64) {
        Some(present) if known.bytes <= present && most > present => estimate(plan, threads).memory,
        _ => known,
    }
}

/// Clients times seconds: the time of a simulation is about proportional to it.
fn size(scenario: &Scenario) -> f64 {
    f64::from(scenario.population()) * scenario.window.horizon().as_secs_f64()
}

/// One replication.
struct Pilot {
    events: f64,
    seconds: f64,
    saving_seconds: f64,
    known: Known,
}

/// One replication of `scenario`, scaled up from as much of it as can be simulated in `seconds`.
///
/// A full set of clients gives the time of an event. If there is no time to reach the horizon with them, fewer clients
/// with their share of the server give the number of events up to the horizon, and the growth of the queues: the start
/// of a run is not like the rest.
fn run_pilot(scenario: &Scenario, seconds: f64) -> Pilot {
    let third = seconds / 3.0;
    let full = fewer(scenario, CLIENTS.min(searched(scenario)));
    let first = explore_within(&full, third);
    let whole = full.scenario.window.horizon();
    let end = last(&first.marks);
    let cost = f64::max(end.cost * whole.0 as f64 / end.time.0.max(1) as f64, 1e-9);
    let affordable = third / cost * f64::from(full.scenario.population());
    let fewest = fewer(scenario, affordable.clamp(1.0, f64::from(CLIENTS)) as u32);
    let mut farther = None;
    if first.is_stopped && fewest.scenario.population() < full.scenario.population() {
        farther = Some(explore_within(&fewest, third));
    }
    let (system, farthest) = match &farther {
        Some(farther) if last(&farther.marks).time >= end.time => (&fewest, farther),
        _ => (&full, &first),
    };

    let horizon = scenario.window.horizon();
    let factor = system.clients * system.events;
    let timed = time_up_to_mark(&full, &first, third);
    let known = Known {
        latencies: Latencies::like(
            &farthest.totals,
            factor * horizon.0 as f64 / last(&farthest.marks).time.0.max(1) as f64,
        ),
        waiting: Some(waiting(scenario, farthest, &first)),
    };
    let counted = events_at(&farthest.marks, horizon) * factor;
    let seconds = seconds_of(scenario, counted, &full, (&first, farthest), &timed) * cache_factor(scenario);
    let beyond = messages_beyond_counting(scenario);
    let events = if beyond > 0.0 { beyond } else { counted };
    Pilot { events, seconds: seconds * events / f64::max(counted, 1.0), saving_seconds: timed.saving_seconds, known }
}

/// The number of clients for which the steps of a search suffice up to the horizon: one step for each period of a
/// bursty source.
fn searched(scenario: &Scenario) -> u32 {
    let Some(Process::OnOff { on, off, .. }) = scenario.source.process() else { return CLIENTS };
    let periods = scenario.window.horizon().as_secs_f64() / (on.as_secs_f64() + off.as_secs_f64());
    (SEARCH as f64 / f64::max(periods, 1.0)).clamp(1.0, f64::from(CLIENTS)) as u32
}

/// Messages of all clients, if each client has so many that even a short part of the run would not end (beyond one per
/// nanosecond time does not advance); else none.
fn messages_beyond_counting(scenario: &Scenario) -> f64 {
    let horizon = scenario.window.horizon();
    let created = match &scenario.source.arrivals {
        Arrivals::PerClient(process) => process.mean_rate(horizon),
        Arrivals::InRequest { .. } | Arrivals::Broadcast(_) | Arrivals::Group { .. } => 0.0,
    };
    let sent = scenario.clients.sends.as_ref().map_or(0.0, |sends| sends.process.mean_rate(horizon));
    if created + sent < BEYOND_COUNTING { 0.0 } else { (created + sent) * size(scenario) }
}

fn explore_within(system: &Fewer, seconds: f64) -> Explored {
    let clock = Stopwatch::start();
    explore(&system.scenario, seconds, &|| clock.seconds())
}

/// The complete part up to the last mark: all of it, or the part before the span in which it was stopped.
fn whole_marks(explored: &Explored) -> &[Mark] {
    let cut = usize::from(explored.is_stopped && explored.marks.len() > 1);
    &explored.marks[..explored.marks.len() - cut]
}

/// Peak memory of a client beyond its state in a run of `scenario`, in bytes.
fn waiting(scenario: &Scenario, farthest: &Explored, first: &Explored) -> f64 {
    let of_each = |bytes: f64, explored: &Explored| bytes / f64::from(explored.clients.max(1));
    let at_first = whole_marks(first).iter().map(|mark| mark.waiting_bytes).fold(0.0, f64::max);
    f64::max(of_each(waiting_at(&farthest.marks, scenario), farthest), of_each(at_first, first))
}

/// Measurements of the beginning of a run.
#[derive(Default)]
struct Timed {
    /// The end of the measured part.
    span: Time,
    seconds: f64,
    events: f64,
    /// The time of one more event.
    per_event: f64,
    /// Time for saving one replication.
    saving_seconds: f64,
}

/// Runs a system as far as it will get within `seconds`.
fn time_up_to_mark(system: &Fewer, explored: &Explored, seconds: f64) -> Timed {
    let marks = whole_marks(explored);
    if explored.is_shortened {
        return Timed::default();
    }
    let start = marks[0].cost;
    let affordable = marks.iter().rev().find(|mark| start + 2.0 * (mark.cost - start) <= 2.5 * seconds);
    let Some(span) = affordable.map(|mark| mark.time).filter(|span| *span > Time::ZERO) else {
        return Timed::default();
    };
    let (longer, seconds) = measure(&system.scenario, span);
    let mut timed = Timed { span, seconds, events: longer.events as f64, ..Timed::default() };
    timed.per_event = timed.seconds / f64::max(timed.events, 1.0);
    // Work that is done once per client counts once.
    let earlier = marks.iter().rev().find(|mark| mark.events * 2.0 <= timed.events && mark.time > Time::ZERO);
    if let Some(earlier) = earlier.filter(|earlier| earlier.events > 0.0) {
        let (shorter, fewer_seconds) = measure(&system.scenario, earlier.time);
        let more = timed.events - shorter.events as f64;
        if more > 0.0 {
            timed.per_event = f64::max(timed.seconds - fewer_seconds, timed.seconds / 4.0) / more;
        }
    }
    let missing = kinds(&system.scenario) * system.scenario.window.bins() as u64;
    timed.saving_seconds =
        time_to_save(&longer, &system.scenario) + missing.saturating_sub(BINS) as f64 * SAVED_BIN_SECONDS;
    timed
}

/// Populations, or one.
fn kinds(scenario: &Scenario) -> u64 {
    scenario.populations.len().max(1) as u64
}

/// The cost of a scenario up to an instant, in seconds.
fn measure(scenario: &Scenario, span: Time) -> (Totals, f64) {
    let widest = Time(span.0.div_ceil(BINS / kinds(scenario).min(BINS)));
    let window = Window { warmup: Time::ZERO, duration: span, bin: scenario.window.bin.max(widest) };
    let part = Scenario { window, ..scenario.clone() };
    let clock = Stopwatch::start();
    let totals = simulate(&part, 0, 0..part.population());
    (totals, clock.seconds())
}

/// The time for writing one replication to the journal and computing its metrics.
fn time_to_save(totals: &Totals, scenario: &Scenario) -> f64 {
    let clock = Stopwatch::start();
    std::hint::black_box((
        record((RunKey([0; 16]), 0), totals).map_or(0, |record| record.len()),
        Replication::new(totals, scenario),
    ));
    clock.seconds()
}

/// The time of one replication with this number of `events`.
fn seconds_of(
    scenario: &Scenario,
    events: f64,
    full: &Fewer,
    (first, farthest): (&Explored, &Explored),
    timed: &Timed,
) -> f64 {
    let setup = first.marks[0].cost * (full.clients + full.rows - 1.0);
    if timed.events == 0.0 {
        let end = last(&first.marks);
        let per_event = (end.cost - first.marks[0].cost) / f64::max(end.events, 1.0);
        return setup + events * per_event;
    }
    let is_whole = !first.is_stopped && full.rows <= 1.0 && timed.span >= scenario.window.horizon();
    if is_whole {
        return timed.seconds * full.clients * full.events;
    }
    setup + events * timed.per_event * growth(&farthest.marks, timed.span, scenario.window.horizon())
}

/// The factor by which an event takes longer if the states of all clients do not fit into the processor's cache. Queues
/// do not count: they are contiguous.
fn cache_factor(scenario: &Scenario) -> f64 {
    let bytes = clients_bytes(scenario, Some(0.0));
    if scenario.runs_on_queue() { 1.0 + LONGER_BEYOND * f64::max(bytes / CACHE, 1.0).log2() } else { 1.0 }
}
