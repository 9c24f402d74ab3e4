//! Transports and delays.

use super::sources::phase;
use super::{STEP, bytes, steps};
use cometsim::model::scenario::{
    AdaptivePoll, AdaptiveRule, Check, Delay, FirstCheck, LongPoll, Pace, PushStream, ShortPoll, Sse, TransportConfig,
    WebSocket,
};
use cometsim::units::{Bytes, Time};
use proptest::collection::vec;
use proptest::prelude::*;

pub fn delay() -> impl Strategy<Value = Delay> {
    let small = || (STEP / 20..4 * STEP).prop_map(Time);
    prop_oneof![
        5 => Just(Delay::Constant(Time::ZERO)),
        4 => steps(1, 6).prop_map(Delay::Constant),
        1 => small().prop_map(Delay::Constant),
        2 => (steps(0, 2), steps(1, 8)).prop_map(|(low, span)| Delay::Uniform { low, high: low.plus(span) }),
        1 => small().prop_map(Delay::Exponential),
        1 => (small(), small()).prop_map(|(mean, sd)| Delay::Normal { mean, sd }),
        1 => (small(), 0.1..1.5f64).prop_map(|(median, sigma)| Delay::Lognormal { median, sigma }),
        1 => (small(), 0.5..3.0f64).prop_map(|(min, shape)| Delay::Pareto { min, shape }),
        1 => (small(), 0.7..3.0f64).prop_map(|(scale, shape)| Delay::Weibull { scale, shape }),
        2 => vec(steps(0, 6), 1..5).prop_map(|mut samples| {
            samples.sort_unstable();
            Delay::Empirical(samples.into())
        }),
    ]
}

pub fn transport() -> impl Strategy<Value = TransportConfig> {
    let pace = prop_oneof![4 => Just(Pace::FixedRate), 2 => Just(Pace::AfterReply), 1 => Just(Pace::Poisson)];
    let interval = prop_oneof![steps(1, 3), steps(1, 12)];
    let short = (interval, pace, phase());
    let turnaround = prop_oneof![
        6 => Just(Delay::Constant(Time::ZERO)),
        2 => steps(1, 4).prop_map(Delay::Constant),
        2 => delay(),
    ];
    let linger = prop_oneof![1 => Just(Time::ZERO), 1 => steps(1, 8)];
    prop_oneof![
        3 => short.prop_map(|(interval, pace, phase)| TransportConfig::ShortPoll(ShortPoll { pace, phase, ..ShortPoll::every(interval) })),
        5 => (check(), turnaround, linger).prop_map(|(check, turnaround, linger)| {
            let linger = if matches!(check, Check::Notify { .. }) { linger } else { Time::ZERO };
            TransportConfig::LongPoll(LongPoll { turnaround, linger, ..LongPoll::new(check) })
        }),
        1 => adaptive_poll().prop_map(TransportConfig::AdaptivePoll),
        1 => stream().prop_map(TransportConfig::Streaming),
        1 => (stream(), any::<bool>()).prop_map(|(stream, ids)| TransportConfig::Sse(Sse { stream, ids })),
        1 => (stream(), bytes(150), bytes(150)).prop_map(|(stream, upgrade_request, upgrade_response)| {
            TransportConfig::WebSocket(WebSocket { stream, upgrade_request, upgrade_response })
        }),
    ]
}

pub fn adaptive_poll() -> impl Strategy<Value = AdaptivePoll> {
    let factor = prop_oneof![Just(1.0), Just(2.0), 1.0..4.0f64];
    let rule = prop_oneof![Just(AdaptiveRule::Reset), (0.0..=1.0f64).prop_map(AdaptiveRule::Rate)];
    (steps(1, 4), steps(0, 30), factor, rule).prop_map(|(min, more, factor, rule)| AdaptivePoll {
        min,
        max: min.plus(more),
        factor,
        rule,
        ..AdaptivePoll::default()
    })
}

pub fn stream() -> impl Strategy<Value = PushStream> {
    let span = |most| prop_oneof![1 => Just(None), 1 => steps(1, most).prop_map(Some)];
    let bytes = prop_oneof![1 => Just(None), 1 => (1..400u64).prop_map(|bytes| Some(Bytes(bytes)))];
    let retry = prop_oneof![1 => Just(Time::ZERO), 1 => steps(1, 8)];
    (span(40), bytes, span(20), retry).prop_map(|(recycle_after, recycle_bytes, keep_alive, retry)| PushStream {
        recycle_after,
        recycle_bytes,
        keep_alive,
        ..PushStream::endless(retry)
    })
}

pub fn check() -> impl Strategy<Value = Check> {
    let first = prop_oneof![Just(FirstCheck::AfterSleep), Just(FirstCheck::OnArrival)];
    let count = prop_oneof![1 => Just(1), 4 => 1..=12u32, 1 => 12..=40u32];
    prop_oneof![
        2 => (steps(1, 4), count, first).prop_map(|(every, count, first)| Check::Every { every, count, first }),
        1 => steps(1, 20).prop_map(|hold| Check::Notify { hold }),
    ]
}
