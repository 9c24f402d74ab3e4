//! The engine: a clock, an event queue and a run loop. It knows no HTTP, no files and no random numbers.
//!
//! Every actor keeps its own handful of pending events and tells the queue only the earliest of them. So the queue
//! holds one entry per actor at most, a timer that is moved leaves nothing behind, and an event costs one replacement at
//! the head of the queue.
//!
//! Events run in the order of [`Key`] and then of the actor's number. What one actor does at one instant is ordered by
//! the actor itself.

mod heap;

pub use heap::HeapQueue;

use crate::units::Time;

/// Who acts first at one instant: the source creates, then the server acts, then clients act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// The source creates a message.
    Source = 0,
    /// The server takes a request or looks for messages.
    Server = 1,
    /// A client takes a reply, gives up or asks.
    Client = 2,
}

/// The instant and the class of an event, packed so that integer order is event order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    const CLASS_BITS: u32 = 2;
    const LAST_TIME: u64 = u64::MAX >> Self::CLASS_BITS;

    /// The key of an event of `class` at `time`. Instants past 2^62 ns, which no run reaches, share the last one.
    pub fn new(time: Time, class: Class) -> Key {
        Key(time.0.min(Self::LAST_TIME) << Self::CLASS_BITS | class as u64)
    }

    /// The instant.
    pub fn time(self) -> Time {
        Time(self.0 >> Self::CLASS_BITS)
    }
}

/// The seam behind which a queue can be exchanged: a set of at most one entry per actor, ordered by key, then actor.
pub trait Queue {
    /// Adds an entry for an actor that has none.
    fn push(&mut self, key: Key, actor: u32);
    /// The first entry.
    fn first(&self) -> Option<(Key, u32)>;
    /// Moves the first entry's actor to `key`, or takes it out. Does nothing where the queue is empty.
    fn replace_first(&mut self, key: Option<Key>);
}

/// The actors of a simulation.
pub trait World {
    /// The key of the earliest pending event of `actor`, before the run.
    fn first_event(&self, actor: u32) -> Option<Key>;
    /// Runs the earliest pending event of `actor`, which is due `now`, and returns the key of its next one.
    fn run_event(&mut self, actor: u32, now: Time) -> Option<Key>;
}

/// Runs the events of `actors` actors in order until none is left before `horizon`.
///
/// # Panics
/// If an actor asks for an event in the past.
pub fn run(world: &mut impl World, queue: &mut impl Queue, actors: u32, horizon: Time) {
    for actor in 0..actors {
        if let Some(key) = world.first_event(actor) {
            queue.push(key, actor);
        }
    }
    let mut now = Time::ZERO;
    while let Some((key, actor)) = queue.first() {
        let time = key.time();
        if time >= horizon {
            break;
        }
        assert!(time >= now, "time moved back from {now} to {time}");
        now = time;
        let next = world.run_event(actor, now);
        queue.replace_first(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Actors with a fixed list of events each; writes down the order in which they ran.
    struct Script {
        events: Vec<Vec<Key>>,
        log: Vec<(Key, u32)>,
    }

    impl World for Script {
        fn first_event(&self, actor: u32) -> Option<Key> {
            self.events[actor as usize].first().copied()
        }

        fn run_event(&mut self, actor: u32, now: Time) -> Option<Key> {
            let key = self.events[actor as usize].remove(0);
            assert_eq!(key.time(), now);
            self.log.push((key, actor));
            self.first_event(actor)
        }
    }

    fn run_script(events: Vec<Vec<Key>>, horizon: u64) -> Vec<(Key, u32)> {
        let actors = events.len() as u32;
        let mut world = Script { events, log: Vec::new() };
        run(&mut world, &mut HeapQueue::default(), actors, Time(horizon));
        world.log
    }

    #[test]
    fn events_run_by_time_then_class_then_actor() {
        let at = |time, class| Key::new(Time(time), class);
        let log = run_script(
            vec![
                vec![at(5, Class::Client), at(9, Class::Source)],
                vec![at(5, Class::Server), at(5, Class::Client)],
                vec![at(5, Class::Source), at(5, Class::Server), at(10, Class::Source)],
            ],
            10,
        );
        let expected = vec![
            (at(5, Class::Source), 2),
            (at(5, Class::Server), 1),
            (at(5, Class::Server), 2),
            (at(5, Class::Client), 0),
            (at(5, Class::Client), 1),
            (at(9, Class::Source), 0),
        ];
        assert_eq!(log, expected, "and nothing runs at the horizon");
    }

    #[test]
    fn a_class_that_has_passed_still_runs_at_the_same_instant() {
        let at = |class| Key::new(Time(5), class);
        let log = run_script(vec![vec![at(Class::Client), at(Class::Server)], vec![at(Class::Client)]], 10);
        assert_eq!(log, vec![(at(Class::Client), 0), (at(Class::Server), 0), (at(Class::Client), 1)]);
    }

    #[test]
    #[should_panic(expected = "time moved back")]
    fn time_never_moves_back() {
        run_script(vec![vec![Key::new(Time(5), Class::Source), Key::new(Time(4), Class::Source)]], 10);
    }
}
