//! Adaptive polling: short polls at an interval that each client adapts to its messages.

use super::Transport;
use crate::model::scenario::{AdaptivePoll, AdaptiveRule};
use crate::random::below;
use crate::units::Time;

/// Adaptive polling.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdaptivePolling {
    pub rules: AdaptivePoll,
    pub start_within: Time,
}

/// The interval of one client.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PollInterval {
    /// From a reply to the next poll.
    length: Time,
    /// The arrival of the last reply.
    last_reply: Time,
}

impl PollInterval {
    /// A reply with this number of messages has arrived.
    fn adapt(&mut self, rules: &AdaptivePoll, messages: u64, now: Time) {
        let grown = self.length.0 as f64 * rules.factor;
        let next = match (messages, rules.rule) {
            (0, _) => grown,
            (_, AdaptiveRule::Reset) => rules.min.0 as f64,
            (_, AdaptiveRule::Rate(share)) => {
                let per_message = now.since(self.last_reply).0 as f64 / messages as f64;
                share * per_message + (1.0 - share) * self.length.0 as f64
            }
        };
        self.length = Time(next.round().clamp(rules.min.0 as f64, rules.max.0 as f64) as u64);
        self.last_reply = now;
    }
}

impl Transport for AdaptivePolling {
    type State = PollInterval;

    fn new_client(&self) -> PollInterval {
        PollInterval { length: self.rules.min, last_reply: Time::ZERO }
    }

    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    fn departure_after_reply(&self, client: &mut PollInterval, _sent: Time, messages: u64, now: Time) -> Time {
        client.adapt(&self.rules, messages, now);
        now.plus(client.length)
    }

    fn departure_after_timeout(&self, client: &mut PollInterval, _sent: Time, now: Time) -> Time {
        now.plus(client.length)
    }

    fn piggybacks(&self) -> bool {
        self.rules.piggyback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_grow_and_fall_back() {
        let (min, max) = (Time::from_secs(1), Time::from_secs(10));
        let reset = AdaptivePoll { min, max, ..AdaptivePoll::default() };
        let mut interval = PollInterval { length: min, last_reply: Time::ZERO };
        let mut lengths = Vec::new();
        for (second, messages) in [(1, 0), (3, 0), (7, 0), (15, 0), (25, 3), (26, 0)] {
            interval.adapt(&reset, messages, Time::from_secs(second));
            lengths.push(interval.length.as_secs_f64());
        }
        assert_eq!(lengths, [2.0, 4.0, 8.0, 10.0, 1.0, 2.0]);
        // Halfway from 4 s to (7 s - 3 s) / 2.
        let rate = AdaptivePoll { rule: AdaptiveRule::Rate(0.5), ..reset };
        let mut interval = PollInterval { length: Time::from_secs(4), last_reply: Time::from_secs(3) };
        interval.adapt(&rate, 2, Time::from_secs(7));
        assert_eq!(interval.length, Time::from_secs(3));
    }
}
