//! M1 with a `BinaryHeap` of one 8-byte entry per client: as small and as fast as a binary heap gets.
//!
//! An entry is time in units of 100 ns (44 bits, 20 days) and client (20 bits, 1,048,576 of them). It is replaced at the
//! top of the heap, one sift in place of a pop and a push.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use peers::Arguments;
use peers::packed_model::{Client, Model, UNIT};

const CLIENT_BITS: u32 = 20;

fn main() {
    let arguments = Arguments::read();
    assert!(arguments.clients <= 1 << CLIENT_BITS, "an entry has room for {} clients", 1 << CLIENT_BITS);
    let end = arguments.end() / UNIT;
    assert!(end < 1 << (63 - CLIENT_BITS), "an entry has no room for times that late");
    let mut model = Model::new(&arguments);
    let mut clients = vec![Client::WAITING; arguments.clients as usize];
    let mut heap: BinaryHeap<Reverse<u64>> =
        (0..u64::from(arguments.clients)).map(|client| Reverse(model.start() << CLIENT_BITS | client)).collect();
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
