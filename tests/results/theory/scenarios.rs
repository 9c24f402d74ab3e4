//! Parts of scenarios.

use cometsim::model::scenario::*;
use cometsim::units::{Probability, Rate, Time};

/// The tutorial's long poll: checks every 0.5 s, 80 at most, scope `request`, no delays; 1,000 clients, half an hour.
pub fn tutorial(numerator: u64, denominator: u64) -> Scenario {
    let hit = Probability::new(numerator, denominator).unwrap();
    let source = Source::new(Arrivals::InRequest { hit });
    Scenario { source, ..Scenario::new(1000, LongPoll::default()) }
}

/// The same of one client, long enough for every closed form: 4,000 s after 400 s.
pub fn tutorial_of_one(numerator: u64, denominator: u64) -> Scenario {
    let mut scenario = tutorial(numerator, denominator);
    scenario.clients.count = 1;
    scenario.window = Window { warmup: Time::from_secs(400), duration: Time::from_secs(4000), ..Window::default() };
    scenario
}

/// The same constant delay both ways, in milliseconds.
pub fn delays(milliseconds: u64) -> Network {
    Network::constant(Time::from_millis(milliseconds))
}

/// Poisson messages for every client, `numerator / denominator` per second.
pub fn poisson(numerator: u64, denominator: u64) -> Arrivals {
    Arrivals::PerClient(Process::Poisson { rate: Rate::new(numerator, denominator).unwrap() })
}

/// A trial every so many milliseconds that hits with probability 1 / `one_in`.
pub fn tick(milliseconds: u64, one_in: u64, phase: Phase) -> Process {
    Process::Tick { every: Time::from_millis(milliseconds), hit: Probability::new(1, one_in).unwrap(), phase }
}

/// A short poll at a fixed rate, the interval in milliseconds.
pub fn short(interval: u64, phase: Phase) -> TransportConfig {
    TransportConfig::ShortPoll(ShortPoll { phase, ..ShortPoll::every(Time::from_millis(interval)) })
}

/// A short poll paced after the reply, the interval in milliseconds.
pub fn paced(interval: u64) -> TransportConfig {
    let interval = Time::from_millis(interval);
    TransportConfig::ShortPoll(ShortPoll { pace: Pace::AfterReply, ..ShortPoll::every(interval) })
}

/// A long poll with regular checks; spans in milliseconds.
pub fn every(milliseconds: u64, count: u32, first: FirstCheck, turnaround: u64) -> TransportConfig {
    let check = Check::Every { every: Time::from_millis(milliseconds), count, first };
    TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_millis(turnaround)),
        ..LongPoll::new(check)
    })
}

/// A long poll that is notified, the hold in milliseconds.
pub fn notify(hold: u64) -> TransportConfig {
    let check = Check::Notify { hold: Time::from_millis(hold) };
    TransportConfig::LongPoll(LongPoll::new(check))
}
