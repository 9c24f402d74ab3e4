//! M1 in `NeXosim`: models that schedule their own events.
//!
//! The server's loop for a client is in the client's model, so that no message has to hop from one mailbox to another:
//! this is the fast way. The timeout is a keyed event whose key is cancelled when the reply is there. One thread, because
//! every other system has one.

// The framework asks for these signatures.
#![allow(clippy::unused_self, clippy::unused_async)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexosim::Message;
use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::simulation::{EventKey, Mailbox, SimInit, SimulationError};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::{Arguments, CHECK_INTERVAL, CHECKS, Draws, Statistics, TIMEOUT, locked_version};

/// What all models share and what is no part of a saved state. There is one thread, so the lock is always free.
type Shared = Arc<Mutex<World>>;

struct World {
    draws: Draws,
    statistics: Statistics,
}

/// Which request of which client of this model.
#[derive(Clone, Copy, Debug, Message, Serialize, Deserialize)]
struct Request {
    client: u32,
    number: u32,
}

/// The server's loop for one request.
#[derive(Clone, Copy, Debug, Message, Serialize, Deserialize)]
struct Check {
    request: Request,
    number: u8,
    /// The check that hits, 0 for none.
    hit_at: u8,
}

#[derive(Clone, Copy, Debug, Message, Serialize, Deserialize)]
struct Reply {
    request: Request,
    /// When the server replied, where it is a hit.
    replied_at: Option<u64>,
}

#[derive(Default, Serialize, Deserialize)]
struct Client {
    /// Number of the request that the client waits for.
    request: u32,
    timeout: Option<EventKey>,
}

/// The clients of one model.
#[derive(Serialize, Deserialize)]
struct Clients(Vec<Client>);

#[Model(type Env = Shared)]
impl Clients {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>, shared: &mut Shared) {
        for client in 0..self.0.len() as u32 {
            let start = shared.lock().unwrap().draws.start();
            context.schedule_event(after(start), schedulable!(Self::send), client).unwrap();
        }
    }

    #[nexosim(schedulable)]
    fn send(&mut self, number: u32, context: &Context<Self>, shared: &mut Shared) {
        let client = &mut self.0[number as usize];
        client.request += 1;
        let request = Request { client: number, number: client.request };
        let delay = shared.lock().unwrap().draws.delay();
        context.schedule_event(after(delay), schedulable!(Self::request_arrives), request).unwrap();
        let key = context.schedule_keyed_event(after(TIMEOUT), schedulable!(Self::timeout_fires), number).unwrap();
        client.timeout = Some(key);
    }

    #[nexosim(schedulable)]
    fn request_arrives(&mut self, request: Request, context: &Context<Self>, shared: &mut Shared) {
        let mut world = shared.lock().unwrap();
        world.statistics.request(nanoseconds(context.time()));
        let check = Check { request, number: 1, hit_at: world.draws.hit_at() };
        context.schedule_event(after(CHECK_INTERVAL), schedulable!(Self::check), check).unwrap();
    }

    #[nexosim(schedulable)]
    fn check(&mut self, check: Check, context: &Context<Self>, shared: &mut Shared) {
        let mut world = shared.lock().unwrap();
        world.statistics.tick();
        let replied_at = if check.number == check.hit_at {
            world.statistics.hit();
            Some(nanoseconds(context.time()))
        } else if check.number == CHECKS {
            world.statistics.no_data();
            None
        } else {
            let next = Check { number: check.number + 1, ..check };
            context.schedule_event(after(CHECK_INTERVAL), schedulable!(Self::check), next).unwrap();
            return;
        };
        let reply = Reply { request: check.request, replied_at };
        context.schedule_event(after(world.draws.delay()), schedulable!(Self::reply_arrives), reply).unwrap();
    }

    #[nexosim(schedulable)]
    fn reply_arrives(&mut self, reply: Reply, context: &Context<Self>, shared: &mut Shared) {
        let mut world = shared.lock().unwrap();
        world.statistics.reply();
        let client = &mut self.0[reply.request.client as usize];
        if reply.request.number != client.request {
            return;
        }
        if let Some(key) = client.timeout.take() {
            key.cancel();
        }
        if let Some(replied_at) = reply.replied_at {
            world.statistics.latency(nanoseconds(context.time()) - replied_at);
        }
        drop(world);
        self.send(reply.request.client, context, shared);
    }

    #[nexosim(schedulable)]
    fn timeout_fires(&mut self, number: u32, context: &Context<Self>, shared: &mut Shared) {
        shared.lock().unwrap().statistics.timeout();
        self.send(number, context, shared);
    }
}

/// From now on: a delay of zero is not allowed.
fn after(nanoseconds: u64) -> Duration {
    Duration::from_nanos(nanoseconds.max(1))
}

fn nanoseconds(time: MonotonicTime) -> u64 {
    time.duration_since(MonotonicTime::EPOCH).as_nanos() as u64
}

/// Builds a model of that many clients with its share of the world.
struct NewClients {
    count: u32,
    shared: Shared,
}

impl ProtoModel for NewClients {
    type Model = Clients;

    fn build(self, _: &mut BuildContext<Self>) -> (Clients, Shared) {
        (Clients((0..self.count).map(|_| Client::default()).collect()), self.shared)
    }
}

/// Runs M1 with that many models, which share the clients evenly, and prints the result.
///
/// # Errors
///
/// What the simulator reports.
pub fn run(system: &str, arguments: &Arguments, models: u32) -> Result<(), SimulationError> {
    let world = World { draws: Draws::new(arguments.seed), statistics: Statistics::new(arguments.end()) };
    let shared = Arc::new(Mutex::new(world));
    let mut bench = SimInit::with_num_threads(1);
    for _ in 0..models {
        let clients = NewClients { count: arguments.clients / models, shared: Arc::clone(&shared) };
        // No message ever waits behind another, and small mailboxes are faster than those of the default size.
        bench = bench.add_model(clients, Mailbox::with_capacity(1), "clients");
    }
    let mut simulation = bench.init(MonotonicTime::EPOCH)?;
    simulation.step_until(Duration::from_secs(arguments.seconds))?;
    shared.lock().unwrap().statistics.print(system, locked_version("nexosim"), arguments);
    Ok(())
}
