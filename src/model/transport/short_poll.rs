//! Short polling: the client asks at an interval, the server answers at once.

use super::{Action, Transport, View};
use crate::model::request::Request;
use crate::model::scenario::{Pace, Phase, ShortPoll};
use crate::random::below;
use crate::units::Time;

/// Short polling.
#[derive(Debug)]
pub(crate) struct ShortPolling(pub ShortPoll);

impl Transport for ShortPolling {
    fn first_departure(&self, bits: u64) -> Time {
        match self.0.phase {
            Phase::Random => Time(below(bits, self.0.interval.0)),
            Phase::At(time) => time,
        }
    }

    #[inline]
    fn departure_while_open(&self, sent: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate | Pace::Poisson => sent.plus(self.0.interval),
            Pace::AfterReply => Time::NEVER,
        }
    }

    #[inline]
    fn departure_after_reply(&self, sent: Time, now: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate | Pace::Poisson => sent.plus(self.0.interval),
            Pace::AfterReply => now.plus(self.0.interval),
        }
    }

    fn departure_after_timeout(&self, sent: Time, now: Time) -> Time {
        self.departure_after_reply(sent, now)
    }

    fn departure_after_error(&self, sent: Time, now: Time, wait: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate | Pace::Poisson => sent.plus(self.0.interval),
            Pace::AfterReply => now.plus(wait),
        }
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, _now: Time) -> Action {
        request.hits = view.hit == Some(1);
        Action::Answer
    }

    fn look<R>(&self, _has_news: impl Fn() -> bool, _creation: Time, _request: &mut Request<R>, _now: Time) -> Action {
        Action::Answer
    }

    #[inline]
    fn is_check(&self, _at_arrival: bool, _action: Action) -> bool {
        true
    }

    #[inline]
    fn is_notified(&self) -> bool {
        false
    }

    #[inline]
    fn checks<R>(&self, request: &Request<R>, _now: Time) -> (Time, Time, u64) {
        (request.since, self.0.interval, 1)
    }
}
