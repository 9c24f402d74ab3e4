//! Short polling: the client asks at an interval, the server answers at once.

use super::{Action, Transport, View};
use crate::model::client::Request;
use crate::model::scenario::{Pace, Phase, ShortPoll};
use crate::random::below;
use crate::units::Time;

/// Short polling.
#[derive(Debug)]
pub(crate) struct ShortPolling(pub ShortPoll);

impl ShortPolling {
    fn after_answer(&self, now: Time) -> Option<Time> {
        (self.0.pace == Pace::AfterReply).then(|| now.plus(self.0.interval))
    }
}

impl Transport for ShortPolling {
    fn first_departure(&self, bits: u64) -> Time {
        match self.0.phase {
            Phase::Random => Time(below(bits, self.0.interval.0)),
            Phase::At(time) => time,
        }
    }

    fn departure_after_departure(&self, now: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate => now.plus(self.0.interval),
            Pace::AfterReply => Time::NEVER,
        }
    }

    fn departure_after_reply(&self, now: Time) -> Option<Time> {
        self.after_answer(now)
    }

    fn departure_after_timeout(&self, now: Time) -> Option<Time> {
        self.after_answer(now)
    }

    fn arrive(&self, _view: &View, request: &mut Request, _now: Time) -> Action {
        request.checks = 1;
        Action::Answer
    }

    fn look(&self, view: &View, request: &mut Request, now: Time) -> Action {
        self.arrive(view, request, now)
    }

    fn wake(&self, _now: Time) -> Option<Time> {
        None
    }

    fn checks(&self, request: &Request, _now: Time) -> (Time, Time, u64) {
        (request.arrived, self.0.interval, 1)
    }
}
