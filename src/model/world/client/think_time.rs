//! Think time: when a client asks next, where that is drawn for each request or depends on what it got.

use crate::model::delay::DelaySampler;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::scenario::{AdaptivePoll, Delay, Pace, Scenario, TransportConfig};
use crate::model::transport::PollInterval;
use crate::random::Purpose;
use crate::units::Time;

/// The times between the requests of each client of a population.
#[derive(Debug)]
pub(in crate::model::world) struct ThinkTime {
    /// From a reply to the next long poll; `None` where it is constant.
    turnaround: Option<DelaySampler>,
    /// From one poll to the next; `None` where they do not leave at random.
    gaps: Option<DelaySampler>,
    /// When each client asks next; empty where polls do not leave at random.
    departures: PerClient<Time>,
    /// How each client adapts its interval to its messages.
    adaptive: Option<AdaptivePoll>,
    intervals: PerClient<PollInterval>,
}

impl ThinkTime {
    /// `sampler` makes the draws of a distribution.
    pub fn new(scenario: &Scenario, sampler: &impl Fn(&Delay, Purpose) -> DelaySampler) -> ThinkTime {
        let mut think_time = ThinkTime {
            turnaround: None,
            gaps: None,
            departures: PerClient::new(),
            adaptive: None,
            intervals: PerClient::new(),
        };
        match &scenario.transport {
            TransportConfig::LongPoll(poll) if !matches!(poll.turnaround, Delay::Constant(_)) => {
                think_time.turnaround = Some(sampler(&poll.turnaround, Purpose::Turnaround));
            }
            TransportConfig::ShortPoll(poll) if poll.pace == Pace::Poisson => {
                think_time.gaps = Some(sampler(&Delay::Exponential(poll.interval), Purpose::PollGap));
            }
            TransportConfig::AdaptivePoll(poll) => think_time.adaptive = Some(*poll),
            _ => {}
        }
        think_time
    }

    /// Forgets all clients, and makes room for this number.
    pub fn clear(&mut self, clients: usize) {
        if self.gaps.is_some() {
            self.departures.reset(clients, Time::NEVER);
        }
        if let Some(rules) = &self.adaptive {
            self.intervals.reset(clients, PollInterval::first(rules));
        }
    }

    /// When the first poll of a client leaves at random.
    pub fn first_departure(&mut self, client_number: ClientNumber) -> Option<Time> {
        self.gaps.as_mut().map(|gaps| Time(gaps.of(client_number, 0)))
    }

    /// The client asks now. Its next request has the number `next`.
    #[inline]
    pub fn departed(&mut self, client: ClientIndex, client_number: ClientNumber, next: RequestNumber, now: Time) {
        if let Some(gaps) = &mut self.gaps {
            self.departures[client] = now.plus(Time(gaps.of(client_number, next.name())));
        }
    }

    /// When the client asks next after the reply to this request, if it asks at `departure` without draws.
    #[inline]
    pub fn after_reply(
        &mut self,
        client: ClientIndex,
        client_number: ClientNumber,
        number: RequestNumber,
        departure: Time,
    ) -> Time {
        match &mut self.turnaround {
            Some(turnaround) => departure.plus(Time(turnaround.of(client_number, number.name()))),
            None => self.after_timeout(client, departure),
        }
    }

    /// A reply with this number of messages has reached the client.
    #[inline]
    pub fn adapt(&mut self, client: ClientIndex, messages: u64, now: Time) {
        if let Some(rules) = &self.adaptive {
            self.intervals[client].adapt(rules, messages, now);
        }
    }

    /// When the client asks next after a timeout, if it asks at `departure` without draws and intervals.
    #[inline]
    pub fn after_timeout(&self, client: ClientIndex, departure: Time) -> Time {
        let departure = self.or_at_random(client, departure);
        self.intervals.get(client).map_or(departure, |interval| departure.plus(interval.length))
    }

    /// When the client asks next: at the instant drawn, or else at `departure`.
    #[inline]
    pub fn or_at_random(&self, client: ClientIndex, departure: Time) -> Time {
        self.departures.get(client).copied().unwrap_or(departure)
    }
}
