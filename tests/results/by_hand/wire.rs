//! Packets, acknowledgements and connections, worked out by hand.

use crate::hand::{every, polls, run};
use cometsim::model::scenario::{
    AdaptivePoll, Arrivals, Check, Clients, Delay, FirstCheck, Http, LongPoll, Network, Phase, Process, PushStream,
    Scenario, Source, Tls, TransportConfig, WebSocket, Window, Wire,
};
use cometsim::units::{Bytes, Probability, Time};

/// One client 10 ms away on plain HTTP/1.1, with a message in every check.
fn one_client(transport: TransportConfig) -> Scenario {
    Scenario {
        seed: 1,
        window: Window { warmup: Time::ZERO, duration: Time::from_secs(600), bin: Time::from_secs(1) },
        clients: Clients::staying(1),
        source: Source { payload: Bytes(54), ..Source::new(Arrivals::InRequest { hit: Probability::ONE }) },
        http: Http {
            request_header: Bytes(507),
            response_header: Bytes(170),
            request_body: Bytes(7),
            ..Http::default()
        },
        network: Network::constant(Time::from_millis(10)),
        wire: Some(Wire::default()),
        ..Scenario::new(1, transport)
    }
}

fn long_poll(every: u64, turnaround: u64) -> TransportConfig {
    TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_millis(turnaround)),
        ..LongPoll::new(Check::Every { every: Time::from_millis(every), count: 80, first: FirstCheck::AfterSleep })
    })
}

/// A WebSocket whose messages come every two seconds.
fn websocket(payload: u64) -> Scenario {
    let stream = PushStream::endless(Time::ZERO);
    let mut scenario = one_client(TransportConfig::WebSocket(WebSocket { stream, ..WebSocket::default() }));
    scenario.source.arrivals = Arrivals::PerClient(every(2_000, 1_000));
    scenario.source.payload = Bytes(payload);
    scenario.window.warmup = Time::from_secs(10);
    scenario
}

/// Wire bytes, packets and connections.
fn wire(scenario: &Scenario) -> (u64, u64, u64) {
    let wire = run(scenario).served.wire.unwrap();
    (wire.bytes, wire.packets, wire.connections)
}

/// The cycle that was captured: 738 bytes of HTTP are 894 on the wire. Request, acknowledgement by the server, which
/// holds for longer than 40 ms, and reply; the next request acknowledges the reply. Opening took 60 + 60 + 52 bytes.
#[test]
fn a_long_poll_is_three_packets_of_894_bytes() {
    let mut scenario = one_client(long_poll(500, 6));
    // From request to request 10 + 500 + 10 + 6 ms; the first one leaves 20 ms late, behind the handshake.
    let cycles = 1_000;
    scenario.window.duration = Time::from_millis(20 + 526 * cycles);
    let totals = run(&scenario);
    assert_eq!((totals.requests, totals.replies), (cycles, cycles));
    assert_eq!(totals.http_up_bytes + totals.http_down_bytes, 738 * cycles);
    assert_eq!(wire(&scenario), (172 + 894 * cycles, 3 + 3 * cycles, 1));
}

/// A page that takes longer than 40 ms to ask again acknowledges the reply by itself.
#[test]
fn a_slow_page_sends_a_fourth_packet() {
    let mut scenario = one_client(long_poll(500, 50));
    let cycles = 1_000;
    scenario.window.duration = Time::from_millis(20 + 570 * cycles);
    assert_eq!(wire(&scenario), (172 + 946 * cycles, 3 + 4 * cycles, 1));
}

/// A short poll is answered at once, so the reply acknowledges the request; the client has nothing more to send for a
/// while, and acknowledges the reply by itself: 738 + 3 x 52 bytes again.
#[test]
fn a_short_poll_is_three_packets() {
    assert_eq!(wire(&one_client(polls(1_000))), (172 + 894 * 600, 3 + 3 * 600, 1));
}

/// A request of 4,000 bytes takes 3 packets. The second is acknowledged at once, the third with the reply.
#[test]
fn every_second_packet_is_acknowledged_at_once() {
    let mut scenario = one_client(polls(1_000));
    scenario.http.request_header = Bytes(3_993);
    let poll = 4_000 + 3 * 52 + 52 + (224 + 52) + 52;
    assert_eq!(wire(&scenario), (172 + poll * 600, 3 + 6 * 600, 1));
}

/// A request after a longer pause than the keep-alive needs a new connection, and a round trip more.
#[test]
fn idle_connections_end() {
    assert_eq!(wire(&one_client(polls(70_000))).2, 1);
    let scenario = one_client(polls(80_000));
    assert_eq!(wire(&scenario), ((172 + 894) * 8, (3 + 3) * 8, 8));
    let rare =
        AdaptivePoll { min: Time::from_secs(75), max: Time::from_secs(75), factor: 1.0, ..AdaptivePoll::default() };
    assert_eq!(wire(&one_client(TransportConfig::AdaptivePoll(rare))).2, 8);
}

/// A client that gives up closes the connection. The server, which does not notice, answers into the void.
#[test]
fn a_timeout_closes_the_connection() {
    let mut scenario = one_client(long_poll(5_000, 0));
    scenario.clients.timeout = Time::from_secs(4);
    let totals = run(&scenario);
    let (bytes, packets, connections) = wire(&scenario);
    assert_eq!((totals.timeouts, connections, totals.requests), (149, 150, 150));
    // Each request and the server's acknowledgement of it; replies to those that left more than 5.03 s before the end.
    assert_eq!(totals.replies, 149);
    assert_eq!(packets, 150 * (3 + 2) + 149);
    assert_eq!(bytes, 150 * (172 + 514 + 2 * 52) + 149 * (224 + 52));
}

/// TLS 1.3: one round trip more, the flights of RFC 8448, and 22 bytes around each message.
#[test]
fn tls_takes_another_round_trip() {
    let mut scenario = one_client(polls(1_000));
    let tls = Tls::default();
    scenario.wire = Some(Wire { tls: Some(tls), ..Wire::default() });
    scenario.window.duration = Time::from_secs(1);
    assert_eq!(wire(&scenario), (172 + 259 + 52 + 774 + 52 + 894 + 2 * 22, 3 + 2 + 3, 1));
    // Two round trips, then one way and back.
    let plain = Scenario { wire: None, ..scenario.clone() };
    assert_eq!(run(&plain).latency.max(), run(&scenario).latency.max());
    scenario.source.arrivals =
        Arrivals::PerClient(Process::Periodic { every: Time::from_secs(10), phase: Phase::At(Time::ZERO) });
    assert_eq!(run(&scenario).latency.max(), Some(60_000_000));
}

/// A message of 20 bytes on a WebSocket: a frame of 22 bytes in a packet, and an acknowledgement.
#[test]
fn a_pushed_message_is_two_packets() {
    for (payload, frame) in [(20, 22), (125, 127), (126, 130)] {
        assert_eq!(wire(&websocket(payload)), ((frame + 52 + 52) * 300, 2 * 300, 0), "{payload}");
    }
}
