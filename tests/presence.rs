//! Who is there, when they come, and how they come back: numbers that can be worked out by hand.

mod hand;

use cometsim::model::scenario::*;
use cometsim::model::{Metric, Totals, simulate};
use cometsim::units::{Rate, Time};
use hand::{OPEN, every, one_client, polls, run, websocket};

fn seconds(count: u64) -> Time {
    Time::from_secs(count)
}

/// So many clients at the server itself, from t = 0 on, under this transport.
fn clients(count: u32, transport: Transport) -> Scenario {
    let network = Network::constant(Time::ZERO);
    Scenario { clients: Clients::staying(count), network, transport, ..one_client() }
}

/// A long poll that is told of messages.
fn notified(hold: u64) -> Transport {
    long_poll(Check::Notify { hold: seconds(hold) })
}

fn long_poll(check: Check) -> Transport {
    Transport::LongPoll(LongPoll {
        check,
        turnaround: Delay::Constant(Time::ZERO),
        linger: Time::ZERO,
        piggyback: false,
    })
}

fn window(from: u64, until: u64) -> Window {
    Window { warmup: seconds(from), duration: seconds(until - from), bin: seconds(1) }
}

fn metric(scenario: &Scenario, totals: &Totals, metric: Metric) -> f64 {
    totals.metric(metric, scenario).expect("a sample")
}

/// A crowd of 100 that comes at 12 s and leaves at 16 s, in a window of 20 s, and a message for all at each half second.
fn crowd(transport: Transport) -> Scenario {
    let mut scenario = clients(10, transport);
    scenario.window = window(10, 30);
    scenario.source.arrivals = Arrivals::Broadcast(every(1_000, 500));
    scenario.clients.session = Some(Delay::Constant(seconds(4)));
    scenario.clients.crowd = Some(Crowd { at: seconds(12), count: 100, within: Time::ZERO });
    scenario
}

/// The last message for the crowd is that of 15.5 s; the one of 16.5 s tells the server that it has left. So what is open
/// for it is open for 4.5 s: 100 * 4.5 s / 20 s = 22.5 on average. Messages are created at 12.5, 13.5, 14.5 and 15.5 s.
#[test]
fn a_message_for_all_tells_the_server_who_has_left() {
    let sse = Transport::Sse(Sse { stream: OPEN, ids: false });
    let loops = long_poll(Check::Every { every: Time::from_millis(500), count: 80, first: FirstCheck::AfterSleep });
    for transport in [websocket(), sse, Transport::Streaming(OPEN), notified(40), loops] {
        for workers in [None, Some(1_000)] {
            for path in [EnginePath::Auto, EnginePath::Queue] {
                let mut scenario = Scenario { path, ..crowd(transport.clone()) };
                scenario.server.pool = workers.map(|workers| Pool { workers, backlog: None });
                let totals = run(&scenario);
                let name = format!("{transport:?} {workers:?} {path:?}");
                let fates = (totals.created, totals.delivered, totals.lost, totals.pending_end);
                assert_eq!(fates, (400, 400, 0, 0), "{name}");
                assert_eq!((totals.held_nanos, totals.open_end), (450_000_000_000, 0), "{name}");
                if workers.is_some() {
                    assert_eq!(metric(&scenario, &totals, Metric::WorkersBusyMean), 22.5, "{name}");
                }
            }
        }
    }
}

/// Nobody writes to a client that has left where each has messages of its own: its connection stays open to the end, 14 s
/// longer, unless the server notices that it has been closed.
#[test]
fn without_a_message_for_all_a_server_has_to_notice_by_itself() {
    let mut scenario = crowd(websocket());
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 500));
    assert_eq!((run(&scenario).held_nanos / 1_000_000_000, run(&scenario).open_end), (20 * 10 + 100 * 18, 110));
    scenario.server.notices_disconnect = true;
    assert_eq!((run(&scenario).held_nanos / 1_000_000_000, run(&scenario).open_end), (100 * 4, 0));
}

/// Ten clients of one room that leave after 5 s, 6 s, ... 14 s and send once a second until then, the first time at 0.5 s. What
/// is sent at k + 0.5 s goes to those who are there, the senders of that instant: 10 clients until 5 s, then 9, ... So
/// 5 * 10 * 10 + 9 * 9 + 8 * 8 + ... + 1 * 1 = 785 messages are created, and all of them arrive.
#[test]
fn a_group_writes_to_those_who_are_there() {
    let mut scenario = clients(10, websocket());
    scenario.window = window(0, 30);
    scenario.source.arrivals = Arrivals::Group { size: 10 };
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: scenario.source.payload });
    let stays: Vec<Time> = (5..15).map(seconds).collect();
    let mut sums = (0, 0);
    for replication in 0..20 {
        scenario.clients.session = Some(Delay::Empirical(stays.clone().into()));
        let totals = simulate(&scenario, replication, 0..10);
        assert_eq!((totals.created, totals.lost, totals.pending_end), (totals.delivered, 0, 0));
        sums = (sums.0 + totals.created, sums.1 + 1);
    }
    scenario.clients.session = Some(Delay::Constant(seconds(5)));
    assert_eq!(run(&scenario).created, 500);
    // Each session is drawn, so the mean is near that of all different ones.
    assert!((500..1_400).contains(&(sums.0 / sums.1)), "{sums:?}");
}
