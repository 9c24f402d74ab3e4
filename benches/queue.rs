//! The event queues in a hold model: take the first entry, put it back later. Items are events.

use cometsim::engine::{Class, HeapQueue, Key, Queue, WheelQueue};
use cometsim::random::{Exponential, Family, Purpose, Stream};
use cometsim::units::Time;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const PERIOD: u64 = 500_000_000;
const ACTORS: [u32; 3] = [1_000, 100_000, 1_000_000];
const EVENTS: u64 = 200_000;

fn main() {
    divan::main();
}

fn stream() -> Stream {
    Family::new(1, 0, Purpose::Start).stream(0)
}

/// A queue in which every actor has one entry, spread over one period.
fn filled<Q: Queue>(mut queue: Q, actors: u32) -> Q {
    for actor in 0..actors {
        queue.push(Key::new(Time(stream().at(u64::from(actor)) % PERIOD), Class::Server), actor);
    }
    queue
}

fn hold<Q: Queue>(bencher: Bencher, mut queue: Q, gap: impl Fn(u64) -> u64) {
    let mut number = 0;
    bencher.counter(ItemsCount::new(EVENTS)).bench_local(|| {
        for _ in 0..EVENTS {
            let Some((key, actor)) = queue.pop(|actor| _ = black_box(actor)) else { return };
            number += 1;
            queue.push(Key::new(Time(key.time().0 + gap(number)), Class::Server), actor);
        }
    });
}

#[divan::bench(args = ACTORS, sample_count = 10)]
fn heap_period(bencher: Bencher, actors: u32) {
    hold(bencher, filled(HeapQueue::with_capacity(actors as usize), actors), |_| PERIOD);
}

#[divan::bench(args = ACTORS, sample_count = 10)]
fn wheel_period(bencher: Bencher, actors: u32) {
    hold(bencher, filled(WheelQueue::new(actors), actors), |_| PERIOD);
}

#[divan::bench(args = ACTORS, sample_count = 10)]
fn heap_exponential(bencher: Bencher, actors: u32) {
    let (law, bits) = (Exponential::new(PERIOD as f64), stream());
    hold(bencher, filled(HeapQueue::with_capacity(actors as usize), actors), |number| law.from_bits(bits.at(number)));
}

#[divan::bench(args = ACTORS, sample_count = 10)]
fn wheel_exponential(bencher: Bencher, actors: u32) {
    let (law, bits) = (Exponential::new(PERIOD as f64), stream());
    hold(bencher, filled(WheelQueue::new(actors), actors), |number| law.from_bits(bits.at(number)));
}
