//! M1 as small as it gets: a client has one thing to do next, so that a queue needs one entry per client.
//!
//! The timeout has no entry: where the next thing would come after the deadline, the deadline takes its place. With one
//! entry per client there is no room for a request whose client has left: the server drops it.

use crate::{Arguments, CHECK_INTERVAL, CHECKS, Draws, Statistics, TIMEOUT};

/// Nanoseconds in a unit of time.
pub const UNIT: u64 = 100;

#[derive(Clone, Copy, Debug)]
enum Next {
    Start,
    RequestArrives,
    Check,
    HitArrives,
    NoDataArrives,
    TimeoutFires,
}

/// The state of a client. Times are in units.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    deadline: u64,
    replied_at: u64,
    next: Next,
    checks_done: u8,
    /// The check that hits, 0 for none.
    hit_at: u8,
}

/// The model without its queue.
pub struct Model {
    draws: Draws,
    /// What was counted.
    pub statistics: Statistics,
}

impl Client {
    /// A client before its start.
    pub const WAITING: Self =
        Self { deadline: u64::MAX, replied_at: 0, next: Next::Start, checks_done: 0, hit_at: 0 };
}

impl Model {
    /// The model before the run.
    pub fn new(arguments: &Arguments) -> Self {
        Self { draws: Draws::new(arguments.seed), statistics: Statistics::new(arguments.end()) }
    }

    /// When a client does its first thing.
    pub fn start(&mut self) -> u64 {
        self.draws.start() / UNIT
    }

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
    pub fn handle(&mut self, now: u64, client: &mut Client) -> u64 {
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
