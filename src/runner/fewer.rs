//! A smaller system that represents a large one: fewer clients, and their fraction of the shared resources.

use std::sync::Arc;

use crate::model::Scenario;
use crate::model::scenario::{Arrivals, Process, Trace};
use crate::units::{BitRate, Rate, Time};

/// Most clients in a group or browser.
const MOST_TOGETHER: u32 = 4096;
/// Most clients per worker.
const MOST_OF_A_WORKER: u32 = 16_384;
/// Most clients of a mix, all populations together.
const MOST_OF_A_MIX: u32 = 1024;
/// Most rows of a trace.
const MOST_ROWS: usize = 200_000;

/// A smaller system.
#[derive(Debug)]
pub(super) struct Fewer {
    pub scenario: Scenario,
    /// Clients of the large system / clients of this one.
    pub clients: f64,
    /// Events per client of the large system / events per client of this one, in groups that are cut.
    pub events: f64,
    /// Rows of the whole trace / rows of this one.
    pub rows: f64,
}

/// A system like `scenario` with at most this number of clients, or with more if it needs them to be like it.
pub(super) fn fewer(scenario: &Scenario, most: u32) -> Fewer {
    let population = scenario.population();
    let mut few = scenario.clone();
    let (events, together) = cut_rooms_and_browsers(&mut few);
    let most = f64::from(most.max(together).max(least(scenario))).min(f64::from(population));
    // A multiple of the clients per worker, and of the clients per browser.
    let workers = scenario.server.pool.map(|pool| f64::from(pool.workers) / f64::from(population));
    let kept_workers = workers.map(|each| (each * most).floor().max(1.0));
    let most = match (workers, kept_workers) {
        (Some(each), Some(kept)) if each < 1.0 => (kept / each).round().min(most.max(1.0)),
        _ => most,
    };
    let most = ((most / f64::from(together)).ceil() * f64::from(together)).min(f64::from(population));
    let share = most / f64::from(population);
    if share < 1.0 {
        scale(&mut few, share);
    }
    let rows = cut_trace(&mut few);
    let clients = f64::from(population) / f64::from(few.population().max(1));
    Fewer { scenario: few, clients, events, rows }
}

/// Shrinks groups and browsers to a size that can be simulated. Returns the largest ratio of the events of a client in
/// the large group to the events here, and how many clients have to be simulated together.
fn cut_rooms_and_browsers(few: &mut Scenario) -> (f64, u32) {
    let (mut events, mut together) = (1.0, 1);
    if let Arrivals::Group { size } = &mut few.source.arrivals {
        let kept = (*size).min(MOST_TOGETHER);
        events = f64::from(*size) / f64::from(kept);
        (*size, together) = (kept, kept);
    }
    if let Some(browsers) = &mut few.clients.browsers {
        let kept = browsers.tabs.min(MOST_TOGETHER);
        browsers.connections = part(browsers.connections, f64::from(kept) / f64::from(browsers.tabs)).max(1);
        browsers.tabs = kept;
        together = together.max(kept);
    }
    (events, together)
}

/// The fewest clients of a representative system: the clients of one worker, and some of each population.
fn least(scenario: &Scenario) -> u32 {
    let population = scenario.population();
    let of_worker = scenario.server.pool.map_or(1, |pool| population.div_ceil(pool.workers.max(1)));
    let smallest = scenario.populations.iter().map(|population| population.count).filter(|count| *count > 0).min();
    let of_mix = smallest.map_or(1, |smallest| population.div_ceil(smallest));
    of_worker.min(MOST_OF_A_WORKER).max(of_mix.min(MOST_OF_A_MIX))
}

/// This fraction of a number, rounded up.
fn part(count: u32, share: f64) -> u32 {
    (f64::from(count) * share).ceil() as u32
}

/// Keeps this fraction of the clients, of the server and of its link.
fn scale(few: &mut Scenario, share: f64) {
    let clients = &mut few.clients;
    if few.populations.is_empty() {
        // Round: a number that should be whole has lost its last digits.
        clients.count = ((f64::from(clients.count) * share - 1e-6).ceil() as u32).max(1);
    } else {
        let counts = few.populations.iter_mut().map(|population| &mut population.count);
        counts
            .for_each(|count| *count = (f64::from(*count) * share).round().max(f64::from(u8::from(*count > 0))) as u32);
        clients.count = few.populations.iter().map(|population| population.count).sum();
    }
    if let Some(crowd) = &mut clients.crowd {
        crowd.count = part(crowd.count, share);
    }
    clients.arrival_rate = clients.arrival_rate.and_then(|rate| {
        // Saturate: more clients than a u32 holds do not come.
        let come = few.window.horizon().0 as f64 / rate.mean_gap_nanos();
        let share = share * f64::min(1.0, f64::from(u32::MAX) / come);
        Rate::new((rate.per_second() * 1e9 * share) as u64, 1_000_000_000)
    });
    if let Some(pool) = &mut few.server.pool {
        pool.workers = ((f64::from(pool.workers) * share).round() as u32).max(1);
        pool.backlog = pool.backlog.map(|backlog| part(backlog, share));
    }
    if let Some(link) = &mut few.server_link {
        let capacity = |of: BitRate| BitRate(((of.0 as f64 * share) as u64).max(1));
        (link.up, link.down) = (link.up.map(capacity), link.down.map(capacity));
    }
}

/// Keeps the first rows for the clients that are left. Returns the ratio of all rows to these. The run ends with a
/// trace that is cut.
fn cut_trace(few: &mut Scenario) -> f64 {
    let population = few.population();
    let is_shared = few.source.is_broadcast();
    let (Arrivals::PerClient(process) | Arrivals::Broadcast(process)) = &mut few.source.arrivals else { return 1.0 };
    let Process::Trace(trace) = process else { return 1.0 };
    let rows = trace.messages.len();
    if rows <= MOST_ROWS {
        return 1.0;
    }
    let is_kept = |client: Option<u32>| is_shared || client.is_none_or(|client| client < population);
    let kept: Vec<_> = trace.messages.iter().filter(|row| is_kept(row.client)).take(MOST_ROWS).copied().collect();
    let is_cut = kept.len() == MOST_ROWS;
    let last = if is_cut { kept.last() } else { trace.messages.last() }.map_or(Time::ZERO, |row| row.time);
    if is_cut {
        few.window.warmup = Time::ZERO;
        few.window.duration = last.max(Time(1)).min(few.window.horizon());
    }
    *process = Process::Trace(Arc::new(Trace { messages: Arc::new(kept), repeat: trace.repeat && !is_cut }));
    rows as f64 / MOST_ROWS.min(rows) as f64
}
