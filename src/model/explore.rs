//! A run up to a limit of cost, from which a plan is made.

use super::message_store::{InRequestSource, Mailboxes, MessageStore};
use super::scenario::{Scenario, Window};
use super::totals::Totals;
use super::transport::{AnyTransport, Transport};
use super::world::{Guard, World};
use super::{comers, engine};
use crate::engine::{EventHandler as _, Key, WheelQueue};
use crate::units::Time;

/// The results of a run that may have been stopped.
#[derive(Debug)]
pub struct Explored {
    /// The number of clients.
    pub clients: u32,
    /// Counts up to certain instants, in order of time. The last one is the horizon, unless the run was stopped.
    pub marks: Vec<Mark>,
    /// Whether the run was stopped before the horizon. Then the last mark is the end of the span in which it stopped,
    /// with the counts extrapolated to the whole span.
    pub is_stopped: bool,
    /// Whether messages were left out because searching them would have taken too long: the counts are too low.
    pub is_shortened: bool,
    /// The totals, with messages and requests still open.
    pub totals: Totals,
}

/// The counts of all clients up to an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// The instant.
    pub time: Time,
    /// Events so far.
    pub events: f64,
    /// The cost so far, in the unit of `spent`.
    pub cost: f64,
    /// Memory of waiting requests and messages and those in transit, in bytes.
    pub waiting_bytes: f64,
}

/// The span up to the first mark is this fraction of the horizon: in a year, 30 microseconds.
const FIRST: u64 = 1 << 40;
/// The span from a mark to the next is at most this fraction of the horizon.
const LAST: u64 = 32;
/// Steps that sources may search for messages, in all.
pub const SEARCH: u64 = 1 << 20;

/// Runs the first replication of all clients of `scenario` until `spent` reports a cost of `limit`, in any one unit. It
/// checks the cost often, whatever the rates are.
pub fn explore(scenario: &Scenario, limit: f64, spent: &dyn Fn() -> f64) -> Explored {
    let horizon = scenario.window.horizon().max(Time(1));
    let scenario =
        &Scenario { window: Window { warmup: Time::ZERO, duration: horizon, bin: horizon }, ..scenario.clone() };
    let populations = 0..scenario.populations.len().max(1);
    let transports: Vec<_> = populations.map(|index| AnyTransport::new(&scenario.of_population(index))).collect();
    let guard = Guard::new(scenario, limit, spent);
    match InRequestSource::new(scenario, 0) {
        Some(source) => explore_world(scenario, World::new((scenario, 0), &transports, source, ()), guard),
        None => {
            let mut mailboxes = Mailboxes::new(scenario, 0);
            mailboxes.limit_search(SEARCH);
            explore_world(scenario, World::new((scenario, 0), &transports, mailboxes, ()), guard)
        }
    }
}

fn explore_world<'a, T: Transport, M: MessageStore>(
    scenario: &Scenario,
    mut world: World<'a, T, M, (), true>,
    guard: Guard<'a>,
) -> Explored {
    let clients = comers::present(scenario, 0, 0..scenario.population());
    let actors = clients.end - clients.start;
    world.set_guard(guard);
    world.populate(clients);
    let mut queue = WheelQueue::new(actors);
    let mut run = scenario.runs_on_queue().then(|| engine::Run::new(&mut world, &mut queue, actors));
    let mut marks = vec![mark(&mut world, &queue, Time::ZERO)];
    let mut is_stopped = false;
    for end in ends(scenario.window.horizon()) {
        world.stop_at(end);
        let mut done = 0;
        if let Some(here) = run.take() {
            run = Some(here.until(&mut world, &mut queue, end));
        } else {
            while done < actors && !world.guard().is_some_and(|guard| guard.is_over()) {
                world.run_until(done, Key::start_of(end));
                done += 1;
            }
        }
        let here = mark(&mut world, &queue, end);
        let start = marks[marks.len() - 1];
        if let Some(at) = world.guard().filter(|guard| guard.is_over()).map(|guard| guard.at()) {
            let part = at.since(start.time).0.max(1) as f64 / end.since(start.time).0.max(1) as f64;
            let part = match run {
                Some(_) => part,
                None => (f64::from(done.saturating_sub(1)) + part) / f64::from(actors.max(1)),
            };
            marks.push(start.to_whole_span(here, part.min(1.0)));
            is_stopped = true;
            break;
        }
        marks.push(here);
        if world.guard().is_some_and(Guard::measure) && end < scenario.window.horizon() {
            is_stopped = true;
            break;
        }
    }
    let is_shortened = world.is_shortened();
    Explored { clients: actors, marks, is_stopped, is_shortened, totals: world.so_far() }
}

impl Mark {
    /// The mark at the end of a span that begins here, if `here` was counted in a part of it.
    fn to_whole_span(self, here: Mark, part: f64) -> Mark {
        let grown = |from: f64, to: f64| from + (to - from).max(0.0) / part;
        Mark {
            time: here.time,
            events: grown(self.events, here.events),
            cost: grown(self.cost, here.cost),
            waiting_bytes: grown(self.waiting_bytes, here.waiting_bytes),
        }
    }
}

fn mark<T: Transport, M: MessageStore>(world: &mut World<'_, T, M, (), true>, queue: &WheelQueue, time: Time) -> Mark {
    Mark {
        time,
        events: world.events() as f64,
        cost: world.guard().map_or(0.0, |guard| guard.spent()),
        waiting_bytes: (world.waiting_bytes() + queue.bytes()) as f64,
    }
}

/// The instants of the marks: at first each is twice as far as the one before.
fn ends(horizon: Time) -> impl Iterator<Item = Time> {
    let first = Time((horizon.0 / FIRST).max(1)).min(horizon);
    let step = Time((horizon.0 / LAST).max(1));
    std::iter::successors(Some(first), move |end| (*end < horizon).then(|| end.plus((*end).min(step)).min(horizon)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_reach_the_horizon_in_growing_steps() {
        for horizon in [1, 2, 31, 1000, 1 << 61] {
            let ends: Vec<u64> = ends(Time(horizon)).map(|end| end.0).collect();
            assert_eq!(ends.last(), Some(&horizon));
            assert!(ends.is_sorted_by(|one, next| one < next) && ends.len() < 80, "{ends:?}");
        }
    }

    #[test]
    fn a_span_that_was_stopped_is_taken_to_go_on_as_it_began() {
        let start = Mark { time: Time(10), events: 5.0, cost: 1.0, waiting_bytes: 100.0 };
        let here = Mark { time: Time(20), events: 7.0, cost: 2.0, waiting_bytes: 90.0 };
        let whole = start.to_whole_span(here, 0.25);
        assert_eq!(whole, Mark { time: Time(20), events: 13.0, cost: 5.0, waiting_bytes: 100.0 });
    }
}
