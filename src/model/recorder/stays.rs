//! Requests at the server, and held requests.

use super::Recorder;
use crate::model::observer::Observer;
use crate::units::Time;

impl<O: Observer> Recorder<O> {
    /// A request comes to the server.
    pub fn came(&mut self, now: Time) {
        self.totals.bins.hold_opens(self.places.of(now));
        self.totals.held_nanos += u128::from(self.horizon.0 - now.max(self.start).0);
        self.totals.open_start += u64::from(!self.counts(now));
    }

    /// The server has done with a request that came.
    pub fn went(&mut self, now: Time) {
        self.totals.bins.hold_closes(self.places.of(now));
        self.totals.held_nanos -= u128::from(self.horizon.0 - now.max(self.start).0);
        self.totals.open_start -= u64::from(!self.counts(now));
    }

    /// A request that came is at the server at the horizon.
    #[inline]
    pub fn stays(&mut self) {
        self.totals.open_end += 1;
    }

    /// A hold ends.
    #[inline]
    pub fn hold_ended(&mut self, opened: Time, now: Time) {
        if self.counts(now) {
            self.totals.holds += 1;
            self.totals.hold_nanos += u128::from(now.0 - opened.0);
        }
    }

    /// A request comes to a plain server and its hold opens.
    #[inline]
    pub fn hold_opened(&mut self, now: Time) {
        self.totals.bins.hold_opens(self.places.of(now));
    }

    /// A hold ends, and a plain server has done with the request.
    #[inline]
    pub fn hold_closed(&mut self, opened: Time, now: Time) {
        self.totals.bins.hold_closes(self.places.of(now));
        if self.counts(now) {
            self.totals.holds += 1;
            self.totals.hold_nanos += u128::from(now.0 - opened.0);
            self.totals.held_nanos += u128::from(now.0 - opened.max(self.start).0);
            self.totals.open_start += u64::from(!self.counts(opened));
        }
    }

    /// A request that may be held is answered at once.
    #[inline]
    pub fn hold_of_no_time(&mut self, now: Time) {
        self.totals.holds += u64::from(self.counts(now));
    }

    /// A request is held at a plain server at the horizon.
    pub fn open_at_end(&mut self, opened: Time) {
        self.totals.open_end += 1;
        self.totals.open_start += u64::from(!self.counts(opened));
        self.totals.held_nanos += u128::from(self.horizon.0 - opened.max(self.start).0);
    }
}
