//! Short polling: the client asks at an interval, the server answers at once.

use super::{RandomGap, Transport};
use crate::model::scenario::{Delay, Pace, Phase, ShortPoll};
use crate::random::below;
use crate::units::Time;

/// Short polling.
#[derive(Debug)]
pub(crate) struct ShortPolling(pub ShortPoll);

impl Transport for ShortPolling {
    type State = ();

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
    fn departure_after_reply(&self, _client: &mut (), sent: Time, _messages: u64, now: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate | Pace::Poisson => sent.plus(self.0.interval),
            Pace::AfterReply => now.plus(self.0.interval),
        }
    }

    fn departure_after_error(&self, sent: Time, now: Time, wait: Time) -> Time {
        match self.0.pace {
            Pace::FixedRate | Pace::Poisson => sent.plus(self.0.interval),
            Pace::AfterReply => now.plus(wait),
        }
    }

    fn random_gap(&self) -> Option<RandomGap> {
        match self.0.pace {
            Pace::Poisson => Some(RandomGap::BetweenRequests(Delay::Exponential(self.0.interval))),
            Pace::FixedRate | Pace::AfterReply => None,
        }
    }

    fn piggybacks(&self) -> bool {
        self.0.piggyback
    }
}
