//! Scenarios for the tests of the closed forms.

use crate::model::scenario::*;
use crate::units::{Probability, Rate, Time};

/// The tutorial's long poll of one client: checks every 0.5 s, 80 at most, scope `request`, no delays.
pub fn tutorial(hit: (u64, u64)) -> Scenario {
    let window = Window { warmup: Time::from_secs(400), duration: Time::from_secs(4000), ..Window::default() };
    let source = Source::new(Arrivals::InRequest { hit: Probability::new(hit.0, hit.1).unwrap() });
    Scenario { window, source, ..Scenario::new(1, LongPoll::default()) }
}

/// The same constant delay both ways, in milliseconds.
pub fn delays(milliseconds: u64) -> Network {
    Network::constant(Time::from_millis(milliseconds))
}

/// Poisson messages for every client, `numerator / denominator` per second.
pub fn poisson(numerator: u64, denominator: u64) -> Arrivals {
    Arrivals::PerClient(Process::Poisson { rate: Rate::new(numerator, denominator).unwrap() })
}

/// A short poll.
pub fn short(interval: u64, phase: Phase) -> TransportConfig {
    let interval = Time::from_millis(interval);
    TransportConfig::ShortPoll(ShortPoll { phase, ..ShortPoll::every(interval) })
}

/// A long poll that is notified.
pub fn notify(hold: u64) -> TransportConfig {
    TransportConfig::LongPoll(LongPoll::new(Check::Notify { hold: Time::from_secs(hold) }))
}

/// Asserts that two numbers agree to `relative`.
#[track_caller]
pub fn close(actual: f64, wanted: f64, relative: f64) {
    assert!((actual - wanted).abs() <= relative * wanted.abs().max(1e-300), "{actual} against {wanted}");
}
