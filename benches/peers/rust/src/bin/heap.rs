//! M1 with the standard library's `BinaryHeap` and nothing else: what one writes in an afternoon.
//!
//! An entry has 24 bytes: time, sequence number, and the whole state of the request, so that a check touches nothing but
//! the heap. Timeouts that are not needed any more stay in the heap until their time comes and are ignored then.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use peers::{Arguments, CHECK_INTERVAL, CHECKS, Draws, Statistics, TIMEOUT};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Start,
    RequestArrives,
    Check,
    HitArrives,
    NoDataArrives,
    TimeoutFires,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Action {
    client: u32,
    kind: Kind,
    /// Number of the request, modulo 256: tells what is stale.
    request: u8,
    checks_done: u8,
    /// The check that hits, 0 for none.
    hit_at: u8,
}

/// The derived order is the order of the queue; the sequence number makes it first-in first-out at one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    time: u64,
    sequence: u64,
    action: Action,
}

const _: () = assert!(size_of::<Entry>() == 24);

#[derive(Default)]
struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
}

impl Queue {
    fn schedule(&mut self, time: u64, action: Action) {
        self.sequence += 1;
        self.heap.push(Reverse(Entry { time, sequence: self.sequence, action }));
    }
}

#[derive(Clone, Copy, Default)]
struct Client {
    deadline: u64,
    replied_at: u64,
    request: u8,
}

struct Model {
    queue: Queue,
    clients: Vec<Client>,
    draws: Draws,
    statistics: Statistics,
}

impl Model {
    fn send(&mut self, now: u64, number: u32) {
        let client = &mut self.clients[number as usize];
        client.request = client.request.wrapping_add(1);
        client.deadline = now + TIMEOUT;
        let action =
            Action { client: number, kind: Kind::RequestArrives, request: client.request, checks_done: 0, hit_at: 0 };
        self.queue.schedule(now + self.draws.delay(), action);
        self.queue.schedule(now + TIMEOUT, Action { kind: Kind::TimeoutFires, ..action });
    }

    fn check(&mut self, now: u64, mut action: Action) {
        self.statistics.tick();
        action.checks_done += 1;
        if action.checks_done == action.hit_at {
            self.statistics.hit();
            let client = &mut self.clients[action.client as usize];
            // The reply to a request that its client has left will be ignored, its time is of no use.
            if client.request == action.request {
                client.replied_at = now;
            }
            self.queue.schedule(now + self.draws.delay(), Action { kind: Kind::HitArrives, ..action });
        } else if action.checks_done == CHECKS {
            self.statistics.no_data();
            self.queue.schedule(now + self.draws.delay(), Action { kind: Kind::NoDataArrives, ..action });
        } else {
            self.queue.schedule(now + CHECK_INTERVAL, action);
        }
    }

    fn handle(&mut self, now: u64, action: Action) {
        match action.kind {
            Kind::Start => self.send(now, action.client),
            Kind::RequestArrives => {
                self.statistics.request(now);
                let hit_at = self.draws.hit_at();
                self.queue.schedule(now + CHECK_INTERVAL, Action { kind: Kind::Check, hit_at, ..action });
            }
            Kind::Check => self.check(now, action),
            Kind::HitArrives | Kind::NoDataArrives => {
                self.statistics.reply();
                let client = self.clients[action.client as usize];
                if client.request == action.request {
                    if action.kind == Kind::HitArrives {
                        self.statistics.latency(now - client.replied_at);
                    }
                    self.send(now, action.client);
                }
            }
            Kind::TimeoutFires => {
                if self.clients[action.client as usize].deadline == now {
                    self.statistics.timeout();
                    self.send(now, action.client);
                }
            }
        }
    }
}

fn main() {
    let arguments = Arguments::read();
    let mut model = Model {
        queue: Queue::default(),
        clients: vec![Client::default(); arguments.clients as usize],
        draws: Draws::new(arguments.seed),
        statistics: Statistics::new(arguments.end()),
    };
    for client in 0..arguments.clients {
        let start = model.draws.start();
        model.queue.schedule(start, Action { client, kind: Kind::Start, request: 0, checks_done: 0, hit_at: 0 });
    }
    while let Some(Reverse(entry)) = model.queue.heap.pop() {
        if entry.time >= arguments.end() {
            break;
        }
        model.handle(entry.time, entry.action);
    }
    model.statistics.print("heap", "std", &arguments);
}
