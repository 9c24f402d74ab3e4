//! A timing wheel of chunked buckets: the event queue for many actors.
//!
//! A wheel of buckets covers the next *turn*, 2^32 units of [`Key`] (1.07 s). A bucket is an unordered list of chunks
//! from one pool; it is sorted when its time comes. What lies beyond the turn waits in the slot of its own turn, and what
//! lies beyond the last slot in a heap. So an entry is written once or twice and read once or twice, always in long runs,
//! and takes 8 bytes: its place in the bucket's turn, and its actor. Entries that are pushed while their bucket is
//! open go to a small heap beside it.
//!
//! The width of a bucket follows the rate of events, so that a bucket holds some hundred of them: few enough to stay in
//! the processor's cache, enough to fetch their actors' states side by side. The width never changes the order.
//!
//! Varghese & Lauck, "Hashed and hierarchical timing wheels", SOSP 1987; Brown, "Calendar queues", CACM 31(10), 1988.

mod bag;
mod sort;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Key, Queue, limit_before};
use bag::{Bag, Chunks};
use sort::sort_nearly_sorted;

/// Units of [`Key`] in a turn, as a power of two: the part of a key that an entry keeps.
const TURN_BITS: u32 = 32;
/// Turns that have a slot of their own, the current one among them: nine minutes. The heap behind them costs some
/// hundred nanoseconds an entry where it holds a million.
const TURNS: u64 = 512;
/// Entries that a bucket shall hold, as a power of two.
const FILL_BITS: u32 = 7;
/// A bucket is at least this wide, as a power of two: 2^24 buckets at most.
const NARROWEST_BITS: u32 = 8;
/// Behind every entry, and the sentinel of the last bucket of a turn: the last unit of a turn is of no class.
const NONE: u64 = u64::MAX;
/// Actors whose states are fetched at once.
const BATCH: usize = 64;

/// A timing wheel.
#[derive(Debug)]
pub struct WheelQueue {
    chunks: Chunks,
    /// Width of a bucket as a power of two.
    width_bits: u32,
    /// The entries of bucket b are in place b modulo the number of places. Holds the buckets that follow the open one,
    /// fewer than there are places.
    near: Vec<Bag>,
    /// One bit per place of `near`: whether it holds anything.
    occupied: Vec<u64>,
    /// The entries of turn t behind the reach of `near`, in place t modulo [`TURNS`].
    turns: Vec<Bag>,
    /// What is due behind the last slot.
    beyond: BinaryHeap<Reverse<(Key, u32)>>,
    /// The bucket that is open: its number, the first key of its turn, its entries in order and a sentinel, and how many
    /// of them are taken.
    bucket: u64,
    turn_start: u64,
    open: Vec<u64>,
    taken: usize,
    /// The first entry of all, or the sentinel.
    first: u64,
    /// Entries pushed into the open bucket, and the first of them.
    late: BinaryHeap<Reverse<u64>>,
    first_late: u64,
    /// Working space.
    strays: Vec<u64>,
    /// Whether nothing was ever taken: the first bucket is still filling up.
    is_new: bool,
    /// Entries in `turns`.
    turns_count: usize,
    /// Entries of the buckets opened in this turn.
    opened_in_turn: usize,
}

/// An entry within a turn: the low bits of its key, then its actor.
#[inline]
fn pack(key: Key, actor: u32) -> u64 {
    key.0 << 32 | u64::from(actor)
}

impl WheelQueue {
    /// Memory of an entry, in bytes, at most: with the slack in half-full chunks, or where all are due in one bucket.
    pub const BYTES_PER_ACTOR: usize = 18;

    /// An empty queue, made for about `actors` entries.
    pub fn new(actors: u32) -> WheelQueue {
        let mut queue = WheelQueue {
            chunks: Chunks::default(),
            width_bits: TURN_BITS,
            near: Vec::new(),
            occupied: Vec::new(),
            turns: vec![Bag::EMPTY; TURNS as usize],
            beyond: BinaryHeap::new(),
            bucket: 0,
            turn_start: 0,
            open: Vec::new(),
            taken: 0,
            first: NONE,
            late: BinaryHeap::new(),
            first_late: NONE,
            strays: Vec::new(),
            is_new: true,
            turns_count: 0,
            opened_in_turn: 0,
        };
        queue.lay_out(width_bits(actors as usize));
        queue
    }

    /// Memory of what the queue holds now, in bytes: entries, and what grows with their number.
    pub(crate) fn bytes(&self) -> usize {
        let words = self.near.len() + self.occupied.len() + self.open.len() + self.strays.len() + self.late.len();
        self.chunks.bytes() + size_of::<u64>() * words + size_of::<(Key, u32)>() * self.beyond.len()
    }

    fn lay_out(&mut self, width_bits: u32) {
        let places = 1usize << (TURN_BITS - width_bits);
        self.width_bits = width_bits;
        self.near = vec![Bag::EMPTY; places];
        self.occupied = vec![0; places.div_ceil(64)];
    }

    fn turn(&self) -> u64 {
        self.bucket >> (TURN_BITS - self.width_bits)
    }

    /// The entry as the queue's users know it; `bucket` is one in whose turn it lies.
    #[inline]
    fn unpack(&self, entry: u64) -> (Key, u32) {
        (Key(self.turn_start | entry >> 32), entry as u32)
    }

    /// Puts an entry of a bucket behind the open one in the place of its bucket.
    #[inline]
    fn push_near(&mut self, bucket: u64, entry: u64) {
        let place = bucket as usize & (self.near.len() - 1);
        let bag = &mut self.near[place];
        if !self.chunks.push(bag, entry) {
            self.chunks.extend(bag, entry);
            self.occupied[place / 64] |= 1 << (place % 64);
        }
    }

    /// Sorts what was pushed into the first bucket before anything was taken.
    #[cold]
    fn start(&mut self) {
        self.is_new = false;
        sort_nearly_sorted(&mut self.open, &mut self.strays);
        self.close_bucket();
    }

    #[cold]
    fn push_late(&mut self, entry: u64) {
        self.late.push(Reverse(entry));
        self.first_late = self.first_late.min(entry);
        self.first = self.first.min(entry);
    }

    #[cold]
    fn pop_late(&mut self) -> Option<(Key, u32)> {
        let Reverse(late) = self.late.pop()?;
        self.first_late = self.late.peek().map_or(NONE, |Reverse(first)| *first);
        self.first = self.first_late.min(self.open[self.taken]);
        Some(self.unpack(late))
    }

    fn push_into_turn(&mut self, turn: u64, entry: u64) {
        let bag = &mut self.turns[(turn % TURNS) as usize];
        if !self.chunks.push(bag, entry) {
            self.chunks.extend(bag, entry);
        }
        self.turns_count += 1;
    }

    #[cold]
    fn push_far(&mut self, key: Key, actor: u32) {
        let turn = key.0 >> TURN_BITS;
        if turn - self.turn() < TURNS {
            self.push_into_turn(turn, pack(key, actor));
        } else {
            self.beyond.push(Reverse((key, actor)));
        }
    }

    /// Opens the next bucket that holds anything. Returns whether there is one.
    fn open_next(&mut self) -> bool {
        self.open.clear();
        self.taken = 0;
        while self.open.is_empty() {
            let last_of_turn = self.bucket | (self.near.len() as u64 - 1);
            match self.next_occupied(last_of_turn) {
                Some(bucket) => {
                    self.bucket = bucket;
                    self.open_bucket();
                }
                None if self.occupied.iter().all(|word| *word == 0) && !self.skip_empty_turns() => {
                    self.close_bucket();
                    return false;
                }
                None => self.start_turn(),
            }
        }
        self.close_bucket();
        true
    }

    /// Ends the open bucket with a sentinel, the last unit of the bucket, which is of no class.
    fn close_bucket(&mut self) {
        self.turn_start = self.turn() << TURN_BITS;
        let last = Key((self.bucket << self.width_bits) | ((1 << self.width_bits) - 1));
        self.open.push(pack(last, u32::MAX));
        self.first = self.first_late.min(self.open[0]);
    }

    /// The first occupied bucket behind the open one, up to bucket `last` of the same turn.
    fn next_occupied(&self, last: u64) -> Option<u64> {
        let mut bucket = self.bucket + 1;
        while bucket <= last {
            let place = bucket as usize & (self.near.len() - 1);
            let word = self.occupied[place / 64] >> (place % 64);
            if word != 0 {
                return Some(bucket + u64::from(word.trailing_zeros()));
            }
            bucket += 64 - (place as u64 % 64);
        }
        None
    }

    fn open_bucket(&mut self) {
        let place = self.bucket as usize & (self.near.len() - 1);
        self.occupied[place / 64] &= !(1 << (place % 64));
        self.chunks.drain(&mut self.near[place], &mut self.open);
        self.opened_in_turn += self.open.len();
        sort_nearly_sorted(&mut self.open, &mut self.strays);
    }

    /// With nothing near: goes to the last bucket before the turn of the next entry. Returns whether there is one.
    fn skip_empty_turns(&mut self) -> bool {
        let current = self.turn();
        let next = if self.turns_count > 0 {
            (current + 1..current + TURNS).find(|turn| !self.turns[(turn % TURNS) as usize].is_empty())
        } else {
            self.beyond.peek().map(|Reverse((key, _))| key.0 >> TURN_BITS)
        };
        let Some(next) = next else { return false };
        self.bucket = (next << (TURN_BITS - self.width_bits)) - 1;
        true
    }

    /// Goes to the first bucket of the next turn and brings near what was waiting for it.
    fn start_turn(&mut self) {
        self.fit_width();
        self.bucket = (self.turn() + 1) << (TURN_BITS - self.width_bits);
        let turn = self.turn();
        while let Some(Reverse((key, actor))) = self.beyond.peek().copied()
            && (key.0 >> TURN_BITS) - turn < TURNS
        {
            self.beyond.pop();
            self.push_into_turn(key.0 >> TURN_BITS, pack(key, actor));
        }
        let mut arriving = std::mem::take(&mut self.strays);
        arriving.clear();
        self.chunks.drain(&mut self.turns[(turn % TURNS) as usize], &mut arriving);
        for entry in &arriving {
            self.push_near(self.bucket + (entry >> 32 >> self.width_bits), *entry);
        }
        self.turns_count -= arriving.len();
        self.strays = arriving;
        self.open_bucket();
    }

    /// Chooses the width of the buckets anew, at the end of a turn, where their number was far off.
    fn fit_width(&mut self) {
        let wanted = width_bits(self.opened_in_turn);
        self.opened_in_turn = 0;
        if wanted.abs_diff(self.width_bits) < 2 {
            return;
        }
        // All entries that are near lie in the next turn: this one is over.
        let next = self.turn() + 1;
        let mut entries = Vec::new();
        for mut bag in std::mem::take(&mut self.near) {
            self.chunks.drain(&mut bag, &mut entries);
        }
        self.lay_out(wanted);
        let first = next << (TURN_BITS - wanted);
        self.bucket = first - 1;
        for entry in entries {
            self.push_near(first + (entry >> 32 >> wanted), entry);
        }
    }
}

/// The width of a bucket for so many entries a turn.
fn width_bits(entries: usize) -> u32 {
    let places_bits = entries.max(1).ilog2().saturating_sub(FILL_BITS);
    (TURN_BITS - places_bits.min(TURN_BITS)).max(NARROWEST_BITS)
}

impl Queue for WheelQueue {
    #[inline]
    fn push(&mut self, key: Key, actor: u32) {
        let bucket = key.0 >> self.width_bits;
        let ahead = bucket.saturating_sub(self.bucket);
        let entry = pack(key, actor);
        if ahead.wrapping_sub(1) < self.near.len() as u64 - 1 {
            self.push_near(bucket, entry);
        } else if ahead > 0 {
            self.push_far(key, actor);
        } else if self.is_new {
            self.open.push(entry);
        } else {
            self.push_late(entry);
        }
    }

    #[inline]
    fn pop(&mut self, mut upcoming: impl FnMut(u32)) -> Option<(Key, u32)> {
        if self.is_new {
            self.start();
        }
        loop {
            let entry = self.first;
            if entry == self.first_late && entry != NONE {
                return self.pop_late();
            }
            if self.taken.is_multiple_of(BATCH) {
                let end = self.open.len() - 1;
                let batch = &self.open[self.taken..end.min(self.taken + BATCH)];
                for entry in batch {
                    upcoming(*entry as u32);
                }
            }
            self.taken += 1;
            if let Some(next) = self.open.get(self.taken) {
                self.first = self.first_late.min(*next);
                return Some(self.unpack(entry));
            }
            if !self.open_next() {
                return None;
            }
        }
    }

    #[inline]
    fn limit(&self, actor: u32) -> Key {
        limit_before(self.unpack(self.first), actor)
    }
}

#[cfg(test)]
mod tests;
