//! What the server's processor and memory, and the phones, had to do: from the logs.

use std::collections::BTreeSet;

use cometsim::model::scenario::{Cost, Scenario};

use super::log::Run;
use super::person::Fate;

/// When the processor had to do something, and for how long.
pub fn work(scenario: &Scenario, cost: &Cost, run: &Run) -> Vec<(u64, u64)> {
    let log = &run.log;
    let each = |instants: &[u64], price: u64| instants.iter().map(|at| (*at, price)).collect::<Vec<_>>();
    let mut work = each(&log.departures, cost.cpu_per_request.0);
    work.extend(log.checks.iter().map(|check| (check.at, cost.cpu_per_check.0)));
    work.extend(each(&log.pushes, cost.cpu_per_push.0));
    work.extend(each(&log.frames, cost.cpu_per_push.0));
    work.extend(each(&log.opened, cost.cpu_per_handshake.0));
    let byte = cost.cpu_per_byte.0;
    if scenario.wire.is_some() {
        work.extend(log.packets.iter().map(|(at, _, bytes, _)| (*at, bytes * byte)));
    } else {
        work.extend(log.request_sizes.iter().map(|(at, header, body)| (*at, (header + body) * byte)));
        work.extend(log.replies.iter().map(|reply| (reply.at, (reply.header + reply.body) * byte)));
        work.extend(log.pushed.iter().map(|(at, bytes, _)| (*at, bytes * byte)));
        work.extend(log.more_up.iter().map(|(at, bytes)| (*at, bytes * byte)));
    }
    work
}

/// Memory at regular instants of the window, in bytes.
pub fn memory(scenario: &Scenario, cost: &Cost, run: &Run) -> Vec<u64> {
    let window = scenario.window;
    let mut step = 1_000_000;
    while window.duration.0.div_ceil(step) > 65_536 {
        step += 1;
    }
    let uses = uses(scenario, cost, run);
    let mut levels = Vec::new();
    let mut now = window.warmup.0;
    let mut changes: Vec<(u64, i128)> = uses
        .iter()
        .flat_map(|(from, until, bytes)| [(*from, i128::from(*bytes)), (*until, -i128::from(*bytes))])
        .collect();
    changes.sort_unstable();
    let (mut next, mut level) = (0, 0);
    while now < window.horizon().0 {
        while next < changes.len() && changes[next].0 <= now {
            level += changes[next].1;
            next += 1;
        }
        levels.push(level as u64);
        now += step;
    }
    levels
}

/// From when until when how many bytes were in use.
fn uses(scenario: &Scenario, cost: &Cost, run: &Run) -> Vec<(u64, u64, u64)> {
    let (end, connection) = (scenario.window.horizon().0, cost.memory_per_connection.0);
    let mut uses = run.log.waited_for_links.clone();
    uses.extend(run.log.lives.iter().map(|(from, until)| (*from, *until, connection)));
    for person in &run.people {
        for request in person.requests.iter().chain(&person.posts) {
            // Where there are TCP connections, those count, and beside them what has none any more.
            let without = [request.left, request.cut_off_at].into_iter().flatten().min();
            let from = if scenario.wire.is_some() { without } else { Some(0) };
            if let (Some(came), Some(from)) = (request.came, from) {
                let until = request.ended.unwrap_or(end);
                uses.push((came.max(from).min(until), until, connection));
            }
        }
        for message in &person.messages {
            let superseded = if let Fate::Superseded(at) = message.fate { at } else { end };
            uses.push((message.put, message.taken.unwrap_or(end).min(superseded), message.bytes));
        }
    }
    uses
}

/// How often phones turned on their radio in the window: once at an instant.
pub fn wakes(scenario: &Scenario, run: &Run) -> u64 {
    let inside = |at: u64| scenario.window.warmup.0 <= at && at < scenario.window.horizon().0;
    let wakes: BTreeSet<_> = run.log.wakes.iter().filter(|(_, at)| inside(*at)).collect();
    wakes.len() as u64
}
