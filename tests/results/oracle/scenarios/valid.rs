//! What turns drawn values into a scenario that an experiment file can describe.

use super::STEP;
use cometsim::model::scenario::{
    Arrivals, Check, Delay, FirstCheck, Keep, LongPoll, OnError, OnLostReply, Pace, Scenario, ShortPoll,
    TransportConfig,
};
use cometsim::units::{Probability, Time};

/// Replies to short polls that take longer than the interval and overtake each other: only so can a copy arrive twice.
pub fn let_polls_overlap(scenario: &mut Scenario) {
    if let TransportConfig::ShortPoll(ShortPoll { interval, pace: Pace::FixedRate, .. }) = scenario.transport {
        scenario.network.down = Delay::Uniform { low: interval, high: interval.times(4) };
        scenario.clients.timeout = scenario.clients.timeout.max(interval.times(3));
    }
}

/// Removes the combinations that an experiment file may not ask for.
pub fn make_valid(scenario: &mut Scenario) {
    if let OnError::Retry(backoff) = &mut scenario.clients.on_error
        && may_be_zero(&scenario.network.up)
        && may_be_zero(&scenario.network.down)
    {
        backoff.first = backoff.first.max(Time(STEP / 2));
        // A wait that is spread down to zero would be one of no time.
        backoff.jitter = backoff.jitter.min(0.5);
    }
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return };
    scenario.source.keep = Keep::All;
    scenario.server.on_lost_reply = OnLostReply::Drop;
    if scenario.transport.stream().is_some() {
        let check = Check::Every { every: Time(STEP), count: 7, first: FirstCheck::AfterSleep };
        scenario.transport = TransportConfig::LongPoll(LongPoll::new(check));
    }
    let TransportConfig::LongPoll(poll) = &mut scenario.transport else { return };
    if let Check::Notify { hold } = poll.check {
        poll.check = Check::Every { every: hold, count: 1, first: FirstCheck::AfterSleep };
        poll.linger = Time::ZERO;
    }
    let on_arrival = matches!(poll.check, Check::Every { first: FirstCheck::OnArrival, .. });
    let instant = on_arrival && hit == Probability::ONE && may_be_zero(&poll.turnaround);
    if instant && may_be_zero(&scenario.network.up) && may_be_zero(&scenario.network.down) {
        poll.turnaround = Delay::Constant(Time(STEP));
    }
}

/// Whether a delay is often exactly zero, so that a request cycle could take no time.
pub fn may_be_zero(delay: &Delay) -> bool {
    match delay {
        Delay::Constant(time) => *time == Time::ZERO,
        Delay::Empirical(samples) => samples.contains(&Time::ZERO),
        _ => false,
    }
}
