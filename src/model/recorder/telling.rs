//! What the recorder tells the observer, beside what it counts.

use super::Recorder;
use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::observer::{Happening, Observed, Observer};
use crate::units::Time;

impl<O: Observer> Recorder<O> {
    /// What is told from now on is about this request of a client.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nothing is left of it without an observer")]
    pub fn about(&mut self, client: ClientNumber, request: RequestNumber) -> &mut Recorder<O> {
        if O::WATCHES {
            self.subject = (client, request);
        }
        self
    }

    /// Tells the observer alone.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nothing is left of it without an observer")]
    pub fn tell(&mut self, now: Time, what: Happening) {
        if O::WATCHES {
            let (client, request) = self.subject;
            self.observer.observe(Observed { client: client.0, request: request.into(), now, what });
        }
    }
}
