//! Transports that are written outside the crate: the seam carries polls that are held, told of messages, adapted to them
//! and drawn, and pushes, over packets and through a pool of workers. What copies a transport of the program must give its
//! totals to the last bit; the others are held against numbers by hand.

use crate::hand::{every, one_client};
use cometsim::model::scenario::*;
use cometsim::model::transport::{
    Action, HeldRequest, OpenConnection, Push, PushAction, RandomGap, Request, Transport as OutsideTransport, View,
};
use cometsim::model::{Metric, Totals, simulate, simulate_with};
use cometsim::units::{Probability, Rate, Time};

fn seconds(count: u64) -> Time {
    Time::from_secs(count)
}

/// A fraction of `span`: that of 2^64 in `bits`.
fn part(bits: u64, span: Time) -> Time {
    Time(((u128::from(bits) * u128::from(span.0)) >> 64) as u64)
}

/// Twenty clients that start within 10 s, 50 ms away, with a Poisson message every 2 s for each; 300 s after 60 s.
fn scenario(transport: impl Into<TransportConfig>) -> Scenario {
    let mut scenario = Scenario::new(20, transport);
    scenario.clients.start_within = seconds(10);
    scenario.window = Window { warmup: seconds(60), duration: seconds(300), ..Window::default() };
    scenario.source.arrivals = Arrivals::PerClient(Process::Poisson { rate: Rate::new(1, 2).unwrap() });
    scenario.network = Network::constant(Time::from_millis(50));
    scenario
}

/// Runs an outside transport where the scenario's own, which must not matter, is polling at random.
fn run_outside(scenario: &Scenario, transport: &impl OutsideTransport) -> Totals {
    let random = ShortPoll { pace: Pace::Poisson, piggyback: true, ..ShortPoll::every(Time::from_millis(123)) };
    let scenario = Scenario { transport: random.into(), ..scenario.clone() };
    simulate_with(&scenario, transport, 0, 0..scenario.population())
}

fn run(scenario: &Scenario) -> Totals {
    simulate(scenario, 0, 0..scenario.population())
}

/// A long poll that is told of messages. It keeps a number of its own where the server's check loop keeps one.
struct Told {
    hold: Time,
    number: u32,
}

impl OutsideTransport for Told {
    type State = ();

    fn first_departure(&self, bits: u64) -> Time {
        part(bits, seconds(10))
    }
    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now
    }
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        request.set_checks_left(self.number);
        if view.has_news { Action::Answer } else { Action::Hold(now.plus(self.hold)) }
    }
    fn check(&self, has_news: impl Fn() -> bool, _creation: Time, held: &mut HeldRequest, now: Time) -> Action {
        let end = held.since.plus(self.hold);
        match has_news() {
            true => Action::Answer,
            false if now >= end => Action::GiveUp,
            false => Action::Hold(end),
        }
    }
    fn may_hold(&self) -> bool {
        true
    }
    fn counts_as_check(&self, _at_arrival: bool, _action: Action) -> bool {
        false
    }
    fn is_notified(&self) -> bool {
        true
    }
    fn checks<R>(&self, request: &Request<R>, _now: Time) -> (Time, Time, u64) {
        (request.since, Time(1), 0)
    }
}

/// The number in the request means nothing to the rest of the model: with any, each message is answered at once.
#[test]
fn a_notified_transport_is_the_long_poll_whatever_number_it_keeps() {
    let mut scenario = scenario(LongPoll::new(Check::Notify { hold: seconds(5) }));
    // Anything of which plain long polls know nothing, so that both take the same path through the program.
    scenario.cost = Some(Cost::default());
    let expected = run(&scenario);
    assert!(expected.empty_replies > 50 && expected.delivered > 2_000);
    for number in [0, 1, 2, 7] {
        assert_eq!(run_outside(&scenario, &Told { hold: seconds(5), number }), expected, "{number}");
    }
}

/// Told at the server itself, 10 ms away, a message every second: the way back, nothing else.
#[test]
fn a_notified_transport_waits_for_nothing() {
    let mut scenario = one_client();
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 500));
    scenario.window = Window { warmup: seconds(11), duration: seconds(100), ..Window::default() };
    let totals = run_outside(&scenario, &Told { hold: seconds(40), number: 1 });
    assert_eq!((totals.delivered, totals.latency.max()), (100, Some(10_000_000)));
}

/// Waits for more three times, a second each, and counts in the request how often it has.
struct Patient;

impl OutsideTransport for Patient {
    type State = ();

    fn first_departure(&self, _bits: u64) -> Time {
        Time::ZERO
    }
    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now
    }
    fn arrive<R>(&self, _view: View, request: &mut Request<R>, now: Time) -> Action {
        request.set_checks_left(7);
        Action::Linger(now.plus(seconds(1)))
    }
    fn check(&self, _has_news: impl Fn() -> bool, _creation: Time, held: &mut HeldRequest, now: Time) -> Action {
        held.checks_left += 1;
        if held.checks_left == 10 { Action::Answer } else { Action::Linger(now.plus(seconds(1))) }
    }
    fn may_hold(&self) -> bool {
        true
    }
}

/// 10 ms there, three seconds at the server, 10 ms back: a reply every 3.02 s, 33 of them sent within 100 s.
#[test]
fn a_request_that_lingers_keeps_the_number_of_its_transport() {
    let mut scenario = one_client();
    scenario.window = Window { warmup: Time::ZERO, duration: seconds(100), ..Window::default() };
    assert_eq!(run_outside(&scenario, &Patient).replies, 33);
}

#[test]
fn an_outside_transport_has_packets() {
    let mut scenario = scenario(LongPoll::new(Check::Notify { hold: seconds(5) }));
    scenario.wire = Some(Wire { tls: Some(Tls::default()), ..Wire::default() });
    scenario.network.loss =
        Some(Loss { rate: Probability::new(1, 50).unwrap(), timeout: seconds(1), max_timeout: seconds(8) });
    let expected = run(&scenario);
    assert!(expected.served.wire.unwrap().packets > 5_000);
    assert_eq!(run_outside(&scenario, &Told { hold: seconds(5), number: 3 }), expected);
}

#[test]
fn an_outside_transport_waits_for_workers() {
    let mut scenario = scenario(LongPoll::new(Check::Notify { hold: seconds(5) }));
    scenario.clients.timeout = seconds(12);
    scenario.clients.on_error = OnError::Retry(Backoff::default());
    scenario.server.pool = Some(Pool { workers: 8, backlog: Some(6) });
    scenario.server.service = Some(Delay::Exponential(Time::from_millis(20)));
    let expected = run(&scenario);
    let pool = expected.metric(Metric::Refused, &scenario);
    assert!(pool.is_some_and(|refused| refused > 100.0), "{pool:?}");
    assert_eq!(run_outside(&scenario, &Told { hold: seconds(5), number: 0 }), expected);
}

/// A server that answers each request after two seconds, with what has come.
struct AfterTwoSeconds;

impl OutsideTransport for AfterTwoSeconds {
    type State = ();

    fn first_departure(&self, bits: u64) -> Time {
        part(bits, seconds(10))
    }
    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now
    }
    fn arrive<R>(&self, _view: View, _request: &mut Request<R>, now: Time) -> Action {
        Action::Hold(now.plus(seconds(2)))
    }
    fn may_hold(&self) -> bool {
        true
    }
    fn counts_as_check(&self, at_arrival: bool, _action: Action) -> bool {
        !at_arrival
    }
}

/// A closed network of one station: 20 clients take turns on 8 workers, each for 2 s. Throughput 8 / 2 s; by Little's law
/// a cycle takes 20 / 4 s, 2 s of it with a worker and the rest, without the way, in the queue.
#[test]
fn a_transport_that_holds_takes_its_worker_along() {
    let mut scenario = scenario(ShortPoll::every(seconds(1)));
    scenario.network = Network::constant(Time::ZERO);
    scenario.server.pool = Some(Pool { workers: 8, backlog: None });
    let totals = run_outside(&scenario, &AfterTwoSeconds);
    let measured = |metric| totals.metric(metric, &scenario).unwrap();
    assert!((measured(Metric::RepliesPerSecond) - 4.0).abs() < 0.04);
    assert!((measured(Metric::QueueWaitMean) - 3.0).abs() < 0.02);
    assert!((measured(Metric::HoldMean) - 2.0).abs() < 1e-9);
    assert!((measured(Metric::WorkersBusyMean) - 8.0).abs() < 1e-9);
}

/// Adaptive polling that doubles its interval after an empty reply: the state of a client is the interval.
struct Doubling {
    min: Time,
    max: Time,
}

impl OutsideTransport for Doubling {
    type State = Option<Time>;

    fn first_departure(&self, bits: u64) -> Time {
        part(bits, seconds(10))
    }
    fn departure_after_reply(&self, client: &mut Option<Time>, _sent: Time, messages: u64, now: Time) -> Time {
        let interval = if messages > 0 { self.min } else { client.unwrap_or(self.min).times(2).min(self.max) };
        now.plus(*client.insert(interval))
    }
    fn departure_after_timeout(&self, client: &mut Option<Time>, _sent: Time, now: Time) -> Time {
        now.plus(client.unwrap_or(self.min))
    }
}

#[test]
fn an_adaptive_transport_has_a_state_for_each_client() {
    let (min, max) = (Time::from_millis(200), Time::from_secs(6));
    let mut scenario = scenario(AdaptivePoll { min, max, ..AdaptivePoll::default() });
    // Each client has messages at a rate of its own, and some replies come too late.
    scenario.source.spread = Some(Spread::Zipf(1.0));
    scenario.network.down = Delay::Exponential(Time::from_millis(400));
    scenario.clients.timeout = seconds(2);
    let expected = run(&scenario);
    assert!(expected.timeouts > 20 && expected.empty_replies > 500);
    assert_eq!(run_outside(&scenario, &Doubling { min, max }), expected);
}

/// Polls that are a Poisson process, by a gap that is drawn.
struct AtRandom(Time);

impl OutsideTransport for AtRandom {
    type State = ();

    fn first_departure(&self, _bits: u64) -> Time {
        Time::ZERO
    }
    fn departure_after_reply(&self, _client: &mut (), sent: Time, _messages: u64, _now: Time) -> Time {
        sent.plus(self.0)
    }
    fn random_gap(&self) -> Option<RandomGap> {
        Some(RandomGap::BetweenRequests(Delay::Exponential(self.0)))
    }
}

#[test]
fn an_outside_transport_may_poll_at_random() {
    let scenario = scenario(ShortPoll { pace: Pace::Poisson, ..ShortPoll::every(seconds(3)) });
    assert_eq!(run_outside(&scenario, &AtRandom(seconds(3))), run(&scenario));
}

/// A response in chunks that does not end for 40 s, with a byte after 3 s of silence.
#[derive(Debug)]
struct Lines(PushStream);

impl Push for Lines {
    fn rules(&self) -> &PushStream {
        &self.0
    }
    fn push(&self, messages: u64) -> u64 {
        format!("{messages:x}\r\n\r\n").len() as u64 + messages
    }
    fn end(&self) -> (u64, u64) {
        ("0\r\n\r\n".len() as u64, 0)
    }
}

/// A transport whose server pushes in a protocol of its own.
struct Pushing<P>(P);

impl<P: Push> OutsideTransport for Pushing<P> {
    type State = ();

    fn first_departure(&self, bits: u64) -> Time {
        part(bits, seconds(10))
    }
    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now.plus(self.0.rules().retry)
    }
    fn push(&self) -> Option<&dyn Push> {
        Some(&self.0)
    }
}

#[test]
fn an_outside_transport_pushes() {
    let stream = PushStream {
        recycle_after: Some(seconds(40)),
        keep_alive: Some(seconds(3)),
        ..PushStream::endless(Time::from_millis(300))
    };
    let mut scenario = scenario(stream);
    let expected = run(&scenario);
    assert!(expected.delivered > 2_500 && expected.requests > 100);
    assert_eq!(run_outside(&scenario, &Pushing(Lines(stream))), expected);
    scenario.wire = Some(Wire::default());
    assert_eq!(run_outside(&scenario, &Pushing(Lines(stream))), run(&scenario));
}

/// Pushes at most every two seconds, all messages that have come in between.
#[derive(Debug)]
struct InBatches(PushStream);

impl Push for InBatches {
    fn rules(&self) -> &PushStream {
        &self.0
    }
    fn act(&self, connection: OpenConnection, has_news: bool, now: Time) -> PushAction {
        let next = connection.last_sent.plus(seconds(2));
        match has_news {
            true if now >= next => PushAction::Push,
            true => PushAction::Wait(next),
            false => PushAction::Wait(Time::NEVER),
        }
    }
}

/// Ten messages a second: there are always some after two seconds, so each waits for 0 to 2 s, and takes the way back.
#[test]
fn an_outside_protocol_decides_when_to_push() {
    let mut scenario = scenario(ShortPoll::every(seconds(1)));
    scenario.source.arrivals = Arrivals::PerClient(Process::Poisson { rate: Rate::new(10, 1).unwrap() });
    let totals = run_outside(&scenario, &Pushing(InBatches(PushStream::default())));
    let measured = |metric| totals.metric(metric, &scenario).unwrap();
    assert!((measured(Metric::LatencyMean) - 1.05).abs() < 0.01);
    assert!(measured(Metric::LatencyMax) <= 2.05);
    assert_eq!(totals.requests, 0);
}
