//! What an observer sees of one client, instant by instant.

use cometsim::model::scenario::*;
use cometsim::model::{
    Fate, Happening, MessageId, Observed, Observer, ReplySize, RequestId, Totals, simulate, simulate_observed,
};
use cometsim::units::{Bytes, Time};

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
    let (message, created) = (MessageId::Number(0), second);
    let expected = [
        (0, first, sent),
        (50, first, Happening::Arrived),
        (50, first, Happening::Started(Time::from_millis(50))),
        (50, first, Happening::Held),
        (1_000, RequestId::Nothing, Happening::Created { message, created, bytes: size.payload }),
        (1_000, first, Happening::HoldEnded),
        (1_000, first, Happening::Carried { first: 0, end: 1 }),
        (1_000, first, Happening::Answered { size, is_empty: false }),
        (1_050, first, Happening::Received),
        (1_050, first, Happening::Settled { message, fate: Fate::Delivered, created }),
        (1_050, next, sent),
        (1_100, next, Happening::Arrived),
        (1_100, next, Happening::Started(Time::from_millis(1_100))),
        (1_100, next, Happening::Held),
    ];
    assert_eq!(life.seen, expected);
    assert_eq!(totals, Totals { events: totals.events, ..simulate(&scenario, 0, 0..3) });
}

/// Over HTTP/2 a client that gives up sends a reset, on a WebSocket it sends frames. Neither is the arrival of a request:
/// each request arrives once, after it was sent.
#[test]
fn frames_are_no_requests_that_arrive() {
    let second = Time::from_secs(1);
    let mut given_up = Scenario::new(1, LongPoll::new(Check::Notify { hold: second.times(40) }));
    given_up.http.http2 = Some(Http2::EXAMPLE);
    given_up.clients.timeout = second.times(5);
    let mut frames = Scenario::new(1, WebSocket::default());
    let each_second = Process::Periodic { every: second, phase: Phase::At(second) };
    frames.clients.sends = Some(Sends { process: each_second, payload: Bytes(20) });
    for (mut scenario, sent) in [(given_up, 7), (frames, 1)] {
        scenario.source = Source::new(Arrivals::PerClient(Process::Periodic {
            every: second.times(99),
            phase: Phase::At(second.times(99)),
        }));
        scenario.network = Network::constant(Time::from_millis(50));
        scenario.clients.start_within = Time(1);
        scenario.window = Window { warmup: Time::ZERO, duration: second.times(31), bin: second };
        let mut life = LifeOf { client: 0, seen: Vec::new() };
        simulate_observed(&scenario, 0, 0..1, &mut life);
        let of = |what: fn(&Happening) -> bool| {
            let seen = life.seen.iter().filter(|(_, _, happening)| what(happening));
            seen.map(|(time, request, _)| (*time, *request)).collect::<Vec<_>>()
        };
        let departures = of(|happening| matches!(happening, Happening::Sent { .. }));
        let arrivals = of(|happening| *happening == Happening::Arrived);
        assert_eq!(departures.len(), sent);
        let expected: Vec<_> = departures.iter().map(|(time, request)| (time + 50, *request)).collect();
        assert_eq!(arrivals, expected);
    }
}
