//! Unordered lists of entries, in chunks from one pool.

/// Slots of a chunk: 256 bytes, four cache lines. The last slot links to the next chunk.
const CHUNK: usize = 32;
const LINK: usize = CHUNK - 1;

/// A list of entries: its first chunk, and the slot in the pool after its last entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bag {
    first: u32,
    end: u32,
}

impl Bag {
    /// The empty list. Its end is the link of a chunk that does not exist, so the next entry needs a new chunk.
    pub const EMPTY: Bag = Bag { first: u32::MAX, end: u32::MAX };

    pub fn is_empty(self) -> bool {
        self.first == u32::MAX
    }
}

/// The pool of chunks of all lists.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    slots: Vec<u64>,
    /// Chunks that no list uses.
    free: Vec<u32>,
}

impl Chunks {
    /// Memory of all chunks, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<u64>() * self.slots.len() + size_of::<u32>() * self.free.len()
    }

    /// Adds an entry at the end of the list if its last chunk has room. Returns whether it did.
    #[inline]
    pub fn try_push(&mut self, bag: &mut Bag, entry: u64) -> bool {
        if bag.end as usize % CHUNK == LINK {
            return false;
        }
        self.slots[bag.end as usize] = entry;
        bag.end += 1;
        true
    }

    /// Adds an entry in a new chunk at the end of the list.
    ///
    /// # Panics
    /// If all lists together had 2^32 slots, 32 GiB.
    #[cold]
    pub fn extend(&mut self, bag: &mut Bag, entry: u64) {
        let chunk = self.free.pop().unwrap_or_else(|| {
            let slots = self.slots.len();
            assert!(slots + CHUNK < u32::MAX as usize, "the event queue has no room for another entry");
            self.slots.resize(slots + CHUNK, 0);
            (slots / CHUNK) as u32
        });
        if bag.first == u32::MAX {
            bag.first = chunk;
        } else {
            self.slots[bag.end as usize] = u64::from(chunk);
        }
        self.slots[chunk as usize * CHUNK] = entry;
        bag.end = chunk * CHUNK as u32 + 1;
    }

    /// Empties the list into `entries`, in the order in which they were pushed.
    pub fn drain(&mut self, bag: &mut Bag, entries: &mut Vec<u64>) {
        let Bag { first, end } = std::mem::replace(bag, Bag::EMPTY);
        if first == u32::MAX {
            return;
        }
        let mut chunk = first as usize;
        while chunk != end as usize / CHUNK {
            let slots = &self.slots[chunk * CHUNK..][..CHUNK];
            entries.extend_from_slice(&slots[..LINK]);
            self.free.push(chunk as u32);
            chunk = slots[LINK] as usize;
        }
        entries.extend_from_slice(&self.slots[chunk * CHUNK..end as usize]);
        self.free.push(chunk as u32);
    }
}
