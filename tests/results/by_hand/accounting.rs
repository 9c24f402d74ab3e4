//! What is counted and what it adds up to: each number worked out by hand.

use crate::hand::{OPEN, every, one_client, run, websocket};
use cometsim::model::metric::Metric;
use cometsim::model::scenario::*;
use cometsim::units::{Bytes, Time};

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
fn clients(count: u32, transport: TransportConfig, seconds: u64) -> Scenario {
    let window = Window { warmup: Time::ZERO, duration: Time::from_secs(seconds), bin: Time::from_secs(1) };
    let mut scenario = Scenario { window, transport, network: Network::constant(Time::ZERO), ..one_client() };
    scenario.clients = Clients { start_within: Time::ZERO, timeout: Time::from_secs(3_600), ..Clients::staying(count) };
    scenario.source.arrivals = Arrivals::PerClient(every(1_000_000_000, 900_000_000));
    scenario
}

/// A notified long poll that is held for so many milliseconds.
fn notified(hold: u64) -> TransportConfig {
    let check = Check::Notify { hold: Time::from_millis(hold) };
    let turnaround = Delay::Constant(Time::ZERO);
    TransportConfig::LongPoll(LongPoll { turnaround, ..LongPoll::new(check) })
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

/// A long poll is held for 10 s, whatever else its client sends: 11 holds end in 110 s, and no message came.
#[test]
fn what_clients_send_is_no_hold_and_no_reply_to_a_poll() {
    let mut scenario = clients(1, notified(10_000), 110);
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(33) });
    assert_measures(&scenario, Metric::HoldMean, 10.0);
    assert_measures(&scenario, Metric::EmptyReplyFraction, 1.0);
    // The messages of a WebSocket are in no reply, and its one connection stays open.
    scenario.transport = websocket();
    assert_eq!(measure(&scenario, Metric::HoldMean), None);
    assert_eq!(measure(&scenario, Metric::EmptyReplyFraction), None);
    // Over a stream they are sent by requests, which are answered at once.
    scenario.transport = TransportConfig::Streaming(OPEN);
    assert_eq!(measure(&scenario, Metric::HoldMean), None);
    assert_eq!(measure(&scenario, Metric::EmptyReplyFraction), None);
}

/// Of a mix only the long poll is held: 10 s, beside a short poll each second.
#[test]
fn short_polls_of_a_mix_are_no_holds() {
    let mut scenario = clients(2, notified(10_000), 110);
    let population = |name: &str, transport: TransportConfig| Population {
        timeout: Time::from_secs(3_600),
        transport,
        ..Population::new(name, 1, &scenario)
    };
    scenario.populations = vec![population("long", notified(10_000)), population("short", crate::hand::polls(1_000))];
    assert_measures(&scenario, Metric::HoldMean, 10.0);
    assert_eq!(run(&scenario).population_metric(Metric::HoldMean, &scenario, 1), None);
}

/// 1,000 polls at one instant, each served for 1 s, in a window of 10 s: 1,000 are at the server for 1 s of it, 100 on
/// average, and none is held. With 500 workers half of them wait for 1 s more: 150.
#[test]
fn requests_in_service_and_in_the_queue_are_at_the_server() {
    let mut scenario = clients(1_000, crate::hand::polls(100_000), 10);
    scenario.server.service = Some(Delay::Constant(Time::from_secs(1)));
    assert_measures(&scenario, Metric::HeldRequestsMean, 100.0);
    assert_measures(&scenario, Metric::HeldRequestsPeak, 1_000.0);
    assert_eq!(measure(&scenario, Metric::HoldMean), None);
    scenario.server.pool = Some(Pool { workers: 500, backlog: None });
    assert_measures(&scenario, Metric::HeldRequestsMean, 150.0);
    assert_measures(&scenario, Metric::WorkersBusyMean, 100.0);
    assert_measures(&scenario, Metric::QueueLengthMean, 50.0);
}

/// Polls at 0, 10, 20, … s in a window from 37.3 to 47.3 s: the one at 40 s alone. Bins of 50 s leave the window whole, so
/// the peak is the mean, 930 B in 10 s. Bins of 5 s have it in [40, 47.3) s, since the 2.3 s from 45 s on are less than half
/// of one; bins of 2 s in [40, 42) s.
#[test]
fn what_the_window_cuts_of_a_bin_counts() {
    let mut scenario = clients(1, crate::hand::polls(10_000), 10);
    scenario.window.warmup = Time::from_millis(37_300);
    for (bin, seconds) in [(50_000, 10.0), (5_000, 7.3), (2_000, 2.0)] {
        scenario.window.bin = Time::from_millis(bin);
        let bytes = 716.0 + 193.0 + 21.0;
        scenario.source.arrivals = one_client().source.arrivals;
        assert_measures(&scenario, Metric::HttpMbitPerSecondPeak, bytes * 8.0 / seconds / 1e6);
    }
    // Traffic in the first cut edge alone: [37.3, 38) s is 0.7 of a bin of 1 s.
    scenario.window.bin = Time::from_secs(1);
    scenario.transport = crate::hand::polls(37_500);
    assert_measures(&scenario, Metric::HttpMbitPerSecondPeak, 930.0 * 8.0 / 0.7 / 1e6);
}

/// A stream of 20 s: one response begins, at 1 s behind the request, and 19 messages follow. Its good reply is the header.
#[test]
fn what_is_pushed_is_no_reply() {
    let mut scenario = clients(1, TransportConfig::Streaming(OPEN), 20);
    scenario.network = Network::constant(Time::from_millis(500));
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 250));
    for transport in [TransportConfig::Streaming(OPEN), websocket()] {
        scenario.transport = transport;
        assert_measures(&scenario, Metric::RepliesPerSecond, 1.0 / 20.0);
        assert_measures(&scenario, Metric::GoodputPerSecond, 1.0 / 20.0);
    }
}

/// A WebSocket without messages is open at 0.05 s. The proxy cuts it 3.9 s later, and the client is back 0.1 s + 1 s after
/// that: cycles of 5 s, cut at 3.95, 8.95, 13.95 and 18.95 s. Nobody is sent a 504.
#[test]
fn a_connection_that_is_cut_is_no_gateway_timeout() {
    let mut scenario = clients(1, websocket(), 20);
    let TransportConfig::WebSocket(socket) = &mut scenario.transport else { unreachable!() };
    socket.stream.retry = Time::from_secs(1);
    scenario.network = Network::constant(Time::from_millis(50));
    scenario.server.idle_timeout = Some(Time::from_millis(3_900));
    assert_eq!(measure(&scenario, Metric::GatewayTimeouts), None);
    assert_measures(&scenario, Metric::ConnectionsCut, 4.0);
    scenario.server.read_timeout = Some(Time::from_secs(60));
    assert_eq!(measure(&scenario, Metric::GatewayTimeouts), Some(0.0));
    scenario.server.idle_timeout = None;
    assert_eq!(measure(&scenario, Metric::ConnectionsCut), None);
}

/// One long poll of 716 B that is not answered, and ten messages of 33 B in requests of 716 B, each with a reply of 193 B: 330 B are messages, and with the headers they are all.
#[test]
fn what_clients_send_is_payload() {
    let mut scenario = clients(1, notified(40_000), 10);
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(33) });
    let header = 11 * 716 + 10 * 193;
    assert_measures(&scenario, Metric::PayloadBytesPerSecond, 33.0);
    assert_measures(&scenario, Metric::HeaderBytesPerSecond, f64::from(header) / 10.0);
    assert_measures(&scenario, Metric::HttpBytesPerSecond, f64::from(header + 330) / 10.0);
    // Ten frames with 6 B around 33 B each.
    scenario.transport = websocket();
    assert_measures(&scenario, Metric::PayloadBytesPerSecond, 33.0);
    assert_measures(&scenario, Metric::HttpUpBytesPerSecond, f64::from(716 + 113 + 10 * 39) / 10.0);
}

/// Nothing but memory: 1 MB for a connection, no base, no workers.
fn memory_alone() -> Cost {
    Cost {
        cpu_per_request: Time::ZERO,
        cpu_per_check: Time::ZERO,
        cpu_per_byte: Time::ZERO,
        cpu_per_push: Time::ZERO,
        cpu_per_handshake: Time::ZERO,
        memory_per_connection: Bytes(1_000_000),
        memory_per_worker: Bytes(0),
        memory_base: Bytes(0),
        price_per_gb: 0.0,
        price_per_core_hour: 0.0,
        radio: None,
    }
}

/// 1,000 long polls that are held for 100 ms of each second, all at once: 1,000 connections at one instant, however wide
/// the bins are. So with 1,000 polls that are served for 1 s, and with 1,000 of which half wait for a worker.
#[test]
fn the_peak_of_memory_is_that_of_an_instant() {
    let check = Check::Every { every: Time::from_millis(100), count: 1, first: FirstCheck::AfterSleep };
    let turnaround = Delay::Constant(Time::from_millis(900));
    let poll = LongPoll { turnaround, ..LongPoll::new(check) };
    let mut held = clients(1_000, TransportConfig::LongPoll(poll), 10);
    held.cost = Some(memory_alone());
    for bin in [100, 1_000, 60_000] {
        held.window.bin = Time::from_millis(bin);
        assert_measures(&held, Metric::ServerMemoryBytesPeak, 1e9);
    }
    let mut served = clients(1_000, crate::hand::polls(100_000), 10);
    served.cost = held.cost;
    served.server.service = Some(Delay::Constant(Time::from_secs(1)));
    assert_measures(&served, Metric::ServerMemoryBytesPeak, 1e9);
    served.server.pool = Some(Pool { workers: 500, backlog: None });
    assert_measures(&served, Metric::ServerMemoryBytesPeak, 1e9);
    // 300 clients ask at once, 700 others when the first have been served: never more than 700 at one instant.
    served.server.pool = None;
    let population = |count: u32, phase: u64| Population {
        timeout: Time::from_secs(3_600),
        transport: TransportConfig::ShortPoll(ShortPoll {
            phase: Phase::At(Time::from_secs(phase)),
            ..ShortPoll::every(Time::from_secs(100))
        }),
        ..Population::new(&format!("{count}"), count, &served)
    };
    served.populations = vec![population(300, 0), population(700, 2)];
    assert_measures(&served, Metric::ServerMemoryBytesPeak, 7e8);
}

/// With packets a connection stays open for 75 s after a poll: 100 clients that poll each 10 s have 100 connections all the
/// time, but those that poll once have none behind 75 s. A client that gives up closes its connection, and the server holds
/// the orphan on.
#[test]
fn idle_connections_have_memory() {
    let wire = Wire::default();
    let mut scenario = clients(100, crate::hand::polls(10_000), 100);
    scenario.cost = Some(memory_alone());
    scenario.window.warmup = Time::from_millis(50_500);
    scenario.window.duration = Time::from_secs(5);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 0.0);
    scenario.wire = Some(wire);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 1e8);
    scenario.transport = crate::hand::polls(1_000_000);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 1e8);
    scenario.window.warmup = Time::from_secs(76);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 0.0);
    // Requests at 0, 2, 4 and 6 s are given up 2 s later, and held for 5 s. At 7.5 s the one of 6 s has a connection, and
    // that of 4 s is an orphan.
    scenario.transport = notified(5_000);
    scenario.clients.timeout = Time::from_secs(2);
    scenario.window.warmup = Time::from_millis(7_500);
    scenario.window.duration = Time::from_millis(400);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 2e8);
}

/// A message of 1 kB each 10 ms over a link of 1 kB/s: with its frame it is 1,004 B, so in 10 s 1,000 have come and 9 have
/// left. In the mailbox of a client that does
/// not ask all wait, without a frame.
#[test]
fn what_waits_for_slow_clients_has_memory() {
    let mut scenario = clients(10, websocket(), 10);
    scenario.cost = Some(memory_alone());
    scenario.source.arrivals = Arrivals::Broadcast(every(10, 5));
    scenario.source.payload = Bytes(1_000);
    scenario.network.client_link = Some(Link { up: None, down: Some(cometsim::units::BitRate(8_000)) });
    // The response of 129 B has left at 0.129 s, and one message each 1.004 s from there on: 9 at 9.165 s.
    let waiting = 1_004.0 * (1_000.0 - 9.0);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 10.0 * (1e6 + waiting));
    scenario.network.client_link = None;
    scenario.transport = crate::hand::polls(100_000);
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 10.0 * 1e6);
    scenario.cost = Some(Cost { memory_per_connection: Bytes(0), ..memory_alone() });
    assert_measures(&scenario, Metric::ServerMemoryBytesPeak, 10.0 * 1_000.0 * 1_000.0);
}

/// A WebSocket with a ping each 0.3 s, unless a message comes, has 3 pings and 1 message a second down, 3 pongs and 1
/// message up: 8 times 10 us of processor, where each is told from the others.
#[test]
fn pushes_and_frames_cost_processor_time_and_current() {
    let mut scenario = clients(1, websocket(), 100);
    let TransportConfig::WebSocket(socket) = &mut scenario.transport else { unreachable!() };
    socket.stream.keep_alive = Some(Time::from_millis(300));
    scenario.window.warmup = Time::from_millis(10_050);
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 0));
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(10) });
    let radio = Some(Radio { idle_ma: 5.0, charge_mas: 300.0 });
    scenario.cost = Some(Cost { cpu_per_push: Time(10_000), radio, ..memory_alone() });
    assert_measures(&scenario, Metric::ServerCoresMean, 8.0 * 10e-6);
    // A pong belongs to its ping: 3 pings, 1 message down and 1 up turn on the radio 5 times a second.
    assert_measures(&scenario, Metric::PhoneCurrentMean, 5.0 + 300.0 * 5.0);
    // Nothing is sent but at 0 s: the phone is idle.
    scenario.transport = websocket();
    scenario.source.arrivals = clients(1, websocket(), 1).source.arrivals;
    scenario.clients.sends = None;
    assert_measures(&scenario, Metric::PhoneCurrentMean, 5.0);
    // A poll each second, with a message sent at the same instants: one radio.
    scenario.transport = crate::hand::polls(1_000);
    assert_measures(&scenario, Metric::PhoneCurrentMean, 305.0);
    scenario.clients.sends = Some(Sends { process: every(1_000, 0), payload: Bytes(10) });
    assert_measures(&scenario, Metric::PhoneCurrentMean, 305.0);
}

/// A poll each 100 s opens a connection each time: two in 200 s, 1 ms each. A poll and its reply are 930 B of HTTP, and on
/// the wire a handshake of 60 + 60 + 52 B, a packet each way, and the acknowledgement of the reply: 172 + 930 + 3 x 52 B =
/// 1,258 B, of which 60 + 214 + 52 = 326 B go down.
#[test]
fn handshakes_and_packets_cost_where_there_are_any() {
    let mut scenario = clients(1, crate::hand::polls(100_000), 200);
    scenario.source.arrivals = one_client().source.arrivals;
    let cost = Cost { cpu_per_handshake: Time::from_millis(1), cpu_per_byte: Time(1_000), ..memory_alone() };
    scenario.cost = Some(Cost { price_per_gb: 1e9, ..cost });
    assert_measures(&scenario, Metric::ServerCoresMean, 2.0 * 930e-6 / 200.0);
    assert_measures(&scenario, Metric::CostPerDay, 86_400.0 * 2.0 * 214.0 / 200.0);
    scenario.wire = Some(Wire::default());
    assert_measures(&scenario, Metric::ServerCoresMean, 2.0 * (1_258e-6 + 1e-3) / 200.0);
    assert_measures(&scenario, Metric::CostPerDay, 86_400.0 * 2.0 * 326.0 / 200.0);
}

/// A poll and a message sent each second: the message is no look for messages, neither in the mean nor in the peak.
#[test]
fn what_clients_send_is_no_check() {
    let mut scenario = clients(1, crate::hand::polls(1_000), 10);
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(10) });
    scenario.cost = Some(Cost { cpu_per_check: Time::from_millis(1), ..memory_alone() });
    assert_measures(&scenario, Metric::ServerCoresMean, 1e-3);
    assert_measures(&scenario, Metric::ServerCoresPeak, 1e-3);
    // Five checks a second of a request that is held, whether each of them is an event or not.
    let check = Check::Every { every: Time::from_millis(200), count: 5, first: FirstCheck::AfterSleep };
    let turnaround = Delay::Constant(Time::ZERO);
    scenario.transport = TransportConfig::LongPoll(LongPoll { turnaround, ..LongPoll::new(check) });
    scenario.window.warmup = Time::from_secs(1);
    for ticks in [Ticks::Each, Ticks::Skip] {
        scenario.ticks = ticks;
        assert_measures(&scenario, Metric::ServerCoresMean, 5e-3);
        assert_measures(&scenario, Metric::ServerCoresPeak, 5e-3);
    }
}

/// Clients of whom half are gone: the current of a phone is that of one that is there. Ten polls in 10 s, then gone, in a
/// window of 20 s: 0.5 clients online, 0.5 polls a second, one a second for each that is there.
#[test]
fn a_phone_is_that_of_a_client_that_is_there() {
    let mut scenario = clients(4, crate::hand::polls(1_000), 20);
    scenario.clients.session = Some(Delay::Constant(Time::from_millis(9_999)));
    scenario.cost = Some(Cost { radio: Some(Radio { idle_ma: 5.0, charge_mas: 300.0 }), ..memory_alone() });
    assert_measures(&scenario, Metric::PhoneCurrentMean, 5.0 + 300.0 * 10.0 / 9.999);
}
