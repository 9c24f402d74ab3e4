//! Observers of a run: they see the life of each request as it happens.
//!
//! The recorder is the first observer. [`super::simulate_observed`] adds another one. Observers are type parameters:
//! without another one, `()` takes its place and costs no instruction.

use crate::model::ids::RequestNumber;
use crate::units::Time;

/// Watches a run.
pub trait Observer {
    /// An event of a request. Instants never fall for one client; they may fall from one client to another.
    fn observe(&mut self, observed: Observed);
}

/// Watches nothing.
impl Observer for () {
    #[inline]
    fn observe(&mut self, _observed: Observed) {}
}

impl<O: Observer> Observer for &mut O {
    fn observe(&mut self, observed: Observed) {
        (**self).observe(observed);
    }
}

/// An event of a request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The number of the client in the whole population.
    pub client: u32,
    /// The request.
    pub request: RequestId,
    /// The instant.
    pub now: Time,
    /// The event.
    pub what: Happening,
}

/// A request of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// A poll, or the request for a push connection; they count from 0.
    Poll(u64),
    /// A send; they count from 0.
    Send(u64),
}

impl From<RequestNumber> for RequestId {
    #[inline]
    fn from(number: RequestNumber) -> RequestId {
        if number.is_of_send() { RequestId::Send(number.count()) } else { RequestId::Poll(number.count()) }
    }
}

/// The sizes of a reply, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplySize {
    /// The header.
    pub header: u64,
    /// The body: messages with their framing, or "no data".
    pub body: u64,
    /// The messages alone.
    pub payload: u64,
}

/// The events of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The client sends it.
    Sent {
        /// Bytes of the header.
        header: u64,
        /// Bytes of the body.
        body: u64,
    },
    /// It reaches the server, or the link of the server.
    Arrived,
    /// A worker begins with it. It has waited since this instant.
    Started(Time),
    /// The server holds it.
    Held,
    /// The server answers it.
    Answered {
        /// The sizes of the reply.
        size: ReplySize,
        /// Whether it is a poll that gets no message.
        is_empty: bool,
    },
    /// The backlog of the server is full: the client gets a 502.
    Refused,
    /// The proxy gives it up: the client gets a 504.
    GatewayTimedOut,
    /// The server restarts or is down: the connection breaks.
    Broken,
    /// Its reply, or the first push, reaches the client, which still waits for it.
    Received,
    /// The client gives it up.
    TimedOut,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scenario::{Arrivals, Check, LongPoll, Network, Phase, Process, Scenario, Source, Window};
    use crate::model::{Totals, simulate, simulate_observed};

    /// Writes down the life of one client.
    struct LifeOf {
        client: u32,
        seen: Vec<(u64, RequestId, Happening)>,
    }

    impl Observer for LifeOf {
        fn observe(&mut self, observed: Observed) {
            if observed.client == self.client {
                self.seen.push((observed.now.0 / 1_000_000, observed.request, observed.what));
            }
        }
    }

    /// Three clients at 50 ms, each told of a message every 2 s from 1 s on. The first request waits for the message at
    /// 1 s; the next one has left by 1.05 s, and waits for the message at 3 s.
    #[test]
    fn a_second_observer_sees_the_life_of_one_client() {
        let second = Time::from_secs(1);
        let mut scenario = Scenario::new(3, LongPoll::new(Check::Notify { hold: second.times(40) }));
        let process = Process::Periodic { every: second.times(2), phase: Phase::At(second) };
        scenario.source = Source::new(Arrivals::PerClient(process));
        scenario.network = Network::constant(Time::from_millis(50));
        scenario.clients.start_within = Time(1);
        scenario.window = Window { warmup: Time::ZERO, duration: Time::from_millis(1_200), bin: second };

        let mut life = LifeOf { client: 1, seen: Vec::new() };
        let totals = simulate_observed(&scenario, 0, 0..3, &mut life);

        let size = ReplySize {
            header: scenario.http.response_header.0,
            body: scenario.source.payload.0,
            payload: scenario.source.payload.0,
        };
        let sent = Happening::Sent { header: scenario.http.request_header.0, body: scenario.http.request_body.0 };
        let (first, next) = (RequestId::Poll(0), RequestId::Poll(1));
        let expected = [
            (0, first, sent),
            (50, first, Happening::Arrived),
            (50, first, Happening::Started(Time::from_millis(50))),
            (50, first, Happening::Held),
            (1_000, first, Happening::Answered { size, is_empty: false }),
            (1_050, first, Happening::Received),
            (1_050, next, sent),
            (1_100, next, Happening::Arrived),
            (1_100, next, Happening::Started(Time::from_millis(1_100))),
            (1_100, next, Happening::Held),
        ];
        assert_eq!(life.seen, expected);
        assert_eq!(totals, Totals { events: totals.events, ..simulate(&scenario, 0, 0..3) });
    }
}
