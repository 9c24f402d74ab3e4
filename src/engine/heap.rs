//! A binary heap as event queue.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::{Key, Queue};

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

    fn first(&self) -> Option<(Key, u32)> {
        self.entries.peek().map(|Reverse(entry)| *entry)
    }

    fn replace_first(&mut self, key: Option<Key>) {
        let Some(mut first) = self.entries.peek_mut() else { return };
        match key {
            Some(key) => first.0.0 = key,
            None => {
                PeekMut::pop(first);
            }
        }
    }
}
