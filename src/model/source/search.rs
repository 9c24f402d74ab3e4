//! How long a source looks for the next message.

use std::cell::Cell;

/// Steps that are left; without a limit more than any run makes.
#[derive(Debug)]
pub(super) struct Search(Cell<u64>);

impl Default for Search {
    fn default() -> Search {
        Search::most(u64::MAX)
    }
}

impl Search {
    /// A search of so many steps.
    pub fn most(steps: u64) -> Search {
        Search(Cell::new(steps))
    }

    /// Takes a step, if there is one left.
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
