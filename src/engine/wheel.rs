//! A timing wheel of chunked buckets: the event queue for many actors.
//!
//! A wheel of buckets covers the next *rotation*, 2^32 units of [`Key`] (1.07 s). A bucket is an unordered list of
//! chunks from one pool, and is sorted when it opens. Each later rotation has a slot with an unordered list; entries
//! after the last slot are in a heap. So an entry is written once or twice and read once or twice, always in long runs.
//! It takes 8 bytes: its time within the rotation, and its actor. Entries pushed into the open bucket go to a heap.
//!
//! The width of a bucket follows the rate of events, so that a bucket holds about a hundred: few enough to stay in the
//! processor's cache, enough to fetch the states of their actors together. The width never changes the order.
//!
//! Varghese & Lauck, "Hashed and hierarchical timing wheels", SOSP 1987; Brown, "Calendar queues", CACM 31(10), 1988.

mod bag;
mod sort;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Key, Queue, limit_before};
use bag::{Bag, Chunks};
use sort::sort_nearly_sorted;

/// Units of [`Key`] in a rotation, as a power of two: the bits of a key that an entry keeps.
const ROTATION_BITS: u32 = 32;
/// Rotations with a slot, including the current one: nine minutes. The heap after them costs some hundred nanoseconds
/// per entry when it holds a million.
const ROTATIONS: u64 = 512;
/// The target number of entries in a bucket, as a power of two.
const FILL_BITS: u32 = 7;
/// A bucket is at least this wide, as a power of two: 2^24 buckets at most.
const NARROWEST_BITS: u32 = 8;
/// After every entry, and the sentinel of the last bucket of a rotation: no class has the last unit of a rotation.
const NONE: u64 = u64::MAX;
/// Number of actors whose states are prefetched together.
const BATCH: usize = 64;

/// A timing wheel.
#[derive(Debug)]
pub struct WheelQueue {
    chunks: Chunks,
    /// Width of a bucket as a power of two.
    width_bits: u32,
    /// The entries of bucket b, at position b modulo the length: those after the open one, fewer than the length.
    near: Vec<Bag>,
    /// One bit per position of `near`: whether it has entries.
    occupied: Vec<u64>,
    /// The entries of rotation t that `near` does not cover, at position t modulo [`ROTATIONS`].
    rotations: Vec<Bag>,
    /// The entries after the last slot.
    beyond: BinaryHeap<Reverse<(Key, u32)>>,
    /// The open bucket: its number, the first key of its rotation, its sorted entries with a sentinel, how many are taken.
    bucket: u64,
    rotation_start: u64,
    open: Vec<u64>,
    taken: usize,
    /// The first entry of all, or the sentinel.
    first: u64,
    /// Entries pushed into the open bucket, and the first of them.
    late: BinaryHeap<Reverse<u64>>,
    first_late: u64,
    /// A buffer for sorting and moving entries.
    strays: Vec<u64>,
    /// Whether no entry was taken yet: pushes into the first bucket still go to `open`, unsorted.
    is_new: bool,
    /// Entries in `rotations`.
    rotations_count: usize,
    /// Entries of the buckets opened in this rotation.
    opened_in_rotation: usize,
}

/// An entry within a rotation: the low bits of its key, then its actor.
#[inline]
fn pack(key: Key, actor: u32) -> u64 {
    key.0 << 32 | u64::from(actor)
}

impl WheelQueue {
    /// Memory of an entry, in bytes, at most: with the slack of half-full chunks, or with all entries in one bucket.
    pub const BYTES_PER_ACTOR: usize = 18;

    /// An empty queue, made for about `actors` entries.
    pub fn new(actors: u32) -> WheelQueue {
        let mut queue = WheelQueue {
            chunks: Chunks::default(),
            width_bits: ROTATION_BITS,
            near: Vec::new(),
            occupied: Vec::new(),
            rotations: vec![Bag::EMPTY; ROTATIONS as usize],
            beyond: BinaryHeap::new(),
            bucket: 0,
            rotation_start: 0,
            open: Vec::new(),
            taken: 0,
            first: NONE,
            late: BinaryHeap::new(),
            first_late: NONE,
            strays: Vec::new(),
            is_new: true,
            rotations_count: 0,
            opened_in_rotation: 0,
        };
        queue.lay_out(width_bits(actors as usize));
        queue
    }

    /// Memory that the queue uses now, in bytes, for its entries and all that grows with their number.
    pub(crate) fn bytes(&self) -> usize {
        let words = self.near.len() + self.occupied.len() + self.open.len() + self.strays.len() + self.late.len();
        self.chunks.bytes() + size_of::<u64>() * words + size_of::<(Key, u32)>() * self.beyond.len()
    }

    fn lay_out(&mut self, width_bits: u32) {
        let positions = 1usize << (ROTATION_BITS - width_bits);
        self.width_bits = width_bits;
        self.near = vec![Bag::EMPTY; positions];
        self.occupied = vec![0; positions.div_ceil(64)];
    }

    fn rotation(&self) -> u64 {
        self.bucket >> (ROTATION_BITS - self.width_bits)
    }

    /// The key and the actor of an entry in the rotation of the open bucket.
    #[inline]
    fn unpack(&self, entry: u64) -> (Key, u32) {
        (Key(self.rotation_start | entry >> 32), entry as u32)
    }

    /// Adds an entry to a bucket after the open one.
    #[inline]
    fn push_near(&mut self, bucket: u64, entry: u64) {
        let position = bucket as usize & (self.near.len() - 1);
        let bag = &mut self.near[position];
        if !self.chunks.try_push(bag, entry) {
            self.chunks.extend(bag, entry);
            self.occupied[position / 64] |= 1 << (position % 64);
        }
    }

    /// Sorts the first bucket at the first pop.
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

    fn push_into_rotation(&mut self, rotation: u64, entry: u64) {
        let bag = &mut self.rotations[(rotation % ROTATIONS) as usize];
        if !self.chunks.try_push(bag, entry) {
            self.chunks.extend(bag, entry);
        }
        self.rotations_count += 1;
    }

    #[cold]
    fn push_far(&mut self, key: Key, actor: u32) {
        let rotation = key.0 >> ROTATION_BITS;
        if rotation - self.rotation() < ROTATIONS {
            self.push_into_rotation(rotation, pack(key, actor));
        } else {
            self.beyond.push(Reverse((key, actor)));
        }
    }

    /// Opens the next bucket with entries. Returns whether there is one.
    fn open_next(&mut self) -> bool {
        self.open.clear();
        self.taken = 0;
        while self.open.is_empty() {
            let last_of_rotation = self.bucket | (self.near.len() as u64 - 1);
            match self.next_occupied(last_of_rotation) {
                Some(bucket) => {
                    self.bucket = bucket;
                    self.open_bucket();
                }
                None if self.occupied.iter().all(|word| *word == 0) && !self.skip_empty_rotations() => {
                    self.close_bucket();
                    return false;
                }
                None => self.start_rotation(),
            }
        }
        self.close_bucket();
        true
    }

    /// Ends the open bucket with a sentinel, the last unit of the bucket, which no class has.
    fn close_bucket(&mut self) {
        self.rotation_start = self.rotation() << ROTATION_BITS;
        let last = Key((self.bucket << self.width_bits) | ((1 << self.width_bits) - 1));
        self.open.push(pack(last, u32::MAX));
        self.first = self.first_late.min(self.open[0]);
    }

    /// The first occupied bucket after the open one, up to bucket `last` of the same rotation.
    fn next_occupied(&self, last: u64) -> Option<u64> {
        let mut bucket = self.bucket + 1;
        while bucket <= last {
            let position = bucket as usize & (self.near.len() - 1);
            let word = self.occupied[position / 64] >> (position % 64);
            if word != 0 {
                return Some(bucket + u64::from(word.trailing_zeros()));
            }
            bucket += 64 - (position as u64 % 64);
        }
        None
    }

    fn open_bucket(&mut self) {
        let position = self.bucket as usize & (self.near.len() - 1);
        self.occupied[position / 64] &= !(1 << (position % 64));
        self.chunks.drain(&mut self.near[position], &mut self.open);
        self.opened_in_rotation += self.open.len();
        sort_nearly_sorted(&mut self.open, &mut self.strays);
    }

    /// If `near` is empty, skips to the last bucket before the rotation of the next entry. Returns whether there is
    /// one.
    fn skip_empty_rotations(&mut self) -> bool {
        let current = self.rotation();
        let next = if self.rotations_count > 0 {
            (current + 1..current + ROTATIONS)
                .find(|rotation| !self.rotations[(rotation % ROTATIONS) as usize].is_empty())
        } else {
            self.beyond.peek().map(|Reverse((key, _))| key.0 >> ROTATION_BITS)
        };
        let Some(next) = next else { return false };
        self.bucket = (next << (ROTATION_BITS - self.width_bits)) - 1;
        true
    }

    /// Opens the first bucket of the next rotation, and moves the entries of that rotation into their buckets.
    fn start_rotation(&mut self) {
        self.fit_width();
        self.bucket = (self.rotation() + 1) << (ROTATION_BITS - self.width_bits);
        let rotation = self.rotation();
        while let Some(Reverse((key, actor))) = self.beyond.peek().copied()
            && (key.0 >> ROTATION_BITS) - rotation < ROTATIONS
        {
            self.beyond.pop();
            self.push_into_rotation(key.0 >> ROTATION_BITS, pack(key, actor));
        }
        let mut arriving = std::mem::take(&mut self.strays);
        arriving.clear();
        self.chunks.drain(&mut self.rotations[(rotation % ROTATIONS) as usize], &mut arriving);
        for entry in &arriving {
            self.push_near(self.bucket + (entry >> 32 >> self.width_bits), *entry);
        }
        self.rotations_count -= arriving.len();
        self.strays = arriving;
        self.open_bucket();
    }

    /// Adapts the width of the buckets at the end of a rotation, if their filling was far off the target.
    fn fit_width(&mut self) {
        let wanted = width_bits(self.opened_in_rotation);
        self.opened_in_rotation = 0;
        if wanted.abs_diff(self.width_bits) < 2 {
            return;
        }
        // This rotation is over, so all entries of `near` belong to the next one.
        let next = self.rotation() + 1;
        let mut entries = Vec::new();
        for mut bag in std::mem::take(&mut self.near) {
            self.chunks.drain(&mut bag, &mut entries);
        }
        self.lay_out(wanted);
        let first = next << (ROTATION_BITS - wanted);
        self.bucket = first - 1;
        for entry in entries {
            self.push_near(first + (entry >> 32 >> wanted), entry);
        }
    }
}

/// The width of a bucket for this number of entries per rotation, as a power of two.
fn width_bits(entries: usize) -> u32 {
    let positions_bits = entries.max(1).ilog2().saturating_sub(FILL_BITS);
    (ROTATION_BITS - positions_bits.min(ROTATION_BITS)).max(NARROWEST_BITS)
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
