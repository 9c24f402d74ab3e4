//! Memory in use at regular instants of the window, exact and mergeable: the peak is the largest sum over all clients
//! at one instant.

use serde::{Deserialize, Serialize};

use crate::model::scenario::Window;
use crate::units::Time;

/// Most instants of a window.
const MOST_INSTANTS: u64 = 1 << 16;
/// The least time between two of them.
const FINEST: Time = Time::from_millis(1);

/// The instants at which memory is measured: the start of the window, and further ones a step apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    start: Time,
    step: Time,
    count: usize,
}

impl Grid {
    /// The instants of a window.
    pub fn of(window: &Window) -> Grid {
        let step = Time(window.duration.0.div_ceil(MOST_INSTANTS)).max(FINEST);
        Grid { start: window.warmup, step, count: window.duration.0.div_ceil(step.0) as usize }
    }

    /// The index of the first instant that is not before `now`; `None` after the last.
    pub fn at_or_after(&self, now: Time) -> Option<usize> {
        let place = now.since(self.start).0.div_ceil(self.step.0) as usize;
        if place < self.count { Some(place) } else { None }
    }

    /// Their number.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// Memory in use, in bytes, beyond the memory without any client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryUse {
    /// Its changes from instant to instant; empty once all clients of the replication are included.
    changes: Vec<i64>,
    /// The peak, as soon as it is known.
    peak: u64,
}

impl MemoryUse {
    /// No memory in use at any of `count` instants.
    pub(crate) fn new(instants: usize) -> MemoryUse {
        MemoryUse { changes: vec![0; instants], peak: 0 }
    }

    /// From this instant on `bytes` more are in use.
    pub(crate) fn change(&mut self, instant: usize, bytes: i64) {
        self.changes[instant] += bytes;
    }

    /// The peak.
    pub fn peak(&self) -> u64 {
        let levels = self.changes.iter().scan(0, |level, change| {
            *level += change;
            Some(u64::try_from(*level).unwrap_or(0))
        });
        levels.fold(self.peak, u64::max)
    }

    /// All clients of the replication are included: keep only the peak.
    pub(crate) fn complete(&mut self) {
        self.peak = self.peak();
        self.changes = Vec::new();
    }

    /// Adds the use of other clients of the replication, or merges another replication, whose peak may be higher.
    pub(crate) fn merge(&mut self, other: &MemoryUse) {
        if self.changes.len() != other.changes.len() {
            self.complete();
        }
        for (mine, theirs) in self.changes.iter_mut().zip(&other.changes) {
            *mine += theirs;
        }
        if self.changes.is_empty() {
            self.peak = self.peak.max(other.peak());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(warmup: u64, duration: u64) -> Window {
        Window { warmup: Time(warmup), duration: Time(duration), bin: Time(1) }
    }

    #[test]
    fn instants_are_as_fine_as_the_window_allows() {
        let fine = Grid::of(&window(5_000_000, 20_500_000));
        assert_eq!((fine.step, fine.count), (FINEST, 21));
        assert_eq!(
            [0, 5_000_000, 5_000_001, 25_000_000, 25_000_001].map(|now| fine.at_or_after(Time(now))),
            [Some(0), Some(0), Some(1), Some(20), None]
        );
        let long = Grid::of(&window(0, 3_600_000_000_000));
        assert!(long.count <= 1 << 16 && long.step.0 * long.count as u64 >= 3_600_000_000_000);
    }

    /// 10 bytes at instants 0 and 1, 7 of other clients at 1 and 2: 17 at instant 1, though each alone has less.
    #[test]
    fn the_peak_is_that_of_one_instant() {
        let used = |from: usize, until: usize, bytes: i64| {
            let mut memory = MemoryUse::new(4);
            memory.change(from, bytes);
            memory.change(until, -bytes);
            memory
        };
        let mut all = used(0, 2, 10);
        all.merge(&used(1, 3, 7));
        assert_eq!(all.peak(), 17);
        let mut next = used(2, 3, 12);
        all.complete();
        next.complete();
        all.merge(&next);
        assert_eq!(all.peak(), 17);
    }
}
