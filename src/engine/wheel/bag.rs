//! Unordered lists of entries, in chunks from one pool.

/// Entries of a chunk: with its header it takes 256 bytes, four lines of the processor's cache.
const CHUNK: usize = 31;
const NONE: u32 = u32::MAX;

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    next: u32,
    count: u32,
    entries: [u64; CHUNK],
}

impl Chunk {
    pub fn entries(&self) -> &[u64] {
        &self.entries[..self.count as usize]
    }
}

/// A list of entries: its first and its last chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bag {
    first: u32,
    last: u32,
}

impl Default for Bag {
    fn default() -> Bag {
        Bag { first: NONE, last: NONE }
    }
}

impl Bag {
    pub fn is_empty(&self) -> bool {
        self.first == NONE
    }
}

/// The pool of chunks of all lists.
#[derive(Debug)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
    /// The first chunk that no list uses.
    free: u32,
}

impl Default for Chunks {
    fn default() -> Chunks {
        Chunks { chunks: Vec::new(), free: NONE }
    }
}

impl Chunks {
    /// Adds an entry at the end of the list.
    #[inline]
    pub fn push(&mut self, bag: &mut Bag, entry: u64) {
        if let Some(last) = self.chunks.get_mut(bag.last as usize)
            && let Some(place) = last.entries.get_mut(last.count as usize)
        {
            *place = entry;
            last.count += 1;
            return;
        }
        let chunk = self.allocate();
        self.chunks[chunk as usize].entries[0] = entry;
        if let Some(last) = self.chunks.get_mut(bag.last as usize) {
            last.next = chunk;
        } else {
            bag.first = chunk;
        }
        bag.last = chunk;
    }

    /// A chunk for one entry.
    fn allocate(&mut self) -> u32 {
        let chunk = self.free;
        if let Some(free) = self.chunks.get_mut(chunk as usize) {
            self.free = free.next;
            (free.next, free.count) = (NONE, 1);
            return chunk;
        }
        self.chunks.push(Chunk { next: NONE, count: 1, entries: [0; CHUNK] });
        (self.chunks.len() - 1) as u32
    }

    /// Takes the first chunk out of the list.
    pub fn take_chunk(&mut self, bag: &mut Bag) -> Option<Chunk> {
        let place = bag.first;
        let chunk = *self.chunks.get(place as usize)?;
        bag.first = chunk.next;
        if bag.first == NONE {
            bag.last = NONE;
        }
        self.chunks[place as usize].next = self.free;
        self.free = place;
        Some(chunk)
    }

    /// Empties the list: hands over its entries in the order in which they were pushed.
    pub fn drain(&mut self, bag: &mut Bag, mut take: impl FnMut(&[u64])) {
        let Some(mut chunk) = self.chunks.get(bag.first as usize) else { return };
        loop {
            take(chunk.entries());
            match self.chunks.get(chunk.next as usize) {
                Some(next) => chunk = next,
                None => break,
            }
        }
        self.chunks[bag.last as usize].next = self.free;
        self.free = bag.first;
        *bag = Bag::default();
    }
}
