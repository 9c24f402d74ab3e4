//! Links, lost packets and what clients send, worked out by hand.

use crate::hand::{every, one_client, polls, run, websocket};
use cometsim::model::scenario::*;
use cometsim::model::{Metric, Totals};
use cometsim::units::{BitRate, Bytes, Probability, Time};

#[expect(clippy::unnecessary_wraps, reason = "it stands where there may be none")]
fn both(bits: u64) -> Option<Link> {
    Some(Link { up: Some(BitRate(bits)), down: Some(BitRate(bits)) })
}

fn seconds(totals: &Totals, scenario: &Scenario, metric: Metric) -> f64 {
    totals.metric(metric, scenario).unwrap()
}

/// Ten clients poll at the same instant over 1 Mbit/s: 716 bytes up take 5.728 ms each, so the last waits for nine. Replies of
/// 214 bytes take less, and never wait.
#[test]
fn what_comes_together_passes_a_link_one_after_the_other() {
    let mut scenario = one_client();
    scenario.clients.count = 10;
    scenario.server_link = both(1_000_000);
    let totals = run(&scenario);
    let up = 0.005_728;
    let down = 0.001_712;
    let close = |metric, value: f64| {
        let found = seconds(&totals, &scenario, metric);
        assert!((found - value).abs() < 1e-12, "{metric:?}: {found}, not {value}");
    };
    close(Metric::UpLinkWaitMean, up * 4.5);
    close(Metric::DownLinkWaitMean, 0.0);
    close(Metric::UpLinkBusy, 100.0 * up / 10.0);
    close(Metric::DownLinkBusy, 100.0 * down / 10.0);
    // A message is created by the look that finds it, and takes the link and the way down.
    close(Metric::LatencyMax, 0.010 + down);
}

/// Two polls of one client at 0.1 s apart over a line on which a request takes 0.5728 s: the second waits. The replies come
/// over a line of their own.
#[test]
fn a_client_waits_for_its_own_line() {
    let mut scenario = one_client();
    scenario.transport = polls(800);
    scenario.window.duration = Time::from_millis(1_000);
    scenario.source.arrivals = Arrivals::PerClient(every(100_000, 0));
    scenario.network.client_link = Some(Link { up: Some(BitRate(10_000)), down: Some(BitRate(100_000)) });
    let totals = run(&scenario);
    // 572.8 ms up, 10 ms, then 214 bytes down in 17.12 ms, 10 ms.
    assert_eq!(totals.latency.max(), Some(572_800_000 + 10_000_000 + 17_120_000 + 10_000_000));
    scenario.transport = polls(100);
    scenario.window.duration = Time::from_millis(1_200);
    // The second request leaves the line 572.8 ms behind the first.
    assert_eq!(run(&scenario).replies, 2);
}

/// On the wire the headers of packets pass the link too: 209 + 52 bytes of a reply without a message.
#[test]
fn packets_pass_a_link_with_their_headers() {
    let mut scenario = one_client();
    scenario.server_link = both(1_000_000);
    scenario.wire = Some(Wire::default());
    let totals = run(&scenario);
    let busy = totals.served.up_link.unwrap();
    assert_eq!((busy.messages, busy.busy_nanos), (10, 10 * 8 * 1_000 * (716 + 52)));
    assert_eq!(totals.served.down_link.unwrap().busy_nanos, 10 * 8 * 1_000 * (214 + 52));
}

/// A network that loses half of the packets: each takes 0, 1, 3, 7 … s more with probability 1/2, 1/4, 1/8 …, and each
/// attempt is a packet.
#[test]
fn lost_packets_are_sent_again_later_and_later() {
    let mut scenario = one_client();
    scenario.clients.count = 2_000;
    scenario.clients.timeout = Time::from_secs(1_000);
    scenario.window.duration = Time::from_secs(1);
    scenario.source.arrivals = Arrivals::PerClient(every(100_000, 500));
    scenario.transport = websocket();
    scenario.network.loss = Some(Loss {
        rate: Probability::new(1, 2).unwrap(),
        timeout: Time::from_secs(1),
        max_timeout: Time::from_secs(64),
    });
    scenario.wire = Some(Wire { ack_delay: Time::ZERO, ..Wire::default() });
    let totals = run(&scenario);
    let losses = [Metric::PacketsLost, Metric::LatencyMin].map(|metric| seconds(&totals, &scenario, metric));
    // SYN, SYN-ACK, the request, the response and perhaps the message: half of all that is sent in this second is lost.
    assert!(losses[0] > 2_000.0, "{losses:?}");
    assert!((losses[1] - 0.010).abs() < 1e-12);
}

/// A message of 21 bytes that a client sends costs a request with its headers, or a frame of 2 + 4 + 21 bytes.
#[test]
fn what_a_client_sends_is_a_request_or_a_frame() {
    let mut scenario = one_client();
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(21) });
    scenario.source.arrivals = Arrivals::Group { size: 1 };
    let totals = run(&scenario);
    // Ten polls, ten posts; nine of the messages come back with a poll.
    assert_eq!(totals.requests, 20);
    assert_eq!(totals.http_up_bytes, 20 * 716 + 10 * 21);
    assert_eq!(totals.http_down_bytes, 20 * 193 + 9 * 21);
    // Sent at x.5 s, taken by the poll that arrives at (x + 1).01 s.
    assert_eq!((totals.latency.min(), totals.latency.max()), (Some(520_000_000), Some(520_000_000)));
    scenario.transport = websocket();
    let totals = run(&scenario);
    assert_eq!(totals.http_up_bytes, 716 + 113 + 10 * 27);
    assert_eq!(totals.http_down_bytes, 129 + 10 * 23);
    // One transit up, one down, always.
    assert_eq!((totals.latency.min(), totals.latency.max()), (Some(20_000_000), Some(20_000_000)));
}

/// A room of three, one message: two others hear it, and the sender too.
#[test]
fn a_room_hears_what_one_says() {
    let mut scenario = one_client();
    scenario.clients = Clients {
        sends: Some(Sends { process: every(100_000, 5_000), payload: Bytes(21) }),
        start_within: Time::from_secs(1),
        ..Clients::staying(7)
    };
    scenario.source.arrivals = Arrivals::Group { size: 3 };
    scenario.transport = websocket();
    let totals = run(&scenario);
    // Each of 7 says one thing: rooms of 3, 3 and 1.
    assert_eq!((totals.served.sends.unwrap().sent, totals.delivered), (7, 9 + 9 + 1));
    assert_eq!(totals.http_down_bytes, 7 * 129 + 19 * 23);
}

/// With piggy-backing a post brings back the messages of the mailbox, the message itself among them.
#[test]
fn a_post_brings_back_what_waits() {
    let mut scenario = one_client();
    scenario.clients.sends = Some(Sends { process: every(1_000, 500), payload: Bytes(21) });
    scenario.source.arrivals = Arrivals::Group { size: 1 };
    let TransportConfig::ShortPoll(poll) = scenario.transport else { unreachable!() };
    scenario.transport = TransportConfig::ShortPoll(ShortPoll { piggyback: true, ..poll });
    let totals = run(&scenario);
    assert_eq!((totals.latency.min(), totals.latency.max()), (Some(20_000_000), Some(20_000_000)));
    assert_eq!(totals.delivered, 10);
}

/// A page whose six connections are all held sends nothing until one of them is free.
#[test]
fn a_post_waits_for_a_connection_of_the_browser() {
    let mut scenario = one_client();
    scenario.clients = Clients {
        browsers: Some(Browsers { tabs: 1, connections: 1 }),
        sends: Some(Sends { process: every(100_000, 2_000), payload: Bytes(21) }),
        ..Clients::staying(1)
    };
    scenario.source.arrivals = Arrivals::Group { size: 1 };
    scenario.transport = TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_millis(100)),
        ..LongPoll::new(Check::Notify { hold: Time::from_secs(5) })
    });
    // Said at 2 s; the poll is held until 5.01 s and answered with nothing, the post leaves at 5.02 s and arrives at 5.03 s.
    // The next poll waits for its reply at 5.04 s, though it would leave at 5.12 s, and brings the message back.
    assert_eq!(run(&scenario).latency.max(), Some(5_140_000_000 - 2_000_000_000));
}

#[test]
fn waits_double_up_to_the_longest() {
    let second = Time::from_secs;
    let loss = Loss { rate: Probability::ONE, timeout: second(1), max_timeout: second(5) };
    let delays: Vec<u64> = (0..6).map(|losses| loss.delay(losses).0 / 1_000_000_000).collect();
    assert_eq!(delays, [0, 1, 3, 7, 12, 17]);
    assert_eq!(Loss { max_timeout: second(1), ..loss }.delay(3), second(3));
}
