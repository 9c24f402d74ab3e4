//! Who is there, when they come, and how they come back: numbers that can be worked out by hand.

#![allow(clippy::float_cmp, reason = "what is exact by hand is compared exactly")]

use crate::hand::{OPEN, every, one_client, polls, run, websocket};
use cometsim::model::scenario::*;
use cometsim::model::{Metric, Totals, simulate};
use cometsim::units::{Rate, Time};

fn seconds(count: u64) -> Time {
    Time::from_secs(count)
}

/// So many clients at the server itself, from t = 0 on, under this transport.
fn clients(count: u32, transport: TransportConfig) -> Scenario {
    let network = Network::constant(Time::ZERO);
    Scenario { clients: Clients::staying(count), network, transport, ..one_client() }
}

/// A long poll that is told of messages.
fn notified(hold: u64) -> TransportConfig {
    long_poll(Check::Notify { hold: seconds(hold) })
}

fn long_poll(check: Check) -> TransportConfig {
    TransportConfig::LongPoll(LongPoll::new(check))
}

fn window(from: u64, until: u64) -> Window {
    Window { warmup: seconds(from), duration: seconds(until - from), bin: seconds(1) }
}

fn metric(scenario: &Scenario, totals: &Totals, metric: Metric) -> f64 {
    totals.metric(metric, scenario).expect("a sample")
}

/// A crowd of 100 that comes at 12 s and leaves at 16 s, in a window of 20 s, and a message for all at each half second.
fn crowd(transport: TransportConfig) -> Scenario {
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
    let sse = TransportConfig::Sse(Sse { stream: OPEN, ids: false });
    let loops = long_poll(Check::Every { every: Time::from_millis(500), count: 80, first: FirstCheck::AfterSleep });
    for transport in [websocket(), sse, TransportConfig::Streaming(OPEN), notified(40), loops] {
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

/// A room of twenty: ten that leave at 5 s, and ten that come at 3 s and leave at 8 s. Who is there sends at each half second, to all who are there.
/// At 0.5, 1.5 and 2.5 s these are 10 * 10 messages, at 3.5 and 4.5 s 20 * 20, at 5.5, 6.5 and 7.5 s 10 * 10: 1,400. All arrive.
#[test]
fn a_group_writes_to_those_who_are_there() {
    let mut scenario = clients(10, websocket());
    scenario.window = window(0, 30);
    scenario.source.arrivals = Arrivals::Group { size: 20 };
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: scenario.source.payload });
    scenario.clients.session = Some(Delay::Constant(seconds(5)));
    scenario.clients.crowd = Some(Crowd { at: seconds(3), count: 10, within: Time::ZERO });
    for transport in [websocket(), notified(40)] {
        let totals = run(&Scenario { transport, ..scenario.clone() });
        assert_eq!((totals.created, totals.delivered, totals.lost, totals.pending_end), (1_400, 1_400, 0, 0));
    }
}

/// Two clients in a room look once a second and wait no longer. Each sends at 2.5 s, which waits for its session until 3 s: both
/// have looked by then, give up, and let it go on. They find both messages at 4 s, after 1.5 s.
#[test]
fn what_waits_for_a_session_comes_behind_the_looks_of_that_instant() {
    let check = Check::Every { every: seconds(1), count: 12, first: FirstCheck::AfterSleep };
    let turnaround = Delay::Constant(Time::ZERO);
    let poll = LongPoll { turnaround, ..LongPoll::new(check) };
    let mut scenario = clients(2, TransportConfig::LongPoll(poll));
    scenario.source.arrivals = Arrivals::Group { size: 2 };
    scenario.clients.timeout = seconds(1);
    scenario.clients.sends = Some(Sends { process: every(100_000, 2_500), payload: scenario.source.payload });
    scenario.server.notices_disconnect = true;
    scenario.server.session_lock = true;
    scenario.server.service = Some(Delay::Constant(Time::ZERO));
    for ticks in [Ticks::Each, Ticks::Skip] {
        let scenario = Scenario { ticks, ..scenario.clone() };
        let totals = run(&scenario);
        assert_eq!((totals.delivered, totals.metric(Metric::LatencyMean, &scenario)), (4, Some(1.5)));
    }
}

/// How many clients come one by one at so many per 1,000 s: each asks once, client 0 at t = 0.
fn comers(per_1000_s: u64, replication: u32, window: Window) -> u64 {
    let mut scenario = Scenario { window, ..clients(1, polls(1_000_000_000)) };
    scenario.clients.arrival_rate = Rate::new(per_1000_s, 1_000);
    let everyone = 0..scenario.population();
    simulate(&scenario, replication, everyone).requests - u64::from(window.warmup == Time::ZERO)
}

/// A Poisson process of 1/s over 100 s: mean and variance are 100. Over 300 replications the mean lies within 3.3 standard errors,
/// 3.3 * 10 / sqrt(300) = 1.9; the sum of squares over the mean is chi-square with 299 degrees of freedom, 299 +- 3.3 * sqrt(598)
/// = 81 (a chance of one in a thousand each).
#[test]
fn clients_come_by_a_poisson_process() {
    let counts: Vec<f64> = (0..300).map(|replication| comers(1_000, replication, window(0, 100)) as f64).collect();
    let mean = counts.iter().sum::<f64>() / 300.0;
    let squares: f64 = counts.iter().map(|count| (count - mean) * (count - mean)).sum();
    assert!((mean - 100.0).abs() < 1.9, "{mean}");
    assert!((squares / mean - 299.0).abs() < 81.0, "{squares} {mean}");
    // 0.004 /s over 100 s: 0.4 a replication, 160 +- 3.3 * sqrt(160) = 42 in 400 of them.
    let few: u64 = (0..400).map(|replication| comers(4, replication, window(0, 100))).sum();
    assert!(few.abs_diff(160) < 42, "{few}");
}

/// A longer run has the clients of a shorter one too.
#[test]
fn the_length_of_the_run_changes_nobody() {
    for replication in 0..20 {
        let [first, second, both] =
            [(0, 50), (50, 100), (0, 100)].map(|(from, until)| comers(1_000, replication, window(from, until)));
        assert_eq!(first + second, both);
    }
}

/// 10 clients a second that stay for 5 s: 50 are there, and 10 /s * 0.5 s that the next message of each second has not told of:
/// 55 connections. With 20 replications of 100 s the standard error is sqrt(10 * 25 / 100 / 20) = 0.35.
#[test]
fn connections_of_those_who_come_and_go_do_not_pile_up() {
    let mut scenario = clients(1, websocket());
    scenario.window = window(20, 120);
    scenario.source.arrivals = Arrivals::Broadcast(Process::Periodic { every: seconds(1), phase: Phase::Random });
    scenario.clients.session = Some(Delay::Constant(seconds(5)));
    scenario.clients.arrival_rate = Rate::new(10, 1);
    let held = (0..20).map(|replication| {
        let totals = simulate(&scenario, replication, 0..scenario.population());
        assert_eq!(totals.lost, 0);
        assert!(totals.open_end < 110, "{}", totals.open_end);
        metric(&scenario, &totals, Metric::HeldRequestsMean)
    });
    let mean = held.sum::<f64>() / 20.0;
    assert!((mean - 55.0).abs() < 1.2, "{mean}");
}

const WAITS: Backoff = Backoff { first: Time::from_secs(1), factor: 2.0, max: Time::from_secs(8), jitter: 0.0 };

/// A client that waits 3 s for a reply and 1, 2, 4, 8, 8, ... s after its timeouts asks at 0, 4, 9, 16, 27, 38 and 49 s, where it would ask
/// every 3 s.
#[test]
fn a_client_backs_off_after_timeouts() {
    let mut scenario = clients(1, notified(100));
    scenario.window = window(0, 50);
    scenario.source.arrivals = Arrivals::PerClient(every(1_000_000, 900_000));
    scenario.clients.timeout = seconds(3);
    assert_eq!(run(&scenario).requests, 17);
    scenario.clients.on_timeout = OnTimeout::Backoff(WAITS);
    assert_eq!((run(&scenario).requests, run(&scenario).timeouts), (7, 6));
    // A message of 13 s answers the request of 16 s. That ends the row: 16 s again, then 20, 25, 32 and 43 s.
    scenario.server.notices_disconnect = true;
    scenario.source.arrivals = Arrivals::PerClient(every(1_000_000, 13_000));
    assert_eq!((run(&scenario).requests, run(&scenario).delivered), (9, 1));
}

/// The one worker pushes to one of two clients. The other one gives up after 3 s each time: by the table it asks 7 times in 50 s as above, and
/// not after the `retry` of its transport, which is at once: 17 times.
#[test]
fn the_table_takes_the_place_of_a_retry() {
    let mut scenario = clients(2, websocket());
    scenario.window = window(0, 50);
    scenario.source.arrivals = Arrivals::Broadcast(every(1_000_000, 900_000));
    scenario.server.pool = Some(Pool { workers: 1, backlog: None });
    scenario.clients.timeout = seconds(3);
    assert_eq!(run(&scenario).requests, 1 + 17);
    scenario.clients.on_timeout = OnTimeout::Backoff(WAITS);
    assert_eq!(run(&scenario).requests, 1 + 7);
}

/// A connection on which nothing is sent for 10 s is cut at 10 s, 20 s, ..., although the server would send something at that very instant:
/// 100 connections in 1,000 s. A keep-alive a millisecond earlier keeps the first one.
#[test]
fn a_cut_comes_before_a_keep_alive() {
    let with = |keep_alive: u64| {
        let stream = PushStream { keep_alive: Some(Time::from_millis(keep_alive)), ..OPEN };
        let mut scenario = clients(1, TransportConfig::Streaming(stream));
        scenario.window = window(0, 1_000);
        scenario.source.arrivals = Arrivals::Broadcast(every(10_000_000, 9_000_000));
        scenario.server.idle_timeout = Some(seconds(10));
        run(&scenario).requests
    };
    assert_eq!([with(10_000), with(10_001), with(9_999)], [100, 100, 1]);
}

/// The first requests of 1,000 clients in each second of a run of 12 s.
fn starts(transport: TransportConfig) -> Vec<u64> {
    let mut scenario = clients(1_000, transport);
    scenario.window = window(0, 12);
    scenario.source.arrivals = Arrivals::Broadcast(every(10_000_000, 9_000_000));
    scenario.clients.start_within = seconds(10);
    run(&scenario).bins.iter().map(|bin| bin.requests).collect()
}

/// 100 in each of the first 10 s, +- 4.5 * sqrt(100 * 0.9) = 43 (a chance of one in 10,000 for ten of them), then none.
#[test]
fn clients_start_within_the_time_for_it() {
    let minute = Time::from_secs(60);
    let rule = AdaptiveRule::Reset;
    let adaptive = AdaptivePoll { min: minute, max: minute, factor: 1.0, rule, ..AdaptivePoll::default() };
    for transport in
        [websocket(), TransportConfig::Streaming(OPEN), notified(60), TransportConfig::AdaptivePoll(adaptive)]
    {
        let starts = starts(transport);
        assert!(starts[..10].iter().all(|count| count.abs_diff(100) < 43), "{starts:?}");
        assert_eq!((starts.iter().sum::<u64>(), &starts[10..]), (1_000, &[0, 0][..]));
    }
}

/// Two equal populations of 500 behind a link of 10 Mbit/s that a frame of 500 + 4 bytes takes 403.2 us to pass. The copies of a
/// message for all leave one after the other: the mean wait is 1,001 / 2 * 403.2 us, for each population.
#[test]
fn equal_populations_wait_as_long() {
    let mut scenario = clients(1_000, websocket());
    scenario.window = window(10, 110);
    scenario.source = Source {
        arrivals: Arrivals::Broadcast(every(5_000, 2_500)),
        payload: cometsim::units::Bytes(500),
        ..scenario.source
    };
    scenario.server_link = Some(Link { up: None, down: Some(cometsim::units::BitRate(10_000_000)) });
    scenario.populations = ["phones", "desktops"]
        .map(|name| Population { start_within: Time::ZERO, ..Population::new(name, 500, &scenario) })
        .to_vec();
    let totals = run(&scenario);
    for part in &totals.parts {
        assert_eq!((part.delivered, part.latency.count()), (500 * 20, 500 * 20));
        assert_eq!(part.latency.sum(), 500 * 20 * 1_001 * 403_200 / 2);
    }
}

/// 100 clients that poll every 2 s over connections that stay open, 20 ms away, the first time at `phase` ms; the server restarts at 30 s, or a
/// little later.
fn restarted(phase: u64, restart: u64) -> Scenario {
    let mut scenario = clients(100, polls(2_000));
    if let TransportConfig::ShortPoll(poll) = &mut scenario.transport {
        poll.phase = Phase::At(Time::from_millis(phase));
    }
    let millis = Time::from_millis;
    scenario.window = window(20, 60);
    scenario.network = Network::constant(millis(20));
    scenario.server.restart = Some(Restart { at: millis(restart), down: Time::ZERO });
    scenario.clients.on_error = OnError::Retry(WAITS);
    scenario.wire = Some(Wire {
        segment: cometsim::units::Bytes(1_448),
        header: cometsim::units::Bytes(52),
        ack_delay: millis(40),
        keep_alive: seconds(75),
        ..Wire::default()
    });
    scenario
}

/// Each of 100 idle connections ends, so each client opens one more: with the poll of 30.5 s, since it has known from 30.02 s on. Of the
/// 20 polls of each client one takes a round trip of 40 ms more. Over HTTP/2 it is the same.
#[test]
fn a_restart_ends_idle_connections() {
    let sizes = cometsim::units::Bytes(20);
    let http2 = Http2 { first_request: sizes, request: sizes, first_response: sizes, response: sizes, date: sizes };
    for http2 in [None, Some(http2)] {
        let mut scenario = restarted(500, 30_000);
        scenario.http.http2 = http2;
        let totals = run(&scenario);
        let opened = metric(&scenario, &totals, Metric::ConnectionsOpened);
        assert_eq!((opened, totals.requests), (100.0, 100 * 20));
        assert_eq!(metric(&scenario, &totals, Metric::BrokenRequests), 0.0);
        scenario.server.restart = None;
        let without = run(&scenario);
        // Three packets of a handshake, 60 + 60 + 52 bytes.
        assert_eq!(metric(&scenario, &without, Metric::ConnectionsOpened), 0.0);
        let packets = |totals: &Totals| (metric(&scenario, totals, Metric::PacketsPerSecond) * 40.0).round() as u64;
        assert_eq!(packets(&totals) - packets(&without), 300);
    }
}

/// A poll of 30.01 s leaves on a connection that has ended at 30 s, of which its client knows from 30.02 s on: it meets a reset. So does one that was on its
/// way when the server restarted at 30.02 s. Either way the next one, 2 s later, opens a connection.
#[test]
fn a_request_on_a_connection_that_has_ended_meets_a_reset() {
    for restart in [30_000, 30_020] {
        let scenario = restarted(10, restart);
        let totals = run(&scenario);
        let broken = metric(&scenario, &totals, Metric::BrokenRequests);
        let opened = metric(&scenario, &totals, Metric::ConnectionsOpened);
        assert_eq!((broken, opened, totals.replies), (100.0, 100.0, 100 * 19), "{restart}");
    }
    // One that arrives before the restart is answered in time: the restart finds an idle connection.
    let scenario = restarted(10, 30_031);
    let totals = run(&scenario);
    assert_eq!((metric(&scenario, &totals, Metric::BrokenRequests), totals.replies), (0.0, 100 * 20));
}

/// Polls of every 5 ms over HTTP/2, of which several are on their way when the server restarts at 30 s: each client opens one
/// other connection, at 30.02 s when it knows. Errors of the old one that come later do not close the new one.
#[test]
fn a_late_error_closes_no_connection_but_its_own() {
    let sizes = cometsim::units::Bytes(20);
    let mut scenario = restarted(1, 30_000);
    if let TransportConfig::ShortPoll(poll) = &mut scenario.transport {
        poll.interval = Time::from_millis(5);
    }
    scenario.http.http2 =
        Some(Http2 { first_request: sizes, request: sizes, first_response: sizes, response: sizes, date: sizes });
    let totals = run(&scenario);
    assert_eq!(metric(&scenario, &totals, Metric::ConnectionsOpened), 100.0);
    // Those that left between 29.98 s, 20 ms before the restart, and 30.02 s: 8 of each client.
    assert_eq!(metric(&scenario, &totals, Metric::BrokenRequests), 800.0);
}
