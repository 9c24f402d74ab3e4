//! Think time: when a client asks next, if that is drawn for each request.

use crate::model::delay::DelaySampler;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::scenario::Delay;
use crate::model::transport::RandomGap;
use crate::random::Purpose;
use crate::units::Time;

/// The times between the requests of each client of a population.
#[derive(Debug)]
pub(in crate::model::world) struct ThinkTime {
    /// From a reply to the next request; `None` if it is constant.
    turnaround: Option<DelaySampler>,
    /// From one poll to the next; `None` if polls do not leave at random.
    gaps: Option<DelaySampler>,
    /// When each client asks next; empty where polls do not leave at random.
    departures: PerClient<Time>,
}

impl ThinkTime {
    /// `sampler` makes the draws of a distribution.
    pub fn new(gap: Option<RandomGap>, sampler: &impl Fn(&Delay, Purpose) -> DelaySampler) -> ThinkTime {
        let (turnaround, gaps) = match gap {
            None => (None, None),
            Some(RandomGap::AfterReply(law)) => (Some(sampler(&law, Purpose::Turnaround)), None),
            Some(RandomGap::BetweenRequests(law)) => (None, Some(sampler(&law, Purpose::PollGap))),
        };
        ThinkTime { turnaround, gaps, departures: PerClient::new() }
    }

    /// Forgets all clients, and makes room for this number.
    pub fn clear(&mut self, clients: usize) {
        if self.gaps.is_some() {
            self.departures.reset(clients, Time::NEVER);
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
    pub fn after_reply(&mut self, client: ClientIndex, of: (ClientNumber, RequestNumber), departure: Time) -> Time {
        match &mut self.turnaround {
            Some(turnaround) => departure.plus(Time(turnaround.of(of.0, of.1.name()))),
            None => self.or_at_random(client, departure),
        }
    }

    /// When the client asks next: at the instant drawn, or else at `departure`.
    #[inline]
    pub fn or_at_random(&self, client: ClientIndex, departure: Time) -> Time {
        self.departures.get(client).copied().unwrap_or(departure)
    }
}
