//! Small scenarios whose numbers can be worked out by hand: they check the naive model itself.

use std::sync::Arc;

use cometsim::model::scenario::{
    Arrivals, Check, Clients, Delay, FirstCheck, Http, Keep, LongPoll, OnLostReply, OnTimeout, Phase, Process,
    Scenario, Server, ShortPoll, Source, Ticks, Trace, TraceMessage, TransportConfig, Window,
};
use cometsim::units::{Bytes, Probability, Time};

use super::naive::{Expected, expected};

/// One client, no delays, headers of 100 and 10 bytes, messages of 7 bytes at the given instants; 20 s without warm-up.
fn example(transport: TransportConfig, messages: &[u64]) -> Scenario {
    let messages = messages.iter().chain([&100_000]);
    let messages =
        messages.map(|&at| TraceMessage { time: Time::from_millis(at), client: None, bytes: None }).collect();
    let trace = Trace { messages: Arc::new(messages), repeat: false };
    Scenario {
        seed: 1,
        window: Window { warmup: Time::ZERO, duration: Time::from_secs(20), bin: Time::from_secs(1) },
        clients: Clients::staying(1),
        source: Source { payload: Bytes(7), ..Source::new(Arrivals::PerClient(Process::Trace(Arc::new(trace)))) },
        http: Http {
            request_header: Bytes(100),
            response_header: Bytes(10),
            empty_body: Bytes(3),
            message_framing: Bytes(1),
            ..Http::default()
        },
        ticks: Ticks::Each,
        ..Scenario::new(1, transport)
    }
}

fn checks(count: u32, first: FirstCheck, turnaround: u64) -> TransportConfig {
    let check = Check::Every { every: Time::from_secs(1), count, first };
    TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_millis(turnaround)),
        ..LongPoll::new(check)
    })
}

fn short(interval: u64) -> TransportConfig {
    let (interval, phase) = (Time::from_millis(interval), Phase::At(Time::from_millis(1500)));
    TransportConfig::ShortPoll(ShortPoll { phase, ..ShortPoll::every(interval) })
}

fn milliseconds(expected: &Expected) -> Vec<u64> {
    expected.latencies.iter().map(|latency| latency / 1_000_000).collect()
}

#[test]
fn short_polls_carry_what_waits() {
    let e = expected(&example(short(5_000), &[1_000, 1_200, 1_500, 1_501]), 0);
    // Polls at 1.5, 6.5, 11.5 and 16.5 s.
    assert_eq!((e.requests, e.replies, e.empty_replies, e.checks), (4, 4, 2, 4));
    assert_eq!(milliseconds(&e), [0, 300, 500, 4_999]);
    assert_eq!((e.up_bytes, e.down_bytes), (400, 40 + 4 * 8 + 2 * 3));
    assert_eq!((e.events_skip, e.events_each), (4 + 4 * 4, 4 + 4 * 4));
}

#[test]
fn notify_takes_what_comes_at_the_end_of_the_hold() {
    let notify = Check::Notify { hold: Time::from_secs(4) };
    let transport = TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_secs(100)),
        ..LongPoll::new(notify)
    });
    let e = expected(&example(transport.clone(), &[4_000]), 0);
    assert_eq!((e.replies, e.empty_replies, e.delivered, e.checks), (1, 0, 1, 0));
    assert_eq!(e.hold_sum, 4_000_000_000);
    let e = expected(&example(transport, &[4_001]), 0);
    assert_eq!((e.replies, e.empty_replies, e.pending_end), (1, 1, 1));
}

#[test]
fn a_check_on_arrival_does_not_look_at_the_end() {
    let e = expected(&example(checks(2, FirstCheck::OnArrival, 500), &[2_000]), 0);
    // Looks at 0 and 1 s, "no data" at 2 s, looks again at 2.5 s.
    assert_eq!(milliseconds(&e), [500]);
    let e = expected(&example(checks(2, FirstCheck::AfterSleep, 500), &[2_000]), 0);
    assert_eq!(milliseconds(&e), [0]);
}

#[test]
fn a_reply_at_the_instant_of_the_timeout_has_arrived() {
    let mut scenario = example(checks(4, FirstCheck::AfterSleep, 0), &[]);
    scenario.clients.timeout = Time::from_secs(4);
    let e = expected(&scenario, 0);
    assert_eq!((e.timeouts, e.requests, e.replies, e.checks), (0, 5, 4, 19));
    scenario.clients.timeout = Time(3_999_999_999);
    assert_eq!(expected(&scenario, 0).timeouts, 5);
}

#[test]
fn an_orphan_loses_messages_unless_the_server_knows() {
    // Requests leave at 0 and 3.5 s; the orphan looks at 5 s, its successor at 5.5 s.
    let mut scenario = example(checks(10, FirstCheck::AfterSleep, 20_000), &[4_600]);
    scenario.clients.timeout = Time::from_millis(3_500);
    let e = expected(&scenario, 0);
    assert_eq!((e.lost, e.delivered, e.timeouts), (1, 0, 5));
    scenario.server.on_lost_reply = OnLostReply::Redeliver;
    let e = expected(&scenario, 0);
    assert_eq!((e.lost, e.duplicated, e.replies), (0, 0, 2));
    assert_eq!(milliseconds(&e), [900]);
    scenario.server = Server { notices_disconnect: true, ..Server::PLAIN };
    let e = expected(&scenario, 0);
    assert_eq!(milliseconds(&e), [900]);
    assert_eq!((e.holds_ended, e.hold_sum, e.replies), (2, 5_500_000_000, 1));
}

#[test]
fn an_overwritten_message_waits_for_its_last_copy() {
    // The poll of 1.5 s is left at 2.5 s, and its copy arrives at 3.5 s, after the second message.
    let mut scenario = example(short(10_000), &[1_000, 3_000]);
    scenario.network.down = Delay::Constant(Time::from_secs(2));
    scenario.clients.timeout = Time::from_secs(1);
    scenario.source.keep = Keep::Latest;
    scenario.server.on_lost_reply = OnLostReply::Redeliver;
    scenario.window = Window { warmup: Time::from_millis(3_500), duration: Time::from_secs(1), bin: Time(1) };
    scenario.window.bin = Time::from_millis(700);
    let e = expected(&scenario, 0);
    assert_eq!((e.pending_start, e.superseded, e.pending_end), (2, 1, 1));
    // Bins begin at 3.5 and 4.2 s; the 0.3 s of the second one are less than half of it.
    let pieces: Vec<(u64, u64)> = e.pieces.iter().map(|piece| (piece.start, piece.end)).collect();
    assert_eq!((pieces, e.bins.len()), (vec![(3_500_000_000, 4_500_000_000)], 7));
}

#[test]
fn a_client_that_stops_still_hears_its_open_polls() {
    let mut scenario = example(short(1_000), &[3_000]);
    // Polls at 1.5, 2.5 and 3.5 s; the first one times out at 4 s, and the others then, too, before their replies.
    scenario.network.down = Delay::Constant(Time::from_millis(2_600));
    scenario.clients.timeout = Time::from_millis(2_500);
    scenario.clients.on_timeout = OnTimeout::Stop;
    let e = expected(&scenario, 0);
    assert_eq!((e.requests, e.timeouts, e.stopped, e.lost), (3, 3, 1, 1));
}

#[test]
fn in_scope_request_a_sure_hit_answers_the_first_check() {
    let mut scenario = example(checks(3, FirstCheck::AfterSleep, 0), &[]);
    scenario.source.arrivals = Arrivals::InRequest { hit: Probability::ONE };
    scenario.network.down = Delay::Constant(Time::from_millis(250));
    let e = expected(&scenario, 0);
    // Cycles of 1.25 s: replies leave at 1, 2.25, … 19.75 s, and the last one is on its way at the end.
    assert_eq!((e.created, e.delivered, e.pending_end, e.checks, e.requests), (16, 15, 1, 16, 16));
    assert_eq!(milliseconds(&e), [250; 15]);
    // From each delivery to the next the age grows from 0.25 to 1.5 s.
    assert_eq!(e.age_twice, 15 * (1_500 * 1_500 - 250 * 250) * 1_000_000_000_000);
}
