//! A number that changes in steps: its integral and its peak over the measured window.

use crate::units::Time;

/// A number that changes in steps, zero at first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    value: u64,
    since: Time,
    area: u128,
    peak: u64,
}

impl Level {
    /// From `now` on it is `value`. The window opens at `start`; time never falls.
    #[inline]
    pub fn set(&mut self, now: Time, value: u64, start: Time) {
        let lasted = now.since(self.since.max(start)).0;
        if lasted > 0 {
            self.area += u128::from(self.value) * u128::from(lasted);
            self.peak = self.peak.max(self.value);
        }
        (self.value, self.since) = (value, now);
    }

    /// Its integral over the window so far, in nanoseconds.
    pub fn area(&self) -> u128 {
        self.area
    }

    /// The largest value that lasted for any time in the window.
    pub fn peak(&self) -> u64 {
        self.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_before_the_window_and_what_takes_no_time_does_not_count() {
        let mut level = Level::default();
        for (now, value) in [(0, 9), (4, 3), (12, 8), (12, 5), (15, 1), (20, 0)] {
            level.set(Time(now), value, Time(10));
        }
        assert_eq!(level.area(), 3 * 2 + 5 * 3 + 5);
        assert_eq!(level.peak(), 5);
    }
}
