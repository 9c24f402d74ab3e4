//! The wheel against the heap: both hand out the same entries in the same order.

use proptest::prelude::*;

use super::*;
use crate::engine::{Class, HeapQueue};
use crate::units::Time;

/// The next event of an actor after its entry was taken.
#[derive(Clone, Debug)]
enum Move {
    /// None.
    Leave,
    /// Later by this many nanoseconds, to this class; never earlier.
    Ahead(u64, Class),
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Source), Just(Class::Server), Just(Class::Client)]
}

/// Spans for each case of the wheel: the same instant, the open bucket, the next rotation, and far timers.
fn span() -> impl Strategy<Value = u64> {
    let rotation = 1u64 << (ROTATION_BITS - 2);
    prop_oneof![
        4 => Just(0),
        2 => 1..50u64,
        4 => Just(500_000_000),
        3 => 0..100_000_000u64,
        2 => 0..40_000_000_000u64,
        1 => (0..4 * ROTATIONS).prop_map(move |rotations| rotations * rotation),
        1 => (0..4 * ROTATIONS).prop_map(move |rotations| (rotations * rotation).saturating_sub(1)),
        1 => 0..400 * rotation,
    ]
}

fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let one =
        prop_oneof![1 => Just(Move::Leave), 20 => (span(), class()).prop_map(|(span, class)| Move::Ahead(span, class))];
    prop::collection::vec(one, 1..most)
}

/// Runs both queues side by side: `starts` are the first entries, and whoever is taken goes on by the next move.
fn check(starts: &[(u64, Class)], moves: &[Move], expected_actors: u32) {
    let (mut heap, mut wheel) = (HeapQueue::default(), WheelQueue::new(expected_actors));
    for (actor, (start, class)) in (0..).zip(starts) {
        let key = Key::new(Time(*start), *class);
        heap.push(key, actor);
        wheel.push(key, actor);
    }
    let mut moves = moves.iter();
    loop {
        let taken = heap.pop(|_| {});
        assert_eq!(wheel.pop(|_| {}), taken);
        let Some((key, actor)) = taken else { break };
        // The bound of the wheel may be the end of a bucket, but is never after an entry.
        assert!(wheel.limit(actor) <= heap.limit(actor));
        assert!(wheel.limit(actor) >= key, "an actor can go on at its own instant");
        if let Some(Move::Ahead(span, class)) = moves.next() {
            let next = Key::new(Time(key.time().0 + span), *class).max(key);
            heap.push(next, actor);
            wheel.push(next, actor);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn pops_in_the_order_of_the_heap(
        starts in prop::collection::vec((span(), class()), 1..300),
        moves in moves(3_000),
        expected_actors in prop_oneof![Just(1u32), Just(1_000), Just(10_000_000)],
    ) {
        check(&starts, &moves, expected_actors);
    }
}

/// All actors at one instant, again and again: ties everywhere, and insertion into the open bucket.
#[test]
fn a_flood_at_one_instant() {
    let starts: Vec<_> = (0..5_000).map(|_| (7, Class::Client)).collect();
    for span in [0, 1, 500_000_000, 200_000_000_000] {
        let moves: Vec<_> = (0..20_000).map(|i| Move::Ahead(span, [Class::Server, Class::Client][i % 2])).collect();
        check(&starts, &moves, 5_000);
    }
}

/// The rate of events rises and falls by a factor of a thousand: the buckets change their width on the way.
#[test]
fn buckets_follow_the_rate() {
    let starts: Vec<_> = (0..20_000u64).map(|i| (i * 1_000, Class::Client)).collect();
    let slow = (0..40_000u64).map(|i| Move::Ahead(30_000_000_000 + i * 7_919 % 1_000_000_007, Class::Server));
    let fast = (0..60_000u64).map(|i| Move::Ahead(i * 7_919 % 30_000_007, Class::Client));
    let moves: Vec<_> = slow.clone().chain(fast.clone()).chain(slow).chain(fast).collect();
    check(&starts, &moves, 20_000);
}

/// An empty queue takes new entries.
#[test]
fn an_empty_queue_goes_on() {
    let mut wheel = WheelQueue::new(10);
    assert_eq!(wheel.pop(|_| {}), None);
    for time in [5, 5, 2_000_000_000, 700_000_000_000] {
        let key = Key::new(Time(time), Class::Client);
        wheel.push(key, 3);
        assert_eq!(wheel.pop(|_| {}), Some((key, 3)));
        assert_eq!(wheel.pop(|_| {}), None);
    }
}

/// Exactly the announced actors are taken, each entry once.
#[test]
fn upcoming_actors_are_those_taken_next() {
    let mut wheel = WheelQueue::new(1_000);
    for actor in 0..1_000u32 {
        wheel.push(Key::new(Time(u64::from(actor) * 7_919_000 % 1_000_000_007), Class::Client), actor);
    }
    let (mut announced, mut taken) = (Vec::new(), Vec::new());
    while let Some((_, actor)) = wheel.pop(|actor| announced.push(actor)) {
        taken.push(actor);
        assert!(announced.starts_with(&taken));
    }
    assert_eq!(announced, taken);
}
