//! The age of information: the age of the newest message that a client has.

use super::Recorder;
use crate::model::observer::Observer;
use crate::units::Time;

impl<O: Observer> Recorder<O> {
    /// A client receives a message created at `created`, newer than the newest that it had (`NEVER`: none). Counts its
    /// age up to the horizon, and subtracts the age counted for the previous one.
    #[inline]
    pub fn newer(&mut self, now: Time, before: Time, created: Time) {
        let from = now.max(self.start).0;
        let rest = u128::from(self.horizon.0 - from);
        if before == Time::NEVER {
            let ages = u128::from(self.horizon.0 - created.0) + u128::from(from - created.0);
            self.totals.age_area_doubled += rest * ages;
            self.totals.age_nanos += rest;
        } else {
            self.totals.age_area_doubled -= 2 * rest * u128::from(created.0 - before.0);
        }
    }

    /// A client leaves whose newest message was created at `created` (`NEVER`: none). Subtracts the age counted after
    /// that.
    pub fn age_ends(&mut self, now: Time, created: Time) {
        if created != Time::NEVER {
            let from = now.max(self.start).0;
            let rest = u128::from(self.horizon.0 - from);
            let ages = u128::from(self.horizon.0 - created.0) + u128::from(from - created.0);
            self.totals.age_area_doubled -= rest * ages;
            self.totals.age_nanos -= rest;
        }
    }
}
