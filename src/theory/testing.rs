//! Scenarios for the tests of the closed forms.

use crate::model::scenario::*;
use crate::units::{Bytes, Probability, Rate, Time};

/// The tutorial's long poll of one client: checks every 0.5 s, 80 at most, scope `request`, no delays.
pub fn tutorial(hit: (u64, u64)) -> Scenario {
    Scenario {
        server_link: None,
        seed: 2010,
        window: Window { warmup: Time::from_secs(400), duration: Time::from_secs(4000), bin: Time::from_secs(1) },
        clients: Clients { start_within: Time::from_secs(40), timeout: Time::from_secs(80), ..Clients::staying(1) },
        source: Source {
            arrivals: Arrivals::InRequest { hit: Probability::new(hit.0, hit.1).unwrap() },
            payload: Bytes(20),
            keep: Keep::All,
            spread: None,
        },
        http: Http {
            http2: None,
            request_header: Bytes(692),
            response_header: Bytes(179),
            request_body: Bytes(0),
            empty_body: Bytes(0),
            message_framing: Bytes(0),
        },
        server: Server::PLAIN,
        network: Network::constant(Time::ZERO),
        transport: TransportConfig::LongPoll(LongPoll {
            piggyback: false,
            check: Check::Every { every: Time::from_millis(500), count: 80, first: FirstCheck::AfterSleep },
            turnaround: Delay::Constant(Time::ZERO),
            linger: Time::ZERO,
        }),
        ticks: Ticks::Skip,
        path: EnginePath::Auto,
        cost: None,
        wire: None,
        populations: Vec::new(),
    }
}

/// The same network both ways, constant.
pub fn delays(milliseconds: u64) -> Network {
    let delay = Delay::Constant(Time::from_millis(milliseconds));
    Network { client_link: None, loss: None, up: delay.clone(), down: delay }
}

/// Poisson messages for every client, `numerator / denominator` per second.
pub fn poisson(numerator: u64, denominator: u64) -> Arrivals {
    Arrivals::PerClient(Process::Poisson { rate: Rate::new(numerator, denominator).unwrap() })
}

/// A short poll.
pub fn short(interval: u64, phase: Phase) -> TransportConfig {
    let interval = Time::from_millis(interval);
    TransportConfig::ShortPoll(ShortPoll { piggyback: false, interval, pace: Pace::FixedRate, phase })
}

/// A long poll that is notified.
pub fn notify(hold: u64) -> TransportConfig {
    TransportConfig::LongPoll(LongPoll {
        piggyback: false,
        check: Check::Notify { hold: Time::from_secs(hold) },
        turnaround: Delay::Constant(Time::ZERO),
        linger: Time::ZERO,
    })
}

/// Asserts that two numbers agree to `relative`.
#[track_caller]
pub fn close(actual: f64, wanted: f64, relative: f64) {
    assert!((actual - wanted).abs() <= relative * wanted.abs().max(1e-300), "{actual} against {wanted}");
}
