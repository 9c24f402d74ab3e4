//! A limit for the search for the next message.

use std::cell::Cell;

/// The steps that are left; without a limit more than any run takes.
#[derive(Debug)]
pub(super) struct Search(Cell<u64>);

impl Default for Search {
    fn default() -> Search {
        Search::most(u64::MAX)
    }
}

impl Search {
    /// A search of this number of steps.
    pub fn most(steps: u64) -> Search {
        Search(Cell::new(steps))
    }

    /// Takes a step, if one is left.
    #[inline]
    pub fn goes_on(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether no step is left.
    pub fn is_over(&self) -> bool {
        self.0.get() == 0
    }
}
