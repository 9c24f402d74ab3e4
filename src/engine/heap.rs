//! A binary heap as event queue: slow and obviously correct. The tests compare other queues with it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Key, Queue, limit_before};
use crate::units::Time;

/// A binary heap of one 16-byte entry per actor.
#[derive(Debug, Default)]
pub struct HeapQueue {
    entries: BinaryHeap<Reverse<(Key, u32)>>,
}

impl HeapQueue {
    /// An empty queue with room for `actors` entries.
    pub fn with_capacity(actors: usize) -> HeapQueue {
        HeapQueue { entries: BinaryHeap::with_capacity(actors) }
    }
}

impl Queue for HeapQueue {
    fn push(&mut self, key: Key, actor: u32) {
        self.entries.push(Reverse((key, actor)));
    }

    fn pop(&mut self, _upcoming: impl FnMut(u32)) -> Option<(Key, u32)> {
        self.entries.pop().map(|Reverse(entry)| entry)
    }

    fn limit(&self, actor: u32) -> Key {
        self.entries.peek().map_or(Key::start_of(Time::NEVER), |Reverse(first)| limit_before(*first, actor))
    }
}
