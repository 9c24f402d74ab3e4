//! Pauses between the requests of a client that are drawn, one for each request.

use crate::model::delay::DelaySampler;
use crate::model::scenario::{AdaptivePoll, Delay, Pace, Scenario, TransportConfig};
use crate::model::transport::PollInterval;
use crate::random::Purpose;
use crate::units::Time;

/// What is drawn between the requests of a client.
#[derive(Debug)]
pub(super) struct Pauses {
    /// From a reply to the next long poll, where it is not always the same.
    turnaround: Option<DelaySampler>,
    /// From one poll to the next, where they leave at random.
    gaps: Option<DelaySampler>,
    /// When each client asks next, where polls leave at random.
    departures: Vec<Time>,
    /// How each client fits its interval to its messages.
    adaptive: Option<AdaptivePoll>,
    intervals: Vec<PollInterval>,
}

impl Pauses {
    /// What the scenario draws; `line` makes the draws of a law.
    pub fn new(scenario: &Scenario, line: &impl Fn(&Delay, Purpose) -> DelaySampler) -> Pauses {
        let mut pauses =
            Pauses { turnaround: None, gaps: None, departures: Vec::new(), adaptive: None, intervals: Vec::new() };
        match &scenario.transport {
            TransportConfig::LongPoll(poll) if !matches!(poll.turnaround, Delay::Constant(_)) => {
                pauses.turnaround = Some(line(&poll.turnaround, Purpose::Turnaround));
            }
            TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson => {
                pauses.gaps = Some(line(&Delay::Exponential(poll.interval), Purpose::PollGap));
            }
            TransportConfig::AdaptivePoll(poll) => pauses.adaptive = Some(*poll),
            _ => {}
        }
        pauses
    }

    /// Forgets all clients, and makes room for so many.
    pub fn clear(&mut self, clients: usize) {
        if self.gaps.is_some() {
            self.departures.clear();
            self.departures.resize(clients, Time::NEVER);
        }
        if let Some(rules) = &self.adaptive {
            self.intervals.clear();
            self.intervals.resize(clients, PollInterval::first(rules));
        }
    }

    /// When the first poll of a client leaves at random.
    pub fn first_departure(&mut self, client: u32) -> Option<Time> {
        self.gaps.as_mut().map(|gaps| Time(gaps.of(client, 0)))
    }

    /// The client at `place` asks now; its next request has the number `next`.
    #[inline]
    pub fn departed(&mut self, place: usize, client: u32, next: u64, now: Time) {
        if let Some(gaps) = &mut self.gaps {
            self.departures[place] = now.plus(Time(gaps.of(client, next)));
        }
    }

    /// When the client asks next after the reply to request `number`, where it would ask at `departure` without draws.
    #[inline]
    pub fn after_reply(&mut self, place: usize, client: u32, number: u64, departure: Time) -> Time {
        match &mut self.turnaround {
            Some(turnaround) => departure.plus(Time(turnaround.of(client, number))),
            None => self.after_timeout(place, departure),
        }
    }

    /// A reply with so many messages has come to the client at `place`.
    #[inline]
    pub fn adapt(&mut self, place: usize, messages: u64, now: Time) {
        if let Some(rules) = &self.adaptive {
            self.intervals[place].adapt(rules, messages, now);
        }
    }

    /// When the client asks next after a timeout, where it would ask at `departure` without draws and intervals.
    #[inline]
    pub fn after_timeout(&self, place: usize, departure: Time) -> Time {
        let departure = self.or_at_random(place, departure);
        self.intervals.get(place).map_or(departure, |interval| departure.plus(interval.length))
    }

    /// When the client asks next: at random, or at `departure`.
    #[inline]
    pub fn or_at_random(&self, place: usize, departure: Time) -> Time {
        self.departures.get(place).copied().unwrap_or(departure)
    }
}
