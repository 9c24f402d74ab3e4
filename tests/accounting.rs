//! What is counted and what it adds up to: each number worked out by hand.

mod hand;

use cometsim::model::metric::Metric;
use cometsim::model::scenario::*;
use cometsim::model::{Totals, simulate};
use cometsim::units::{Bytes, Time};
use hand::{OPEN, every, one_client, run, websocket};

/// The value of a metric in the first replication.
fn measure(scenario: &Scenario, metric: Metric) -> Option<f64> {
    run(scenario).metric(metric, scenario)
}

#[track_caller]
fn assert_measures(scenario: &Scenario, metric: Metric, by_hand: f64) {
    let found = measure(scenario, metric);
    assert!(
        found.is_some_and(|found| (found - by_hand).abs() <= 1e-9 * by_hand.abs()),
        "{}: {found:?}, by hand {by_hand}",
        metric.name()
    );
}

/// `count` clients at no distance on a plain server, from t = 0 on, without messages that come by themselves.
fn clients(count: u32, transport: Transport, seconds: u64) -> Scenario {
    let window = Window { warmup: Time::ZERO, duration: Time::from_secs(seconds), bin: Time::from_secs(1) };
    let mut scenario = Scenario { window, transport, network: Network::constant(Time::ZERO), ..one_client() };
    scenario.clients = Clients { start_within: Time::ZERO, timeout: Time::from_secs(3_600), ..Clients::staying(count) };
    scenario.source.arrivals = Arrivals::PerClient(every(1_000_000_000, 900_000_000));
    scenario
}

/// A notified long poll that is held for so many milliseconds.
fn notified(hold: u64) -> Transport {
    let check = Check::Notify { hold: Time::from_millis(hold) };
    let turnaround = Delay::Constant(Time::ZERO);
    Transport::LongPoll(LongPoll { check, turnaround, linger: Time::ZERO, piggyback: false })
}

/// Two clients stay for 10 s and get a message at 1 s: its age grows from 0 to 9 s, 4.5 s on average.
#[test]
fn nothing_ages_at_a_client_that_has_left() {
    let mut scenario = clients(2, notified(40_000), 100);
    scenario.source.arrivals = Arrivals::PerClient(every(1_000_000, 1_000));
    scenario.clients.session = Some(Delay::Constant(Time::from_secs(10)));
    assert_measures(&scenario, Metric::AgeMean, 4.5);
    // A client that stops has its page open: it gives up at 11 s, and the message ages until 100 s, 49.5 s on average.
    scenario.clients.session = None;
    scenario.clients.timeout = Time::from_secs(10);
    scenario.clients.on_timeout = OnTimeout::Stop;
    assert_measures(&scenario, Metric::AgeMean, 49.5);
}

/// A message each second: the newest is up to 1 s old, 0.5 s on average, however long the clients are gone.
#[test]
fn messages_each_second_are_half_a_second_old() {
    let mut scenario = clients(5, websocket(), 100);
    scenario.source.arrivals = Arrivals::Broadcast(every(1_000, 0));
    scenario.clients.session = Some(Delay::Empirical([5, 20, 40, 60].map(Time::from_secs).into()));
    assert_measures(&scenario, Metric::AgeMean, 0.5);
}
