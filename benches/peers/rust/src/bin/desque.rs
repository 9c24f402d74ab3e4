//! M1 in desque: a type for each kind of event, all state in the simulation's state.
//!
//! desque cannot take an event back, so a timeout that is not needed any more is ignored when its time comes, as its
//! documentation suggests.

use desque::serial::{Event, Simulation};
use desque::{Result, SimState};
use peers::{Arguments, CHECK_INTERVAL, CHECKS, Draws, Statistics, TIMEOUT, locked_version};

#[derive(Clone, Copy, Default)]
struct Client {
    /// Number of the request that the client waits for.
    request: u32,
}

struct World {
    clients: Vec<Client>,
    draws: Draws,
    statistics: Statistics,
    is_over: bool,
}

impl SimState<u64> for World {
    fn is_complete(&self, _: &u64) -> bool {
        self.is_over
    }
}

type Queue = Simulation<World, u64>;

/// Which request of which client.
#[derive(Clone, Copy, Debug)]
struct Request {
    client: u32,
    number: u32,
}

impl Request {
    fn is_awaited(self, queue: &Queue) -> bool {
        queue.state().clients[self.client as usize].request == self.number
    }
}

fn send(queue: &mut Queue, client: u32) -> Result {
    let state = queue.state_mut();
    let waiting = &mut state.clients[client as usize];
    waiting.request += 1;
    let request = Request { client, number: waiting.request };
    let delay = state.draws.delay();
    queue.schedule_with_delay(TimeoutFires { request }, TIMEOUT)?;
    queue.schedule_with_delay(RequestArrives { request }, delay)
}

#[derive(Debug)]
struct Start {
    client: u32,
}

impl Event<World, u64> for Start {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        send(queue, self.client)
    }
}

#[derive(Debug)]
struct RequestArrives {
    request: Request,
}

impl Event<World, u64> for RequestArrives {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        let now = *queue.current_time();
        let state = queue.state_mut();
        state.statistics.request(now);
        let hit_at = state.draws.hit_at();
        queue.schedule_with_delay(Check { request: self.request, number: 1, hit_at }, CHECK_INTERVAL)
    }
}

#[derive(Debug)]
struct Check {
    request: Request,
    number: u8,
    /// The check that hits, 0 for none.
    hit_at: u8,
}

impl Event<World, u64> for Check {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        let now = *queue.current_time();
        let state = queue.state_mut();
        state.statistics.tick();
        let replied_at = if self.number == self.hit_at {
            state.statistics.hit();
            Some(now)
        } else if self.number == CHECKS {
            state.statistics.no_data();
            None
        } else {
            let next = Self { number: self.number + 1, ..*self };
            return queue.schedule_with_delay(next, CHECK_INTERVAL);
        };
        let delay = state.draws.delay();
        queue.schedule_with_delay(ReplyArrives { request: self.request, replied_at }, delay)
    }
}

#[derive(Debug)]
struct ReplyArrives {
    request: Request,
    /// When the server replied, where it is a hit.
    replied_at: Option<u64>,
}

impl Event<World, u64> for ReplyArrives {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        let now = *queue.current_time();
        queue.state_mut().statistics.reply();
        if !self.request.is_awaited(queue) {
            return Ok(());
        }
        if let Some(replied_at) = self.replied_at {
            queue.state_mut().statistics.latency(now - replied_at);
        }
        send(queue, self.request.client)
    }
}

#[derive(Debug)]
struct TimeoutFires {
    request: Request,
}

impl Event<World, u64> for TimeoutFires {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        if !self.request.is_awaited(queue) {
            return Ok(());
        }
        queue.state_mut().statistics.timeout();
        send(queue, self.request.client)
    }
}

#[derive(Debug)]
struct End;

impl Event<World, u64> for End {
    fn execute(&mut self, queue: &mut Queue) -> Result {
        queue.state_mut().is_over = true;
        Ok(())
    }
}

fn main() -> Result {
    let arguments = Arguments::read();
    let mut queue = Simulation::new(
        World {
            clients: vec![Client::default(); arguments.clients as usize],
            draws: Draws::new(arguments.seed),
            statistics: Statistics::new(arguments.end()),
            is_over: false,
        },
        0,
    );
    queue.schedule(End, arguments.end())?;
    for client in 0..arguments.clients {
        let start = queue.state_mut().draws.start();
        queue.schedule(Start { client }, start)?;
    }
    queue.run()?;
    queue.state().statistics.print("desque", locked_version("desque"), &arguments);
    Ok(())
}
