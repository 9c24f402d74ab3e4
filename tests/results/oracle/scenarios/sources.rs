//! Sources of messages, biased to instants at which something else happens.

use std::sync::Arc;

use super::{STEP, bytes, steps};
use cometsim::model::scenario::{Arrivals, DayProfile, Keep, Phase, Process, Scenario, Spread, Trace, TraceMessage};
use cometsim::units::{Probability, Rate, Time};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub fn arrivals() -> impl Strategy<Value = Arrivals> {
    prop_oneof![
        2 => probability().prop_map(|hit| Arrivals::InRequest { hit }),
        5 => process().prop_map(Arrivals::PerClient),
        2 => process().prop_map(Arrivals::Broadcast),
    ]
}

pub fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![3 => steps(0, 4).prop_map(Phase::At), 1 => Just(Phase::Random)]
}

pub fn process() -> impl Strategy<Value = Process> {
    prop_oneof![
        3 => (steps(1, 6), probability(), phase()).prop_map(|(every, hit, phase)| Process::Tick { every, hit, phase }),
        1 => rate().prop_map(|rate| Process::Poisson { rate }),
        2 => (steps(1, 20), phase()).prop_map(|(every, phase)| Process::Periodic { every, phase }),
        2 => trace().prop_map(|trace| Process::Trace(Arc::new(trace))),
        1 => (steps(1, 40), steps(1, 40), rate()).prop_map(|(on, off, rate)| Process::OnOff { on, off, rate }),
        1 => day().prop_map(|profile| Process::Day(Arc::new(profile))),
    ]
}

pub fn rate() -> impl Strategy<Value = Rate> {
    (1..=30u64).prop_map(|tenths| Rate::new(tenths, 10).unwrap_or_else(|| unreachable!()))
}

/// Parts without messages, at the ends too, and parts that do not divide the period.
pub fn day() -> impl Strategy<Value = DayProfile> {
    let share = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 2 => 0.0..10.0f64];
    (rate(), vec(share, 1..8), steps(1, 60), any::<usize>()).prop_map(|(rate, mut shape, period, busy)| {
        let busy = busy % shape.len();
        shape[busy] += 1.0;
        DayProfile { rate, shape, period }
    })
}

/// Rates that differ where they may; elsewhere without effect.
pub fn spread() -> impl Strategy<Value = Option<Spread>> {
    let exponent = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 2 => 0.0..3.0f64];
    prop_oneof![
        2 => Just(None),
        1 => exponent.prop_map(|exponent| Some(Spread::Zipf(exponent))),
        1 => (0.0..1.5f64).prop_map(|sigma| Some(Spread::Lognormal(sigma))),
    ]
}

/// Messages with gaps of zero and more; who gets them is settled when the number of clients is known.
pub fn trace() -> impl Strategy<Value = Trace> {
    let gap = prop_oneof![2 => Just(Time::ZERO), 4 => steps(1, 10), 1 => (0..STEP).prop_map(Time)];
    let message = (gap, any::<u32>(), option::of(bytes(90)));
    (vec(message, 1..10), any::<bool>(), any::<bool>()).prop_map(|(messages, named, repeat)| {
        let mut time = Time::ZERO;
        let messages = messages.into_iter().map(|(gap, client, bytes)| {
            time = time.plus(gap);
            let bytes = bytes.map(|bytes| bytes.0 as u32);
            TraceMessage { time, client: named.then_some(client), bytes }
        });
        Trace { messages: Arc::new(messages.collect()), repeat }
    })
}

/// Names only clients that exist; some lasts to the horizon although it does not repeat.
pub fn fit_trace(scenario: &mut Scenario) {
    let horizon = scenario.window.horizon();
    let (process, broadcast) = match &mut scenario.source.arrivals {
        Arrivals::PerClient(process) => (process, false),
        Arrivals::Broadcast(process) => (process, true),
        Arrivals::InRequest { .. } | Arrivals::Group { .. } => return,
    };
    let Process::Trace(trace) = process else { return };
    let trace = Arc::make_mut(trace);
    let population = scenario.clients.count;
    let messages = Arc::make_mut(&mut trace.messages);
    for message in messages.iter_mut() {
        message.client = message.client.map(|client| client % population).filter(|_| !broadcast);
    }
    let Some(&last) = messages.last() else { return };
    let is_followed_by_silence = !trace.repeat && messages.len() % 2 == 1;
    if is_followed_by_silence {
        return;
    }
    let end = if trace.repeat { last.time.max(Time(4 * STEP)) } else { last.time.max(horizon) };
    messages.push(TraceMessage { time: end, ..last });
}

pub fn keep() -> impl Strategy<Value = Keep> {
    prop_oneof![Just(Keep::All), Just(Keep::Latest)]
}

pub fn probability() -> impl Strategy<Value = Probability> {
    let ratio = |above, below| Probability::new(above, below).unwrap_or(Probability::ONE);
    prop_oneof![
        2 => Just(Probability::ONE),
        3 => (1..=9u64).prop_map(move |above| ratio(above, 10)),
        1 => Just(ratio(15, 999)),
        1 => (1..=999u64).prop_map(move |above| ratio(above, 1000)),
    ]
}
