//! The engine runs events by time, class and actor, with either queue, and never back in time.

use cometsim::engine::{Class, EventHandler, HeapQueue, Key, WheelQueue, run};
use cometsim::units::Time;

/// Actors with a fixed list of events each; writes down the order in which they ran.
struct Script {
    events: Vec<Vec<Key>>,
    log: Vec<(Key, u32)>,
}

impl EventHandler for Script {
    fn next_event(&mut self, actor: u32) -> Option<Key> {
        self.events[actor as usize].first().copied()
    }

    fn run_until(&mut self, actor: u32, limit: Key) -> Option<Key> {
        while let Some(key) = self.next_event(actor).filter(|key| *key < limit) {
            self.events[actor as usize].remove(0);
            self.log.push((key, actor));
        }
        self.next_event(actor)
    }

    fn preload(&self, _actor: u32) {}
}

fn run_script(events: &[Vec<Key>], horizon: u64) -> Vec<(Key, u32)> {
    let actors = events.len() as u32;
    let run_with = |queue: &mut dyn FnMut(&mut Script)| {
        let mut world = Script { events: events.to_vec(), log: Vec::new() };
        queue(&mut world);
        world.log
    };
    let heap = run_with(&mut |world| run(world, &mut HeapQueue::default(), actors, Time(horizon)));
    let wheel = run_with(&mut |world| run(world, &mut WheelQueue::new(actors), actors, Time(horizon)));
    assert_eq!(heap, wheel);
    heap
}

#[test]
fn events_run_by_time_then_class_then_actor() {
    let at = |time, class| Key::new(Time(time), class);
    let log = run_script(
        &[
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
#[should_panic(expected = "time moved back")]
fn time_never_moves_back() {
    struct Confused;
    impl EventHandler for Confused {
        fn next_event(&mut self, _actor: u32) -> Option<Key> {
            Some(Key::new(Time(5), Class::Source))
        }
        fn run_until(&mut self, _actor: u32, _limit: Key) -> Option<Key> {
            Some(Key::new(Time(4), Class::Source))
        }
        fn preload(&self, _actor: u32) {}
    }
    run(&mut Confused, &mut HeapQueue::default(), 1, Time(10));
}
