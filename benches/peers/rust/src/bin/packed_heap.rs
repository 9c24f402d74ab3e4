//! M1 with a `BinaryHeap` of one 8-byte entry per client: as small and as fast as a binary heap gets.
//!
//! An entry is time in units of 100 ns (44 bits, 20 days) and client (20 bits, 1,048,576 of them). A client has one thing
//! to do next, so its entry is replaced at the top of the heap, one sift in place of a pop and a push. The timeout has no
//! entry: where the next thing would come after the deadline, the deadline takes its place. With one entry per client
//! there is no room for a request whose client has left: the server drops it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use peers::{Arguments, CHECK_INTERVAL, CHECKS, Draws, Statistics, TIMEOUT};

const CLIENT_BITS: u32 = 20;
/// Nanoseconds in a unit of time.
const UNIT: u64 = 100;

#[derive(Clone, Copy)]
enum Next {
    Start,
    RequestArrives,
    Check,
    HitArrives,
    NoDataArrives,
    TimeoutFires,
}

/// Times in units.
#[derive(Clone, Copy)]
struct Client {
    deadline: u64,
    replied_at: u64,
    next: Next,
    checks_done: u8,
    /// The check that hits, 0 for none.
    hit_at: u8,
}

struct Model {
    draws: Draws,
    statistics: Statistics,
}

impl Model {
    fn delay(&mut self) -> u64 {
        self.draws.delay() / UNIT
    }

    fn send(&mut self, now: u64, client: &mut Client) -> u64 {
        client.deadline = now + TIMEOUT / UNIT;
        client.checks_done = 0;
        client.next = Next::RequestArrives;
        now + self.delay()
    }

    fn check(&mut self, now: u64, client: &mut Client) -> u64 {
        self.statistics.tick();
        client.checks_done += 1;
        if client.checks_done == client.hit_at {
            self.statistics.hit();
            client.replied_at = now;
            client.next = Next::HitArrives;
            now + self.delay()
        } else if client.checks_done == CHECKS {
            self.statistics.no_data();
            client.next = Next::NoDataArrives;
            now + self.delay()
        } else {
            now + CHECK_INTERVAL / UNIT
        }
    }

    /// Does what is next for the client and returns when its next thing comes.
    fn handle(&mut self, now: u64, client: &mut Client) -> u64 {
        let time = match client.next {
            Next::Start => self.send(now, client),
            Next::RequestArrives => {
                self.statistics.request(now * UNIT);
                client.hit_at = self.draws.hit_at();
                client.next = Next::Check;
                now + CHECK_INTERVAL / UNIT
            }
            Next::Check => self.check(now, client),
            Next::HitArrives => {
                self.statistics.reply();
                self.statistics.latency((now - client.replied_at) * UNIT);
                self.send(now, client)
            }
            Next::NoDataArrives => {
                self.statistics.reply();
                self.send(now, client)
            }
            Next::TimeoutFires => {
                self.statistics.timeout();
                self.send(now, client)
            }
        };
        if time > client.deadline {
            client.next = Next::TimeoutFires;
            return client.deadline;
        }
        time
    }
}

fn main() {
    let arguments = Arguments::read();
    assert!(arguments.clients <= 1 << CLIENT_BITS, "an entry has room for {} clients", 1 << CLIENT_BITS);
    let end = arguments.end() / UNIT;
    assert!(end < 1 << (63 - CLIENT_BITS), "an entry has no room for times that late");
    let mut model = Model { draws: Draws::new(arguments.seed), statistics: Statistics::new(arguments.end()) };
    let waiting = Client { deadline: u64::MAX, replied_at: 0, next: Next::Start, checks_done: 0, hit_at: 0 };
    let mut clients = vec![waiting; arguments.clients as usize];
    let mut heap: BinaryHeap<Reverse<u64>> = (0..u64::from(arguments.clients))
        .map(|client| Reverse((model.draws.start() / UNIT) << CLIENT_BITS | client))
        .collect();
    while let Some(mut top) = heap.peek_mut() {
        let now = top.0 >> CLIENT_BITS;
        if now >= end {
            PeekMut::pop(top);
            break;
        }
        let client = top.0 & ((1 << CLIENT_BITS) - 1);
        let time = model.handle(now, &mut clients[client as usize]);
        top.0 = time << CLIENT_BITS | client;
    }
    model.statistics.print("packed-heap", "std", &arguments);
}
