//! The engine: a clock, an event queue and a run loop. It knows no HTTP, no files and no random numbers.
//!
//! Every actor keeps its own few pending events and gives the queue only the earliest. So the queue holds at most one
//! entry per actor, and a timer that moves leaves no stale entry, unless actors wake each other (see [`Queue`]).
//!
//! Events run in the order of [`Key`], then of actor numbers. An actor orders its own events of one instant. A call of
//! an actor runs all its events up to a limit: the next event of another actor. After the limit it also runs its events
//! that no other actor can notice, because their order among the actors does not matter. So only events on shared state
//! pass through the queue. Actors that share nothing need no queue: only the horizon limits them.

mod heap;
mod wheel;

pub use heap::HeapQueue;
pub use wheel::WheelQueue;

use crate::units::Time;

/// Who acts first at one instant: the source creates, then the server acts, then clients act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// The source creates a message.
    Source = 0,
    /// The server takes a request or checks for messages.
    Server = 1,
    /// A client takes a reply, gives up or sends a request.
    Client = 2,
}

/// The instant and the class of an event, packed so that integer order is event order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    const CLASS_BITS: u32 = 2;
    const LAST_TIME: u64 = u64::MAX >> Self::CLASS_BITS;

    /// The key of an event of `class` at `time`. Instants after 2^62 ns, which no run reaches, share the last one.
    #[inline]
    pub fn new(time: Time, class: Class) -> Key {
        Key(time.0.min(Self::LAST_TIME) << Self::CLASS_BITS | class as u64)
    }

    /// The least key at `time`.
    #[inline]
    pub fn start_of(time: Time) -> Key {
        Key::new(time, Class::Source)
    }

    /// The last key before this one; the first key has none and stays.
    #[inline]
    #[must_use]
    pub fn before(self) -> Key {
        Key(self.0.saturating_sub(1))
    }

    /// The first instant at which an event of `class` does not come before this key.
    #[inline]
    pub fn first_instant_of(self, class: Class) -> Time {
        let is_later = self.0 & ((1 << Self::CLASS_BITS) - 1) > class as u64;
        Time((self.0 >> Self::CLASS_BITS) + u64::from(is_later))
    }

    /// The instant.
    #[inline]
    pub fn time(self) -> Time {
        Time(self.0 >> Self::CLASS_BITS)
    }
}

/// An event queue: entries ordered by key, then actor. An actor has one valid entry. Where actors wake each other, it
/// may also have stale entries, which a wake-up has replaced.
pub trait Queue {
    /// Adds an entry for an actor. Its key is not before that of the last entry taken.
    fn push(&mut self, key: Key, actor: u32);
    /// Takes the first entry. Calls `upcoming` with actors whose entries will be taken soon, once each at most.
    fn pop(&mut self, upcoming: impl FnMut(u32)) -> Option<(Key, u32)>;
    /// A bound for `actor`, whose entry was taken: with any key below it, `actor` precedes all entries.
    fn limit(&self, actor: u32) -> Key;
}

/// The bound for `actor` if `(key, other)` is the first entry: at the same key the smaller number comes first. An entry
/// of `actor` itself is stale.
#[inline]
fn limit_before((key, other): (Key, u32), actor: u32) -> Key {
    Key(key.0 + u64::from(actor <= other))
}

/// Handles the events of all actors: the simulation that the engine runs.
pub trait EventHandler {
    /// The key of the earliest pending event of `actor`.
    fn next_event(&mut self, actor: u32) -> Option<Key>;
    /// Runs the events of `actor` in order while their keys are below `limit`; after `limit`, while no other actor can
    /// notice them and they are before the horizon. Returns the key of the next event.
    fn run_until(&mut self, actor: u32, limit: Key) -> Option<Key>;
    /// Prefetches the state of `actor`, which will be needed soon.
    fn preload(&self, actor: u32);
    /// Whether the events of one actor may bring forward the next event of another. `run_until` then returns at once.
    fn wakes_others(&self) -> bool {
        false
    }
    /// An actor whose next event may have been brought forward since the last call.
    fn next_woken(&mut self) -> Option<u32> {
        None
    }
}

/// Runs the events of the actors 0 to `actors` - 1 in order until none is left before `horizon`.
///
/// # Panics
/// If an actor asks for an event in the past.
pub fn run(world: &mut impl EventHandler, queue: &mut impl Queue, actors: u32, horizon: Time) {
    Run::new(world, queue, actors).until(world, queue, horizon);
}

/// A run that can be continued from one horizon to the next.
pub(crate) struct Run {
    /// The key of the valid entry of each actor; empty if actors do not wake each other.
    valid: Vec<Key>,
    now: Key,
}

impl Run {
    /// Puts the first event of each actor into the queue.
    #[inline]
    pub fn new(world: &mut impl EventHandler, queue: &mut impl Queue, actors: u32) -> Run {
        for actor in 0..actors {
            if let Some(key) = world.next_event(actor) {
                queue.push(key, actor);
            }
        }
        let mut valid = Vec::new();
        if world.wakes_others() {
            valid.extend((0..actors).map(|actor| world.next_event(actor).unwrap_or(NEVER)));
        }
        Run { valid, now: Key::start_of(Time::ZERO) }
    }

    /// Runs all events before `horizon`. By value, so that the loop keeps its state in registers.
    #[inline]
    pub fn until(self, world: &mut impl EventHandler, queue: &mut impl Queue, horizon: Time) -> Run {
        let Run { mut valid, mut now } = self;
        let end = Key::start_of(horizon);
        while let Some((key, actor)) = queue.pop(|actor| world.preload(actor)) {
            if key >= end {
                queue.push(key, actor);
                break;
            }
            if valid.get(actor as usize).is_some_and(|valid| *valid != key) {
                continue;
            }
            assert!(key.time() >= now.time(), "time moved back from {} to {}", now.time(), key.time());
            now = key;
            let limit = queue.limit(actor).min(end);
            let next = world.run_until(actor, limit);
            if let Some(next) = next {
                queue.push(next, actor);
            }
            if let Some(valid) = valid.get_mut(actor as usize) {
                *valid = next.unwrap_or(NEVER);
            }
            while let Some(woken) = world.next_woken() {
                if let (Some(next), Some(valid)) = (world.next_event(woken), valid.get_mut(woken as usize))
                    && next < *valid
                {
                    *valid = next;
                    queue.push(next, woken);
                }
            }
        }
        Run { valid, now }
    }
}

/// After all events.
const NEVER: Key = Key(u64::MAX);
