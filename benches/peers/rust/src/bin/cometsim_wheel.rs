//! The model of `packed_heap` on cometsim's event queue, every check an entry: the fair comparison of the queues alone.

use cometsim::engine::{Class, Key, Queue, WheelQueue};
use cometsim::units::Time;
use peers::Arguments;
use peers::packed_model::{Client, Model, UNIT};

fn main() {
    let arguments = Arguments::read();
    let end = arguments.end() / UNIT;
    let mut model = Model::new(&arguments);
    let mut clients = vec![Client::WAITING; arguments.clients as usize];
    let mut queue = WheelQueue::new(arguments.clients);
    let key = |units: u64| Key::new(Time(units * UNIT), Class::Server);
    for client in 0..arguments.clients {
        queue.push(key(model.start()), client);
    }
    while let Some((now, client)) = queue.pop(|client| {
        std::hint::black_box(clients[client as usize]);
    }) {
        let now = now.time().0 / UNIT;
        if now >= end {
            break;
        }
        let time = model.handle(now, &mut clients[client as usize]);
        queue.push(key(time), client);
    }
    model.statistics.print("cometsim-wheel", env!("CARGO_PKG_VERSION"), &arguments);
}
