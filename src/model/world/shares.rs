//! What a few clients share, a piece for each of them at a time: the connections of a browser, the lock of a session.

use std::collections::VecDeque;

use crate::model::footprint;
use crate::model::ids::{ClientIndex, RequestNumber};

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
    /// Requests, by their clients and the low halves of their numbers. Some of them may not wait any more.
    waiting: VecDeque<(ClientIndex, u32)>,
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
        self.blocks.iter().map(|block| footprint::of_list::<(ClientIndex, u32)>(block.waiting.capacity())).sum()
    }

    fn block(&mut self, client: ClientIndex) -> &mut Block {
        &mut self.blocks[(client.0 / self.block) as usize]
    }

    /// Takes a piece for the client; not where none is free.
    pub fn take(&mut self, client: ClientIndex) -> bool {
        let pieces = self.pieces;
        let block = self.block(client);
        let is_free = block.taken < pieces;
        block.taken += u32::from(is_free);
        is_free
    }

    /// A request of the client waits for a piece.
    pub fn wait(&mut self, client: ClientIndex, number: RequestNumber) {
        self.block(client).waiting.push_back((client, number.low_half()));
    }

    pub fn give_back(&mut self, client: ClientIndex) {
        self.block(client).taken -= 1;
    }

    /// The next request that waits, or waited, for a piece of the block of `client`.
    pub fn next_waiting(&mut self, client: ClientIndex) -> Option<(ClientIndex, u32)> {
        self.block(client).waiting.pop_front()
    }
}
