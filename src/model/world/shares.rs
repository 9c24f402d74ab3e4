//! What a few clients share, a piece for each of them at a time: the connections of a browser, the lock of a session.

use std::collections::VecDeque;

use crate::model::footprint;

/// Pieces that blocks of clients share. Who finds none free waits, first in, first out.
#[derive(Debug)]
pub(super) struct Shares {
    /// Clients with consecutive places that share.
    block: u32,
    /// Pieces of a block.
    pieces: u32,
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, Default)]
struct Block {
    taken: u32,
    /// Places of clients and the low halves of the numbers of their requests. Some of them may not wait any more.
    waiting: VecDeque<(u32, u32)>,
}

impl Shares {
    /// What a block takes, without those who wait.
    pub const BLOCK_BYTES: usize = size_of::<Block>();

    pub fn new(block: u32, pieces: u32) -> Shares {
        Shares { block, pieces, blocks: Vec::new() }
    }

    /// Everything is free for so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.blocks.clear();
        self.blocks.resize(clients.div_ceil(self.block as usize), Block::default());
    }

    /// Memory of those who wait, in bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| footprint::of_list::<(u32, u32)>(block.waiting.capacity())).sum()
    }

    fn block(&mut self, place: usize) -> &mut Block {
        &mut self.blocks[place / self.block as usize]
    }

    /// Takes a piece for the client at `place`; not where none is free.
    pub fn take(&mut self, place: usize) -> bool {
        let pieces = self.pieces;
        let block = self.block(place);
        let is_free = block.taken < pieces;
        block.taken += u32::from(is_free);
        is_free
    }

    /// A request of the client at `place` waits for a piece.
    pub fn wait(&mut self, place: usize, number: u64) {
        self.block(place).waiting.push_back((place as u32, number as u32));
    }

    pub fn give_back(&mut self, place: usize) {
        self.block(place).taken -= 1;
    }

    /// The next request that waits, or waited, for a piece of the block of `place`.
    pub fn next_waiting(&mut self, place: usize) -> Option<(usize, u32)> {
        self.block(place).waiting.pop_front().map(|(place, number)| (place as usize, number))
    }
}
